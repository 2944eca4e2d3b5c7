//! `--format json`: one document, when everything is done. Its shape is public, and its schema is made from these types.

use std::borrow::Cow;
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::time::Duration;

use deem_core::{Confirmation, Difference, Exception, Outcome, Usage, Verdict};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::doubts::Doubt;

use super::spool::Spool;
use super::{Done, Ending, EngineFacts, Output, Run, Target};

/// What became of one solution on one suite.
#[derive(Serialize, JsonSchema)]
pub(super) struct Report {
    /// The suite's name.
    suite: String,
    /// The solution's path, or its name in the suite that ships it.
    solution: String,
    /// The suite's verdict: IE if a case has it, else that of the first case that is not AC.
    #[schemars(schema_with = "verdict")]
    verdict: &'static str,
    /// How many cases are AC.
    passed: usize,
    /// How many cases there are.
    total: usize,
    /// The cases, in their order; none if the solution does not compile.
    #[serde(skip_serializing_if = "Option::is_none")]
    cases: Option<Vec<CaseRow>>,
    /// Why the solution does not compile.
    #[serde(skip_serializing_if = "Option::is_none")]
    compile_error: Option<Error>,
    /// Why deem failed before the first case: the verdict is IE.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// Why there are no further cases: the suite's file is broken there, and the verdict is SK or that of a case before.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
    /// With how many cases node did something else, where --compare node asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    differ_on_node: Option<usize>,
    /// That only one of the two, deem and node, compiles the solution.
    #[serde(skip_serializing_if = "Option::is_none")]
    compiling_on_node: Option<String>,
    /// What is to be known of the verdicts, such as walls that the sandbox does without.
    warnings: Vec<String>,
    /// What might go otherwise in another run. No verdict depends on them.
    doubts: Vec<DoubtRow>,
    /// What running cases again showed, where cases are first run in a frozen realm.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmation: Option<ConfirmationRow>,
    engine: Engine,
    /// Where Math.random started, in every case.
    seed: u64,
}

/// What became of one case.
#[derive(Serialize, JsonSchema)]
pub(super) struct CaseRow {
    /// The case's id; unique in its suite.
    id: String,
    /// The verdict.
    #[schemars(schema_with = "verdict")]
    verdict: &'static str,
    /// Processor time in milliseconds, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_ms: Option<f64>,
    /// Wall time in milliseconds; 0 if the case was not run.
    wall_ms: f64,
    /// By how much JavaScript's heap grew at most, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    heap_bytes: Option<usize>,
    /// What it wrote to the console and returned; missing if the case was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    output_bytes: Option<usize>,
    /// Where the answer differs from the expected one.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<Diff>,
    /// What it threw, or what else went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Error>,
    /// The limit at which it was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    exceeded: Option<String>,
    /// What node did otherwise with the case, both sides in words, where --compare node found that.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_node: Option<String>,
    /// What it wrote to its console: the first 64 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    stdout: Option<String>,
    /// How many bytes of that are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    stdout_omitted: Option<usize>,
}

/// What a case showed that was run again.
#[derive(Serialize, JsonSchema)]
struct DoubtRow {
    /// `state`: what the code answers depends on the cases before; `random`: it depends on Math.random; `time`: the case was
    /// stopped at a limit of time while the machine was busy, and measured again.
    #[schemars(schema_with = "doubt_kind")]
    kind: &'static str,
    /// The id of the case.
    case: String,
    /// What it did, in words that follow its name: `answers 3 alone, and 5 after other cases`.
    observed: String,
}

/// What it showed to run again, in a fresh realm, the cases that were not AC in a frozen one.
#[derive(Serialize, JsonSchema)]
struct ConfirmationRow {
    /// How many cases were run again.
    again: usize,
    /// How many of them had another verdict then: it is the one in this report.
    differing: usize,
    /// Whether the cases after some were run in fresh realms at once, for too many of those before had been run again.
    switched: bool,
}

/// The first difference, for a person to read.
#[derive(Serialize, JsonSchema)]
struct Diff {
    /// Where it is, such as `result[3].left`.
    path: String,
    /// What was expected there.
    expected: String,
    /// What was there.
    actual: String,
}

/// What was thrown.
#[derive(Serialize, JsonSchema)]
struct Error {
    /// The error's name, such as `TypeError`; empty if it is no JavaScript error.
    name: String,
    /// Its message.
    message: String,
    /// The line in the solution, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The column in that line, from 1, in UTF-16 code units.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// The calls in the solution, innermost first.
    stack: Vec<String>,
}

/// What made the verdicts.
#[derive(Serialize, JsonSchema)]
struct Engine {
    /// deem's version.
    deem: &'static str,
    /// What was fresh for each case, and what held it, as --isolation has it.
    isolation: String,
    /// V8's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    v8: Option<String>,
    /// Node's version, where it was node that ran the cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
}

