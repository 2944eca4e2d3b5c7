use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a case may use before it is stopped.
///
/// ```
/// use std::time::Duration;
/// use deem_case::{Bytes, Limits};
///
/// let limits = Limits { heap: Bytes::mib(64), ..Limits::time(Duration::from_millis(500)) };
/// assert_eq!(limits.wall, Duration::from_millis(2_500));
/// let error = Limits { heap: Bytes::mib(2), ..limits }.check().unwrap_err();
/// assert_eq!(error.to_string(), "heap: 2 MiB is below the smallest limit, 16 MiB");
/// let error = Limits { stack: Bytes::mib(100), ..limits }.check().unwrap_err();
/// assert_eq!(error.to_string(), "stack: 100 MiB is above the largest limit, 64 MiB");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Processor time of the case's thread, from the entry into its realm until its answer has been read. This is the limit
    /// that decides: how busy the machine is does not change a verdict. Default: 2 s; at least 1 ms.
    pub cpu: Duration,
    /// Wall-clock time for the same: the backstop for what waits. Default: three times `cpu`, and a second; at least 1 ms.
    pub wall: Duration,
    /// JavaScript's heap. It holds the realm, too, which is about half a mebibyte, and what earlier cases left uncollected
    /// is collected before the limit counts. Default: 256 MiB; at least 16 MiB, for with less V8 is out of memory before a
    /// case begins, and at most 1 TiB.
    pub heap: Bytes,
    /// The memory of `ArrayBuffer`s, which is not in the heap. An allocation beyond it throws a `RangeError`. Default:
    /// 256 MiB; at least 1 MiB, and at most 1 TiB.
    pub external: Bytes,
    /// What the case writes to its console and returns, together: the console as UTF-8, the answer in the form in which it
    /// leaves the executor. Default: 64 MiB; at least 1 KiB, and at most 1 TiB.
    pub output: Bytes,
    /// JavaScript's stack. A call that does not fit throws a `RangeError`. Default: 984 KiB, as V8's own; at least 128 KiB,
    /// and at most 64 MiB.
    pub stack: Bytes,
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bytes(pub usize);

/// A limit under which nothing could run, or that cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {found} is {bound}")]
pub struct InvalidLimits {
    field: &'static str,
    found: String,
    bound: String,
}

impl Limits {
    /// The largest [`stack`](Limits::stack): executors give their threads that much.
    pub const MOST_STACK: Bytes = Bytes::mib(64);

    // A tebibyte is as good as no limit, and leaves room to add up.
    const MOST_MEMORY: Bytes = Bytes::mib(1 << 20);
    const LEAST_TIME: Duration = Duration::from_millis(1);
    const LEAST_HEAP: Bytes = Bytes::mib(16);
    const LEAST_EXTERNAL: Bytes = Bytes::mib(1);
    const LEAST_OUTPUT: Bytes = Bytes::kib(1);
    // V8's own C++ uses some tens of kibibytes of it, for a regular expression or a sort, say.
    const LEAST_STACK: Bytes = Bytes::kib(128);

    /// The default limits, but with this much processor time, and the wall-clock time that goes with it.
    pub const fn time(cpu: Duration) -> Limits {
        Limits {
            cpu,
            wall: cpu.saturating_mul(3).saturating_add(Duration::from_secs(1)),
            heap: Bytes::mib(256),
            external: Bytes::mib(256),
            output: Bytes::mib(64),
            stack: Bytes::kib(984),
        }
    }

    /// These limits, if something can run under them.
    ///
    /// # Errors
    /// At the first limit that is too small, or too large: says what the smallest, or the largest, is.
    pub fn check(self) -> Result<Limits, InvalidLimits> {
        at_least("cpu", self.cpu, Limits::LEAST_TIME, |time| format!("{time:?}"))?;
        at_least("wall", self.wall, Limits::LEAST_TIME, |time| format!("{time:?}"))?;
        at_least("heap", self.heap, Limits::LEAST_HEAP, Bytes::to_string)?;
        at_least("external", self.external, Limits::LEAST_EXTERNAL, Bytes::to_string)?;
        at_least("output", self.output, Limits::LEAST_OUTPUT, Bytes::to_string)?;
        at_least("stack", self.stack, Limits::LEAST_STACK, Bytes::to_string)?;
        at_most("heap", self.heap, Limits::MOST_MEMORY)?;
        at_most("external", self.external, Limits::MOST_MEMORY)?;
        at_most("output", self.output, Limits::MOST_MEMORY)?;
        at_most("stack", self.stack, Limits::MOST_STACK)?;
        Ok(self)
    }
}

fn at_least<T: PartialOrd>(
    field: &'static str,
    found: T,
    least: T,
    show: impl Fn(&T) -> String,
) -> Result<(), InvalidLimits> {
    if found >= least {
        return Ok(());
    }
    let bound = format!("below the smallest limit, {}", show(&least));
    Err(InvalidLimits { field, found: show(&found), bound })
}

fn at_most(field: &'static str, found: Bytes, most: Bytes) -> Result<(), InvalidLimits> {
    if found <= most {
        return Ok(());
    }
    Err(InvalidLimits { field, found: found.to_string(), bound: format!("above the largest limit, {most}") })
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::time(Duration::from_secs(2))
    }
}

impl Bytes {
    /// This many mebibytes, of 2^20 bytes each; as many bytes as there can be, where that is more.
    pub const fn mib(mebibytes: usize) -> Bytes {
        Bytes(mebibytes.saturating_mul(1 << 20))
    }

    /// This many kibibytes, of 2^10 bytes each; as many bytes as there can be, where that is more.
    pub const fn kib(kibibytes: usize) -> Bytes {
        Bytes(kibibytes.saturating_mul(1 << 10))
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes > 0 && bytes % (1 << 20) == 0 => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes > 0 && bytes % (1 << 10) == 0 => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}
