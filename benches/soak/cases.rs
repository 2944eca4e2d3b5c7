//! The cases: each leaves behind what it can.

use std::time::Duration;

use deem_core::{Bytes, Case, Exceeded, Execution, Limits, Outcome, Value};

/// Kinds of cases, by number. What they keep is in variables of the program, and in their realm's globals.
pub(crate) const PROGRAM: &str = include_str!("leaks.js");

/// So many kinds take turns; the two after them are the ones that are stopped.
const KINDS: u64 = 9;
const THROWS: u64 = 6;
const ENDLESS: u64 = KINDS;
const EXHAUSTS: u64 = KINDS + 1;

pub(crate) fn limits() -> Limits {
    // An endless case should not take all the time, nor one that exhausts memory.
    Limits { heap: Bytes::mib(64), external: Bytes::mib(16), ..Limits::time(Duration::from_millis(200)) }
}

/// The case of this number. One in so many is stopped, and its isolate replaced: endless ones and such that exhaust memory
/// take turns. With 0 none is.
pub(crate) fn case(n: u64, stopped: u64) -> Case {
    let kind = match n.checked_rem(stopped) {
        Some(rest) if rest == stopped - 1 => [ENDLESS, EXHAUSTS][(n / stopped % 2) as usize],
        _ => n % KINDS,
    };
    let args = vec![Value::from(kind as f64), Value::from(n as f64)];
    Case { id: n.to_string(), args, expected: Value::from(n as f64).into() }
}

/// Whether it ended as its kind must.
pub(crate) fn is_as_expected(case: &Case, execution: &Execution) -> bool {
    let kind = |kind: u64| case.args[0] == Value::from(kind as f64);
    match &execution.result {
        Ok(Outcome::Returned(_)) => deem_benches::is_right(case, execution),
        Ok(Outcome::Threw(exception)) => kind(THROWS) && exception.name == "TypeError",
        Ok(Outcome::Exceeded(Exceeded::Cpu(_))) => kind(ENDLESS),
        Ok(Outcome::Exceeded(Exceeded::Heap(_))) => kind(EXHAUSTS),
        _ => false,
    }
}
