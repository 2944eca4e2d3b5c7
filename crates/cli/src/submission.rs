//! The solution that is judged: where it is read from, and what is called in it.

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use deem_core::{Entry, Exception, Executor, InternalError, Prepared, Rules, Submission, Suite};

use crate::args::Ending;

/// A solution as it was written, and as it is run.
pub(crate) struct Written {
    /// As it was written, with its types if it is TypeScript.
    pub(crate) source: String,
    pub(crate) submission: Submission,
    /// Why its types could not be taken away: then it does not compile.
    pub(crate) refused: Option<Exception>,
    /// As what it was read, where that is somebody's choice: of what a suite ships, the suite says it.
    pub(crate) ending: Option<Ending>,
}

/// Reads a solution, as it is called by the suite, and as its ending says, or the one that was given.
///
/// # Errors
/// If it cannot be read, or the entry that was given is no name.
pub(crate) fn read(solution: &Path, suite: &Suite, entry: Option<&str>, ending: Option<Ending>) -> Result<Written> {
    let source = source(solution).with_context(|| format!("{}: cannot be read", name(solution)))?;
    let ending = ending.or(Ending::of(solution)).unwrap_or(Ending::Js);
    let is_module = ending.is_module();
    let entry = match (entry, suite.entry.clone()) {
        (Some(name), _) if is_module => Entry::export(name).with_context(|| "--entry")?,
        (Some(name), Entry::Class(_)) => Entry::class(name).with_context(|| "--entry")?,
        (Some(name), _) => Entry::function(name).with_context(|| "--entry")?,
        (None, Entry::Function(name) | Entry::Class(name)) if is_module => Entry::Export(name),
        (None, Entry::Export(name)) if !is_module => Entry::Function(name),
        (None, entry) => entry,
    };
    let (stripped, refused) = match ending.is_typescript().then(|| deem_typescript::strip(&source)) {
        None => (source.clone(), None),
        Some(Ok(stripped)) => (stripped, None),
        Some(Err(exception)) => (source.clone(), Some(exception)),
    };
    let submission = Submission { source: stripped, entry, calling: suite.calling.clone() };
    Ok(Written { source, submission, refused, ending: Some(ending) })
}

impl Ending {
    /// That of a file, if it is that of a solution.
    pub(crate) fn of(path: &Path) -> Option<Ending> {
        Ending::from_str(path.extension()?.to_str()?, false).ok()
    }

    pub(crate) fn is_module(self) -> bool {
        matches!(self, Ending::Mjs | Ending::Mts)
    }

    pub(crate) fn is_typescript(self) -> bool {
        matches!(self, Ending::Ts | Ending::Mts | Ending::Cts)
    }
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

#[cfg(test)]
mod tests {
    use deem_core::suite;

    use super::*;

    #[test]
    fn what_is_called_is_the_suites_and_how_the_endings() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).map(|()| folder.path().join(name));
        let entry = |entry: &str, ending: &str, named: Option<&str>, given: Option<Ending>| -> Result<Entry> {
            let text = format!("{{\"entry\":{entry},\"cases\":[{{\"args\":[],\"expected\":1}}]}}");
            let suite = suite::load(&file("suite.json", &text)?)?.remove(0);
            Ok(read(&file(&format!("solution{ending}"), "")?, &suite, named, given)?.submission.entry)
        };
        let (function, class) = ("\"f\"", r#"{"kind":"class","name":"f"}"#);
        for script in ["", ".js", ".cjs", ".txt"] {
            assert_eq!(entry(function, script, None, None)?, Entry::function("f")?);
            assert_eq!(entry(class, script, Some("g"), None)?, Entry::class("g")?, "it stays a class");
            assert_eq!(entry(class, script, None, Some(Ending::Mjs))?, Entry::export("f")?);
        }
        for one in [function, class] {
            assert_eq!(entry(one, ".mjs", None, None)?, Entry::export("f")?);
            assert_eq!(entry(one, ".mjs", Some("g"), None)?, Entry::export("g")?);
        }
        assert_eq!(entry(function, ".mjs", None, Some(Ending::Js))?, Entry::function("f")?);
        Ok(())
    }
}
