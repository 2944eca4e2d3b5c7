use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Bytes, Limits};

/// What a case used, as far as its executor can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Wall time around this case alone: making what is fresh for it (realm, isolate, process), the call, reading
    /// the answer. Waiting for a free thread is not part of it.
    pub wall: Duration,
    /// Processor time of the same, on the case's own thread.
    pub cpu: Option<Duration>,
    /// The part of it that went into collecting garbage.
    pub gc: Option<Duration>,
    /// By how much the heap grew at most, garbage included, as seen at each collection and at the end. The realm is part of
    /// it; what earlier cases left behind is not. `None` also where it is not read because that would take as long as the
    /// case: in an isolate's shared realm after cases of some microseconds, but once in a while.
    pub heap: Option<Bytes>,
    /// The most memory that array buffers held.
    pub external: Option<Bytes>,
    /// What it wrote to the console and returned.
    pub output: Bytes,
}

impl Usage {
    /// Nothing but wall time.
    pub fn wall(wall: Duration) -> Usage {
        Usage { wall, ..Usage::default() }
    }

    /// The memory that it took, heap and array buffers together, if that is known.
    pub fn memory(&self) -> Option<Bytes> {
        self.heap.map(|heap| Bytes(heap.0.saturating_add(self.external.unwrap_or_default().0)))
    }

    /// What a case is said to have taken where one time is told: processor time, by which its limit decides, or wall time where
    /// that alone is known.
    pub fn time(&self) -> Duration {
        self.cpu.unwrap_or(self.wall)
    }

    /// This, each value beside its limit, as text: `cpu 1.2ms of 2s, wall 1.3ms of 7s, ..`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use deem_case::{Limits, Usage};
    ///
    /// let usage = Usage::wall(Duration::from_millis(3));
    /// assert_eq!(usage.beside(&Limits::default()).to_string(), "wall 3ms of 7s, output 0 bytes of 64 MiB");
    /// ```
    pub fn beside(&self, limits: &Limits) -> impl fmt::Display {
        Beside(*self, *limits)
    }
}

struct Beside(Usage, Limits);

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Beside(usage, limits) = self;
        if let Some(cpu) = usage.cpu {
            write!(f, "cpu {cpu:?} of {:?}, ", limits.cpu)?;
        }
        write!(f, "wall {:?} of {:?}, ", usage.wall, limits.wall)?;
        if let Some(gc) = usage.gc {
            write!(f, "gc {gc:?}, ")?;
        }
        if let Some(heap) = usage.heap {
            write!(f, "heap {heap} of {}, ", limits.heap)?;
        }
        if let Some(external) = usage.external {
            write!(f, "external {external} of {}, ", limits.external)?;
        }
        write!(f, "output {} of {}", usage.output, limits.output)
    }
}
