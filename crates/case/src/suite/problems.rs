use std::path::Path;

use serde::Deserialize;

use super::{Solution, Suite, SuiteError, checked, json_lines, read};
use crate::{Case, Checker, Entry, Limits, Submission, Value, Verdict};

// Problem lists come from elsewhere and carry more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
struct Problem {
    id: String,
    entry: String,
    source: String,
    verdict: Option<String>,
    tolerance: Option<f64>,
    cases: Vec<CaseRow>,
}

#[derive(Deserialize)]
struct CaseRow {
    args: Vec<Value>,
    expected: Value,
}

pub(super) fn load(file: &Path) -> Result<Vec<Suite>, SuiteError> {
    let problems: Vec<(usize, Problem)> = json_lines(file, &read(file)?)?;
    if problems.is_empty() {
        return Err(SuiteError::new(file, None, "no problems: the file is empty"));
    }
    problems
        .into_iter()
        .map(|(line, problem)| {
            let wrong = |field: &str, what: String| SuiteError::new(file, line, format!("{field}: {what}"));
            let entry = Entry::function(&problem.entry).map_err(|error| wrong("entry", error.to_string()))?;
            let verdict = match &problem.verdict {
                Some(code) => code.parse().map_err(|error| wrong("verdict", error))?,
                None => Verdict::Accepted,
            };
            let cases = problem.cases.into_iter().enumerate().map(|(index, CaseRow { args, expected })| {
                (line, Case { id: (index + 1).to_string(), args, expected })
            });
            let submission = Submission { source: problem.source, entry };
            Ok(Suite {
                name: problem.id,
                checker: problem.tolerance.map_or(Checker::Exact, Checker::approximate),
                limits: Limits::default(),
                cases: checked(file, cases.collect()).map_err(|_| wrong("cases", "there are none".to_owned()))?,
                solutions: vec![Solution { name: "source".to_owned(), submission, verdict }],
            })
        })
        .collect()
}
