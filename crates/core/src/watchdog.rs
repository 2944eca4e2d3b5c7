//! Stops cases that exceed their limits of time: one thread for all isolates.
//!
//! Each isolate has a [`Post`]. A case arms it, and disarms it when its result has been read. The watchdog terminates
//! only what it finds armed and overdue under the post's own lock: a late kill finds the post disarmed, or armed by the
//! next case with a later deadline, and does nothing. It fires again until disarmed, for something else may cancel a
//! termination.
//!
//! Arming must cost next to nothing, so it wakes the watchdog only if the deadline is sooner than the watchdog's own
//! plan, `next`. With equal limits that is one wake-up in a limit's time. Processor time never runs ahead of wall time: a
//! case's clock is read when it could be over its limit at the earliest, and again after what it then has left.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use deem_case::Limits;

use crate::error::{Error, ErrorKind};

const AGAIN: Duration = Duration::from_millis(5);

/// `next` when nothing is armed, and while the posts are being looked at.
const NEVER: u64 = u64::MAX;

pub(crate) struct Watchdog {
    posts: Mutex<Vec<Weak<Post>>>,
    sooner: Condvar,
    /// When the watchdog looks at the posts again, in nanoseconds after `start`.
    next: AtomicU64,
    start: Instant,
}

/// Where one isolate's cases are watched.
pub(crate) struct Post {
    watchdog: Arc<Watchdog>,
    /// Processor time of the isolate's thread so far.
    cpu_clock: Box<dyn Fn() -> Duration + Send + Sync>,
    terminate: Box<dyn Fn() + Send + Sync>,
    watch: Mutex<Option<Watch>>,
}

/// One case.
struct Watch {
    wall: Instant,
    /// What the thread's clock says when the case is over.
    cpu: Duration,
    /// The earliest that it can say so.
    cpu_at: Instant,
    fired: Option<Overdue>,
}

/// Which limit a case exceeded: the one that was found first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overdue {
    Cpu,
    Wall,
}

/// A post while a case runs; disarmed when dropped.
pub(crate) struct Armed<'a>(&'a Post);

impl Watchdog {
    pub(crate) fn start() -> Result<Arc<Watchdog>, Error> {
        let watchdog = Arc::new(Watchdog {
            posts: Mutex::default(),
            sooner: Condvar::new(),
            next: AtomicU64::new(NEVER),
            start: Instant::now(),
        });
        let watching = watchdog.clone();
        std::thread::Builder::new()
            .name("deem-watchdog".to_owned())
            .spawn(move || watching.watch())
            .map_err(|error| Error::new(ErrorKind::Thread, error.to_string()))?;
        Ok(watchdog)
    }

    /// A new post; `terminate` stops the case that runs there, on the thread of this `cpu_clock`.
    pub(crate) fn post(
        self: &Arc<Self>,
        cpu_clock: impl Fn() -> Duration + Send + Sync + 'static,
        terminate: impl Fn() + Send + Sync + 'static,
    ) -> Arc<Post> {
        let post = Arc::new(Post {
            watchdog: self.clone(),
            cpu_clock: Box::new(cpu_clock),
            terminate: Box::new(terminate),
            watch: Mutex::default(),
        });
        lock(&self.posts).push(Arc::downgrade(&post));
        post
    }

