//! Limits, and what a pool is after them.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{compile, returned};
use deem_core::{
    Bytes, Cancellation, Case, Checker, Confirmation, Engine, Entry, Exceeded, Executor, Isolate, Isolation, Limits,
    Outcome, Pool, Prepared, Rules, Submission, Value, judge,
};

fn cases(count: i32) -> impl Iterator<Item = Arc<Case>> {
    (0..count)
        .map(|n| Arc::new(Case { id: n.to_string(), args: vec![Value::from(n)], expected: Value::Undefined.into() }))
}

// Long enough for a clean case on a busy machine.
const SHORT: Limits = Limits { wall: Duration::from_millis(300), ..Limits::time(Duration::from_secs(60)) };
const ALL: [Isolation; 3] = [Isolation::Realm, Isolation::Isolate, Isolation::Shared];

#[test]
fn endless_cases_are_stopped_and_the_pool_stays_whole() {
    let endless = [
        "while (true);",
        "try { while (true); } finally { while (true); }",
        "for (;;) { try { for (;;); } catch {} }",
        "(async () => { for (;;) await 0 })(); return 1",
        "return { get a() { while (true); } }",
        "return { then() { while (true); } }",
        "throw { toString() { while (true); } }; ",
        "/(a+)+$/.test('a'.repeat(40) + 'b')",
    ];
    for isolation in ALL {
        let pool = Pool::new(&Engine::new().unwrap(), 2, isolation).unwrap();
        for code in endless {
            let program = compile(&format!("function f(n) {{ if (n % 5 === 1) {{ {code} }} return n }}"));
            for (case, execution) in pool.run(&program, cases(10), &SHORT.into()) {
                let outcome = execution.result.unwrap();
                let n: i32 = case.id.parse().unwrap();
                if n % 5 != 1 {
                    assert_eq!(outcome, Outcome::Returned(Value::from(n)), "{isolation:?}: {code}: case {n}");
                } else if !code.starts_with("throw") {
                    let exceeded = Outcome::Exceeded(Exceeded::Wall(SHORT.wall));
                    assert_eq!(outcome, exceeded, "{isolation:?}: {code}");
                    assert!(execution.usage.wall >= SHORT.wall);
                }
            }
        }
    }
}

#[test]
fn a_program_that_is_endless_at_load_is_stopped() {
    let program = compile("function f() {}\nwhile (true);");
    let pool = Pool::new(&Engine::new().unwrap(), 1, Isolation::Realm).unwrap();
    let outcomes = pool.run(&program, cases(2), &SHORT.into()).map(|(_, execution)| execution.result.unwrap());
    let exceeded = Outcome::Exceeded(Exceeded::Wall(SHORT.wall));
    assert_eq!(outcomes.collect::<Vec<_>>(), [exceeded.clone(), exceeded]);
}

#[test]
fn a_condemned_isolate_takes_no_further_case() {
    let engine = Engine::new().unwrap();
    let mut isolate = Isolate::new(&engine, &Limits::default()).unwrap();
    let endless = compile("function f() { while (true); }");
    isolate.run(&endless, &[], &SHORT.into(), Isolation::Realm, &Cancellation::default()).result.unwrap();
    assert!(isolate.is_condemned());
    assert!(isolate.run(&endless, &[], &SHORT.into(), Isolation::Realm, &Cancellation::default()).result.is_err());
    drop(isolate);
    let clean = compile("function f() { return 1 }");
    let execution = Isolate::new(&engine, &Limits::default()).unwrap().run(
        &clean,
        &[],
        &SHORT.into(),
        Isolation::Realm,
        &Cancellation::default(),
    );
    assert_eq!(execution.result, Ok(returned("1")));
}

