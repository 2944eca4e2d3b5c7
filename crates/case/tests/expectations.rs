//! What a report says where a case has several right answers, or none but an error.

use deem_case::{Case, CaseReport, Checker, Exception, Execution, Expected, Outcome, Value};

#[track_caller]
fn check(expected: &Expected, outcome: Outcome, message: &str) {
    let case = Case { id: "1".into(), args: vec![], expected: expected.clone() };
    let report = CaseReport::new(&case, Execution::of(Ok(outcome)), &Checker::Exact);
    assert_eq!(report.to_string(), format!("case 1: {message}"));
}

fn returned(json: &str) -> Outcome {
    Outcome::Returned(Value::from_json(json).unwrap())
}

fn threw(name: &str, message: &str) -> Outcome {
    Outcome::Threw(Exception { name: name.into(), message: message.into(), ..Exception::default() })
}

#[test]
fn the_difference_is_that_from_the_nearest_of_several_right_answers() {
    let any = |all: &[&str]| Expected::AnyOf(all.iter().map(|json| Value::from_json(json).unwrap()).collect());
    let all = any(&["[9,9,9]", "[1,2,3]", "[1,9,9]"]);
    check(&all, returned("[1,9,9]"), "AC");
    check(&all, returned("[1,2,4]"), "WA (result[2]: expected 3 in the nearest of 3 right answers, got 4)");
    check(&all, returned("[0]"), "WA (result[0]: expected 9 in the nearest of 3 right answers, got 0)");
    check(&any(&["1"]), returned("2"), "WA (result: expected 1, got 2)");
    check(&all, threw("Error", "no"), "RE (threw Error: no)");
}

#[test]
fn what_was_to_be_thrown_is_told_from_what_was() {
    let throws = |name: Option<&str>, message: Option<&str>| Expected::Throws {
        name: name.map(str::to_owned),
        message: message.map(str::to_owned),
    };
    check(&throws(None, None), threw("", "anything"), "AC (threw anything)");
    check(&throws(None, None), returned("[5]"), "WA (result: expected an error to be thrown, got the answer [5])");
    let range = throws(Some("RangeError"), Some("too large"));
    check(&range, threw("RangeError", "is too large: 5"), "AC (threw RangeError: is too large: 5)");
    let expected = "result: expected a thrown RangeError with \"too large\" in its message";
    check(&range, returned("5"), &format!("WA ({expected}, got the answer 5)"));
    check(&range, threw("TypeError", "too large"), &format!("RE ({expected}, got a thrown TypeError: too large)"));
    check(&range, threw("RangeError", "odd"), &format!("RE ({expected}, got a thrown RangeError: odd)"));
    check(
        &throws(None, Some("odd")),
        threw("RangeError", "even"),
        "RE (result: expected an error with \"odd\" in its message, got a thrown RangeError: even)",
    );
    check(&range, Outcome::NeverSettled, "RE (returned a promise that never settles)");
}
