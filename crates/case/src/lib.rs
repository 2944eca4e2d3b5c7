//! The vocabulary of judging, shared by every part of deem.
//!
//! A [`Submission`] is run on [`Case`]s by an [`Executor`]; what it did is an [`Outcome`], compared by a [`Checker`]
//! it becomes a [`Verdict`]. Values travel as [`Value`], the JavaScript data model. Suites are read by [`suite::load`].
//!
//! This crate knows nothing of V8 or of processes: the crates `deem-core` (V8 isolates in this process) and
//! `deem-spawn` (node subprocesses) implement [`Executor`], and every suite runs on each of them.
//!
//! ```
//! use deem_case::{Checker, Value};
//!
//! let expected = Value::from_json("[1, 2, {\"total\": 0.3}]")?;
//! let actual = Value::from_json("[1, 2, {\"total\": 0.30000000000000004}]")?;
//! let difference = Checker::Exact.difference(&expected, &actual).expect("the two differ");
//! assert_eq!(difference.to_string(), "result[2].total: expected 0.3, got 0.30000000000000004");
//! assert!(Checker::approximate(1e-9).difference(&expected, &actual).is_none());
//! # Ok::<(), deem_case::ValueError>(())
//! ```
#![deny(missing_docs)]

mod cancellation;
mod checker;
mod console;
mod executor;
pub mod guest;
mod judge;
mod limits;
pub mod mock;
mod outcome;
mod rules;
mod submission;
pub mod suite;
mod usage;
mod value;
mod verdict;
pub mod workers;

pub use cancellation::Cancellation;
pub use checker::{
    Checker, CustomChecker, Difference, Equality, InvalidPath, Order, PathPattern, TextChecker, Tolerance,
};
pub use console::Console;
pub use executor::{Execution, Executor, InternalError, Prepared, Session, Sink};
pub use judge::{CaseReport, Confirmation, Judge, Report, ReportSink, judge};
pub use limits::{Bytes, InvalidLimits, Limits};
pub use outcome::{Exceeded, Exception, Outcome};
pub use rules::Rules;
pub use submission::{Answer, Calling, Case, Entry, Expected, Form, InvalidEntry, SOURCE_NAME, Submission};
pub use suite::{Solution, Suite, SuiteError};
pub use usage::Usage;
pub use value::{BufferKind, JsString, MAX_DEPTH, Value, ValueError};
pub use verdict::Verdict;
