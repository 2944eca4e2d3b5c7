//! One subprocess: started, spoken to under a deadline, and ended with all that it started.

use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use deem_case::{Cancellation, Limits, Rules};
use rustix::io::Errno;
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process_group, prlimit};
use serde::de::DeserializeOwned;

use crate::protocol;
use crate::runtime::Runtime;

/// How much of what the process says on standard error is kept, in bytes: the end.
const STDERR_KEPT: usize = 4 << 10;

/// What became of a request.
pub(crate) enum Answer<T> {
    /// With its length, in bytes.
    Reply(T, usize),
    /// No reply in time. The process has been killed.
    Stopped(Stop),
    /// The process died instead. Says how.
    Died(String),
}

/// Why a process was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Cpu,
    Wall,
    Cancelled,
}

/// How long a process may take to reply.
pub(crate) struct Patience<'a> {
    /// When it is over at the latest.
    pub(crate) deadline: Instant,
    /// How much processor time its main thread may use until then.
    pub(crate) cpu: Duration,
    pub(crate) cancellation: &'a Cancellation,
}

/// How often a process that has not replied is looked at: whether it has used up its processor time, or was cancelled. What it
/// uses before the first look is not counted.
const LOOK: Duration = Duration::from_millis(20);

/// What node itself may take of memory that is no heap and no array buffer: its code, its threads' stacks, its compilers.
const OWN_MEMORY: u64 = 768 << 20;

pub(crate) struct Process {
    child: Child,
    channel: UnixStream,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Process {
    /// Starts the runner. The environment is empty but for PATH, so that no `NODE_OPTIONS` decides a verdict, and for the
    /// time zone that cases see.
    pub(crate) fn start(runtime: &Runtime, isolation: &str, rules: &Rules, module: bool) -> io::Result<Process> {
        let (channel, theirs) = UnixStream::pair()?;
        // Nothing here makes std fork where it can use posix_spawn (a closure before exec would): that copies no page
        // tables, which in a process with V8's heaps in it are large.
        let mut child = Command::new(&runtime.program)
            .args(runtime.options(rules, module))
            .args(&runtime.evaluate)
            .arg(include_str!("runner.js"))
            .arg(isolation)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("TZ", "UTC")
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let stderr = child.stderr.take().map(|pipe| std::thread::spawn(move || drain(pipe)));
        let process = Process { child, channel, stderr };
        if runtime.is_node {
            process.limit_memory(rules.limits)?;
        }
        Ok(process)
    }

    /// Array buffers are outside of the heap: what bounds them is the kernel's limit of private memory (`RLIMIT_DATA`). It is
    /// set from here, before the process gets its program.
    fn limit_memory(&self, limits: Limits) -> io::Result<()> {
        let Some(pid) = Pid::from_raw(self.child.id() as i32) else { return Ok(()) };
        // V8 goes some way beyond its limit before it gives up.
        let bytes = OWN_MEMORY + limits.heap.0 as u64 * 3 / 2 + limits.external.0 as u64;
        let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
        match prlimit(Some(pid), Resource::Data, limit) {
            // It has gone already, and will be found to have.
            Ok(_) | Err(Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Sends frames, and waits for one reply. After anything but a reply the process is over.
    pub(crate) fn ask<T: DeserializeOwned>(
        &mut self,
        frames: &[&[u8]],
        patience: Patience<'_>,
    ) -> io::Result<Answer<T>> {
        let mut channel = Patiently { channel: &self.channel, pid: self.child.id(), patience, cpu: None, stop: None };
        let asked = frames.iter().try_for_each(|frame| channel.write_all(frame));
        let received = asked.and_then(|()| protocol::receive(&mut channel));
        let stop = channel.stop;
        match (stop, received) {
            (_, Ok((reply, length))) => Ok(Answer::Reply(reply, length)),
            (Some(stop), Err(_)) => {
                self.end();
                Ok(Answer::Stopped(stop))
            }
            (None, Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                self.end();
                Err(error)
            }
            // The other end is closed, which its end of the socket is only when the process is over.
            (None, Err(_)) => Ok(Answer::Died(self.obituary()?)),
        }
    }

    /// Waits until the process has gone by itself, at the latest at the deadline, when it is killed.
    pub(crate) fn finish(mut self, deadline: Instant) {
        let patience = Patience { deadline, cpu: Duration::MAX, cancellation: &Cancellation::default() };
        let mut channel = Patiently { channel: &self.channel, pid: self.child.id(), patience, cpu: None, stop: None };
        // It says nothing more: the socket closes when it exits.
        let _ = io::copy(&mut channel, &mut io::sink());
        self.end();
    }

    fn obituary(&mut self) -> io::Result<String> {
        // Were it alive after all, having closed its socket, it would be waited for.
        self.kill();
        let status = self.child.wait()?;
        let last_words = self.stderr.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        let last_words = String::from_utf8_lossy(&last_words);
        let lines = || last_words.lines().map(str::trim).filter(|line| !line.is_empty());
        let line = lines().find(|line| line.starts_with("FATAL ERROR")).or_else(|| lines().next());
        Ok(line.map_or_else(|| how(status), |line| format!("{}: {line}", how(status))))
    }

    /// Kills whatever is left of the process and of what it started, and waits for it.
    fn end(&mut self) {
        self.kill();
        let _ = self.child.wait(); // waited for before, or gone
    }

    fn kill(&self) {
        if let Some(group) = Pid::from_raw(self.child.id() as i32) {
            // No such process: it has gone by itself, and left nothing in its group.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
        if let Some(stderr) = self.stderr.take() {
            let _ = stderr.join();
        }
    }
}

fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("the process exited with code {code}"),
        (None, Some(9)) => "the process was killed (SIGKILL)".to_owned(),
        (None, Some(signal)) => format!("the process was ended by signal {signal}"),
        (None, None) => "the process ended".to_owned(),
    }
}

/// Reads to the end, so that the process never waits for a full pipe, and keeps the last of it.
fn drain(mut pipe: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; 4 << 10];
    while let Ok(read @ 1..) = pipe.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..read]);
        let excess = kept.len().saturating_sub(STDERR_KEPT);
        kept.drain(..excess);
    }
    kept
}

