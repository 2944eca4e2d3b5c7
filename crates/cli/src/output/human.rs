//! `--format human`: what people read. The cases as a strip, a table of those that failed, each failure, and last of all the verdict.

mod answers;
mod failure;
mod frame;
mod lines;
mod palette;
mod place;
mod strip;
mod table;
pub(super) mod text;
mod totals;

use std::io;

use deem_core::{Confirmation, Limits, Outcome, Verdict};

pub(crate) use self::failure::{line as failure_line, quoted};
use self::palette::{BOLD, DIM, paint};
use self::totals::{Counts, Totals};
use crate::doubts::Doubt;

use super::{Done, Ending, OnNodeTotal, Output, Run, Target, otherwise_in_a_fresh_realm, the_rest};

/// How much of it there is.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    /// How many failures are shown whole.
    pub(crate) failures: usize,
    pub(crate) verbosity: Verbosity,
    /// In columns.
    pub(crate) width: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// The last line only.
    Quiet,
    Normal,
    /// All cases in the table, and all solutions of a list as if alone.
    Verbose,
}

pub(super) struct Human {
    target: Target,
    style: Style,
    /// Whether this is one of many runs, of which a line each is enough.
    is_list: bool,
    current: Current,
    /// The verdicts of the runs that have ended.
    ended: Counts,
}

/// What is kept of the run under way. Answers can be large: of failures there is only what will be shown.
#[derive(Default)]
struct Current {
    verdicts: Vec<Verdict>,
    table: table::Rows,
    failures: Vec<String>,
    /// The first failure in one line.
    first: Option<String>,
    /// How many failures could be shown.
    failed: usize,
    no_entry: Option<String>,
    /// What node did otherwise.
    on_node: Vec<String>,
    totals: Totals,
}

impl Human {
    pub(super) fn new(target: Target, is_list: bool, style: Style) -> Human {
        Human { target, style, is_list, current: Current::default(), ended: Counts::default() }
    }

    fn is_whole(&self) -> bool {
        match self.style.verbosity {
            Verbosity::Quiet => false,
            Verbosity::Normal => !self.is_list,
            Verbosity::Verbose => true,
        }
    }

    /// Everything before the last line.
    fn details(&self, run: &Run<'_>, ending: &Ending<'_>) -> String {
        let Current { verdicts, table, failures, failed, no_entry, .. } = &self.current;
        let width = self.style.width;
        let mut text = String::new();
        if self.style.verbosity == Verbosity::Verbose {
            text += &paint(DIM, &allowed(&run.rules.limits));
            text += "\n\n";
        }
        if let Some(error) = ending.compile_error {
            text += &failure::compile_error(run, error, ending.remedy);
        }
        if let Some(why) = ending.failure {
            text += &format!("{} {}\n\n", paint(palette::ACTUAL, "deem failed:"), text::plain(why));
        }
        if !verdicts.is_empty() {
            text += &format!("{}\n\n", strip::strip(verdicts, width));
        }
        text += no_entry.as_deref().unwrap_or_default();
        text += &table.text(self.current.totals.clock(), width);
        for failure in failures {
            text += failure;
        }
        if failures.len() < *failed {
            let more = failed - failures.len();
            text += &paint(DIM, &format!("{more} more failed: --failures {failed} shows them all"));
            text += "\n\n";
        }
        text += &self.current.totals.measured();
        text
    }

    /// That verdicts were others at first; to whoever wants to know all, that they were not.
    fn confirmation(&self, confirmation: &Confirmation) -> String {
        if let Some(what) = otherwise_in_a_fresh_realm(confirmation) {
            return format!("{} {what}\n", paint(palette::WARNING, "frozen realm:"));
        }
        let (verbosity, again) = (self.style.verbosity, confirmation.again);
        if verbosity != Verbosity::Verbose || again == 0 {
            return String::new();
        }
        let cases = if again == 1 { "1 case was".to_owned() } else { format!("{again} cases were") };
        let text = format!("{cases} run again in a fresh realm, with the same verdict{}", the_rest(confirmation));
        paint(DIM, &text) + "\n"
    }