    fn watch(&self) {
        let mut posts = lock(&self.posts);
        loop {
            // Before any post is looked at: whoever arms one after that finds NEVER here, or the plan that left its
            // deadline out, and rings.
            self.next.store(NEVER, Ordering::SeqCst);
            let now = Instant::now();
            let mut soonest: Option<Instant> = None;
            posts.retain(|post| {
                let Some(post) = post.upgrade() else { return false };
                soonest = [soonest, post.check(now)].into_iter().flatten().min();
                true
            });
            posts = match soonest {
                None => self.sooner.wait(posts).unwrap_or_else(PoisonError::into_inner),
                Some(next) => {
                    self.next.store(self.nanos(next), Ordering::SeqCst);
                    let wait = next.saturating_duration_since(Instant::now());
                    self.sooner.wait_timeout(posts, wait).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn ring_if_sooner(&self, deadline: Instant) {
        if self.nanos(deadline) < self.next.load(Ordering::SeqCst) {
            // With the lock held, the watchdog is waiting and not on its way there.
            let _posts = lock(&self.posts);
            self.sooner.notify_one();
        }
    }

    fn nanos(&self, instant: Instant) -> u64 {
        u64::try_from(instant.saturating_duration_since(self.start).as_nanos()).unwrap_or(NEVER - 1)
    }
}

impl Post {
    /// Watches from now on a case that began at `started`.
    pub(crate) fn arm(&self, started: Instant, limits: &Limits) -> Armed<'_> {
        let watch = Watch {
            wall: started + limits.wall,
            cpu: (self.cpu_clock)() + limits.cpu,
            cpu_at: started + limits.cpu,
            fired: None,
        };
        let next = watch.next();
        *lock(&self.watch) = Some(watch);
        self.watchdog.ring_if_sooner(next);
        Armed(self)
    }

    /// Fires if the post is overdue. Returns when to look again.
    fn check(&self, now: Instant) -> Option<Instant> {
        let mut watch = lock(&self.watch);
        let watch = watch.as_mut()?;
        if now >= watch.cpu_at {
            let left = watch.cpu.saturating_sub((self.cpu_clock)());
            if left.is_zero() {
                watch.fired.get_or_insert(Overdue::Cpu);
            } else {
                watch.cpu_at = now + left;
            }
        }
        if now >= watch.wall {
            watch.fired.get_or_insert(Overdue::Wall);
        }
        if watch.fired.is_none() {
            return Some(watch.next());
        }
        (self.terminate)();
        Some(now + AGAIN)
    }

    fn disarm(&self) -> Option<Overdue> {
        lock(&self.watch).take()?.fired
    }
}

impl Watch {
    fn next(&self) -> Instant {
        self.wall.min(self.cpu_at)
    }
}

impl Armed<'_> {
    /// Ends the watch. Returns whether it fired, and why: a termination may then be pending, and must be cancelled.
    pub(crate) fn disarm(self) -> Option<Overdue> {
        self.0.disarm()
    }
}

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        self.0.disarm();
    }
}

// A panic elsewhere must not take the limits of all isolates with it; what is guarded is whole at every moment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const HOUR: Duration = Duration::from_secs(3600);

    /// A post whose thread uses processor time as fast as time passes, times `share`.
    fn post(share: f64) -> (Arc<Post>, mpsc::Receiver<Instant>) {
        let (fired, kills) = mpsc::channel();
        let (watchdog, start) = (Watchdog::start().unwrap(), Instant::now());
        let post = watchdog.post(move || start.elapsed().mul_f64(share), move || fired.send(Instant::now()).unwrap());
        (post, kills)
    }

    fn limits(cpu: Duration, wall: Duration) -> Limits {
        Limits { cpu, wall, ..Limits::default() }
    }

    #[test]
    fn fires_once_overdue_and_again_until_disarmed() {
        let (post, kills) = post(0.0);
        let (started, wall) = (Instant::now(), Duration::from_millis(20));
        let armed = post.arm(started, &limits(HOUR, wall));
        for _ in 0..3 {
            assert!(kills.recv().unwrap() >= started + wall);
        }
        assert_eq!(armed.disarm(), Some(Overdue::Wall));
    }

    #[test]
    fn processor_time_decides_by_its_own_clock() {
        let (post, kills) = post(0.25);
        let (started, cpu) = (Instant::now(), Duration::from_millis(10));
        let armed = post.arm(started, &limits(cpu, HOUR));
        assert!(kills.recv().unwrap() >= started + 3 * cpu, "it had a quarter of the processor only");
        assert_eq!(armed.disarm(), Some(Overdue::Cpu));
    }

    #[test]
    fn a_case_that_is_over_is_left_alone() {
        let (post, kills) = post(1.0);
        let soon = limits(Duration::from_millis(10), Duration::from_millis(10));
        assert_eq!(post.arm(Instant::now(), &soon).disarm(), None);
        let armed = post.arm(Instant::now(), &limits(HOUR, HOUR));
        assert!(kills.recv_timeout(Duration::from_millis(50)).is_err(), "the second case got the first one's kill");
        assert_eq!(armed.disarm(), None);
    }

    #[test]
    fn a_sooner_deadline_overtakes() {
        let (fired, kills) = mpsc::channel();
        let watchdog = Watchdog::start().unwrap();
        let slow = watchdog.post(|| Duration::ZERO, || panic!("an hour has not passed"));
        let quick = watchdog.post(|| Duration::ZERO, move || fired.send(()).unwrap());
        let _slow = slow.arm(Instant::now(), &limits(HOUR, HOUR));
        let _quick = quick.arm(Instant::now(), &limits(HOUR, Duration::from_millis(5)));
        kills.recv().unwrap();
    }
}
