use std::fmt::Write;

use deem_case::{Case, CaseReport, Exception, Verdict};

use crate::Judged;
use crate::excerpt::Excerpt;
use crate::quantity::count;
use crate::words::{Reason, thrown};

/// How many errors, and how many warnings, GitHub shows of one step.
const SHOWN: usize = 10;

/// How much there is of a title, and of a message, in bytes.
const TITLE: usize = 256;
const MESSAGE: usize = 4 << 10;

/// The report as annotations for GitHub's checks: workflow commands, one a line, to be printed in a step of an action.
///
/// Each case that is neither AC nor SK is an error, at the line where it threw if it did, and each warning a warning. GitHub shows the
/// first ten of either, so there are no more; the notice at the end counts them all.
pub fn github(judged: &[Judged]) -> String {
    let mut annotations = Annotations::default();
    for each in judged {
        for warning in each.warnings {
            annotations.warning(each.suite, each.solution, warning);
        }
        for (case, report) in each.cases() {
            annotations.case(each.suite, each.solution, case, report);
        }
        annotations.end(each.suite, each.solution, each.report.verdict, each.report.compile_error.as_ref());
    }
    annotations.finish()
}

/// [`github`]'s report, made while submissions are judged. However many cases there are, it is as long as ten errors and ten warnings.
#[derive(Debug)]
pub struct Annotations {
    lines: String,
    errors: Kind,
    warnings: Kind,
    accepted_cases: usize,
    cases: usize,
    accepted: usize,
    submissions: usize,
}

impl Default for Annotations {
    fn default() -> Annotations {
        Annotations {
            lines: String::new(),
            errors: Kind { command: "error", shown: 0, left_out: 0 },
            warnings: Kind { command: "warning", shown: 0, left_out: 0 },
            accepted_cases: 0,
            cases: 0,
            accepted: 0,
            submissions: 0,
        }
    }
}

impl Annotations {
    /// What is to be known of a submission's verdicts.
    pub fn warning(&mut self, suite: &str, solution: &str, what: &str) {
        self.warnings.add(&mut self.lines, solution, None, suite, what);
    }

    /// What became of one of its cases.
    pub fn case(&mut self, suite: &str, solution: &str, case: Option<&Case>, report: &CaseReport) {
        self.cases += 1;
        match report.verdict {
            Verdict::Accepted => self.accepted_cases += 1,
            Verdict::Skipped => {}
            verdict => {
                let title = format!("{suite}: {verdict} in case {}", report.id);
                self.errors.add(&mut self.lines, solution, thrown(report), &title, Reason(case, report));
            }
        }
    }

    /// What became of a submission, after its cases.
    pub fn end(&mut self, suite: &str, solution: &str, verdict: Verdict, compile_error: Option<&Exception>) {
        self.submissions += 1;
        self.accepted += usize::from(verdict == Verdict::Accepted);
        if let Some(error) = compile_error {
            let title = format!("{suite}: {}", Verdict::CompileError);
            self.errors.add(&mut self.lines, solution, Some(error), &title, error.headline());
        }
    }

    /// The report.
    pub fn finish(mut self) -> String {
        let summary = format!(
            "{} of {} and {} of {} accepted{}{}",
            self.accepted,
            count(self.submissions, "submission"),
            self.accepted_cases,
            count(self.cases, "case"),
            self.errors.rest(),
            self.warnings.rest(),
        );
        let _ = writeln!(self.lines, "::notice title=deem::{}", message(summary));
        self.lines
    }
}

#[derive(Debug)]
struct Kind {
    command: &'static str,
    shown: usize,
    left_out: usize,
}

impl Kind {
    fn add(
        &mut self,
        lines: &mut String,
        solution: &str,
        thrown: Option<&Exception>,
        title: &str,
        what: impl std::fmt::Display,
    ) {
        if self.shown == SHOWN {
            self.left_out += 1;
            return;
        }
        self.shown += 1;
        // Writing to a string does not fail.
        let _ = write!(lines, "::{} file={}", self.command, property(solution));
        if let Some(Exception { line: Some(line), column, .. }) = thrown {
            let _ = write!(lines, ",line={line}");
            if let Some(column) = column {
                let _ = write!(lines, ",col={column}");
            }
        }
        let _ = writeln!(lines, ",title={}::{}", property(&Excerpt::line(title, TITLE)), message(what));
    }

    fn rest(&self) -> String {
        match self.left_out {
            0 => String::new(),
            left_out => format!("; {} not shown here", count(left_out, self.command)),
        }
    }
}

/// A command's message, escaped as `toCommandValue` and `escapeData` of GitHub's own toolkit do.
fn message(text: impl std::fmt::Display) -> String {
    Excerpt::of(text, MESSAGE).to_string().replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, in which two characters more are escaped.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
