use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use deem_core::workers::{Worker, Workers};
use deem_core::{
    Cancellation, Case, Execution, Executor, InternalError, Isolation, Prepared, Rules, Session, Sink, Submission,
};

use crate::probe::{Probe, Probed, Proof};
use crate::process::{Answer, Death, Process};
use crate::protocol::{self, Loaded, Start};
use crate::settings::Settings;
use crate::wall::{Layer, MissingLayer};
use crate::warm::Warm;

/// Worker processes that run submissions, each of which has workers of its own for as long as it runs.
///
/// A case that ends abnormally ends its worker, and the next case goes to one that is ready.
/// Clones are handles to the same workers.
#[derive(Clone)]
pub struct Sandbox {
    warm: Arc<Warm>,
    settings: Settings,
}

impl Sandbox {
    /// Starts workers: as many as cases of one submission run at a time, and one more, which is ready where a case ends another one.
    /// As many are kept ready for the next submission.
    ///
    /// The program must call [`serve_if_worker`](crate::serve_if_worker) first thing in `main`.
    ///
    /// # Errors
    /// If a thread cannot be started. Where workers cannot be started, or have not the [`Walls`](crate::Walls) that they must
    /// have, every submission fails, and says why.
    pub fn start(settings: &Settings) -> io::Result<Sandbox> {
        let settings = Settings { threads: settings.threads.max(1), ..*settings };
        Ok(Sandbox { warm: Arc::new(Warm::start(settings.threads + 1, settings)?), settings })
    }

    /// The layers of the second wall that workers do not have here.
    ///
    /// # Errors
    /// If no worker can be started.
    pub fn missing(&self) -> Result<Vec<MissingLayer>, InternalError> {
        self.warm.missing()
    }

    /// Has a worker try what must not work: [`Probe::attempt`] there. Tried here, it should work, or it proves nothing.
    ///
    /// # Errors
    /// If no worker can be started.
    pub fn probe(&self, probe: Probe) -> Result<Probed, InternalError> {
        self.warm.take()?.probe(probe).map_err(|error| InternalError(error.to_string()))
    }
}

/// Shows that a layer of the second wall holds by itself: in workers that have no other one, what it is to refuse is tried, and
/// here as well, where it must work.
///
/// # Errors
/// If no worker can be started, or none with this layer.
pub fn prove(layer: Layer) -> Result<Vec<Proof>, InternalError> {
    let start = Start { layers: vec![layer], isolation: Isolation::default(), is_reused: false };
    let mut proofs = Vec::new();
    for probe in layer.probes() {
        let process = Process::start(&start).map_err(|error| InternalError(error.to_string()))?;
        if let Some(missing) = process.missing().first() {
            return Err(InternalError(missing.to_string()));
        }
        let inside = process.probe(*probe).map_err(|error| InternalError(error.to_string()))?;
        let outside = probe.attempt().map_err(|error| error.to_string());
        proofs.push(Proof { layer, probe: *probe, inside, outside });
    }
    Ok(proofs)
}

impl Executor for Sandbox {
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        rules.limits.check().map_err(|error| InternalError(error.to_string()))?;
        if let Err(exception) = submission.check() {
            return Ok(Prepared::CompileError(exception));
        }
        let most_loads = self.settings.level.submissions();
        let loader =
            Loader { warm: self.warm.clone(), submission: submission.clone().into(), rules: *rules, most_loads };
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
        let workers = Workers::start("deem-sandbox", self.settings.threads, 32, make, || {})
            .map_err(|error| InternalError(format!("failed to start a thread: {error}")))?;
        Ok(Prepared::Ready(Box::new(SandboxSession { workers, isolation: self.settings.isolation })))
    }
}

struct SandboxSession {
    /// What is fresh for each case of a run is what those have in common.
    workers: Workers<Isolation>,
    isolation: Isolation,
}

impl Session for SandboxSession {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.workers.run(self.isolation, cases).drain_into(sink);
    }

    fn is_provisional(&self) -> bool {
        self.isolation == Isolation::Frozen
    }

    fn confirm(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        let isolation = if self.is_provisional() { Isolation::Realm } else { self.isolation };
        self.workers.run(isolation, cases).drain_into(sink);
    }
}

/// Makes workers ready for one submission.
#[derive(Clone)]
struct Loader {
    warm: Arc<Warm>,
    submission: Arc<Submission>,
    rules: Rules,
    /// How many submissions a worker may get.
    most_loads: u32,
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
    type Job = Isolation;

    fn prepare(&mut self, _: &Isolation) {
        // Should it fail, it fails again for the case that then wants a process, and is that case's internal error.
        self.process = self.process().ok();
    }

    fn announce(&mut self, _: &Isolation, cases: &[Arc<Case>]) {
        if self.process.as_ref().is_some_and(|process| process.in_flight() > 0) {
            self.process = None; // it was sent cases of a run that was cancelled
        }
        self.ahead = cases.iter().cloned().collect();
        self.encoded = None;
    }

    fn run(&mut self, isolation: &Isolation, case: &Case, cancellation: &Cancellation) -> Execution {
        let (mut deaths, mut in_case) = (0, 0);
        let execution = loop {
            match self.attempt(*isolation, case, cancellation) {
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

impl Drop for InWorker {
    fn drop(&mut self) {
        let is_free = |process: &Process| process.in_flight() == 0 && process.loads() < self.loader.most_loads;
        if let Some(process) = self.process.take().filter(is_free) {
            self.loader.warm.give_back(process);
        }
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
    fn send(&mut self, isolation: Isolation, process: &mut Process, case: &Case) -> Result<(), InternalError> {
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
            process.send_case(isolation, &args);
        }
    }

    /// Runs the case, unless the worker dies for no reason to be seen: then that is the error.
    fn attempt(&mut self, isolation: Isolation, case: &Case, cancellation: &Cancellation) -> Result<Execution, Death> {
        let mut process = match self.process() {
            Ok(process) => process,
            Err(error) => return Ok(Execution::of(Err(error))),
        };
        if let Err(error) = self.send(isolation, &mut process, case) {
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
