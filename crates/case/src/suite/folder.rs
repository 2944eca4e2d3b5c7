use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error as _};
use toml::Spanned;

use super::{Solution, Suite, SuiteError, entry, exact, in_field, json_lines, read, tolerance, verdict};
use crate::{Case, Checker, Entry, Limits, Submission, Value, Verdict};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SuiteFile {
    #[serde(deserialize_with = "entry")]
    entry: Entry,
    #[serde(default = "exact", deserialize_with = "tolerance")]
    tolerance: Checker,
    limits: Option<LimitsTable>,
    #[serde(default)]
    solution: Vec<SolutionTable>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsTable {
    #[serde(rename = "wall-ms", deserialize_with = "milliseconds")]
    wall: Duration,
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

fn milliseconds<'de, D: Deserializer<'de>>(field: D) -> Result<Duration, D::Error> {
    match u64::deserialize(field)? {
        0 => Err(D::Error::custom("0 allows nothing: the smallest limit is 1")),
        wall => Ok(Duration::from_millis(wall)),
    }
}

pub(super) fn load(folder: &Path, name: String) -> Result<Suite, SuiteError> {
    let file = folder.join("suite.toml");
    let text = read(&file)?;
    let line = |at: usize| text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let broken =
        |error: toml::de::Error, what: String| SuiteError::new(&file, error.span().map(|span| line(span.start)), what);
    let reader = toml::Deserializer::parse(&text).map_err(|error| broken(error.clone(), error.message().to_owned()))?;
    let SuiteFile { entry, tolerance: checker, limits, solution } = serde_path_to_error::deserialize(reader)
        .map_err(|error| broken(error.inner().clone(), in_field(error, |error| error.message().to_owned())))?;

    let mut solutions = Vec::new();
    for (index, SolutionTable { file: source, verdict, completion }) in solution.into_iter().enumerate() {
        let (at, name) = (source.span().start, source.into_inner());
        let source = std::fs::read_to_string(folder.join(&name)).map_err(|error| {
            SuiteError::new(&file, line(at), format!("solution[{index}].file: {name} cannot be read: {error}"))
        })?;
        let entry = if completion { Entry::Completion } else { entry.clone() };
        let name = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
        solutions.push(Solution { name, submission: Submission { source, entry }, verdict });
    }

    let limits = limits.map_or_else(Limits::default, |LimitsTable { wall }| Limits { wall });
    Ok(Suite { name, checker, limits, cases: cases(&folder.join("cases.jsonl"))?, solutions })
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
        cases.push(Arc::new(Case { id, args, expected }));
    }
    if cases.is_empty() {
        return Err(SuiteError::new(file, None, "no cases: a suite needs at least one"));
    }
    Ok(cases)
}
