//! What each field of a suite comes to, and what is said of it where it is wrong.

use std::path::Path;

use deem_case::{
    Answer, Bytes, Calling, Checker, CustomChecker, Entry, Equality, Expected, Form, Limits, Order, Rules, Submission,
    Suite, SuiteError, TextChecker, Tolerance, Value, suite,
};

use proptest::prelude::*;

const CASE: &str = r#"{"args":[1],"expected":1}"#;

fn in_folder(files: &[(&str, &str)], path: &str) -> Result<Suite, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let place = |error: SuiteError| error.to_string().replace(&format!("{}/", folder.path().display()), "");
    let mut suites = suite::load(&folder.path().join(path)).map_err(place)?;
    assert_eq!(suites.len(), 1);
    Ok(suites.remove(0))
}

/// Loads a folder with this suite.toml and these cases, beside a `checker.js`.
fn load(description: &str, cases: &str) -> Result<Suite, String> {
    in_folder(&[("suite.toml", description), ("cases.jsonl", cases), ("checker.js", "const check = () => true")], "")
}

#[track_caller]
fn broken(description: &str, cases: &str, expected: &str) {
    assert_eq!(load(description, cases).unwrap_err(), expected);
}

#[test]
fn the_ending_of_a_solution_says_what_it_is() {
    let load = |entry: &str, file: &str| {
        let header = format!("entry = {entry}\n[[solution]]\nfile = \"{file}\"\nverdict = \"AC\"\n");
        let suite = in_folder(&[("suite.toml", &header), ("cases.jsonl", CASE), (file, "")], "");
        suite.map(|suite| suite.solutions[0].submission.entry.clone())
    };
    let class = r#"{ kind = "class", name = "f" }"#;
    assert_eq!(load("\"f\"", "right.js"), Ok(Entry::function("f").unwrap()));
    assert_eq!(load("\"f\"", "right.mjs"), Ok(Entry::export("f").unwrap()));
    assert_eq!(load(class, "right.cjs"), Ok(Entry::class("f").unwrap()));
    assert_eq!(load(class, "right.mjs"), Ok(Entry::export("f").unwrap()));
    for file in ["right.ts", "right.mts", "right.cts"] {
        let why = format!("suite.toml:3: solution[0].file: {file} is TypeScript: what a suite ships is JavaScript");
        assert_eq!(load("\"f\"", file), Err(why));
    }
}

