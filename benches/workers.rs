//! What a sandbox's workers cost before there is a case: started for a submission that waits, or ready before; and in memory. And how
//! long after its limit a case is over there.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deem_benches::{SUM, children, is_bench, rank};
use deem_core::{
    Case, Engine, Entry, Exceeded, Execution, Executor as _, Limits, Outcome, Prepared, Rules, Submission, Value,
};
use deem_sandbox::{Sandbox, Settings, Walls, serve_if_worker};

fn main() {
    serve_if_worker();
    let times = if is_bench() { 30 } else { 1 };
    let submission = Submission::new(SUM, Entry::function("sum").expect("a name"));
    let prepared = |sandbox: &Sandbox| {
        let started = Instant::now();
        let prepared = sandbox.prepare(&submission, &Rules::default()).expect("workers start");
        assert!(matches!(prepared, Prepared::Ready(_)));
        started.elapsed()
    };
    let engine = Engine::new().expect("V8 starts");
    let [mut cold, mut warm, mut here] = [const { Vec::new() }; 3];
    for _ in 0..times {
        let started = Instant::now();
        let sandbox = Sandbox::start(&Settings { threads: 1, walls: Walls::AsPossible, ..Settings::default() })
            .expect("a thread");
        prepared(&sandbox);
        cold.push(started.elapsed());
        std::thread::sleep(Duration::from_millis(300)); // until others are ready
        warm.push(prepared(&sandbox));
        let started = Instant::now();
        engine.compile(&submission).expect("it compiles");
        here.push(started.elapsed());
    }
    println!("until a submission is compiled, of {times}: median, p99");
    let all = [("a worker is started for it", cold), ("a worker was ready", warm), ("here, without a worker", here)];
    for (name, taken) in all {
        println!("  {name:30} {:.2?}, {:.2?}", rank(&taken, 0.5), rank(&taken, 0.99));
    }
    let sandbox =
        Sandbox::start(&Settings { threads: 1, walls: Walls::AsPossible, ..Settings::default() }).expect("a thread");
    for missing in sandbox.missing().expect("workers start") {
        println!("without {:?}: {}", missing.layer, missing.why);
    }
    std::thread::sleep(Duration::from_millis(300));
    let memory = |field: &str| -> Vec<u64> {
        let of = |status: &str| {
            status.lines().find_map(|line| line.strip_prefix(field)?.split_whitespace().nth(1)?.parse().ok())
        };
        children().iter().filter_map(|pid| of(&std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?)).collect()
    };
    let [all, own] = ["VmRSS", "RssAnon"].map(|field| rank(&memory(field), 0.5));
    println!(
        "a worker that waits has {all} KiB of memory, {own} KiB of which are its own (the rest is the program's file)"
    );
    overshoot(&sandbox);
}

const LIMIT: Duration = Duration::from_millis(20);

fn overshoot(sandbox: &Sandbox) {
    let cases = if is_bench() { 100 } else { 1 };
    println!(
        "after its limit of {LIMIT:?} of processor time, a case is over by, in wall time, of {cases}: median, p99"
    );
    for (name, source) in [
        ("a loop", "function f() { for (;;); }"),
        ("what nothing interrupts", "function f() { [].forEach.call({ length: 2 ** 53 - 1 }, () => {}) }"),
    ] {
        let submission = Submission::new(source, Entry::function("f").expect("a name"));
        let rules = Rules::from(Limits { wall: Duration::from_secs(60), ..Limits::time(LIMIT) });
        let Ok(Prepared::Ready(mut session)) = sandbox.prepare(&submission, &rules) else { panic!("it compiles") };
        let mut over = Vec::new();
        let mut all =
            (0..cases).map(|n| Arc::new(Case { id: n.to_string(), args: Vec::new(), expected: Value::Null.into() }));
        session.run(&mut all, &mut |_: Arc<Case>, Execution { result, usage, .. }| {
            assert_eq!(result, Ok(Outcome::Exceeded(Exceeded::Cpu(LIMIT))), "{name}");
            over.push(usage.wall.saturating_sub(LIMIT));
            ControlFlow::Continue(())
        });
        println!("  {name:30} {:.2?}, {:.2?}", rank(&over, 0.5), rank(&over, 0.99));
    }
}
