use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{
    Cancellation, Case, Checker, Difference, Exception, Execution, Executor, Expected, InternalError, Outcome,
    Prepared, Rules, Sink, Submission, Verdict,
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
    /// Where a returned value differs from the expected one.
    pub difference: Option<Difference>,
}

impl CaseReport {
    /// Checks one execution against what was expected.
    pub fn new(case: &Case, execution: Execution, checker: &Checker) -> CaseReport {
        let (is_right, difference) = check(&case.expected, &execution, checker);
        let verdict = Verdict::of(&execution, is_right);
        CaseReport { id: case.id.clone(), verdict, execution: Some(execution), difference }
    }

    fn skipped(case: &Case) -> CaseReport {
        CaseReport { id: case.id.clone(), verdict: Verdict::Skipped, execution: None, difference: None }
    }
}

/// Whether what happened is what was expected, and where a value is not.
fn check(expected: &Expected, execution: &Execution, checker: &Checker) -> (bool, Option<Difference>) {
    let difference = match (expected, &execution.result) {
        (Expected::Value(expected), Ok(Outcome::Returned(value))) => checker.difference(expected, value),
        (Expected::AnyOf(all), Ok(Outcome::Returned(value))) => {
            let mut differences = Vec::new();
            for expected in all {
                match checker.difference(expected, value) {
                    None => return (true, None),
                    Some(difference) => differences.push(difference),
                }
            }
            differences.into_iter().next()
        }
        (Expected::Throws { name, message }, Ok(Outcome::Threw(thrown))) => {
            let is_named = name.as_ref().is_none_or(|name| *name == thrown.name);
            let says = message.as_ref().is_none_or(|message| thrown.message.contains(message.as_str()));
            return (is_named && says, None);
        }
        _ => return (false, None),
    };
    (difference.is_none(), difference)
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
        // An executor takes cases before it is their turn: those that it does not come to are skipped.
        let taken = RefCell::new(VecDeque::new());
        let mut reporting = Reporting { judge: *self, sink, taken: &taken, cancellation: None, is_over: false };
        session.run(&mut cases.inspect(|case| taken.borrow_mut().push_back(case.clone())), &mut reporting);
        if !reporting.is_over {
            for case in taken.take().into_iter().chain(cases) {
                if sink.case(&case, CaseReport::skipped(&case)).is_break() {
                    break;
                }
            }
        }
        Ok(None)
    }
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
        if execution.result.is_err() && self.cancellation.as_ref().is_some_and(Cancellation::is_cancelled) {
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
