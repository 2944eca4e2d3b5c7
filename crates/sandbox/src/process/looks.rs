//! What the kernel tells of a worker. Its files stay open, so that a supervisor that may open none any more goes on seeing.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

use crate::worker;

pub(super) struct Looks {
    stat: File,
    statm: File,
    /// Of the thread that runs cases, if it is one: the worker has named it. Without, wall time is the only limit of time.
    schedstat: Option<File>,
}

impl Looks {
    pub(super) fn at(process: u32, thread: i32) -> io::Result<Looks> {
        let open = |name: &str| File::open(format!("/proc/{process}/{name}"));
        let schedstat = match open(&format!("task/{thread}/schedstat")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            schedstat => Some(schedstat?),
        };
        Ok(Looks { stat: open("stat")?, statm: open("statm")?, schedstat })
    }

    /// The processor time of the thread that runs cases: the first field of its `schedstat`, in nanoseconds (the kernel's
    /// Documentation/scheduler/sched-stats.rst). Zero if the thread has ended.
    pub(super) fn cpu(&self) -> Duration {
        let stat = self.schedstat.as_ref().map(text).unwrap_or_default();
        Duration::from_nanos(stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
    }

    /// Whether it is stopped: the letter after the program's name (proc_pid_stat(5)). A tracer's stops are not meant, which are
    /// at every system call.
    pub(super) fn is_halted(&self) -> bool {
        text(&self.stat).rsplit(") ").next().is_some_and(|state| state.starts_with('T'))
    }

    /// How large its data and stacks are, which is what the kernel limits. Zero if it has ended.
    pub(super) fn data(&self) -> u64 {
        worker::data_of(&self.statm).unwrap_or(0)
    }
}

/// What there is now; nothing of a process that has ended.
fn text(file: &File) -> String {
    let mut bytes = [0; 1024];
    let length = file.read_at(&mut bytes, 0).unwrap_or(0);
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}
