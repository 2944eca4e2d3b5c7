use deem_case::{Case, CaseReport, Exception, Execution, Expected, Limits, Outcome, Usage};
use serde::Serialize;

use super::bounds::{MESSAGE, NAME, TEXT};
use super::marked::{Marked, marked};
use super::source::{Line, frame};
use crate::Judged;
use crate::excerpt::Excerpt;
use crate::quantity::{memory, time};
use crate::words::{Arguments, Reason, Wanted, thrown};

/// How many calls of a stack are shown.
const CALLS: usize = 20;

/// All that is known of a case that is not AC.
#[derive(Serialize)]
pub(super) struct Failure {
    number: usize,
    name: String,
    code: &'static str,
    title: &'static str,
    reason: String,
    input: Option<String>,
    expected: Option<Marked>,
    actual: Option<Marked>,
    error: Option<Thrown>,
    console: Option<String>,
    usage: Option<String>,
}

/// What was thrown, and where.
#[derive(Serialize)]
pub(super) struct Thrown {
    headline: String,
    place: Option<String>,
    frame: Option<Line>,
    stack: Vec<String>,
}

impl Failure {
    pub(super) fn new(judged: &Judged, number: usize, case: Option<&Case>, report: &CaseReport) -> Failure {
        let execution = report.execution.as_ref();
        let (expected, actual) = answers(case, execution);
        Failure {
            number,
            name: Excerpt::line(&report.id, NAME),
            code: report.verdict.code(),
            title: super::page::title(report.verdict),
            reason: Excerpt::of(Reason(case, report), MESSAGE).to_string(),
            input: case.map(|case| Excerpt::of(Arguments(&case.args, judged.param_names), TEXT).to_string()),
            expected,
            actual,
            error: thrown(report).map(|exception| Thrown::new(judged, exception)),
            console: execution
                .filter(|execution| execution.console.written() > 0)
                .map(|execution| Excerpt::of(&execution.console, TEXT).to_string()),
            usage: execution.map(|execution| used(&execution.usage, &judged.report.rules.limits)),
        }
    }
}

/// What was expected, and what was returned, with what differs marked where both are values.
fn answers(case: Option<&Case>, execution: Option<&Execution>) -> (Option<Marked>, Option<Marked>) {
    let actual = match execution.map(|execution| &execution.result) {
        Some(Ok(Outcome::Returned(value))) => Some(value),
        _ => None,
    };
    match (case.map(|case| &case.expected), actual) {
        (Some(Expected::Value(expected)), Some(actual)) => {
            let (expected, actual) = marked(expected, actual);
            (Some(expected), Some(actual))
        }
        (expected, actual) => (expected.map(|expected| Marked::plain(Wanted(expected))), actual.map(Marked::plain)),
    }
}

/// What a case took, each quantity beside its limit.
fn used(usage: &Usage, limits: &Limits) -> String {
    let mut parts = vec![format!("wall time {} of {}", time(usage.wall), time(limits.wall))];
    parts.extend(usage.cpu.map(|cpu| format!("processor time {} of {}", time(cpu), time(limits.cpu))));
    parts.extend(usage.gc.map(|gc| format!("collecting garbage {}", time(gc))));
    parts.extend(usage.heap.map(|heap| format!("heap {} of {}", memory(heap), memory(limits.heap))));
    parts.extend(usage.external.map(|held| format!("array buffers {} of {}", memory(held), memory(limits.external))));
    parts.push(format!("output {} of {}", memory(usage.output), memory(limits.output)));
    parts.join(" · ")
}

impl Thrown {
    pub(super) fn new(judged: &Judged, exception: &Exception) -> Thrown {
        let place = |line, column| format!("{}:{line}:{column}", Excerpt::line(judged.solution, NAME));
        let mut stack: Vec<String> = exception.stack.iter().take(CALLS).map(|call| Excerpt::line(call, NAME)).collect();
        if exception.stack.len() > CALLS {
            stack.push(format!(".. {} calls more", exception.stack.len() - CALLS));
        }
        Thrown {
            headline: Excerpt::of(exception.headline(), MESSAGE).to_string(),
            place: exception.line.zip(exception.column).map(|(line, column)| place(line, column)),
            frame: frame(judged.source, exception),
            stack,
        }
    }
}
