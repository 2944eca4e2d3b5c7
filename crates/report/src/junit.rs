use std::fmt;
use std::io::{self, Cursor, Read, Seek, Write};
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
    let unwritten = |error: io::Error| ReportError { form: "JUnit", why: error.to_string() };
    written(judged).map_err(unwritten)
}

fn written(judged: &[Judged]) -> io::Result<String> {
    let mut report = Junit::new(Cursor::new(Vec::new()));
    for judged in judged {
        report.begin(judged);
        for (case, of_case) in judged.cases() {
            report.case(judged, case, of_case)?;
        }
        report.end(judged)?;
    }
    let mut text = Vec::new();
    report.finish(&mut text)?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// [`junit`]'s report, made while submissions are judged, for any number of cases: they are written to a file at once, and to the
/// report at the end, for how many they are and how long they took stands before them there.
///
/// Of what [`Judged`] says it needs no cases and none of their reports.
pub struct Junit<F> {
    /// Without cases.
    report: Report,
    /// The cases of all suites, one after the other.
    cases: F,
    /// How long those of each suite are, in bytes.
    lengths: Vec<u64>,
}

impl<F: Read + Write + Seek> Junit<F> {
    /// A report whose cases are kept in this file, which is empty.
    pub fn new(cases: F) -> Junit<F> {
        Junit { report: Report::new("deem"), cases, lengths: Vec::new() }
    }

    /// A submission is judged next.
    pub fn begin(&mut self, judged: &Judged) {
        let mut suite = TestSuite::new(name(judged));
        suite.set_time(Duration::ZERO);
        self.report.test_suites.push(suite);
        self.lengths.push(0);
    }

    /// What became of one of its cases.
    ///
    /// # Errors
    /// If it cannot be written to the file.
    pub fn case(&mut self, judged: &Judged, case: Option<&Case>, report: &CaseReport) -> io::Result<()> {
        self.add(judged, test_case(judged, case, report))
    }

    /// What became of the submission, after its cases.
    ///
    /// # Errors
    /// If it does not compile, and that cannot be written to the file.
    pub fn end(&mut self, judged: &Judged) -> io::Result<()> {
        if let Some(error) = &judged.report.compile_error {
            let message = format!("does not compile: {}", error.headline());
            let status = failed(Verdict::CompileError, &message, &stack(judged, error));
            self.add(judged, TestCase::new("compile", status))?;
        }
        let Some(suite) = self.report.test_suites.last_mut() else { return Ok(()) };
        suite.add_properties([
            Property::new("verdict", judged.report.verdict.code()),
            Property::new("engine", Excerpt::line(judged.engine, MESSAGE)),
            Property::new("seed", judged.report.rules.seed.to_string()),
        ]);
        if !judged.warnings.is_empty() {
            suite.set_system_err(Excerpt::of(judged.warnings.join("\n"), DETAILS).to_string());
        }
        Ok(())
    }

    /// Writes the report.
    ///
    /// # Errors
    /// If it cannot be written, or the cases cannot be read from their file; or if a submission has not ended.
    pub fn finish(mut self, mut to: impl Write) -> io::Result<()> {
        let suites = std::mem::take(&mut self.report.test_suites);
        self.report.set_time(total(suites.iter().map(|suite| suite.time)));
        self.report.add_test_suites(suites);
        let text = self.report.to_string().map_err(io::Error::other)?;
        let mut rest = text.as_str();
        self.cases.rewind()?;
        for length in self.lengths {
            // Each suite has its properties, after which the cases come. No text in XML has a `<` in it.
            let end = rest.find(PROPERTIES_END).ok_or_else(|| io::Error::other("a submission has not ended"))?;
            let (before, after) = rest.split_at(end + PROPERTIES_END.len());
            to.write_all(before.as_bytes())?;
            io::copy(&mut Read::by_ref(&mut self.cases).take(length), &mut to)?;
            rest = after;
        }
        to.write_all(rest.as_bytes())?;
        to.flush()
    }

    fn add(&mut self, judged: &Judged, mut case: TestCase) -> io::Result<()> {
        let (Some(suite), Some(length)) = (self.report.test_suites.last_mut(), self.lengths.last_mut()) else {
            return Ok(());
        };
        case.set_classname(suite.name.clone());
        case.extra.insert("file".into(), Excerpt::line(judged.solution, MESSAGE).into());
        suite.set_time(suite.time.unwrap_or_default().saturating_add(case.time.unwrap_or_default()));
        suite.add_test_case(case); // which counts it
        let text = alone(suite.test_cases.drain(..))?;
        *length += text.len() as u64;
        self.cases.write_all(text.as_bytes())
    }
}

const PROPERTIES_END: &str = "</properties>";

/// A suite's cases as they stand in a report, each after a line's end.
fn alone(cases: impl Iterator<Item = TestCase>) -> io::Result<String> {
    let mut suite = TestSuite::new("");
    suite.add_test_cases(cases);
    let mut report = Report::new("");
    report.add_test_suite(suite);
    let text = report.to_string().map_err(io::Error::other)?;
    let (from, to) = (text.find("\n        <testcase"), text.rfind("\n    </testsuite>"));
    let cases = from.zip(to).and_then(|(from, to)| text.get(from..to));
    cases.map(str::to_owned).ok_or_else(|| io::Error::other("a test case is not where it must be"))
}

/// Readers tell test cases apart by class and name alone, and a suite may have judged several submissions.
fn name(judged: &Judged) -> String {
    Excerpt::line(format_args!("{} ({})", judged.suite, judged.solution), MESSAGE)
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
