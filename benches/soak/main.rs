//! Streams cases through a pool, and watches its memory: cases that leave behind what they can, with endless ones and
//! such that exhaust memory among them. `just soak` runs it.
#![expect(clippy::print_stdout, reason = "this is a binary")]

mod cases;
mod memory;
mod pool;

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use deem_core::workers::Workers;
use deem_core::{Bytes, Engine, Entry, Isolation, Pool, Submission};

use memory::{Seen, Third, resident};
use pool::{Job, Watched};

/// Streams cases through a pool, prints what memory it has, and says whether that is flat.
///
/// Exit codes: 0 flat; 1 it grew, or a case had another outcome than it must have; 2 an argument is wrong.
#[derive(Parser)]
struct Cli {
    /// How many cases.
    #[arg(default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(60..))]
    cases: u64,
    /// What is fresh for each case.
    #[arg(long, value_enum, default_value_t = Level::Realm)]
    isolation: Level,
    /// One case in so many is stopped, and its isolate replaced; 0: none, so that isolates grow old.
    #[arg(long, default_value_t = 25_000)]
    stop: u64,
    /// How many cases run at a time; one for each processor, if not said.
    #[arg(long)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    Realm,
    Isolate,
    Shared,
}

fn main() -> Result<ExitCode> {
    let Cli { cases, isolation, stop, threads } = Cli::parse();
    let isolation = match isolation {
        Level::Realm => Isolation::Realm,
        Level::Isolate => Isolation::Isolate,
        Level::Shared => Isolation::Shared,
    };
    let engine = Engine::new()?;
    let submission = Submission::new(cases::PROGRAM, Entry::function("f")?);
    let job = Job { program: engine.compile(&submission)?, rules: cases::limits().into() };
    let seen = Arc::new(Mutex::new(Seen::default()));
    let of_workers = seen.clone();
    let make = move || Watched::new(&engine, isolation, of_workers.clone());
    let threads = threads.unwrap_or_else(Pool::default_threads);
    let workers = Workers::start("soak", threads, 32, make, || ())?;

    println!("heap and contexts: the least and the most of any isolate after any case since the line before");
    println!(
        "{:>9}  {:>9}  {:>17}  {:>13}  {:>8}  {:>8}  {:>7}",
        "cases", "RSS", "heap", "contexts", "detached", "isolates", "cases/s"
    );
    let every = (cases / 20).clamp(1, 50_000);
    let mut samples = Vec::new();
    let mut wrong = 0;
    let mut since = Instant::now();
    for (done, (case, execution)) in (1..).zip(workers.run(job, (0..cases).map(|n| Arc::new(cases::case(n, stop))))) {
        if !cases::is_as_expected(&case, &execution) {
            wrong += 1;
            println!("case {}: {:?}", case.id, execution.result);
        }
        if done % every.div_ceil(100) == 0 {
            samples.push(resident()?);
        }
        if done % every == 0 {
            let Seen { heap, contexts, detached, isolates } = Seen::take(&seen);
            let rate = every as f64 / since.elapsed().as_secs_f64();
            since = Instant::now();
            println!(
                "{done:9}  {:>9}  {:>17}  {:>13}  {detached:8}  {isolates:8}  {rate:7.0}",
                mib(resident()?.0),
                format!("{}, {}", mib(heap.least), mib(heap.most)),
                format!("{}, {}", contexts.least, contexts.most),
            );
        }
    }
    let [middle, last] = [Third::Middle, Third::Last].map(|third| third.median(&samples));
    let grew = last.0.saturating_sub(middle.0);
    let is_flat = grew <= middle.0 / 10 || grew <= Bytes::mib(20).0;
    let (verdict, middle, last) = (if is_flat { "flat" } else { "NOT flat" }, mib(middle.0), mib(last.0));
    println!("RSS is {verdict}: {middle} in the middle third, and {last} in the last (medians)");
    println!("{wrong} of {cases} cases had another outcome than they must have");
    Ok(if is_flat && wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn mib(bytes: usize) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
