//! How long after its limit of processor time a case is over, by what it does meanwhile. In wall time that is an upper bound,
//! for a thread that had a processor to itself; its processor time is known to a millisecond, and may be that much too little.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::time::{Duration, Instant};

use deem_benches::{is_bench, rank};
use deem_core::{
    Bytes, Cancellation, Case, Engine, Entry, Exceeded, Isolate, Isolation, Limits, Outcome, Pool, Program,
};
use deem_core::{Rules, Submission, Value};

const LIMIT: Duration = Duration::from_millis(20);

const KINDS: [(&str, &str); 8] = [
    ("a loop", "function f() { for (;;); }"),
    ("a loop that catches", "function f() { for (;;) try { throw 1 } catch {} }"),
    ("a regular expression", r#"function f() { return /^(a+)+$/.test("a".repeat(50) + "b") }"#),
    ("garbage", "function f() { for (let list = []; ; list = []) for (let i = 0; i < 1e5; i++) list.push({ i }) }"),
    ("what is kept", "function f() { for (const list = []; ; ) list.push(Array(100).fill(list)) }"),
    ("promises", "async function f() { for (;;) await 0 }"),
    ("timers", "function f() { return new Promise(() => setInterval(() => {}, 1)) }"),
    ("big integers", "function f() { for (let n = 3n; ; n = n * n); }"),
];

fn main() {
    let engine = Engine::new().expect("V8 starts");
    // What a case keeps must not be too much before it has been too long.
    let limits = Limits { heap: Bytes::mib(1024), wall: Duration::from_secs(60), ..Limits::time(LIMIT) };
    let cases = if is_bench() { 300 } else { 1 };
    println!("after its limit of {LIMIT:?}, a case is over by (of {cases} each)");
    println!("{:22} {:>29} {:>29}", "", "wall time: p50, p99, most", "processor time");
    for (name, source) in KINDS {
        let program = compile(&engine, source);
        let [mut wall, mut cpu] = [const { Vec::new() }; 2];
        for _ in 0..cases {
            let mut isolate = Isolate::new(&engine, &limits).expect("an isolate");
            let (rules, cancellation) = (Rules::from(limits), Cancellation::default());
            let execution = isolate.run(&program, &[], &rules, Isolation::Realm, &cancellation);
            assert_eq!(execution.result, Ok(Outcome::Exceeded(Exceeded::Cpu(LIMIT))), "{name}");
            wall.push(execution.usage.wall.saturating_sub(LIMIT));
            cpu.push(execution.usage.cpu.expect("a thread has a clock").saturating_sub(LIMIT));
        }
        let shown = [wall, cpu].map(|over| [0.5, 0.99, 1.0].map(|quantile| format!("{:.2?}", rank(&over, quantile))));
        let [[p50, p99, most], [cpu_p50, cpu_p99, cpu_most]] = &shown;
        println!("{name:22} {p50:>9} {p99:>9} {most:>9} {cpu_p50:>9} {cpu_p99:>9} {cpu_most:>9}");
    }
    cancelled(&engine, cases);
}

fn compile(engine: &Engine, source: &str) -> Program {
    let submission = Submission::new(source, Entry::function("f").expect("a name"));
    engine.compile(&submission).expect("the program compiles")
}

/// Runs of endless cases, on all processors.
fn cancelled(engine: &Engine, runs: usize) {
    let threads = Pool::default_threads();
    let pool = Pool::new(engine, threads, Isolation::Realm).expect("threads");
    let program = compile(engine, "function f() { for (;;); }");
    let endless = || Case { id: String::new(), args: Vec::new(), expected: Value::Undefined.into() };
    let taken: Vec<Duration> = (0..runs)
        .map(|_| {
            let run = pool.run(&program, (0..threads).map(|_| endless().into()), &Rules::default());
            let cancellation = run.cancellation();
            std::thread::scope(|scope| {
                let cancelled_at = scope.spawn(move || {
                    std::thread::sleep(LIMIT);
                    let at = Instant::now();
                    cancellation.cancel();
                    at
                });
                assert!(run.into_iter().all(|(_, execution)| execution.result.is_err()));
                let over = Instant::now();
                over - cancelled_at.join().expect("it has cancelled")
            })
        })
        .collect();
    let [p50, p99, most] = [0.5, 0.99, 1.0].map(|quantile| rank(&taken, quantile));
    println!(
        "after it is cancelled, a run of {threads} endless cases is over within {p50:.2?}, p99 {p99:.2?}, at most {most:.2?}"
    );
}
