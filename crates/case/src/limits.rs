use std::time::Duration;

/// What a case may use before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time for one case, from the entry into its realm (or its process's request) until its answer has
    /// been read. Default: 2 s.
    pub wall: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { wall: Duration::from_secs(2) }
    }
}
