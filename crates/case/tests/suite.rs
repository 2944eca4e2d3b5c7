//! What the loader makes of suites that are broken: the file, the line, the field, and what would be right.

use std::path::Path;

use deem_case::{Checker, Suite, SuiteError, Value, Verdict, suite};

const SUITE: &str = "entry = \"f\"\n[[solution]]\nfile = \"right.js\"\nverdict = \"AC\"\n";

/// Writes a sound suite with one file changed (or, with `None`, missing), and loads it.
fn load(file: &str, text: Option<&str>) -> Result<Vec<Suite>, String> {
    let folder = tempfile::tempdir().unwrap();
    let cases = r#"{"args":[1],"expected":1}"#;
    for (sound, text) in [("suite.toml", SUITE), ("cases.jsonl", cases), ("right.js", "const f = (n) => n")] {
        std::fs::write(folder.path().join(sound), text).unwrap();
    }
    match text {
        Some(text) => std::fs::write(folder.path().join(file), text).unwrap(),
        None => std::fs::remove_file(folder.path().join(file)).unwrap(),
    }
    suite::load(folder.path()).map_err(|error| message(&error, folder.path()))
}

/// The whole message, with paths below `folder`.
fn message(error: &SuiteError, folder: &Path) -> String {
    let text = error.to_string().replace(&format!("{}/", folder.display()), "");
    let line = error.line().map_or_else(String::new, |line| format!("{line}:"));
    let file = error.file().strip_prefix(folder).unwrap().display();
    assert!(text.starts_with(&format!("{file}:{line} ")), "{text}: file and line are not {file}:{line}");
    text
}

#[track_caller]
fn check<'t>(file: &str, text: impl Into<Option<&'t str>>, expected: &str) {
    assert_eq!(load(file, text.into()).unwrap_err(), expected);
}

#[test]
fn a_missing_file_is_named() {
    let missing = "cannot be read: No such file or directory (os error 2)";
    check("suite.toml", None, &format!("suite.toml: {missing}"));
    check("cases.jsonl", None, &format!("cases.jsonl: {missing}"));
    check("right.js", None, &format!("suite.toml:3: solution[0].file: right.js {missing}"));
}

#[test]
fn a_broken_suite_toml() {
    let check = |text: &str, expected: &str| check("suite.toml", text, &format!("suite.toml:{expected}"));
    check("entry = \"f\"\ntolerance 3", "2: key with no value, expected `=`");
    check("entry = \"f\"\nentry = \"f\"", "2: duplicate key");
    check("", "1: missing field `entry`");
    check("entry = 3", "1: entry: invalid type: integer `3`, expected a string or a table");
    check(
        "# entry = \"f\"\nentry = \"f()\"",
        "2: entry: \"f()\" cannot name a function: an entry is one JavaScript identifier, such as \"solve\"",
    );
    check(
        "entry = \"f\"\nlimit = 1",
        "2: limit: unknown field `limit`, expected one of `entry`, `params`, `param-names`, `answer`, `checker`, `tolerance`, `eval`, `webassembly`, `seed`, `fail-fast`, `limits`, `solution`, `cases`",
    );
    for tolerance in ["-1", "NaN", "inf"] {
        check(
            &format!("entry = \"f\"\n\ntolerance = {}", tolerance.to_lowercase()),
            &format!("3: tolerance: {tolerance} is not a finite number from 0 up"),
        );
    }
}

#[test]
fn a_part_of_a_suite_is_told_where_the_suite_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("suite.toml");
    std::fs::write(&file, SUITE).unwrap();
    let told = suite::load(&file).unwrap_err().to_string();
    let where_it_is = format!("the suite is the folder that this is in: {}", folder.path().display());
    assert_eq!(told, format!("{}: {where_it_is}", file.display()));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let case = "\u{feff}{\"args\":[1],\"expected\":1}";
    assert_eq!(load("cases.jsonl", Some(&format!("{case}\n{case}"))).unwrap()[0].cases.len(), 2);
    assert_eq!(load("suite.toml", Some(&format!("\u{feff}{SUITE}"))).unwrap()[0].solutions.len(), 1);
    check(
        "cases.jsonl",
        "\u{feff}1",
        "cases.jsonl:1: invalid type: integer `1`, expected a case: an object with args and expected, at column 1",
    );
}