#[test]
fn results_come_in_case_order_from_many_threads_and_programs() {
    let pool = Pool::new(&Engine::new().unwrap(), 3, Isolation::Realm).unwrap();
    let plus = compile("function f(n) { return n + 1 }");
    let times = compile("function f(n) { return n * 2 }");
    // Two runs at a time, on the same isolates.
    let results = pool.run(&plus, cases(100), &Rules::default()).zip(pool.run(&times, cases(100), &Rules::default()));
    for (n, ((_, one), (_, two))) in results.enumerate() {
        let n = n as i32;
        assert_eq!(one.result, Ok(Outcome::Returned(Value::from(n + 1))));
        assert_eq!(two.result, Ok(Outcome::Returned(Value::from(n * 2))));
    }
}

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn a_run_that_is_dropped_stops_its_cases_and_the_pool_goes_on() {
    let endless = compile("function f(n) { if (n > 2) for (;;); return n }");
    let clean = compile("function f(n) { return n }");
    for isolation in ALL {
        let pool = Pool::new(&Engine::new().unwrap(), 2, isolation).unwrap();
        for _ in 0..3 {
            let mut run = pool.run(&endless, cases(100), &Limits::time(HOUR).into());
            assert_eq!(run.next().unwrap().1.result, Ok(returned("0")));
            drop(run);
            let results = pool.run(&clean, cases(50), &Rules::default());
            assert!(
                results.enumerate().all(|(n, (_, done))| done.result == Ok(Outcome::Returned(Value::from(n as i32))))
            );
        }
        // And so does what waits for the end of the pool.
        drop(pool.run(&endless, cases(100), &Limits::time(HOUR).into()));
    }
}

#[test]
fn a_run_is_cancelled_from_another_thread() {
    let endless = compile("async function f(n) { for (;;) await n }");
    let pool = Pool::new(&Engine::new().unwrap(), 2, Isolation::Realm).unwrap();
    let run = pool.run(&endless, cases(100), &Limits::time(HOUR).into());
    let cancellation = run.cancellation();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        cancellation.cancel();
    });
    let results: Vec<_> = run.map(|(_, done)| done.result).collect();
    canceller.join().unwrap();
    assert!(!results.is_empty() && results.len() < 100);
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|error| error.to_string() == "cancelled")));
}

#[test]
fn judging_fast_stops_at_the_first_case_that_fails_and_skips_the_rest() {
    let pool = Pool::new(&Engine::new().unwrap(), 2, Isolation::Realm).unwrap();
    let source = "function f(n) { if (n > 3) for (;;); return n === 3 ? null : n }".to_owned();
    let submission = Submission::new(source, Entry::function("f").unwrap());
    let cases: Vec<Arc<Case>> = (0..20)
        .map(|n| Arc::new(Case { id: n.to_string(), args: vec![Value::from(n)], expected: Value::from(n).into() }))
        .collect();
    let rules = Rules { fail_fast: true, ..Limits::time(HOUR).into() };
    let report = judge(&pool, &submission, &cases, &Checker::Exact, &rules).unwrap();
    let verdicts: Vec<&str> = report.cases.iter().map(|case| case.verdict.code()).collect();
    assert_eq!(verdicts, [vec!["AC"; 3], vec!["WA"], vec!["SK"; 16]].concat());
    assert_eq!((report.verdict.code(), report.rules), ("WA", rules));
}

#[test]
fn what_is_not_right_in_a_frozen_realm_is_run_again_in_a_fresh_one() {
    let pool = Pool::new(&Engine::new().unwrap(), 2, Isolation::Frozen).unwrap();
    let judged_by = |rules: Rules, source: &str, expected: fn(i32) -> i32| {
        let case =
            |n: i32| Case { id: n.to_string(), args: vec![Value::from(n)], expected: Value::from(expected(n)).into() };
        let cases: Vec<Arc<Case>> = (0..300).map(case).map(Arc::new).collect();
        let submission = Submission::new(source, Entry::function("f").unwrap());
        let report = judge(&pool, &submission, &cases, &Checker::Exact, &rules).unwrap();
        let not_right = report.cases.iter().filter(|case| case.verdict.code() != "AC");
        let not_right: Vec<_> = not_right.map(|case| format!("{} {}", case.id, case.verdict)).collect();
        (not_right, report.confirmation.unwrap())
    };
    let judged = |source: &str, expected| judged_by(SHORT.into(), source, expected);
    let (not_right, confirmation) = judged("function f(n) { return n * 2 }", |n| n * 2);
    assert_eq!((not_right, confirmation), (vec![], Confirmation::default()));

    let mistaken = "function f(n) { if (n === 7) throw n; while (n === 80); return n === 3 ? null : n }";
    let (not_right, confirmation) = judged(mistaken, |n| n);
    assert_eq!(not_right, ["3 WA", "7 RE", "80 TLE"]);
    assert_eq!(confirmation, Confirmation { again: 3, differing: 0, is_switched: false });

    // Breaking off one run does not stop the next.
    let late = "function f(n) { while (n % 2 && n < 8); return n }";
    let (not_right, confirmation) = judged(late, |n| n);
    assert_eq!(not_right, ["1 TLE", "3 TLE", "5 TLE", "7 TLE"]);
    assert_eq!(confirmation, Confirmation { again: 3, differing: 0, is_switched: true });
    let (not_right, confirmation) = judged_by(Rules { fail_fast: true, ..SHORT.into() }, mistaken, |n| n);
    assert_eq!((not_right.len(), &*not_right[0], &*not_right[1], confirmation.again), (297, "3 WA", "4 SK", 1));

    // Whatever comes of what a case leaves behind: the verdicts are those of fresh realms.
    let counting =
        "let count = 0; function f() { globalThis.seen = (globalThis.seen ?? 0) + 1; return ++count + seen }";
    assert_eq!(judged(counting, |_| 2).0, [""; 0]);
    let (not_right, confirmation) = judged(counting, |n| if n == 0 { 2 } else { 4 });
    assert_eq!(not_right, (1..300).map(|n| format!("{n} WA")).collect::<Vec<_>>());
    assert!(confirmation.again > 0, "{confirmation:?}");
}

