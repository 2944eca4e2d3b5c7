mod check;
mod custom;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use check::{check, is_checked};
use custom::Examiner;

use crate::{
    Cancellation, Case, Checker, Difference, Exception, Execution, Executor, InternalError, Outcome, Prepared, Rules,
    Sink, Submission, Verdict,
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
    /// The run begins: this stops it, from any thread. Cases that are not done then are reported as skipped.
    ///
    /// Where the checker is a program, cases are run in batches, and their answers checked in runs of their own: then this
    /// is called at each of them, and it is the last that stops everything.
    fn begin(&mut self, _cancellation: &Cancellation) {}

    /// Takes the report of one case; breaks to end the run without further reports.
    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()>;
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
        let mut session = match self.executor.prepare(submission, self.rules)? {
            Prepared::Ready(session) => session,
            Prepared::CompileError(exception) => return Ok(Some(exception)),
        };
        if let Checker::Custom(checker) = self.checker {
            Examiner::prepare(self.executor, checker)?.run(self, session.as_mut(), cases, sink);
            return Ok(None);
        }
        // An executor takes cases before it is their turn: those that it does not come to are skipped.
        let taken = RefCell::new(VecDeque::new());
        let mut reporting = Reporting { judge: *self, sink, taken: &taken, cancellation: None, is_over: false };
        session.run(&mut cases.inspect(|case| taken.borrow_mut().push_back(case.clone())), &mut reporting);
        if !reporting.is_over {
            skip(taken.take().into_iter().chain(cases), sink);
        }
        Ok(None)
    }
}

fn skip(cases: impl Iterator<Item = Arc<Case>>, sink: &mut dyn ReportSink) {
    for case in cases {
        if sink.case(&case, CaseReport::skipped(&case)).is_break() {
            break;
        }
    }
}

/// Whether a case was not done because the run was stopped.
fn is_abandoned(execution: &Execution, cancellation: &Option<Cancellation>) -> bool {
    execution.result.is_err() && cancellation.as_ref().is_some_and(Cancellation::is_cancelled)
}

struct Reporting<'a> {
    judge: Judge<'a>,
    sink: &'a mut dyn ReportSink,
    taken: &'a RefCell<VecDeque<Arc<Case>>>,
    cancellation: Option<Cancellation>,
    /// Whether nobody wants further reports.
    is_over: bool,
}

impl Sink for Reporting<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.cancellation = Some(cancellation.clone());
        self.sink.begin(cancellation);
    }

    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        if is_abandoned(&execution, &self.cancellation) {
            return ControlFlow::Break(());
        }
        self.taken.borrow_mut().pop_front();
        let report = CaseReport::new(&case, execution, self.judge.checker);
        let is_last = self.judge.rules.fail_fast && report.verdict != Verdict::Accepted;
        self.is_over = self.sink.case(&case, report).is_break();
        if self.is_over || is_last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
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
    let mut reports = Vec::with_capacity(cases.len());
    let compile_error = Judge { executor, checker, rules }.run(
        submission,
        &mut cases.iter().cloned(),
        &mut |_: &Case, report: CaseReport| {
            reports.push(report);
            ControlFlow::Continue(())
        },
    )?;
    let verdict = match compile_error {
        Some(_) => Verdict::CompileError,
        None => Verdict::overall(reports.iter().map(|report| report.verdict)),
    };
    Ok(Report { verdict, rules: *rules, compile_error, cases: reports })
}
