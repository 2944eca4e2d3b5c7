use std::time::Duration;

use deem_core::{
    Bytes, Case, CaseReport, Checker, Entry, Equality, Exceeded, Exception, Execution, Expected, InternalError, Order,
    Outcome, Rules, TextChecker, Tolerance, Usage, Value,
};

use unicode_width::UnicodeWidthStr as _;

use super::*;
use crate::output::EngineFacts;

const SOURCE: &str = "function sum(numbers) {\n\tconst é = '😀'; return numbers.missing.length;\n}\n";

/// A case that took `milliseconds`, with what came of it.
fn case(
    id: &str,
    expected: impl Into<Expected>,
    result: Result<Outcome, InternalError>,
    milliseconds: u64,
) -> (Case, CaseReport) {
    let args = vec![Value::array([1, 2]), Value::from("a\u{1b}")];
    let case = Case { id: id.to_owned(), args, expected: expected.into() };
    let mut execution = Execution::of(result);
    execution.usage =
        Usage { cpu: Some(Duration::from_millis(milliseconds)), heap: Some(Bytes::kib(300)), ..Usage::default() };
    let report = CaseReport::new(&case, execution, &Checker::Exact);
    (case, report)
}

fn returned(value: impl Into<Value>) -> Result<Outcome, InternalError> {
    Ok(Outcome::Returned(value.into()))
}

fn thrown() -> Exception {
    Exception {
        name: "TypeError".to_owned(),
        message: "Cannot read properties of undefined (reading 'length')".to_owned(),
        line: Some(2),
        column: Some(41),
        stack: vec!["sum (solution.js:2:41)".to_owned(), "solution.js:9:1".to_owned()],
    }
}

fn rendered(
    cases: &[(Case, CaseReport)],
    compile_error: Option<&Exception>,
    failures: usize,
    verbosity: Verbosity,
    is_list: bool,
) -> String {
    rendered_with(cases, compile_error, None, Style { failures, verbosity, width: 80 }, is_list)
}

fn rendered_with(
    cases: &[(Case, CaseReport)],
    compile_error: Option<&Exception>,
    confirmation: Option<Confirmation>,
    style: Style,
    is_list: bool,
) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("report.txt");
    let mut human = Box::new(Human::new(Target::file(&file).expect("a new file"), is_list, style));
    let engine = EngineFacts { isolation: "sandbox".to_owned(), v8: None, node: None };
    let run = Run {
        suite: "sum",
        solution: "my sum.js",
        source: SOURCE,
        entry: &Entry::Completion,
        param_names: &["numbers".to_owned()],
        checker: &Checker::Exact,
        rules: &Rules::default(),
        engine: &engine,
        warnings: &["the sandbox does without Landlock".to_owned()],
        again: Some("deem run 'my sum.js' --suite sum"),
    };
    human.begin(&run).expect("it is written");
    for (index, (case, report)) in cases.iter().enumerate() {
        human.case(&run, &Done { number: index + 1, case, report, on_node: None }).expect("it is written");
    }
    let verdicts = cases.iter().map(|(_, report)| report.verdict);
    let passed = verdicts.clone().filter(|verdict| *verdict == Verdict::Accepted).count();
    let verdict = if compile_error.is_some() { Verdict::CompileError } else { Verdict::overall(verdicts) };
    let ending = Ending {
        verdict,
        passed,
        total: cases.len(),
        compile_error,
        remedy: None,
        failure: None,
        broken: None,
        doubts: &[],
        confirmation,
        on_node: None,
    };
    human.end(&run, &ending).expect("it is written");
    human.finish().expect("it is written");
    std::fs::read_to_string(file).expect("it was written")
}

