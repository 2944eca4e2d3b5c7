use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::{Solution, Suite, SuiteError, entry, exact, json_lines, tolerance, verdict};
use crate::{Case, Checker, Entry, Rules, Submission, Value, Verdict};

// Problem lists come from elsewhere and carry more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
#[serde(expecting = "a problem: an object with id, entry, source and cases")]
struct Problem {
    id: String,
    #[serde(deserialize_with = "entry")]
    entry: Entry,
    source: String,
    #[serde(default = "accepted", deserialize_with = "verdict")]
    verdict: Verdict,
    #[serde(default = "exact", deserialize_with = "tolerance")]
    tolerance: Checker,
    cases: Vec<CaseRow>,
}

#[derive(Deserialize)]
#[serde(expecting = "a case: an object with args and expected")]
struct CaseRow {
    args: Vec<Value>,
    expected: Value,
}

fn accepted() -> Verdict {
    Verdict::Accepted
}

pub(super) fn load(file: &Path) -> Result<Vec<Suite>, SuiteError> {
    let mut suites = Vec::new();
    for (line, Problem { id: name, entry, source, verdict, tolerance: checker, cases }) in json_lines(file)? {
        if cases.is_empty() {
            return Err(SuiteError::new(file, line, "cases: there are none: a problem needs at least one"));
        }
        let cases = cases
            .into_iter()
            .enumerate()
            .map(|(index, CaseRow { args, expected })| Case {
                id: (index + 1).to_string(),
                args,
                expected: expected.into(),
            })
            .map(Arc::new);
        let solution = Solution { name: "source".to_owned(), submission: Submission::new(source, entry), verdict };
        suites.push(Suite {
            name,
            checker,
            rules: Rules::default(),
            cases: cases.collect(),
            solutions: vec![solution],
        });
    }
    if suites.is_empty() {
        return Err(SuiteError::new(file, None, "no problems: each is an object on a line of its own"));
    }
    Ok(suites)
}
