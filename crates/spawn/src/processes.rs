use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deem_case::workers::{Worker, Workers};
use deem_case::{
    Cancellation, Case, Entry, Exceeded, Exception, Execution, Executor, InternalError, Outcome, Prepared, Rules,
    Session,
};
use deem_case::{Sink, Submission};

use crate::process::{Answer, Patience, Process, Stop};
use crate::protocol::{self, CaseReply, ProgramReply};
use crate::runtime::Runtime;

/// What is fresh for each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// A process.
    Process,
    /// A `vm` context in a warm process.
    Context,
    /// Nothing: the program runs once in a warm process, and its function is called for every case.
    /// ([`Entry::Completion`](deem_case::Entry::Completion) cannot share a scope with itself, and gets a context, as does
    /// [`Entry::Program`](deem_case::Entry::Program).)
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
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        let isolation = match (self.isolation, &submission.entry) {
            (Isolation::Shared, Entry::Completion | Entry::Program) => Isolation::Context,
            (isolation, _) => isolation,
        };
        rules.limits.check().map_err(|error| InternalError(error.to_string()))?;
        if let Err(exception) = submission.check() {
            return Ok(Prepared::CompileError(exception));
        }
        let program = protocol::program(submission, rules).into();
        let module = matches!(submission.entry, Entry::Export(_));
        let starter = Starter { runtime: self.runtime.clone(), isolation, program, module, rules: *rules };
        // Compiling takes a process; where processes are kept, that one serves the first case.
        let first = match starter.start_warm()? {
            Started::Ready(process) => Mutex::new((isolation != Isolation::Process).then_some(process)),
            Started::CompileError(exception) => return Ok(Prepared::CompileError(exception)),
        };
        let first = Arc::new(first);
        let make = move || InProcess {
            starter: starter.clone(),
            warm: first.lock().unwrap_or_else(PoisonError::into_inner).take(),
            spent: false,
        };
        let chunk_size = match isolation {
            Isolation::Process => 1,
            Isolation::Context => 32,
            Isolation::Shared => 256,
        };
        let workers = Workers::start("deem-spawn", self.threads, chunk_size, make, || {}) // who waits for a process looks by itself
            .map_err(|error| InternalError(format!("failed to start a thread: {error}")))?;
        Ok(Prepared::Ready(Box::new(ProcessSession { workers })))
    }
}

struct ProcessSession {
    workers: Workers<()>,
}

impl Session for ProcessSession {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.workers.run((), cases).drain_into(sink);
    }
}

/// What it takes to start a process for a program.
#[derive(Clone)]
struct Starter {
    runtime: Runtime,
    isolation: Isolation,
    program: Arc<[u8]>,
    module: bool,
    rules: Rules,
}

enum Started {
    Ready(Process),
    CompileError(Exception),
}

/// How long a runtime may take to start and to compile the program.
const START_LIMIT: Duration = Duration::from_secs(20);

impl Starter {
    fn start(&self, isolation: &str) -> io::Result<Process> {
        Process::start(&self.runtime, isolation, &self.rules, self.module)
    }

    /// Starts a process that has compiled the program, and waits for cases.
    fn start_warm(&self) -> Result<Started, InternalError> {
        let name = self.runtime.program.to_string_lossy();
        let failed = |error: io::Error| InternalError(format!("failed to run {name}: {error}"));
        let isolation = match self.isolation {
            Isolation::Process => "compile",
            Isolation::Context => "context",
            Isolation::Shared => "shared",
        };
        let mut process = self.start(isolation).map_err(failed)?;
        let patience = Patience {
            deadline: Instant::now() + START_LIMIT,
            cpu: START_LIMIT,
            cancellation: &Cancellation::default(),
        };
        match process.ask(&[&self.program], patience).map_err(failed)? {
            Answer::Reply(ProgramReply::Ready, _) => Ok(Started::Ready(process)),
            Answer::Reply(ProgramReply::CompileError(thrown), _) => Ok(Started::CompileError(thrown.into())),
            Answer::Reply(ProgramReply::Failed(why), _) => Err(InternalError(format!("{name}: {why}"))),
            Answer::Stopped(_) => Err(InternalError(format!("{name} was not ready in {START_LIMIT:?}"))),
            Answer::Died(how) => Err(InternalError(format!("{name}, before any case: {how}"))),
        }
    }
}