#[test]
fn an_entry_is_a_function_or_a_table_with_its_kind() {
    let entry = |field: &str| {
        let case = if field.contains("program") { r#"{"input":"","output":""}"# } else { CASE };
        load(&format!("entry = {field}"), case).map(|suite| suite.entry)
    };
    assert_eq!(entry(r#""f""#), Ok(Entry::function("f").unwrap()));
    assert_eq!(entry(r#"{ kind = "function", name = "f" }"#), Ok(Entry::function("f").unwrap()));
    assert_eq!(entry(r#"{ kind = "export", name = "f" }"#), Ok(Entry::export("f").unwrap()));
    assert_eq!(entry(r#"{ kind = "class", name = "Stack" }"#), Ok(Entry::class("Stack").unwrap()));
    assert_eq!(entry(r#"{ kind = "program" }"#), Ok(Entry::Program));
    assert_eq!(entry(r#"{ kind = "completion" }"#), Ok(Entry::Completion));
    let broken = |field: &str, expected: &str| {
        assert_eq!(entry(field).unwrap_err(), format!("suite.toml:1: {expected}"));
    };
    broken(
        r#"{ kind = "klass" }"#,
        "entry.kind: unknown variant `klass`, expected one of `function`, `export`, `class`, `program`, `completion`",
    );
    broken(r#"{ name = "f" }"#, "entry: missing field `kind`");
    broken(r#"{ kind = "class" }"#, "entry: missing field `name`: an entry of this kind is called by its name");
    broken(
        r#"{ kind = "program", name = "main" }"#,
        "entry: `name` is of functions, exports and classes: an entry of this kind has none",
    );
    broken(r#"{ kind = "class", name = 1 }"#, "entry.name: invalid type: integer `1`, expected a string");
    broken(
        r#"{ kind = "class", name = "a b" }"#,
        "entry: \"a b\" cannot name a function: an entry is one JavaScript identifier, such as \"solve\"",
    );
}

#[test]
fn params_and_the_answer_have_forms() {
    let calling = |fields: &str| load(&format!("entry = \"f\"\n{fields}"), CASE).map(|suite| suite.calling);
    assert_eq!(calling(""), Ok(Calling::default()));
    assert_eq!(
        calling("params = [\"list\", \"tree\", \"plain\"]\nanswer = \"list\""),
        Ok(Calling {
            params: vec![Form::LinkedList, Form::BinaryTree, Form::Plain],
            answer: Answer::Returned(Form::LinkedList)
        })
    );
    assert_eq!(
        calling("params = [\"lists\", \"trees\"]\nanswer = \"trees\""),
        Ok(Calling { params: vec![Form::LinkedLists, Form::BinaryTrees], answer: Answer::Returned(Form::BinaryTrees) })
    );
    assert_eq!(calling("answer = { argument = 1 }"), Ok(Calling { params: vec![], answer: Answer::Argument(1) }));
    let broken = |fields: &str, expected: &str| {
        assert_eq!(calling(fields).unwrap_err(), format!("suite.toml:2: {expected}"));
    };
    let forms = "expected one of `plain`, `list`, `tree`, `lists`, `trees`";
    broken("params = [\"list\", \"graph\"]", &format!("params[1]: unknown variant `graph`, {forms}"));
    broken("answer = \"graph\"", &format!("answer: unknown variant `graph`, {forms}"));
    broken(
        "answer = { argument = -1 }",
        "answer.argument: invalid value: integer `-1`, expected a whole number from 0 up",
    );
    broken("answer = { arg = 1 }", "answer.arg: unknown field `arg`, expected `argument`");
    assert_eq!(
        load("entry = { kind = \"completion\" }\nparams = [\"list\"]", CASE).unwrap_err(),
        "suite.toml:2: params: only a function, an export or a class is passed arguments in a form"
    );
    assert_eq!(
        load("entry = { kind = \"class\", name = \"C\" }\n\nanswer = \"list\"", CASE).unwrap_err(),
        "suite.toml:3: answer: only a function or an export answers in a form, or in an argument"
    );
}

#[test]
fn a_checker_is_a_word_or_a_table() {
    let checker = |field: &str| load(&format!("entry = \"f\"\n{field}"), CASE).unwrap().checker;
    let values = |equality: Equality| Checker::Values(equality);
    let plain = Equality::default;
    assert_eq!(checker(""), Checker::Exact);
    assert_eq!(checker("checker = \"exact\""), Checker::Exact);
    assert_eq!(checker("tolerance = 0.5"), Checker::approximate(0.5));
    assert_eq!(
        checker("checker = { kind = \"exact\", signed-zero = true, equal-nan = false }"),
        values(Equality { signed_zero: true, unequal_nan: true, ..plain() })
    );
    assert_eq!(
        checker("checker = { kind = \"float\", absolute = 1e-6, at = [\"result[*].score\"] }"),
        values(Equality {
            tolerance: Tolerance { absolute: 1e-6, relative: 0.0 },
            tolerant_at: vec!["result[*].score".parse().unwrap()],
            ..plain()
        })
    );
    assert_eq!(checker("checker = \"unordered\""), values(Equality { order: Order::Any { depth: 1 }, ..plain() }));
    assert_eq!(
        checker("[checker]\nkind = \"unordered\"\ndepth = 2\nrelative = 1"),
        values(Equality {
            order: Order::Any { depth: 2 },
            tolerance: Tolerance { absolute: 0.0, relative: 1.0 },
            ..plain()
        })
    );
    assert_eq!(checker("checker = \"set\""), values(Equality { order: Order::Set { depth: 1 }, ..plain() }));
    assert_eq!(checker("checker = \"lines\""), Checker::Text(TextChecker::Lines));
    assert_eq!(checker("checker = \"identical\""), Checker::Text(TextChecker::Identical));
    assert_eq!(
        checker("checker = { kind = \"tokens\", ignore-case = true, absolute = 0.5 }"),
        Checker::Text(TextChecker::Tokens { tolerance: Tolerance { absolute: 0.5, relative: 0.0 }, ignore_case: true })
    );
    let submission = Submission::new("const check = () => true", Entry::function("check").unwrap());
    let limits = Limits { heap: Bytes::mib(64), ..Limits::default() };
    assert_eq!(
        checker("checker = { kind = \"custom\", file = \"checker.js\", limits = { heap-mib = 64 } }"),
        Checker::Custom(Box::new(CustomChecker { name: "checker.js".into(), submission, rules: limits.into() }))
    );
}

#[test]
fn a_broken_checker() {
    let broken = |field: &str, expected: &str| {
        broken(&format!("entry = \"f\"\n{field}"), CASE, &format!("suite.toml:2: {expected}"));
    };
    let kinds = "`exact`, `float`, `unordered`, `set`, `tokens`, `lines`, `identical`, `custom`";
    broken("checker = \"loose\"", &format!("checker: unknown variant `loose`, expected one of {kinds}"));
    broken(
        "checker = { kind = \"loose\" }",
        &format!("checker.kind: unknown variant `loose`, expected one of {kinds}"),
    );
    broken("checker = 3", "checker: invalid type: integer `3`, expected a string or a table");
    broken(
        "checker = \"float\"",
        "checker: missing field `absolute` or `relative`: how far off numbers may be for \"float\"",
    );
    broken(
        "checker = { kind = \"set\", at = [] }",
        "checker: missing field `absolute` or `relative`: how far off numbers may be for \"set\"",
    );
    broken("checker = { kind = \"float\", absolute = -1 }", "checker.absolute: -1 is not a finite number from 0 up");
    broken(
        "checker = { kind = \"float\", absolute = 1, depth = 2 }",
        "checker: depth: the checker \"float\" has no such field: it has absolute, relative, at, signed-zero, equal-nan",
    );
    broken(
        "checker = { kind = \"lines\", ignore-case = true }",
        "checker: ignore-case: the checker \"lines\" has no such field: it has no fields",
    );
    broken(
        "checker = { kind = \"unordered\", depth = 0 }",
        "checker: depth: 0 is below the smallest depth, 1: the outermost array",
    );
    broken(
        "checker = { kind = \"float\", absolute = 1, at = [\"result\", \"score\"] }",
        "checker.at[1]: \"score\" names no place in a value: a path is `result` and steps such as `.name`, `[\"any name\"]`, `.*`, `[3]`, `[*]` and `.get(*)`",
    );
    broken("checker = \"custom\"", "checker: missing field `file`: the checker \"custom\" is a program in a file");
    broken(
        "checker = { kind = \"custom\", file = \"other.js\" }",
        "checker.file: other.js cannot be read: No such file or directory (os error 2)",
    );
    broken(
        "checker = { kind = \"custom\", file = \"checker.js\", limits = { heap-mib = 1 } }",
        "checker.limits: heap: 1 MiB is below the smallest limit, 16 MiB",
    );
    broken(
        "tolerance = 1\nchecker = \"exact\"",
        "tolerance: there is a checker already, which has `absolute` and `relative` instead",
    );
    assert_eq!(
        load("entry = \"f\"\n[checker]\nkind = \"custom\"\nfile = \"other.js\"", CASE).unwrap_err(),
        "suite.toml:4: checker.file: other.js cannot be read: No such file or directory (os error 2)"
    );
    broken("cases = []", "cases: those of a folder are in its cases.jsonl, one a line");
}

#[test]
fn rules_are_those_that_are_given() {
    let rules = load(
        "entry = \"f\"\neval = true\nwebassembly = true\nseed = 7\nfail-fast = true\nlimits = { heap-mib = 64 }",
        CASE,
    );
    let limits = Limits { heap: Bytes::mib(64), ..Limits::default() };
    assert_eq!(rules.unwrap().rules, Rules { limits, seed: 7, eval: true, webassembly: true, fail_fast: true });
}

#[test]
fn a_case_has_one_right_answer_or_several_or_throws() {
    let expected = |fields: &str| {
        let suite = load("entry = \"f\"", &format!("{{\"args\":[],{fields}}}")).unwrap();
        suite.cases[0].expected.clone()
    };
    let throws = |name: Option<&str>, message: Option<&str>| Expected::Throws {
        name: name.map(str::to_owned),
        message: message.map(str::to_owned),
    };
    assert_eq!(expected("\"expected\":null"), Value::Null.into());
    assert_eq!(expected("\"any-of\":[1,2]"), Expected::AnyOf(vec![1.into(), 2.into()]));
    assert_eq!(expected("\"throws\":true"), throws(None, None));
    assert_eq!(expected("\"throws\":{\"name\":\"RangeError\"}"), throws(Some("RangeError"), None));
    assert_eq!(expected("\"throws\":{\"message\":\"odd\"}"), throws(None, Some("odd")));

    let broken = |row: &str, message: &str| broken("entry = \"f\"", row, &format!("cases.jsonl:1: {message}"));
    broken(r#"{"expected":1}"#, "missing field `args`: the arguments, in an array");
    broken(
        r#"{"args":[],"expected":1,"throws":true}"#,
        "throws: there is expected already: a case has one right answer, or any-of",
    );
    broken(r#"{"args":[],"any-of":[]}"#, "any-of: there are none: a case needs at least one right answer");
    broken(r#"{"args":[],"any-of":1}"#, "any-of: invalid type: integer `1`, expected a sequence, at column 21");
    broken(r#"{"args":[],"throws":false}"#, "throws: false: a case that does not throw has an answer");
    broken(
        r#"{"args":[],"throws":"RangeError"}"#,
        "throws: invalid type: string \"RangeError\", expected true, or an object with the error's name, message, or both, at column 32",
    );
    broken(
        r#"{"args":[],"throws":{"code":1}}"#,
        "throws.code: unknown field `code`, expected `name` or `message`, at column 27",
    );
    broken(r#"{"input":"","expected":1}"#, "input: only a program reads one: anything else has `args`");
    broken(r#"{"args":[],"output":""}"#, "output: only a program writes one: anything else has `expected`");
    broken(r#"{"args":null,"expected":1}"#, "args: invalid type: null, expected a sequence, at column 12");
}

#[test]
fn a_program_reads_and_writes_text() {
    const PROGRAM: &str = "entry = { kind = \"program\" }";
    let suite = load(PROGRAM, r#"{"input":"1 2\n","output":"3\n"}"#).unwrap();
    assert_eq!(suite.cases[0].args, ["1 2\n".into()]);
    assert_eq!(suite.cases[0].expected, Value::from("3\n").into());
    assert_eq!(suite.checker, Checker::Text(TextChecker::Lines));
    let near = load(&format!("{PROGRAM}\ntolerance = 0.5"), r#"{"input":"","any-of":["1","2"]}"#).unwrap();
    let tolerance = Tolerance { absolute: 0.5, relative: 0.5 };
    assert_eq!(near.checker, Checker::Text(TextChecker::Tokens { tolerance, ignore_case: false }));
    assert_eq!(near.cases[0].expected, Expected::AnyOf(vec!["1".into(), "2".into()]));

    let broken = |row: &str, message: &str| broken(PROGRAM, row, &format!("cases.jsonl:1: {message}"));
    broken(r#"{"args":[],"output":""}"#, "args: a program has none, but `input`, a text");
    broken(r#"{"input":"","expected":""}"#, "expected: what a program answers is its `output`, a text");
    broken(r#"{"output":""}"#, "missing field `input`: what the program reads");
    broken(r#"{"input":""}"#, "missing field `output` (or `any-of`, or `throws`): what is right");
    broken(r#"{"input":1,"output":""}"#, "input: invalid type: integer `1`, expected a string, at column 10");
}

const SINGLE: &str = r#"{
  "entry": "f",
  "checker": {"kind": "float", "absolute": 0.5},
  "solution": [{"file": "right.js", "verdict": "AC"}],
  "cases": [{"args": [1], "expected": 1}, {"id": "two", "args": [2], "throws": true}]
}"#;

#[test]
fn a_suite_may_be_one_file() {
    let load = |text: &str| in_folder(&[("sum.json", text), ("right.js", "const f = (n) => n")], "sum.json");
    let suite = load(SINGLE).unwrap();
    assert_eq!((suite.name.as_str(), suite.entry), ("sum", Entry::function("f").unwrap()));
    assert_eq!(suite.cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["1", "two"]);
    assert_eq!(suite.solutions[0].submission.source, "const f = (n) => n");
    let broken = |sound: &str, broken: &str, expected: &str| {
        assert!(SINGLE.contains(sound));
        assert_eq!(load(&SINGLE.replace(sound, broken)).unwrap_err(), format!("sum.json:{expected}"));
    };
    broken(
        "\"float\"",
        "\"flat\"",
        "3: checker.kind: unknown variant `flat`, expected one of `exact`, `float`, `unordered`, `set`, `tokens`, `lines`, `identical`, `custom`, at column 28",
    );
    broken(
        "\"AC\"",
        "\"OK\"",
        "4: solution[0].verdict: unknown verdict \"OK\": one of AC, WA, TLE, MLE, OLE, RE, CE, IE, SK, at column 52",
    );
    broken("right.js", "left.js", " solution[0].file: left.js cannot be read: No such file or directory (os error 2)");
    assert_eq!(
        load("[]").unwrap_err(),
        "sum.json:1: invalid length 0, expected a suite: an object with entry and cases, at column 2"
    );
    broken("[1]", "1", "5: cases[0].args: invalid type: integer `1`, expected a sequence, at column 22");
    broken("\"two\"", "\"1\"", " cases[1]: id: \"1\" is the id of cases[0] already: ids are unique");
    broken(", \"expected\": 1", "", " cases[0]: missing field `expected` (or `any-of`, or `throws`): what is right");
    broken("\"entry\": \"f\",", "", "6: missing field `entry`, at column 1");
    assert_eq!(load("{\"entry\":\"f\"}").unwrap_err(), "sum.json: cases: there are none: a suite needs at least one");
}

#[test]
fn a_problem_has_the_same_fields() {
    let load = |line: &str| in_folder(&[("problems.jsonl", line)], "problems.jsonl");
    let suite = load(
        r#"{"id":"p","entry":{"kind":"class","name":"C"},"source":"s","params":["tree"],"checker":"set","limits":{"cpu-ms":50},"cases":[{"args":[1],"any-of":[1],"points":3}]}"#,
    )
    .unwrap();
    assert_eq!(suite.entry, Entry::class("C").unwrap());
    assert_eq!(suite.solutions[0].submission.calling, suite.calling);
    assert_eq!(suite.calling.params, [Form::BinaryTree]);
    assert_eq!(suite.checker, Checker::Values(Equality { order: Order::Set { depth: 1 }, ..Equality::default() }));
    assert_eq!(suite.rules.limits.cpu.as_millis(), 50);
    assert_eq!(
        load(r#"{"id":"p","entry":"f","source":"s","checker":{"kind":"lines","depth":1},"cases":[]}"#).unwrap_err(),
        "problems.jsonl:1: checker: depth: the checker \"lines\" has no such field: it has no fields, at column 71"
    );
    assert_eq!(
        load(r#"{"id":"p","entry":"f","source":"s","cases":[{"args":[],"expected":1,"any-of":[1]}]}"#).unwrap_err(),
        "problems.jsonl:1: cases[0]: any-of: there is expected already: a case has one right answer, or any-of"
    );
}

#[test]
fn cases_are_read_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("suite.toml"), "entry = \"f\"").unwrap();
    let rows = |rows: &str| {
        std::fs::write(folder.path().join("cases.jsonl"), rows).unwrap();
        let (suite, cases) = suite::open(folder.path()).unwrap();
        assert_eq!((suite.entry, suite.cases.len()), (Entry::function("f").unwrap(), 0));
        let path = format!("{}/", folder.path().display());
        let most = cases.size_hint().1.unwrap();
        assert!(cases.take(9).count() <= most, "there are more than {most}");
        let (_, cases) = suite::open(folder.path()).unwrap();
        cases
            .map(|case| case.map(|case| case.id.clone()).map_err(|error| error.to_string().replace(&path, "")))
            .collect::<Vec<_>>()
    };
    let sound = CASE;
    assert_eq!(rows(&format!("{sound}\n{sound}")), [Ok("1".into()), Ok("2".into())]);
    // The first error is the last item, for what would come after it may not be what it seems.
    let missing = "cases.jsonl:2: missing field `args`: the arguments, in an array";
    assert_eq!(rows(&format!("{sound}\n{{\"expected\":1}}\n{sound}")), [Ok("1".into()), Err(missing.into())]);
    assert_eq!(rows(""), [Err("cases.jsonl: no cases: a suite needs at least one".into())]);
    let twice = "cases.jsonl:3: id: \"1\" is the id of the case in line 1 already: ids are unique";
    let last = r#"{"id":"1","args":[],"expected":1}"#;
    assert_eq!(rows(&format!("{sound}\n{sound}\n{last}\n")), [Ok("1".into()), Ok("2".into()), Err(twice.into())]);
    std::fs::write(folder.path().join("cases.jsonl"), b"\n\xff\n").unwrap();
    let (_, mut cases) = suite::open(folder.path()).unwrap();
    let error = cases.next().unwrap().unwrap_err();
    assert_eq!((error.line(), cases.next().is_none()), (Some(2), true));
    assert!(error.to_string().ends_with("cases.jsonl:2: cannot be read: it is not UTF-8"), "{error}");
    assert!(suite::open(Path::new("nowhere")).is_err());
}

#[test]
fn it_is_known_how_many_lines_of_cases_are_left() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("suite.toml"), "entry = \"f\"").unwrap();
    for end in ["", "\n"] {
        std::fs::write(folder.path().join("cases.jsonl"), format!("{CASE}\n{CASE}\n{CASE}{end}")).unwrap();
        let (_, mut cases) = suite::open(folder.path()).unwrap();
        let left: Vec<_> = (0..4).map(|_| (cases.size_hint().1, cases.next().is_some())).collect();
        assert_eq!(left, [(Some(3), true), (Some(2), true), (Some(1), true), (Some(0), false)]);
    }
}

proptest! {
    #[test]
    fn whatever_is_done_to_a_file_it_is_loaded_or_refused(
        file in 0_usize..4,
        at in any::<prop::sample::Index>(),
        removed in 0_usize..20,
        added in any::<[u8; 4]>(),
        is_added in any::<bool>(),
    ) {
        let files = [
            ("suite.toml", "entry = { kind = \"class\", name = \"C\" }\nparams = [\"list\"]\n[checker]\nkind = \"set\"\nat = [\"result[*].a\"]\nabsolute = 1e-9\n[limits]\ncpu-ms = 50\n[[solution]]\nfile = \"checker.js\"\nverdict = \"AC\"\n"),
            ("cases.jsonl", "{\"id\":\"a\",\"args\":[{\"$set\":[1]}],\"throws\":{\"name\":\"E\"}}\n{\"args\":[],\"any-of\":[1]}\n"),
            ("suite.json", SINGLE),
            ("problems.jsonl", "{\"id\":\"p\",\"entry\":\"f\",\"source\":\"s\",\"checker\":{\"kind\":\"lines\"},\"cases\":[{\"args\":[1],\"expected\":1,\"note\":[{}]}]}\n"),
        ];
        let folder = tempfile::tempdir().unwrap();
        for (index, (name, text)) in files.into_iter().enumerate() {
            let mut bytes = text.as_bytes().to_vec();
            if index == file {
                let at = at.index(bytes.len());
                let end = (at + removed).min(bytes.len());
                bytes.splice(at..end, if is_added { added.to_vec() } else { vec![] });
            }
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        std::fs::write(folder.path().join("checker.js"), "").unwrap();
        for path in ["", "suite.json", "problems.jsonl"] {
            if let Err(error) = suite::load(&folder.path().join(path)) {
                prop_assert!(error.file().starts_with(folder.path()));
            }
        }
    }
}
