//! What a condemned isolate costs: the time until its successor has run a case, and what the clean cases of a pool notice.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use deem_benches::{is_bench, rank};
use deem_core::workers::{Worker, Workers};
use deem_core::{Cancellation, Case, Engine, Entry, Exceeded, Isolate, Isolation, Limits, Outcome, Pool, Program};
use deem_core::{Execution, Rules, Submission, Value};

/// With 0 it is a clean case, with another number it is busy for so many turns, and with a negative one it is endless.
const SOURCE: &str = "function f(turns) {
  let x = 0;
  if (turns < 0) for (;;) x = (x * 31 + 1) | 0;
  for (let i = 0; i < turns; i++) x = (x * 31 + i) | 0;
  return x;
}";

/// More than a case takes in which V8 collects garbage: a clean case must not be condemned.
const LIMIT: Duration = Duration::from_millis(5);

fn main() {
    let engine = Engine::new().expect("V8 starts");
    let submission = Submission::new(SOURCE, Entry::function("f").expect("a name"));
    let program = engine.compile(&submission).expect("the program compiles");
    alone(&engine, &program);
    handed_over(&engine, &program);
    let turns = turns(&engine, &program);
    println!("\nclean cases/s of a pool, and the p99 of their own wall time; medians of rounds, in turns");
    println!(
        "{:>7} {:>5}  {:>19}  {:>19}  {:>19}",
        "threads", "every", "clean", "busy for as long", "endless, condemned"
    );
    let most = Pool::default_threads();
    for threads in if most == 1 { vec![1] } else { vec![1, most] } {
        for every in [100, 10] {
            in_pool(&engine, &program, threads, every, turns);
        }
    }
}

/// Busy cases are not to be condemned.
fn rules(turns: f64) -> Rules {
    Limits::time(if turns < 0.0 { LIMIT } else { 100 * LIMIT }).into()
}

fn run(isolate: &mut Isolate, program: &Program, turns: f64) -> Duration {
    let args = [Value::from(turns)];
    let execution = isolate.run(program, &args, &rules(turns), Isolation::Realm, &Cancellation::default());
    assert_eq!(execution.result == Ok(Outcome::Exceeded(Exceeded::Cpu(LIMIT))), turns < 0.0, "{:?}", execution.result);
    execution.usage.cpu.expect("a thread has a clock")
}

fn alone(engine: &Engine, program: &Program) {
    println!("an isolate is replaced, on an otherwise idle thread: medians, p99");
    for (name, before) in [("after one case", 0), ("after 500 cases", 500)] {
        let mut taken = [const { Vec::new() }; 4];
        for _ in 0..if is_bench() { 100 } else { 1 } {
            let mut isolate = Isolate::new(engine, &Limits::default()).expect("an isolate");
            for _ in 0..before {
                run(&mut isolate, program, 0.0);
            }
            run(&mut isolate, program, -1.0);
            assert!(isolate.is_condemned());
            let condemned = Instant::now();
            drop(isolate);
            let dropped = Instant::now();
            let mut isolate = Isolate::new(engine, &Limits::default()).expect("an isolate");
            let made = Instant::now();
            run(&mut isolate, program, 0.0);
            let ran = Instant::now();
            let times = [dropped - condemned, made - dropped, ran - made, ran - condemned];
            taken.iter_mut().zip(times).for_each(|(taken, time)| taken.push(time));
        }
        let shown = taken.map(|times| format!("{:.1?}, {:.1?}", rank(&times, 0.5), rank(&times, 0.99)));
        let [dropped, made, first, all] = &shown;
        println!("  {name:16} drop {dropped}; make {made}; first case {first}; all {all}");
    }
}

/// What a pool has on each thread, but that it notes when each case began and ended.
struct Noting {
    engine: Engine,
    isolate: Option<Isolate>,
    notes: Arc<Mutex<Vec<[Instant; 2]>>>,
}

impl Worker for Noting {
    type Job = Program;

    fn prepare(&mut self, _: &Program) {
        self.isolate.get_or_insert_with(|| Isolate::new(&self.engine, &Limits::default()).expect("an isolate"));
    }

