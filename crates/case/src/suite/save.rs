use std::collections::HashSet;
use std::fmt::Debug;
use std::path::{Component, Path};

use super::fields::{
    AnswerField, CaseRow, CheckerField, EntryField, FormField, Header, LimitsField, SolutionTable, VerdictField,
};
use super::meaning::{Wrong, solution_entry};
use super::{Solution, Suite, SuiteError, folder, lines};
use crate::{Answer, Case, Checker, Entry};

/// Writes a suite as a folder, which [`load`](super::load) reads back as the same suite under the folder's name. Files that
/// are there already are overwritten, others stay.
///
/// # Errors
/// If a file cannot be written, or if the suite has what the files have no words for, such as a limit that is no whole
/// number of its unit: then nothing is written.
pub fn save(suite: &Suite, folder: &Path) -> Result<(), SuiteError> {
    let files = files(suite).map_err(|(file, what)| SuiteError::new(&folder.join(file), None, what))?;
    for (name, content) in files {
        let file = folder.join(name);
        let written =
            std::fs::create_dir_all(file.parent().unwrap_or(folder)).and_then(|()| std::fs::write(&file, content));
        written.map_err(|error| SuiteError::new(&file, None, format!("cannot be written: {error}")))?;
    }
    Ok(())
}

/// The names of the files, and their contents; else the file that cannot be, and why.
fn files(suite: &Suite) -> Result<Vec<(String, String)>, (String, String)> {
    let in_suite = |what: String| ("suite.toml".to_owned(), what);
    let mut files = Vec::new();
    let mut solutions = Vec::new();
    for Solution { name, submission, verdict } in &suite.solutions {
        let (file, completion) = ["js", "mjs"]
            .into_iter()
            .flat_map(|ending| [false, true].map(|completion| (format!("{name}.{ending}"), completion)))
            .find(|(file, completion)| solution_entry(&suite.entry, file, *completion) == submission.entry)
            .filter(|_| submission.calling == suite.calling)
            .ok_or_else(|| in_suite(format!("solution {name:?}: it is called otherwise than the suite says")))?;
        files.push((file.clone(), submission.source.clone()));
        solutions.push(SolutionTable { file, verdict: VerdictField(*verdict), completion });
    }
    if let Checker::Custom(custom) = &suite.checker {
        files.push((custom.name.clone(), custom.submission.source.clone()));
    }
    let mut names = HashSet::from(["suite.toml", "cases.jsonl"]);
    for (name, _) in &files {
        let is_inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !is_inside || !names.insert(name) {
            let why = if is_inside { "there are two files of this name" } else { "the name leads out of the folder" };
            return Err(in_suite(format!("{name:?}: {why}")));
        }
    }
    let header = header(suite, solutions, &files).map_err(in_suite)?;
    let cases = cases(suite).map_err(|what| ("cases.jsonl".to_owned(), what))?;
    files.extend([("cases.jsonl".to_owned(), cases), ("suite.toml".to_owned(), header)]);
    Ok(files)
}

fn header(suite: &Suite, solution: Vec<SolutionTable>, files: &[(String, String)]) -> Result<String, String> {
    let rules = &suite.rules;
    let header = Header {
        entry: EntryField(suite.entry.clone()),
        params: suite.calling.params.iter().copied().map(FormField::from).collect(),
        param_names: suite.param_names.clone(),
        answer: (suite.calling.answer != Answer::default()).then_some(AnswerField(suite.calling.answer)),
        checker: Some(CheckerField::of(&suite.checker)),
        tolerance: None,
        eval: rules.eval,
        webassembly: rules.webassembly,
        seed: rules.seed,
        fail_fast: rules.fail_fast,
        limits: Some(LimitsField(rules.limits)),
        solution,
        cases: None,
    };
    let text = toml::to_string(&header).map_err(|error| error.to_string())?;
    let file = |name: &str| {
        let found = files.iter().find(|(other, _)| other == name);
        found.map(|(_, content)| content.clone()).ok_or(std::io::ErrorKind::NotFound.into())
    };
    let read = folder::header(&text).map_err(|(_, what)| what)?;
    let read = read.suite(suite.name.clone(), &file).map_err(|Wrong { field, what }| format!("{field}: {what}"))?;
    same("entry", &suite.entry, &read.entry)?;
    same("params and answer", &suite.calling, &read.calling)?;
    same("param-names", &suite.param_names, &read.param_names)?;
    same("checker", &suite.checker, &read.checker)?;
    same("limits and rules", &suite.rules, &read.rules)?;
    same("solutions", &suite.solutions, &read.solutions)?;
    Ok(text)
}

fn cases(suite: &Suite) -> Result<String, String> {
    if suite.cases.is_empty() {
        return Err("no cases: a suite needs at least one".to_owned());
    }
    let is_program = matches!(suite.entry, Entry::Program);
    let (mut text, mut ids) = (String::new(), HashSet::new());
    for case in &suite.cases {
        if !ids.insert(&case.id) {
            return Err(format!("id: {:?} is the id of two cases: ids are unique", case.id));
        }
        let line = serde_json::to_string(&CaseRow::of(case, is_program)).map_err(|error| error.to_string())?;
        let read = lines::json::<CaseRow>(&line, true).map_err(|(_, what)| what);
        let read: Case = read
            .and_then(|row| row.case(is_program, case.id.clone()))
            .map_err(|what| format!("case {:?}: {what}", case.id))?;
        same(&format!("case {:?}", case.id), &**case, &read)?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

/// What was written is read once more: that it comes back is not left to each of the fields above.
///
/// The two are compared as written for a debugger, for `==` takes `NaN` for something else, and `-0` for `0`.
fn same<T: Debug>(what: &str, meant: &T, read: &T) -> Result<(), String> {
    let (meant, read) = (format!("{meant:?}"), format!("{read:?}"));
    if meant == read { Ok(()) } else { Err(format!("{what}: a suite's files have no words for {meant}")) }
}
