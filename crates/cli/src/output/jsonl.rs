//! `--format jsonl`: an object a line, for each case as it is done, and a summary after the last one.

use std::io::{self, Write as _};

use serde::Serialize;

use super::json::{CaseRow, Report};
use super::{Done, Ending, Output, Run, Target};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Case {
        suite: &'a str,
        solution: &'a str,
        #[serde(flatten)]
        row: CaseRow,
    },
    /// As the JSON report, without its cases.
    Summary(Report),
}

pub(super) struct Jsonl {
    target: Target,
}

impl Jsonl {
    pub(super) fn new(target: Target) -> Jsonl {
        Jsonl { target }
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        // In one piece: whoever reads along sees no half of a line.
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.target.write_all(&text)?;
        self.target.flush()
    }
}

impl Output for Jsonl {
    fn case(&mut self, run: &Run<'_>, done: &Done<'_>) -> io::Result<()> {
        self.line(&Line::Case { suite: run.suite, solution: run.solution, row: CaseRow::new(done) })
    }

    fn end(&mut self, run: &Run<'_>, ending: &Ending<'_>) -> io::Result<()> {
        self.line(&Line::Summary(Report::new(run, ending, None)))
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.target.finish()
    }
}
