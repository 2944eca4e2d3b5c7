//! A checker that is a program, of which a function stands in for what the program does.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use deem_case::mock::Mock;
use deem_case::{
    Cancellation, Case, CaseReport, Checker, Console, CustomChecker, Entry, Exception, Execution, Executor, Expected,
    InternalError, Judge, Outcome, Prepared, ReportSink, Rules, Submission, Value, Verdict, judge,
};

type Program = Rc<dyn Fn(&Case) -> Execution>;

/// Runs the solution by one function, and the checker by another.
struct Both {
    solution: Program,
    checker: Result<Program, Exception>,
    /// The rules that the checker was prepared with.
    rules: RefCell<Vec<Rules>>,
}

impl Executor for Both {
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        let program = match submission.source.as_str() {
            "checker" => {
                self.rules.borrow_mut().push(*rules);
                match &self.checker {
                    Ok(program) => program.clone(),
                    Err(exception) => return Ok(Prepared::CompileError(exception.clone())),
                }
            }
            _ => self.solution.clone(),
        };
        Mock::new(move |case: &Case| program(case)).prepare(submission, rules)
    }
}

fn returned(value: impl Into<Value>) -> Execution {
    Execution::of(Ok(Outcome::Returned(value.into())))
}

fn exception(message: &str) -> Exception {
    let place = (Some(3), Some(9));
    Exception { name: "TypeError".into(), message: message.into(), line: place.0, column: place.1, stack: vec![] }
}

fn custom() -> Checker {
    let submission = Submission::new("checker", Entry::function("check").unwrap());
    let rules = Rules { seed: 7, ..Rules::default() };
    Checker::Custom(Box::new(CustomChecker { name: "checker.js".into(), submission, rules }))
}

/// The solution answers with its argument.
fn executor(checker: impl Fn(&Case) -> Execution + 'static) -> Both {
    Both {
        solution: Rc::new(|case: &Case| returned(case.args[0].clone())),
        checker: Ok(Rc::new(checker)),
        rules: RefCell::default(),
    }
}

fn cases(args: impl IntoIterator<Item = Value>) -> Vec<Arc<Case>> {
    let case =
        |(index, arg): (usize, Value)| Case { id: index.to_string(), args: vec![arg], expected: Value::Null.into() };
    args.into_iter().enumerate().map(case).map(Arc::new).collect()
}

fn reports(executor: &dyn Executor, cases: &[Arc<Case>], rules: &Rules) -> Vec<String> {
    let submission = Submission::new("solution", Entry::Completion);
    let report = judge(executor, &submission, cases, &custom(), rules).unwrap();
    report.cases.iter().map(CaseReport::to_string).collect()
}

/// The property of the object that the checker is called with.
fn asked<'v>(question: &'v Case, name: &str) -> Option<&'v Value> {
    let [Value::Object(fields)] = &question.args[..] else { panic!("{question:?}") };
    fields.iter().find(|(other, _)| other.as_str() == Some(name)).map(|(_, value)| value)
}

