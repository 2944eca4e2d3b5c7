//! The suite that a solution is judged on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use deem_core::{Case, Checker, Suite, SuiteError, suite};

/// The cases of a suite, one after the other, up to one that is broken.
pub(crate) type Cases<'a> = Box<dyn Iterator<Item = Result<Arc<Case>, SuiteError>> + 'a>;

/// A suite to judge on.
pub(crate) struct Given {
    pub(crate) suite: Suite,
    /// Where its cases are still in their file, the suite's folder.
    folder: Option<PathBuf>,
}

impl Given {
    /// The suite, whose cases are in memory.
    pub(crate) fn whole(suite: Suite) -> Given {
        Given { suite, folder: None }
    }

    /// Its cases. Read from their file, they need memory for one at a time, and what is wrong with one comes when its turn does.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn cases(&self) -> Result<Cases<'_>, SuiteError> {
        Ok(match &self.folder {
            Some(folder) => Box::new(suite::open(folder)?.1),
            None => Box::new(self.suite.cases.iter().cloned().map(Ok)),
        })
    }
}

/// Reads the one suite at `path`, as [`load_one`] does, but for the cases that are in a file of their own.
///
/// # Errors
/// As [`load_one`], unless it is a case that is broken.
pub(crate) fn open_one(path: &Path) -> Result<Given> {
    if path.join("suite.toml").exists() || path.join("cases.jsonl").exists() {
        let (suite, _) = suite::open(path)?;
        return Ok(Given { suite, folder: Some(path.to_owned()) });
    }
    Ok(Given::whole(load_one(path)?))
}

/// Reads the one suite at `path`: a suite's folder, or a problem in a list of problems, as if that were a folder:
/// `problems.jsonl/two-sum`.
///
/// # Errors
/// If it is broken, or not there, or not one.
pub(crate) fn load_one(path: &Path) -> Result<Suite> {
    let on_disk = on_disk(path);
    let name = path.strip_prefix(&on_disk).unwrap_or(Path::new(""));
    let mut suites = suite::load(&on_disk)?;
    if !name.as_os_str().is_empty() {
        let Some(index) = suites.iter().position(|suite| Path::new(&suite.name) == name) else {
            let (list, known) = (on_disk.display(), known(&suites));
            bail!("--suite {}: no {:?} in {list}: there are {known}", path.display(), name.display());
        };
        return Ok(suites.swap_remove(index));
    }
    match suites.pop() {
        Some(suite) if suites.is_empty() => Ok(suite),
        last => {
            suites.extend(last);
            bail!(
                "--suite {0}: one suite is wanted, as {0}/{1}: there are {2}",
                path.display(),
                suites[0].name,
                known(&suites)
            )
        }
    }
}

/// Has the suite take -0 for another number than 0, if it is values that it compares.
pub(crate) fn tell_zeros_apart(suite: &mut Suite) {
    if let Checker::Values(equality) = &mut suite.checker {
        equality.signed_zero = true;
    }
}

/// The part of the path that is on disk: without the name of a problem in a list.
pub(crate) fn on_disk(path: &Path) -> PathBuf {
    path.ancestors().find(|part| part.is_file()).unwrap_or(path).to_owned()
}

fn known(suites: &[Suite]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = suites.iter().take(SHOWN).map(|suite| suite.name.as_str()).collect();
    let rest = if suites.len() > SHOWN { ", .." } else { "" };
    format!("{} ({}{rest})", suites.len(), names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_of_a_list_is_named_as_in_a_folder() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let list = folder.path().join("list.jsonl");
        let problem =
            |id: &str| format!(r#"{{"id":"{id}","entry":"f","source":"","cases":[{{"args":[],"expected":1}}]}}"#);
        std::fs::write(&list, format!("{}\n{}\n", problem("a/1"), problem("b")))?;
        assert_eq!(load_one(&list.join("a/1"))?.name, "a/1");
        assert_eq!(load_one(&list.join("b"))?.name, "b");
        let error = |path: &Path| load_one(path).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error(&list.join("c")).ends_with("there are 2 (a/1, b)"), "{}", error(&list.join("c")));
        assert!(error(&list).contains("list.jsonl/a/1: there are 2 (a/1, b)"), "{}", error(&list));
        std::fs::write(&list, problem("b"))?;
        assert_eq!(load_one(&list)?.name, "b");
        Ok(())
    }
}