/// One of each kind.
fn kinds() -> Vec<(Case, CaseReport)> {
    let mut console = case("wrong", Value::array([1, 2]), returned(Value::array([1, 3])), 1);
    let execution = console.1.execution.as_mut().expect("it was run");
    execution.console.write("first\n\u{1b}[31mred\n");
    execution.console.omit(9);
    vec![
        case("1", Value::from(3), returned(3), 2),
        console,
        case("it's", Value::from(3), Ok(Outcome::Threw(thrown())), 3),
        case("slow", Value::from(3), Ok(Outcome::Exceeded(Exceeded::Cpu(Duration::from_millis(500)))), 500),
        case("large", Value::from(3), Ok(Outcome::Exceeded(Exceeded::Heap(Bytes::mib(32)))), 40),
        case("loud", Value::from(3), Ok(Outcome::Exceeded(Exceeded::Output(Bytes::kib(1)))), 1),
        case(
            "must throw",
            Expected::Throws { name: Some("RangeError".to_owned()), message: None },
            returned(Value::Undefined),
            1,
        ),
        case("none", Value::from(3), Ok(Outcome::NoEntry("there is no function sum".to_owned())), 1),
        case("failed", Value::from(3), Err(InternalError("a worker was killed".to_owned())), 1),
    ]
}

#[test]
fn every_kind_of_failure_is_told_in_full() {
    insta::assert_snapshot!(rendered(&kinds(), None, 10, Verbosity::Normal, false));
}

/// What is shown of two answers, and where they differ.
fn compared(checker: &Checker, expected: impl Into<Value>, actual: impl Into<Value>) -> String {
    let (expected, actual) = (expected.into(), actual.into());
    let difference = checker.difference(&expected, &actual).expect("they differ");
    let text = answers::answers(checker, &expected, &actual, Some(&difference), 80);
    anstream::adapter::strip_str(&text).to_string()
}

fn json(json: &str) -> Value {
    Value::from_json(json).expect("a value")
}

