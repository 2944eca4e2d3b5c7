//! Folders of `.in` files, each with what must come of it beside it.

use std::path::{Path, PathBuf};

use super::{Draft, SuiteError, program_case, read, text_checker};
use crate::{Case, Entry};

/// Whether a folder has an input with its output.
pub(super) fn any(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| is_input(&entry.path()) && output(&entry.path(), &["out", "ans"]).is_some())
}

pub(super) fn load(folder: &Path, name: String) -> Result<Draft, SuiteError> {
    let mut cases = Vec::new();
    for input in inputs(folder)? {
        cases.push(case(folder, &input, &["out", "ans"])?);
    }
    draft(folder, name, cases)
}

/// The folder `test` in this one. An input may lack its output there: it is for looking at what a program writes.
pub(super) fn oj(folder: &Path, name: String) -> Result<Draft, SuiteError> {
    let folder = &folder.join("test");
    let mut cases = Vec::new();
    let mut notes = Vec::new();
    for input in inputs(folder)? {
        match output(&input, &["out"]) {
            Some(_) => cases.push(case(folder, &input, &["out"])?),
            None => notes.push(format!("{} has no .out: it is left out", id(folder, &input))),
        }
    }
    Ok(Draft { notes, ..draft(folder, name, cases)? })
}

fn draft(folder: &Path, name: String, cases: Vec<Case>) -> Result<Draft, SuiteError> {
    if cases.is_empty() {
        return Err(SuiteError::new(folder, None, "no cases: each is an .in file with an .out file of the same name"));
    }
    Ok(Draft { checker: text_checker(), ..Draft::new(name, Entry::Program, cases) })
}

/// The case of an input, whose output has one of these endings. Its id is the path below `root` without the ending.
pub(super) fn case(root: &Path, input: &Path, endings: &[&str]) -> Result<Case, SuiteError> {
    let output = output(input, endings).ok_or_else(|| {
        let names: Vec<_> = endings.iter().map(|ending| file_name(&input.with_extension(ending))).collect();
        SuiteError::new(input, None, format!("no output for this input: there is no {} beside it", names.join(" or ")))
    })?;
    Ok(program_case(id(root, input), read(input)?, read(&output)?))
}

/// The inputs in a folder, in the order in which a person would count them.
pub(super) fn inputs(folder: &Path) -> Result<Vec<PathBuf>, SuiteError> {
    Ok(list(folder)?.into_iter().filter(|path| is_input(path)).collect())
}

/// What is in a folder, with `2` before `10`.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, SuiteError> {
    let unreadable = |error| SuiteError::new(folder, None, format!("cannot be read: {error}"));
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut paths =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>().map_err(unreadable)?;
    paths.sort_by_cached_key(|path| (counted(&file_name(path)), path.clone()));
    Ok(paths)
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_input(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "in") && path.is_file()
}

fn output(input: &Path, endings: &[&str]) -> Option<PathBuf> {
    endings.iter().map(|ending| input.with_extension(ending)).find(|output| output.is_file())
}

fn id(root: &Path, input: &Path) -> String {
    input.strip_prefix(root).unwrap_or(input).with_extension("").to_string_lossy().into_owned()
}

/// The name with its numbers written so wide that letters sort as numbers do.
fn counted(name: &str) -> String {
    let mut wide = String::new();
    let mut digits = String::new();
    for c in name.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            if !digits.is_empty() {
                wide.push_str(&format!("{:0>20}", digits.trim_start_matches('0')));
                digits.clear();
            }
            wide.push(c);
        }
    }
    wide
}
