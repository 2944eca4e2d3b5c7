use deem_case::{MAX_DEPTH, Value};

#[track_caller]
fn check_refused(json: &str, message: &str) {
    assert_eq!(Value::from_json(json).unwrap_err().to_string(), message);
}

#[test]
fn what_is_no_value_is_refused_with_its_place() {
    check_refused("[1,", "EOF while parsing a value at line 1 column 3");
    check_refused("[1] 2", "trailing characters at line 1 column 5");
    check_refused(
        r#"{"$nan":1}"#,
        r#"unknown tag "$nan": an object with such a name is {"$lit":{"$nan":..}} at line 1 column 7"#,
    );
    check_refused(r#"{"$bigint":"x"}"#, "$bigint: expected an integer's digits in a string at line 1 column 15");
    check_refused(r#"{"$hole":true}"#, "$hole: only an array has holes");
    check_refused(r#"{"a":{"$hole":true}}"#, "$hole: only an array has holes at line 1 column 20");
    check_refused(
        r#"[{"$ref":1}]"#,
        "$ref: expected the number of an object that has begun before at line 1 column 11",
    );
    check_refused(r#"{"a":1,"a":2}"#, r#"the name "a" occurs twice in one object at line 1 column 10"#);
    check_refused(
        r#"{"$date":1,"x":2}"#,
        r#""x" beside "$date": a tag stands alone; an object with such names is {"$lit":{..}} at line 1 column 14"#,
    );
    check_refused(
        r#"{"$bytes":["Int16Array","AA=="]}"#,
        "$bytes: expected a whole number of elements at line 1 column 32",
    );
}

#[test]
fn nesting_has_a_limit_that_is_no_stack_overflow() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(Value::from_json(&nested(MAX_DEPTH)).is_ok());
    let error = Value::from_json(&nested(MAX_DEPTH + 1)).unwrap_err().to_string();
    assert!(error.starts_with("nested deeper than 1000 levels"), "{error}");
    let error = Value::from_json(&"[".repeat(1_000_000)).unwrap_err().to_string();
    assert!(error.starts_with("nested deeper than 1000 levels"), "{error}");
}

#[test]
fn numbers_survive_to_the_last_bit() {
    for number in [0.1, 1e21, 5e-324, f64::MAX, 9_007_199_254_740_993.0, -1.5, 123_456_789.123_456_79] {
        assert_eq!(Value::from_json(&Value::Number(number).to_json()).unwrap(), Value::Number(number));
    }
}
