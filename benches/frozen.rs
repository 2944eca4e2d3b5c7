//! The frozen realm: what a case in it costs over a bare call, beside a shared and a fresh realm; what it takes to make; and
//! what code gains that stays compiled from case to case. In processor time.
#![expect(clippy::print_stdout, reason = "this is a program")]

use criterion::{Criterion, criterion_group};
use deem_benches::{SUM, case, is_bench, rank, sum};
use deem_core::{Cancellation, Engine, Entry, Isolate, Isolation, Limits, Outcome, Rules, Submission, Value};

use bare::Bare;
use in_turns::{Call, in_turns};
use thread_time::ThreadTime;

#[expect(dead_code, reason = "another bench looks into its isolate")]
mod bare;
mod in_turns;
mod thread_time;

/// Calls the program's function `f` with these arguments, as a case each time, from a seed that is the call's.
fn calls(source: &str, args: Vec<Value>, isolation: Isolation, seed: impl Fn(u64) -> u64 + 'static) -> Call {
    let engine = Engine::new().expect("V8 starts");
    let submission = Submission::new(source, Entry::function("f").expect("a name"));
    let program = engine.compile(&submission).expect("the program compiles");
    let mut isolate = Isolate::new(&engine, &Limits::default()).expect("an isolate");
    let cancellation = Cancellation::default();
    let mut number = 0;
    Box::new(move || {
        number += 1;
        let rules = Rules { seed: seed(number), ..Rules::default() };
        let execution = isolate.run(&program, &args, &rules, isolation, &cancellation);
        assert!(matches!(execution.result, Ok(Outcome::Returned(_))), "{:?}", execution.result);
    })
}

fn sums(isolation: Isolation) -> Call {
    let engine = Engine::new().expect("V8 starts");
    let (program, case) = (sum(&engine).expect("the program compiles"), case(20));
    let mut isolate = Isolate::new(&engine, &Limits::default()).expect("an isolate");
    let (rules, cancellation) = (Rules::default(), Cancellation::default());
    Box::new(move || {
        let execution = isolate.run(&program, &case.args, &rules, isolation, &cancellation);
        assert!(deem_benches::is_right(&case, &execution), "{execution:?}");
    })
}

const PRIMES: &str = "function f(most) {
  const isComposite = new Array(most + 1).fill(false);
  let count = 0;
  for (let n = 2; n <= most; n++) {
    if (isComposite[n]) continue;
    count++;
    for (let m = n * n; m <= most; m += n) isComposite[m] = true;
  }
  return count;
}";
const DISTANCE: &str = "function f(length) {
  const one = Array.from({ length }, (_, i) => (i * 7919) % 26), other = one.map((c, i) => (c + i) % 26);
  let before = Array.from({ length: length + 1 }, (_, i) => i);
  for (let i = 1; i <= length; i++) {
    const row = [i];
    for (let j = 1; j <= length; j++) {
      row.push(Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    before = row;
  }
  return before[length];
}";

fn parts(criterion: &mut Criterion<ThreadTime>) {
    let asks = [
        ("nothing", "function f() {}"),
        ("a class of its own", "class A { #x = 1; x() { return this.#x } } function f() { return new A().x() }"),
        ("an error's name", "function f() { try { null.x } catch (error) { return error.name } }"),
        ("a matched expression", "function f() { return /(b+)/.exec('abbc')[1] }"),
        ("a variable that is not declared", "function f() { for (i = 0; i < 3; i++); return i }"),
        ("a property that is defined", "function f() { return Object.defineProperty({}, 'x', { value: 1 }).x }"),
        ("a random number", "function f() { return Math.random() }"),
        ("a line on the console", "function f() { console.log('a line') }"),
    ];
    let mut group = criterion.benchmark_group("a case, frozen, that has");
    for (name, source) in asks {
        let mut call = calls(source, Vec::new(), Isolation::Frozen, |_| 0);
        group.bench_function(name, |bencher| bencher.iter(&mut call));
    }
    {
        // With every other seed there is another realm.
        let mut call = calls(asks[0].1, Vec::new(), Isolation::Frozen, |number| number % 2);
        group.bench_function("a new frozen realm", |bencher| bencher.iter(&mut call));
    }
    group.finish();

    for (name, source, size) in [("primes", PRIMES, 20_000), ("distance", DISTANCE, 100)] {
        let mut group = criterion.benchmark_group(format!("a case that computes, {name}"));
        for (level, isolation) in
            [("realm", Isolation::Realm), ("frozen", Isolation::Frozen), ("shared", Isolation::Shared)]
        {
            let mut call = calls(source, vec![Value::from(size)], isolation, |_| 0);
            group.bench_function(level, |bencher| bencher.iter(&mut call));
        }
        group.finish();
    }
}

fn ratio() {
    let engine = Engine::new().expect("V8 starts");
    sum(&engine).expect("deem's snapshot is made before there is an isolate of another one");
    let bare = || -> Call {
        let mut bare = Bare::new(SUM, "sum");
        Box::new(move || assert_eq!(bare.call::<20>(), 210.0))
    };
    let (shared, frozen) = (|| sums(Isolation::Shared), || sums(Isolation::Frozen));
    let (rounds, each) = if is_bench() { (30, 20_000) } else { (1, 1) };
    let [bare, shared, frozen] = in_turns([bare, shared, frozen], rounds, each).map(|taken| rank(&taken, 0.5));
    let (rounds, each) = if is_bench() { (30, 500) } else { (1, 1) };
    let [realm, among] =
        in_turns([|| sums(Isolation::Realm), frozen_again], rounds, each).map(|taken| rank(&taken, 0.5));
    println!("the sum of 20 integers, medians of {rounds} rounds, in turns:");
    println!("  bare call       {bare:?}");
    println!("  deem, shared    {shared:?}");
    println!("  deem, frozen    {frozen:?}: {:?} over a bare call", frozen.saturating_sub(bare));
    println!("and in turns of {each} cases:");
    println!("  deem, realm     {realm:?}");
    println!("  deem, frozen    {among:?}: {:.0} times cheaper", realm.div_duration_f64(among));
}

fn frozen_again() -> Call {
    sums(Isolation::Frozen)
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ThreadTime::NEW);
    targets = parts
}

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    ratio();
}
