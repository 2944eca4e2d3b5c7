//! Suites: what a submission is judged on, read from files.
//!
//! A suite of deem's own is a folder:
//!
//! ```text
//! sum/
//!   suite.toml    entry = "sum"              the function that is called
//!                 tolerance = 1e-9           optional: numbers may be this far off, absolutely or relatively
//!                 eval = true                optional, as is webassembly: what cases may do that they may not by default
//!                 [limits]
//!                 cpu-ms = 2000              optional, as are wall-ms, heap-mib, external-mib, output-kib and stack-kib
//!                 [[solution]]               any number: submissions whose verdict is known
//!                 file = "right.js"          an .mjs file is an ES module, which exports the function (or exports it as default)
//!                 verdict = "AC"
//!                 completion = true          optional: run as a script whose last expression answers, given `args`
//!   cases.jsonl   {"id":"empty","args":[[]],"expected":0}      one case a line; the id is optional
//!   right.js
//! ```
//!
//! A `.jsonl` file is a list of problems, one a line, each a suite with one solution:
//! `{"id", "entry", "source", "verdict"?, "tolerance"?, "cases": [{"args", "expected"}]}`.
//!
//! Suites in a [`Format`] of others are read as they are, and recognised by what is in them: packages of Kattis, questions of
//! LeetCode, rows of HumanEval, and more. What of such a suite cannot be carried, [`import`] says.

mod folder;
mod foreign;
mod problems;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};

use crate::{Case, Checker, Entry, Rules, Submission, Verdict};

pub use foreign::{Format, Imported};

/// Cases, with what is needed to judge on them.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Where the suite is below the path that was loaded, such as `origin/sum`; a problem's id.
    pub name: String,
    /// How answers are compared.
    pub checker: Checker,
    /// What each case may use, and what it sees.
    pub rules: Rules,
    /// The cases; never empty.
    pub cases: Vec<Arc<Case>>,
    /// Submissions whose verdict is known.
    pub solutions: Vec<Solution>,
}

/// A submission whose verdict is known.
#[derive(Clone, Debug)]
pub struct Solution {
    /// The file's name without its ending; `source` in a list of problems.
    pub name: String,
    /// The submission.
    pub submission: Submission,
    /// The verdict that it must get.
    pub verdict: Verdict,
}

/// A suite that cannot be read, with the place of what is wrong.
#[derive(Debug, thiserror::Error)]
pub struct SuiteError {
    file: PathBuf,
    line: Option<usize>,
    what: String,
}

impl fmt::Display for SuiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.what)
    }
}

impl SuiteError {
    fn new(file: &Path, line: impl Into<Option<usize>>, what: impl ToString) -> SuiteError {
        SuiteError { file: file.to_owned(), line: line.into(), what: what.to_string() }
    }

    /// The file that is broken.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line in it, from 1, where that is known.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

/// Reads every suite at `path`: a suite's folder, a folder that holds suites at any depth, a `.jsonl` list of
/// problems, or any of these in a [`Format`] of others. The order is that of the names.
///
/// What could not be carried of a foreign format goes unsaid: see [`import`].
///
/// # Errors
/// At the first file that is missing or broken, and where there is no suite at all.
pub fn load(path: &Path) -> Result<Vec<Suite>, SuiteError> {
    Ok(import(path, None)?.into_iter().map(|imported| imported.suite).collect())
}

/// As [`load`], with what could not be carried of each suite. Where a format is given, what is at `path` is read in that,
/// whatever it looks like.
///
/// ```no_run
/// use std::path::Path;
/// use deem_case::suite;
///
/// for imported in suite::import(Path::new("batch.json"), Some("judge0".parse()?))? {
///     println!("{}: {} cases", imported.suite.name, imported.suite.cases.len());
///     for note in imported.notes {
///         println!("  {note}");
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`load`].
pub fn import(path: &Path, format: Option<Format>) -> Result<Vec<Imported>, SuiteError> {
    if let Some(format) = format {
        return foreign::load(path, format, name(path));
    }
    if path.is_file() {
        return match foreign::of_file(path)? {
            Some(format) => foreign::load(path, format, name(path)),
            None if path.extension().is_some_and(|ending| ending == "jsonl") => {
                Ok(problems::load(path)?.into_iter().map(Imported::from).collect())
            }
            None => Err(unknown(path)),
        };
    }
    let mut suites = Vec::new();
    walk(path, path, &mut suites)?;
    if suites.is_empty() { Err(unknown(path)) } else { Ok(suites) }
}

