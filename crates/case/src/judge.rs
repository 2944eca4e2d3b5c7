use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{Case, Checker, Difference, Exception, Execution, Executor, InternalError, Outcome, Prepared, Rules};
use crate::{Submission, Verdict};

/// What became of one submission on one suite.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The suite's verdict: see [`Verdict::overall`].
    pub verdict: Verdict,
    /// The rules that the cases were run by: what each [`Usage`](crate::Usage) is to be seen beside.
    pub rules: Rules,
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
    /// What happened, and what it took; nothing if the case was not run (SK).
    pub execution: Option<Execution>,
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
        CaseReport { id: case.id.clone(), verdict, execution: Some(execution), difference }
    }

    fn skipped(case: &Case) -> CaseReport {
        CaseReport { id: case.id.clone(), verdict: Verdict::Skipped, execution: None, difference: None }
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "case {}: {}", self.id, self.verdict)?;
        match (&self.difference, self.execution.as_ref().map(|execution| &execution.result)) {
            (Some(difference), _) => write!(f, " ({difference})"),
            (None, None | Some(Ok(Outcome::Returned(_)))) => Ok(()),
            (None, Some(Ok(outcome))) => write!(f, " ({outcome})"),
            (None, Some(Err(error))) => write!(f, " ({error})"),
        }
    }
}

/// Runs a submission on every case, or up to the first that fails where the rules say so, and judges it.
///
/// # Errors
/// If deem failed before the first case; a failure at a case is that case's verdict, IE.
pub fn judge(
    executor: &dyn Executor,
    submission: &Submission,
    cases: &[Arc<Case>],
    checker: &Checker,
    rules: &Rules,
) -> Result<Report, InternalError> {
    let mut session = match executor.prepare(submission, rules)? {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => {
            let (verdict, compile_error) = (Verdict::CompileError, Some(exception));
            return Ok(Report { verdict, rules: *rules, compile_error, cases: Vec::new() });
        }
    };
    let mut reports = Vec::with_capacity(cases.len());
    session.run(&mut cases.iter().cloned(), &mut |case: Arc<Case>, execution: Execution| {
        let report = CaseReport::new(&case, execution, checker);
        let stop = rules.fail_fast && report.verdict != Verdict::Accepted;
        reports.push(report);
        if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    reports.extend(cases[reports.len()..].iter().map(|case| CaseReport::skipped(case)));
    let verdict = Verdict::overall(reports.iter().map(|report| report.verdict));
    Ok(Report { verdict, rules: *rules, compile_error: None, cases: reports })
}
