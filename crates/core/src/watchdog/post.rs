//! Where one isolate's cases are watched.

use std::mem;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use deem_case::Limits;

use super::rounds::Watchdog;
use crate::sync::atomic::{AtomicU8, Ordering};
use crate::sync::{Cancellation, Mutex, MutexGuard};

const AGAIN: Duration = Duration::from_millis(5);

/// For how long a reading of the processor clock will do.
const FRESH: Duration = Duration::from_millis(1);

/// A century or more: what a deadline can be away, so that every limit can be added to every time.
const FOREVER: Duration = Duration::from_secs(1 << 32);

/// Values of `Post::cause`; the others are causes.
const DISARMED: u8 = 0;
const ARMED: u8 = 1;

/// One isolate's.
pub(crate) struct Post {
    watchdog: Arc<Watchdog>,
    /// Processor time of the isolate's thread so far.
    cpu_clock: Box<dyn Fn() -> Duration + Send + Sync>,
    terminate: Box<dyn Fn() + Send + Sync>,
    /// The case's thread arms and disarms it, with the lock held. A cause takes the place of [`ARMED`], and stays.
    cause: AtomicU8,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    watch: Option<Watch>,
    reading: Option<Reading>,
    /// The case's, or the last one's.
    cancellation: Cancellation,
}

/// One case.
struct Watch {
    wall: Instant,
    /// What the thread's clock says when the case is over.
    cpu: Duration,
    /// The earliest that it can say so.
    cpu_at: Instant,
}

/// What the thread's processor clock said, at that time or soon after.
#[derive(Clone, Copy)]
struct Reading {
    at: Instant,
    cpu: Duration,
}

/// Why a case is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Cause {
    Cpu = 2,
    Wall,
    Heap,
    Output,
    Cancelled,
}

/// A post while a case runs; disarmed when dropped.
pub(crate) struct Armed<'a> {
    post: &'a Post,
    started: Instant,
    /// What the thread's clock said then, or up to [`FRESH`] more.
    cpu: Duration,
}

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Disarmed {
    /// If it was stopped: a termination may then be pending, and must be cancelled.
    pub(crate) cause: Option<Cause>,
    /// The processor time that it used: for a case of less than a millisecond its wall time, which is at least as much,
    /// and for others up to a millisecond too little.
    pub(crate) cpu: Duration,
}

impl Post {
    pub(super) fn new(
        watchdog: Arc<Watchdog>,
        cpu_clock: Box<dyn Fn() -> Duration + Send + Sync>,
        terminate: Box<dyn Fn() + Send + Sync>,
    ) -> Post {
        let (cause, state) = (AtomicU8::new(DISARMED), Mutex::new(State::default()));
        Post { watchdog, cpu_clock, terminate, cause, state }
    }

    /// Watches from now on a case that began at `now`.
    ///
    /// Its processor time counts from what the thread's clock can say at the most, going by a reading of the last
    /// millisecond: no case is charged for time that was not its own, and up to a millisecond of a case's own is given
    /// away.
    pub(crate) fn arm(&self, now: Instant, limits: &Limits, cancellation: &Cancellation) -> Armed<'_> {
        let mut state = lock(&self.state);
        let cpu = match state.reading {
            Some(Reading { at, cpu }) if now < at + FRESH => cpu + now.saturating_duration_since(at),
            _ => self.read(&mut state.reading, now),
        };
        let watch = Watch {
            wall: now + limits.wall.min(FOREVER),
            cpu: cpu.saturating_add(limits.cpu),
            cpu_at: now + limits.cpu.min(FOREVER),
        };
        let next = watch.next();
        // Two threads that both count references to the same one, for every case, take 250 ns longer for it.
        if state.cancellation != *cancellation {
            state.cancellation = cancellation.clone();
        }
        state.watch = Some(watch);
        self.cause.store(ARMED, Ordering::Relaxed);
        drop(state);
        self.watchdog.look_by(next);
        // If it was cancelled before it was armed, the watchdog has looked in vain.
        if cancellation.is_cancelled() {
            self.stop(Cause::Cancelled);
        }
        Armed { post: self, started: now, cpu }
    }

    /// Stops the case, on its own thread, if one is armed. Returns whether this became the cause.
    ///
    /// No lock is taken and nothing allocated, but by `terminate`: V8 may be collecting garbage. The watchdog is woken, and
    /// from then on fires, too.
    pub(crate) fn stop(&self, cause: Cause) -> bool {
        let first = self.blame(cause);
        // The case's own thread is here, so that it stays armed.
        if self.cause.load(Ordering::Relaxed) != DISARMED {
            (self.terminate)();
            self.watchdog.look();
        }
        first
    }

    /// Fires if the case is to be stopped. Returns when to look again.
    pub(super) fn check(&self, now: Instant) -> Option<Instant> {
        let mut state = lock(&self.state);
        let State { watch, reading, cancellation } = &mut *state;
        let watch = watch.as_mut()?;
        let on = || self.cause.load(Ordering::Relaxed) == ARMED;
        if on()
            && let Some(cause) = watch.cause(now, || self.read(reading, now), cancellation)
        {
            self.blame(cause);
        }
        if on() {
            return Some(watch.next());
        }
        // With the lock held: the case does not end before this has.
        (self.terminate)();
        Some(now + AGAIN)
    }

    /// Returns whether this is the cause, no other having been first.
    fn blame(&self, cause: Cause) -> bool {
        self.cause.compare_exchange(ARMED, cause as u8, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn read(&self, reading: &mut Option<Reading>, now: Instant) -> Duration {
        let cpu = (self.cpu_clock)();
        *reading = Some(Reading { at: now, cpu });
        cpu
    }

    fn disarm(&self, state: &mut State) -> Option<Cause> {
        state.watch = None;
        let cause = self.cause.load(Ordering::Relaxed);
        self.cause.store(DISARMED, Ordering::Relaxed);
        [Cause::Cpu, Cause::Wall, Cause::Heap, Cause::Output, Cause::Cancelled].into_iter().find(|&c| c as u8 == cause)
    }
}

impl Watch {
    fn next(&self) -> Instant {
        self.wall.min(self.cpu_at)
    }

    /// What the case is to be stopped for.
    fn cause(&mut self, now: Instant, clock: impl FnOnce() -> Duration, cancellation: &Cancellation) -> Option<Cause> {
        if now >= self.cpu_at {
            let left = self.cpu.saturating_sub(clock());
            if left.is_zero() {
                return Some(Cause::Cpu);
            }
            self.cpu_at = now + left.min(FOREVER);
        }
        if now >= self.wall {
            return Some(Cause::Wall);
        }
        cancellation.is_cancelled().then_some(Cause::Cancelled)
    }
}

impl Armed<'_> {
    /// Ends the watch, at `now`.
    pub(crate) fn disarm(self, now: Instant) -> Disarmed {
        let mut state = lock(&self.post.state);
        let cause = self.post.disarm(&mut state);
        let elapsed = now.saturating_duration_since(self.started);
        let cpu =
            if elapsed < FRESH { elapsed } else { self.post.read(&mut state.reading, now).saturating_sub(self.cpu) };
        drop(state);
        mem::forget(self);
        Disarmed { cause, cpu }
    }
}

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        self.post.disarm(&mut lock(&self.post.state));
    }
}

// A panic elsewhere must not take the limits of all isolates with it; what is guarded is whole at every moment.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
