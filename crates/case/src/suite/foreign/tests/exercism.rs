use super::{drafts, error, folder, ids};
use crate::suite::{self, Format};
use crate::{Entry, Expected, Value};

pub(super) const DATA: &str = r#"{
  "exercise": "scales",
  "comments": ["Any fields that are not needed are passed over."],
  "cases": [
    {"description": "weigh", "cases": [
      {"uuid": "u1", "description": "nothing", "property": "weigh", "input": {"things": [], "unit": "kg"}, "expected": 0},
      {"uuid": "u2", "description": "one", "property": "weigh", "input": {"unit": "kg", "things": [3]}, "expected": 3},
      {"uuid": "u3", "description": "one", "property": "weigh", "input": {"things": [2], "unit": "g"}, "expected": null,
       "reimplements": "u4"},
      {"uuid": "u4", "description": "old", "property": "weigh", "input": {"things": [2], "unit": "g"}, "expected": 1}
    ]},
    {"uuid": "u5", "description": "is balanced", "property": "isBalanced", "input": {"left": {"$set": 1}}, "expected": {"error": "no right side"}},
    {"uuid": "u6", "description": "no error", "property": "isBalanced", "input": {}, "expected": {"error": "x", "code": 1}}
  ]
}"#;

#[test]
fn each_property_is_a_suite_and_its_cases_are_called_by_where_they_are() {
    let folder = folder(&[("canonical-data.json", DATA)]);
    let drafts = drafts(&folder.path().join("canonical-data.json"), Format::Exercism, "x".to_owned()).unwrap();
    let [weigh, balanced] = &drafts[..] else { panic!("{} suites", drafts.len()) };
    assert_eq!((weigh.name.as_str(), &weigh.entry), ("scales/weigh", &Entry::function("weigh").unwrap()));
    assert_eq!(ids(weigh), ["weigh / nothing", "weigh / one", "weigh / one #2"]);
    assert_eq!(weigh.notes, ["\"weigh / old\" is left out: the case u3 stands for it"]);
    // The order of the names is that of the arguments, and null is an answer.
    let three = Value::array([Value::from(3)]);
    assert_eq!(weigh.cases[1].args, [Value::from("kg"), three]);
    assert_eq!(weigh.cases[2].expected, Expected::Value(Value::Null));

    assert_eq!((balanced.name.as_str(), ids(balanced)), ("scales/isBalanced", vec!["is balanced", "no error"]));
    let message = Some("no right side".to_owned());
    assert_eq!(balanced.cases[0].expected, Expected::Throws { name: None, message });
    // The cases do not agree on what the arguments are called, nor on their order.
    assert_eq!([&weigh.param_names, &balanced.param_names], [&Vec::<String>::new(); 2]);
    // A name that means something to deem means nothing here.
    assert_eq!(balanced.cases[0].args[0].to_string(), r#"{$set:1}"#);
    assert!(matches!(balanced.cases[1].expected, Expected::Value(Value::Object(_))));
    assert_eq!(suite::load(&folder.path().join("canonical-data.json")).unwrap().len(), 2);
}

#[test]
fn an_exercise_of_one_property_is_called_by_its_name() {
    let text = r#"{"exercise": "leap", "cases": [{"description": "a", "property": "leap", "input": {"year": 4}, "expected": true}]}"#;
    let folder = folder(&[("leap.json", text)]);
    let suite = &suite::load(&folder.path().join("leap.json")).unwrap()[0];
    assert_eq!((suite.name.as_str(), &suite.param_names[..]), ("leap", &["year".to_owned()][..]));
}

#[test]
fn broken_data() {
    let check = |sound: &str, broken: &str, expected: &str| {
        assert!(DATA.contains(sound));
        let folder = folder(&[("data.json", &DATA.replacen(sound, broken, 1))]);
        assert_eq!(error(&folder, "data.json"), format!("data.json{expected}"));
    };
    check(
        "\"property\": \"weigh\", ",
        "",
        ": cases[0].cases[0]: missing field `property`: the function that is called; a group has `cases`",
    );
    check(", \"expected\": 0", "", ": cases[0].cases[0]: missing field `expected`: the answer, or {\"error\": ..}");
    check(
        "\"input\": {\"left\": {\"$set\": 1}}, ",
        "",
        ": cases[1]: missing field `input`: the arguments, by their names",
    );
    check(
        "\"isBalanced\"",
        "\"is balanced\"",
        ": cases[1].property: \"is balanced\" cannot name a function: an entry is one JavaScript identifier, such as \"solve\"",
    );
    check(
        "{\"things\": [], \"unit\": \"kg\"}",
        "[[]]",
        ":6: cases[0].cases[0].input: invalid type: sequence, expected a map, at column 77",
    );
    check("\"description\": \"nothing\", ", "", ":6: cases[0].cases[0]: missing field `description`, at column 95");
    let folder = folder(&[("data.json", r#"{"exercise": "leap", "cases": []}"#)]);
    assert_eq!(error(&folder, "data.json"), "data.json: cases: there are none: a suite needs at least one");
}
