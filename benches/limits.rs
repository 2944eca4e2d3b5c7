//! What limits cost a case: all of them beside a bare call of the same function in V8, and one by one. In processor time.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group};
use deem_benches::{SUM, case, is_bench, rank, sum};
use deem_core::{Cancellation, Engine, Entry, Isolate, Isolation, Limits, Outcome, Rules, Submission, Value};

use bare::Bare;
use in_turns::{Call, in_turns};
use rounds::Watchdog;
use thread_time::ThreadTime;

mod bare;
mod in_turns;
mod thread_time;
// The watchdog's own source: from outside of deem it is not to be had without a case.
#[path = "../crates/core/src/watchdog/post.rs"]
mod post;
#[path = "../crates/core/src/watchdog/rounds.rs"]
mod rounds;
#[path = "../crates/core/src/sync.rs"]
mod sync;

/// Calls the program's function `f` with these arguments, as a case each time.
fn calls(source: &str, args: Vec<Value>, isolation: Isolation) -> Call {
    let engine = Engine::new().expect("V8 starts");
    let submission = Submission::new(source, Entry::function("f").expect("a name"));
    let program = engine.compile(&submission).expect("the program compiles");
    let mut isolate = Isolate::new(&engine, &Limits::default()).expect("an isolate");
    let (rules, cancellation) = (Rules::default(), Cancellation::default());
    Box::new(move || {
        let execution = isolate.run(&program, &args, &rules, isolation, &cancellation);
        assert!(matches!(execution.result, Ok(Outcome::Returned(_))), "{:?}", execution.result);
    })
}

fn bare_sum() -> Call {
    let mut bare = Bare::new(SUM, "sum");
    Box::new(move || assert_eq!(bare.call::<20>(), 210.0))
}

fn shared_sum() -> Call {
    let engine = Engine::new().expect("V8 starts");
    let (program, case) = (sum(&engine).expect("the program compiles"), case(20));
    let mut isolate = Isolate::new(&engine, &Limits::default()).expect("an isolate");
    let (rules, cancellation) = (Rules::default(), Cancellation::default());
    Box::new(move || {
        let execution = isolate.run(&program, &case.args, &rules, Isolation::Shared, &cancellation);
        assert!(deem_benches::is_right(&case, &execution), "{execution:?}");
    })
}

/// What is done for every case.
fn always(criterion: &mut Criterion<ThreadTime>) {
    Engine::new().expect("V8 starts");
    let mut group = criterion.benchmark_group("every case");
    let watchdog = Watchdog::start().expect("a thread");
    let post = watchdog.post(thread_time::now, || ());
    let (limits, cancellation) = (Limits::default(), Cancellation::default());
    group.bench_function("watchdog: arm and disarm", |bencher| {
        bencher.iter(|| post.arm(Instant::now(), &limits, &cancellation).disarm(Instant::now()));
    });
    group.bench_function("of that, the two readings of the time", |bencher| {
        bencher.iter(|| (Instant::now(), Instant::now()));
    });
    let mut shared = shared_sum();
    group.bench_function("a sum of 20 integers, shared", |bencher| bencher.iter(&mut shared));
    drop(shared);
    let mut bare = Bare::new(SUM, "sum");
    group.bench_function("a bare call of that", |bencher| bencher.iter(|| bare.call::<20>()));
    group.bench_function("a bare call, and statistics of the heap", |bencher| {
        bencher.iter(|| (bare.call::<20>(), bare.isolate().get_heap_statistics().used_heap_size()));
    });
    group.finish();
}

const NOTHING: &str = "function f() {}";
const BUFFERS: &str = "function f() { for (let i = 0; i < 100; i++) new ArrayBuffer(1024); return 0 }";

/// What only cases pay that ask for it.
fn on_demand(criterion: &mut Criterion<ThreadTime>) {
    let asks = [
        ("nothing", NOTHING),
        ("a random number", "function f() { Math.random() }"),
        ("a line on the console", "function f() { console.log('a line') }"),
        ("100 lines on the console", "function f() { for (let i = 0; i < 100; i++) console.log('a line') }"),
        ("a promise", "async function f() {}"),
        ("a timer", "function f() { return new Promise((done) => setTimeout(done, 1)) }"),
    ];
    for (level, isolation) in [("shared", Isolation::Shared), ("realm", Isolation::Realm)] {
        let mut group = criterion.benchmark_group(format!("a case, {level}, that asks for"));
        for (name, source) in asks {
            let mut call = calls(source, Vec::new(), isolation);
            group.bench_function(name, |bencher| bencher.iter(&mut call));
        }
        group.finish();
    }
    let mut group = criterion.benchmark_group("array buffers of 1 KiB");
    group.throughput(Throughput::Elements(100));
    {
        let mut bare = Bare::new(BUFFERS, "f");
        group.bench_function("without a budget", |bencher| bencher.iter(|| bare.call::<0>()));
    }
    let mut call = calls(BUFFERS, Vec::new(), Isolation::Shared);
    group.bench_function("with one", |bencher| bencher.iter(&mut call));
    group.finish();
}

/// How many times as much as a bare call a case may cost that shares all that it can.
const GOAL: f64 = 3.0;

fn ratio() {
    let engine = Engine::new().expect("V8 starts");
    sum(&engine).expect("deem's snapshot is made before there is an isolate of another one");
    let empty = || calls(NOTHING, Vec::new(), Isolation::Shared);
    let (rounds, each) = if is_bench() { (30, 50_000) } else { (1, 1) };
    let taken = in_turns([bare_sum, shared_sum, empty], rounds, each);
    let [bare, shared, empty] = taken.each_ref().map(|times| rank(times, 0.5));
    let ratios: Vec<f64> =
        taken[1].iter().zip(&taken[0]).map(|(shared, bare)| shared.div_duration_f64(*bare)).collect();
    let ratio = rank(&ratios, 0.5);
    let met = if ratio <= GOAL { "met" } else { "missed" };
    println!("the sum of 20 integers, medians of {rounds} rounds, in turns:");
    println!("  bare call             {bare:?}");
    println!("  deem, shared          {shared:?}: {ratio:.2} times as much; the goal, {GOAL} times at most, is {met}");
    println!("  deem, an empty case   {empty:?}");
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadTime::NEW);
    targets = always, on_demand
}

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    ratio();
}
