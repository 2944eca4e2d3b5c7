//! Kills and halts a sandbox's workers at random while they run cases, and compares what came of each case with a calm run.
//! `just chaos` runs it.
#![expect(clippy::print_stdout, reason = "this is a binary")]

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Parser;
use deem_benches::children;
use deem_core::{
    Bytes, Case, Entry, Exceeded, Execution, Executor as _, InternalError, Limits, Outcome, Pool, Prepared, Rules,
    Session, Submission, Value,
};
use deem_sandbox::{Sandbox, Settings, Walls, serve_if_worker};
use rustix::process::{Pid, Signal, kill_process};

/// Kills and halts workers at random instants while they run cases, and says whether every case had the verdict that it has in
/// calm.
///
/// Exit codes: 0 it had; 1 a case was lost, doubled, or came out otherwise; 2 an argument is wrong.
#[derive(Parser)]
struct Cli {
    /// How many workers are ended.
    #[arg(default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..))]
    kills: u64,
    /// The mean time between two of them, in milliseconds. Both tries of a case may be hit where it is short.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(20..))]
    every: u64,
    /// How many cases run at a time; one for each processor, if not said.
    #[arg(long)]
    threads: Option<usize>,
}

/// Clean cases take some milliseconds; the others exceed a limit, one of them where nothing can interrupt it.
const SOURCE: &str = "function f(kind, n) {
  if (kind === 1) for (;;);
  if (kind === 2) [].forEach.call({ length: 2 ** 53 - 1 }, () => {});
  if (kind === 3) for (const all = []; ; ) all.push(Array(1000).fill(n));
  if (kind === 4) throw new TypeError(`case ${n}`);
  let x = n;
  for (let i = 0; i < 2e6; i++) x = (x * 31 + i) | 0;
  console.log(n);
  return [n, x];
}";

const LIMITS: Limits = Limits { heap: Bytes::mib(32), ..Limits::time(Duration::from_millis(400)) };

fn main() -> Result<ExitCode> {
    serve_if_worker();
    let Cli { kills, every, threads } = Cli::parse();
    let sandbox = Sandbox::start(&Settings {
        threads: threads.unwrap_or_else(Pool::default_threads),
        walls: Walls::AsPossible,
        ..Settings::default()
    })?;
    let submission = Submission::new(SOURCE, Entry::function("f")?);
    let mut session = match sandbox.prepare(&submission, &Rules::from(LIMITS))? {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => bail!("{exception}"),
    };
    let calm = run(&mut *session, &mut (0..ROUND));
    let storm = Storm::default();
    let started = Instant::now();
    let seen = std::thread::scope(|scope| {
        scope.spawn(|| storm.rage(kills, Duration::from_millis(every)));
        // As long as it lasts, and not one case more.
        run(&mut *session, &mut (0..).take_while(|n| n % ROUND != 0 || !storm.is_over.load(Relaxed)))
    });
    let cases = seen.len();
    let wrong = compare(&calm, seen);
    let [killed, halted] = [&storm.killed, &storm.halted].map(|count| count.load(Relaxed));
    println!("{cases} cases in {:.0?}, while {killed} workers were killed and {halted} halted", started.elapsed());
    wrong.iter().take(10).for_each(|wrong| println!("  {wrong}"));
    println!("{} of them had not the one verdict that they have in calm", wrong.len());
    Ok(ExitCode::from(u8::from(!wrong.is_empty())))
}

/// After so many cases they begin again, as far as what comes of them goes.
const ROUND: u64 = 500;

type Seen = Vec<(String, Result<Outcome, InternalError>, String)>;

fn run(session: &mut dyn Session, numbers: &mut dyn Iterator<Item = u64>) -> Seen {
    let mut seen = Seen::new();
    let mut cases = numbers.map(|number| {
        let n = number % ROUND;
        // Four of each round exceed a limit, or throw.
        let kind = if n % 125 == 60 { 1 + n / 125 } else { 0 };
        let args = [kind, n].map(|arg| Value::from(arg as f64)).to_vec();
        Arc::new(Case { id: number.to_string(), args, expected: Value::Undefined.into() })
    });
    session.run(&mut cases, &mut |case: Arc<Case>, Execution { result, console, .. }| {
        seen.push((case.id.clone(), result, console.to_string()));
        ControlFlow::Continue(())
    });
    seen
}

/// What is wrong with each case that is lost, doubled, out of order, or not what it was in calm.
fn compare(calm: &Seen, stormy: Seen) -> Vec<String> {
    let mut times = HashMap::new();
    let mut wrong = Vec::new();
    for (index, (id, result, console)) in stormy.into_iter().enumerate() {
        *times.entry(id.clone()).or_insert(0) += 1;
        let (_, calm_result, calm_console) = &calm[index % calm.len()];
        // What a case that is stopped has written depends on when that was; and which limit of time it was, does not matter.
        let is_time =
            |result: &Result<Outcome, _>| matches!(result, Ok(Outcome::Exceeded(Exceeded::Cpu(_) | Exceeded::Wall(_))));
        let is_stopped = |result: &Result<Outcome, _>| matches!(result, Ok(Outcome::Exceeded(_)));
        if id != index.to_string() || times[&id] > 1 {
            wrong.push(format!("in the place of case {index} there is case {id}"));
        } else if is_stopped(calm_result) && result.is_err() {
            // It ran for long enough to be hit twice.
        } else if result != *calm_result && !(is_time(&result) && is_time(calm_result)) || console != *calm_console {
            wrong.push(format!("case {id}: {result:?}; in calm: {calm_result:?}"));
        }
    }
    wrong
}

#[derive(Default)]
struct Storm {
    killed: AtomicU64,
    halted: AtomicU64,
    is_over: AtomicBool,
}

impl Storm {
    fn rage(&self, kills: u64, every: Duration) {
        for _ in 0..kills {
            // From a half to one and a half of the mean.
            std::thread::sleep(every / 2 + Duration::from_nanos(random() % every.as_nanos() as u64));
            let workers = children();
            let worker = workers.get(random() as usize % workers.len().max(1));
            let Some(worker) = worker.and_then(|pid| Pid::from_raw(*pid as i32)) else { continue };
            // One in ten is halted, which only a look at it can tell.
            let (signal, count) =
                if random().is_multiple_of(10) { (Signal::STOP, &self.halted) } else { (Signal::KILL, &self.killed) };
            if kill_process(worker, signal).is_ok() {
                count.fetch_add(1, Relaxed);
            }
        }
        self.is_over.store(true, Relaxed);
    }
}

/// Every `RandomState` has keys of its own.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
