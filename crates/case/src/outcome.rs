use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Bytes, Value};

/// What a submission did with one case. None of these is a failure of deem.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It returned this; a promise is awaited.
    Returned(Value),
    /// It threw, or its promise was rejected.
    Threw(Exception),
    /// It was stopped at a limit.
    Exceeded(Exceeded),
    /// It answered, but left a rejected promise that nothing handles: what node ends a process for.
    UnhandledRejection(Exception),
    /// It returned a promise that nothing is left to settle.
    NeverSettled,
    /// It returned what no [`Value`] can hold: a function, a symbol, something nested too deeply. Says what.
    Unrepresentable(String),
    /// The program ran, but has no function of the entry's name. Says so.
    NoEntry(String),
    /// The process that ran the case died. Says how.
    Crashed(String),
}

/// What a submission threw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The error's name, such as `TypeError`; empty if what was thrown is not an error.
    pub name: String,
    /// The error's message, or the text of what was thrown.
    pub message: String,
    /// The line in the submission's source, from 1.
    pub line: Option<u32>,
    /// The column in that line, from 1, in UTF-16 code units.
    pub column: Option<u32>,
    /// The call stack in the submission's own source, innermost call first, such as `sum (solution.js:3:9)`.
    pub stack: Vec<String>,
}

/// The limit at which a case was stopped, with what was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exceeded {
    /// [`Limits::cpu`](crate::Limits::cpu).
    Cpu(Duration),
    /// [`Limits::wall`](crate::Limits::wall).
    Wall(Duration),
    /// [`Limits::heap`](crate::Limits::heap).
    Heap(Bytes),
    /// [`Limits::external`](crate::Limits::external): an allocation was refused, and the submission did not catch that.
    External(Bytes),
    /// [`Limits::output`](crate::Limits::output).
    Output(Bytes),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Returned(value) => write!(f, "returned {value}"),
            Outcome::Threw(exception) => write!(f, "threw {exception}"),
            Outcome::Exceeded(exceeded) => write!(f, "stopped at the limit of {exceeded}"),
            Outcome::UnhandledRejection(exception) => write!(f, "left a rejected promise unhandled: {exception}"),
            Outcome::NeverSettled => f.write_str("returned a promise that never settles"),
            Outcome::Unrepresentable(what) => write!(f, "returned what cannot be a result: {what}"),
            Outcome::NoEntry(what) => f.write_str(what),
            Outcome::Crashed(how) => write!(f, "crashed: {how}"),
        }
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exceeded::Cpu(limit) => write!(f, "{limit:?} of processor time"),
            Exceeded::Wall(limit) => write!(f, "{limit:?} of wall time"),
            Exceeded::Heap(limit) => write!(f, "{limit} of heap"),
            Exceeded::External(limit) => write!(f, "{limit} of array buffers"),
            Exceeded::Output(limit) => write!(f, "{limit} of output"),
        }
    }
}

impl Exception {
    /// The name and the message, as JavaScript's `String(error)` has them.
    pub fn headline(&self) -> String {
        match (self.name.as_str(), self.message.as_str()) {
            ("", message) => message.to_owned(),
            (name, "") => name.to_owned(),
            (name, message) => format!("{name}: {message}"),
        }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " ({}:{line}:{column})", crate::SOURCE_NAME),
            _ => Ok(()),
        }
    }
}
