use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{Case, Checker, Difference, Exception, Execution, Executor, InternalError, Limits, Outcome, Prepared};
use crate::{Submission, Verdict};

/// What became of one submission on one suite.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The suite's verdict: see [`Verdict::overall`].
    pub verdict: Verdict,
    /// Why the program does not compile; no case was run then.
    pub compile_error: Option<Exception>,
    /// One report per case, in case order; empty if the program does not compile.
    pub cases: Vec<CaseReport>,
}

/// What became of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseReport {
    /// The case's id.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What happened, and how long it took.
    pub execution: Execution,
    /// Where a returned value differs from the expected one.
    pub difference: Option<Difference>,
}

impl CaseReport {
    /// Checks one execution against what was expected.
    pub fn new(case: &Case, execution: Execution, checker: &Checker) -> CaseReport {
        let difference = match &execution.result {
            Ok(Outcome::Returned(value)) => checker.difference(&case.expected, value),
            _ => None,
        };
        let verdict = Verdict::of(&execution, difference.is_none());
        CaseReport { id: case.id.clone(), verdict, execution, difference }
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "case {}: {}", self.id, self.verdict)?;
        match (&self.difference, &self.execution.result) {
            (Some(difference), _) => write!(f, " ({difference})"),
            (None, Ok(Outcome::Returned(_))) => Ok(()),
            (None, Ok(outcome)) => write!(f, " ({outcome})"),
            (None, Err(error)) => write!(f, " ({error})"),
        }
    }
}

/// Runs a submission on every case, and judges it.
///
/// # Errors
/// If deem failed before the first case; a failure at a case is that case's verdict, IE.
pub fn judge(
    executor: &dyn Executor,
    submission: &Submission,
    cases: &[Arc<Case>],
    checker: &Checker,
    limits: &Limits,
) -> Result<Report, InternalError> {
    let mut session = match executor.prepare(submission, limits)? {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => {
            let verdict = Verdict::CompileError;
            return Ok(Report { verdict, compile_error: Some(exception), cases: Vec::new() });
        }
    };
    let mut reports = Vec::with_capacity(cases.len());
    session.run(&mut cases.iter().cloned(), &mut |case: Arc<Case>, execution: Execution| {
        reports.push(CaseReport::new(&case, execution, checker));
        ControlFlow::Continue(())
    });
    let verdict = Verdict::overall(reports.iter().map(|report| report.verdict));
    Ok(Report { verdict, compile_error: None, cases: reports })
}