#[test]
fn a_mark_is_below_the_first_place_where_answers_differ() {
    let exact = |expected: &str, actual: &str| compared(&Checker::Exact, json(expected), json(actual));
    insta::assert_snapshot!(exact(r#"[1,{"left":[4,"a"]},3]"#, r#"[1,{"left":[4,"b"]},2]"#), @r#"
        - expected     [1,{left:[4,"a"]},3]
        + actual       [1,{left:[4,"b"]},2]
                                    ^
        "#);
    insta::assert_snapshot!(exact("[1,2]", "[1,2,3]"), @r#"
        - expected     [1,2]
        + actual       [1,2,3]
                           ^
        "#);
    insta::assert_snapshot!(exact("\"漢字 a\"", "\"漢字 b\""), @r#"
        - expected     "漢字 a"
        + actual       "漢字 b"
                             ^
        "#);
    let long = |number: usize| {
        json(&format!("{:?}", (0..200).map(|each| if each == 150 { number } else { each }).collect::<Vec<_>>()))
    };
    insta::assert_snapshot!(compared(&Checker::Exact, long(7), long(8)), @r#"
        - expected     ..143,144,145,146,147,148,149,7,151,152,153,154,155,156,157,158..
        + actual       ..143,144,145,146,147,148,149,8,151,152,153,154,155,156,157,158..
                                                     ^
        "#);
    let strict = Checker::Values(Equality { signed_zero: true, ..Equality::default() });
    insta::assert_snapshot!(compared(&strict, 0.0, -0.0), @r#"
        - expected     0
        + actual       -0
                       ^
        "#);
}

#[test]
fn there_is_no_mark_where_it_would_be_below_what_is_right() {
    let any = Checker::Values(Equality { order: Order::Any { depth: 1 }, ..Equality::default() });
    let near = Checker::approximate(0.1);
    for (checker, expected, actual) in [
        (&any, "[1,2,3]", "[3,2,4]"),
        (&near, "[0.3,5]", "[0.31,6]"),
        (&near, "[1.01,5]", "[1.02,6]"),
        (&Checker::Exact, r#"{"a":1,"b":2}"#, r#"{"b":3,"a":1}"#),
    ] {
        let text = compared(checker, json(expected), json(actual));
        assert!(!text.contains('^') && text.contains(&format!("+ actual       {}", json(actual))), "{text}");
    }
    // Each is cut around the place all the same.
    let last = |number: &str| json(&format!("[{}{number}]", "0.01,".repeat(300)));
    let text = compared(&near, last("5"), json(&format!("[{}6]", "0.011,".repeat(300))));
    assert!(text.contains(",5]\n+ actual       ..") && text.ends_with(",6]\n") && !text.contains('^'), "{text}");
}

#[test]
fn texts_are_compared_line_by_line() {
    let lines = Checker::Text(TextChecker::Lines);
    let numbers = |wrong: usize| (1..=40).map(|n| format!("{}\n", if n == wrong { 0 } else { n })).collect::<String>();
    insta::assert_snapshot!(compared(&lines, &*numbers(0), &*numbers(10)), @r#"
        - expected     40 lines
        + actual       40 lines
          line 8       8
                       9
        -              10
        +              0
                       11
                       12
                       .. 28 lines more
        "#);
    insta::assert_snapshot!(compared(&lines, "a\nb\nc\n", "a  \nc"), @r#"
        - expected     3 lines
        + actual       2 lines
          line 1       a
        -              b
                       c
        "#);
    insta::assert_snapshot!(compared(&lines, "a\nb", ""), @r#"
        - expected     2 lines
        + actual       0 lines
        - line 1       a
        -              b
        "#);
    insta::assert_snapshot!(compared(&Checker::Text(TextChecker::Identical), "a\nb\n", "a\nb\r\n"), @r#"
        - expected     2 lines
        + actual       2 lines
          line 1       "a\n"
        -              "b\n"
        +              "b\r\n"
        "#);
    let tolerance = Tolerance { absolute: 0.1, relative: 0.0 };
    let tokens = Checker::Text(TextChecker::Tokens { tolerance, ignore_case: true });
    insta::assert_snapshot!(compared(&tokens, "YES\n1.0  2\n3\n", "yes\n1.05 2\n4\n"), @r#"
        - expected     3 lines
        + actual       3 lines
          line 1       YES
                       1.0  2
        -              3
        +              4
        "#);
    let long = |end: &str| format!("same\n{}{end}{}\n", "x ".repeat(500), " y".repeat(500));
    insta::assert_snapshot!(compared(&lines, &*long("1"), &*long("2")), @r#"
        - expected     2 lines
        + actual       2 lines
          line 1       same
        -              ..x x x x x x x x x x x x x x 1 y y y y y y y y y y y y y y y y..
        +              ..x x x x x x x x x x x x x x 2 y y y y y y y y y y y y y y y y..
        "#);
}

#[test]
fn lines_are_below_each_other_and_cut_by_their_columns() {
    let lines = Checker::Text(TextChecker::Lines);
    let numbers = |wrong: usize| (1..=200).map(|n| format!("{}\n", if n == wrong { 0 } else { n })).collect::<String>();
    let text = compared(&lines, &*numbers(0), &*numbers(102));
    assert!(text.contains("  line 100     100\n               101\n-              102\n+              0\n"), "{text}");
    // 30 characters of three bytes each, in 60 columns.
    let wide = |end: char| format!("1\n{}{end}\n", "漢".repeat(29));
    let text = compared(&lines, &*wide('字'), &*wide('文'));
    assert!(text.contains(&wide('字')[2..]) && text.contains(&wide('文')[2..]), "{text}");
}

#[test]
fn a_long_id_and_one_of_wide_characters_leave_room_and_one_that_looks_like_an_option_is_told_by_its_number() {
    let shown = |id: &str| {
        let text = rendered(&[case(id, Value::from(3), returned(4), 1)], None, 1, Verbosity::Normal, false);
        anstream::adapter::strip_str(&text).to_string()
    };
    assert!(shown(&"x".repeat(9_999)).lines().all(|line| line.chars().count() < 200));
    let wide = shown(&"漢".repeat(20));
    let head = wide.lines().find(|line| line.starts_with("──")).expect("a failure has a head");
    assert_eq!(head.width(), 80, "{head}");
    let option = shown("-1");
    assert!(option.contains("--case 1\n"), "{option}");
}

#[test]
fn of_many_right_answers_some_are_shown() {
    let any = |count: i32| Expected::AnyOf((0..count).map(Value::from).collect());
    let shown = |count| rendered(&[case("1", any(count), returned(99), 1)], None, 1, Verbosity::Normal, false);
    assert!(shown(10).contains("8 | 9") && !shown(10).contains("9 | .."), "{}", shown(10));
    assert!(shown(11).contains("8 | 9 | .."), "{}", shown(11));
}

#[test]
fn very_long_texts_that_differ_everywhere_are_shown_in_part() {
    let text = |sign: &str| format!("{sign} {}\n", "x".repeat(1_000)).repeat(20_000);
    let shown = compared(&Checker::Text(TextChecker::Lines), &*text("a"), &*text("b"));
    assert!(shown.lines().count() < 30 && shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(shown.ends_with(" lines more\n"), "{shown}");
}

#[test]
fn that_a_verdict_was_another_one_at_first_is_told_and_that_it_was_the_same_only_where_all_is() {
    let told = |again, differing, is_switched, verbosity| {
        let confirmation = Confirmation { again, differing, is_switched };
        let style = Style { failures: 0, verbosity, width: 80 };
        let text = rendered_with(&kinds()[..1], None, Some(confirmation), style, false);
        let text = anstream::adapter::strip_str(&text).to_string();
        text.lines().find(|line| line.contains("fresh realm")).map(str::to_owned)
    };
    let (normal, verbose) = (Verbosity::Normal, Verbosity::Verbose);
    let told_of_one = "frozen realm: 1 case had another verdict in a fresh realm, which counts";
    assert_eq!(told(4, 1, false, normal).as_deref(), Some(told_of_one));
    let of_all =
        "frozen realm: 3 cases had another verdict in a fresh realm, which counts; the rest ran in fresh realms only";
    assert_eq!(told(3, 3, true, normal).as_deref(), Some(of_all));
    assert_eq!(told(17, 0, true, normal), None);
    let same = "17 cases were run again in a fresh realm, with the same verdict; the rest ran in fresh realms only";
    assert_eq!(told(17, 0, true, verbose).as_deref(), Some(same));
    assert_eq!(told(0, 0, false, verbose), None);
}

#[test]
fn of_many_failures_some_are_shown_and_the_others_counted() {
    let text = rendered(&kinds(), None, 1, Verbosity::Normal, false);
    assert!(text.contains("6 more failed: --failures 7 shows them all"), "{text}");
    assert_eq!(text.matches("run again").count(), 1, "{text}");
}

#[test]
fn what_is_quiet_is_one_line() {
    insta::assert_snapshot!(rendered(&kinds(), None, 10, Verbosity::Quiet, false), @r#"
        warning: the sandbox does without Landlock
        sum  ? Internal Error on case 9 "failed"   1/9 passed (2 WA, 1 RE, 1 TLE, 1 MLE, 1 OLE, 1 CE, 1 IE)   processor time  max 500 ms (case 4 "slow")   memory  max 300 KiB
        "#);
}

#[test]
fn one_of_a_list_has_a_line_and_its_first_failure() {
    insta::assert_snapshot!(rendered(&kinds()[..3], None, 10, Verbosity::Normal, true), @r#"
        warning: the sandbox does without Landlock
        sum/my sum.js  ✗ Wrong Answer on case 2 "wrong"   1/3 passed (1 WA, 1 RE)   processor time  max 3 ms (case 3 "it's")   memory  max 300 KiB
            case wrong: WA: result[1]: expected 2, got 3
        1 solution: 1 WA
        "#);
}

#[test]
fn a_program_that_does_not_compile_shows_where() {
    let error = Exception { name: "SyntaxError".to_owned(), message: "Unexpected token".to_owned(), ..thrown() };
    insta::assert_snapshot!(rendered(&[], Some(&error), 10, Verbosity::Normal, false), @r#"
        error: SyntaxError: Unexpected token
         --> my sum.js:2:40
          |
        2 |     const é = '😀'; return numbers.missing.length;
          |                                            ^^^^^^
            called by my sum.js:9:1

        warning: the sandbox does without Landlock
        sum  C Compile Error   0/0 passed
        "#);
}

#[test]
fn a_place_that_is_not_in_the_source_is_no_panic() {
    for (line, column) in [(0, 0), (2, 0), (2, 9_999), (3, 1), (4, 1), (99, 1), (u32::MAX, u32::MAX)] {
        let error = Exception { line: Some(line), column: Some(column), ..thrown() };
        assert!(rendered(&[], Some(&error), 10, Verbosity::Normal, false).contains("TypeError"), "{line}:{column}");
    }
    let after_the_end = Exception { line: Some(4), column: Some(1), ..thrown() };
    let text = rendered(&[], Some(&after_the_end), 10, Verbosity::Normal, false);
    assert!(text.contains("--> my sum.js:3:2"), "{text}");
}

#[test]
fn many_cases_are_counted_in_the_strip() {
    let verdicts = [&[Verdict::Accepted; 700][..], &[Verdict::WrongAnswer], &[Verdict::Accepted; 9]].concat();
    assert_eq!(anstream::adapter::strip_str(&strip::strip(&verdicts, 80)).to_string(), "700✓ ✗ 9✓");
    let alternating = [Verdict::Accepted, Verdict::RuntimeError].repeat(400);
    let strip = anstream::adapter::strip_str(&strip::strip(&alternating, 80)).to_string();
    assert!(strip.ends_with(" ! ..") && strip.len() < 400, "{strip}");
    let few = [Verdict::Accepted, Verdict::Skipped, Verdict::Accepted];
    assert_eq!(anstream::adapter::strip_str(&strip::strip(&few, 2)).to_string(), "✓-\n✓");
}

proptest::proptest! {
    #[test]
    fn no_answers_are_a_panic(expected in "(?s)[a漢\u{1b}\u{301}\n ]{0,60}", actual in "(?s)[a漢\u{1b}\u{301}\n ]{0,60}", width in 0usize..60, of_text: bool) {
        let checker = if of_text { Checker::Text(TextChecker::Lines) } else { Checker::Exact };
        let (expected, actual) = (Value::from(&*expected), Value::from(&*actual));
        let difference = checker.difference(&expected, &actual);
        let text = answers::answers(&checker, &expected, &actual, difference.as_ref(), width);
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }

    #[test]
    fn no_source_and_no_place_is_a_panic(source in "(?s).{0,80}", line: u32, column: u32, near in 0u32..6, message in "(?s).{0,40}") {
        let engine = EngineFacts { isolation: "sandbox".to_owned(), v8: None, node: None };
        let rules = Rules::default();
        let (suite, solution, warnings, again) = (message.as_str(), message.as_str(), &[][..], None);
        let (entry, param_names, checker) = (&Entry::Completion, &[][..], &Checker::Exact);
        let run = Run { suite, solution, source: &source, entry, param_names, checker, rules: &rules, engine: &engine, warnings, again };
        for (line, column) in [(line, column), (near, column % 80), (near, column)] {
            let error = Exception { message: message.clone(), line: Some(line), column: Some(column), ..thrown() };
            let text = anstream::adapter::strip_str(&failure::compile_error(&run, &error, None)).to_string();
            assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        }
    }
}
