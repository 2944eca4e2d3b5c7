use std::fmt;
use std::time::Duration;

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
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Processor time of the case's thread, from the entry into its realm until its answer has been read. This is the limit
    /// that decides: how busy the machine is does not change a verdict. Default: 2 s.
    pub cpu: Duration,
    /// Wall-clock time for the same: the backstop for what waits. Default: three times `cpu`, and a second.
    pub wall: Duration,
    /// JavaScript's heap. It holds the realm, too, which is about half a mebibyte, and what earlier cases left uncollected
    /// is collected before the limit counts. Default: 256 MiB.
    pub heap: Bytes,
    /// The memory of `ArrayBuffer`s, which is not in the heap. An allocation beyond it throws a `RangeError`. Default:
    /// 256 MiB.
    pub external: Bytes,
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub usize);

/// A limit under which nothing could run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {found} is below the smallest limit, {least}")]
pub struct InvalidLimits {
    field: &'static str,
    found: String,
    least: String,
}

impl Limits {
    const LEAST_TIME: Duration = Duration::from_millis(1);
    /// With less, V8 is out of memory before a case begins.
    const LEAST_HEAP: Bytes = Bytes::mib(16);
    const LEAST_EXTERNAL: Bytes = Bytes::mib(1);

    /// The default limits, but with this much processor time, and the wall-clock time that goes with it.
    pub const fn time(cpu: Duration) -> Limits {
        let wall = cpu.saturating_mul(3).saturating_add(Duration::from_secs(1));
        Limits { cpu, wall, heap: Bytes::mib(256), external: Bytes::mib(256) }
    }

    /// These limits, if something can run under them.
    ///
    /// # Errors
    /// At the first limit that is too small: says what the smallest is.
    pub fn check(self) -> Result<Limits, InvalidLimits> {
        let time = |field, found: Duration| {
            let refused =
                || InvalidLimits { field, found: format!("{found:?}"), least: format!("{:?}", Limits::LEAST_TIME) };
            (found >= Limits::LEAST_TIME).then_some(()).ok_or_else(refused)
        };
        let bytes = |field, found: Bytes, least: Bytes| {
            let refused = || InvalidLimits { field, found: found.to_string(), least: least.to_string() };
            (found >= least).then_some(()).ok_or_else(refused)
        };
        time("cpu", self.cpu)?;
        time("wall", self.wall)?;
        bytes("heap", self.heap, Limits::LEAST_HEAP)?;
        bytes("external", self.external, Limits::LEAST_EXTERNAL)?;
        Ok(self)
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::time(Duration::from_secs(2))
    }
}

impl Bytes {
    /// This many mebibytes, of 2^20 bytes each.
    pub const fn mib(mebibytes: usize) -> Bytes {
        Bytes(mebibytes << 20)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes > 0 && bytes % (1 << 20) == 0 => write!(f, "{} MiB", bytes >> 20),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}
