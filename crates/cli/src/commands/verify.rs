use std::ops::ControlFlow;
use std::process::ExitCode;

use anyhow::{Result, bail};
use deem_core::{Cancellation, Case, CaseReport, Judge, ReportSink, Rules, Solution, Suite, Verdict};

use super::exit_code;
use crate::args;
use crate::bar::Bar;
use crate::engine::Engine;
use crate::interrupt::{self, interrupted};
use crate::output::{self, Verbosity, failure_line, verified};
use crate::suites::{self, tell_zeros_apart};

/// What came of a solution that a suite ships.
pub(crate) struct Verified {
    /// `suite/solution`
    pub(crate) name: String,
    /// What it must get.
    pub(crate) marked: Verdict,
    /// What it got.
    pub(crate) found: Verdict,
    /// Why, in one line; empty if it is accepted.
    pub(crate) why: String,
}

pub(crate) fn verify(options: &args::Verify, verbosity: Verbosity) -> Result<ExitCode> {
    let engine = Engine::start(&options.engine)?;
    let mut suites = suites::load(&options.suites)?;
    if options.signed_zero {
        suites.iter_mut().for_each(tell_zeros_apart);
    }
    let solutions: Vec<(&Suite, &Solution)> =
        suites.iter().flat_map(|suite| suite.solutions.iter().map(move |solution| (suite, solution))).collect();
    if solutions.is_empty() {
        bail!("{}: no suite here ships a solution: there is nothing to verify", options.suites.display());
    }
    for warning in engine.warnings()? {
        crate::say(&format!("warning: {warning}"));
    }
    let bar = Bar::new(Some(solutions.len()), verbosity != Verbosity::Quiet);
    let mut verified = Vec::with_capacity(solutions.len());
    for (suite, solution) in &solutions {
        bar.says(&format!("{}/{}", suite.name, solution.name));
        let one = judge(&engine, suite, solution);
        if interrupted() {
            break; // it may have been cut short
        }
        if verbosity == Verbosity::Verbose {
            bar.aside(|| output::print(&format!("{:3}  {}\n", one.found, one.name)))?;
        }
        bar.inc();
        verified.push(one);
    }
    drop(bar);
    engine.leave();
    output::print(&verified::table(&verified, solutions.len()))?;
    let differing: Vec<Verdict> = verified.iter().filter(|one| one.found != one.marked).map(|one| one.found).collect();
    let code = exit_code(&differing);
    // One that should be found out, and is accepted, is a failure as well.
    Ok(ExitCode::from(if differing.is_empty() { code } else { code.max(1) }))
}

/// Judges it up to its first case that is not AC, which has the verdict of all.
fn judge(engine: &Engine, suite: &Suite, solution: &Solution) -> Verified {
    let rules = Rules { fail_fast: true, ..suite.rules };
    let judge = Judge { executor: engine.executor(), checker: &suite.checker, rules: &rules };
    let mut first = First::default();
    let (found, why) = match judge.run(&solution.submission, &mut suite.cases.iter().cloned(), &mut first) {
        Ok(None) => first.0.unwrap_or((Verdict::Accepted, String::new())),
        Ok(Some(exception)) => (Verdict::CompileError, exception.to_string()),
        Err(error) => (Verdict::InternalError, error.to_string()),
    };
    Verified { name: format!("{}/{}", suite.name, solution.name), marked: solution.verdict, found, why }
}

/// The first case that is not AC.
#[derive(Default)]
struct First(Option<(Verdict, String)>);

impl ReportSink for First {
    fn begin(&mut self, cancellation: &Cancellation) {
        interrupt::stops(cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        if report.verdict != Verdict::Accepted {
            self.0.get_or_insert_with(|| (report.verdict, failure_line(case, &report)));
        }
        ControlFlow::Continue(())
    }
}