#[test]
fn what_the_checker_says_is_the_verdict() {
    let executor = executor(|question| match asked(question, "actual") {
        Some(Value::Number(0.0)) => returned(true),
        Some(Value::Number(1.0)) => returned(false),
        Some(Value::Number(2.0)) => returned(Value::from_json(r#"{"ok":true,"score":3}"#).unwrap()),
        _ => returned(Value::from_json(r#"{"ok":false,"message":"not in order"}"#).unwrap()),
    });
    assert_eq!(
        reports(&executor, &cases((0..4).map(Value::from)), &Rules::default()),
        [
            "case 0: AC",
            "case 1: WA (result: expected what checker.js accepts, got 1)",
            "case 2: AC",
            "case 3: WA (result: expected what checker.js accepts (not in order), got 3)",
        ]
    );
    assert_eq!(executor.rules.take(), [Rules { seed: 7, ..Rules::default() }], "it is prepared once, by its own rules");
}

#[test]
fn whatever_keeps_the_checker_from_an_answer_is_an_internal_error() {
    let executor = executor(|question| match asked(question, "actual") {
        Some(Value::Number(0.0)) => Execution::of(Ok(Outcome::Threw(exception("x is undefined")))),
        Some(Value::Number(1.0)) => Execution::of(Ok(Outcome::NeverSettled)),
        Some(Value::Number(2.0)) => returned(1),
        Some(Value::Number(3.0)) => returned(Value::from_json(r#"{"ok":1}"#).unwrap()),
        Some(Value::Number(4.0)) => Execution::of(Err(InternalError("no memory".into()))),
        _ => returned(true),
    });
    assert_eq!(
        reports(&executor, &cases((0..6).map(Value::from)), &Rules::default()),
        [
            "case 0: IE (the checker checker.js threw TypeError: x is undefined (checker.js:3:9))",
            "case 1: IE (the checker checker.js gave no answer: returned a promise that never settles)",
            "case 2: IE (the checker checker.js returned 1: it is to answer true or false, or {ok, message})",
            "case 3: IE (the checker checker.js returned {ok:1}: it is to answer true or false, or {ok, message})",
            "case 4: IE (the checker checker.js could not be asked: no memory)",
            "case 5: AC",
        ]
    );
    let broken = Both { checker: Err(exception("Unexpected token")), ..executor };
    assert_eq!(
        reports(&broken, &cases([5.into()]), &Rules::default()),
        ["case 0: IE (the checker checker.js does not compile: TypeError: Unexpected token (checker.js:3:9))"]
    );
}

#[test]
fn the_checker_is_given_the_case_and_the_answer() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let executor = Both {
        solution: Rc::new(|_: &Case| {
            let mut console = Console::default();
            console.write("hello\n");
            Execution { console, ..returned(Value::from_json(r#"[[1],{"$ref":1},{"$ref":0}]"#).unwrap()) }
        }),
        ..executor({
            let seen = seen.clone();
            move |question| {
                seen.borrow_mut().push((question.id.clone(), question.args[0].to_json()));
                returned(true)
            }
        })
    };
    let value = |json| Value::from_json(json).unwrap();
    let args = vec![value(r#"[[],{"$ref":1}]"#), value(r#"{"a":{"$ref":0}}"#)];
    let one = Case { id: "one".into(), args: args.clone(), expected: value(r#"[{"$ref":0}]"#).into() };
    let several = Case { id: "several".into(), args: vec![], expected: Expected::AnyOf(vec![1.into(), value("[[]]")]) };
    reports(&executor, &[one.into(), several.into()], &Rules::default());
    // References are numbered by the objects of the whole question.
    let expected = [
        (
            "one",
            r#"{"args":[[[],{"$ref":3}],{"a":{"$ref":4}}],"expected":[{"$ref":5}],"actual":[[1],{"$ref":7},{"$ref":6}],"stdout":"hello\n"}"#,
        ),
        ("several", r#"{"args":[],"anyOf":[1,[[]]],"actual":[[1],{"$ref":6},{"$ref":5}],"stdout":"hello\n"}"#),
    ];
    assert_eq!(*seen.borrow(), expected.map(|(id, json)| (id.to_owned(), json.to_owned())));
}

#[test]
fn only_answers_are_for_the_checker_to_see() {
    let executor = Both {
        solution: Rc::new(|case: &Case| match &case.args[0] {
            Value::Null => Execution::of(Ok(Outcome::Threw(exception("null")))),
            value => returned(value.clone()),
        }),
        ..executor(|question| panic!("asked about {question:?}"))
    };
    let throws = |arg: Value| Case {
        id: "t".into(),
        args: vec![arg],
        expected: Expected::Throws { name: Some("TypeError".into()), message: None },
    };
    let all: Vec<Arc<Case>> =
        cases([Value::Null]).into_iter().chain([throws(Value::Null), throws(1.into())].map(Arc::new)).collect();
    assert_eq!(
        reports(&executor, &all, &Rules::default()),
        [
            "case 0: RE (threw TypeError: null (solution.js:3:9))",
            "case t: AC (threw TypeError: null (solution.js:3:9))",
            "case t: WA (result: expected a thrown TypeError, got the answer 1)",
        ]
    );
}

#[test]
fn reports_keep_the_order_of_the_cases_through_all_batches() {
    let executor = executor(|question| match asked(question, "actual") {
        Some(Value::Number(number)) => returned(number % 3.0 == 0.0),
        other => panic!("{other:?}"),
    });
    let all = cases((0..1_000).map(Value::from));
    let expected = |index: usize| {
        if index.is_multiple_of(3) {
            format!("case {index}: AC")
        } else {
            format!("case {index}: WA (result: expected what checker.js accepts, got {index})")
        }
    };
    assert_eq!(reports(&executor, &all, &Rules::default()), (0..1_000).map(expected).collect::<Vec<_>>());
    assert!(reports(&executor, &[], &Rules::default()).is_empty());
}

#[test]
fn the_first_wrong_answer_is_the_last_where_the_rules_say_so() {
    let run = Rc::new(RefCell::new(Vec::new()));
    let executor = Both {
        solution: Rc::new({
            let run = run.clone();
            move |case: &Case| {
                run.borrow_mut().push(case.id.clone());
                returned(case.args[0].clone())
            }
        }),
        ..executor(|question| returned(asked(question, "actual") != Some(&1.into())))
    };
    let rules = Rules { fail_fast: true, ..Rules::default() };
    assert_eq!(
        reports(&executor, &cases((0..4).map(Value::from)), &rules),
        ["case 0: AC", "case 1: WA (result: expected what checker.js accepts, got 1)", "case 2: SK", "case 3: SK",]
    );
    assert_eq!(*run.borrow(), ["0", "1"]);
}

#[test]
fn a_sink_that_breaks_has_no_further_reports() {
    struct Three(Vec<Verdict>);

    impl ReportSink for Three {
        fn begin(&mut self, cancellation: &Cancellation) {
            assert!(!cancellation.is_cancelled());
        }

        fn case(&mut self, _: &Case, report: CaseReport) -> ControlFlow<()> {
            self.0.push(report.verdict);
            if self.0.len() < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
    }

    let mut sink = Three(Vec::new());
    let executor = executor(|_| returned(true));
    let (checker, rules) = (custom(), Rules::default());
    let submission = Submission::new("solution", Entry::Completion);
    let all = cases((0..200).map(Value::from));
    Judge { executor: &executor, checker: &checker, rules: &rules }
        .run(&submission, &mut all.iter().cloned(), &mut sink)
        .unwrap();
    assert_eq!(sink.0, [Verdict::Accepted; 3]);
}

#[test]
fn without_a_judge_nobody_asks_the_checker() {
    let case = &cases([1.into()])[0];
    let report = CaseReport::new(case, returned(1), &custom());
    assert_eq!(report.to_string(), "case 0: IE (the checker checker.js was not asked)");
}