#[test]
fn a_broken_table_in_suite_toml() {
    let check =
        |text: &str, expected: &str| check("suite.toml", &*format!("{SUITE}{text}"), &format!("suite.toml:{expected}"));
    check("[limits]\nwall-ms = 0", "5: limits: wall: 0ns is below the smallest limit, 1ms");
    check("[limits]\nheap-mib = 8", "5: limits: heap: 8 MiB is below the smallest limit, 16 MiB");
    check(
        "[limits]\nwall-ms = -5",
        "6: limits.wall-ms: invalid value: integer `-5`, expected a whole number from 0 up",
    );
    check(
        "[limits]\ncpu-ms = \"2s\"",
        "6: limits.cpu-ms: invalid type: string \"2s\", expected a whole number from 0 up",
    );
    // 2^44 MiB are 2^64 bytes.
    for (field, name) in [("heap-mib = 17592186044416", "heap"), ("output-kib = 9223372036854775807", "output")] {
        let expected = format!("5: limits: {name}: {} bytes is above the largest limit, 1048576 MiB", usize::MAX);
        check(&format!("[limits]\n{field}"), &expected);
    }
    check(
        "[limits]\nwall_ms = 5",
        "6: limits.wall_ms: unknown field `wall_ms`, expected one of `cpu-ms`, `wall-ms`, `heap-mib`, `external-mib`, `output-kib`, `stack-kib`",
    );
    check("[[solution]]\nfile = \"right.js\"", "5: solution[1]: missing field `verdict`");
    check(
        "[[solution]]\nfile = \"right.js\"\nverdict = \"OK\"",
        "7: solution[1].verdict: unknown verdict \"OK\": one of AC, WA, TLE, MLE, OLE, RE, CE, IE, SK",
    );
}

