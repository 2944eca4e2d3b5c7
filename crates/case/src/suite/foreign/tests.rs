//! What is made of suites of others, sound and broken, found by what they look like.

mod arbitrary;
mod evaluation;
mod exercism;
mod humaneval;
mod judge0;
mod leetcode;
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

#[test]
fn what_is_known_is_told_where_nothing_is_recognised() {
    let folder =
        folder(&[("a.json", "{\"questions\":[]}"), ("c.txt", "1 2"), ("f.jsonl", "{\"question\":1}"), ("d/e", "")]);
    for path in ["a.json", "c.txt", "d", "f.jsonl"] {
        let error = error(&folder, path);
        assert!(error.starts_with(&format!("{path}: no suite here: a suite is a folder with a suite.toml")), "{error}");
        for format in Format::ALL {
            let (name, recognised) = format.description();
            assert!(error.contains(&format!("{name} ({recognised})")), "{error}");
        }
    }
    assert_eq!(error(&folder, "no.json"), "no.json: cannot be read: No such file or directory (os error 2)");
}

#[test]
fn suites_of_deem_and_of_others_stand_side_by_side() {
    let own = r#"{"args":[],"expected":1}"#;
    let folder = folder(&[
        ("own/suite.toml", "entry = \"f\""),
        ("own/cases.jsonl", own),
        // What is in a suite of deem's own is its own.
        ("own/test/1.in", ""),
        ("own/test/1.out", ""),
        ("others/1.in", ""),
        ("others/1.out", ""),
    ]);
    let suites = suite::load(folder.path()).unwrap();
    let names: Vec<_> = suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(names, ["others", "own"]);
}

#[test]
fn a_file_with_nothing_in_it() {
    let folder = folder(&[("a.json", "[]"), ("b.jsonl", "\n\n")]);
    for file in ["a.json", "b.jsonl"] {
        for format in [Format::LeetCode, Format::Exercism, Format::HumanEval, Format::Judge0] {
            let result = suite::import(&folder.path().join(file), Some(format));
            let expected = format!("{file}: there is nothing in it: a suite needs at least one case");
            assert_eq!(message(&folder, result), expected);
        }
    }
}

#[test]
fn what_is_broken_is_recognised_by_what_comes_before() {
    let folder = folder(&[
        ("a.json", "[{\"data\": {\"question\": 1,\n}}]"),
        ("b.json", "{\"exercise\": [], \"cases\": [}"),
        ("c.jsonl", "\n{\"prompt\": 0, \"test\": }"),
        ("d.json", "\u{feff}{\"submissions\": [\n{]}"),
    ]);
    let check = |file: &str, expected: &str| assert_eq!(error(&folder, file), format!("{file}:{expected}"));
    let question = "a question: an object with metaData, exampleTestcases and expectedOutputs";
    check("a.json", &format!("1: [0].data.question: invalid type: integer `1`, expected {question}, at column 24"));
    check("b.json", "1: exercise: invalid type: sequence, expected a string, at column 13");
    check("c.jsonl", "2: prompt: invalid type: integer `0`, expected a string, at column 12");
    check("d.json", "2: submissions[0]: key must be a string, at column 2");
}

#[test]
fn what_nests_too_deeply_is_an_error() {
    let case = "{\"exercise\":\"\",\"cases\":[{\"description\":\"\",\"input\":{\"a\":";
    let group = "{\"description\":\"\",\"cases\":[";
    let groups = case.replace("\"input\":{\"a\":", &format!("\"cases\":[{}", group.repeat(100_000)));
    for deep in [case.to_owned() + &"[".repeat(1_000_000), groups] {
        let folder = folder(&[("a.json", &deep)]);
        let error = error(&folder, "a.json");
        assert!(error.contains("recursion limit exceeded"), "{error:.1000}");
    }
}

#[test]
fn a_list_of_deems_own_may_carry_fields_of_others() {
    let problem = r#"{"id":"p","entry":"f","source":"s","cases":[{"args":[1],"expected":1}],"metaData":"","exercise":"","task_id":""}"#;
    let folder = folder(&[("problems.jsonl", problem)]);
    assert_eq!(suite::load(&folder.path().join("problems.jsonl")).unwrap()[0].name, "p");
}
