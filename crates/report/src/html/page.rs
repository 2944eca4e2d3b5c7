use deem_case::Verdict;
use serde::Serialize;

use super::bounds::{Bounds, SUBMISSIONS, choose};
use super::submission::Submission;
use crate::Judged;
use crate::quantity::{count, thousands};

/// The whole page.
#[derive(Serialize)]
pub(super) struct Page {
    title: String,
    summary: String,
    submissions: Vec<Submission>,
    left_out: Option<String>,
}

impl Page {
    pub(super) fn new(judged: &[Judged]) -> Page {
        let accepted = |judged: &Judged| judged.report.verdict == Verdict::Accepted;
        let chosen = choose(judged, SUBMISSIONS, |judged| !accepted(judged));
        let bounds = Bounds::of(chosen.len());
        let submissions: Vec<Submission> =
            chosen.iter().map(|&index| Submission::new(index + 1, &judged[index], &bounds)).collect();
        let left_out = judged.len() - submissions.len();
        let right = judged.iter().filter(|judged| accepted(judged)).count();
        Page {
            title: match judged {
                [one] => crate::excerpt::Excerpt::line(one.suite, super::bounds::NAME),
                _ => count(judged.len(), "submission"),
            },
            summary: format!("{} of {} accepted", thousands(right), count(judged.len(), "submission")),
            submissions,
            left_out: (left_out > 0).then(|| count(left_out, "submission")),
        }
    }
}
/// The verdict in words.
pub(super) fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "Accepted",
        Verdict::WrongAnswer => "Wrong answer",
        Verdict::TimeLimitExceeded => "Time limit exceeded",
        Verdict::MemoryLimitExceeded => "Memory limit exceeded",
        Verdict::OutputLimitExceeded => "Output limit exceeded",
        Verdict::RuntimeError => "Runtime error",
        Verdict::CompileError => "Compile error",
        Verdict::InternalError => "Internal error",
        Verdict::Skipped => "Skipped",
    }
}
