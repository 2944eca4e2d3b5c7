use crate::{Rules, Submission};

/// A checker that is a program of its own, for answers of which many are right.
///
/// Its function is called with one object for each answer: `{args, expected, actual, stdout}`, where `stdout` is what the
/// case wrote to its console. Where a case has several right answers there is an array of them, `anyOf`, in place of
/// `expected`. The function answers `true` or `false`, or `{ok, message}` with one of the two in `ok` and, if it likes, why
/// in `message`. Anything else, and whatever keeps it from an answer, is IE for the case.
///
/// It is run by the executor that runs the submission, in a session of its own: what executors keep sessions apart by keeps
/// the two apart, which is a process each in a sandbox, and a realm each in a pool of this process.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomChecker {
    /// What it is called in messages, such as `checker.js`.
    pub name: String,
    /// The program, and its function.
    pub submission: Submission,
    /// What it may use for one answer, and what it sees.
    pub rules: Rules,
}
