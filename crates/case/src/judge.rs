mod cases;
mod check;
mod confirming;
mod custom;
mod running;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use cases::Cases;
use check::{check, is_checked};
use custom::Examiner;
use running::{Running, Told};

use crate::{
    Cancellation, Case, Checker, Difference, Exception, Execution, Executor, InternalError, Outcome, Prepared, Rules,
    Submission, Verdict,
};

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
    /// What running cases again showed; nothing where every outcome is final, or the program does not compile.
    pub confirmation: Option<Confirmation>,
}

/// What it showed to run cases again whose outcomes were provisional: see
/// [`Session::is_provisional`](crate::Session::is_provisional).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// How many cases were run again: those that were not AC at first.
    pub again: usize,
    /// How many of them had another verdict then, which is the one that is reported.
    pub differing: usize,
    /// Whether, from some case on, all others were run for good at once: several had another verdict, or were stopped at a
    /// limit, or most were not AC.
    pub is_switched: bool,
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
    /// Where a returned value differs from the expected one, or what was thrown from what was to be.
    pub difference: Option<Difference>,
}

impl CaseReport {
    /// Checks one execution against what was expected.
    ///
    /// Where the checker is a program, an answer is IE: only a [`Judge`] has what can ask it.
    pub fn new(case: &Case, execution: Execution, checker: &Checker) -> CaseReport {
        if let Checker::Custom(checker) = checker
            && is_checked(case, &execution)
        {
            return CaseReport::unchecked(case, execution, format!("the checker {} was not asked", checker.name));
        }
        let (is_right, difference) = check(&case.expected, &execution, checker);
        let verdict = Verdict::of(&execution, is_right);
        CaseReport { id: case.id.clone(), verdict, execution: Some(execution), difference }
    }

    /// An answer of which nobody can say whether it is right.
    fn unchecked(case: &Case, execution: Execution, why: String) -> CaseReport {
        let execution = Execution { result: Err(InternalError(why)), ..execution };
        CaseReport {
            id: case.id.clone(),
            verdict: Verdict::InternalError,
            execution: Some(execution),
            difference: None,
        }
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

/// Runs submissions, and judges what they do.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    /// What runs them.
    pub executor: &'a dyn Executor,
    /// How answers are compared.
    pub checker: &'a Checker,
    /// What cases may use, and what they see.
    pub rules: &'a Rules,
}

/// Where reports go, one by one, in the order of the cases.
///
/// Any `FnMut(&Case, CaseReport) -> ControlFlow<()>` is one.
pub trait ReportSink {
    /// A run begins: this stops it, and everything that is to follow, from any thread. Cases that are not done then are reported
    /// as skipped.
    ///
    /// There can be several runs, and this is called at each, always with the same: where the checker is a program, cases are
    /// run in batches, and their answers checked in runs of their own; and where cases are run again, that is another run.
    fn begin(&mut self, _cancellation: &Cancellation) {}

    /// Takes the report of one case; breaks to end the run without further reports.
    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()>;

    /// After the last report: what running cases again showed. Not called where every outcome is final.
    fn confirmed(&mut self, _confirmation: &Confirmation) {}
}

impl<F: FnMut(&Case, CaseReport) -> ControlFlow<()>> ReportSink for F {
    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        self(case, report)
    }
}

impl Judge<'_> {
    /// Runs a submission on every case, or up to the first that is not AC where the rules say so, and reports each: those
    /// that were not run as skipped. Needs memory for a few cases, however many there are.
    ///
    /// Where the executor's outcomes are [provisional](crate::Session::is_provisional), cases that are not AC are run again,
    /// and what comes of that is reported. Then as many as a thousand reports may wait for one of those.
    ///
    /// `Some` is why the program does not compile: then there are no reports.
    ///
    /// # Errors
    /// If deem failed before the first case; a failure at a case is that case's verdict, IE.
    pub fn run(
        &self,
        submission: &Submission,
        cases: &mut dyn Iterator<Item = Arc<Case>>,
        sink: &mut dyn ReportSink,
    ) -> Result<Option<Exception>, InternalError> {
        let session = match self.executor.prepare(submission, self.rules)? {
            Prepared::Ready(session) => session,
            Prepared::CompileError(exception) => return Ok(Some(exception)),
        };
        let examiner = match self.checker {
            Checker::Custom(checker) => Some(Examiner::prepare(self.executor, checker)?),
            _ => None,
        };
        let is_provisional = session.is_provisional();
        let mut running = Running { judge: *self, session, examiner };
        let (cases, mut told) = (Cases::new(cases), Told::new(sink, self.rules.fail_fast));
        let confirmation = is_provisional.then(|| confirming::run(&mut running, &cases, &mut told));
        if confirmation.is_none_or(|confirmation| confirmation.is_switched) {
            running.run_finally(&cases, &mut told);
        }
        told.skip_all(&cases);
        told.end(confirmation);
        Ok(None)
    }
}

/// Runs a submission on all of these cases as [`Judge::run`] does, and keeps the reports.
///
/// # Errors
/// As [`Judge::run`].
pub fn judge(
    executor: &dyn Executor,
    submission: &Submission,
    cases: &[Arc<Case>],
    checker: &Checker,
    rules: &Rules,
) -> Result<Report, InternalError> {
    let mut kept = Kept { reports: Vec::with_capacity(cases.len()), confirmation: None };
    let compile_error = Judge { executor, checker, rules }.run(submission, &mut cases.iter().cloned(), &mut kept)?;
    let Kept { reports, confirmation } = kept;
    let verdict = match compile_error {
        Some(_) => Verdict::CompileError,
        None => Verdict::overall(reports.iter().map(|report| report.verdict)),
    };
    Ok(Report { verdict, rules: *rules, compile_error, cases: reports, confirmation })
}

struct Kept {
    reports: Vec<CaseReport>,
    confirmation: Option<Confirmation>,
}

impl ReportSink for Kept {
    fn case(&mut self, _: &Case, report: CaseReport) -> ControlFlow<()> {
        self.reports.push(report);
        ControlFlow::Continue(())
    }

    fn confirmed(&mut self, confirmation: &Confirmation) {
        self.confirmation = Some(*confirmation);
    }
}
