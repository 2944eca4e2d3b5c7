//! Ctrl-C: once, the run ends after the cases that are done, and they are reported; twice, it ends at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use deem_core::Cancellation;

/// The exit code of what was interrupted, as shells have it.
pub(crate) const EXIT_CODE: u8 = 130;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Stops the run that is under way.
static RUNNING: Mutex<Option<Cancellation>> = Mutex::new(None);

pub(crate) fn listen() -> Result<()> {
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            deem_spawn::kill_children();
            std::process::exit(EXIT_CODE.into());
        }
        if let Some(cancellation) = running().as_ref() {
            cancellation.cancel();
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")
}

pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// From here on, Ctrl-C cancels this.
pub(crate) fn stops(cancellation: &Cancellation) {
    *running() = Some(cancellation.clone());
    // It may have come before there was anything to cancel.
    if interrupted() {
        cancellation.cancel();
    }
}

fn running() -> MutexGuard<'static, Option<Cancellation>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
