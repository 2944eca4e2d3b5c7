//! Workers that have been started before anybody wants them.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use deem_core::InternalError;

use crate::process::Process;
use crate::wall::Walls;

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
    /// How many starts have failed, one after the other, and how the last one did.
    failures: u32,
    failure: String,
    is_over: bool,
}

impl Warm {
    pub(crate) fn start(wanted: usize, walls: Walls) -> io::Result<Warm> {
        let state = State { ready: VecDeque::new(), wanted, failures: 0, failure: String::new(), is_over: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), news: Condvar::new() });
        let of_thread = shared.clone();
        let thread = std::thread::Builder::new().name("deem-warm".to_owned());
        let thread = Some(thread.spawn(move || of_thread.keep_ready(walls))?);
        Ok(Warm { shared, thread })
    }

    /// A worker that is ready; waits for one that is being started.
    pub(crate) fn take(&self) -> Result<Process, InternalError> {
        let mut state = self.shared.lock();
        loop {
            if let Some(process) = state.ready.pop_front() {
                self.shared.news.notify_all();
                return Ok(process);
            }
            if state.failures >= BREAKS_AFTER {
                return Err(InternalError(format!("no worker could be started: {}", state.failure)));
            }
            state = self.shared.wait(state);
        }
    }
}

impl Shared {
    fn keep_ready(&self, walls: Walls) {
        let mut state = self.lock();
        while !state.is_over {
            if state.ready.len() >= state.wanted {
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
            let started = Process::start(walls);
            state = self.lock();
            match started {
                Ok(process) => {
                    state.failures = 0;
                    state.ready.push_back(process);
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
