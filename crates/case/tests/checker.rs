use deem_case::{Checker, Equality, Order, PathPattern, TextChecker, Tolerance, Value};

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

/// What `checker` says of two values: nothing, where they are equal.
#[track_caller]
fn check(checker: &Checker, expected: &str, actual: &str, message: &str) {
    assert_eq!(difference(checker.clone(), expected, actual).unwrap_or_default(), message);
}

fn ordered(order: Order) -> Checker {
    Checker::Values(Equality { order, ..Equality::default() })
}

fn tolerance(absolute: f64) -> Tolerance {
    Tolerance { absolute, relative: 0.0 }
}

#[test]
fn zeros_and_nan_have_switches() {
    let (zero, minus, nan) = ("[0]", r#"[{"$number":"-0"}]"#, r#"[{"$number":"NaN"}]"#);
    let signed = Checker::Values(Equality { signed_zero: true, ..Equality::default() });
    check(&signed, minus, zero, "result[0]: expected -0, got 0");
    check(&signed, zero, minus, "result[0]: expected 0, got -0");
    check(&signed, minus, minus, "");
    let unequal = Checker::Values(Equality { unequal_nan: true, ..Equality::default() });
    check(&unequal, nan, nan, "result[0]: expected NaN, got NaN");
    check(&unequal, minus, zero, "");
}

#[test]
fn a_tolerance_holds_at_its_paths_alone() {
    let at = |paths: &[&str]| {
        let tolerant_at = paths.iter().map(|path| path.parse().unwrap()).collect();
        Checker::Values(Equality { tolerance: tolerance(0.5), tolerant_at, ..Equality::default() })
    };
    let (expected, actual) = (r#"[{"id":1,"score":2}]"#, r#"[{"id":1,"score":2.25}]"#);
    check(&at(&["result[*].score"]), expected, actual, "");
    check(&at(&["result.score", "result[0].*"]), expected, actual, "");
    check(&at(&["result[0]"]), expected, actual, "");
    check(&at(&["result"]), expected, actual, "");
    check(&at(&["result[1].score"]), expected, actual, "result[0].score: expected 2, got 2.25");
    check(&at(&["result[*].score"]), actual, &actual.replace(":1,", ":1.25,"), "result[0].id: expected 1, got 1.25");
    check(&at(&["result.get(*)"]), r#"{"$map":[[1,1]]}"#, r#"{"$map":[[1,1.25]]}"#, "");
    check(
        &at(&["result.get(*)"]),
        r#"{"$map":[[1,1]]}"#,
        r#"{"$map":[[1.25,1]]}"#,
        "result: expected 1, got no such member",
    );
    // The same two objects at a place where it holds, and at one where it does not.
    let (shared, other) = (r#"[{"a":[1]},{"$ref":1},{"$ref":1}]"#, r#"[{"a":[1]},{"a":[1.25]},{"$ref":3}]"#);
    check(&at(&["result[1]"]), shared, other, "result[2].a[0]: expected 1, got 1.25");
}

#[test]
fn paths_are_read_as_they_are_written() {
    for path in ["result", "result[*].score", "result.*[3].get(*)", r#"result["a b]"].c"#, r#"result["\"\n"]"#] {
        assert_eq!(path.parse::<PathPattern>().unwrap().to_string(), path);
    }
    for wrong in
        ["", "score", "result.", "result[", "result[]", "result[-1]", "result[a]", "result.a b", "result[\"a\""]
    {
        let error = wrong.parse::<PathPattern>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("{wrong:?} names no place in a value: a path is `result` and")), "{error}");
    }
}

#[test]
fn arrays_in_any_order_are_multisets_down_to_a_depth() {
    let outer = ordered(Order::Any { depth: 1 });
    check(&outer, "[1,2,2,3]", "[2,3,2,1]", "");
    check(&outer, "[[1,2],[3]]", "[[3],[1,2]]", "");
    check(&outer, "[[1,2],[3]]", "[[3],[2,1]]", "result[0][0]: expected 1, got 2");
    check(&outer, "[1,2,2]", "[1,1,2]", "result[2]: expected 2, got 1");
    check(&outer, "[1,2,3,4]", "[4,3,6,7]", "result[0]: expected 1, got no such element");
    check(&outer, "[1,2]", "[1,2,3]", "result: expected no further element 3, got one");
    check(&outer, "[1,2]", "[2]", "result[0]: expected 1, got no such element");
    check(&outer, r#"[1,{"$hole":true}]"#, r#"[{"$hole":true},1]"#, "");
    check(&outer, r#"[1,{"$hole":true}]"#, "[1,1]", "result[1]: expected a hole, got 1");
    check(&outer, r#"{"groups":[1,2]}"#, r#"{"groups":[2,1]}"#, "");
    let both = ordered(Order::Any { depth: 2 });
    check(&both, "[[1,2],[3]]", "[[3],[2,1]]", "");
    check(&both, "[[[1,2]]]", "[[[2,1]]]", "result[0][0][0]: expected 1, got 2");
    check(&both, r#"[{"a":[1,2],"b":0}]"#, r#"[{"b":0,"a":[2,1]}]"#, "");
    // The nearest way to what is wrong goes through the one pair that is left.
    check(&outer, r#"[{"a":{"b":1}},2]"#, r#"[2,{"a":{"b":3}}]"#, "result[0].a.b: expected 1, got 3");
    // Shared references are compared as what they refer to.
    check(&both, "[[1,2],[1,2],3]", r#"[[2,1],3,{"$ref":1}]"#, "");
    let all = ordered(Order::Any { depth: usize::MAX });
    check(&all, r#"[1,{"$ref":0}]"#, r#"[{"$ref":0},1]"#, "");
}

#[test]
fn sets_ignore_duplicates() {
    let set = ordered(Order::Set { depth: 1 });
    check(&set, "[1,2,2]", "[2,1,1,1]", "");
    check(&set, "[1,2]", "[1]", "result[1]: expected 2, got no such element");
    check(&set, "[1]", "[1,2]", "result: expected no further element 2, got one");
    check(&set, "[]", "[]", "");
    check(&ordered(Order::Set { depth: 2 }), "[[1,2]]", "[[2,1,1],[1,2]]", "");
    check(&set, "[[1,2]]", "[[2,1]]", "result[0]: expected [1,2], got no such element");
}

#[test]
fn a_tolerance_pairs_elements_up_so_that_none_is_left() {
    let near =
        |order, absolute| Checker::Values(Equality { order, tolerance: tolerance(absolute), ..Equality::default() });
    let any = near(Order::Any { depth: 1 }, 1.0);
    // 2 is near to both; whoever gives it to 1.5, which 1 is near to as well, has nothing left for 3.
    check(&any, "[1.5,3]", "[2,1]", "");
    check(&any, "[[1.5],[3]]", "[[2],[1]]", "");
    check(&any, r#"[{"v":[0,1.5]},{"v":[0,3]}]"#, r#"[{"v":[0,2]},{"v":[0,1]}]"#, "");
    check(&any, "[[1,5],[2,4],[3,3]]", "[[2,4],[2,4],[2,4]]", "");
    check(&any, "[[1,5],[2,4],[4,2]]", "[[2,4],[2,4],[2,4]]", "result[2][0]: expected 4, got 2");
    check(&any, "[1,2,3]", "[0,9,1.5]", "result[2]: expected 3, got 9");
    check(&any, r#"[{"$number":"Infinity"},1]"#, r#"[1.5,{"$number":"Infinity"}]"#, "");
    let set = near(Order::Set { depth: 1 }, 0.25);
    check(&set, "[1,1.1,7]", "[7.2,6.9,1]", "");
    check(&set, "[1,2]", "[1,1.5]", "result[1]: expected 2, got no such element");
}

#[test]
fn large_arrays_in_any_order_take_no_quadratic_time() {
    let numbers = |order: &dyn Fn(i32) -> i32| Value::array((0..20_000).map(order));
    let records = |order: &dyn Fn(i32) -> i32| {
        Value::array((0..10_000).map(|n| Value::Object(vec![("id".into(), order(n).into()), ("x".into(), 1.into())])))
    };
    let tolerant = Equality { order: Order::Any { depth: 1 }, tolerance: tolerance(0.1), ..Equality::default() };
    for checker in [ordered(Order::Any { depth: 1 }), ordered(Order::Set { depth: 1 }), Checker::Values(tolerant)] {
        let (forth, back) = (numbers(&|n| n), numbers(&|n| 19_999 - n));
        assert_eq!(checker.difference(&forth, &back), None);
        assert!(checker.difference(&forth, &numbers(&|n| n + 1)).is_some());
    }
    assert_eq!(ordered(Order::Any { depth: 1 }).difference(&records(&|n| n), &records(&|n| 9_999 - n)), None);
}

#[test]
fn tokens_are_compared_whatever_is_between_them() {
    let text = |text: &str| serde_json::to_string(text).unwrap();
    let tokens = |tolerance, ignore_case| Checker::Text(TextChecker::Tokens { tolerance, ignore_case });
    let strict = tokens(Tolerance::NONE, false);
    let check = |checker: &Checker, expected: &str, actual: &str, message: &str| {
        check(checker, &text(expected), &text(actual), message);
    };
    check(&strict, "1 2\n3\n", "1\t2 3", "");
    check(&strict, "", " \n", "");
    check(&strict, "a b\n\nc d", "a b\nc e", "line 3, token 2: expected \"d\", got \"e\"");
    check(&strict, "a b", "a", "line 1, token 2: expected \"b\", got the end");
    check(&strict, "a", "a\n b", "line 2, token 1: expected the end, got \"b\"");
    check(&strict, "Yes", "YES", "line 1, token 1: expected \"Yes\", got \"YES\"");
    check(&strict, "1.0", "1", "line 1, token 1: expected \"1.0\", got \"1\"");
    check(&tokens(Tolerance::NONE, true), "Yes \u{c4}", "YES \u{e4}", "");
    let near = tokens(tolerance(0.01), false);
    check(&near, "x 3.14159", "x 3.14", "");
    check(&near, "1e3", "1000.001", "");
    check(&near, "3.14159", "3.1", "line 1, token 1: expected \"3.14159\", got \"3.1\"");
    check(&near, "1", "nan", "line 1, token 1: expected \"1\", got \"nan\"");
    check(&near, "infinity", "inf", "line 1, token 1: expected \"infinity\", got \"inf\"");
}

#[test]
fn lines_are_compared_but_for_white_space_at_their_end() {
    let text = |text: &str| serde_json::to_string(text).unwrap();
    let check = |checker, expected: &str, actual: &str, message: &str| {
        check(&Checker::Text(checker), &text(expected), &text(actual), message);
    };
    use TextChecker::{Identical, Lines};
    check(Lines, "a b\nc\n", "a b  \r\nc\n\n\n", "");
    check(Lines, "a\nb c", "a\nb  c", "line 2, token 2: expected \"b c\", got \"b  c\"");
    check(Lines, "a\nb cat", "a\nb cut", "line 2, token 2: expected \"b cat\", got \"b cut\"");
    check(Lines, "a\nb", "a", "line 2: expected \"b\", got the end");
    check(Lines, "a", "a\n\nb", "line 2: expected the end, got \"\"");
    check(Lines, " a", "a", "line 1, token 1: expected \" a\", got \"a\"");
    check(Identical, "a\n", "a\n", "");
    check(Identical, "a\n", "a", "line 1, token 1: expected \"a\\n\", got \"a\"");
    check(Identical, "a\nb\n", "a\r\nb\n", "line 1, token 1: expected \"a\\n\", got \"a\\r\\n\"");
    let long = |end: &str| format!("{}{end}", "x".repeat(200));
    let window = |end: &str| format!("..\"{}{end}\"", "x".repeat(40));
    let message = format!("line 1, token 1: expected {}, got {}", window("a"), window("b"));
    check(Lines, &long("a"), &long("b"), &message);
}

#[test]
fn only_a_text_is_a_text() {
    for text in [TextChecker::Lines, TextChecker::Identical] {
        check(&Checker::Text(text), "\"5\"", "5", "result: expected \"5\", got no text but 5");
        check(&Checker::Text(text), "5", "5", "result: expected no text but 5, got no text but 5");
    }
}
