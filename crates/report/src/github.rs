use std::fmt::Write;

use deem_case::{Exception, Verdict};

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
    let mut lines = String::new();
    let mut errors = Kind { command: "error", shown: 0, left_out: 0 };
    let mut warnings = Kind { command: "warning", shown: 0, left_out: 0 };
    let mut accepted = 0;
    let mut total = 0;
    for each in judged {
        for warning in each.warnings {
            warnings.add(&mut lines, each, None, each.suite, warning);
        }
        if let Some(error) = &each.report.compile_error {
            let title = format!("{}: {}", each.suite, Verdict::CompileError);
            errors.add(&mut lines, each, Some(error), &title, error.headline());
        }
        for (case, report) in each.cases() {
            total += 1;
            match report.verdict {
                Verdict::Accepted => accepted += 1,
                Verdict::Skipped => {}
                verdict => {
                    let title = format!("{}: {verdict} in case {}", each.suite, report.id);
                    errors.add(&mut lines, each, thrown(report), &title, Reason(case, report));
                }
            }
        }
    }
    let summary = format!(
        "{} of {} and {accepted} of {} accepted{}{}",
        judged.iter().filter(|each| each.report.verdict == Verdict::Accepted).count(),
        count(judged.len(), "submission"),
        count(total, "case"),
        errors.rest(),
        warnings.rest(),
    );
    let _ = writeln!(lines, "::notice title=deem::{}", message(summary));
    lines
}

struct Kind {
    command: &'static str,
    shown: usize,
    left_out: usize,
}

impl Kind {
    fn add(
        &mut self,
        lines: &mut String,
        judged: &Judged,
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
        let _ = write!(lines, "::{} file={}", self.command, property(judged.solution));
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