struct InProcess {
    starter: Starter,
    /// A process that has the program, and waits for a case.
    warm: Option<Process>,
    /// Whether the last case was the end of its process.
    spent: bool,
}

impl Worker for InProcess {
    type Job = ();

    fn prepare(&mut self, _: &()) {
        if self.starter.isolation != Isolation::Process && self.warm.is_none() {
            // Should it fail, it fails again for the case that then wants a process, and is that case's internal error.
            self.warm = self.start_warm().ok();
        }
    }

    fn run(&mut self, _: &(), case: &Case, cancellation: &Cancellation) -> Execution {
        let arguments = protocol::arguments(&case.args);
        let execution = self.attempt(&arguments, cancellation);
        let execution = match &execution.result {
            // It may have died between two cases, or been killed by who knows whom: that is no fault of this case. If
            // the case ends a new process as well, it is.
            Ok(Outcome::Crashed(_)) => self.attempt(&arguments, cancellation),
            _ => execution,
        };
        self.spent = self.starter.isolation != Isolation::Process && self.warm.is_none();
        execution
    }

    fn is_spent(&self) -> bool {
        self.spent
    }
}

impl InProcess {
    fn start_warm(&self) -> Result<Process, InternalError> {
        // Once more, for a process may be killed while it starts as well as later.
        match self.starter.start_warm().or_else(|_| self.starter.start_warm())? {
            Started::Ready(process) => Ok(process),
            Started::CompileError(thrown) => Err(InternalError(format!("it compiled before, and not now: {thrown}"))),
        }
    }

    fn attempt(&mut self, arguments: &[u8], cancellation: &Cancellation) -> Execution {
        let mut started = Instant::now();
        let process = if self.starter.isolation == Isolation::Process {
            self.starter.start("process").map_err(|error| InternalError(error.to_string()))
        } else {
            let process = self.warm.take().map_or_else(|| self.start_warm(), Ok);
            started = Instant::now(); // that a warm process has to start is no part of what a case costs
            process
        };
        let mut execution = match process {
            Ok(process) => self.ask(process, arguments, started, cancellation),
            Err(error) => Execution::of(Err(error)),
        };
        execution.usage.wall = started.elapsed();
        execution
    }

    fn ask(
        &mut self,
        mut process: Process,
        arguments: &[u8],
        started: Instant,
        cancellation: &Cancellation,
    ) -> Execution {
        let (rules, limits) = (&self.starter.rules, &self.starter.rules.limits);
        let patience = Patience { deadline: started + limits.wall, cpu: limits.cpu, cancellation };
        let deadline = patience.deadline;
        let is_warm = self.starter.isolation != Isolation::Process;
        let answer = if is_warm {
            process.ask(&[arguments], patience)
        } else {
            process.ask(&[&self.starter.program, arguments], patience)
        };
        let result = match answer {
            Ok(Answer::Reply(reply, length)) => {
                let reply: CaseReply = reply;
                if !is_warm {
                    process.finish(deadline); // its end is part of what a process costs
                } else if !reply.is_last() {
                    self.warm = Some(process);
                }
                return reply.execution(length, rules);
            }
            Ok(Answer::Stopped(Stop::Wall)) => Ok(Outcome::Exceeded(Exceeded::Wall(limits.wall))),
            Ok(Answer::Stopped(Stop::Cpu)) => Ok(Outcome::Exceeded(Exceeded::Cpu(limits.cpu))),
            Ok(Answer::Stopped(Stop::Cancelled)) => Err(InternalError("cancelled".to_owned())),
            // V8's own words where it gives up, and those of the C++ around it.
            Ok(Answer::Died(how)) if how.contains("out of memory") || how.contains("bad_alloc") => {
                Ok(Outcome::Exceeded(Exceeded::Heap(limits.heap)))
            }
            Ok(Answer::Died(how)) => Ok(Outcome::Crashed(how)),
            Err(error) => Err(InternalError(format!("the runner's reply cannot be read: {error}"))),
        };
        Execution::of(result)
    }
}
