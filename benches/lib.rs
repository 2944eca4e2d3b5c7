//! What the benches share: the origin's program and its input.
#![deny(missing_docs)]

use anyhow::Result;
use deem_core::{Case, Engine, Entry, Program, Submission, Value};

/// The origin's function: the sum of an array of integers.
pub const SUM: &str = "function sum(numbers) { return numbers.reduce((a, b) => a + b, 0); }";

/// [`SUM`], compiled.
pub fn sum(engine: &Engine) -> Result<Program> {
    let submission = Submission { source: SUM.to_owned(), entry: Entry::function("sum")? };
    Ok(engine.compile(&submission)?)
}

/// A case of `length` integers, and their sum.
pub fn case(length: i32) -> Case {
    Case {
        id: length.to_string(),
        args: vec![Value::array(1..=length)],
        expected: Value::from(length * (length + 1) / 2),
    }
}
