use std::path::Path;

use serde::Deserialize;

use super::fields::{
    AnswerField, CaseFromElsewhere, CheckerField, EntryField, ErrorField, Files, FormField, LimitsField, VerdictField,
};
use super::lines::{JsonLines, files_in};
use super::meaning::{Wrong, calling, cases, checker};
use super::{Solution, Suite, SuiteError};
use crate::{Entry, Limits, Submission, Verdict};

// Problem lists come from elsewhere and carry more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
#[serde(expecting = "a problem: an object with id, entry, source and cases")]
struct Problem {
    id: String,
    entry: EntryField,
    source: String,
    #[serde(default)]
    params: Vec<FormField>,
    #[serde(default, rename = "param-names")]
    param_names: Vec<String>,
    answer: Option<AnswerField>,
    verdict: Option<VerdictField>,
    checker: Option<CheckerField>,
    tolerance: Option<ErrorField>,
    limits: Option<LimitsField>,
    cases: Vec<CaseFromElsewhere>,
}

pub(super) fn load(file: &Path) -> Result<Vec<Suite>, SuiteError> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut suites = Vec::new();
    for problem in JsonLines::<Problem>::open(file)? {
        let (line, problem) = problem?;
        let suite = suite(problem, &files_in(folder));
        suites.push(suite.map_err(|Wrong { field, what }| SuiteError::new(file, line, format!("{field}: {what}")))?);
    }
    if suites.is_empty() {
        return Err(SuiteError::new(file, None, "no problems: each is an object on a line of its own"));
    }
    Ok(suites)
}

fn suite(problem: Problem, files: Files<'_>) -> Result<Suite, Wrong> {
    let Problem { id: name, entry: EntryField(entry), source, param_names, verdict, limits, .. } = problem;
    if problem.cases.is_empty() {
        return Err(Wrong::new("cases", "there are none: a problem needs at least one"));
    }
    let calling = calling(&entry, problem.params, problem.answer)?;
    let checker = checker(&entry, problem.checker, problem.tolerance, files)?;
    let rows = problem.cases.into_iter().map(|CaseFromElsewhere(row)| row).collect();
    let cases = cases(rows, matches!(entry, Entry::Program))?;
    let verdict = verdict.map_or(Verdict::Accepted, |VerdictField(verdict)| verdict);
    let submission = Submission { source, entry: entry.clone(), calling: calling.clone() };
    let solution = Solution { name: "source".to_owned(), submission, verdict };
    let rules = limits.map_or_else(Limits::default, |LimitsField(limits)| limits).into();
    Ok(Suite { name, entry, calling, param_names, checker, rules, cases, solutions: vec![solution] })
}