/// Either of them: `deem run SOLUTION --suite PATH` writes one report, `deem run PATH` a list.
#[derive(JsonSchema)]
#[schemars(title = "deem report", untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum Document {
    One(Box<Report>),
    List(Vec<Report>),
}

/// The JSON Schema of the document.
pub(crate) fn schema() -> Schema {
    schemars::schema_for!(Document)
}

fn verdict(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "enum": ["AC", "WA", "TLE", "MLE", "OLE", "RE", "CE", "IE", "SK"],
    })
}

fn doubt_kind(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": ["state", "random", "time"] })
}

/// The format.
pub(super) struct Json {
    target: Target,
    is_list: bool,
    is_first: bool,
    cases: Rows,
}

impl Json {
    pub(super) fn new(target: Target, is_list: bool) -> Json {
        Json { target, is_list, is_first: true, cases: Rows::default() }
    }
}

/// The cases of a run, as they will stand in its report. What comes before them there is known when they are done: until then they
/// are kept, and where there are very many, in a file.
struct Rows {
    text: BufWriter<Spool>,
    are_some: bool,
}

impl Default for Rows {
    fn default() -> Rows {
        Rows { text: BufWriter::new(Spool::default()), are_some: false }
    }
}

impl Rows {
    const INDENT: &str = "\n    ";
    /// How a report stands there without them. No text in JSON has a line's end in it: there is one such place.
    const NONE: &str = "\n  \"cases\": []";

    fn add(&mut self, row: &CaseRow) -> io::Result<()> {
        let separator = if self.are_some { "," } else { "" };
        let row = serde_json::to_string_pretty(row)?.replace('\n', Rows::INDENT);
        self.are_some = true;
        write!(self.text, "{separator}{}{row}", Rows::INDENT)
    }

    /// Writes the report with them in it.
    fn write(self, report: &Report, mut to: impl io::Write) -> io::Result<()> {
        let text = serde_json::to_string_pretty(report)?;
        match text.split_once(Rows::NONE).filter(|_| self.are_some) {
            None => to.write_all(text.as_bytes())?,
            Some((before, after)) => {
                let mut rows = self.text.into_inner().map_err(io::IntoInnerError::into_error)?;
                rows.rewind()?;
                write!(to, "{before}\n  \"cases\": [")?;
                io::copy(&mut rows, &mut to)?;
                write!(to, "\n  ]{after}")?;
            }
        }
        to.flush()
    }
}

impl Output for Json {
    fn case(&mut self, _: &Run<'_>, done: &Done<'_>) -> io::Result<()> {
        self.cases.add(&CaseRow::new(done))
    }

    fn end(&mut self, run: &Run<'_>, ending: &Ending<'_>) -> io::Result<()> {
        let report = Report::new(run, ending, Some(Vec::new()));
        match (self.is_list, self.is_first) {
            (true, true) => self.target.write_all(b"[\n")?,
            (true, false) => self.target.write_all(b",\n")?,
            (false, _) => {}
        }
        self.is_first = false;
        std::mem::take(&mut self.cases).write(&report, BufWriter::with_capacity(64 << 10, &mut self.target))?;
        if self.is_list { Ok(()) } else { self.target.write_all(b"\n") }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.is_list {
            self.target.write_all(if self.is_first { b"[]\n" } else { b"\n]\n" })?;
        }
        self.target.finish()
    }
}

impl Report {
    pub(super) fn new(run: &Run<'_>, ending: &Ending<'_>, cases: Option<Vec<CaseRow>>) -> Report {
        let EngineFacts { isolation, v8, node } = run.engine;
        Report {
            suite: run.suite.to_owned(),
            solution: run.solution.to_owned(),
            verdict: ending.verdict.code(),
            passed: ending.passed,
            total: ending.total,
            cases,
            compile_error: ending.compile_error.map(Error::thrown),
            failure: ending.failure.map(str::to_owned),
            broken: ending.broken.map(str::to_owned),
            differ_on_node: ending.on_node.map(|on_node| on_node.differ),
            compiling_on_node: ending.on_node.and_then(|on_node| on_node.in_compiling).map(str::to_owned),
            warnings: run.warnings.to_vec(),
            doubts: ending.doubts.iter().map(DoubtRow::new).collect(),
            confirmation: ending.confirmation.as_ref().map(ConfirmationRow::new),
            engine: Engine {
                deem: env!("CARGO_PKG_VERSION"),
                isolation: isolation.clone(),
                v8: v8.clone(),
                node: node.clone(),
            },
            seed: run.rules.seed,
        }
    }
}

