use super::{draft, error, folder};
use crate::suite::{self, Format};
use crate::{Answer, Calling, Checker, Entry, Expected, Form, Value};

pub(super) const QUESTION: &str = r#"{"titleSlug": "pair-sum", "difficulty": "Easy",
  "metaData": "{\"name\":\"pairSum\",\"params\":[{\"name\":\"nums\",\"type\":\"integer[]\"},{\"name\":\"target\",\"type\":\"integer\"}],\"return\":{\"type\":\"integer[]\"}}",
  "exampleTestcases": "[4,8,1]\n9\n[5,5]\n10",
  "expectedOutputs": ["[1,2]", "[0,1]"]}"#;

fn read(text: &str) -> super::Draft {
    draft(&folder(&[("question.json", text)]).path().join("question.json"), Format::LeetCode)
}

fn value(json: &str) -> Value {
    Value::from_json(json).unwrap()
}

/// A question of these examples, and what they answer.
fn question(meta: &str, examples: &str, outputs: &str) -> String {
    let quoted = |text: &str| Value::String(text.into()).to_json();
    format!(
        r#"{{"metaData":{meta},"exampleTestcases":{examples},"expectedOutputs":{outputs}}}"#,
        examples = quoted(examples)
    )
}

#[test]
fn lines_are_arguments_and_as_many_as_there_are_params_are_a_case() {
    let draft = read(QUESTION);
    assert_eq!((draft.name.as_str(), &draft.entry), ("pair-sum", &Entry::function("pairSum").unwrap()));
    assert_eq!(draft.calling.answer, Answer::Returned(Form::Plain));
    assert_eq!(draft.param_names, ["nums", "target"]);
    assert_eq!(draft.checker, Checker::Exact);
    let cases: Vec<_> =
        draft.cases.iter().map(|case| (case.id.as_str(), case.args.clone(), case.expected.clone())).collect();
    let expected = |json| Expected::Value(value(json));
    assert_eq!(
        cases,
        [
            ("1", vec![value("[4,8,1]"), value("9")], expected("[1,2]")),
            ("2", vec![value("[5,5]"), value("10")], expected("[0,1]")),
        ]
    );
}

