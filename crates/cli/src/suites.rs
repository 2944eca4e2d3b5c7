//! The suite that a solution is judged on.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use deem_core::{Suite, suite};

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
