use deem_core::{Engine, Entry, Isolation, Pool, Usage, Value};

use super::*;

const LIMIT: Duration = Duration::from_millis(100);

/// Takes cases two at a time. Each took, on a busy machine, what its first argument says in milliseconds, but waited for as long;
/// alone it takes what the second one says.
#[derive(Clone)]
struct Busy {
    /// Whether what it says at first is provisional.
    is_provisional: bool,
    /// The cases that were run alone.
    alone: Rc<RefCell<Vec<String>>>,
}

struct BusySession {
    is_provisional: bool,
    limits: Limits,
    alone: Option<Rc<RefCell<Vec<String>>>>,
}

impl Executor for Busy {
    fn prepare(&self, _: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        let alone = (rules.limits.cpu > LIMIT).then(|| self.alone.clone());
        Ok(Prepared::Ready(Box::new(BusySession { is_provisional: self.is_provisional, limits: rules.limits, alone })))
    }
}

impl Session for BusySession {
    fn is_provisional(&self) -> bool {
        self.is_provisional
    }

    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        loop {
            let chunk: Vec<_> = cases.take(2).collect();
            if chunk.is_empty() {
                return;
            }
            for case in chunk {
                if let Some(alone) = &self.alone {
                    alone.borrow_mut().push(case.id.clone());
                }
                let Value::Number(took) = case.args[usize::from(self.alone.is_some())] else { return };
                let took = Duration::from_secs_f64(took / 1e3);
                let (cpu, is_late) = (took.min(self.limits.cpu), took > self.limits.cpu);
                let result = if is_late { Outcome::Exceeded(Exceeded::Cpu(self.limits.cpu)) } else { returned() };
                let wall = if self.alone.is_some() { cpu } else { cpu * 2 };
                let usage = Usage { cpu: Some(cpu), ..Usage::wall(wall) };
                if sink.case(case, Execution { usage, ..Execution::of(Ok(result)) }).is_break() {
                    return;
                }
            }
        }
    }
}

fn returned() -> Outcome {
    Outcome::Returned(Value::Null)
}

