use serde::{Deserialize, Serialize};

use crate::Limits;

/// The rules by which a submission is judged: what its cases may use, and what they see.
///
/// ```
/// use std::time::Duration;
/// use deem_case::{Limits, Rules};
///
/// let rules = Rules { seed: 7, ..Limits::time(Duration::from_millis(500)).into() };
/// assert!(!rules.eval);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// What each case may use.
    pub limits: Limits,
    /// Where `Math.random` starts, in every case alike. Default: 0.
    pub seed: u64,
    /// Whether code may be made from strings, by `eval`, `Function` and their like. Where it may not, which is the default,
    /// they throw an `EvalError`.
    pub eval: bool,
    /// Whether there is a `WebAssembly`. By default there is none.
    pub webassembly: bool,
    /// Whether [`judge`](crate::judge) stops at the first case that is not AC; the cases after it are SK. By default every
    /// case is run.
    pub fail_fast: bool,
}

impl From<Limits> for Rules {
    fn from(limits: Limits) -> Rules {
        Rules { limits, ..Rules::default() }
    }
}
