//! What is made of suites of others, sound and broken, found by what they look like.

mod stdio;

use std::path::Path;

use tempfile::TempDir;

use super::{Draft, Format, Imported, SuiteError, drafts};
use crate::suite::{self, name};

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

/// The one suite at `path`, before it is put together.
#[track_caller]
fn draft(path: &Path, format: Format) -> Draft {
    let drafts = drafts(path, format, name(path)).unwrap_or_else(|error| panic!("{error}"));
    let count = drafts.len();
    <[Draft; 1]>::try_from(drafts).unwrap_or_else(|_| panic!("{count} suites")).into_iter().next().unwrap()
}

/// What is wrong there, with paths below `root`, where nobody says which format it is.
#[track_caller]
fn error(root: &TempDir, path: &str) -> String {
    message(root, suite::import(&root.path().join(path), None))
}

#[track_caller]
fn message(root: &TempDir, result: Result<Vec<Imported>, SuiteError>) -> String {
    match result {
        Ok(suites) => panic!("no error: {suites:?}"),
        Err(error) => error.to_string().replace(&format!("{}/", root.path().display()), ""),
    }
}

fn ids(draft: &Draft) -> Vec<&str> {
    draft.cases.iter().map(|case| case.id.as_str()).collect()
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    let error = "codewars".parse::<Format>().unwrap_err();
    assert!(error.starts_with("unknown format \"codewars\": one of kattis, oj, in-out"), "{error}");
}
