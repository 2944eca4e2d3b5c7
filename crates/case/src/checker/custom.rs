use crate::{Rules, Submission};

/// A checker that is a program of its own, for answers of which many are right.
///
/// Its function is called with one object for each answer: `{args, expected, actual, stdout}`, where `stdout` is what the
/// case wrote to its console. Where a case has several right answers there is an array of them, `anyOf`, in place of
/// `expected`. The function answers `true` or `false`, or `{ok, message}` with one of the two in `ok` and, if it likes, why
/// in `message`. Anything else, and whatever keeps it from an answer, is IE for the case.
///
/// It never meets the submission: they have no isolate in common.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomChecker {
    /// What it is called in messages, such as `checker.js`.
    pub name: String,
    /// The program, and its function.
    pub submission: Submission,
    /// What it may use for one answer, and what it sees.
    pub rules: Rules,
}