    /// What node did otherwise, or that it did the same.
    fn on_node(&self, total: &OnNodeTotal<'_>) -> String {
        if total.differ == 0 && total.in_compiling.is_none() {
            return paint(DIM, "node does the same") + "\n";
        }
        let cases = if total.differ == 1 { "1 case".to_owned() } else { format!("{} cases", total.differ) };
        let mut text = match total.in_compiling {
            Some(what) => format!("{} {}\n", paint(palette::WARNING, "node differs:"), text::in_line(what)),
            None => format!("{} in {cases}\n", paint(palette::WARNING, "node differs:")),
        };
        text += &self.current.on_node.concat();
        if self.current.on_node.len() < total.differ {
            text += "  ..\n";
        }
        text
    }
}

impl Output for Human {
    fn case(&mut self, run: &Run<'_>, done: &Done<'_>) -> io::Result<()> {
        let Done { number, case, report, on_node } = *done;
        let (is_whole, style) = (self.is_whole(), self.style);
        let current = &mut self.current;
        current.verdicts.push(report.verdict);
        current.totals.add(number, report);
        if let Some(difference) = on_node
            && current.on_node.len() < style.failures
        {
            let case = totals::named(number, &report.id);
            current.on_node.push(format!("  case {case}: {}\n", text::bounded(&difference, 400)));
        }
        let is_failure = !matches!(report.verdict, Verdict::Accepted | Verdict::Skipped);
        if is_failure {
            current.first.get_or_insert_with(|| failure_line(case, report));
        }
        if let Some(Ok(Outcome::NoEntry(what))) = report.execution.as_ref().map(|execution| &execution.result)
            && is_whole
        {
            // Every case says it. In a table, and ten times below, it would be no clearer.
            current.no_entry.get_or_insert_with(|| failure::no_entry(run, what));
            return Ok(());
        }
        if is_failure {
            current.failed += 1;
        }
        if is_whole && (is_failure || style.verbosity == Verbosity::Verbose) {
            current.table.add(number, report);
        }
        if is_whole && is_failure && current.failures.len() < style.failures {
            current.failures.push(failure::failure(run, number, case, report, style.width));
        }
        Ok(())
    }

    fn end(&mut self, run: &Run<'_>, ending: &Ending<'_>) -> io::Result<()> {
        let mut text = if self.is_whole() { self.details(run, ending) } else { String::new() };
        if !self.is_list || self.ended.all() == 0 {
            for warning in run.warnings {
                text += &format!("{} {}\n", paint(palette::WARNING, "warning:"), text::plain(warning));
            }
        }
        if let Some(why) = ending.broken {
            text += &format!(
                "{} {}\n",
                paint(palette::WARNING, "the suite is broken after these cases:"),
                text::plain(why)
            );
        }
        if let Some(confirmation) = &ending.confirmation {
            text += &self.confirmation(confirmation);
        }
        for Doubt { kind, number, case, observed } in ending.doubts {
            let (case, observed) = (totals::named(*number, case), text::in_line(observed));
            text += &format!("{} {}: case {case} {observed}\n", paint(palette::WARNING, "doubt:"), kind.meaning());
        }
        if let Some(total) = &ending.on_node
            && (!self.is_list || total.differ > 0 || total.in_compiling.is_some())
        {
            text += &self.on_node(total);
        }
        let name = if self.is_list { format!("{}/{}", run.suite, run.solution) } else { run.suite.to_owned() };
        text += &self.current.totals.line(&name, ending);
        if !self.is_whole() {
            text += &self.current.totals.measured_in_short();
        }
        if !self.is_whole()
            && self.style.verbosity != Verbosity::Quiet
            && let Some(why) = self.current.first.take().or_else(|| failure::before_the_first_case(run, ending))
        {
            text += &format!("\n    {}", paint(DIM, &why));
        }
        text.push('\n');
        if self.is_list && self.is_whole() {
            text.push('\n');
        }
        self.ended.add(ending.verdict);
        self.current = Current::default();
        if self.is_list && self.style.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        self.target.write_styled(&text)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.is_list {
            let solutions = match self.ended.all() {
                1 => "1 solution".to_owned(),
                count => format!("{count} solutions"),
            };
            self.target.write_styled(&format!("{}: {}\n", paint(BOLD, &solutions), self.ended))?;
        }
        self.target.finish()
    }
}

/// What a case may use, in one line.
fn allowed(limits: &Limits) -> String {
    let Limits { cpu, wall, heap, external, output, stack } = limits;
    format!(
        "a case may use cpu {cpu:?}, wall {wall:?}, heap {heap}, external {external}, output {output}, stack {stack}"
    )
}

#[cfg(test)]
mod tests;