/// The cases' ids in the order in which they came, those that were stopped marked with `!`; those that were run alone; and
/// what that showed.
fn run(times: &[(u32, u32)], stops_at: Option<&str>) -> (Vec<String>, Vec<String>, Vec<String>) {
    let case = |(index, (busy, alone)): (usize, &(u32, u32))| {
        let args = vec![Value::from(f64::from(*busy)), Value::from(f64::from(*alone))];
        Arc::new(Case { id: (index + 1).to_string(), args, expected: Value::Null.into() })
    };
    let (busy, measured) = (Busy { is_provisional: false, alone: Rc::default() }, Margins::default());
    let submission = Submission::new("", Entry::Completion);
    let patient = Patient::new(Rc::new(busy.clone()), &submission, measured.clone());
    let Ok(Prepared::Ready(mut session)) = patient.prepare(&submission, &Limits::time(LIMIT).into()) else {
        panic!("it is always ready");
    };
    let mut came = Vec::new();
    session.run(&mut times.iter().enumerate().map(case), &mut |case: Arc<Case>, execution: Execution| {
        came.push(format!("{}{}", case.id, if is_late(&execution) { "!" } else { "" }));
        if stops_at == Some(&case.id) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let alone = busy.alone.borrow().clone();
    let showed = measured.borrow().iter().map(|(id, observed)| format!("{id} {observed}")).collect();
    (came, alone, showed)
}

#[test]
fn a_case_that_ends_within_its_limits_alone_is_not_late_and_all_come_in_order() {
    let (came, alone, showed) = run(&[(1, 1), (110, 90), (1, 1), (120, 80), (110, 115), (1, 1)], None);
    assert_eq!(came, ["1", "2", "3", "4", "5!", "6"]);
    assert_eq!(alone, ["2", "4", "5"]);
    assert_eq!(
        showed,
        [
            "2 was stopped at the limit of 100ms of processor time, and took 90.0ms alone: within its limits of time",
            "4 was stopped at the limit of 100ms of processor time, and took 80.0ms alone: within its limits of time",
            "5 was stopped at the limit of 100ms of processor time, and took 115.0ms alone: above its limit as well",
        ]
    );
}

#[test]
fn of_a_slow_solution_only_the_first_cases_are_measured_again() {
    let (came, alone, showed) = run(&[(999, 999); 7], None);
    assert_eq!(came, ["1!", "2!", "3!", "4!", "5!", "6!", "7!"]);
    assert_eq!(alone, ["1", "2", "3"]);
    assert_eq!(showed, [""; 0], "what takes much longer leaves no doubt");
}

#[test]
fn a_sink_that_has_enough_gets_no_more() {
    let (came, ..) = run(&[(110, 90), (1, 1), (1, 1)], Some("1"));
    assert_eq!(came, ["1"]);
    let (came, ..) = run(&[(110, 90), (1, 1), (1, 1)], Some("2"));
    assert_eq!(came, ["1", "2"]);
}

#[test]
fn what_had_its_processor_to_itself_was_rightly_stopped() {
    let limits = Limits::time(LIMIT);
    let stopped = |exceeded, cpu, wall| {
        let usage = Usage { cpu: Some(Duration::from_millis(cpu)), ..Usage::wall(Duration::from_millis(wall)) };
        is_borderline(&Execution { usage, ..Execution::of(Ok(Outcome::Exceeded(exceeded))) }, &limits)
    };
    assert!(!stopped(Exceeded::Cpu(LIMIT), 100, 105));
    assert!(stopped(Exceeded::Cpu(LIMIT), 100, 150));
    assert!(stopped(Exceeded::Wall(limits.wall), 50, 1_300));
    assert!(!stopped(Exceeded::Output(limits.output), 50, 1_300));
}

/// A pool of isolates, in which cases have much less time at first, and see that by the rules.
struct Hasty {
    pool: Pool,
    rules: Rules,
}

impl Executor for Hasty {
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        let is_first = rules.limits == self.rules.limits;
        let wall = if is_first { Duration::from_millis(200) } else { rules.limits.wall };
        self.pool.prepare(submission, &Rules { eval: !is_first, limits: Limits { wall, ..rules.limits }, ..*rules })
    }
}

#[test]
fn a_case_that_an_isolate_stopped_at_its_limit_is_measured_again_in_one_and_has_then_its_answer() {
    let source = "function f(n) {
        if (n === 2 || n === 4) try { eval('1') } catch { for (;;); }
        return n;
    }";
    let submission = Submission::new(source, Entry::function("f").expect("that is a name"));
    let rules = Rules::from(Limits { wall: Duration::from_secs(60), ..Limits::time(Duration::from_secs(60)) });
    let pool = Pool::new(&Engine::new().expect("V8 starts"), 2, Isolation::Realm).expect("threads start");
    let measured = Margins::default();
    let patient = Patient::new(Rc::new(Hasty { pool, rules }), &submission, measured.clone());
    let Ok(Prepared::Ready(mut session)) = patient.prepare(&submission, &rules) else { panic!("it compiles") };
    let case = |n: i32| Arc::new(Case { id: n.to_string(), args: vec![n.into()], expected: Value::Null.into() });
    let mut came = Vec::new();
    session.run(&mut (1..=40).map(case), &mut |case: Arc<Case>, execution: Execution| {
        came.push((case.id.clone(), execution.result));
        ControlFlow::Continue(())
    });
    let right = |n: i32| (n.to_string(), Ok(Outcome::Returned(n.into())));
    assert_eq!(came, (1..=40).map(right).collect::<Vec<_>>());
    let showed: Vec<(String, String)> = measured.borrow().iter().cloned().collect();
    assert_eq!(showed.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["2", "4"]);
    for (_, observed) in showed {
        assert!(observed.starts_with("was stopped at the limit of 200ms of wall time, and took "), "{observed}");
        assert!(observed.ends_with(" alone: within its limits of time"), "{observed}");
    }
}

#[test]
fn what_is_provisional_is_measured_again_when_it_is_made_final() {
    let busy = Busy { is_provisional: true, alone: Rc::default() };
    let submission = Submission::new("", Entry::Completion);
    let patient = Patient::new(Rc::new(busy.clone()), &submission, Margins::default());
    let Ok(Prepared::Ready(mut session)) = patient.prepare(&submission, &Limits::time(LIMIT).into()) else {
        panic!("it is always ready");
    };
    assert!(session.is_provisional());
    let args = vec![Value::from(110), Value::from(90)];
    let case = Arc::new(Case { id: "1".to_owned(), args, expected: Value::Null.into() });
    let mut came = Vec::new();
    let mut sink = |_: Arc<Case>, execution: Execution| {
        came.push((is_late(&execution), busy.alone.borrow().len()));
        ControlFlow::Continue(())
    };
    session.run(&mut iter::once(case.clone()), &mut sink);
    session.confirm(&mut iter::once(case), &mut sink);
    assert_eq!(came, [(true, 0), (false, 1)]);
}
