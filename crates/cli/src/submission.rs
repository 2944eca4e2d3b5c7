//! The solution that is judged: where it is read from, and what is called in it.

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, Result};
use deem_core::{Entry, Exception, Executor, InternalError, Prepared, Rules, Submission, Suite};

/// A solution as it was written, and as it is run.
pub(crate) struct Written {
    /// As it was written, with its types if it is TypeScript.
    pub(crate) source: String,
    pub(crate) submission: Submission,
    /// Why its types could not be taken away: then it does not compile.
    pub(crate) refused: Option<Exception>,
}

/// Reads a solution, as it is called by the suite.
///
/// # Errors
/// If it cannot be read, or the entry that was given is no name.
pub(crate) fn read(solution: &Path, suite: &Suite, entry: Option<&str>) -> Result<Written> {
    let source = source(solution).with_context(|| format!("{}: cannot be read", name(solution)))?;
    let is_module = has_ending(solution, &["mjs", "mts"]);
    let entry = match (entry, suite.entry.clone()) {
        (Some(name), _) if is_module => Entry::export(name).with_context(|| "--entry")?,
        (Some(name), _) => Entry::function(name).with_context(|| "--entry")?,
        (None, Entry::Function(name)) if is_module => Entry::Export(name),
        (None, Entry::Export(name)) if !is_module => Entry::Function(name),
        (None, entry) => entry,
    };
    let (stripped, refused) = match is_typescript(solution).then(|| deem_typescript::strip(&source)) {
        None => (source.clone(), None),
        Some(Ok(stripped)) => (stripped, None),
        Some(Err(exception)) => (source.clone(), Some(exception)),
    };
    let submission = Submission { source: stripped, entry, calling: suite.calling.clone() };
    Ok(Written { source, submission, refused })
}

/// Whether it is TypeScript, by its name.
fn is_typescript(solution: &Path) -> bool {
    has_ending(solution, &["ts", "mts"])
}

pub(crate) fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one))
}

/// What a report calls a solution.
pub(crate) fn name(solution: &Path) -> String {
    if is_stdin(solution) { "<stdin>".to_owned() } else { solution.display().to_string() }
}

pub(crate) fn is_stdin(solution: &Path) -> bool {
    solution == Path::new("-")
}

/// Where a solution does not compile, whatever would run it.
pub(crate) struct Refusal(pub(crate) Exception);

impl Executor for Refusal {
    fn prepare(&self, _: &Submission, _: &Rules) -> Result<Prepared, InternalError> {
        Ok(Prepared::CompileError(self.0.clone()))
    }
}

/// The source; of one that is too long to be compiled no more than shows that it is. What would compile it says so.
fn source(solution: &Path) -> io::Result<String> {
    let most = Submission::MOST_SOURCE.0;
    let mut source = Vec::new();
    let read: &mut dyn Read =
        if is_stdin(solution) { &mut io::stdin().lock() } else { &mut std::fs::File::open(solution)? };
    read.take(most as u64 + 1).read_to_end(&mut source)?;
    if source.len() > most {
        return Ok(String::from_utf8_lossy(&source).into_owned()); // it may be cut within a character
    }
    String::from_utf8(source).map_err(|_| io::Error::other("it is not UTF-8"))
}