#[test]
fn questions_come_as_answers_of_the_interface_too_and_in_lists() {
    let folder = folder(&[
        ("answer.json", &format!(r#"{{"data":{{"question":{QUESTION}}}}}"#)),
        ("list.json", &format!("[{QUESTION},\n{}]", QUESTION.replace("\"titleSlug\": \"pair-sum\",", ""))),
        ("list.jsonl", &format!("{}\n", QUESTION.replace('\n', ""))),
    ]);
    let names = |file: &str| {
        let suites = suite::load(&folder.path().join(file)).unwrap();
        suites.into_iter().map(|suite| suite.name).collect::<Vec<_>>()
    };
    assert_eq!(names("answer.json"), ["pair-sum"]);
    assert_eq!(names("list.json"), ["pair-sum", "list/2"]);
    assert_eq!(names("list.jsonl"), ["pair-sum"]);
}

#[test]
fn examples_that_come_in_a_list() {
    let list = QUESTION.replace(
        r#""exampleTestcases": "[4,8,1]\n9\n[5,5]\n10""#,
        r#""exampleTestcaseList": ["[4,8,1]\n9", "[5,5]\n10"]"#,
    );
    assert_ne!(list, QUESTION);
    assert_eq!(read(&list).cases, read(QUESTION).cases);
}

#[test]
fn lists_trees_and_answers_in_an_argument() {
    let meta = r#"{"name":"f","params":[{"type":"ListNode"},{"type":"TreeNode"},{"type":"long"}],"return":{"type":"TreeNode"}}"#;
    let params = vec![Form::LinkedList, Form::BinaryTree, Form::Plain];
    let returned = read(&question(meta, "[1,2]\n[3,null,4]\n5", r#"["[]"]"#));
    let answer = Answer::Returned(Form::BinaryTree);
    assert_eq!(returned.calling, Calling { params, answer });

    let meta =
        r#"{"name":"f","params":[{"type":"ListNode[]"},{"type":"list<TreeNode>"}],"return":{"type":"list<TreeNode>"}}"#;
    let params = vec![Form::LinkedLists, Form::BinaryTrees];
    let of_many = read(&question(meta, "[[1,2],[]]\n[[3,null,4]]", r#"["[[]]"]"#));
    assert_eq!(of_many.calling, Calling { params, answer: Answer::Returned(Form::BinaryTrees) });

    let meta = r#"{"name":"f","params":[{"type":"character[][]"}],"return":{"type":"void"},"output":{"paramindex":0}}"#;
    let in_place = read(&question(meta, r#"[["a"]]"#, r#"["[[\"b\"]]"]"#));
    assert_eq!(in_place.calling.answer, Answer::Argument(0));
    assert_eq!(in_place.cases[0].expected, Expected::Value(value(r#"[["b"]]"#)));
}

#[test]
fn a_double_is_compared_with_a_tolerance() {
    let meta = r#"{"name":"f","params":[{"type":"integer"}],"return":{"type":"double"}}"#;
    assert_eq!(read(&question(meta, "1", r#"["0.50000"]"#)).checker, Checker::approximate(1e-5));
}

#[test]
fn a_question_of_system_design_is_a_class() {
    let meta = r#"{"classname":"Counter","systemdesign":true,"constructor":{"params":[{"type":"integer"}]},
        "methods":[{"name":"next","params":[],"return":{"type":"integer"}}]}"#;
    let draft = read(&question(meta, "[\"Counter\",\"next\"]\n[[4],[]]", r#"["[null,5]"]"#));
    assert_eq!(draft.entry, Entry::class("Counter").unwrap());
    assert_eq!(draft.cases[0].args, [value(r#"["Counter","next"]"#), value("[[4],[]]")]);
    assert_eq!(draft.cases[0].expected, Expected::Value(value("[null,5]")));

    let of_nodes = meta.replace("\"type\":\"integer\"}}", "\"type\":\"TreeNode\"}}");
    check(
        &question(&of_nodes, "[]\n[]", r#"["[]"]"#),
        "question.json: metaData: TreeNode: a method takes and returns plain values here",
    );
    check(
        &question(meta, "[\"Counter\",\"next\"]\n[[4]]", r#"["[null,5]"]"#),
        "question.json: exampleTestcases: example 1: expected arrays of one length: the names of what is called, the \
         arguments of each, and what each returns",
    );
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let folder = folder(&[("question.json", text)]);
    assert_eq!(error(&folder, "question.json"), expected);
}

#[test]
fn a_broken_question() {
    let check = |sound: &str, broken: &str, expected: &str| {
        assert!(QUESTION.contains(sound));
        check(&QUESTION.replace(sound, broken), &format!("question.json{expected}"));
    };
    check(
        "expectedOutputs",
        "outputs",
        ": missing field `expectedOutputs`: a question does not say what its examples answer; add a list of strings, the JSON of one answer for each example",
    );
    check(", \"[0,1]\"", "", ": expectedOutputs: 1 for 2 examples: each needs one");
    check("exampleTestcases", "examples", ": missing field `exampleTestcases`, or `exampleTestcaseList`");
    check("\\n10", "", ": exampleTestcases: example 2 has 1 lines of 2");
    check("[5,5]", "5,5", ": exampleTestcases: example 2: \"5,5\" is not JSON: trailing characters at line 1 column 2");
    check(
        "[0,1]",
        "no",
        ": expectedOutputs[1]: \"no\" is not JSON: expected ident at line 1 column 2 (a string is in quotes of its own there)",
    );
    check(
        "[\"[1,2]\", \"[0,1]\"]",
        "\"[1,2]\"",
        ":4: expectedOutputs: invalid type: string \"[1,2]\", expected a sequence, at column 28",
    );
    check("{\\\"name", "\\\"name", ": metaData: not JSON: trailing characters at line 1 column 7");
    check("\\\"name\\\":\\\"pairSum\\\",", "", ": metaData: missing field `name`");
    check(
        "pairSum",
        "pair sum",
        ": metaData.name: \"pair sum\" cannot name a function: an entry is one JavaScript identifier, such as \"solve\"",
    );
    check("\\\"type\\\":\\\"integer\\\"", "\\\"kind\\\":0", ": metaData.params[1]: missing field `type`");
    check(
        "\\\"type\\\":\\\"integer\\\"",
        "\\\"type\\\":\\\"ListNode[][]\\\"",
        ": metaData.params[1].type: ListNode[][] cannot be passed: of nodes, only a ListNode, a TreeNode, and arrays of these can",
    );
    check(
        "\\\"return\\\":{\\\"type\\\":\\\"integer[]\\\"}",
        "\\\"return\\\":{\\\"type\\\":\\\"void\\\"}",
        ": metaData: missing field `output.paramindex`: a function that returns nothing answers in an argument; add its number from 0",
    );
    check(
        "\\\"return\\\":",
        "\\\"manual\\\":true,\\\"return\\\":",
        ": metaData.manual: this function is called in a way that metaData does not describe",
    );
    check(
        "\\\"return\\\":",
        "\\\"output\\\":{\\\"paramindex\\\":2},\\\"return\\\":",
        ": metaData.output.paramindex: 2 of 2 params",
    );
    check(
        "\\\"return\\\":",
        "\\\"output\\\":{\\\"paramindex\\\":0,\\\"size\\\":\\\"ret\\\"},\\\"return\\\":",
        ": metaData.output.size: an answer that is a part of an argument cannot be judged",
    );
}
