//! Where only right answers are final: which cases are run again, and what is reported.
//!
//! The executor is a function for each of the two ways to run a case, and keeps count.

use std::cell::RefCell;
use std::ops::{ControlFlow, Range};
use std::rc::Rc;
use std::sync::Arc;

use deem_case::{
    Bytes, Cancellation, Case, CaseReport, Checker, Confirmation, CustomChecker, Entry, Exceeded, Exception, Execution,
    Executor, InternalError, Judge, Limits, Outcome, Prepared, ReportSink, Rules, Session, Sink, Submission, Value,
    judge,
};

/// What a case comes to, by its number.
type Way = fn(usize) -> End;

#[derive(Clone, Copy, PartialEq)]
enum End {
    Right,
    Wrong,
    Late,
    Failed,
}
use End::*;

/// Runs cases quickly, or finally.
#[derive(Clone)]
struct Provisional {
    quick: Way,
    fresh: Way,
    /// So many cases are taken at a time.
    ahead: usize,
    /// How long each answer is.
    output: Bytes,
    log: Rc<RefCell<Log>>,
}

#[derive(Default)]
struct Log {
    /// The numbers of the cases, in the order in which they were run.
    quick: Vec<usize>,
    fresh: Vec<usize>,
    /// The same for a checker that is a program.
    checked_quick: usize,
    checked_fresh: usize,
}

struct Ready {
    executor: Provisional,
    is_checker: bool,
}

impl Provisional {
    fn new(quick: Way, fresh: Way) -> Provisional {
        Provisional { quick, fresh, ahead: 1, output: Bytes(0), log: Rc::default() }
    }

    fn quick(&self) -> Vec<usize> {
        self.log.borrow().quick.clone()
    }

    fn fresh(&self) -> Vec<usize> {
        self.log.borrow().fresh.clone()
    }

    fn judge(&self, count: usize, rules: Rules) -> (Vec<String>, Confirmation) {
        let cases: Vec<_> = (0..count).map(case).collect();
        let report = judge(self, &submission("solution"), &cases, &Checker::Exact, &rules).unwrap();
        assert!(report.cases.iter().zip(&cases).all(|(report, case)| report.id == case.id), "not in their order");
        let codes = report.cases.iter().map(|case| case.verdict.to_string());
        (codes.collect(), report.confirmation.expect("its outcomes are provisional"))
    }
}

impl Executor for Provisional {
    fn prepare(&self, submission: &Submission, _: &Rules) -> Result<Prepared, InternalError> {
        Ok(Prepared::Ready(Box::new(Ready { executor: self.clone(), is_checker: submission.source == "checker" })))
    }
}

impl Session for Ready {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.run_by(true, cases, sink);
    }

    fn is_provisional(&self) -> bool {
        true
    }

    fn confirm(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.run_by(false, cases, sink);
    }
}

impl Ready {
    fn run_by(&mut self, is_quick: bool, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        let cancellation = Cancellation::default();
        sink.begin(&cancellation);
        loop {
            let chunk: Vec<_> = cases.take(self.executor.ahead).collect();
            if chunk.is_empty() {
                return;
            }
            for case in chunk {
                let execution = match cancellation.is_cancelled() {
                    true => Execution::of(Err(InternalError("cancelled".into()))),
                    false => self.execution(is_quick, &case),
                };
                if sink.case(case, execution).is_break() {
                    return cancellation.cancel(); // as pools do, to stop what they have taken ahead
                }
            }
        }
    }

    fn execution(&self, is_quick: bool, case: &Case) -> Execution {
        let mut log = self.executor.log.borrow_mut();
        if self.is_checker {
            *(if is_quick { &mut log.checked_quick } else { &mut log.checked_fresh }) += 1;
            let [Value::Object(question)] = &case.args[..] else { panic!("{case:?}") };
            let is_right =
                question.iter().any(|(name, value)| name.as_str() == Some("actual") && *value == Value::Null);
            return Execution::of(Ok(Outcome::Returned(is_right.into())));
        }
        let number = case.id.parse().unwrap();
        let ran = if is_quick { &mut log.quick } else { &mut log.fresh };
        ran.push(number);
        let mut execution =
            Execution::of(match (if is_quick { self.executor.quick } else { self.executor.fresh })(number) {
                Right => Ok(Outcome::Returned(Value::Null)),
                Wrong => Ok(Outcome::Returned(Value::Bool(false))),
                Late => Ok(Outcome::Exceeded(Exceeded::Cpu(Limits::default().cpu))),
                Failed => Err(InternalError("no memory".into())),
            });
        execution.console.write(if is_quick { "quick" } else { "fresh" });
        execution.usage.output = self.executor.output;
        execution
    }
}

