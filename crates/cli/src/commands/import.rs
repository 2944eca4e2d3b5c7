//! Other formats, written as suites of deem's own.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use deem_core::suite::{self, Imported};

use crate::args;
use crate::{output, suites};

pub(crate) fn import(options: &args::Import) -> Result<ExitCode> {
    let imported = suites::import(&options.from, options.format)?;
    let folders = folders(&imported, &options.to)?;
    for folder in &folders {
        // Before anything is written: what is there may be somebody's work.
        if std::fs::read_dir(folder).is_ok_and(|mut inside| inside.next().is_some()) {
            bail!("{}: cannot be written: it has something in it already", folder.display());
        }
    }
    for (Imported { suite, notes }, folder) in imported.iter().zip(&folders) {
        suite::save(suite, folder)?;
        let (cases, solutions) = (suite.cases.len(), suite.solutions.len());
        output::print(&format!("{}: {}, {}\n", folder.display(), count(cases, "case"), count(solutions, "solution")))?;
        for note in notes {
            output::print(&format!("  not carried: {note}\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where each goes: one to the folder itself, several below it, by their names.
fn folders(imported: &[Imported], to: &Path) -> Result<Vec<PathBuf>> {
    if let [_] = imported {
        return Ok(vec![to.to_owned()]);
    }
    let mut folders: Vec<PathBuf> = Vec::with_capacity(imported.len());
    for Imported { suite, .. } in imported {
        // A name is the other format's, and may be anything.
        let safe = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let name: String = suite.name.chars().map(safe).collect();
        let folder = to.join(name.trim_start_matches('.'));
        if folder == to || folders.contains(&folder) {
            bail!("{:?}: a second suite of that name, or one without a name: import them one by one", suite.name);
        }
        folders.push(folder);
    }
    Ok(folders)
}

fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
