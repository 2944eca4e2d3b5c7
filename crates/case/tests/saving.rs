//! What is saved is loaded again, and fits the schema.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use deem_case::{
    Answer, Bytes, Calling, Case, Checker, CustomChecker, Entry, Equality, Expected, Form, Limits, Order, Rules,
    Solution, Submission, Suite, TextChecker, Tolerance, Value, Verdict, suite,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn value() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![
        Just(Value::Undefined),
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::from(-0.0)),
        any::<i128>().prop_map(|number| Value::BigInt(number.into())),
        any::<String>().prop_map(|text| Value::from(text.as_str())),
        vec(any::<u16>(), 0..3).prop_map(|units| Value::String(deem_case::JsString::from_utf16(units))),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(option::weighted(0.9, inner.clone()), 0..4).prop_map(Value::Array),
            inner.clone().prop_map(|value| Value::Object(vec![("$a b".into(), value)])),
            vec(inner, 0..3).prop_map(Value::Set),
        ]
    })
}

fn expected(right: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Expected> {
    prop_oneof![
        4 => right.clone().prop_map(Expected::Value),
        1 => vec(right, 1..3).prop_map(Expected::AnyOf),
        1 => (option::of("[A-Z]{0,3}"), option::of(any::<String>()))
            .prop_map(|(name, message)| Expected::Throws { name, message }),
    ]
}

fn cases(is_program: bool) -> BoxedStrategy<Vec<Arc<Case>>> {
    let text = || any::<String>().prop_map(|text| Value::from(text.as_str()));
    let case = if is_program {
        (vec(text(), 1..2), expected(text())).boxed()
    } else {
        (vec(value(), 0..3), expected(value())).boxed()
    };
    let with_id = |(index, (id, (args, expected)))| Case { id: format!("{index}{id}"), args, expected };
    vec((any::<String>(), case), 1..4)
        .prop_map(move |all| all.into_iter().enumerate().map(with_id).map(Arc::new).collect())
        .boxed()
}

fn checker() -> impl Strategy<Value = Checker> {
    let tolerance = || {
        let error = || prop_oneof![Just(0.0), 0.0..1e9_f64];
        (error(), error()).prop_map(|(absolute, relative)| Tolerance { absolute, relative })
    };
    let order = prop_oneof![
        Just(Order::Given),
        (1_usize..2_000).prop_map(|depth| Order::Any { depth }),
        (1_usize..2_000).prop_map(|depth| Order::Set { depth })
    ];
    let paths = prop_oneof![Just(vec![]), Just(vec!["result[*].a", "result[\"b c\"][3].*"])];
    prop_oneof![
        4 => (any::<bool>(), any::<bool>(), tolerance(), paths, order).prop_map(|(signed_zero, unequal_nan, tolerance, at, order)| {
            let tolerant_at = at.iter().map(|path| path.parse().unwrap()).collect();
            Checker::Values(Equality { signed_zero, unequal_nan, tolerance, tolerant_at, order })
        }),
        1 => (tolerance(), any::<bool>())
            .prop_map(|(tolerance, ignore_case)| Checker::Text(TextChecker::Tokens { tolerance, ignore_case })),
        1 => Just(Checker::Text(TextChecker::Lines)),
        1 => Just(Checker::Text(TextChecker::Identical)),
        1 => (any::<String>(), limits(), any::<bool>()).prop_map(|(source, limits, is_module)| {
            let (name, entry) = if is_module { ("check.mjs", Entry::export("check")) } else { ("it/check.js", Entry::function("check")) };
            let submission = Submission::new(source, entry.unwrap());
            Checker::Custom(Box::new(CustomChecker { name: name.into(), submission, rules: limits.into() }))
        }),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (1_u64..10_000, 16_usize..999, 1_usize..999).prop_map(|(ms, heap, output)| Limits {
        heap: Bytes::mib(heap),
        output: Bytes::kib(output),
        ..Limits::time(Duration::from_millis(ms))
    })
}

fn calling() -> impl Strategy<Value = Calling> {
    let form = || prop_oneof![Just(Form::Plain), Just(Form::LinkedList), Just(Form::BinaryTree)];
    let answer = prop_oneof![form().prop_map(Answer::Returned), (0_usize..9).prop_map(Answer::Argument)];
    (vec(form(), 0..4), answer).prop_map(|(params, answer)| Calling { params, answer })
}

fn entry_and_calling() -> impl Strategy<Value = (Entry, Calling)> {
    prop_oneof![
        calling().prop_map(|calling| (Entry::function("f").unwrap(), calling)),
        calling().prop_map(|calling| (Entry::export("f").unwrap(), calling)),
        calling()
            .prop_map(|calling| (Entry::class("Stack").unwrap(), Calling { answer: Answer::default(), ..calling })),
        Just((Entry::Program, Calling::default())),
        Just((Entry::Completion, Calling::default())),
    ]
}

fn solutions(entry: Entry, calling: Calling) -> impl Strategy<Value = Vec<Solution>> {
    let entries = match &entry {
        Entry::Function(_) => vec![entry.clone(), Entry::export("f").unwrap(), Entry::Completion],
        _ => vec![entry.clone(), Entry::Completion],
    };
    let verdicts = [Verdict::Accepted, Verdict::WrongAnswer, Verdict::TimeLimitExceeded, Verdict::CompileError];
    vec((any::<String>(), prop::sample::select(entries), prop::sample::select(verdicts.to_vec())), 0..4).prop_map(
        move |all| {
            let solution = |(index, (source, entry, verdict)): (usize, (String, Entry, Verdict))| Solution {
                name: ["right", "in/wrong", "a.b", "slow"][index].into(),
                submission: Submission { source, entry, calling: calling.clone() },
                verdict,
            };
            all.into_iter().enumerate().map(solution).collect()
        },
    )
}

fn suites() -> impl Strategy<Value = Suite> {
    entry_and_calling().prop_flat_map(|(entry, calling)| {
        let rules = (limits(), 0_u64..1 << 60, any::<[bool; 3]>()).prop_map(
            |(limits, seed, [eval, webassembly, fail_fast])| Rules { limits, seed, eval, webassembly, fail_fast },
        );
        let cases = cases(matches!(entry, Entry::Program));
        let solutions = solutions(entry.clone(), calling.clone());
        let param_names = vec(any::<String>(), 0..3);
        (checker(), rules, cases, solutions, param_names).prop_map(
            move |(checker, rules, cases, solutions, param_names)| Suite {
                name: "saved".into(),
                entry: entry.clone(),
                calling: calling.clone(),
                param_names,
                checker,
                rules,
                cases,
                solutions,
            },
        )
    })
}

/// The suite in one file, from its folder.
fn in_one_file(folder: &Path) -> serde_json::Value {
    let text = |file| std::fs::read_to_string(folder.join(file)).unwrap();
    let mut suite: serde_json::Value = toml::from_str(&text("suite.toml")).unwrap();
    suite["cases"] =
        text("cases.jsonl").lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect();
    suite
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_saved_is_loaded_again_and_fits_the_schema(suite in suites()) {
        let folder = tempfile::tempdir().unwrap();
        let saved = folder.path().join("saved");
        suite::save(&suite, &saved).unwrap();
        // `==` knows no NaN, and takes -0 for 0: what is written for a debugger does neither.
        let same = |loaded: &[Suite]| format!("{loaded:?}") == format!("{:?}", [&suite]);
        let loaded = suite::load(&saved).unwrap();
        prop_assert!(same(&loaded), "{:?}\n{:?}", loaded, suite);

        let json = in_one_file(&saved);
        let schema = jsonschema::validator_for(&suite::schema()).unwrap();
        let errors: Vec<_> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{:?}\n{}", errors, json);
        std::fs::write(saved.join("saved.json"), json.to_string()).unwrap();
        let loaded = suite::load(&saved.join("saved.json")).unwrap();
        prop_assert!(same(&loaded), "{:?}\n{:?}", loaded, suite);
    }
}

#[test]
fn the_schema_refuses_what_is_no_suite() {
    let schema = jsonschema::validator_for(&suite::schema()).unwrap();
    let sound = r#"{"entry":"f","checker":"set","answer":{"argument":0},"cases":[{"args":[],"throws":true}]}"#;
    let is_valid = |json: &str| schema.is_valid(&serde_json::from_str(json).unwrap());
    assert!(is_valid(sound));
    for (part, broken) in [
        ("\"entry\":\"f\",", ""),
        ("\"f\"", "{\"kind\":\"klass\",\"name\":\"f\"}"),
        ("\"set\"", "{\"kind\":\"set\",\"depht\":1}"),
        ("\"set\"", "{\"kind\":\"set\",\"depth\":0}"),
        ("\"set\"", "{\"kind\":\"float\",\"absolute\":-1}"),
        ("\"set\"", "\"sets\""),
        ("\"argument\"", "\"arg\""),
        ("{\"argument\":0}", "\"graph\""),
        ("true", "\"RangeError\""),
        (",\"cases\":[{\"args\":[],\"throws\":true}]", ""),
        ("\"args\":[]", "\"args\":1"),
        ("[{\"args\":[],\"throws\":true}]", "[]"),
        ("\"entry\"", "\"name\":\"sum\",\"entry\""),
    ] {
        assert!(sound.contains(part) && !is_valid(&sound.replacen(part, broken, 1)), "{part} is as well as {broken}");
    }
}

fn suite() -> Suite {
    let entry = Entry::function("f").unwrap();
    let case = Case { id: "1".into(), args: vec![], expected: Value::Null.into() };
    let submission = Submission::new("s", entry.clone());
    let solution = Solution { name: "right".into(), submission, verdict: Verdict::Accepted };
    Suite {
        name: "saved".into(),
        entry,
        calling: Calling::default(),
        param_names: Vec::new(),
        checker: Checker::Exact,
        rules: Rules::default(),
        cases: vec![case.into()],
        solutions: vec![solution],
    }
}

#[test]
fn what_the_files_have_no_words_for_is_not_saved() {
    let folder = tempfile::tempdir().unwrap();
    let check = |change: &dyn Fn(&mut Suite), expected: &str| {
        let mut suite = suite();
        change(&mut suite);
        let path = folder.path().join("saved");
        let error = suite::save(&suite, &path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}/{expected}", path.display())), "{error}");
        assert!(!path.exists(), "nothing is written");
    };
    let case = |id: &str, args: Vec<Value>, expected: Expected| Arc::new(Case { id: id.into(), args, expected });
    check(
        &|suite| suite.rules.limits.cpu = Duration::from_micros(1_500),
        "suite.toml: limits and rules: a suite's files have no words for Rules { limits: Limits { cpu: 1.5ms,",
    );
    check(&|suite| suite.solutions[0].name = "../right".into(), "suite.toml: \"../right.js\": the name leads out of");
    check(
        &|suite| suite.solutions.push(suite.solutions[0].clone()),
        "suite.toml: \"right.js\": there are two files of this name",
    );
    check(
        &|suite| suite.solutions[0].submission.entry = Entry::function("g").unwrap(),
        "suite.toml: solution \"right\": it is called otherwise than the suite says",
    );
    check(
        &|suite| suite.calling.params = vec![Form::LinkedList],
        "suite.toml: solution \"right\": it is called otherwise than the suite says",
    );
    check(
        &|suite| suite.checker = Checker::approximate(f64::NAN),
        "suite.toml: checker.absolute: NaN is not a finite number from 0 up",
    );
    check(&|suite| suite.cases.clear(), "cases.jsonl: no cases: a suite needs at least one");
    check(
        &|suite| suite.cases.push(suite.cases[0].clone()),
        "cases.jsonl: id: \"1\" is the id of two cases: ids are unique",
    );
    check(
        &|suite| suite.cases = vec![case("2", vec![], Expected::AnyOf(vec![]))],
        "cases.jsonl: case \"2\": any-of: there are none: a case needs at least one right answer",
    );
    check(
        &|suite| {
            (suite.entry, suite.solutions) = (Entry::Program, vec![]);
            suite.cases = vec![case("2", vec![1.into()], Value::from("").into())];
        },
        "cases.jsonl: case \"2\": missing field `input`: what the program reads",
    );
}

#[test]
fn what_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("saved"), "a file").unwrap();
    let path = folder.path().join("saved");
    let error = suite::save(&suite(), &path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}/right.js: cannot be written: ", path.display())), "{error}");
}
