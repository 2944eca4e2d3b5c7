//! What the watchdog synchronises with. `tests/watchdog_model.rs` has a module of the same names, of loom's, under which
//! the same watchdog runs in every order.

use std::io;
use std::thread::{self, Builder};
use std::time::Instant;

pub(crate) use std::sync::{Mutex, MutexGuard, atomic};
pub(crate) use std::thread::Thread;

pub(crate) use deem_case::Cancellation;

pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Where a thread that was started by [`spawn`] sleeps. [`Thread::unpark`] wakes it, or keeps it from the next sleep: no
/// lock, no allocation, and none is lost.
pub(crate) struct Parker(());

impl Parker {
    /// Sleeps until then, until woken, or less.
    pub(crate) fn park_until(&self, when: Option<Instant>) {
        match when {
            Some(when) => thread::park_timeout(when.saturating_duration_since(now())),
            None => thread::park(),
        }
    }
}

/// Starts a thread that ends by itself.
pub(crate) fn spawn(name: &str, run: impl FnOnce(Parker) + Send + 'static) -> io::Result<Thread> {
    let thread = Builder::new().name(name.to_owned()).spawn(move || run(Parker(())))?;
    Ok(thread.thread().clone())
}
