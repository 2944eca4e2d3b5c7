//! Running cases once more, elsewhere or under other rules, and what is otherwise then.

use std::ops::ControlFlow;
use std::sync::Arc;

use deem_core::{
    Cancellation, Case, Checker, Exceeded, Exception, Execution, Executor, InternalError, Outcome, Prepared, Rules,
    Sink, Submission,
};

use crate::interrupt;

/// What came of a submission.
pub(crate) enum Rerun {
    /// With each of the first cases; those after them it did not come to.
    Ran(Vec<Execution>),
    /// With none.
    CompileError(Exception),
}

/// How two executions of a case differ.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Otherwise {
    /// The place in the answer, such as `result[1]`, if both answered.
    pub(crate) place: Option<String>,
    /// What was there at first; in words, if there is no place.
    pub(crate) first: String,
    /// What was there then.
    pub(crate) then: String,
}

/// Runs the submission on the cases, so that what comes of each is final: where it is not, a difference says nothing.
///
/// # Errors
/// If deem failed before the first of them.
pub(crate) fn rerun(
    executor: &dyn Executor,
    submission: &Submission,
    cases: &mut dyn Iterator<Item = Arc<Case>>,
    rules: &Rules,
) -> Result<Rerun, InternalError> {
    let mut kept = Kept(Vec::new());
    match executor.prepare(submission, rules)? {
        Prepared::Ready(mut session) => session.confirm(cases, &mut kept),
        Prepared::CompileError(exception) => return Ok(Rerun::CompileError(exception)),
    }
    Ok(Rerun::Ran(kept.0))
}

struct Kept(Vec<Execution>);

impl Sink for Kept {
    fn begin(&mut self, cancellation: &Cancellation) {
        interrupt::stops(cancellation);
    }

    fn case(&mut self, _: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        if interrupt::interrupted() {
            return ControlFlow::Break(()); // what was cut short is no difference
        }
        self.0.push(execution);
        ControlFlow::Continue(())
    }
}

/// Two answers are the same if the suite's checker takes one for the other: V8's `Math.pow`, say, has changed in its last bit
/// from one version to the next. Of what was thrown the stacks do not matter, and of what was stopped the clock that ran out.
pub(crate) fn otherwise(first: &Execution, then: &Execution, checker: &Checker) -> Option<Otherwise> {
    use Outcome::{Crashed, Exceeded as Stopped, Returned, Threw, UnhandledRejection};
    let is_time = |exceeded: &Exceeded| matches!(exceeded, Exceeded::Cpu(_) | Exceeded::Wall(_));
    let is_same = match (&first.result, &then.result) {
        (Ok(Returned(first)), Ok(Returned(then))) => {
            let difference = checker.difference(then, first)?;
            return Some(Otherwise {
                place: Some(difference.path),
                first: difference.actual,
                then: difference.expected,
            });
        }
        (Ok(Threw(first)), Ok(Threw(then))) | (Ok(UnhandledRejection(first)), Ok(UnhandledRejection(then))) => {
            first.headline() == then.headline()
        }
        (Ok(Stopped(first)), Ok(Stopped(then))) => first == then || (is_time(first) && is_time(then)),
        (Ok(Crashed(_)), Ok(Crashed(_))) => true,
        (Ok(first), Ok(then)) => first == then,
        _ => false,
    };
    (!is_same).then(|| Otherwise { place: None, first: words(first), then: words(then) })
}

fn words(execution: &Execution) -> String {
    match &execution.result {
        Ok(outcome) => outcome.to_string(),
        Err(error) => format!("deem failed ({error})"),
    }
}