/// Reads and writes, until the process has had time enough; `stop` then says why.
struct Patiently<'a> {
    channel: &'a UnixStream,
    pid: u32,
    patience: Patience<'a>,
    /// What the process had used at the first look.
    cpu: Option<Duration>,
    stop: Option<Stop>,
}

impl Patiently<'_> {
    /// Tries again and again, for no longer than [`LOOK`] at a time.
    fn retry(&mut self, mut attempt: impl FnMut(&UnixStream, Duration) -> io::Result<usize>) -> io::Result<usize> {
        loop {
            let left = self.patience.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.stop(Stop::Wall);
            }
            match attempt(self.channel, left.min(LOOK)) {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
                other => return other,
            }
            if self.patience.cancellation.is_cancelled() {
                return self.stop(Stop::Cancelled);
            }
            let used = main_thread_cpu(self.pid);
            let before = *self.cpu.get_or_insert(used);
            if used.saturating_sub(before) > self.patience.cpu {
                return self.stop(Stop::Cpu);
            }
        }
    }

    fn stop(&mut self, stop: Stop) -> io::Result<usize> {
        self.stop = Some(stop);
        Err(io::ErrorKind::TimedOut.into())
    }
}

impl Read for Patiently<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.retry(|mut channel, timeout| {
            channel.set_read_timeout(Some(timeout))?;
            channel.read(buffer)
        })
    }
}

impl Write for Patiently<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.retry(|mut channel, timeout| {
            channel.set_write_timeout(Some(timeout))?;
            channel.write(bytes)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The processor time of a process's main thread, where its JavaScript runs: the first field of its `schedstat`, in
/// nanoseconds (the kernel's Documentation/scheduler/sched-stats.rst). Zero if it cannot be read; wall time is the limit then.
fn main_thread_cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    Duration::from_nanos(stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}
