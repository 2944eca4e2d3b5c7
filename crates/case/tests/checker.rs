use deem_case::{Checker, Value};

fn difference(checker: Checker, expected: &str, actual: &str) -> Option<String> {
    let value = |json| Value::from_json(json).unwrap();
    checker.difference(&value(expected), &value(actual)).map(|difference| difference.to_string())
}

#[track_caller]
fn check_equal(expected: &str, actual: &str) {
    assert_eq!(difference(Checker::Exact, expected, actual), None);
}

#[track_caller]
fn check_differ(expected: &str, actual: &str, message: &str) {
    assert_eq!(difference(Checker::Exact, expected, actual).as_deref(), Some(message));
}

#[test]
fn primitives_are_equal_by_same_value_zero() {
    check_equal(r#"{"$number":"NaN"}"#, r#"{"$number":"NaN"}"#);
    check_equal("0", r#"{"$number":"-0"}"#);
    check_equal("1", "1.0");
    check_differ("1", r#"{"$bigint":"1"}"#, "result: expected 1, got 1n");
    check_differ("null", r#"{"$undefined":true}"#, "result: expected null, got undefined");
    check_differ("\"1\"", "1", "result: expected \"1\", got 1");
    check_differ("true", "1", "result: expected true, got 1");
}

#[test]
fn the_first_difference_is_named_with_its_path() {
    check_differ("[1,[2,3]]", "[1,[2,4]]", "result[1][1]: expected 3, got 4");
    check_differ(r#"{"a":{"b c":1}}"#, r#"{"a":{"b c":2}}"#, "result.a[\"b c\"]: expected 1, got 2");
    check_differ("[1,2,3]", "[1,5]", "result[1]: expected 2, got 5");
    check_differ("[1,2,3]", "[1,2]", "result: expected 3 elements, got 2 elements");
    check_differ("[1]", "[]", "result: expected 1 element, got 0 elements");
    check_differ("[1]", r#"[{"$hole":true}]"#, "result[0]: expected 1, got a hole");
    check_differ(r#"{"a":1,"b":2}"#, r#"{"b":2}"#, "result: expected a: 1, got no such property");
    check_differ(r#"{"b":2}"#, r#"{"a":1,"b":2}"#, "result: expected no property a, got one");
    check_differ(r#"{"$map":[["k",1]]}"#, r#"{"$map":[["k",2]]}"#, "result.get(\"k\"): expected 1, got 2");
    check_differ(r#"{"$set":[1,2]}"#, r#"{"$set":[1,3]}"#, "result: expected 2, got no such member");
}

#[test]
fn order_matters_in_arrays_alone() {
    check_equal(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#);
    check_equal(r#"{"$set":[1,{"x":1},[2]]}"#, r#"{"$set":[[2],1,{"x":1}]}"#);
    check_equal(r#"{"$map":[[1,"a"],[{"x":1},"b"]]}"#, r#"{"$map":[[{"x":1},"b"],[1,"a"]]}"#);
    check_differ("[1,2]", "[2,1]", "result[0]: expected 1, got 2");
}

#[test]
fn references_are_equal_to_what_they_refer_to() {
    check_equal("[[0],[0]]", r#"[[0],{"$ref":1}]"#);
    check_equal(r#"[[0],{"$ref":1}]"#, "[[0],[0]]");
    // Two ways to write the endless list 1, 1, 1, ..
    check_equal(r#"{"v":1,"next":{"$ref":0}}"#, r#"{"v":1,"next":{"v":1,"next":{"v":1,"next":{"$ref":1}}}}"#);
    check_differ(
        r#"{"v":1,"next":{"$ref":0}}"#,
        r#"{"v":1,"next":{"v":2,"next":{"$ref":0}}}"#,
        "result.next.v: expected 1, got 2",
    );
    // A set that contains itself.
    check_equal(r#"{"$set":[{"$ref":0},1]}"#, r#"{"$set":[1,{"$ref":0}]}"#);
    check_equal(r#"{"$map":[[{"$ref":0},{"$ref":0}]]}"#, r#"{"$map":[[{"$ref":0},{"$ref":0}]]}"#);
    check_differ(
        r#"{"$set":[{"$ref":0},1]}"#,
        r#"{"$set":[{"$ref":0},2]}"#,
        "result: expected <object 0>, got no such member",
    );
}

#[test]
fn cycles_of_coprime_lengths_do_not_exhaust_the_stack() {
    let cycle = |length: usize| {
        let end = r#"{"$ref":0}"#.to_owned();
        (0..length).fold(end, |inner, _| format!(r#"{{"next":{inner}}}"#))
    };
    check_equal(&cycle(997), &cycle(991));
}

#[test]
fn approximate_numbers_are_equal_within_either_error() {
    let check = |expected, actual, equal| {
        let found = difference(Checker::approximate(1e-6), expected, actual);
        assert_eq!(found.is_none(), equal, "{expected} and {actual}: {found:?}");
    };
    check("0", "0.0000009", true);
    check("0", "0.000002", false);
    check("1000000", "1000000.5", true);
    check("1000000", "1000002", false);
    check("[[1.0]]", "[[1.0000001]]", true);
    check(r#"{"$number":"NaN"}"#, r#"{"$number":"NaN"}"#, true);
    check(r#"{"$number":"NaN"}"#, "0", false);
    check(r#"{"$number":"Infinity"}"#, "1e308", false);
    check("1", r#"{"$number":"Infinity"}"#, false);
}

#[test]
fn t37_nan_has_a_rule_with_and_without_tolerance() {
    let nan = Value::Number(f64::NAN);
    for checker in [Checker::Exact, Checker::approximate(1e-9)] {
        assert!(checker.difference(&nan, &nan).is_none(), "NaN is expected, and comes");
        for other in [Value::from(0), Value::Number(f64::INFINITY), Value::Undefined] {
            assert!(checker.difference(&nan, &other).is_some() && checker.difference(&other, &nan).is_some());
        }
    }
}
