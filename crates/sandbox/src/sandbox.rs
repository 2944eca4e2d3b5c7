use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use deem_core::workers::{Worker, Workers};
use deem_core::{Cancellation, Case, Execution, Executor, InternalError, Prepared, Rules, Session, Sink, Submission};

use crate::process::{Answer, Death, Process};
use crate::protocol::{self, Loaded};
use crate::wall::{MissingLayer, Probe, Probed, Walls};
use crate::warm::Warm;

/// Worker processes that run submissions, each of which has workers of its own: no two ever share a process.
///
/// Each case gets a fresh realm; one that ends abnormally ends its worker, and the next case goes to one that is ready.
/// Clones are handles to the same workers.
#[derive(Clone)]
pub struct Sandbox {
    warm: Arc<Warm>,
    threads: usize,
}

impl Sandbox {
    /// Starts workers, so that cases of one submission run in `threads` of them at a time (at least one). There is one more for
    /// each submission, which is ready where a case ends another one, and as many are kept ready for the next submission.
    ///
    /// The program must call [`serve_if_worker`](crate::serve_if_worker) first thing in `main`.
    ///
    /// # Errors
    /// If a thread cannot be started. Where workers cannot be started, or have not the [`Walls`] that they must have, every
    /// submission fails, and says why.
    pub fn new(threads: usize, walls: Walls) -> io::Result<Sandbox> {
        let threads = threads.max(1);
        Ok(Sandbox { warm: Arc::new(Warm::start(threads + 1, walls)?), threads })
    }

    /// The layers of the second wall that workers do not have here.
    ///
    /// # Errors
    /// If no worker can be started.
    pub fn missing(&self) -> Result<Vec<MissingLayer>, InternalError> {
        Ok(self.warm.take()?.missing().to_vec())
    }

    /// Has a worker try what must not work: [`Probe::attempt`] there. Tried here, it should work, or it proves nothing.
    ///
    /// # Errors
    /// If no worker can be started.
    pub fn probe(&self, probe: Probe) -> Result<Probed, InternalError> {
        self.warm.take()?.probe(probe).map_err(|error| InternalError(error.to_string()))
    }
}

impl Executor for Sandbox {
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        rules.limits.check().map_err(|error| InternalError(error.to_string()))?;
        let loader = Loader { warm: self.warm.clone(), submission: submission.clone().into(), rules: *rules };
        let first = match loader.load()? {
            (process, Loaded::Ready) => Arc::new(Mutex::new(Some(process))),
            (_, Loaded::CompileError(exception)) => return Ok(Prepared::CompileError(exception)),
            (_, Loaded::Failed(why)) => return Err(InternalError(why)),
        };
        let make = move || InWorker {
            loader: loader.clone(),
            process: first.lock().unwrap_or_else(PoisonError::into_inner).take(),
            ahead: VecDeque::new(),
            encoded: None,
            is_spent: false,
        };
        // Who waits for a worker looks by itself whether the run was cancelled.
        let workers = Workers::start("deem-sandbox", self.threads, 32, make, || {})
            .map_err(|error| InternalError(format!("failed to start a thread: {error}")))?;
        Ok(Prepared::Ready(Box::new(SandboxSession { workers })))
    }
}

struct SandboxSession {
    workers: Workers<()>,
}

impl Session for SandboxSession {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.workers.run((), cases).drain_into(sink);
    }
}

/// Makes workers ready for one submission.
#[derive(Clone)]
struct Loader {
    warm: Arc<Warm>,
    submission: Arc<Submission>,
    rules: Rules,
}

impl Loader {
    fn load(&self) -> Result<(Process, Loaded), InternalError> {
        let mut deaths = 0;
        loop {
            let mut process = self.warm.take()?;
            match process.load(&self.submission, &self.rules) {
                Ok(loaded) => return Ok((process, loaded)),
                // A worker may be killed while it waits for work as well as later, and others as well; one that took too long,
                // would again.
                Err(error) if error.kind() != io::ErrorKind::TimedOut && deaths + 1 < MOST_DEATHS => deaths += 1,
                Err(error) => return Err(InternalError(error.to_string())),
            }
        }
    }
}