fn submission(source: &str) -> Submission {
    Submission::new(source, Entry::Completion)
}

fn case(number: usize) -> Arc<Case> {
    Arc::new(Case { id: number.to_string(), args: vec![], expected: Value::Null.into() })
}

fn custom() -> Checker {
    let (name, submission) = ("checker.js".to_owned(), submission("checker"));
    Checker::Custom(Box::new(CustomChecker { name, submission, rules: Rules::default() }))
}

fn fail_fast() -> Rules {
    Rules { fail_fast: true, ..Rules::default() }
}

/// As many of each as are given.
fn codes(runs: &[(&str, usize)]) -> Vec<String> {
    runs.iter().flat_map(|(code, count)| std::iter::repeat_n((*code).to_owned(), *count)).collect()
}

fn up_to(count: usize) -> Vec<usize> {
    (0..count).collect()
}

fn numbers(ranges: &[Range<usize>]) -> Vec<usize> {
    ranges.iter().cloned().flatten().collect()
}

#[test]
fn right_answers_are_run_once_and_reported_as_they_come() {
    let executor = Provisional::new(|_| Right, |_| panic!("run again"));
    let (verdicts, confirmation) = executor.judge(3_000, Rules::default());
    assert_eq!((verdicts, confirmation), (codes(&[("AC", 3_000)]), Confirmation::default()));
    assert_eq!(executor.quick(), up_to(3_000));

    // Of a stream without an end as well: each is reported before the next but the last one is run.
    let executor = Provisional::new(|_| Right, |_| panic!("run again"));
    let (checker, rules, mut reported) = (Checker::Exact, Rules::default(), 0);
    let mut sink = |_: &Case, _: CaseReport| {
        reported += 1;
        assert_eq!(executor.quick().len(), reported);
        if reported < 5_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let judge = Judge { executor: &executor, checker: &checker, rules: &rules };
    judge.run(&submission("solution"), &mut (0..).map(case), &mut sink).unwrap();
}

#[test]
fn what_is_not_right_is_run_again_once_and_that_is_reported() {
    for ahead in [1, 7, 100] {
        let quick = |number| match number {
            10 | 12 => Wrong,
            15 => Late,
            90 => Failed,
            _ => Right,
        };
        let fresh = |number| match number {
            12 => Right,
            15 => Wrong,
            90 => Failed,
            _ => Wrong,
        };
        let executor = Provisional { ahead, ..Provisional::new(quick, fresh) };
        let (verdicts, confirmation) = executor.judge(200, Rules::default());
        let mut expected = codes(&[("AC", 10), ("WA", 1), ("AC", 4), ("WA", 1), ("AC", 74), ("IE", 1), ("AC", 109)]);
        assert_eq!(verdicts, expected, "{ahead} at a time");
        assert_eq!(confirmation, Confirmation { again: 4, differing: 2, is_switched: false });
        assert_eq!(executor.quick(), up_to(200));
        assert_eq!(executor.fresh(), [10, 12, 15, 90]);

        // And so is what came with it.
        let report = judge(
            &executor,
            &submission("solution"),
            &[case(9), case(10), case(11)],
            &Checker::Exact,
            &Rules::default(),
        );
        let said = report.unwrap().cases.into_iter().map(|case| case.execution.unwrap().console.text().to_owned());
        expected = ["quick", "fresh", "quick"].map(String::from).to_vec();
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_report_waits_for_one_window_and_each_window_is_twice_as_large_up_to_a_limit() {
    /// How many cases had been run when those that are not right came to be reported.
    struct Waits<'a>(&'a Provisional, Vec<usize>);
    impl ReportSink for Waits<'_> {
        fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
            if report.verdict.code() == "WA" {
                self.1.push(self.0.quick().len() - case.id.parse::<usize>().unwrap());
            }
            ControlFlow::Continue(())
        }
    }
    let executor = Provisional::new(|number| if number % 2_000 == 3 { Wrong } else { Right }, |_| Wrong);
    let mut waits = Waits(&executor, Vec::new());
    let (checker, rules) = (Checker::Exact, Rules::default());
    let judge = Judge { executor: &executor, checker: &checker, rules: &rules };
    judge.run(&submission("solution"), &mut (0..16_000).map(case), &mut waits).unwrap();
    assert_eq!(waits.1, [32, 64, 128, 256, 512, 1_024, 1_024, 1_024]);
}

