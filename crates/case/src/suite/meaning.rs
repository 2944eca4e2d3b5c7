//! What fields mean together, and with the files that they name.

use std::collections::HashMap;
use std::sync::Arc;

use super::fields::{
    AnswerField, CaseRow, CheckerField, EntryField, ErrorField, Files, FormField, Header, LimitsField, SolutionTable,
    VerdictField,
};
use super::{Solution, Suite};
use crate::{Answer, Calling, Case, Checker, Entry, Form, Limits, Rules, Submission, TextChecker, Tolerance};

/// A field that is wrong, such as `solution[0].file`, and what is.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) field: String,
    pub(super) what: String,
}

impl Wrong {
    pub(super) fn new(field: impl Into<String>, what: impl Into<String>) -> Wrong {
        Wrong { field: field.into(), what: what.into() }
    }
}

impl Header {
    /// The suite, without cases.
    pub(super) fn suite(self, name: String, files: Files<'_>) -> Result<Suite, Wrong> {
        let EntryField(entry) = self.entry;
        let calling = calling(&entry, self.params, self.answer)?;
        let checker = checker(&entry, self.checker, self.tolerance, files)?;
        let mut solutions = Vec::new();
        for (index, SolutionTable { file, verdict: VerdictField(verdict), completion }) in
            self.solution.into_iter().enumerate()
        {
            let wrong = |what: String| Wrong::new(format!("solution[{index}].file"), format!("{file} {what}"));
            if [".ts", ".mts", ".cts"].iter().any(|ending| file.ends_with(ending)) {
                return Err(wrong("is TypeScript: what a suite ships is JavaScript".to_owned()));
            }
            let source = files(&file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
            let submission =
                Submission { source, entry: solution_entry(&entry, &file, completion), calling: calling.clone() };
            let name = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
            solutions.push(Solution { name, submission, verdict });
        }
        let limits = self.limits.map_or_else(Limits::default, |LimitsField(limits)| limits);
        let rules = Rules {
            limits,
            seed: self.seed,
            eval: self.eval,
            webassembly: self.webassembly,
            fail_fast: self.fail_fast,
        };
        Ok(Suite { name, entry, calling, param_names: self.param_names, checker, rules, cases: Vec::new(), solutions })
    }
}

/// The cases of a file that has them all inside: `cases[0]` and so on.
pub(super) fn cases(rows: Vec<CaseRow>, is_program: bool) -> Result<Vec<Arc<Case>>, Wrong> {
    let (mut cases, mut numbers) = (Vec::with_capacity(rows.len()), HashMap::new());
    for (index, row) in rows.into_iter().enumerate() {
        let wrong = |what| Wrong::new(format!("cases[{index}]"), what);
        let id = row.id().map_or_else(|| (index + 1).to_string(), str::to_owned);
        if let Some(first) = numbers.insert(id.clone(), index) {
            return Err(wrong(format!("id: {id:?} is the id of cases[{first}] already: ids are unique")));
        }
        cases.push(Arc::new(row.case(is_program, id).map_err(wrong)?));
    }
    Ok(cases)
}

/// What is called in a solution, which the name of its file has a part in.
pub(super) fn solution_entry(entry: &Entry, file: &str, completion: bool) -> Entry {
    match entry {
        _ if completion => Entry::Completion,
        Entry::Function(name) | Entry::Class(name) if file.ends_with(".mjs") => Entry::Export(name.clone()),
        entry => entry.clone(),
    }
}

pub(super) fn calling(entry: &Entry, params: Vec<FormField>, answer: Option<AnswerField>) -> Result<Calling, Wrong> {
    let params: Vec<Form> = params.into_iter().map(Form::from).collect();
    let answer = answer.map_or_else(Answer::default, |AnswerField(answer)| answer);
    match entry {
        Entry::Program | Entry::Completion if !params.is_empty() => {
            Err(Wrong::new("params", "only a function, an export or a class is passed arguments in a form"))
        }
        Entry::Program | Entry::Completion | Entry::Class(_) if answer != Answer::default() => {
            Err(Wrong::new("answer", "only a function or an export answers in a form, or in an argument"))
        }
        _ => Ok(Calling { params, answer }),
    }
}

pub(super) fn checker(
    entry: &Entry,
    checker: Option<CheckerField>,
    tolerance: Option<ErrorField>,
    files: Files<'_>,
) -> Result<Checker, Wrong> {
    let is_program = matches!(entry, Entry::Program);
    match (checker, tolerance) {
        (Some(_), Some(_)) => {
            Err(Wrong::new("tolerance", "there is a checker already, which has `absolute` and `relative` instead"))
        }
        (Some(checker), None) => {
            let field = if checker.has_file() { "checker.file" } else { "checker" };
            checker.checker(files).map_err(|what| Wrong::new(field, what))
        }
        (None, Some(ErrorField(error))) if is_program => {
            let tolerance = Tolerance { absolute: error, relative: error };
            Ok(Checker::Text(TextChecker::Tokens { tolerance, ignore_case: false }))
        }
        (None, Some(ErrorField(error))) => Ok(Checker::approximate(error)),
        (None, None) if is_program => Ok(Checker::Text(TextChecker::Lines)),
        (None, None) => Ok(Checker::Exact),
    }
}
