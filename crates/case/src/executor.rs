use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{Cancellation, Case, Console, Exception, Outcome, Rules, Submission, Usage};

/// Something that runs submissions: V8 isolates in this process, node subprocesses, a mock.
///
/// Executors are interchangeable: the same submission and cases have the same outcomes on each, but for what only
/// some can stop.
pub trait Executor {
    /// Makes a submission ready to run. Work that is done once per submission belongs here.
    ///
    /// # Errors
    /// If deem failed; a program that does not compile is [`Prepared::CompileError`].
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError>;
}

/// A submission after [`Executor::prepare`].
pub enum Prepared {
    /// It compiles.
    Ready(Box<dyn Session>),
    /// It does not: every case would be CE.
    CompileError(Exception),
}

/// One submission, ready to run on cases.
pub trait Session {
    /// Runs the cases, each exactly once, and hands what happened to `sink` in the order of the cases.
    ///
    /// Returns early, and abandons what is under way, when the sink breaks. Never fails as a whole: what deem failed
    /// at is in the [`Execution`] of the case concerned.
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink);

    /// Whether of what [`run`](Session::run) tells only right answers are final, because its cases share what only almost
    /// certainly makes no difference. Every other case is to be run by [`confirm`](Session::confirm), whose word is final.
    fn is_provisional(&self) -> bool {
        false
    }

    /// Runs cases as [`run`](Session::run) does, but in such a way that what happened is final.
    fn confirm(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.run(cases, sink);
    }
}

/// Where executions go.
///
/// Any `FnMut(Arc<Case>, Execution) -> ControlFlow<()>` is one.
pub trait Sink {
    /// The run begins: this stops it, from any thread. A case that is not done then is an internal error.
    fn begin(&mut self, _cancellation: &Cancellation) {}

    /// Takes one case's execution; breaks to stop the run.
    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()>;
}

impl<F: FnMut(Arc<Case>, Execution) -> ControlFlow<()>> Sink for F {
    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        self(case, execution)
    }
}

/// What happened when a case was run.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// What the submission did, or how deem failed.
    pub result: Result<Outcome, InternalError>,
    /// What that took.
    pub usage: Usage,
    /// What it wrote to its console.
    pub console: Console,
}

impl Execution {
    /// An execution of which nothing is known but the result.
    pub fn of(result: Result<Outcome, InternalError>) -> Execution {
        Execution { result, usage: Usage::default(), console: Console::default() }
    }
}

/// deem failed, not the submission: verdict IE.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InternalError(pub String);
