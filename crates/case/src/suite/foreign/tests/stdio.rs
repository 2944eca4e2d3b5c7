use std::time::Duration;

use super::{draft, error, folder, ids, message};
use crate::suite::{self, Format};
use crate::{Bytes, Checker, Entry, Expected, Limits, TextChecker, Tolerance, Value, Verdict};

#[test]
fn pairs_are_cases_in_the_order_of_their_numbers() {
    let folder = folder(&[
        ("10.in", "ten"),
        ("10.ans", "X"),
        ("9.in", "nine\n"),
        ("9.out", "IX\n"),
        ("readme.txt", "in and out"),
    ]);
    let draft = draft(folder.path(), Format::InOut);
    assert_eq!(draft.entry, Entry::Program);
    assert_eq!(ids(&draft), ["9", "10"]);
    assert_eq!(draft.cases[0].args, [Value::String("nine\n".into())]);
    assert_eq!(draft.cases[0].expected, Expected::Value(Value::String("IX\n".into())));
    let suites = suite::load(folder.path()).unwrap();
    assert_eq!(suites[0].cases.len(), 2);
}

#[test]
fn an_input_has_its_output_beside_it() {
    let folder = folder(&[("1.in", ""), ("1.out", ""), ("2.in", "")]);
    assert_eq!(error(&folder, ""), "2.in: no output for this input: there is no 2.out or 2.ans beside it");
    let missing = suite::import(&folder.path().join("nowhere"), Some(Format::InOut));
    assert_eq!(message(&folder, missing), "nowhere: cannot be read: No such file or directory (os error 2)");
    std::fs::write(folder.path().join("2.out"), b"\xff").unwrap();
    assert_eq!(error(&folder, ""), "2.out: cannot be read: it is not UTF-8");
}

#[test]
fn samples_that_oj_downloaded() {
    let folder = folder(&[
        ("abc/test/sample-1.in", "3 4\n"),
        ("abc/test/sample-1.out", "7\n"),
        ("abc/test/sample-2.in", "0 0\n"),
        ("abc/test/sample-2.out", "0\n"),
        ("abc/test/large.in", "9 9\n"),
        ("abc/main.js", ""),
    ]);
    let suites = suite::import(folder.path(), None).unwrap();
    assert_eq!(suites.len(), 1);
    assert_eq!(suites[0].suite.name, "abc");
    assert_eq!(suites[0].notes, ["large has no .out: it is left out"]);
    let draft = draft(&folder.path().join("abc"), Format::Oj);
    assert_eq!(ids(&draft), ["sample-1", "sample-2"]);
    let nothing = suite::import(&folder.path().join("abc/test"), Some(Format::Oj));
    assert_eq!(message(&folder, nothing), "abc/test/test: cannot be read: No such file or directory (os error 2)");
}

pub(super) const PACKAGE: [(&str, &str); 9] = [
    ("problem.yaml", "name: {en: Sum}\ntype: pass-fail\nlimits:\n  time_limit: 1.5\n  memory: 512\n"),
    ("data/secret/big/02.in", "5 6\n"),
    ("data/secret/big/02.ans", "11\n"),
    ("data/secret/01.in", "-1 1\n"),
    ("data/secret/01.ans", "0\n"),
    ("data/sample/1.in", "1 2\n"),
    ("data/sample/1.ans", "3\n"),
    ("submissions/accepted/sum.js", "right"),
    ("submissions/wrong_answer/difference.js", "wrong"),
];

#[test]
fn a_package_has_cases_limits_and_solutions() {
    let folder = folder(&PACKAGE);
    let draft = draft(folder.path(), Format::Kattis);
    assert_eq!(draft.entry, Entry::Program);
    assert_eq!(ids(&draft), ["sample/1", "secret/01", "secret/big/02"]);
    let memory = Bytes::mib(512);
    assert_eq!(draft.limits, Limits { heap: memory, external: memory, ..Limits::time(Duration::from_millis(1_500)) });
    assert!(draft.notes.is_empty());
    let suite = suite::load(folder.path()).unwrap().remove(0);
    let solutions: Vec<_> = suite.solutions.iter().map(|each| (each.name.as_str(), each.verdict)).collect();
    assert_eq!(solutions, [("accepted/sum", Verdict::Accepted), ("wrong_answer/difference", Verdict::WrongAnswer)]);
    assert_eq!(suite.solutions[0].submission.source, "right");
    assert_eq!(suite.solutions[0].submission.entry, Entry::Program);
}

/// The sound package with one more file, or with one file changed.
fn package(file: &str, text: &str) -> tempfile::TempDir {
    let folder = folder(&PACKAGE);
    let path = folder.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    folder
}