    fn run(&mut self, program: &Program, case: &Case, cancellation: &Cancellation) -> Execution {
        let began = Instant::now();
        let isolate = self.isolate.as_mut().expect("it was prepared");
        let execution = isolate.run(program, &case.args, &rules(-1.0), Isolation::Realm, cancellation);
        self.notes.lock().expect("nobody panics").push([began, Instant::now()]);
        execution
    }

    fn is_spent(&self) -> bool {
        self.isolate.as_ref().is_some_and(Isolate::is_condemned)
    }
}

/// How long it takes, where one case runs at a time, from a case that condemns its isolate to the next one.
fn handed_over(engine: &Engine, program: &Program) {
    let cases = if is_bench() { 10_000 } else { 200 };
    for every in [100, 10] {
        let notes = Arc::new(Mutex::new(Vec::new()));
        let (engine, of_workers) = (engine.clone(), notes.clone());
        let make = move || Noting { engine: engine.clone(), isolate: None, notes: of_workers.clone() };
        let workers = Workers::start("noting", 1, 32, make, || ()).expect("threads");
        let of = |n| case(if n % every == 0 { -1.0 } else { 0.0 });
        workers.run(program.clone(), (1..=cases).map(of)).for_each(drop);
        let notes = notes.lock().expect("nobody panics");
        let gaps = |after_endless: bool| -> Vec<Duration> {
            let pairs = (1..).zip(notes.windows(2)).filter(|(n, _)| (n % every == 0) == after_endless);
            pairs.map(|(_, pair)| pair[1][0].saturating_duration_since(pair[0][1])).collect()
        };
        let [p50, p90, p99] = [0.5, 0.9, 0.99].map(|quantile| rank(&gaps(true), quantile));
        println!(
            "every {every:3} condemns its isolate: the next case begins after {p50:.1?}, p90 {p90:.1?}, p99 {p99:.1?}"
        );
        println!("{:36} after others: {:.1?}", "", rank(&gaps(false), 0.5));
    }
}

fn case(turns: f64) -> Arc<Case> {
    Arc::new(Case { id: String::new(), args: vec![turns.into()], expected: Value::Null.into() })
}

/// For how many turns a case is busy for about as long as an endless one is let run.
fn turns(engine: &Engine, program: &Program) -> f64 {
    let mut isolate = Isolate::new(engine, &Limits::default()).expect("an isolate");
    let mut busy = |turns: f64| {
        let times: Vec<Duration> = (0..20).map(|_| run(&mut isolate, program, turns)).collect();
        rank(&times, 0.5)
    };
    let mut turns = 10_000.0;
    while busy(turns) < LIMIT {
        turns *= 1.05;
    }
    println!("\nbusy: {turns:.0} turns of a loop, {:.1?}; endless: stopped after {LIMIT:?}", busy(turns));
    turns
}

fn in_pool(engine: &Engine, program: &Program, threads: usize, every: usize, turns: f64) {
    let (rounds, cases) = if is_bench() { (7, 2_000) } else { (1, every) };
    let pool = Pool::new(engine, threads, Isolation::Realm).expect("threads");
    let mut seen = [const { (Vec::new(), Vec::new()) }; 3];
    for round in 0..=rounds {
        for ((rates, walls), special) in seen.iter_mut().zip([0.0, turns, -1.0]) {
            let (rules, clean, special) = (rules(special), case(0.0), case(special));
            let stream = (1..=cases).map(|n| if n % every == 0 { special.clone() } else { clean.clone() });
            let started = Instant::now();
            let mut clean_walls = Vec::new();
            for (case, execution) in pool.run(program, stream, &rules) {
                if Arc::ptr_eq(&case, &clean) {
                    assert!(matches!(execution.result, Ok(Outcome::Returned(_))), "{:?}", execution.result);
                    clean_walls.push(execution.usage.wall);
                }
            }
            if round > 0 {
                rates.push((cases - cases / every) as f64 / started.elapsed().as_secs_f64());
                walls.extend(clean_walls);
            }
        }
    }
    print!("{threads:7} {every:5}");
    for (rates, walls) in &seen {
        print!("  {:9.0} {:>9}", rank(rates, 0.5), format!("{:.2?}", rank(walls, 0.99)));
    }
    println!();
}
