//! The solution that is judged: where it is read from, and what is called in it.

use std::io::{self, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use deem_core::{Calling, Entry, Submission, Suite};

/// The longest source that is read: nobody writes that much, and a compiler takes long for it.
const LONGEST: u64 = 16 << 20;

/// Reads a solution, as it is called by the suite.
///
/// # Errors
/// If it cannot be read, or nothing says what to call.
pub(crate) fn read(solution: &Path, suite: &Suite, entry: Option<&str>) -> Result<Submission> {
    let source = source(solution).with_context(|| format!("{}: cannot be read", name(solution)))?;
    let (known, calling) = called_by(suite);
    let is_module = solution.extension().is_some_and(|ending| ending == "mjs");
    let entry = match (entry, known) {
        (Some(name), _) if is_module => Entry::export(name).with_context(|| "--entry")?,
        (Some(name), _) => Entry::function(name).with_context(|| "--entry")?,
        (None, Some(Entry::Function(name))) if is_module => Entry::Export(name),
        (None, Some(Entry::Export(name))) if !is_module => Entry::Function(name),
        (None, Some(entry)) => entry,
        (None, None) => bail!("{}: nothing says which function to call: give --entry NAME", suite.name),
    };
    Ok(Submission { source, entry, calling })
}

/// What a report calls a solution.
pub(crate) fn name(solution: &Path) -> String {
    if is_stdin(solution) { "<stdin>".to_owned() } else { solution.display().to_string() }
}

pub(crate) fn is_stdin(solution: &Path) -> bool {
    solution == Path::new("-")
}

/// What a suite has called: what is called in the solutions that it ships.
fn called_by(suite: &Suite) -> (Option<Entry>, Calling) {
    let first = suite.solutions.iter().find(|solution| solution.submission.entry != Entry::Completion);
    let first = first.or(suite.solutions.first());
    first.map_or_else(
        || (None, Calling::default()),
        |solution| (Some(solution.submission.entry.clone()), solution.submission.calling.clone()),
    )
}

fn source(solution: &Path) -> io::Result<String> {
    let mut source = String::new();
    let read = if is_stdin(solution) {
        io::stdin().lock().take(LONGEST + 1).read_to_string(&mut source)
    } else {
        std::fs::File::open(solution)?.take(LONGEST + 1).read_to_string(&mut source)
    }?;
    if read as u64 > LONGEST {
        return Err(io::Error::other("it is longer than 16 MiB"));
    }
    Ok(source)
}