#[test]
fn cases_that_an_executor_has_taken_ahead_are_part_of_the_window() {
    let executor =
        Provisional { ahead: 50, ..Provisional::new(|number| if number == 0 { Wrong } else { Right }, |_| Wrong) };
    let mut when = Vec::new();
    let mut sink = |case: &Case, _: CaseReport| {
        if case.id == "0" {
            when.push(executor.quick().len());
        }
        ControlFlow::Continue(())
    };
    let (checker, rules) = (Checker::Exact, Rules::default());
    let judge = Judge { executor: &executor, checker: &checker, rules: &rules };
    judge.run(&submission("solution"), &mut (0..200).map(case), &mut sink).unwrap();
    assert_eq!(when, [50]);
}

#[test]
fn a_window_ends_early_where_its_answers_are_long() {
    let executor = Provisional::new(|number| if number == 3 { Wrong } else { Right }, |_| Right);
    let executor = Provisional { output: Bytes::mib(5), ..executor };
    let (checker, rules) = (Checker::Exact, Rules::default());
    let mut quick_by_then = Vec::new();
    let mut sink = |_: &Case, _: CaseReport| {
        quick_by_then.push(executor.quick().len());
        ControlFlow::Continue(())
    };
    let judge = Judge { executor: &executor, checker: &checker, rules: &rules };
    judge.run(&submission("solution"), &mut (0..12).map(case), &mut sink).unwrap();
    assert_eq!(quick_by_then, [1, 2, 3, 8, 8, 8, 8, 8, 9, 10, 11, 12], "four answers waited, and no more");
    assert_eq!((executor.quick(), executor.fresh()), (up_to(12), vec![3]));
}

#[test]
fn when_three_cases_had_another_verdict_the_rest_is_run_for_good_at_once() {
    let executor =
        Provisional::new(|number| if [0, 40, 110, 112].contains(&number) { Wrong } else { Right }, |_| Right);
    let (verdicts, confirmation) = executor.judge(500, Rules::default());
    assert_eq!(verdicts, codes(&[("AC", 500)]));
    // The third window, of 128, began with the third of them.
    assert_eq!(confirmation, Confirmation { again: 4, differing: 4, is_switched: true });
    assert_eq!(executor.quick(), up_to(238));
    assert_eq!(executor.fresh(), numbers(&[0..1, 40..41, 110..111, 112..113, 238..500]));

    let two = Provisional::new(|number| if [0, 40].contains(&number) { Wrong } else { Right }, |_| Right);
    let (_, confirmation) = two.judge(500, Rules::default());
    assert_eq!(confirmation, Confirmation { again: 2, differing: 2, is_switched: false });
    assert_eq!(two.quick(), up_to(500));
}

#[test]
fn when_most_of_a_window_is_not_right_the_rest_is_run_for_good_at_once() {
    let executor = Provisional::new(|number| if number < 17 { Wrong } else { Right }, |_| Wrong);
    let (verdicts, confirmation) = executor.judge(100, Rules::default());
    assert_eq!(verdicts, codes(&[("WA", 17), ("AC", 15), ("WA", 68)]));
    assert_eq!(confirmation, Confirmation { again: 17, differing: 0, is_switched: true });
    assert_eq!(executor.quick(), up_to(32));
    assert_eq!(executor.fresh(), numbers(&[0..17, 32..100]));

    let half = Provisional::new(|number| if number < 16 { Wrong } else { Right }, |_| Wrong);
    let (_, confirmation) = half.judge(100, Rules::default());
    assert_eq!(confirmation, Confirmation { again: 16, differing: 0, is_switched: false });
    assert_eq!(half.quick(), up_to(100));
}

#[test]
fn when_three_cases_were_stopped_what_follows_is_not_run_twice() {
    let executor =
        Provisional { ahead: 10, ..Provisional::new(|number| if number < 5 { Right } else { Late }, |_| Late) };
    let (verdicts, confirmation) = executor.judge(100, Rules::default());
    assert_eq!(verdicts, codes(&[("AC", 5), ("TLE", 95)]));
    assert_eq!(confirmation, Confirmation { again: 3, differing: 0, is_switched: true });
    assert_eq!(executor.quick(), up_to(8));
    assert_eq!(executor.fresh(), numbers(&[5..8, 8..100]));
}

