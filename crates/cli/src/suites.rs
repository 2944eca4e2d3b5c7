//! Suites, and where they are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use deem_core::suite::{self, Format, Imported};
use deem_core::{Case, Checker, Suite, SuiteError};

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

/// Reads the suites at `path` as [`suite::import`] does, and a problem in a list of problems as if the list were a folder:
/// `problems.jsonl/two-sum`.
///
/// # Errors
/// If one is broken, or there is none.
pub(crate) fn import(path: &Path, format: Option<Format>) -> Result<Vec<Imported>> {
    let on_disk = on_disk(path);
    let mut imported = suite::import(&on_disk, format)?;
    let name = path.strip_prefix(&on_disk).unwrap_or(Path::new(""));
    if name.as_os_str().is_empty() {
        return Ok(imported);
    }
    let Some(index) = imported.iter().position(|imported| Path::new(&imported.suite.name) == name) else {
        let known = known(imported.iter().map(|imported| &imported.suite));
        bail!("{}: no {:?} in it: there are {known}", on_disk.display(), name.display());
    };
    Ok(vec![imported.swap_remove(index)])
}

/// As [`import`], without word of what could not be carried.
///
/// # Errors
/// As [`import`].
pub(crate) fn load(path: &Path) -> Result<Vec<Suite>> {
    Ok(import(path, None)?.into_iter().map(|imported| imported.suite).collect())
}

/// As [`load`], where there is one suite.
///
/// # Errors
/// As [`load`], and if there are several.
pub(crate) fn load_one(path: &Path) -> Result<Suite> {
    let mut suites = load(path)?;
    match suites.pop() {
        Some(suite) if suites.is_empty() => Ok(suite),
        last => {
            suites.extend(last);
            bail!(
                "--suite {0}: one suite is wanted, as {0}/{1}: there are {2}",
                path.display(),
                suites[0].name,
                known(suites.iter())
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

fn known<'a>(suites: impl ExactSizeIterator<Item = &'a Suite>) -> String {
    const SHOWN: usize = 5;
    let count = suites.len();
    let names: Vec<&str> = suites.take(SHOWN).map(|suite| suite.name.as_str()).collect();
    let rest = if count > SHOWN { ", .." } else { "" };
    format!("{count} ({}{rest})", names.join(", "))
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
        assert_eq!(load(&list)?.len(), 2);
        let error = |path: &Path| load_one(path).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error(&list.join("c")).ends_with("no \"c\" in it: there are 2 (a/1, b)"), "{}", error(&list.join("c")));
        assert!(error(&list).contains("list.jsonl/a/1: there are 2 (a/1, b)"), "{}", error(&list));
        std::fs::write(&list, problem("b"))?;
        assert_eq!(load_one(&list)?.name, "b");
        Ok(())
    }
}
