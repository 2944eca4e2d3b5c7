//! The rows that models are evaluated on: CommonOJ, APPS and TACO, LiveCodeBench.

use super::{Draft, draft, error, folder, ids};
use crate::suite::{self, Format};
use crate::{Case, Entry, Expected, Value};

fn read(format: Format, text: &str) -> Draft {
    let folder = folder(&[("rows.jsonl", text)]);
    // What they look like is enough.
    let recognised = suite::load(&folder.path().join("rows.jsonl")).unwrap();
    let draft = draft(&folder.path().join("rows.jsonl"), format);
    assert_eq!((recognised.len(), &recognised[0].name), (1, &draft.name));
    draft
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(error(&folder(&[("rows.jsonl", text)]), "rows.jsonl"), format!("rows.jsonl:1: {expected}"));
}

fn program(id: &str, input: &str, output: &str) -> Case {
    Case { id: id.to_owned(), args: vec![input.into()], expected: Value::from(output).into() }
}

/// The JSON of a text.
fn quoted(text: &str) -> String {
    Value::String(text.into()).to_json()
}

#[test]
fn rows_of_common_oj() {
    let row = r#"{"id": 7, "content": "?", "test": [{"input": {"stdin": "1\n"}, "output": {"stdout": "2\n"}}]}"#;
    let draft = read(Format::CommonOj, row);
    assert_eq!((draft.name.as_str(), &draft.entry), ("7", &Entry::Program));
    assert_eq!(draft.cases, [program("1", "1\n", "2\n")]);

    check(&row.replace("7", "[]"), "id: expected a string or a number");
    check(&row.replace("stdout", "text"), "test[0].output: missing field `stdout`, at column 88");
    check(r#"{"id": "x", "test": []}"#, "x: test: there is nothing in it: a suite needs at least one case");
}

#[test]
fn programs_of_apps() {
    let io = r#"{"inputs": ["1 2\n", ["3", "4"]], "outputs": ["3\n", ["7"]]}"#;
    let draft = read(Format::Apps, &format!(r#"{{"problem_id": 12, "input_output": {}}}"#, quoted(io)));
    assert_eq!((draft.name.as_str(), &draft.entry), ("12", &Entry::Program));
    assert_eq!(draft.cases, [program("1", "1 2\n", "3\n"), program("2", "3\n4", "7")]);
    // Nobody has named it.
    assert_eq!(read(Format::Apps, &format!(r#"{{"input_output": {io}}}"#)).name, "rows/1");
}

#[test]
fn functions_of_apps_may_answer_in_a_list() {
    let io = r#"{"fn_name": "add", "inputs": [[1, [2]], "3\n[4]", []], "outputs": [[3], 7, []]}"#;
    let draft = read(Format::Apps, &format!(r#"{{"id": "add", "input_output": {io}}}"#));
    assert_eq!(draft.entry, Entry::function("add").unwrap());
    assert_eq!(draft.cases[0].args, [Value::from(1), Value::array([2])]);
    assert_eq!(draft.cases[0].expected, Expected::AnyOf(vec![Value::array([3]), Value::from(3)]));
    assert_eq!(draft.cases[1].args, [Value::from(3), Value::array([4])]);
    assert_eq!(draft.cases[1].expected, Value::from(7).into());
    assert!(draft.cases[2].args.is_empty());
    assert_eq!(draft.cases[2].expected, Value::Array(Vec::new()).into());
}

#[test]
fn broken_rows_of_apps() {
    let check = |io: &str, expected: &str| {
        check(&format!(r#"{{"id": "a", "input_output": {io}}}"#), &format!("a: input_output{expected}"));
    };
    check("\"\"", ": not JSON: EOF while parsing a value at line 1 column 0");
    check(r#"{"inputs": []}"#, ": missing field `outputs`");
    check(r#"{"inputs": [], "outputs": {}}"#, ".outputs: invalid type: map, expected a sequence");
    check(r#"{"inputs": [], "outputs": [1]}"#, ": 0 inputs and 1 outputs: each needs the other");
    check(r#"{"inputs": [], "outputs": []}"#, ".inputs: there is nothing in it: a suite needs at least one case");
    check(r#"{"inputs": [1], "outputs": [""]}"#, ".inputs[0]: expected a text, or a list of lines");
    check(r#"{"inputs": [""], "outputs": [[1]]}"#, ".outputs[0]: expected a text, or a list of lines");
    check(
        r#"{"fn_name": "f", "inputs": [1], "outputs": [1]}"#,
        ".inputs[0]: expected a list of arguments, or their JSON, one a line",
    );
    check(
        r#"{"fn_name": "f", "inputs": ["1\nx"], "outputs": [1]}"#,
        ".inputs[0]: \"x\" is not JSON: expected value at line 1 column 1",
    );
    check(
        r#"{"fn_name": "f.g", "inputs": [[]], "outputs": [1]}"#,
        ".fn_name: \"f.g\" cannot name a function: an entry is one JavaScript identifier, such as \"solve\"",
    );
}

/// A row of LiveCodeBench with these tests.
fn row(public: &str, private: &str, metadata: &str) -> String {
    format!(
        r#"{{"question_id": "abc_a", "public_test_cases": {}, "private_test_cases": {}, "metadata": {}}}"#,
        quoted(public),
        quoted(private),
        quoted(metadata)
    )
}

#[test]
fn programs_of_livecodebench_and_tests_that_are_pickled() {
    let public = r#"[{"input": "1\n", "output": "2\n", "testtype": "stdin"}]"#;
    let both = read(Format::LiveCodeBench, &row(public, &public.replace('1', "3"), "{}"));
    assert_eq!((both.name.as_str(), &both.entry), ("abc_a", &Entry::Program));
    assert_eq!(both.cases, [program("1", "1\n", "2\n"), program("2", "3\n", "2\n")]);
    assert!(both.notes.is_empty());

    let pickled = read(Format::LiveCodeBench, &row(public, "eJxrYJmaB8AAUQEuA==", "{}"));
    assert_eq!(ids(&pickled), ["1"]);
    assert!(pickled.notes[0].starts_with("private_test_cases are left out: they are not JSON; in Python: row["));
}

#[test]
fn functions_of_livecodebench() {
    let public = r#"[{"input": "[1]\n\"a\"", "output": "null", "testtype": "functional"}]"#;
    let draft = read(Format::LiveCodeBench, &row(public, "[]", r#"{"func_name": "pick"}"#));
    assert_eq!(draft.entry, Entry::function("pick").unwrap());
    assert_eq!(draft.cases[0].args, [Value::array([1]), Value::from("a")]);
    assert_eq!(draft.cases[0].expected, Value::Null.into());

    let check = |public: &str, private: &str, metadata: &str, expected: &str| {
        check(&row(public, private, metadata), &format!("abc_a: {expected}"));
    };
    check(public, "[]", "{}", "metadata: missing field `func_name`: the function that is called");
    check("[]", "[]", "{}", "public_test_cases: there is nothing in it: a suite needs at least one case");
    check("", "[]", "{}", "public_test_cases: not JSON: EOF while parsing a value at line 1 column 0");
    check(
        public,
        &public.replace("functional", "stdin"),
        "{}",
        "testtype: stdin and functional in one row: a suite is of one kind",
    );
    check(
        public,
        &public.replace("functional", "spoken"),
        "{}",
        "private_test_cases[0].testtype: unknown variant `spoken`, expected `stdin` or `functional`",
    );
    check(
        &public.replace("null", "nil"),
        "[]",
        r#"{"func_name": "pick"}"#,
        "test 1: output: \"nil\" is not JSON: expected ident at line 1 column 2",
    );
}
