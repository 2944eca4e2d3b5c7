//! Suites: what a submission is judged on, read from files.
//!
//! A suite of deem's own is a folder:
//!
//! ```text
//! sum/
//!   suite.toml    entry = "sum"              what is called: see below
//!                 params = ["list", "plain"] optional: what each argument is made into, "plain", "list" or "tree"
//!                 param-names = ["numbers"]  optional: what the arguments are called, in reports
//!                 answer = "list"            optional: the form of what is returned, or { argument = 0 }
//!                 checker = "set"            optional: how answers are compared, see below
//!                 tolerance = 1e-9           optional, in place of a checker: numbers may be this far off, absolutely or
//!                                            relatively
//!                 eval = true                optional, as is webassembly: what cases may do that they may not by default
//!                 seed = 7                   optional: where Math.random starts
//!                 fail-fast = true           optional: the first case that is not AC is the last
//!                 [limits]
//!                 cpu-ms = 2000              optional, as are wall-ms, heap-mib, external-mib, output-kib and stack-kib
//!                 [[solution]]               any number: submissions whose verdict is known
//!                 file = "right.js"          an .mjs file is an ES module, which exports the function or class (or exports it as default)
//!                 verdict = "AC"
//!                 completion = true          optional: run as a script whose last expression answers, given `args`
//!   cases.jsonl   {"id":"empty","args":[[]],"expected":0}      one case a line; the id is optional
//!   right.js
//! ```
//!
//! The **entry** is the name of a function, or a table with its kind:
//!
//! | `entry =` | [`Entry`] |
//! |---|---|
//! | `"sum"`, `{ kind = "function", name = "sum" }` | [`Entry::Function`] |
//! | `{ kind = "export", name = "sum" }` | [`Entry::Export`] |
//! | `{ kind = "class", name = "Stack" }` | [`Entry::Class`] |
//! | `{ kind = "program" }` | [`Entry::Program`] |
//! | `{ kind = "completion" }` | [`Entry::Completion`] |
//!
//! The **checker** is the name of one, or a table with its kind and what there is to say of it. Without one it is `exact`, but
//! for a program `lines` (and with a `tolerance`, `tokens`).
//!
//! | `kind =` | compares | fields, all optional but where it says so |
//! |---|---|---|
//! | `"exact"` | values | `signed-zero = true`: `-0` is not `0`; `equal-nan = false`: `NaN` is not `NaN` |
//! | `"float"` | values | `absolute`, `relative`: how far off numbers may be, one of them at least; `at = ["result[*].score"]`: where, as [`PathPattern`](crate::PathPattern)s; and those of `exact` |
//! | `"unordered"` | arrays as multisets | `depth = 2`: also the arrays in arrays, and so on; and those of `float` |
//! | `"set"` | arrays as sets | as `unordered` |
//! | `"tokens"` | the words of texts | `absolute`, `relative`: how far off numbers may be; `ignore-case = true` |
//! | `"lines"` | the lines of texts, but for white space at their ends | |
//! | `"identical"` | texts | |
//! | `"custom"` | by a program, see [`CustomChecker`](crate::CustomChecker) | `file`, required: where its function `check` is; `limits`, as those of cases |
//!
//! A **case** has `args` and one of `expected`, `any-of` (an array of right answers) and `throws`, which is `true` or an object
//! with the error's `name`, a part of its `message`, or both. A program's case has a text as `input` in place of `args`, and a
//! text as `output` in place of `expected`.
//!
//! A `.json` file is a suite in one file: an object with the fields of `suite.toml`, and the `cases` in an array. [`schema`] has
//! its JSON Schema.
//!
//! A `.jsonl` file is a list of problems, one a line, each a suite with one solution:
//! `{"id", "entry", "source", "verdict"?, "params"?, "param-names"?, "answer"?, "checker"?, "tolerance"?, "limits"?, "cases": [..]}`, with the
//! fields as above. Other fields are passed over.
//!
//! Files that are named in a suite are looked for where its own file is.
//!
//! Suites in a [`Format`] of others are read as they are, and recognised by what is in them: packages of Kattis, questions of
//! LeetCode, rows of HumanEval, and more. What of such a suite cannot be carried, [`import`] says.

