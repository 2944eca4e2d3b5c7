//! Workers that have been started before anybody wants them.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use deem_core::InternalError;

use crate::process::Process;
use crate::protocol::Start;
use crate::settings::{Level, Settings};
use crate::wall::{Layer, MissingLayer};

/// After so many starts without one that succeeded, nobody waits any more.
const BREAKS_AFTER: u32 = 3;

/// How long it then takes until another start is tried.
const PAUSE: Duration = Duration::from_secs(1);

/// Ready workers, and the thread that starts them. It starts them all: the kernel ends a worker with the thread that started it.
pub(crate) struct Warm {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

struct State {
    ready: VecDeque<Process>,
    /// How many are to be ready.
    wanted: usize,
    /// How many are waited for.
    waiting: usize,
    /// How many starts have failed, one after the other, and how the last one did.
    failures: u32,
    failure: String,
    /// What the first one had not; all are alike.
    missing: Option<Vec<MissingLayer>>,
    is_over: bool,
}

impl Warm {
    pub(crate) fn start(wanted: usize, settings: Settings) -> io::Result<Warm> {
        let (ready, failure) = (VecDeque::new(), String::new());
        let state = State { ready, wanted, waiting: 0, failures: 0, failure, missing: None, is_over: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), news: Condvar::new() });
        let of_thread = shared.clone();
        let thread = std::thread::Builder::new().name("deem-warm".to_owned());
        let thread = Some(thread.spawn(move || of_thread.keep_ready(settings))?);
        Ok(Warm { shared, thread })
    }

    /// A worker that is ready; waits for one that is being started.
    pub(crate) fn take(&self) -> Result<Process, InternalError> {
        let mut state = self.shared.lock();
        state.waiting += 1;
        self.shared.news.notify_all();
        let (mut state, process) = self.wait_for(state, State::next);
        state.waiting -= 1;
        self.shared.news.notify_all();
        process
    }

    /// What workers have not.
    pub(crate) fn missing(&self) -> Result<Vec<MissingLayer>, InternalError> {
        self.wait_for(self.shared.lock(), |state| state.missing.clone()).1
    }

    /// Takes a worker that may get another submission, if that is wanted.
    pub(crate) fn give_back(&self, process: Process) {
        let mut state = self.shared.lock();
        // In its place one was started when it was taken: as many again are kept as are wanted.
        if state.ready.len() < 2 * state.wanted {
            state.ready.push_front(process); // the one whose memory is in the processor's caches
            self.shared.news.notify_all();
        }
    }

    fn wait_for<'a, T>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        take: impl Fn(&mut State) -> Option<T>,
    ) -> (MutexGuard<'a, State>, Result<T, InternalError>) {
        loop {
            if let Some(taken) = take(&mut state) {
                return (state, Ok(taken));
            }
            if state.failures >= BREAKS_AFTER {
                let why = format!("no worker could be started: {}", state.failure);
                return (state, Err(InternalError(why)));
            }
            state = self.shared.wait(state);
        }
    }
}

impl State {
    /// The next that is ready: others were ended or halted while they waited, however many they are.
    fn next(&mut self) -> Option<Process> {
        std::iter::from_fn(|| self.ready.pop_front()).find_map(|mut process| process.is_well().then_some(process))
    }
}

impl Shared {
    fn keep_ready(&self, settings: Settings) {
        let is_reused = settings.level != Level::Strict;
        let start = Start { layers: Layer::ALL.to_vec(), isolation: settings.isolation, is_reused };
        let mut starts = 0;
        let mut state = self.lock();
        while !state.is_over {
            if state.ready.len() >= state.wanted.max(state.waiting) {
                state = self.wait(state);
                continue;
            }
            if state.failures >= BREAKS_AFTER {
                let (guard, _) = self.news.wait_timeout(state, PAUSE).unwrap_or_else(PoisonError::into_inner);
                state = guard;
                if state.is_over {
                    return;
                }
            }
            drop(state);
            let started = Process::start(&start).and_then(|process| {
                settings.walls.suffice(process.missing()).map_err(io::Error::other)?;
                Ok(process)
            });
            state = self.lock();
            match started {
                Ok(process) => {
                    state.failures = 0;
                    state.missing.get_or_insert_with(|| process.missing().to_vec());
                    state.ready.push_back(process);
                    starts += 1;
                    if !settings.is_ahead && starts >= state.wanted {
                        state.wanted = 0; // from here on only what is waited for
                    }
                }
                Err(error) => {
                    state.failures = state.failures.saturating_add(1);
                    state.failure = error.to_string();
                }
            }
            self.news.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.news.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Warm {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.news.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // it does not panic
        }
    }
}