#[test]
fn only_a_frozen_realms_outcomes_are_provisional() {
    for isolation in [Isolation::Realm, Isolation::Isolate, Isolation::Shared, Isolation::Frozen] {
        let pool = Pool::new(&Engine::new().unwrap(), 1, isolation).unwrap();
        let submission = Submission::new("function f() {}", Entry::function("f").unwrap());
        let Prepared::Ready(session) = pool.prepare(&submission, &Rules::default()).unwrap() else {
            panic!("it compiles");
        };
        assert_eq!(session.is_provisional(), isolation == Isolation::Frozen, "{isolation:?}");
    }
}

#[test]
fn nothing_is_left_of_a_pool_that_is_dropped_in_the_middle() {
    let count = |what: &str| std::fs::read_dir(format!("/proc/self/{what}")).unwrap().count();
    let endless = compile("function f(n) { if (n % 3) for (;;); return n }");
    let round = || {
        let pool = Pool::new(&Engine::new().unwrap(), 3, Isolation::Realm).unwrap();
        let mut run = pool.run(&endless, cases(1_000), &Limits::time(HOUR).into());
        run.next();
    };
    round();
    let (threads, files) = (count("task"), count("fd"));
    for _ in 0..20 {
        round();
    }
    // Other tests run beside this one: what leaks would be 80 threads.
    assert!(count("task") < threads + 40 && count("fd") < files + 40);
}

#[test]
fn a_stack_is_as_deep_as_its_limit() {
    let program = compile("function f() { let n = 0; try { (function g() { n++; g() })() } catch {} return n }");
    let depth = |stack| {
        let limits = Limits { stack, ..Limits::default() };
        let pool = Pool::new(&Engine::new().unwrap(), 1, Isolation::Realm).unwrap();
        match pool.run(&program, cases(1), &limits.into()).next().unwrap().1.result.unwrap() {
            Outcome::Returned(Value::Number(depth)) => depth,
            other => panic!("{other}"),
        }
    };
    let (small, usual, large) = (depth(Bytes::kib(128)), depth(Limits::default().stack), depth(Limits::MOST_STACK));
    assert!(small * 4.0 < usual && usual * 20.0 < large && large > 3e5, "{small}, {usual}, {large}");
}

#[test]
fn a_stack_limit_that_the_thread_has_not_is_refused() {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let limits = Limits { stack: Bytes::mib(4), ..Limits::default() };
    let refused = thread.spawn(move || Isolate::new(&Engine::new().unwrap(), &limits).err().unwrap().to_string());
    let message = refused.unwrap().join().unwrap();
    assert!(message.contains("of stack left, and a stack limit of 4 MiB needs 4608 KiB"), "{message}");
}

#[test]
fn an_isolate_that_cases_have_filled_for_good_is_replaced() {
    // What V8 keeps for as long as the isolate lives.
    let source = "function f(n) { for (let i = 0; i < 4e4; i++) Symbol.for(`${n}-${i}-${'x'.repeat(100)}`); return n }";
    let limits = Limits { heap: Bytes::mib(64), ..Limits::time(Duration::from_secs(60)) };
    let pool = Pool::new(&Engine::new().unwrap(), 1, Isolation::Realm).unwrap();
    for (n, (_, done)) in pool.run(&compile(source), cases(60), &limits.into()).enumerate() {
        assert_eq!(done.result, Ok(Outcome::Returned(Value::from(n as i32))), "{:?}", done.usage);
    }
}
