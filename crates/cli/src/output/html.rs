//! `--format html`: one file for a browser, made of everything at once, without what is not on it.

use std::io::{self, Write as _};
use std::sync::Arc;

use deem_core::{Case, CaseReport, Console, Execution, Expected, Outcome, Report, Value, Verdict};
use deem_report::{Judged, MOST_DETAILED};

use super::warnings::warnings;
use super::{Done, Ending, Output, Run, Target};

pub(super) struct Html {
    target: Target,
    runs: Vec<Kept>,
    /// Stands for each case of which no more is on the page than its report says. There may be very many.
    any: Arc<Case>,
}

/// What is kept of a run until all are done.
struct Kept {
    suite: String,
    solution: String,
    source: String,
    param_names: Vec<String>,
    cases: Vec<Arc<Case>>,
    report: Report,
    /// How many of the cases are kept with all that is known of them.
    detailed: usize,
    engine: String,
    warnings: Vec<String>,
}

impl Html {
    pub(super) fn new(target: Target) -> Html {
        let any = Arc::new(Case { id: String::new(), args: Vec::new(), expected: Value::Undefined.into() });
        Html { target, runs: Vec::new(), any }
    }

    fn page(&self) -> io::Result<String> {
        let judged: Vec<Judged<'_>> = self.runs.iter().map(Kept::judged).collect();
        deem_report::html(&judged).map_err(io::Error::other)
    }
}

impl Output for Html {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.runs.push(Kept {
            suite: run.suite.to_owned(),
            solution: run.solution.to_owned(),
            source: run.source.to_owned(),
            param_names: run.param_names.to_vec(),
            cases: Vec::new(),
            report: run.before_its_cases(),
            detailed: 0,
            engine: run.engine.words(),
            warnings: run.warnings.to_vec(),
        });
        Ok(())
    }

    fn case(&mut self, _: &Run<'_>, done: &Done<'_>) -> io::Result<()> {
        let Some(kept) = self.runs.last_mut() else { return Ok(()) };
        let is_failure = !matches!(done.report.verdict, Verdict::Accepted | Verdict::Skipped);
        let (case, report) = if is_failure && kept.detailed < MOST_DETAILED {
            kept.detailed += 1;
            (Arc::new(done.case.clone()), done.report.clone())
        } else if is_failure && matches!(done.case.expected, Expected::Throws { .. }) {
            // That is a part of why it failed.
            (Arc::new(Case { args: Vec::new(), ..done.case.clone() }), in_short(done.report))
        } else {
            (self.any.clone(), in_short(done.report))
        };
        kept.cases.push(case);
        kept.report.cases.push(report);
        kept.warnings.extend(done.warning());
        Ok(())
    }

    fn end(&mut self, _: &Run<'_>, ending: &Ending<'_>) -> io::Result<()> {
        let Some(kept) = self.runs.last_mut() else { return Ok(()) };
        kept.report.verdict = ending.verdict;
        kept.report.compile_error = ending.compile_error.cloned();
        kept.warnings.extend(warnings(ending));
        kept.report.confirmation = ending.confirmation;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let page = self.page()?;
        self.target.write_all(page.as_bytes())?;
        self.target.finish()
    }
}

impl Kept {
    fn judged(&self) -> Judged<'_> {
        Judged {
            suite: &self.suite,
            solution: &self.solution,
            source: &self.source,
            param_names: &self.param_names,
            cases: &self.cases,
            report: &self.report,
            engine: &self.engine,
            warnings: &self.warnings,
        }
    }
}

/// Without the answer and the console, which are as long as they like.
fn in_short(report: &CaseReport) -> CaseReport {
    let CaseReport { id, verdict, execution, difference } = report;
    let execution = execution.as_ref().map(|Execution { result, usage, .. }| Execution {
        result: match result {
            Ok(Outcome::Returned(_)) => Ok(Outcome::Returned(Value::Undefined)),
            other => other.clone(),
        },
        usage: *usage,
        console: Console::default(),
    });
    CaseReport { id: id.clone(), verdict: *verdict, execution, difference: difference.clone() }
}

#[cfg(test)]
mod tests {
    use deem_core::{Checker, Entry, InternalError, Rules};

    use super::*;
    use crate::output::EngineFacts;

    fn case(number: usize) -> (Case, CaseReport) {
        let throws = Expected::Throws { name: Some("RangeError".to_owned()), message: None };
        let expected = if number.is_multiple_of(3) { throws } else { Value::from(1).into() };
        let case = Case { id: format!("case {number}"), args: vec![Value::from(number as f64)], expected };
        let mut execution = Execution::of(match number % 5 {
            0 => Ok(Outcome::Returned(Value::from(1))),
            1 => Ok(Outcome::NeverSettled),
            2 => Err(InternalError("a worker was killed".to_owned())),
            _ => Ok(Outcome::Returned(Value::from("an answer"))),
        });
        execution.console.write("what is written");
        let report = CaseReport::new(&case, execution, &Checker::Exact);
        (case, report)
    }

    #[test]
    fn what_is_not_kept_is_not_on_the_page() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut html = Html::new(Target::file(&folder.path().join("report.html"))?);
        let engine = EngineFacts { isolation: "sandbox".to_owned(), v8: None, node: None };
        let run = Run {
            suite: "sum",
            solution: "sum.js",
            source: "",
            entry: &Entry::Completion,
            param_names: &[],
            checker: &Checker::Exact,
            rules: &Rules::default(),
            engine: &engine,
            warnings: &[],
            again: None,
        };
        html.begin(&run)?;
        let cases: Vec<_> = (0..300).map(case).collect();
        for (index, (case, report)) in cases.iter().enumerate() {
            html.case(&run, &Done { number: index + 1, case, report, on_node: None })?;
        }
        let kept = &html.runs[0];
        assert_eq!(kept.report.cases.iter().filter(|report| **report == cases[299].1).count(), 0);
        let answers = kept.report.cases.iter().filter(|report| {
            let execution = report.execution.as_ref();
            execution.is_some_and(|execution| execution.console.written() > 0)
        });
        assert_eq!(answers.count(), MOST_DETAILED);
        let (all, reports): (Vec<_>, Vec<_>) = cases.into_iter().map(|(case, report)| (Arc::new(case), report)).unzip();
        let report = Report { cases: reports, ..kept.report.clone() };
        let whole = Judged { cases: &all, report: &report, ..kept.judged() };
        assert!(html.page()? == deem_report::html(&[whole]).map_err(io::Error::other)?);
        Ok(())
    }
}
