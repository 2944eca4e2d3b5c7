//! Limits, and what a pool is after them.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{compile, returned};
use deem_core::{
    Cancellation, Case, Engine, ErrorKind, Exceeded, Isolate, Isolation, Limits, Outcome, Pool, Rules, Value,
};

fn cases(count: i32) -> impl Iterator<Item = Arc<Case>> {
    (0..count).map(|n| Arc::new(Case { id: n.to_string(), args: vec![Value::from(n)], expected: Value::Undefined }))
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
fn a_thread_has_one_isolate_at_a_time() {
    let engine = Engine::new().unwrap();
    let first = Isolate::new(&engine, &Limits::default()).unwrap();
    let second = Isolate::new(&engine, &Limits::default());
    assert_eq!(second.err().map(|error| error.kind()), Some(ErrorKind::Isolate));
    drop(first);
    assert!(Isolate::new(&engine, &Limits::default()).is_ok());
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

#[test]
fn an_engine_works_on_any_thread() {
    // Threads older than V8's start, where this is the first test to start it.
    let threads: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(|| common::outcome("function f() { return [1, 2].map((n) => n * 2) }")))
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), returned("[2,4]"));
    }
}
