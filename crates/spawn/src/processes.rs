use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deem_case::workers::{Worker, Workers};
use deem_case::{
    Bytes, Case, Entry, Exceeded, Exception, Execution, Executor, InternalError, Limits, Outcome, Prepared,
};
use deem_case::{Session, Sink, Submission};

use crate::process::{Answer, Process};
use crate::protocol::{self, Reply};
use crate::runtime::Runtime;

/// What is fresh for each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// A process.
    Process,
    /// A `vm` context in a warm process.
    Context,
    /// Nothing: the program runs once in a warm process, and its function is called for every case.
    /// ([`Entry::Completion`](deem_case::Entry::Completion) cannot share a scope with itself, and gets a context.)
    Shared,
}

/// The executor: threads that each run one subprocess at a time.
#[derive(Clone, Debug)]
pub struct Processes {
    runtime: Runtime,
    threads: usize,
    isolation: Isolation,
}

impl Processes {
    /// An executor of `threads` threads (at least one). Processes start with the first case, not before.
    pub fn new(runtime: &Runtime, threads: usize, isolation: Isolation) -> Processes {
        Processes { runtime: runtime.clone(), threads, isolation }
    }
}

impl Executor for Processes {
    fn prepare(&self, submission: &Submission, limits: &Limits) -> Result<Prepared, InternalError> {
        let isolation = match (self.isolation, &submission.entry) {
            (Isolation::Shared, Entry::Completion) => Isolation::Context,
            (isolation, _) => isolation,
        };
        let limits = limits.check().map_err(|error| InternalError(error.to_string()))?;
        let program = protocol::program(submission).into();
        let starter = Starter { runtime: self.runtime.clone(), isolation, program, heap: limits.heap };
        // Compiling takes a process; where processes are kept, that one serves the first case.
        let first = match starter.start_warm()? {
            Started::Ready(process) => Mutex::new((isolation != Isolation::Process).then_some(process)),
            Started::CompileError(exception) => return Ok(Prepared::CompileError(exception)),
        };
        let first = Arc::new(first);
        let make = move || InProcess {
            starter: starter.clone(),
            warm: first.lock().unwrap_or_else(PoisonError::into_inner).take(),
        };
        let chunk_size = match isolation {
            Isolation::Process => 1,
            Isolation::Context => 32,
            Isolation::Shared => 256,
        };
        let workers = Workers::start("deem-spawn", self.threads, chunk_size, make)
            .map_err(|error| InternalError(format!("failed to start a thread: {error}")))?;
        Ok(Prepared::Ready(Box::new(ProcessSession { workers, limits })))
    }
}

struct ProcessSession {
    workers: Workers<Limits>,
    limits: Limits,
}

impl Session for ProcessSession {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.workers.run(self.limits, cases).drain_into(sink);
    }
}

/// What it takes to start a process for a program.
#[derive(Clone)]
struct Starter {
    runtime: Runtime,
    isolation: Isolation,
    program: Arc<[u8]>,
    heap: Bytes,
}

enum Started {
    Ready(Process),
    CompileError(Exception),
}

/// How long a runtime may take to start and to compile the program.
const START_LIMIT: Duration = Duration::from_secs(20);

impl Starter {
    /// Starts a process that has compiled the program, and waits for cases.
    fn start_warm(&self) -> Result<Started, InternalError> {
        let name = self.runtime.program.to_string_lossy();
        let failed = |error: io::Error| InternalError(format!("failed to run {name}: {error}"));
        let isolation = match self.isolation {
            Isolation::Process => "compile",
            Isolation::Context => "context",
            Isolation::Shared => "shared",
        };
        let mut process = Process::start(&self.runtime, isolation, self.heap).map_err(failed)?;
        match process.ask(&[&self.program], Instant::now() + START_LIMIT).map_err(failed)? {
            Answer::Reply(Reply::Ready) => Ok(Started::Ready(process)),
            Answer::Reply(Reply::CompileError(thrown)) => Ok(Started::CompileError(thrown.into())),
            Answer::Reply(reply) => Err(InternalError(format!("{name} answered a program by {reply:?}"))),
            Answer::Late => Err(InternalError(format!("{name} was not ready in {START_LIMIT:?}"))),
            Answer::Died(how) => Err(InternalError(format!("{name}, before any case: {how}"))),
        }
    }
}

struct InProcess {
    starter: Starter,
    /// A process that has the program, and waits for a case.
    warm: Option<Process>,
}

impl Worker for InProcess {
    type Job = Limits;

    fn run(&mut self, limits: &Limits, case: &Case) -> Execution {
        let arguments = protocol::arguments(&case.args);
        let execution = self.attempt(limits, &arguments);
        match &execution.result {
            // It may have died between two cases, or been killed by who knows whom: that is no fault of this case. If
            // the case ends a new process as well, it is.
            Ok(Outcome::Crashed(_)) => self.attempt(limits, &arguments),
            _ => execution,
        }
    }
}

impl InProcess {
    fn attempt(&mut self, limits: &Limits, arguments: &[u8]) -> Execution {
        let mut started = Instant::now();
        let process = if self.starter.isolation == Isolation::Process {
            Process::start(&self.starter.runtime, "process", self.starter.heap)
                .map_err(|error| InternalError(error.to_string()))
        } else {
            let process = self.warm.take().map_or_else(
                // Once more, for a process may be killed while it starts as well as later.
                || match self.starter.start_warm().or_else(|_| self.starter.start_warm())? {
                    Started::Ready(process) => Ok(process),
                    Started::CompileError(thrown) => {
                        Err(InternalError(format!("it compiled before, and not now: {thrown}")))
                    }
                },
                Ok,
            );
            started = Instant::now(); // that a warm process has to start is no part of what a case costs
            process
        };
        let result = process.and_then(|process| self.ask(process, limits, arguments, started));
        Execution { result, elapsed: started.elapsed() }
    }

    fn ask(
        &mut self,
        mut process: Process,
        limits: &Limits,
        arguments: &[u8],
        started: Instant,
    ) -> Result<Outcome, InternalError> {
        let deadline = started + limits.wall;
        let is_warm = self.starter.isolation != Isolation::Process;
        let answer = if is_warm {
            process.ask(&[arguments], deadline)
        } else {
            process.ask(&[&self.starter.program, arguments], deadline)
        };
        match answer {
            Ok(Answer::Reply(reply)) => {
                if is_warm {
                    self.warm = Some(process);
                } else {
                    process.finish(deadline); // its end is part of what a process costs
                }
                reply.outcome()
            }
            Ok(Answer::Late) => Ok(Outcome::Exceeded(Exceeded::Wall(limits.wall))),
            // V8's own words where it gives up.
            Ok(Answer::Died(how)) if how.contains("heap out of memory") => {
                Ok(Outcome::Exceeded(Exceeded::Heap(limits.heap)))
            }
            Ok(Answer::Died(how)) => Ok(Outcome::Crashed(how)),
            Err(error) => Err(InternalError(format!("the runner's reply cannot be read: {error}"))),
        }
    }
}
