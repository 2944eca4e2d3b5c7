use std::fmt;
use std::time::Duration;

use deem_case::{Case, CaseReport, Exception, Outcome, Verdict};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::excerpt::Excerpt;
use crate::words::{Arguments, Reason, Wanted, thrown};
use crate::{Judged, ReportError};

/// How much of a message, and of each of a case's details, is in the report, in bytes. CI servers keep all in memory.
const MESSAGE: usize = 1 << 10;
const DETAILS: usize = 16 << 10;

/// The report as JUnit XML, as CI servers read it: a test suite for each submission, a test case for each case.
///
/// WA is a failure, SK is skipped, and what else is not AC an error. A program that does not compile is one test case
/// that says so. What a case wrote to its console is its `system-out`, the warnings are the suite's `system-err`, and
/// time is wall time.
///
/// # Errors
/// If the XML cannot be written.
pub fn junit(judged: &[Judged]) -> Result<String, ReportError> {
    let mut report = Report::new("deem");
    report.add_test_suites(judged.iter().map(suite));
    let time = total(report.test_suites.iter().map(|suite| suite.time));
    report.set_time(time);
    report.to_string().map_err(|error| ReportError { form: "JUnit", why: error.to_string() })
}

fn suite(judged: &Judged) -> TestSuite {
    // Readers tell test cases apart by class and name alone, and a suite may have judged several submissions.
    let name = Excerpt::line(format_args!("{} ({})", judged.suite, judged.solution), MESSAGE);
    let mut suite = TestSuite::new(name.clone());
    suite.add_properties([
        Property::new("verdict", judged.report.verdict.code()),
        Property::new("engine", Excerpt::line(judged.engine, MESSAGE)),
        Property::new("seed", judged.report.rules.seed.to_string()),
    ]);
    let mut add = |mut case: TestCase| {
        case.set_classname(name.clone());
        case.extra.insert("file".into(), Excerpt::line(judged.solution, MESSAGE).into());
        suite.add_test_case(case);
    };
    if let Some(error) = &judged.report.compile_error {
        let message = format!("does not compile: {}", error.headline());
        add(TestCase::new("compile", failed(Verdict::CompileError, &message, &stack(judged, error))));
    }
    for (case, report) in judged.cases() {
        add(test_case(judged, case, report));
    }
    let time = total(suite.test_cases.iter().map(|case| case.time));
    suite.set_time(time);
    if !judged.warnings.is_empty() {
        suite.set_system_err(Excerpt::of(judged.warnings.join("\n"), DETAILS).to_string());
    }
    suite
}

fn total(times: impl Iterator<Item = Option<Duration>>) -> Duration {
    times.flatten().fold(Duration::ZERO, Duration::saturating_add)
}

fn test_case(judged: &Judged, case: Option<&Case>, report: &CaseReport) -> TestCase {
    let status = match report.verdict {
        Verdict::Accepted => TestCaseStatus::success(),
        Verdict::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("not run");
            status
        }
        verdict => failed(verdict, Reason(case, report), &details(judged, case, report)),
    };
    let mut test_case = TestCase::new(Excerpt::line(&report.id, MESSAGE), status);
    if let Some(execution) = &report.execution {
        test_case.set_time(execution.usage.wall);
        if execution.console.written() > 0 {
            test_case.set_system_out(Excerpt::of(&execution.console, DETAILS).to_string());
        }
    }
    test_case
}

fn failed(verdict: Verdict, message: impl fmt::Display, details: &str) -> TestCaseStatus {
    let kind = if verdict == Verdict::WrongAnswer { NonSuccessKind::Failure } else { NonSuccessKind::Error };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(verdict.code());
    status.set_message(Excerpt::line(message, MESSAGE));
    status.set_description(details);
    status
}

/// What is to be known of a case that is not AC, line by line.
fn details(judged: &Judged, case: Option<&Case>, report: &CaseReport) -> String {
    let mut lines = Vec::new();
    if let Some(case) = case {
        lines.push(format!("input: {}", Excerpt::of(Arguments(&case.args, judged.param_names), DETAILS)));
        lines.push(format!("expected: {}", Excerpt::of(Wanted(&case.expected), DETAILS)));
    }
    if let Some(execution) = &report.execution {
        if let Ok(Outcome::Returned(value)) = &execution.result {
            lines.push(format!("actual: {}", Excerpt::of(value, DETAILS)));
        }
        lines.push(execution.usage.beside(&judged.report.rules.limits).to_string());
    }
    lines.extend(thrown(report).map(|exception| stack(judged, exception)));
    lines.join("\n")
}

/// What was thrown, where, and through which calls.
fn stack(judged: &Judged, exception: &Exception) -> String {
    let mut text = exception.headline();
    if let (Some(line), Some(column)) = (exception.line, exception.column) {
        text += &format!("\n    in {}:{line}:{column}", judged.solution);
    }
    for call in &exception.stack {
        text += &format!("\n    at {call}");
    }
    Excerpt::of(text, DETAILS).to_string()
}
