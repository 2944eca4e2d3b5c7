use super::super::literal::Reader;
use super::{Draft, draft, error, folder, ids};
use crate::suite::{self, Format};
use crate::{Entry, Expected, Value, Verdict};

/// A row with these tests; the other fields are written as they are.
fn row(fields: &str, tests: &str) -> String {
    format!("{{{fields},\"prompt\":\"// Twice.\\nfunction twice(n){{\\n\",{}}}", tests_field("tests", tests))
}

fn tests_field(name: &str, tests: &str) -> String {
    format!("\"{name}\":{}", Value::String(tests.into()).to_json())
}

fn read(text: &str) -> Draft {
    draft(&folder(&[("rows.jsonl", text)]).path().join("rows.jsonl"), Format::HumanEval)
}

fn check(text: &str, expected: &str) {
    assert_eq!(error(&folder(&[("rows.jsonl", text)]), "rows.jsonl"), expected);
}

fn cases(draft: &Draft) -> Vec<(String, Expected)> {
    let args = |args: &[Value]| args.iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
    draft.cases.iter().map(|case| (args(&case.args), case.expected.clone())).collect()
}

pub(super) const TESTS: &str = "const assert = require('node:assert');


function test() {
  let candidate = twice;
  assert.deepEqual(candidate(2),4);
  assert.deepEqual(candidate([1.5, \"a, b)\"], undefined),[3.0, 'a\\u00e9']);
  assert.deepEqual(candidate(1 + 1), 4);
  for (const n of [1]) assert.equal(candidate(n), 2 * n);
}

test();";

#[test]
fn each_assertion_is_a_case_and_each_line_that_is_none_is_noted() {
    let draft = read(&row(r#""name":"HumanEval_0_twice","language":"js""#, TESTS));
    assert_eq!((draft.name.as_str(), &draft.entry), ("HumanEval_0_twice", &Entry::function("twice").unwrap()));
    assert_eq!(ids(&draft), ["1", "2"]);
    assert_eq!(draft.cases[0].args, [Value::from(2)]);
    assert_eq!(draft.cases[0].expected, Value::from(4).into());
    let list = Value::Array(vec![Some(Value::Number(1.5)), Some(Value::from("a, b)"))]);
    assert_eq!(draft.cases[1].args, [list, Value::Undefined]);
    let expected = Value::Array(vec![Some(Value::from(3)), Some(Value::from("a\u{e9}"))]);
    assert_eq!(draft.cases[1].expected, expected.into());
    assert_eq!(
        draft.notes,
        ["tests: line 8 is left out: expected `)`, got \"+\"", "tests: line 9 is left out: it is not an assertion"]
    );
    assert!(draft.solutions.is_empty());
}

#[test]
fn a_row_of_humaneval_has_its_solution() {
    let fields = r#""task_id":"JS/1","entry_point":"twice","canonical_solution":"  return n * 2;\n}""#;
    let text = row(fields, "assert.strictEqual(twice(1), 2)").replace("\"tests\"", "\"test\"");
    let folder = folder(&[("rows.jsonl", &text)]);
    let suite = suite::load(&folder.path().join("rows.jsonl")).unwrap().remove(0);
    assert_eq!((suite.name.as_str(), suite.cases.len()), ("JS/1", 1));
    let solution = &suite.solutions[0];
    assert_eq!((solution.name.as_str(), solution.verdict), ("canonical_solution", Verdict::Accepted));
    assert_eq!(solution.submission.source, "// Twice.\nfunction twice(n){\n  return n * 2;\n}");
    assert_eq!(solution.submission.entry, Entry::function("twice").unwrap());
}

#[test]
fn assertions_as_other_sets_write_them() {
    let of = |tests: &str| cases(&read(&row(r#""task_id":"t","language":"javascript""#, tests)));
    let once = |args: &str, value: Value| vec![(args.to_owned(), Expected::Value(value))];
    let named = "const _ = require(\"lodash\")\n\nlet actual_1 = twice([2], 'x');\nlet expected_1 = 4\n\
        assert(_.isEqual(actual_1, expected_1), \"exception -- actual_1 = \" + actual_1)";
    assert_eq!(of(named), once("[2] \"x\"", Value::from(4)));
    let stringified =
        "const testTwice = () => {\n  console.assert(JSON.stringify(twice(2)) === JSON.stringify([4]))\n}\ntestTwice()";
    assert_eq!(of(stringified), once("2", Value::array([4])));
    assert_eq!(of("assert.deepStrictEqual(4, await twice(2,), 'message');"), once("2", Value::from(4)));
    assert_eq!(of("assert(twice(2) == -4)"), once("2", Value::from(-4)));
}

#[test]
fn what_is_only_like_an_assertion_is_no_case() {
    let notes = |tests: &str| {
        let tests = format!("assert.equal(twice(0), 0)\n{tests}");
        let draft = read(&row(r#""name":"t","entry_point":"twice""#, &tests));
        assert_eq!(draft.cases.len(), 1, "{tests}");
        draft.notes
    };
    let of = |line: usize, what: &str| format!("tests: line {line} is left out: {what}");
    assert_eq!(notes("assert.equal(twice(1).length, 1)"), [of(2, "expected `,`, got \".length,\"")]);
    assert_eq!(notes("assert(twice(1) == 2 || true)"), [of(2, "expected `)`, got \"||\"")]);
    assert_eq!(
        notes("let n = twice([1]).length;\nassert.equal(n, 1);"),
        [of(2, "expected the end of the statement, got \".length;\""), of(3, "expected a literal, got \"n,\"")]
    );
    assert_eq!(
        notes("let n = twice(1)\n  .toString()"),
        [of(2, "expected the end of the statement, got \".toString()\""), of(3, "it is not an assertion")]
    );
    assert_eq!(
        notes("const e = [1];\ne.push(2);\nassert.deepEqual(twice(1), e);"),
        [of(3, "it is not an assertion"), of(4, "expected a literal, got \"e);\"")]
    );
    assert_eq!(notes("assert.equal(JSON.stringify(twice(1)), 2)"), [of(2, "it compares JSON with what is none")]);
    assert_eq!(notes("assert.equal(1, 1)"), [of(2, "it does not compare a call of the function with a literal")]);
    assert_eq!(notes("assert.throws(() => twice())"), [of(2, "it is not an assertion")]);
}

#[test]
fn json_of_an_answer_is_compared_as_what_it_is_of() {
    let draft = read(&row(r#""name":"t""#, r#"assert.equal(JSON.stringify(twice(1)), '{"a":[2]}') // so"#));
    assert_eq!(draft.cases[0].expected, Expected::Value(Value::from_json(r#"{"a":[2]}"#).unwrap()));
}

#[test]
fn literals() {
    let read = |text: &str| Reader::new(text).literal();
    let sound = [
        ("[1, 2,,]", r#"[1,2,{"$hole":true}]"#),
        ("{a: 1, 'b c': [], \"d\": {}, 5: 2, 1.5: 3}", r#"{"a":1,"b c":[],"d":{},"5":2,"1.5":3}"#),
        ("-0", r#"{"$number":"-0"}"#),
        ("[+1, - 2, .5, 5., 1e-3, 1E+3, 0xfe, 0b11, 0o17, 1_000]", "[1,-2,0.5,5,0.001,1000,254,3,15,1000]"),
        ("[NaN, -Infinity, undefined]", r#"[{"$number":"NaN"},{"$number":"-Infinity"},{"$undefined":true}]"#),
        ("-12345678901234567890n", r#"{"$bigint":"-12345678901234567890"}"#),
        (
            r"'\n\x41\u0042\u{1F600}\
\'\0'",
            r#""\nAB😀'\u0000""#,
        ),
        (r"'\ud800'", r#"{"$utf16":[55296]}"#),
        ("`two\nlines`", r#""two\nlines""#),
        ("// a comment\n/* and */ true", "true"),
        ("new Set([1, 1, 2])", r#"{"$set":[1,2]}"#),
        ("[new Set(), new Map([])]", r#"[{"$set":[]},{"$map":[]}]"#),
        ("new Map([['a', [1]], [2, null]])", r#"{"$map":[["a",[1]],[2,null]]}"#),
        ("{$set: 1}", r#"{"$lit":{"$set":1}}"#),
    ];
    for (text, json) in sound {
        assert_eq!(read(text).map(|value| value.to_json()), Ok(json.to_owned()), "{text}");
    }
    let broken = [
        ("", "expected a literal, got the end"),
        ("foo(1)", "expected a literal, got \"foo(1)\""),
        ("[1", "expected `]`, got the end"),
        ("'a", "a string without its closing '"),
        ("'a\nb'", "a string without its closing '"),
        (r"'\u12'", "an escape in a string that is none"),
        (r"'\x+1'", "an escape in a string that is none"),
        (r"'\8'", "an escape in a string that is none"),
        ("`${1}`", "a template with an expression in it is not a literal"),
        ("{[a]: 1}", "expected a property's name, got \"[a]:\""),
        ("{a}", "expected `:`, got \"}\""),
        ("-'a'", "`-` before what is not a number"),
        ("1.2.3", "expected a number, got \"1.2.3\""),
        ("0x", "expected a number, got \"0x\""),
        ("new Date(0)", "expected `[`, got \"0)\""),
        ("new Map([1])", "`new Map` of this is not a literal that is known"),
        ("new Array([1])", "`new Array` of this is not a literal that is known"),
    ];
    for (text, what) in broken {
        assert_eq!(read(text), Err(what.to_owned()), "{text}");
    }
    assert_eq!(read(&"[".repeat(100_000)), Err("nested deeper than 128 levels".to_owned()));
    assert_eq!(read(&"-".repeat(100_000)), Err("nested deeper than 128 levels".to_owned()));
}

#[test]
fn broken_rows() {
    let sound = row(r#""name":"a""#, TESTS);
    check(
        &format!("{sound}\n\n{}", row(r#""name":"b""#, "assert(twice(2));\nassert.ok(true);")),
        "rows.jsonl:3: b: no cases: each is an assert.deepEqual of a call and a literal; \
         tests: line 1 is left out: expected `==`, got \");\"",
    );
    check(
        &row(r#""name":"b""#, ""),
        "rows.jsonl:1: b: no cases: each is an assert.deepEqual of a call and a literal; there is nothing in it",
    );
    check(
        &row(r#""name":"b""#, "def check(candidate):\n    assert candidate(2) == 4\n"),
        "rows.jsonl:1: b: tests: the tests are in Python: only those in JavaScript can be judged, which MultiPL-E has of many problems",
    );
    check(
        &row(r#""name":"b","language":"lua""#, TESTS),
        "rows.jsonl:1: b: language: \"lua\" cannot be judged: only \"js\" can",
    );
    check(
        &row(r#""language":"js""#, TESTS),
        "rows.jsonl:1: missing field `task_id`, or `name`: what the problem is called",
    );
    check(
        &row(r#""name":"b""#, "assert.equal(candidate(2), 4)"),
        "rows.jsonl:1: b: missing field `entry_point`: the function that is called",
    );
    check(
        &row(r#""name":"b","entry_point":"a b""#, "assert.equal(candidate(2), 4)"),
        "rows.jsonl:1: b: entry_point: \"a b\" cannot name a function: an entry is one JavaScript identifier, such as \"solve\"",
    );
    check(
        &format!("{sound}\n{{\"name\":1,\"prompt\":\"\",\"tests\":\"\"}}"),
        "rows.jsonl:2: name: invalid type: integer `1`, expected a string, at column 9",
    );
    check(&format!("{sound}\n{{\"name\":\"b\",\"tests\":\"\"}}"), "rows.jsonl:2: missing field `prompt`, at column 23");
}
