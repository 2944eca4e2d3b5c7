//! Judges one solution on one suite, and tells the reports.

use std::ops::ControlFlow;
use std::sync::Arc;

use deem_core::{
    Cancellation, Case, CaseReport, Checker, Exception, InternalError, Judge, ReportSink, Submission, Verdict,
};

use crate::bar::Bar;
use crate::comparison::{Node, OnNode};
use crate::engine::Engine;
use crate::interrupt;
use crate::output::{Done, Ending, OnNodeTotal, Outputs, Run};
use crate::submission::Refusal;

/// A solution, and what it is judged by.
pub(crate) struct Task<'a> {
    pub(crate) submission: &'a Submission,
    /// Why it does not compile, whatever would run it.
    pub(crate) refused: Option<&'a Exception>,
    /// Each with its number in the suite.
    pub(crate) cases: &'a [(usize, Arc<Case>)],
    pub(crate) checker: &'a Checker,
    pub(crate) run: Run<'a>,
}

/// Runs the submission on the cases, on node as well if that is given, and returns the verdict.
/// What deem itself fails at is a verdict, too: IE.
pub(crate) fn judge(
    engine: &Engine,
    node: Option<&Node>,
    task: &Task<'_>,
    outputs: &mut Outputs,
    bar: &Bar,
) -> Verdict {
    let Task { submission, refused, cases, checker, run } = task;
    let refusal = refused.map(Refusal);
    let node = node.filter(|_| refusal.is_none());
    outputs.begin(run);
    let in_order = || cases.iter().map(|(_, case)| case.clone());
    let on_node = node.map(|node| node.run(submission, &mut in_order(), run.rules));
    let mut reporting = Reporting {
        task,
        outputs,
        bar,
        on_node: on_node.as_ref().and_then(|on_node| on_node.as_ref().ok()),
        differ: 0,
        verdicts: Vec::new(),
    };
    let executor = refusal.as_ref().map_or(engine.executor(), |refusal| refusal);
    let judge = Judge { executor, checker, rules: run.rules };
    let judged = judge.run(submission, &mut in_order(), &mut reporting);
    let Reporting { verdicts, differ, .. } = reporting;
    // A failure before the first case is no case's: there is a verdict, and why.
    let (verdict, compile_error, failure) = match judged {
        Ok(None) => (Verdict::overall(verdicts.iter().copied()), None, None),
        Ok(Some(exception)) => (Verdict::CompileError, Some(exception), None),
        Err(InternalError(why)) => (Verdict::InternalError, None, Some(why)),
    };
    let passed = verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted).count();
    let in_compiling = match &on_node {
        Some(Ok(on_node)) if failure.is_none() => on_node.difference_in_compiling(compile_error.as_ref()),
        Some(Err(InternalError(why))) => Some(format!("could not be asked: {why}")),
        _ => None,
    };
    let ending = Ending {
        verdict,
        passed,
        total: cases.len(),
        compile_error: compile_error.as_ref(),
        failure: failure.as_deref(),
        on_node: on_node.is_some().then_some(OnNodeTotal { differ, in_compiling: in_compiling.as_deref() }),
    };
    bar.aside(|| outputs.end(run, &ending));
    verdict
}

struct Reporting<'a> {
    task: &'a Task<'a>,
    outputs: &'a mut Outputs,
    bar: &'a Bar,
    on_node: Option<&'a OnNode>,
    /// How many cases did something else on node.
    differ: usize,
    verdicts: Vec<Verdict>,
}

impl ReportSink for Reporting<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        interrupt::stops(cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        let Task { cases, checker, run, .. } = self.task;
        let index = self.verdicts.len();
        let here = report.execution.as_ref();
        let on_node = self.on_node.zip(here).and_then(|(node, here)| node.difference(index, here, checker));
        self.differ += usize::from(on_node.is_some());
        self.verdicts.push(report.verdict);
        self.bar.case(report.verdict);
        let number = cases.get(index).map_or(index + 1, |(number, _)| *number);
        let done = Done { number, case, report: &report, on_node: on_node.as_deref() };
        self.outputs.case(run, &done);
        if self.outputs.are_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
