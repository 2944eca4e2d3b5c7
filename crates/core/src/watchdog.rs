//! Stops cases that exceed their wall-clock limit: one thread for all isolates.
//!
//! Each isolate has a [`Post`]. A case arms it, and disarms it when its result has been read. The watchdog terminates
//! only what it finds armed and overdue under the post's own lock: a late kill finds the post disarmed, or armed by the
//! next case with a later deadline, and does nothing. It fires again until disarmed, for something else may cancel a
//! termination.
//!
//! Arming must cost next to nothing, so it wakes the watchdog only if the deadline is sooner than the watchdog's own
//! plan, `next`. With equal limits that is one wake-up in a limit's time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

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
    terminate: Box<dyn Fn() + Send + Sync>,
    watch: Mutex<Watch>,
}

#[derive(Default)]
struct Watch {
    deadline: Option<Instant>,
    fired: bool,
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

    /// A new post; `terminate` stops the case that runs there.
    pub(crate) fn post(self: &Arc<Self>, terminate: impl Fn() + Send + Sync + 'static) -> Arc<Post> {
        let post = Post { watchdog: self.clone(), terminate: Box::new(terminate), watch: Mutex::default() };
        let post = Arc::new(post);
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
    /// Watches from now on; the case is over at `deadline`.
    pub(crate) fn arm(&self, deadline: Instant) -> Armed<'_> {
        *lock(&self.watch) = Watch { deadline: Some(deadline), fired: false };
        self.watchdog.ring_if_sooner(deadline);
        Armed(self)
    }

    /// Fires if the post is overdue. Returns when to look again.
    fn check(&self, now: Instant) -> Option<Instant> {
        let mut watch = lock(&self.watch);
        let deadline = watch.deadline?;
        if deadline > now {
            return Some(deadline);
        }
        watch.fired = true;
        (self.terminate)();
        Some(now + AGAIN)
    }

    fn disarm(&self) -> bool {
        let mut watch = lock(&self.watch);
        watch.deadline = None;
        std::mem::take(&mut watch.fired)
    }
}

impl Armed<'_> {
    /// Ends the watch. Returns whether it fired: a termination may then be pending, and must be cancelled.
    pub(crate) fn disarm(self) -> bool {
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

    fn post() -> (Arc<Post>, mpsc::Receiver<Instant>) {
        let (fired, kills) = mpsc::channel();
        let watchdog = Watchdog::start().unwrap();
        (watchdog.post(move || fired.send(Instant::now()).unwrap()), kills)
    }

    #[test]
    fn fires_once_overdue_and_again_until_disarmed() {
        let (post, kills) = post();
        let deadline = Instant::now() + Duration::from_millis(20);
        let armed = post.arm(deadline);
        for _ in 0..3 {
            assert!(kills.recv().unwrap() >= deadline);
        }
        assert!(armed.disarm());
    }

    #[test]
    fn a_case_that_is_over_is_left_alone() {
        let (post, kills) = post();
        assert!(!post.arm(Instant::now() + Duration::from_millis(10)).disarm());
        let armed = post.arm(Instant::now() + Duration::from_secs(3600));
        assert!(kills.recv_timeout(Duration::from_millis(50)).is_err(), "the second case got the first one's kill");
        assert!(!armed.disarm());
    }

    #[test]
    fn a_sooner_deadline_overtakes() {
        let (fired, kills) = mpsc::channel();
        let watchdog = Watchdog::start().unwrap();
        let slow = watchdog.post(|| panic!("an hour has not passed"));
        let quick = watchdog.post(move || fired.send(()).unwrap());
        let _slow = slow.arm(Instant::now() + Duration::from_secs(3600));
        let _quick = quick.arm(Instant::now() + Duration::from_millis(5));
        kills.recv().unwrap();
    }
}
