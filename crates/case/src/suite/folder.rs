use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::{Solution, Suite, SuiteError, checked, json_lines, read};
use crate::{Case, Checker, Entry, Limits, Submission, Value, Verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuiteFile {
    entry: String,
    tolerance: Option<f64>,
    limits: Option<LimitsTable>,
    #[serde(default)]
    solution: Vec<SolutionTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LimitsTable {
    wall_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SolutionTable {
    file: String,
    verdict: String,
    #[serde(default)]
    completion: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseRow {
    id: Option<String>,
    args: Vec<Value>,
    expected: Value,
}

pub(super) fn load(folder: &Path, name: String) -> Result<Suite, SuiteError> {
    let file = folder.join("suite.toml");
    let text = read(&file)?;
    let table: SuiteFile = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
        SuiteError::new(&file, line, error.message())
    })?;
    let wrong = |field: &str, what: String| {
        let line = text.lines().position(|line| line.trim_start().starts_with(field)).map(|index| index + 1);
        SuiteError::new(&file, line, format!("{field}: {what}"))
    };

    let entry = Entry::function(&table.entry).map_err(|error| wrong("entry", error.to_string()))?;
    let checker = match table.tolerance {
        None => Checker::Exact,
        Some(tolerance) if tolerance >= 0.0 && tolerance.is_finite() => Checker::approximate(tolerance),
        Some(tolerance) => return Err(wrong("tolerance", format!("{tolerance} is not a finite number from 0 up"))),
    };
    let limits = match table.limits {
        None => Limits::default(),
        Some(LimitsTable { wall_ms: 0 }) => return Err(wrong("wall-ms", "the smallest limit is 1".to_owned())),
        Some(LimitsTable { wall_ms }) => Limits { wall: Duration::from_millis(wall_ms) },
    };

    let mut solutions = Vec::new();
    for SolutionTable { file, verdict, completion } in table.solution {
        let verdict: Verdict = verdict.parse().map_err(|error| wrong("verdict", error))?;
        let source = read(&folder.join(&file))?;
        let entry = if completion { Entry::Completion } else { entry.clone() };
        let name = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
        solutions.push(Solution { name, submission: Submission { source, entry }, verdict });
    }

    let file = folder.join("cases.jsonl");
    let rows: Vec<(usize, CaseRow)> = json_lines(&file, &read(&file)?)?;
    let cases = rows.into_iter().map(|(line, CaseRow { id, args, expected })| {
        (line, Case { id: id.unwrap_or_else(|| line.to_string()), args, expected })
    });
    Ok(Suite { name, checker, limits, cases: checked(&file, cases.collect())?, solutions })
}