#[test]
fn it_is_not_told_that_the_rest_was_switched_where_there_is_none() {
    let executor = Provisional::new(|_| Wrong, |_| Right);
    let (verdicts, confirmation) = executor.judge(10, Rules::default());
    assert_eq!(verdicts, codes(&[("AC", 10)]));
    assert_eq!(confirmation, Confirmation { again: 10, differing: 10, is_switched: false });
}

#[test]
fn the_first_case_that_is_not_right_when_run_again_is_the_last_where_the_rules_say_so() {
    let executor = Provisional {
        ahead: 6,
        ..Provisional::new(
            |number| if [2, 5].contains(&number) { Wrong } else { Right },
            |number| if number == 2 { Right } else { Wrong },
        )
    };
    let (verdicts, confirmation) = executor.judge(10, fail_fast());
    assert_eq!(verdicts, codes(&[("AC", 5), ("WA", 1), ("SK", 4)]));
    assert_eq!(confirmation, Confirmation { again: 2, differing: 1, is_switched: false });
    assert_eq!((executor.quick(), executor.fresh()), (up_to(6), vec![2, 5]));

    // After the switch, too.
    let executor = Provisional::new(|_| Wrong, |number| if number < 5 { Right } else { Wrong });
    let (verdicts, confirmation) = executor.judge(10, fail_fast());
    assert_eq!(verdicts, codes(&[("AC", 5), ("WA", 1), ("SK", 4)]));
    assert_eq!(confirmation, Confirmation { again: 3, differing: 3, is_switched: true });
    assert_eq!((executor.quick(), executor.fresh()), (up_to(3), up_to(6)));
}

#[test]
fn a_program_that_checks_is_asked_about_both_and_always_for_good() {
    for rules in [Rules::default(), fail_fast()] {
        let executor = Provisional::new(
            |number| if [3, 70].contains(&number) { Wrong } else { Right },
            |number| if number == 3 { Right } else { Wrong },
        );
        let cases: Vec<_> = (0..200).map(case).collect();
        let report = judge(&executor, &submission("solution"), &cases, &custom(), &rules).unwrap();
        let verdicts: Vec<_> = report.cases.iter().map(|case| case.verdict.to_string()).collect();
        let (last, asked) = if rules.fail_fast { ("SK", 71) } else { ("AC", 200) };
        assert_eq!(verdicts, codes(&[("AC", 70), ("WA", 1), (last, 129)]));
        assert!(
            report.cases[70].difference.as_ref().is_some_and(|difference| difference.expected.contains("checker.js"))
        );
        assert_eq!(report.confirmation, Some(Confirmation { again: 2, differing: 1, is_switched: false }));
        assert_eq!((executor.quick(), executor.fresh()), (up_to(asked), vec![3, 70]));
        let log = executor.log.borrow();
        assert_eq!((log.checked_quick, log.checked_fresh), (0, asked + 2));
    }
    let executor = Provisional::new(|_| Wrong, |_| Right);
    let cases: Vec<_> = (0..200).map(case).collect();
    let report = judge(&executor, &submission("solution"), &cases, &custom(), &Rules::default()).unwrap();
    assert!(report.cases.iter().all(|case| case.verdict.code() == "AC"));
    let confirmation = report.confirmation.unwrap();
    assert!(confirmation.is_switched && confirmation.again == confirmation.differing);
    assert_eq!(executor.quick(), up_to(confirmation.again));
    assert_eq!(executor.fresh(), up_to(200));
}

/// Cancels the run of this number as it begins, or after so many reports; keeps the verdicts.
#[derive(Default)]
struct Cancelling {
    run: Option<usize>,
    after: Option<usize>,
    begun: usize,
    cancellation: Option<Cancellation>,
    verdicts: Vec<String>,
    confirmation: Option<Confirmation>,
}

impl ReportSink for Cancelling {
    fn begin(&mut self, cancellation: &Cancellation) {
        if self.run == Some(self.begun) {
            cancellation.cancel();
        }
        self.begun += 1;
        let first = self.cancellation.get_or_insert_with(|| cancellation.clone());
        assert_eq!(first, cancellation, "it is the same for all runs");
    }

    fn case(&mut self, _: &Case, report: CaseReport) -> ControlFlow<()> {
        self.verdicts.push(report.verdict.to_string());
        if self.after == Some(self.verdicts.len()) {
            self.cancellation.as_ref().unwrap().cancel();
        }
        ControlFlow::Continue(())
    }

    fn confirmed(&mut self, confirmation: &Confirmation) {
        self.confirmation = Some(*confirmation);
    }
}

