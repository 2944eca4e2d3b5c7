//! For how long a worker is waited for.

use std::io;
use std::time::{Duration, Instant};

use deem_core::Cancellation;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{OWN_TIME, Process};

/// A worker stops a case by itself where V8 can be interrupted. Where it cannot, the worker ends with the case, so much later.
const GRACE: Duration = Duration::from_millis(100);

/// How often it is looked at what a case has used, and whether it was cancelled.
const LOOK: Duration = Duration::from_millis(5);

/// Why a reply is not waited for any longer.
pub(super) enum Stop {
    Cpu,
    Wall,
    Cancelled,
    /// It has begun to answer, and not finished.
    Stalled,
    /// Somebody has stopped the worker itself, by a signal that its code cannot send.
    Halted,
}

/// Reads a worker's reply, for as long as its case may take and some more.
pub(super) struct Patiently<'a> {
    process: &'a mut Process,
    cpu: Duration,
    wall: Duration,
    cancellation: &'a Cancellation,
    since: Instant,
    /// Whether the reply has begun. The case is over then, and what is left is to be passed on.
    has_begun: bool,
    /// What the clock of the case's thread said before the case, at the least.
    cpu_before: Option<Duration>,
    pub(super) stop: Option<Stop>,
}

impl<'a> Patiently<'a> {
    pub(super) fn new(
        process: &'a mut Process,
        cpu: Duration,
        wall: Duration,
        cancellation: &'a Cancellation,
    ) -> Patiently<'a> {
        let (cpu, wall) = (cpu.saturating_add(GRACE), wall.saturating_add(GRACE));
        let since = Instant::now();
        Patiently { process, cpu, wall, cancellation, since, has_begun: false, cpu_before: None, stop: None }
    }

    /// Waits until there is something to read.
    fn wait(&mut self) -> Result<(), Stop> {
        loop {
            let elapsed = self.since.elapsed();
            let left = if self.has_begun { OWN_TIME } else { self.wall }.saturating_sub(elapsed);
            if left.is_zero() {
                return Err(if self.has_begun { Stop::Stalled } else { Stop::Wall });
            }
            let patience = Timespec { tv_sec: 0, tv_nsec: left.min(LOOK).as_nanos() as _ };
            let mut fds = [PollFd::new(&self.process.channel, PollFlags::IN)];
            // An interruption is as good as a look; other errors show when it is read.
            if poll(&mut fds, Some(&patience)).is_ok_and(|ready| ready > 0) {
                return Ok(());
            }
            if self.cancellation.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            if self.process.is_halted() {
                return Err(Stop::Halted);
            }
            let memory = self.process.data();
            self.process.memory.most = self.process.memory.most.max(memory);
            // The clock before the case is not known, for most cases are over before it would be read: it is what it says at
            // the first look, less all the time until then.
            let used = self.process.cpu();
            let before = *self.cpu_before.get_or_insert(used.saturating_sub(elapsed));
            if !self.has_begun && used.saturating_sub(before) > self.cpu {
                return Err(Stop::Cpu);
            }
        }
    }
}

impl io::Read for Patiently<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Err(stop) = self.wait() {
            self.stop = Some(stop);
            return Err(io::ErrorKind::TimedOut.into());
        }
        if !self.has_begun {
            (self.has_begun, self.since) = (true, Instant::now());
        }
        io::Read::read(&mut self.process.channel, buffer)
    }
}
