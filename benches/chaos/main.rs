//! Kills and halts a sandbox's workers at random while they run cases, and compares what came of each case with a calm run.
//! `just chaos` runs it.
#![expect(clippy::print_stdout, reason = "this is a binary")]

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::ops::{ControlFlow, Range};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Parser;
use deem_benches::children;
use deem_core::{
    Bytes, Case, Entry, Exceeded, Execution, Executor as _, InternalError, Limits, Outcome, Pool, Prepared, Rules,
    Session, Submission, Value,
};
use deem_sandbox::{Sandbox, Settings, Walls, serve_if_worker};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

/// Kills and halts workers at random instants while they run cases, and says whether every case had the verdict that it has in
/// calm.
///
/// No case meets two strikes, after which deem gives a case up: before each, all cases are waited for that had been handed out at
/// the one before.
///
/// Exit codes: 0 it had; 1 a case was lost, doubled, or came out otherwise; 2 an argument is wrong.
#[derive(Parser)]
struct Cli {
    /// How many workers are ended.
    #[arg(default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..))]
    kills: u64,
    /// How many cases run at a time; one for each processor, if not said.
    #[arg(long)]
    threads: Option<usize>,
}

/// Clean cases take a millisecond; the others exceed a limit, one of them where nothing can interrupt it, or throw.
const SOURCE: &str = "function f(kind, n) {
  if (kind === 1) for (;;);
  if (kind === 2) [].forEach.call({ length: 2 ** 53 - 1 }, () => {});
  if (kind === 3) for (const all = []; ; ) all.push(Array(1000).fill(n));
  if (kind === 4) throw new TypeError(`case ${n}`);
  let x = n;
  for (let i = 0; i < 2e4; i++) x = (x * 31 + i) | 0;
  console.log(n);
  return [n, x];
}";

/// Processor time decides, so that it does not matter how busy the machine is.
const LIMITS: Limits =
    Limits { wall: Duration::from_secs(60), heap: Bytes::mib(16), ..Limits::time(Duration::from_millis(200)) };

fn main() -> Result<ExitCode> {
    serve_if_worker();
    let Cli { kills, threads } = Cli::parse();
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
    let calm = run(&mut *session, 0..ROUND, &Progress::default());
    let (storm, progress) = (Storm::default(), Progress::default());
    let started = Instant::now();
    let seen = std::thread::scope(|scope| {
        scope.spawn(|| storm.rage(kills, &progress));
        let mut seen = Seen::new();
        // As long as it lasts, and then to the end of a round.
        for first in (0..).step_by(RUN as usize).take_while(|first| first % ROUND != 0 || !storm.is_over.load(Relaxed))
        {
            seen.extend(run(&mut *session, first..first + RUN, &progress));
        }
        seen
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
const ROUND: u64 = 1_000;

/// So many are one run. It is told how many they are, and hands out few at a time: the fewer, the sooner all of them are delivered.
const RUN: u64 = 100;

type Seen = Vec<(String, Result<Outcome, InternalError>, String)>;

/// How far a run is. Cases are delivered in the order in which they are handed out.
#[derive(Default)]
struct Progress {
    handed_out: AtomicU64,
    delivered: AtomicU64,
}

fn run(session: &mut dyn Session, numbers: Range<u64>, progress: &Progress) -> Seen {
    let mut seen = Seen::new();
    let mut cases = numbers.map(|number| {
        progress.handed_out.fetch_add(1, SeqCst);
        let n = number % ROUND;
        // Four of each round exceed a limit, or throw.
        let kind = if n % 250 == 60 { 1 + n / 250 } else { 0 };
        let args = [kind, n].map(|arg| Value::from(arg as f64)).to_vec();
        Arc::new(Case { id: number.to_string(), args, expected: Value::Undefined.into() })
    });
    session.run(&mut cases, &mut |case: Arc<Case>, Execution { result, console, .. }| {
        seen.push((case.id.clone(), result, console.to_string()));
        progress.delivered.fetch_add(1, SeqCst);
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
        if id != index.to_string() || times[&id] > 1 {
            wrong.push(format!("in the place of case {index} there is case {id}"));
        } else if result.is_err()
            || result != *calm_result && !(is_time(&result) && is_time(calm_result))
            || console != *calm_console
        {
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
    fn rage(&self, kills: u64, progress: &Progress) {
        // Those that were there when the newest one was struck.
        let mut known = Vec::new();
        let mut strikes = 0;
        while strikes < kills {
            std::thread::sleep(Duration::from_nanos(random() % LONGEST_CALM.as_nanos() as u64));
            let workers = children();
            let Some((newest, ready)) = workers.split_last() else { continue };
            // They are started one after the other, and so only the newest may not be ready. After some starts in a row that
            // failed deem gives up: it is struck again when one has succeeded.
            let may_be_newest = ready.iter().any(|worker| !known.contains(worker));
            let targets = if may_be_newest { &workers } else { ready };
            let Some(&target) = targets.get(random() as usize % targets.len().max(1)) else { continue };
            if self.strike(target) {
                strikes += 1;
                if target == *newest {
                    known = workers;
                }
                let handed_out = progress.handed_out.load(SeqCst);
                while progress.delivered.load(SeqCst) < handed_out {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        }
        self.is_over.store(true, Relaxed);
    }

    /// Ends a worker, or halts it, and waits until it does nothing any more. Not if it does nothing now.
    fn strike(&self, worker: u32) -> bool {
        let Some(worker) = Pid::from_raw(worker as i32) else { return false };
        let state = WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
        if !matches!(waitid(WaitId::Pid(worker), state | WaitIdOptions::NOHANG), Ok(None)) {
            return false;
        }
        // One in ten is halted, which only a look at it can tell. Not before it is a program of its own: until then who starts it
        // stands still (vfork(2)).
        let command = |process: &str| std::fs::read(format!("/proc/{process}/cmdline")).ok();
        let is_halted = random().is_multiple_of(10) && command(&worker.to_string()) != command("self");
        let (signal, count) = if is_halted { (Signal::STOP, &self.halted) } else { (Signal::KILL, &self.killed) };
        if kill_process(worker, signal).is_err() {
            return false;
        }
        // It fails where somebody else has waited for its end already.
        while matches!(waitid(WaitId::Pid(worker), state), Ok(None) | Err(Errno::INTR)) {}
        count.fetch_add(1, Relaxed);
        true
    }
}

/// How long no worker is struck, at most, when all is delivered.
const LONGEST_CALM: Duration = Duration::from_millis(20);

/// Every `RandomState` has keys of its own.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
