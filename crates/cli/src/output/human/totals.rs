use std::fmt;

use deem_core::{CaseReport, Verdict};
use deem_report::Spent;

use super::failure::MOST_OF_AN_ID;
use super::palette::{BOLD, DIM, look, paint};
use super::text::{bounded, in_line};
use crate::output::Ending;

/// What the last lines say of all cases.
#[derive(Default)]
pub(super) struct Totals {
    verdicts: Counts,
    spent: Spent,
    /// The id of the case that took longest.
    longest: String,
    /// The first case that is not AC, or that is IE: the one whose verdict is the suite's.
    decisive: Option<(Verdict, usize, String)>,
}

impl Totals {
    pub(super) fn add(&mut self, number: usize, report: &CaseReport) {
        self.verdicts.add(report.verdict);
        let is_decisive = match (&self.decisive, report.verdict) {
            (_, Verdict::Accepted) => false,
            (None, _) => true,
            (Some((before, ..)), now) => now == Verdict::InternalError && *before != Verdict::InternalError,
        };
        if is_decisive {
            self.decisive = Some((report.verdict, number, report.id.clone()));
        }
        let Some(execution) = &report.execution else { return };
        self.spent.add(number, &execution.usage);
        if self.spent.longest() == Some(number) {
            self.longest.clone_from(&report.id);
        }
    }

    /// Which time it is that is told of cases.
    pub(super) fn clock(&self) -> &'static str {
        self.spent.clock()
    }

    /// `processor time  p50 0.08 ms · p95 0.12 ms · max 0.41 ms (case 217 "big-array")   memory  max 3.1 MiB`, and its end;
    /// nothing, if no case was run.
    pub(super) fn measured(&self) -> String {
        let Some(times) = self.spent.times() else { return String::new() };
        let mut line = format!("{}  {times}{}", self.spent.clock(), self.longest());
        if let Some(memory) = self.spent.most_memory() {
            line += &format!("   memory  max {memory}");
        }
        paint(DIM, &line) + "\n"
    }

    /// The same in short, to be at the end of a line.
    pub(super) fn measured_in_short(&self) -> String {
        let Some(most) = self.spent.most_time() else { return String::new() };
        let mut text = format!("   {}  max {most}{}", self.spent.clock(), self.longest());
        if let Some(memory) = self.spent.most_memory() {
            text += &format!("   memory  max {memory}");
        }
        paint(DIM, &text)
    }

    /// ` (case 217 "big-array")`: which one took longest, where there are several.
    fn longest(&self) -> String {
        match self.spent.longest() {
            Some(number) if self.spent.count() > 1 => format!(" (case {})", named(number, &self.longest)),
            _ => String::new(),
        }
    }

    /// `sum  ✗ Wrong Answer on case 21 "duplicates"   60/63 passed (1 WA, 2 RE)`
    pub(super) fn line(&self, name: &str, ending: &Ending<'_>) -> String {
        let look = look(ending.verdict);
        let mut line = format!("{}  ", paint(BOLD, &in_line(name)));
        line += &paint(look.style, &format!("{} {}", look.mark, look.words));
        if let Some((verdict, number, id)) = &self.decisive
            && *verdict == ending.verdict
        {
            line += &format!(" on case {}", named(*number, id));
        }
        line += &format!("   {}/{} passed", ending.passed, ending.total);
        let failed = self.verdicts.without(Verdict::Accepted);
        if !failed.is_empty() {
            line += &format!(" ({failed})");
        }
        line
    }
}

/// `21 "duplicates"`, and no id that says nothing more than the number.
pub(super) fn named(number: usize, id: &str) -> String {
    if id == number.to_string() { id.to_owned() } else { format!("{number} \"{}\"", bounded(&id, MOST_OF_AN_ID)) }
}

/// How often each verdict came: `2 WA, 1 RE`, in the order in which they first came.
#[derive(Default)]
pub(super) struct Counts(Vec<(Verdict, usize)>);

impl Counts {
    pub(super) fn add(&mut self, verdict: Verdict) {
        match self.0.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, count)) => *count += 1,
            None => self.0.push((verdict, 1)),
        }
    }

    pub(super) fn all(&self) -> usize {
        self.0.iter().map(|(_, count)| count).sum()
    }

    fn without(&self, verdict: Verdict) -> Counts {
        Counts(self.0.iter().copied().filter(|(other, _)| *other != verdict).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (verdict, count)) in self.0.iter().enumerate() {
            write!(f, "{}{count} {verdict}", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}
