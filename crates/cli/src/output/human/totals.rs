use std::fmt;
use std::time::Duration;

use deem_core::{Bytes, CaseReport, Verdict};

use super::palette::{BOLD, DIM, look, paint};
use super::text::{in_line, size, time};
use crate::output::Ending;

/// What the last line says of all cases.
#[derive(Default)]
pub(super) struct Totals {
    verdicts: Counts,
    slowest: Option<(Duration, usize, String)>,
    memory: Option<Bytes>,
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
        let took = execution.usage.cpu.unwrap_or(execution.usage.wall);
        if self.slowest.as_ref().is_none_or(|(slowest, ..)| took > *slowest) {
            self.slowest = Some((took, number, report.id.clone()));
        }
        self.memory = self.memory.max(memory(report));
    }

    /// `sum  ✗ Wrong Answer on case 21 "duplicates"   60/63 passed (1 WA, 2 RE)   slowest 0.41 ms (case 7)   memory 3.1 MiB`
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
        let mut measured = String::new();
        if let Some((slowest, number, id)) = &self.slowest {
            measured += &format!("   slowest {} (case {})", time(*slowest), named(*number, id));
        }
        if let Some(memory) = self.memory {
            measured += &format!("   memory {}", size(memory));
        }
        line + &paint(DIM, &measured)
    }
}

/// `21 "duplicates"`, and no id that says nothing more than the number.
pub(super) fn named(number: usize, id: &str) -> String {
    if id == number.to_string() { id.to_owned() } else { format!("{number} \"{}\"", in_line(id)) }
}

/// The memory of a case that is known of: heap and array buffers.
pub(super) fn memory(report: &CaseReport) -> Option<Bytes> {
    let usage = &report.execution.as_ref()?.usage;
    let heap = usage.heap?;
    Some(Bytes(heap.0 + usage.external.unwrap_or_default().0))
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
