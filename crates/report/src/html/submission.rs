use deem_case::{CaseReport, Usage, Verdict};
use serde::Serialize;

use super::bounds::{Bounds, MESSAGE, NAME, WARNINGS, choose};
use super::chart::{Axis, Chart, Measured, case_name};
use super::failure::{Failure, Thrown};
use super::page::title;
use super::source::{Errors, Source};
use crate::Judged;
use crate::excerpt::Excerpt;
use crate::quantity::{count, memory, thousands, time};
use crate::spent::Spent;
use crate::words::{Reason, thrown};

/// One submission's part of the page.
#[derive(Serialize)]
pub(super) struct Submission {
    number: usize,
    suite: String,
    solution: String,
    code: &'static str,
    title: &'static str,
    /// Where the first case that is not AC is told of.
    summary: String,
    facts: Vec<(&'static str, String)>,
    warnings: Vec<String>,
    compile_error: Option<Thrown>,
    /// Which time it is that rows and charts have.
    clock: &'static str,
    rows: Vec<Row>,
    rows_left_out: Option<String>,
    charts: Vec<Chart>,
    failures: Vec<Failure>,
    failures_left_out: Option<String>,
    source: Source,
}

/// A case in the grid and in the table.
#[derive(Serialize)]
struct Row {
    number: usize,
    name: String,
    code: &'static str,
    title: &'static str,
    time: Option<String>,
    memory: Option<String>,
    /// Why it is not AC.
    note: Option<String>,
    /// Whether more is told of it.
    is_detailed: bool,
}

fn is_failure(report: &CaseReport) -> bool {
    !matches!(report.verdict, Verdict::Accepted | Verdict::Skipped)
}

impl Submission {
    pub(super) fn new(number: usize, judged: &Judged, bounds: &Bounds) -> Submission {
        let report = judged.report;
        let cases: Vec<_> = judged.cases().collect();
        let rows = choose(&cases, bounds.rows, |(_, report)| is_failure(report));
        let failed: Vec<usize> = (0..cases.len()).filter(|&index| is_failure(cases[index].1)).collect();
        let detailed = &failed[..failed.len().min(bounds.failures)];
        let href = |index: usize| -> Option<String> {
            let kind = if detailed.binary_search(&index).is_ok() {
                "d"
            } else if rows.binary_search(&index).is_ok() {
                "c"
            } else {
                return None;
            };
            Some(format!("#s{number}-{kind}{}", index + 1))
        };
        let mut errors = Errors::default();
        if let Some(error) = &report.compile_error {
            errors.add(error, "does not compile".to_owned(), None);
        }
        for (index, (_, report)) in cases.iter().enumerate() {
            if let Some(exception) = thrown(report) {
                errors.add(exception, format!("case {}", Excerpt::line(&report.id, NAME)), href(index));
            }
        }
        let mut spent = Spent::default();
        for (index, report) in report.cases.iter().enumerate() {
            if let Some(execution) = &report.execution {
                spent.add(index + 1, &execution.usage);
            }
        }
        let row = |&index: &usize| {
            let (case, report) = cases[index];
            let usage = report.execution.as_ref().map(|execution| &execution.usage);
            Row {
                number: index + 1,
                name: Excerpt::line(&report.id, NAME),
                code: report.verdict.code(),
                title: title(report.verdict),
                time: usage.map(|usage| time(usage.time())),
                memory: usage.and_then(Usage::memory).map(memory),
                note: is_failure(report).then(|| Excerpt::line(Reason(case, report), NAME)),
                is_detailed: detailed.binary_search(&index).is_ok(),
            }
        };
        Submission {
            number,
            suite: Excerpt::line(judged.suite, NAME),
            solution: Excerpt::line(judged.solution, NAME),
            code: report.verdict.code(),
            title: title(report.verdict),
            summary: match report.compile_error {
                Some(_) => "no case was run".to_owned(),
                None => summary(&report.cases),
            },
            facts: facts(judged, &spent),
            warnings: warnings(judged.warnings),
            compile_error: report.compile_error.as_ref().map(|error| Thrown::new(judged, error)),
            clock: spent.clock(),
            rows: rows.iter().map(row).collect(),
            rows_left_out: left_out(cases.len() - rows.len(), "case"),
            charts: charts(&report.cases, &spent),
            failures: detailed
                .iter()
                .map(|&index| Failure::new(judged, index + 1, cases[index].0, cases[index].1))
                .collect(),
            failures_left_out: left_out(failed.len() - detailed.len(), "failure"),
            source: Source::new(judged.source, &errors, bounds.lines),
        }
    }
}

fn left_out(number: usize, what: &str) -> Option<String> {
    (number > 0).then(|| count(number, what))
}

fn warnings(all: &[String]) -> Vec<String> {
    let shown = all.iter().take(WARNINGS).map(|warning| Excerpt::of(warning, MESSAGE).to_string());
    let rest = all.len().saturating_sub(WARNINGS);
    shown.chain(left_out(rest, "warning").map(|rest| format!("{rest} more not shown."))).collect()
}

/// `61 of 63 cases accepted: 1 WA, 1 RE`.
fn summary(reports: &[CaseReport]) -> String {
    use Verdict::*;
    let of = |verdict| reports.iter().filter(|report| report.verdict == verdict).count();
    let others = [
        WrongAnswer,
        RuntimeError,
        TimeLimitExceeded,
        MemoryLimitExceeded,
        OutputLimitExceeded,
        CompileError,
        InternalError,
        Skipped,
    ];
    let others: Vec<String> = others
        .into_iter()
        .map(|verdict| (verdict, of(verdict)))
        .filter(|(_, number)| *number > 0)
        .map(|(verdict, number)| format!("{} {verdict}", thousands(number)))
        .collect();
    let separator = if others.is_empty() { "" } else { ": " };
    let all = count(reports.len(), "case");
    format!("{} of {all} accepted{separator}{}", thousands(of(Accepted)), others.join(", "))
}

fn facts(judged: &Judged, spent: &Spent) -> Vec<(&'static str, String)> {
    let rules = &judged.report.rules;
    let limits = &rules.limits;
    let mut facts = vec![
        ("solution", Excerpt::line(judged.solution, NAME)),
        ("engine", Excerpt::line(judged.engine, NAME)),
        ("seed", rules.seed.to_string()),
        (
            "limits",
            format!("processor time {}, wall time {}, heap {}", time(limits.cpu), time(limits.wall), limits.heap),
        ),
    ];
    facts.extend(spent.times().zip(spent.longest()).map(|(times, longest)| {
        let id = &judged.report.cases[longest - 1].id;
        let case = if judged.report.cases.len() > 1 { format!(" ({})", case_name(longest, id)) } else { String::new() };
        (spent.clock(), times + &case)
    }));
    facts.extend(spent.most_memory().map(|most| ("memory", format!("max {most}"))));
    facts
}

fn charts(reports: &[CaseReport], spent: &Spent) -> Vec<Chart> {
    type Measure = fn(&Usage) -> Option<f64>;
    let charts: [(Axis, Measure); 2] = [
        (
            Axis {
                title: spent.clock(),
                is_logarithmic: true,
                show: |seconds| {
                    time(std::time::Duration::try_from_secs_f64(seconds).unwrap_or(std::time::Duration::MAX))
                },
            },
            |usage| Some(usage.time().as_secs_f64()),
        ),
        (
            Axis { title: "memory", is_logarithmic: false, show: |bytes| memory(deem_case::Bytes(bytes as usize)) },
            |usage| usage.memory().map(|bytes| bytes.0 as f64),
        ),
    ];
    let measured = |measure: Measure| -> Vec<Measured> {
        let usages = reports.iter().enumerate();
        let usages = usages.filter_map(|(index, report)| Some((index, report, &report.execution.as_ref()?.usage)));
        usages
            .filter_map(|(index, report, usage)| {
                let (number, id) = (index + 1, report.id.as_str());
                Some(Measured { number, id, verdict: report.verdict, value: measure(usage)? })
            })
            .collect()
    };
    charts.iter().filter_map(|(axis, measure)| Chart::new(axis, &measured(*measure))).collect()
}
