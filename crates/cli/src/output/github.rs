//! `--format github`: annotations for GitHub's checks. Of very many cases it keeps the few that are shown.

use std::io::{self, Write as _};

use deem_report::Annotations;

use super::warnings::warnings;
use super::{Done, Ending, Output, Run, Target};

pub(super) struct Github {
    target: Target,
    annotations: Annotations,
}

impl Github {
    pub(super) fn new(target: Target) -> Github {
        Github { target, annotations: Annotations::default() }
    }
}

impl Output for Github {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        for warning in run.warnings {
            self.annotations.warning(run.suite, run.solution, warning);
        }
        Ok(())
    }

    fn case(&mut self, run: &Run<'_>, done: &Done<'_>) -> io::Result<()> {
        self.annotations.case(run.suite, run.solution, Some(done.case), done.report);
        if let Some(warning) = done.warning() {
            self.annotations.warning(run.suite, run.solution, &warning);
        }
        Ok(())
    }

    fn end(&mut self, run: &Run<'_>, ending: &Ending<'_>) -> io::Result<()> {
        for warning in warnings(ending) {
            self.annotations.warning(run.suite, run.solution, &warning);
        }
        self.annotations.end(run.suite, run.solution, ending.verdict, ending.compile_error);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.target.write_all(self.annotations.finish().as_bytes())?;
        self.target.finish()
    }
}
