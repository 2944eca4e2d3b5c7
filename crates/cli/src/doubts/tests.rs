use deem_core::{Exceeded, Exception, Prepared, Session, Sink, Usage, Value};

use super::*;

/// Answers every case by a function of it and of the seed.
#[derive(Clone, Copy)]
struct Answers(fn(&Case, u64) -> Result<Outcome, InternalError>);

struct Answering(Answers, u64);

impl Executor for Answers {
    fn prepare(&self, _: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        Ok(Prepared::Ready(Box::new(Answering(*self, rules.seed))))
    }
}

impl Session for Answering {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        for case in cases {
            let result = self.0.0(&case, self.1);
            if sink.case(case, Execution::of(result)).is_break() {
                return;
            }
        }
    }
}

/// A sample of cases that each answered their number.
fn sample(cases: impl IntoIterator<Item = (usize, Value)>) -> Sample {
    let mut sample = Sample::new(7);
    for (number, value) in cases {
        let case = Arc::new(Case { id: number.to_string(), args: vec![value], expected: Value::Null.into() });
        let execution = Execution::of(Ok(Outcome::Returned(Value::from(number as f64))));
        sample.add(number, &case, execution);
    }
    sample
}

fn small(cases: usize) -> Sample {
    sample((1..=cases).map(|number| (number, Value::Null)))
}

fn same(case: &Case) -> Result<Outcome, InternalError> {
    Ok(Outcome::Returned(Value::from(case.id.parse::<f64>().expect("ids are numbers"))))
}

fn random_doubt(sample: &mut Sample, answers: Answers) -> Result<Option<Doubt>, InternalError> {
    sample.random_doubt(&answers, &Submission::new("", Entry::Completion), &Checker::Exact, &Rules::default())
}

fn state_doubt(sample: &mut Sample, answers: Answers) -> Result<Option<Doubt>, InternalError> {
    sample.state_doubt(&answers, &Submission::new("", Entry::Completion), &Checker::Exact, &Rules::default())
}

#[test]
fn a_sample_is_of_all_cases_and_small_whatever_they_are() {
    let many = small(10_000);
    assert_eq!(many.chosen.len(), MOST_CASES);
    let late = many.chosen.iter().filter(|seen| seen.number > 5_000).count();
    assert!((60..140).contains(&late), "about half of them: {late}");

    let text = |bytes: usize| Value::from("x".repeat(bytes).as_str());
    let large = sample((1..=500).map(|number| (number, text(1_000_000))));
    let kept: usize = large.chosen.iter().map(|seen| memory(&seen.case, &seen.execution)).sum();
    assert_eq!((kept, large.chosen.len()), (large.memory, 16));
    assert!(kept <= MOST_MEMORY.0 && large.chosen.iter().any(|seen| seen.number > 250));

    let mixed = sample((1..=9).map(|number| (number, text(if number == 5 { 2_000_000 } else { 1 }))));
    assert_eq!(mixed.chosen.iter().map(|seen| seen.number).collect::<Vec<_>>(), [1, 2, 3, 4, 6, 7, 8, 9]);
}

#[test]
fn only_what_answered_is_run_again_and_without_its_console() {
    let mut sample = Sample::new(0);
    let case = Arc::new(Case { id: "1".into(), args: vec![], expected: Value::Null.into() });
    let stopped = Outcome::Exceeded(Exceeded::Cpu(Duration::from_secs(1)));
    for result in [Ok(stopped), Ok(Outcome::NeverSettled), Err(InternalError("no".into()))] {
        sample.add(1, &case, Execution::of(result));
    }
    assert!(sample.chosen.is_empty());
    let mut console = Console::default();
    console.write("hello");
    let threw = Ok(Outcome::Threw(Exception::default()));
    let usage = Usage::wall(Duration::from_millis(5));
    sample.add(1, &case, Execution { console, usage, ..Execution::of(threw) });
    assert_eq!(sample.chosen[0].execution.console, Console::default());
    assert_eq!(sample.cost(), Duration::from_millis(10));
}

#[test]
fn the_first_case_of_those_that_differ_is_told() {
    let otherwise = Answers(|_, seed| Ok(Outcome::Returned(Value::from(-(seed as f64)))));
    for mut sample in [small(3), small(1_000)] {
        let first = sample.chosen.iter().map(|seen| seen.number).min();
        let doubt = random_doubt(&mut sample, otherwise).expect("it ran").expect("they differ");
        assert_eq!((doubt.kind, Some(doubt.number), doubt.case), (DoubtKind::Random, first, doubt.number.to_string()));
        assert!(doubt.observed.ends_with(" with seed 0, and -1 with seed 1"), "{}", doubt.observed);
        assert!(sample.chosen.is_empty(), "they would differ in any order, too");
    }
    let mut sample = small(9);
    let odd = Answers(|case, _| if case.id.ends_with(['3', '7']) { Ok(Outcome::NeverSettled) } else { same(case) });
    let doubt = state_doubt(&mut sample, odd).expect("it ran").expect("two differ");
    assert_eq!((doubt.kind, doubt.number), (DoubtKind::State, 3));
    assert_eq!(doubt.observed, "returned 3 alone, and returned a promise that never settles after other cases");
}

#[test]
fn what_was_stopped_by_a_clock_or_failed_says_nothing_of_the_code() {
    let late = Answers(|_, _| Ok(Outcome::Exceeded(Exceeded::Wall(Duration::from_secs(1)))));
    assert_eq!(random_doubt(&mut small(3), late), Ok(None));
    let fails_once = Answers(|case, seed| match case.id.as_str() {
        "1" => Err(InternalError("no worker".into())),
        "2" => Ok(Outcome::Returned(Value::from(seed as f64 - 9.0))),
        _ => same(case),
    });
    let doubt = random_doubt(&mut small(3), fails_once).expect("most did run").expect("one differs");
    assert_eq!(doubt.number, 2);
    let fails = Answers(|_, _| Err(InternalError("no worker".into())));
    assert_eq!(random_doubt(&mut small(3), fails), Err(InternalError("no worker".into())));
    assert_eq!(state_doubt(&mut small(3), fails), Err(InternalError("no worker".into())));
}

#[test]
fn who_runs_only_some_of_them_leaves_the_others_as_they_were() {
    // As when it is interrupted.
    struct Stops;
    impl Executor for Stops {
        fn prepare(&self, _: &Submission, _: &Rules) -> Result<Prepared, InternalError> {
            Ok(Prepared::Ready(Box::new(Stops)))
        }
    }
    impl Session for Stops {
        fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
            for case in cases.take(1) {
                let _ = sink.case(case, Execution::of(Ok(Outcome::NeverSettled)));
            }
        }
    }
    let mut sample = small(3);
    let submission = Submission::new("", Entry::Completion);
    let doubt = sample.random_doubt(&Stops, &submission, &Checker::Exact, &Rules::default()).expect("it ran");
    assert_eq!(doubt.map(|doubt| doubt.number), Some(1));
    assert_eq!(sample.chosen.len(), 2);
}
