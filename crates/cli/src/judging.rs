//! Judges one solution on one suite, and tells the reports.

use std::ops::ControlFlow;
use std::sync::Arc;

use anyhow::Result;
use deem_core::{
    Cancellation, Case, CaseReport, Checker, InternalError, Judge, ReportSink, Rules, Submission, Verdict,
};

use crate::bar::Bar;
use crate::engine::Engine;
use crate::interrupt;
use crate::output::{Ending, Outputs, Run, Unwritten};

/// Runs the submission on the cases, each of which comes with its number in the suite, and returns the verdict.
///
/// # Errors
/// If a report could not be written. What deem itself fails at is a verdict, IE.
pub(crate) fn judge(
    engine: &Engine,
    submission: &Submission,
    cases: &[(usize, Arc<Case>)],
    (checker, rules): (&Checker, &Rules),
    run: &Run<'_>,
    (outputs, bar): (&mut Outputs, &Bar),
) -> Result<Verdict, Unwritten> {
    outputs.begin(run)?;
    let mut reporting = Reporting {
        run,
        outputs,
        bar,
        numbers: cases.iter().map(|(number, _)| *number),
        verdicts: Vec::new(),
        unwritten: None,
    };
    let judge = Judge { executor: engine.executor(), checker, rules };
    let judged = judge.run(submission, &mut cases.iter().map(|(_, case)| case.clone()), &mut reporting);
    let Reporting { verdicts, unwritten, .. } = reporting;
    if let Some(unwritten) = unwritten {
        return Err(unwritten);
    }
    // A failure before the first case is no case's: there is a verdict, and why.
    let (verdict, compile_error, failure) = match judged {
        Ok(None) => (Verdict::overall(verdicts.iter().copied()), None, None),
        Ok(Some(exception)) => (Verdict::CompileError, Some(exception), None),
        Err(InternalError(why)) => (Verdict::InternalError, None, Some(why)),
    };
    let passed = verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted).count();
    let ending = Ending {
        verdict,
        passed,
        total: cases.len(),
        compile_error: compile_error.as_ref(),
        failure: failure.as_deref(),
    };
    bar.aside(|| outputs.end(run, &ending))?;
    Ok(verdict)
}

struct Reporting<'a, N> {
    run: &'a Run<'a>,
    outputs: &'a mut Outputs,
    bar: &'a Bar,
    numbers: N,
    verdicts: Vec<Verdict>,
    unwritten: Option<Unwritten>,
}

impl<N: Iterator<Item = usize>> ReportSink for Reporting<'_, N> {
    fn begin(&mut self, cancellation: &Cancellation) {
        interrupt::stops(cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        self.verdicts.push(report.verdict);
        self.bar.case(report.verdict);
        let number = self.numbers.next().unwrap_or(self.verdicts.len());
        if let Err(unwritten) = self.outputs.case(self.run, number, case, &report) {
            self.unwritten = Some(unwritten);
            return ControlFlow::Break(());
        }
        if self.outputs.are_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