mod cases;
mod fields;
mod folder;
mod foreign;
mod lines;
mod meaning;
mod problems;
mod save;
mod schema;
mod single;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use cases::CaseReader;
pub use save::save;
pub use schema::schema;

use crate::{Calling, Case, Checker, Entry, Rules, Submission, Verdict};

pub use foreign::{Format, Imported};

/// Cases, with what is needed to judge on them.
#[derive(Clone, Debug, PartialEq)]
pub struct Suite {
    /// Where the suite is below the path that was loaded, such as `origin/sum`; a file's name without its ending; a problem's
    /// id.
    pub name: String,
    /// What is called in a submission, unless it is one of the solutions and says otherwise.
    pub entry: Entry,
    /// How that is passed its arguments, and where its answer is.
    pub calling: Calling,
    /// What the arguments are called, in reports alone. Those beyond the list have no names.
    pub param_names: Vec<String>,
    /// How answers are compared.
    pub checker: Checker,
    /// What each case may use, and what it sees.
    pub rules: Rules,
    /// The cases; never empty, but where [`open`] leaves them in their file.
    pub cases: Vec<Arc<Case>>,
    /// Submissions whose verdict is known.
    pub solutions: Vec<Solution>,
}

/// A submission whose verdict is known.
#[derive(Clone, Debug, PartialEq)]
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

/// Reads every suite at `path`: a suite's folder, a folder that holds suites at any depth, a `.json` file with a suite, a
/// `.jsonl` list of problems, or any of these in a [`Format`] of others. The order is that of the names.
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
            None => match path.extension().and_then(|ending| ending.to_str()) {
                Some("json") => Ok(vec![single::load(path, name(path))?.into()]),
                Some("jsonl") => Ok(problems::load(path)?.into_iter().map(Imported::from).collect()),
                _ => Err(unknown(path)),
            },
        };
    }
    let mut suites = Vec::new();
    walk(path, path, &mut suites)?;
    if suites.is_empty() { Err(unknown(path)) } else { Ok(suites) }
}

/// Opens a suite's folder, and leaves the cases in their file: there may be more of them than memory has room for.
///
/// What is wrong with a case comes when its turn does.
///
/// ```no_run
/// use std::path::Path;
/// use std::ops::ControlFlow;
/// use deem_case::{Case, CaseReport, Executor, Judge, suite};
///
/// # fn run(executor: &dyn Executor) -> Result<(), Box<dyn std::error::Error>> {
/// let (suite, cases) = suite::open(Path::new("suites/sum"))?;
/// let mut broken = None;
/// let mut sound = cases.map_while(|case| case.map_err(|error| broken = Some(error)).ok());
/// Judge { executor, checker: &suite.checker, rules: &suite.rules }.run(
///     &suite.solutions[0].submission,
///     &mut sound,
///     &mut |_: &Case, report: CaseReport| {
///         println!("{report}");
///         ControlFlow::Continue(())
///     },
/// )?;
/// # drop(sound);
/// broken.map_or(Ok(()), |error| Err(error.into()))
/// # }
/// ```
///
/// # Errors
/// If anything is missing or broken but a case.
pub fn open(folder: &Path) -> Result<(Suite, CaseReader), SuiteError> {
    folder::open(folder, name(folder))
}

fn unknown(path: &Path) -> SuiteError {
    if let Some(folder) = path.parent().filter(|_| path.ends_with("suite.toml")) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        return SuiteError::new(path, None, format!("the suite is the folder that this is in: {}", folder.display()));
    }
    let own = "a suite is a folder with a suite.toml and a cases.jsonl, a .json file, or a .jsonl file of problems";
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
