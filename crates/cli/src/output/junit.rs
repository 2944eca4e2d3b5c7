//! `--format junit`: JUnit's XML. The cases of a run, however many, are kept in a file.

use std::io::{self, BufWriter};

use deem_core::Report;
use deem_report::Judged;

use super::spool::Spool;
use super::warnings::warnings;
use super::{Done, Ending, Output, Run, Target};

pub(super) struct Junit {
    target: Target,
    report: deem_report::Junit<Spool>,
    /// Those of the run under way.
    warnings: Vec<String>,
}

impl Junit {
    pub(super) fn new(target: Target) -> Junit {
        Junit { target, report: deem_report::Junit::new(Spool::default()), warnings: Vec::new() }
    }
}

fn judged<'a>(run: &Run<'a>, report: &'a Report, engine: &'a str, warnings: &'a [String]) -> Judged<'a> {
    Judged {
        suite: run.suite,
        solution: run.solution,
        source: run.source,
        param_names: run.param_names,
        cases: &[],
        report,
        engine,
        warnings,
    }
}

impl Output for Junit {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.warnings = run.warnings.to_vec();
        self.report.begin(&judged(run, &run.before_its_cases(), "", &[]));
        Ok(())
    }

    fn case(&mut self, run: &Run<'_>, done: &Done<'_>) -> io::Result<()> {
        self.warnings.extend(done.warning());
        self.report.case(&judged(run, &run.before_its_cases(), "", &[]), Some(done.case), done.report)
    }

    fn end(&mut self, run: &Run<'_>, ending: &Ending<'_>) -> io::Result<()> {
        self.warnings.extend(warnings(ending));
        let compile_error = ending.compile_error.cloned();
        let report = Report { verdict: ending.verdict, compile_error, ..run.before_its_cases() };
        self.report.end(&judged(run, &report, &run.engine.words(), &self.warnings))
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.report.finish(BufWriter::with_capacity(64 << 10, &mut self.target))?;
        self.target.finish()
    }
}
