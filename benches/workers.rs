//! What a sandbox's workers cost before there is a case: started for a submission that waits, or ready before; and in memory.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::time::{Duration, Instant};

use deem_benches::{SUM, children, is_bench, rank};
use deem_core::{Entry, Executor as _, Prepared, Rules, Submission};
use deem_sandbox::{Sandbox, Walls, serve_if_worker};

fn main() {
    serve_if_worker();
    let times = if is_bench() { 30 } else { 1 };
    let submission = Submission { source: SUM.to_owned(), entry: Entry::function("sum").expect("a name") };
    let prepared = |sandbox: &Sandbox| {
        let started = Instant::now();
        let prepared = sandbox.prepare(&submission, &Rules::default()).expect("workers start");
        assert!(matches!(prepared, Prepared::Ready(_)));
        started.elapsed()
    };
    let [mut cold, mut warm] = [const { Vec::new() }; 2];
    for _ in 0..times {
        let started = Instant::now();
        let sandbox = Sandbox::new(1, Walls::AsPossible).expect("a thread");
        prepared(&sandbox);
        cold.push(started.elapsed());
        std::thread::sleep(Duration::from_millis(300)); // until others are ready
        warm.push(prepared(&sandbox));
    }
    println!("until a submission is compiled in a worker, of {times}: median, p99");
    for (name, taken) in [("the worker is started for it", cold), ("the worker was ready", warm)] {
        println!("  {name:30} {:.2?}, {:.2?}", rank(&taken, 0.5), rank(&taken, 0.99));
    }
    let sandbox = Sandbox::new(1, Walls::AsPossible).expect("a thread");
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
}
