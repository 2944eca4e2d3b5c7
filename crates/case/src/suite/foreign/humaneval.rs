//! Rows of HumanEval and of what was made after it, with tests in JavaScript.

use std::path::Path;

use serde::Deserialize;

use super::assertions::{self, Assertions};
use super::{Draft, Source, SuiteError, json, read};
use crate::{Case, Entry, Verdict};

// Rows say more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
#[serde(
    expecting = "a row: an object with task_id, prompt and test (HumanEval), or with name, prompt and tests (MultiPL-E)"
)]
struct Row {
    task_id: Option<String>,
    name: Option<String>,
    language: Option<String>,
    prompt: String,
    test: Option<String>,
    tests: Option<String>,
    entry_point: Option<String>,
    canonical_solution: Option<String>,
}

pub(super) fn load(file: &Path) -> Result<Vec<Draft>, SuiteError> {
    let text = read(file)?;
    let rows = json::records::<Row>(file, &text)?;
    rows.into_iter().map(|(place, row)| draft(row).map_err(|what| place.error(what))).collect()
}

fn draft(row: Row) -> Result<Draft, String> {
    let name = row.task_id.or(row.name).ok_or("missing field `task_id`, or `name`: what the problem is called")?;
    let (field, tests) = match (&row.test, &row.tests) {
        (Some(test), _) => ("test", test),
        (None, Some(tests)) => ("tests", tests),
        (None, None) => return Err(format!("{name}: missing field `test`, or `tests`: a program of assertions")),
    };
    if let Some(language) = row.language.filter(|language| !["js", "javascript"].contains(&&*language.to_lowercase())) {
        return Err(format!("{name}: language: {language:?} cannot be judged: only \"js\" can"));
    }
    if is_python(tests) {
        let what =
            "the tests are in Python: only those in JavaScript can be judged, which MultiPL-E has of many problems";
        return Err(format!("{name}: {field}: {what}"));
    }
    let Assertions { function, cases, skipped } = assertions::read(tests, row.entry_point.as_deref());
    let skipped: Vec<_> =
        skipped.iter().map(|(line, what)| format!("{field}: line {line} is left out: {what}")).collect();
    if cases.is_empty() {
        let first = skipped.first().map_or("there is nothing in it", |first| first);
        return Err(format!("{name}: no cases: each is an assert.deepEqual of a call and a literal; {first}"));
    }
    let function =
        function.ok_or_else(|| format!("{name}: missing field `entry_point`: the function that is called"))?;
    let entry = Entry::function(&function).map_err(|error| format!("{name}: entry_point: {error}"))?;
    let cases = cases.into_iter().enumerate().map(|(index, (args, value))| Case {
        id: (index + 1).to_string(),
        args,
        expected: value.into(),
    });
    let solution = row.canonical_solution.map(|body| Source {
        name: "canonical_solution".to_owned(),
        source: row.prompt + &body,
        verdict: Verdict::Accepted,
    });
    Ok(Draft { solutions: solution.into_iter().collect(), notes: skipped, ..Draft::new(name, entry, cases.collect()) })
}

fn is_python(tests: &str) -> bool {
    tests.lines().any(|line| line.starts_with("def ") && line.trim_end().ends_with(':'))
}
