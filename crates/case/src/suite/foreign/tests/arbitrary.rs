//! Whatever is read, there is an answer: suites that have cases with unique ids, or an error.

use std::collections::HashSet;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value as Json, json};

use super::super::assertions;
use super::{exercism, folder, humaneval, judge0, leetcode, stdio};
use crate::suite::{self, Format};

fn read_as_everything(path: &Path) {
    let formats = Format::ALL.into_iter().map(Some).chain([None]);
    for suites in formats.filter_map(|format| suite::import(path, format).ok()) {
        assert!(!suites.is_empty());
        for imported in suites {
            let ids: HashSet<_> = imported.suite.cases.iter().map(|case| &case.id).collect();
            assert!(!ids.is_empty() && ids.len() == imported.suite.cases.len(), "{ids:?}");
        }
    }
}

/// JSON in whose objects there are the names that the formats look for.
fn any_json() -> impl Strategy<Value = Json> {
    let names = select(vec![
        "metaData",
        "params",
        "type",
        "return",
        "output",
        "paramindex",
        "systemdesign",
        "exampleTestcases",
        "exampleTestcaseList",
        "expectedOutputs",
        "data",
        "question",
        "exercise",
        "cases",
        "description",
        "property",
        "input",
        "expected",
        "error",
        "uuid",
        "reimplements",
        "name",
        "task_id",
        "prompt",
        "test",
        "tests",
        "entry_point",
        "submissions",
        "source_code",
        "language_id",
        "expected_output",
        "cpu_time_limit",
        "status",
    ]);
    let words = select(vec![
        "void",
        "ListNode",
        "f",
        "1\n2",
        "[1]",
        "stdin",
        "functional",
        "candidate(1)",
        "assert.equal(f(1),2)",
        "1e999",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        select(vec![json!(0), json!(63), json!(-1), json!(1e300), json!(u64::MAX)]),
        words.prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        let object = vec((names.clone(), inner.clone()), 0..8);
        prop_oneof![
            vec(inner, 0..4).prop_map(Json::from),
            object.prop_map(|fields| fields.into_iter().map(|(name, json)| (name.to_owned(), json)).collect()),
        ]
    })
}

/// A sound file with a part of it taken out, and something else put there.
fn nearly(sound: String) -> impl Strategy<Value = String> {
    let other = select(vec!["", "0", "null", "[]", "{}", "\"\"", "-1", ",", "]", "\n", "\u{e9}", "$", "1e999"]);
    (any::<Index>(), 0..24_usize, other).prop_map(move |(from, length, other)| {
        let mut chars: Vec<char> = sound.chars().collect();
        let from = from.index(chars.len());
        let to = chars.len().min(from + length);
        chars.splice(from..to, other.chars());
        chars.into_iter().collect()
    })
}

fn nearly_a_file() -> impl Strategy<Value = String> {
    let row = json!({"name": "n", "prompt": "", "tests": humaneval::TESTS}).to_string();
    let question = leetcode::QUESTION.replace('\n', "");
    prop_oneof![nearly(question), nearly(exercism::DATA.to_owned()), nearly(judge0::BATCH.to_owned()), nearly(row)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..200), ending in select(vec!["json", "jsonl", "in"])) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a").with_extension(ending);
        std::fs::write(&file, bytes).unwrap();
        read_as_everything(&file);
        read_as_everything(folder.path());
    }

    #[test]
    fn any_json_with_the_names_of_a_format(json in any_json(), ending in select(vec!["a.json", "a.jsonl"])) {
        let folder = folder(&[(ending, &json.to_string())]);
        read_as_everything(&folder.path().join(ending));
    }

    #[test]
    fn files_that_are_nearly_sound(text in nearly_a_file(), ending in select(vec!["a.json", "a.jsonl"])) {
        let folder = folder(&[(ending, &text)]);
        read_as_everything(&folder.path().join(ending));
    }

    #[test]
    fn packages_that_are_nearly_sound(text in nearly(stdio::PACKAGE[0].1.to_owned())) {
        let mut files = stdio::PACKAGE;
        files[0].1 = &text;
        read_as_everything(folder(&files).path());
    }

    #[test]
    fn tests_of_any_tokens(tokens in vec(select(TOKENS.to_vec()), 0..60), function in any::<bool>()) {
        assertions::read(&tokens.concat(), function.then_some("f"));
    }
}

const TOKENS: [&str; 38] = [
    "assert.equal(",
    "assert(",
    "assert(_.isEqual(",
    "console.assert(",
    "JSON.stringify(",
    "candidate",
    "f",
    "(",
    ")",
    "let ",
    "const ",
    "x",
    "=",
    "==",
    "===",
    ",",
    ";",
    "\n",
    "//",
    "/*",
    "*/",
    "[",
    "]",
    "{",
    "}",
    ":",
    "'",
    "\"",
    "`",
    "\\",
    "\\u{",
    "-",
    "1",
    ".",
    "0x",
    "e+",
    "n",
    "\u{1f600}",
];