#[test]
fn what_a_package_says_that_is_not_carried_is_noted() {
    let notes = |file: &str, text: &str| draft(package(file, text).path(), Format::Kattis).notes;
    assert_eq!(notes("problem.yaml", "type: scoring"), ["points are not carried: every case counts alike"]);
    assert_eq!(notes("submissions/accepted/sum.cpp", ""), ["submissions: 1 are left out: they are not .js files"]);
    assert_eq!(
        notes("submissions/rejected/x.js", ""),
        ["submissions/rejected is left out: it stands for no verdict that is known here"]
    );
    let validator = "the package's output validator is not run: what a program writes is compared with the answer";
    assert_eq!(notes("output_validator/run", ""), [validator]);
    assert_eq!(
        notes("problem.yaml", "validation: custom score\nlimits:\n  # none\n"),
        ["points are not carried: every case counts alike", validator]
    );
    assert_eq!(notes("problem.yaml", "validation: custom\nvalidator_flags: of its own"), [validator]);
    let spaces = "space_change_sensitive is not carried: beside the other flags, white space does not matter";
    assert_eq!(notes("problem.yaml", "validator_flags: space_change_sensitive"), [spaces]);
    assert!(notes("problem.yaml", "validator_flags: space_change_sensitive case_sensitive").is_empty());
}

#[test]
fn the_flags_of_the_validator_are_the_checker() {
    let checker = |file: &str, text: &str| draft(package(file, text).path(), Format::Kattis).checker;
    let tokens = |tolerance, ignore_case| Checker::Text(TextChecker::Tokens { tolerance, ignore_case });
    let near = Tolerance { absolute: 1e-6, relative: 1e-6 };
    assert_eq!(checker("problem.yaml", "name: x"), tokens(Tolerance::NONE, true));
    assert_eq!(
        checker("problem.yaml", "validation: default\nvalidator_flags: float_tolerance 1e-6"),
        tokens(near, true)
    );
    assert_eq!(checker("data/testdata.yaml", "output_validator_flags: case_sensitive"), tokens(Tolerance::NONE, false));
    assert_eq!(
        checker("data/secret/test_group.yaml", "output_validator_args: [float_tolerance, 1e-6]"),
        tokens(near, true)
    );
    assert_eq!(checker("data/test_group.yaml", "output_validator_args: []"), tokens(Tolerance::NONE, true));
    assert_eq!(
        checker("problem.yaml", "validator_flags: space_change_sensitive case_sensitive"),
        Checker::Text(TextChecker::Identical)
    );
}

#[test]
fn the_time_that_judges_keep_beside_the_package() {
    let time = |file: &str, text: &str| {
        let folder = package(file, text);
        std::fs::write(folder.path().join("problem.yaml"), "name: Sum").unwrap();
        draft(folder.path(), Format::Kattis).limits.cpu
    };
    assert_eq!(time(".timelimit", "3\n"), Duration::from_secs(3));
    assert_eq!(time("domjudge-problem.ini", "color = red\ntimelimit='0.5'\n"), Duration::from_millis(500));
    let folder = package(".timelimit", "soon");
    std::fs::write(folder.path().join("problem.yaml"), "name: Sum").unwrap();
    assert_eq!(error(&folder, ""), ".timelimit: the time limit is \"soon\": expected a number of seconds");
}

#[test]
fn a_broken_package() {
    let check = |text: &str, expected: &str| assert_eq!(error(&package("problem.yaml", text), ""), expected);
    check(
        "validation: custom interactive",
        "problem.yaml: interactive problems cannot be judged: only pass-fail and scoring ones",
    );
    check("name: [", "problem.yaml:2: did not find expected node content, while parsing a flow node");
    check("limits:\n  memory: lots", "problem.yaml:2: limits.memory: invalid type: string \"lots\", expected f64");
    check("limits: {memory: 8}", "problem.yaml: limits: heap: 8 MiB is below the smallest limit, 16 MiB");
    check("limits: {time_limit: -1}", "problem.yaml: limits: cpu: -1 s is not a time");
    check(
        "type: [pass-fail, interactive]",
        "problem.yaml: interactive problems cannot be judged: only pass-fail and scoring ones",
    );
    check(
        "validator_flags: float_tolerance tiny",
        "problem.yaml: validator_flags: float_tolerance: \"tiny\" is not a finite number from 0 up",
    );
    let folder = package("data/secret/03.in", "1");
    assert_eq!(error(&folder, ""), "data/secret/03.in: no output for this input: there is no 03.ans beside it");
    let empty = super::folder(&[("problem.yaml", "name: x")]);
    assert_eq!(
        error(&empty, ""),
        "data: no cases: each is an .in file with an .ans file in data/sample or data/secret, at any depth"
    );
}
