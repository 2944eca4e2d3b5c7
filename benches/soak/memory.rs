//! What memory there is.

use std::fs;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use deem_core::{Bytes, Statistics};

/// What this process has in memory.
pub(crate) fn resident() -> Result<Bytes> {
    let status = fs::read_to_string("/proc/self/status").context("cannot read /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("there is no VmRSS")?;
    let kib = line.trim().trim_end_matches(" kB").parse().context("VmRSS is no number")?;
    Ok(Bytes::kib(kib))
}

/// The least and the most that was seen.
#[derive(Clone, Copy)]
pub(crate) struct Range {
    pub(crate) least: usize,
    pub(crate) most: usize,
}

impl Range {
    const NOTHING: Range = Range { least: usize::MAX, most: 0 };

    fn see(&mut self, value: usize) {
        *self = Range { least: self.least.min(value), most: self.most.max(value) };
    }
}

/// What was seen of isolates. V8 collects garbage when it will: what is in use lastingly is at most the least.
pub(crate) struct Seen {
    pub(crate) heap: Range,
    pub(crate) contexts: Range,
    pub(crate) detached: usize,
    pub(crate) isolates: usize,
}

impl Default for Seen {
    fn default() -> Seen {
        Seen { heap: Range::NOTHING, contexts: Range::NOTHING, detached: 0, isolates: 0 }
    }
}

impl Seen {
    pub(crate) fn see(seen: &Mutex<Seen>, isolate: Statistics) {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.heap.see(isolate.heap.0);
        seen.contexts.see(isolate.contexts);
        seen.detached = seen.detached.max(isolate.detached_contexts);
    }

    pub(crate) fn note_isolate(seen: &Mutex<Seen>) {
        seen.lock().unwrap_or_else(PoisonError::into_inner).isolates += 1;
    }

    /// What was seen since it was last taken.
    pub(crate) fn take(seen: &Mutex<Seen>) -> Seen {
        std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A part of the samples. The first one is for getting warm.
pub(crate) enum Third {
    Middle,
    Last,
}

impl Third {
    pub(crate) fn median(self, samples: &[Bytes]) -> Bytes {
        let third = samples.len() / 3;
        let samples = match self {
            Third::Middle => &samples[third..2 * third],
            Third::Last => &samples[samples.len() - third..],
        };
        deem_benches::rank(samples, 0.5)
    }
}