#[test]
fn a_broken_case() {
    let check = |text: &str, expected: &str| check("cases.jsonl", text, &format!("cases.jsonl:{expected}"));
    let sound = r#"{"args":[],"expected":1}"#;
    check(&format!("{sound}\n\n{{\"args\":[1,\"expected\":1}}"), "3: args: expected `,` or `]`, at column 22");
    check(r#"{"args":[],"expected":1} 2"#, "1: trailing characters, at column 26");
    check(r#"{"args":[],"exp"#, "1: EOF while parsing a string, at column 15");
    check("1", "1: invalid type: integer `1`, expected a case: an object with args and expected, at column 1");
    check(r#"{"args":[]}"#, "1: missing field `expected` (or `any-of`, or `throws`): what is right");
    check(
        r#"{"args":[],"expected":1,"note":""}"#,
        "1: note: unknown field `note`, expected one of `id`, `args`, `input`, `expected`, `output`, `any-of`, `throws`, at column 30",
    );
    check(r#"{"args":{},"expected":1}"#, "1: args: invalid type: map, expected a sequence, at column 8");
    check(r#"{"id":1,"args":[],"expected":1}"#, "1: id: invalid type: integer `1`, expected a string, at column 7");
    check("\n\n", " no cases: a suite needs at least one");
    check("", " no cases: a suite needs at least one");
}

#[test]
fn a_broken_value_is_named_with_its_path() {
    let check = |value: &str, expected: &str| {
        let text = format!(r#"{{"args":[0,{{"a":[{value}]}}],"expected":1}}"#);
        check("cases.jsonl", &*text, &format!("cases.jsonl:1: args[1].a[0]{expected}"));
    };
    check(r#"{"$bigint":5}"#, ".$bigint: invalid type: integer `5`, expected a string, at column 29");
    check(
        r#"{"$nan":1}"#,
        ": unknown tag \"$nan\": an object with such a name is {\"$lit\":{\"$nan\":..}}, at column 24",
    );
    check("[{\"b\":{\"$hole\":true}}]", "[0]: $hole: only an array has holes, at column 38");
    check("1e999", ": number out of range, at column 22");
}

#[test]
fn an_id_is_of_one_case() {
    check(
        "cases.jsonl",
        "\n{\"id\":\"a\",\"args\":[],\"expected\":1}\n\n{\"id\":\"a\",\"args\":[],\"expected\":1}",
        "cases.jsonl:4: id: \"a\" is the id of the case in line 2 already: ids are unique",
    );
    // Without an id, a case has its line's number.
    check(
        "cases.jsonl",
        "{\"id\":\"2\",\"args\":[],\"expected\":1}\n{\"args\":[],\"expected\":1}",
        "cases.jsonl:2: id: \"2\" is the id of the case in line 1 already: ids are unique",
    );
}

#[test]
fn blank_lines_are_fine() {
    let text = "\n{\"args\":[1],\"expected\":1}\n  \r\n{\"id\":\"b\",\"args\":[],\"expected\":2}\r\n\n";
    let [suite] = <[Suite; 1]>::try_from(load("cases.jsonl", Some(text)).unwrap()).unwrap();
    let cases: Vec<_> =
        suite.cases.iter().map(|case| (case.id.as_str(), case.args.len(), case.expected.clone())).collect();
    assert_eq!(cases, [("2", 1, Value::from(1).into()), ("b", 0, Value::from(2).into())]);
}

#[test]
fn a_folder_without_a_suite() {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path().parent().unwrap();
    let check = |path: &Path, what: &str| {
        let name = path.strip_prefix(parent).unwrap().display();
        let text = message(&suite::load(path).unwrap_err(), parent);
        // The formats of others come after that.
        assert_eq!(text.split("; ").next().unwrap(), format!("{name}: {what}"));
    };
    check(&folder.path().join("nowhere"), "cannot be read: No such file or directory (os error 2)");
    let what = "no suite here: a suite is a folder with a suite.toml and a cases.jsonl, a .json file, or a .jsonl file of problems";
    check(folder.path(), what);
    std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
    std::fs::write(folder.path().join("a/right.js"), "").unwrap();
    check(folder.path(), what);
    // One of a suite's two files makes it a suite that is broken, and not a folder to pass over.
    std::fs::write(folder.path().join("a/b/cases.jsonl"), "").unwrap();
    let error = suite::load(folder.path()).unwrap_err();
    assert_eq!(
        message(&error, folder.path()),
        "a/b/suite.toml: cannot be read: No such file or directory (os error 2)"
    );
}

fn problems(text: &str) -> Result<Vec<Suite>, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problems.jsonl");
    std::fs::write(&file, text).unwrap();
    suite::load(&file).map_err(|error| message(&error, folder.path()))
}

const PROBLEM: &str = r#"{"id":"p","entry":"f","source":"s","cases":[{"args":[1],"expected":1}]}"#;

#[test]
fn a_broken_problem() {
    let check = |sound: &str, broken: &str, expected: &str| {
        let text = format!("{PROBLEM}\n\n{}", PROBLEM.replace(sound, broken));
        assert_eq!(problems(&text).unwrap_err(), format!("problems.jsonl:3: {expected}"));
    };
    check("}]}", "}]", "EOF while parsing an object, at column 70");
    check("source", "sauce", "missing field `source`, at column 70");
    check(
        "[1]",
        "[[1,{\"$ref\":7}]]",
        "cases[0].args[0][1]: $ref: expected the number of an object that has begun before, at column 66",
    );
    check("args", "arguments", "cases[0]: missing field `args`: the arguments, in an array");
    check(r#"{"args":[1],"expected":1}"#, "", "cases: there are none: a problem needs at least one");
    check(
        "\"f\"",
        "\"f g\"",
        "entry: \"f g\" cannot name a function: an entry is one JavaScript identifier, such as \"solve\", at column 23",
    );
    check(
        "\"cases\"",
        "\"verdict\":\"ok\",\"cases\"",
        "verdict: unknown verdict \"ok\": one of AC, WA, TLE, MLE, OLE, RE, CE, IE, SK, at column 49",
    );
    check(
        "\"cases\"",
        "\"tolerance\":-0.5,\"cases\"",
        "tolerance: -0.5 is not a finite number from 0 up, at column 51",
    );
    let none = "problems.jsonl: no problems: each is an object on a line of its own";
    assert_eq!(problems("\n").unwrap_err(), none);
}

#[test]
fn sound_problems() {
    let other = PROBLEM.replace("\"p\"", "\"q\",\"verdict\":\"WA\",\"tolerance\":0.5,\"difficulty\":[9]");
    let [p, q] = <[Suite; 2]>::try_from(problems(&format!("{PROBLEM}\n{other}\n")).unwrap()).unwrap();
    for (suite, name, checker, verdict) in
        [(p, "p", Checker::Exact, Verdict::Accepted), (q, "q", Checker::approximate(0.5), Verdict::WrongAnswer)]
    {
        assert_eq!((suite.name.as_str(), suite.checker), (name, checker));
        let solutions: Vec<_> = suite.solutions.iter().map(|each| (each.name.as_str(), each.verdict)).collect();
        assert_eq!(solutions, [("source", verdict)]);
        let cases: Vec<_> = suite.cases.iter().map(|case| (case.id.as_str(), &*case.args)).collect();
        assert_eq!(cases, [("1", &[Value::from(1)][..])]);
    }
}
