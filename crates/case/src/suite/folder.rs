use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;

use super::{Solution, Suite, SuiteError, entry, exact, in_field, json_lines, read, tolerance, verdict};
use crate::{Bytes, Case, Checker, Entry, InvalidLimits, Limits, Rules, Submission, Value, Verdict};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SuiteFile {
    #[serde(deserialize_with = "entry")]
    entry: Entry,
    #[serde(default = "exact", deserialize_with = "tolerance")]
    tolerance: Checker,
    #[serde(default)]
    eval: bool,
    #[serde(default)]
    webassembly: bool,
    limits: Option<CheckedLimits>,
    #[serde(default)]
    solution: Vec<SolutionTable>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LimitsTable {
    cpu_ms: Option<u64>,
    wall_ms: Option<u64>,
    heap_mib: Option<usize>,
    external_mib: Option<usize>,
    output_kib: Option<usize>,
    stack_kib: Option<usize>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SolutionTable {
    file: Spanned<String>,
    #[serde(deserialize_with = "verdict")]
    verdict: Verdict,
    #[serde(default)]
    completion: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a case: an object with args and expected")]
struct CaseRow {
    id: Option<String>,
    args: Vec<Value>,
    expected: Value,
}

/// Limits under which something can run.
#[derive(serde::Deserialize)]
#[serde(try_from = "LimitsTable")]
struct CheckedLimits(Limits);

impl TryFrom<LimitsTable> for CheckedLimits {
    type Error = InvalidLimits;

    fn try_from(table: LimitsTable) -> Result<CheckedLimits, InvalidLimits> {
        let base = table.cpu_ms.map_or_else(Limits::default, |ms| Limits::time(Duration::from_millis(ms)));
        let limits = Limits {
            wall: table.wall_ms.map_or(base.wall, Duration::from_millis),
            heap: table.heap_mib.map_or(base.heap, Bytes::mib),
            external: table.external_mib.map_or(base.external, Bytes::mib),
            output: table.output_kib.map_or(base.output, Bytes::kib),
            stack: table.stack_kib.map_or(base.stack, Bytes::kib),
            ..base
        };
        limits.check().map(CheckedLimits)
    }
}

pub(super) fn load(folder: &Path, name: String) -> Result<Suite, SuiteError> {
    let file = folder.join("suite.toml");
    let text = read(&file)?;
    let line = |at: usize| text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let broken =
        |error: toml::de::Error, what: String| SuiteError::new(&file, error.span().map(|span| line(span.start)), what);
    let reader = toml::Deserializer::parse(&text).map_err(|error| broken(error.clone(), error.message().to_owned()))?;
    let SuiteFile { entry, tolerance: checker, eval, webassembly, limits, solution } =
        serde_path_to_error::deserialize(reader)
            .map_err(|error| broken(error.inner().clone(), in_field(error, |error| error.message().to_owned())))?;

    let mut solutions = Vec::new();
    for (index, SolutionTable { file: source, verdict, completion }) in solution.into_iter().enumerate() {
        let (at, name) = (source.span().start, source.into_inner());
        let source = std::fs::read_to_string(folder.join(&name)).map_err(|error| {
            SuiteError::new(&file, line(at), format!("solution[{index}].file: {name} cannot be read: {error}"))
        })?;
        let entry = match (completion, &entry) {
            (true, _) => Entry::Completion,
            (false, Entry::Function(function)) if name.ends_with(".mjs") => Entry::Export(function.clone()),
            (false, entry) => entry.clone(),
        };
        let name = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
        solutions.push(Solution { name, submission: Submission::new(source, entry), verdict });
    }

    let limits = limits.map_or_else(Limits::default, |CheckedLimits(limits)| limits);
    let rules = Rules { eval, webassembly, ..limits.into() };
    Ok(Suite { name, checker, rules, cases: cases(&folder.join("cases.jsonl"))?, solutions })
}

fn cases(file: &Path) -> Result<Vec<Arc<Case>>, SuiteError> {
    let mut cases = Vec::new();
    let mut lines = HashMap::new();
    for (line, CaseRow { id, args, expected }) in json_lines(file)? {
        let id = id.unwrap_or_else(|| line.to_string());
        if let Some(first) = lines.insert(id.clone(), line) {
            let what = format!("id: {id:?} is the id of the case in line {first} already: ids are unique");
            return Err(SuiteError::new(file, line, what));
        }
        cases.push(Arc::new(Case { id, args, expected: expected.into() }));
    }
    if cases.is_empty() {
        return Err(SuiteError::new(file, None, "no cases: a suite needs at least one"));
    }
    Ok(cases)
}