fn unknown(path: &Path) -> SuiteError {
    let own = "a suite is a folder with a suite.toml and a cases.jsonl, or a .jsonl file of problems";
    SuiteError::new(path, None, format!("no suite here: {own}; {}", foreign::known()))
}

/// What a suite is called that is all there is at `path`.
fn name(path: &Path) -> String {
    let name = if path.is_file() { path.file_stem() } else { path.file_name() };
    name.unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn walk(root: &Path, folder: &Path, suites: &mut Vec<Imported>) -> Result<(), SuiteError> {
    let below = folder.strip_prefix(root).unwrap_or(folder);
    let called = if below.as_os_str().is_empty() { name(folder) } else { below.to_string_lossy().into_owned() };
    // Either of the two: that the other is missing must not go unnoticed.
    if ["suite.toml", "cases.jsonl"].iter().any(|file| folder.join(file).exists()) {
        suites.push(folder::load(folder, called)?.into());
        return Ok(());
    }
    if let Some(format) = foreign::of_folder(folder) {
        suites.extend(foreign::load(folder, format, called)?);
        return Ok(());
    }
    let unreadable = |error| SuiteError::new(folder, None, format!("cannot be read: {error}"));
    let mut inside =
        std::fs::read_dir(folder).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    inside.sort_by_key(|entry| entry.file_name());
    for entry in inside {
        if entry.path().is_dir() {
            walk(root, &entry.path(), suites)?;
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<String, SuiteError> {
    std::fs::read_to_string(file).map_err(|error| SuiteError::new(file, None, format!("cannot be read: {error}")))
}

/// The lines of a JSONL file that say something, each with its number from 1.
fn json_lines<T: DeserializeOwned>(file: &Path) -> Result<Vec<(usize, T)>, SuiteError> {
    let text = read(file)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| Ok((index + 1, json_line(line).map_err(|what| SuiteError::new(file, index + 1, what))?)))
        .collect()
}

fn json_line<T: DeserializeOwned>(line: &str) -> Result<T, String> {
    let column = |error: serde_json::Error| error.to_string().replace(" at line 1 column ", ", at column ");
    let mut reader = serde_json::Deserializer::from_str(line);
    reader.disable_recursion_limit(); // values have their own, MAX_DEPTH
    let row = serde_path_to_error::deserialize(&mut reader).map_err(|error| in_field(error, column))?;
    reader.end().map_err(column)?;
    Ok(row)
}

/// What is wrong, after the path of the field that it is wrong with: `cases[0].args: ..`.
fn in_field<E>(error: serde_path_to_error::Error<E>, what: impl FnOnce(E) -> String) -> String {
    let path = error.path().to_string();
    let what = what(error.into_inner());
    // `.` is the whole, `?` a name that was not read to its end.
    let field = path.trim_end_matches('?').trim_end_matches('.');
    if field.is_empty() { what } else { format!("{field}: {what}") }
}

// Readers of the fields that both kinds of files have. What they refuse is so refused with its place.

fn entry<'de, D: Deserializer<'de>>(field: D) -> Result<Entry, D::Error> {
    Entry::function(&String::deserialize(field)?).map_err(D::Error::custom)
}

fn verdict<'de, D: Deserializer<'de>>(field: D) -> Result<Verdict, D::Error> {
    let code = Option::<String>::deserialize(field)?;
    code.map_or(Ok(Verdict::Accepted), |code| code.parse().map_err(D::Error::custom))
}

fn tolerance<'de, D: Deserializer<'de>>(field: D) -> Result<Checker, D::Error> {
    match Option::<f64>::deserialize(field)? {
        None => Ok(Checker::Exact),
        Some(tolerance) if tolerance >= 0.0 && tolerance.is_finite() => Ok(Checker::approximate(tolerance)),
        Some(tolerance) => Err(D::Error::custom(format_args!("{tolerance} is not a finite number from 0 up"))),
    }
}

fn exact() -> Checker {
    Checker::Exact
}
