//! Judges one solution on one suite, and tells the reports.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use deem_core::{
    Cancellation, Case, CaseReport, Confirmation, Executor, InternalError, Judge, ReportSink, SuiteError, Verdict,
};

use crate::bar::Bar;
use crate::borderline::{Margins, Patient};
use crate::comparison::{Node, OnNode};
use crate::doubts::{Doubt, DoubtKind, Sample};
use crate::engine::Engine;
use crate::interrupt::{self, interrupted};
use crate::output::{Done, Ending, OnNodeTotal, Outputs, Run};
use crate::remedy;
use crate::selection::Numbered;
use crate::submission::{Refusal, Written};

/// A solution that is judged.
pub(crate) struct Task<'a> {
    pub(crate) written: &'a Written,
    pub(crate) run: Run<'a>,
    /// Whether doubts are looked into whatever that costs.
    pub(crate) doubts: bool,
}

/// Runs the submission on the cases, on node as well if that is given, and returns the verdict.
/// What deem itself fails at is a verdict, too: IE.
///
/// Needs memory for a few cases, however many there are, unless node is to run them, too.
///
/// # Errors
/// If a case is broken. Those before it have been run and reported by then.
pub(crate) fn judge(
    engine: &Engine,
    node: Option<&Node>,
    task: &Task<'_>,
    mut cases: Numbered<'_>,
    outputs: &mut Outputs,
    bar: &Bar,
) -> Result<Verdict, SuiteError> {
    let Task { written: Written { submission, refused, .. }, run, .. } = task;
    let checker = run.checker;
    let mut on_node = None;
    if let Some(node) = node.filter(|_| refused.is_none()) {
        let all = cases.collect::<Result<Vec<_>, _>>()?;
        on_node = Some(node.run(submission, &mut all.iter().map(|(_, case)| case.clone()), run.rules));
        cases = Box::new(all.into_iter().map(Ok));
    }
    outputs.begin(run);
    let started = Instant::now();
    let taken = RefCell::new(VecDeque::new());
    let mut broken = None;
    let mut sound = cases.map_while(|case| match case {
        Ok((number, case)) => {
            taken.borrow_mut().push_back((number, case.clone()));
            Some(case)
        }
        Err(error) => {
            broken = Some(error);
            None
        }
    });
    let mut reporting = Reporting {
        task,
        outputs,
        bar,
        on_node: on_node.as_ref().and_then(|on_node| on_node.as_ref().ok()),
        differ: 0,
        taken: &taken,
        verdict: Verdict::Accepted,
        passed: 0,
        reported: 0,
        sample: Sample::new(run.rules.seed),
        margins: Margins::default(),
        doubts: Vec::new(),
        confirmation: None,
    };
    let executor: Rc<dyn Executor> = match refused {
        Some(exception) => Rc::new(Refusal(exception.clone())),
        None => engine.handle(),
    };
    let patient = Patient::new(executor, submission, reporting.margins.clone());
    let judge = Judge { executor: &patient, checker, rules: run.rules };
    let judged = judge.run(submission, &mut sound, &mut reporting);
    let Reporting { verdict, passed, reported, differ, sample, mut doubts, confirmation, .. } = reporting;
    // A failure before the first case is no case's: there is a verdict, and why.
    let (mut verdict, compile_error, failure) = match judged {
        Ok(None) => (verdict, None, None),
        Ok(Some(exception)) => (Verdict::CompileError, Some(exception), None),
        Err(InternalError(why)) => (Verdict::InternalError, None, Some(why)),
    };
    let total = if compile_error.is_some() || failure.is_some() { sound.count() } else { reported };
    if broken.is_some() {
        verdict = Verdict::overall([verdict, Verdict::Skipped]); // as are the cases that nobody knows
    }
    let in_compiling = match &on_node {
        Some(Ok(on_node)) if failure.is_none() => on_node.difference_in_compiling(compile_error.as_ref()),
        Some(Err(InternalError(why))) => Some(format!("could not be asked: {why}")),
        _ => None,
    };
    let cost = sample.cost() + engine.shared_start();
    if (task.doubts || cost * 10 <= started.elapsed()) && !interrupted() {
        match sample.doubts(engine, submission, checker, run.rules) {
            Ok(found) => doubts.extend(found),
            // There is a verdict all the same.
            Err(error) => bar.aside(|| crate::say(&format!("warning: doubts were not looked into: {error}"))),
        }
    }
    let remedy = compile_error.as_ref().and_then(|error| remedy::of(task.written, error));
    let told = broken.as_ref().map(SuiteError::to_string);
    let ending = Ending {
        verdict,
        passed,
        total,
        compile_error: compile_error.as_ref(),
        remedy: remedy.as_deref(),
        failure: failure.as_deref(),
        broken: told.as_deref(),
        doubts: &doubts,
        confirmation,
        on_node: on_node.is_some().then_some(OnNodeTotal { differ, in_compiling: in_compiling.as_deref() }),
    };
    bar.aside(|| outputs.end(run, &ending));
    broken.map_or(Ok(verdict), Err)
}

struct Reporting<'a> {
    task: &'a Task<'a>,
    outputs: &'a mut Outputs,
    bar: &'a Bar,
    on_node: Option<&'a OnNode>,
    /// How many cases did something else on node.
    differ: usize,
    /// The cases that were taken to be run, and are not reported.
    taken: &'a RefCell<VecDeque<(usize, Arc<Case>)>>,
    /// Of the cases so far.
    verdict: Verdict,
    passed: usize,
    reported: usize,
    /// What is run again, to look into doubts.
    sample: Sample,
    /// Of the cases that were measured again.
    margins: Margins,
    doubts: Vec<Doubt>,
    confirmation: Option<Confirmation>,
}

impl ReportSink for Reporting<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        interrupt::stops(cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        let run = &self.task.run;
        let here = report.execution.as_ref();
        let on_node = self.on_node.zip(here).and_then(|(node, here)| node.difference(self.reported, here, run.checker));
        self.differ += usize::from(on_node.is_some());
        self.reported += 1;
        self.passed += usize::from(report.verdict == Verdict::Accepted);
        self.verdict = Verdict::overall([self.verdict, report.verdict]);
        self.bar.case(report.verdict);
        let taken = self.taken.borrow_mut().pop_front();
        let number = taken.as_ref().map_or(self.reported, |(number, _)| *number);
        if let Some((id, observed)) = self.margins.borrow_mut().pop_front_if(|(id, _)| *id == case.id) {
            self.doubts.push(Doubt { kind: DoubtKind::Time, number, case: id, observed });
        }
        let done = Done { number, case, report: &report, on_node: on_node.as_deref() };
        self.outputs.case(run, &done);
        if let Some(((number, case), execution)) = taken.zip(report.execution) {
            self.sample.add(number, &case, execution);
        }
        if self.outputs.are_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn confirmed(&mut self, confirmation: &Confirmation) {
        self.confirmation = Some(*confirmation);
    }
}