/// How many workers in a row may end before they have begun with a case, or are ready for one, until that is an error.
const MOST_DEATHS: u32 = 5;

struct InWorker {
    loader: Loader,
    process: Option<Process>,
    /// The cases that come next. The process was sent some of them, and the arguments of the one after those may be at hand.
    ahead: VecDeque<Arc<Case>>,
    encoded: Option<Vec<u8>>,
    is_spent: bool,
}

impl Worker for InWorker {
    type Job = ();

    fn prepare(&mut self, (): &()) {
        // Should it fail, it fails again for the case that then wants a process, and is that case's internal error.
        self.process = self.process().ok();
    }

    fn announce(&mut self, (): &(), cases: &[Arc<Case>]) {
        if self.process.as_ref().is_some_and(|process| process.in_flight() > 0) {
            self.process = None; // it was sent cases of a run that was cancelled
        }
        self.ahead = cases.iter().cloned().collect();
        self.encoded = None;
    }

    fn run(&mut self, (): &(), case: &Case, cancellation: &Cancellation) -> Execution {
        let (mut deaths, mut in_case) = (0, 0);
        let execution = loop {
            match self.attempt(case, cancellation) {
                Ok(execution) => break execution,
                // That is no fault of the case's: it is tried again, alone. Where it had begun, once.
                Err(death) => {
                    self.ahead.clear();
                    deaths += 1;
                    in_case += u32::from(death.in_case);
                    if in_case == 2 || deaths == MOST_DEATHS {
                        break Execution::of(Err(InternalError(format!(
                            "{}, and so did another before it",
                            death.how
                        ))));
                    }
                }
            }
        };
        self.ahead.pop_front();
        execution
    }

    fn is_spent(&self) -> bool {
        self.is_spent
    }
}

impl InWorker {
    fn process(&mut self) -> Result<Process, InternalError> {
        if let Some(process) = self.process.take() {
            return Ok(process);
        }
        self.encoded = None; // of a case further on
        match self.loader.load()? {
            (process, Loaded::Ready) => Ok(process),
            (_, Loaded::CompileError(thrown)) => {
                Err(InternalError(format!("it compiled before, and not now: {thrown}")))
            }
            (_, Loaded::Failed(why)) => Err(InternalError(why)),
        }
    }

    /// Sends the case, unless it was sent before, and as many of those after it as there is room for.
    fn send(&mut self, process: &mut Process, case: &Case) -> Result<(), InternalError> {
        loop {
            let in_flight = process.in_flight();
            let next = if in_flight == 0 { Some(case) } else { self.ahead.get(in_flight).map(|next| &**next) };
            let Some(next) = next else { return Ok(()) };
            let Some(args) = self.encoded.take().or_else(|| protocol::write_values(&next.args)) else {
                // It cannot be sent. That is its own error, when it is its turn.
                let why = || InternalError("an argument is nested too deeply".to_owned());
                return if in_flight == 0 { Err(why()) } else { Ok(()) };
            };
            if in_flight > 0 && !process.has_room(args.len()) {
                self.encoded = Some(args);
                return Ok(());
            }
            process.send_case(&args);
        }
    }

    /// Runs the case, unless the worker dies for no reason to be seen: then that is the error.
    fn attempt(&mut self, case: &Case, cancellation: &Cancellation) -> Result<Execution, Death> {
        let mut process = match self.process() {
            Ok(process) => process,
            Err(error) => return Ok(Execution::of(Err(error))),
        };
        if let Err(error) = self.send(&mut process, case) {
            self.process = Some(process);
            return Ok(Execution::of(Err(error)));
        }
        let answer = process.run(&self.loader.rules, cancellation);
        self.is_spent = !matches!(answer, Answer::Done { is_spent: false, .. });
        match answer {
            Answer::Done { execution, is_spent } => {
                self.process = (!is_spent).then_some(process);
                Ok(*execution)
            }
            Answer::Fatal(execution) => Ok(execution),
            Answer::Died(death) => Err(death),
        }
    }
}
