//! One subprocess: started, spoken to under a deadline, and ended with all that it started.

use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use deem_case::Bytes;

use crate::protocol::{self, Reply};
use crate::runtime::Runtime;

/// How much of what the process says on standard error is kept, in bytes: the end.
const STDERR_KEPT: usize = 4 << 10;

/// What became of a request.
pub(crate) enum Answer {
    Reply(Reply),
    /// No reply by the deadline. The process has been killed.
    Late,
    /// The process died instead. Says how.
    Died(String),
}

pub(crate) struct Process {
    child: Child,
    channel: UnixStream,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Process {
    /// Starts the runner. The environment is empty but for PATH, so that no `NODE_OPTIONS` decides a verdict.
    pub(crate) fn start(runtime: &Runtime, isolation: &str, heap: Bytes) -> io::Result<Process> {
        let (channel, theirs) = UnixStream::pair()?;
        // Nothing here makes std fork where it can use posix_spawn (a closure before exec would): that copies no page
        // tables, which in a process with V8's heaps in it are large.
        let mut child = Command::new(&runtime.program)
            .args(runtime.heap_option.map(|option| format!("{option}{}", heap.0 >> 20)))
            .args(&runtime.evaluate)
            .arg(include_str!("runner.js"))
            .arg(isolation)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let stderr = child.stderr.take().map(|pipe| std::thread::spawn(move || drain(pipe)));
        Ok(Process { child, channel, stderr })
    }

    /// Sends frames, and waits for one reply until the deadline. After anything but a reply the process is over.
    pub(crate) fn ask(&mut self, frames: &[&[u8]], deadline: Instant) -> io::Result<Answer> {
        let mut channel = WithDeadline { channel: &self.channel, deadline };
        let asked = frames.iter().try_for_each(|frame| channel.write_all(frame));
        match asked.and_then(|()| protocol::receive(&mut channel)) {
            Ok(reply) => Ok(Answer::Reply(reply)),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                self.end();
                Ok(Answer::Late)
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                self.end();
                Err(error)
            }
            // The other end is closed, which its end of the socket is only when the process is over.
            Err(_) => Ok(Answer::Died(self.obituary()?)),
        }
    }

    /// Waits until the process has gone by itself, at the latest at the deadline, when it is killed.
    pub(crate) fn finish(mut self, deadline: Instant) {
        let mut channel = WithDeadline { channel: &self.channel, deadline };
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
        if let Some(group) = rustix::process::Pid::from_raw(self.child.id() as i32) {
            // No such process: it has gone by itself, and left nothing in its group.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
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

struct WithDeadline<'a> {
    channel: &'a UnixStream,
    deadline: Instant,
}

impl WithDeadline<'_> {
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for WithDeadline<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.channel.set_read_timeout(Some(self.left()?))?;
        self.channel.read(buffer)
    }
}

impl Write for WithDeadline<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.channel.set_write_timeout(Some(self.left()?))?;
        self.channel.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
