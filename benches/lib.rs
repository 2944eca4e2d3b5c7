//! What the benches share: the origin's program and its input.
#![deny(missing_docs)]

use anyhow::Result;
use deem_core::{Case, Engine, Entry, Execution, Expected, Outcome, Program, Submission, Value};

/// The origin's function: the sum of an array of integers.
pub const SUM: &str = "function sum(numbers) { return numbers.reduce((a, b) => a + b, 0); }";

/// [`SUM`], compiled.
pub fn sum(engine: &Engine) -> Result<Program> {
    let submission = Submission::new(SUM, Entry::function("sum")?);
    Ok(engine.compile(&submission)?)
}

/// A case of `length` integers, and their sum.
pub fn case(length: i32) -> Case {
    Case {
        id: length.to_string(),
        args: vec![Value::array(1..=length)],
        expected: Value::from(length * (length + 1) / 2).into(),
    }
}

/// Whether a case has returned what was expected, to the bit.
pub fn is_right(case: &Case, execution: &Execution) -> bool {
    matches!((&execution.result, &case.expected), (Ok(Outcome::Returned(value)), Expected::Value(expected)) if value == expected)
}

/// Whether this is a measurement. Without `--bench` cargo only wants to know whether a bench works.
pub fn is_bench() -> bool {
    std::env::args().any(|arg| arg == "--bench")
}

/// Of values in any order, the one that so much of them does not exceed: by nearest rank, so that it is one of them.
///
/// ```
/// assert_eq!(deem_benches::rank(&[3, 1, 2], 0.5), 2);
/// assert_eq!(deem_benches::rank(&[3, 1, 2], 0.99), 3);
/// ```
pub fn rank<T: PartialOrd + Copy>(values: &[T], quantile: f64) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_by(|one, other| one.partial_cmp(other).expect("no NaN is measured"));
    sorted[((quantile * sorted.len() as f64).ceil() as usize).max(1) - 1]
}

/// The processes that this one has started, and that are there (proc_tid_children(5)).
pub fn children() -> Vec<u32> {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()).collect()
}