impl CaseRow {
    pub(super) fn new(Done { case, report, on_node, .. }: &Done<'_>) -> CaseRow {
        let execution = report.execution.as_ref();
        let usage = execution.map(|execution| execution.usage);
        let console = execution.map(|execution| &execution.console).filter(|console| console.written() > 0);
        // An expected error is no error.
        let result = execution.map(|execution| &execution.result).filter(|_| report.verdict != Verdict::Accepted);
        let (error, exceeded) = match result {
            None | Some(Ok(Outcome::Returned(_))) => (None, None),
            Some(Ok(Outcome::Exceeded(exceeded))) => (None, Some(exceeded.to_string())),
            Some(Ok(Outcome::Threw(thrown) | Outcome::UnhandledRejection(thrown))) => {
                (Some(Error::thrown(thrown)), None)
            }
            Some(Ok(outcome)) => (Some(Error::saying(outcome.to_string())), None),
            Some(Err(error)) => (Some(Error::saying(error.to_string())), None),
        };
        CaseRow {
            id: case.id.clone(),
            verdict: report.verdict.code(),
            cpu_ms: usage.and_then(|usage| usage.cpu).map(milliseconds),
            wall_ms: usage.map_or(0.0, |Usage { wall, .. }| milliseconds(wall)),
            heap_bytes: usage.and_then(|usage| usage.heap).map(|heap| heap.0),
            output_bytes: usage.map(|usage| usage.output.0),
            diff: report.difference.as_ref().map(Diff::new),
            error,
            exceeded,
            stdout: console.map(|console| console.text().to_owned()),
            on_node: on_node.map(str::to_owned),
            stdout_omitted: console.map(|console| console.omitted()).filter(|&bytes| bytes > 0),
        }
    }
}

impl DoubtRow {
    fn new(Doubt { kind, number: _, case, observed }: &Doubt) -> DoubtRow {
        DoubtRow { kind: kind.name(), case: case.clone(), observed: observed.clone() }
    }
}

impl ConfirmationRow {
    fn new(Confirmation { again, differing, is_switched }: &Confirmation) -> ConfirmationRow {
        ConfirmationRow { again: *again, differing: *differing, switched: *is_switched }
    }
}

impl Diff {
    fn new(Difference { path, expected, actual }: &Difference) -> Diff {
        Diff { path: path.clone(), expected: expected.clone(), actual: actual.clone() }
    }
}

impl Error {
    fn thrown(Exception { name, message, line, column, stack }: &Exception) -> Error {
        Error { name: name.clone(), message: message.clone(), line: *line, column: *column, stack: stack.clone() }
    }

    fn saying(message: impl Into<Cow<'static, str>>) -> Error {
        let message = message.into().into_owned();
        Error { name: String::new(), message, line: None, column: None, stack: Vec::new() }
    }
}

/// To the microsecond: the clock is no better.
fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_changes_only_on_purpose() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&schema()).expect("a schema is JSON"));
    }

    fn row(number: usize) -> CaseRow {
        CaseRow {
            id: format!("{number}\n  \"cases\": []"),
            verdict: "WA",
            cpu_ms: None,
            wall_ms: 0.5,
            heap_bytes: Some(number),
            output_bytes: None,
            diff: Some(Diff { path: "result".into(), expected: "[]".into(), actual: "{}".into() }),
            error: None,
            exceeded: None,
            on_node: None,
            stdout: None,
            stdout_omitted: None,
        }
    }

    fn report(cases: Vec<CaseRow>) -> Report {
        Report {
            suite: "\n  \"cases\": []".into(),
            solution: "s".into(),
            verdict: "WA",
            passed: 0,
            total: cases.len(),
            cases: Some(cases),
            compile_error: None,
            failure: None,
            broken: None,
            confirmation: None,
            differ_on_node: None,
            compiling_on_node: None,
            warnings: vec!["\n  \"cases\": []".into()],
            doubts: Vec::new(),
            engine: Engine { deem: "0", isolation: "realm".into(), v8: None, node: None },
            seed: 0,
        }
    }

    #[test]
    fn cases_that_were_kept_stand_in_the_report_as_if_it_had_been_written_at_once() -> io::Result<()> {
        // The last is more than is kept in memory.
        for count in [0, 1, 2, crate::output::spool::MOST_KEPT / 200] {
            let mut rows = Rows::default();
            for number in 0..count {
                rows.add(&row(number))?;
            }
            let mut text = Vec::new();
            let empty = Report { total: count, ..report(Vec::new()) };
            rows.write(&empty, &mut text)?;
            let whole = serde_json::to_string_pretty(&report((0..count).map(row).collect()))?;
            assert!(text == whole.as_bytes(), "{count} cases");
        }
        Ok(())
    }
}
