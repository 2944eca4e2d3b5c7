//! What a second thread brings: cases on a pool of one and of two threads, whose reports a third one takes; and threads that do
//! nothing but call the same function in an isolate each, which is what the machine has to give. By the clock, in turns.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use deem_benches::{SUM, case, is_bench, is_right, rank, sum};
use deem_core::{Engine, Isolation, Pool, Rules};

use bare::Bare;

#[expect(dead_code, reason = "another bench looks into its isolate")]
mod bare;

/// How long so many calls take threads that share them.
fn bare(threads: u32, calls: u32) -> Duration {
    let (each, ready) = (calls / threads, Barrier::new(threads as usize));
    let work = || {
        let mut bare = Bare::new(SUM, "sum");
        let mut call = || assert_eq!(bare.call::<20>(), 210.0);
        (0..each).for_each(|_| call()); // meanwhile V8 compiles
        ready.wait();
        let started = Instant::now();
        (0..each).for_each(|_| call());
        started.elapsed()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("the sums are right")).max().unwrap_or_default()
    })
}

/// How long so many cases take a pool.
fn pool(engine: &Engine, isolation: Isolation, threads: u32, cases: u32) -> Result<Duration> {
    let pool = Pool::new(engine, threads as usize, isolation)?;
    let (program, case, rules) = (sum(engine)?, Arc::new(case(20)), Rules::default());
    let run = || {
        for (case, execution) in pool.run(&program, std::iter::repeat_n(case.clone(), cases as usize), &rules) {
            assert!(is_right(&case, &execution), "{execution:?}");
        }
    };
    run();
    let started = Instant::now();
    run();
    Ok(started.elapsed())
}

fn main() -> Result<()> {
    let engine = Engine::new()?;
    sum(&engine)?; // deem's snapshot is made before there is an isolate of another one
    let (rounds, many, few) = if is_bench() { (15, 400_000, 2_000) } else { (1, 2, 2) };
    let mut rows = [("bare calls", Vec::new()), ("deem, frozen", Vec::new()), ("deem, realm per case", Vec::new())];
    for _ in 0..rounds {
        let times = [
            [bare(1, 4 * many), bare(2, 4 * many)],
            [pool(&engine, Isolation::Frozen, 1, many)?, pool(&engine, Isolation::Frozen, 2, many)?],
            [pool(&engine, Isolation::Realm, 1, few)?, pool(&engine, Isolation::Realm, 2, few)?],
        ];
        for ((_, gains), [one, two]) in rows.iter_mut().zip(times) {
            gains.push(one.div_duration_f64(two));
        }
    }
    println!("how much faster two threads are than one, quartiles of {rounds} rounds in turns:");
    for (name, gains) in rows {
        println!("  {name:20} {:.2} {:.2} {:.2}", rank(&gains, 0.25), rank(&gains, 0.5), rank(&gains, 0.75));
    }
    Ok(())
}