#[test]
fn a_run_can_be_cancelled_at_any_time_and_what_is_not_done_is_skipped() {
    let cancelled = |run, after, checker: &Checker| {
        let executor = Provisional::new(|number| if [3, 5, 60].contains(&number) { Wrong } else { Right }, |_| Wrong);
        let (rules, mut sink) = (Rules::default(), Cancelling { run, after, ..Cancelling::default() });
        let judge = Judge { executor: &executor, checker, rules: &rules };
        judge.run(&submission("solution"), &mut (0..100).map(case), &mut sink).unwrap();
        let again = executor.fresh().len();
        assert!(sink.confirmation.is_some_and(|confirmation| confirmation.again <= again));
        (sink.verdicts, again)
    };
    let exact = Checker::Exact;
    assert_eq!(cancelled(Some(0), None, &exact), (codes(&[("SK", 100)]), 0), "the first quick run");
    let all = [("AC", 3), ("WA", 1), ("AC", 1), ("WA", 1)];
    // The window is closed at 35; right answers in it are final.
    let unconfirmed = codes(&[("AC", 3), ("SK", 1), ("AC", 1), ("SK", 1), ("AC", 29), ("SK", 65)]);
    assert_eq!(cancelled(Some(1), None, &exact), (unconfirmed, 0), "while cases are run again");
    assert_eq!(cancelled(Some(2), None, &exact), (codes(&[&all[..], &[("AC", 29), ("SK", 65)]].concat()), 2), "then");
    assert_eq!(cancelled(None, Some(2), &exact), (codes(&[("AC", 2), ("SK", 98)]), 0), "in a quick run");
    let between = codes(&[("AC", 3), ("WA", 1), ("AC", 1), ("SK", 1), ("AC", 29), ("SK", 65)]);
    assert_eq!(cancelled(None, Some(4), &exact), (between, 1), "between two that are run again");
    // By the last report of a run, and meant for the next.
    let last = codes(&[&all[..], &[("AC", 29), ("SK", 65)]].concat());
    assert_eq!(cancelled(None, Some(35), &exact), (last, 2), "after the last of a window");

    // The checker's runs are runs, too: the first batch, its answers, an end, those that are run again, and their answers.
    let checker = custom();
    for (run, done, again) in [(0, 0, 0), (1, 0, 0), (2, 64, 0), (3, 64, 0), (4, 64, 3)] {
        let (verdicts, ran) = cancelled(Some(run), None, &checker);
        let expected = |number| match number {
            3 | 5 | 60 => "SK",
            _ if number < done => "AC",
            _ => "SK",
        };
        assert_eq!(verdicts, (0..100).map(expected).collect::<Vec<_>>(), "run {run} is cancelled");
        assert_eq!(ran, again);
    }
}

#[test]
fn a_sink_that_breaks_has_no_further_reports() {
    struct Breaking(usize, Vec<String>);
    impl ReportSink for Breaking {
        fn case(&mut self, _: &Case, report: CaseReport) -> ControlFlow<()> {
            self.1.push(report.verdict.to_string());
            if self.1.len() < self.0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }

        fn confirmed(&mut self, _: &Confirmation) {
            panic!("nobody listens");
        }
    }
    for (after, again) in [(2, vec![]), (4, vec![3]), (5, vec![3]), (6, vec![3, 5]), (20, vec![3, 5])] {
        let executor = Provisional::new(|number| if [3, 5].contains(&number) { Wrong } else { Right }, |_| Wrong);
        let (checker, rules, mut sink) = (Checker::Exact, Rules::default(), Breaking(after, Vec::new()));
        let judge = Judge { executor: &executor, checker: &checker, rules: &rules };
        judge.run(&submission("solution"), &mut (0..).map(case), &mut sink).unwrap();
        assert_eq!(sink.1, codes(&[("AC", 3), ("WA", 1), ("AC", 1), ("WA", 1), ("AC", 14)])[..after]);
        assert_eq!(executor.fresh(), again);
    }
}

#[test]
fn where_every_outcome_is_final_nothing_is_run_again() {
    let mock = deem_case::mock::Mock::new(|_: &Case| Execution::of(Ok(Outcome::Threw(Exception::default()))));
    let report = judge(&mock, &submission("solution"), &[case(0)], &Checker::Exact, &Rules::default()).unwrap();
    assert_eq!((report.cases[0].verdict.code(), report.confirmation), ("RE", None));
}
