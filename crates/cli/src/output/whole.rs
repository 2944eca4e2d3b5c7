//! The formats that are made of everything at once: JUnit's XML, HTML.

use std::io::{self, Write as _};
use std::sync::Arc;

use deem_core::{Case, CaseReport, Outcome, Report, Value, Verdict};
use deem_report::{Judged, ReportError};

use super::{Done, Ending, Output, Run, Target, otherwise_in_a_fresh_realm};
use crate::doubts::Doubt;

/// How a format is made.
pub(super) type Render = fn(&[Judged<'_>]) -> Result<String, ReportError>;

pub(super) struct Whole {
    target: Target,
    render: Render,
    runs: Vec<Kept>,
    /// Stands for each case that is AC, of which there may be very many: nobody looks at its input.
    accepted: Arc<Case>,
}

/// What is kept of a run until all are done.
struct Kept {
    suite: String,
    solution: String,
    source: String,
    param_names: Vec<String>,
    cases: Vec<Arc<Case>>,
    report: Report,
    engine: String,
    warnings: Vec<String>,
}

impl Whole {
    pub(super) fn new(target: Target, render: Render) -> Whole {
        let accepted = Arc::new(Case { id: String::new(), args: Vec::new(), expected: Value::Undefined.into() });
        Whole { target, render, runs: Vec::new(), accepted }
    }
}

impl Output for Whole {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        let report = Report {
            verdict: Verdict::Accepted,
            rules: *run.rules,
            compile_error: None,
            cases: Vec::new(),
            confirmation: None,
        };
        self.runs.push(Kept {
            suite: run.suite.to_owned(),
            solution: run.solution.to_owned(),
            source: run.source.to_owned(),
            param_names: run.param_names.to_vec(),
            cases: Vec::new(),
            report,
            engine: run.engine.words(),
            warnings: run.warnings.to_vec(),
        });
        Ok(())
    }

    fn case(&mut self, _: &Run<'_>, done: &Done<'_>) -> io::Result<()> {
        let Some(kept) = self.runs.last_mut() else { return Ok(()) };
        let is_accepted = done.report.verdict == Verdict::Accepted;
        kept.cases.push(if is_accepted { self.accepted.clone() } else { Arc::new(done.case.clone()) });
        kept.report.cases.push(if is_accepted { without_answer(done.report) } else { done.report.clone() });
        kept.warnings.extend(done.warning());
        Ok(())
    }

    fn end(&mut self, _: &Run<'_>, ending: &Ending<'_>) -> io::Result<()> {
        let Some(kept) = self.runs.last_mut() else { return Ok(()) };
        kept.report.verdict = ending.verdict;
        kept.report.compile_error = ending.compile_error.cloned();
        kept.warnings.extend(warnings(ending));
        kept.report.confirmation = ending.confirmation;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let judged: Vec<Judged<'_>> = self.runs.iter().map(Kept::judged).collect();
        let text = (self.render)(&judged).map_err(io::Error::other)?;
        self.target.write_all(text.as_bytes())?;
        self.target.finish()
    }
}

impl Kept {
    fn judged(&self) -> Judged<'_> {
        Judged {
            suite: &self.suite,
            solution: &self.solution,
            source: &self.source,
            param_names: &self.param_names,
            cases: &self.cases,
            report: &self.report,
            engine: &self.engine,
            warnings: &self.warnings,
        }
    }
}

/// What is to be known of a run that has ended, for formats that only have warnings for that.
pub(super) fn warnings(ending: &Ending<'_>) -> Vec<String> {
    let failure = ending.failure.map(|why| format!("deem failed before the first case: {why}"));
    let broken = ending.broken.map(|why| format!("the suite is broken after these cases: {why}"));
    let otherwise = ending.confirmation.as_ref().and_then(otherwise_in_a_fresh_realm);
    let doubts = ending.doubts.iter();
    let doubts = doubts.map(|Doubt { kind, case, observed, .. }| format!("{}: case {case} {observed}", kind.meaning()));
    let compiling = ending.on_node.and_then(|total| total.in_compiling);
    let compiling = compiling.map(|difference| format!("compiling on node: {difference}"));
    failure.into_iter().chain(broken).chain(otherwise).chain(doubts).chain(compiling).collect()
}

/// An answer that is right is as long as it likes.
fn without_answer(report: &CaseReport) -> CaseReport {
    let mut report = report.clone();
    if let Some(execution) = &mut report.execution
        && let Ok(Outcome::Returned(value)) = &mut execution.result
    {
        *value = Value::Undefined;
    }
    report
}
