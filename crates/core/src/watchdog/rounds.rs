//! The watchdog's thread: it makes rounds of the posts, and sleeps in between.

use std::io;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::post::{Post, lock};
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::sync::{self, Mutex, Parker, Thread};

/// `next` when nothing is armed, and while the posts are being looked at.
const NEVER: u64 = u64::MAX;

/// The watchdog's thread, which ends with the last post.
pub(crate) struct Watchdog {
    rounds: Arc<Rounds>,
    thread: Thread,
}

struct Rounds {
    posts: Mutex<Vec<Weak<Post>>>,
    /// When the next round is, in nanoseconds after `start`.
    next: AtomicU64,
    over: AtomicBool,
    start: Instant,
}

impl Watchdog {
    /// Starts the watchdog's thread.
    ///
    /// # Errors
    /// If there is no thread to be had.
    pub(crate) fn start() -> io::Result<Arc<Watchdog>> {
        let rounds = Arc::new(Rounds {
            posts: Mutex::new(Vec::new()),
            next: AtomicU64::new(NEVER),
            over: AtomicBool::new(false),
            start: sync::now(),
        });
        let made = rounds.clone();
        let thread = sync::spawn("deem-watchdog", move |parker| made.make(&parker))?;
        Ok(Arc::new(Watchdog { rounds, thread }))
    }

    /// A new post; `terminate` stops the case that runs there, on the thread of this `cpu_clock`.
    pub(crate) fn post(
        self: &Arc<Self>,
        cpu_clock: impl Fn() -> Duration + Send + Sync + 'static,
        terminate: impl Fn() + Send + Sync + 'static,
    ) -> Arc<Post> {
        let post = Arc::new(Post::new(self.clone(), Box::new(cpu_clock), Box::new(terminate)));
        lock(&self.rounds.posts).push(Arc::downgrade(&post));
        post
    }

    /// Has all posts looked at now, for whoever has cancelled. It takes no lock.
    pub(crate) fn look(&self) {
        self.thread.unpark();
    }

    /// Has the posts looked at by `deadline`, after the post in question has been armed with it.
    pub(super) fn look_by(&self, deadline: Instant) {
        // A round that comes to the post from now on finds it armed. One that came before had stored NEVER before that, and
        // by the post's lock that is seen here: what is read is NEVER, or the plan of that round, or that of a later one,
        // which has this deadline in it.
        if self.rounds.nanos(deadline) < self.rounds.next.load(Ordering::Relaxed) {
            self.look();
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.rounds.over.store(true, Ordering::Relaxed);
        self.thread.unpark();
    }
}

impl Rounds {
    fn make(&self, parker: &Parker) {
        while !self.over.load(Ordering::Relaxed) {
            parker.park_until(self.look(sync::now()));
        }
    }

    /// One round. Returns when the next is to be.
    fn look(&self, now: Instant) -> Option<Instant> {
        let mut posts = lock(&self.posts);
        // Before any post is looked at: `look_by` says why.
        self.next.store(NEVER, Ordering::Relaxed);
        let mut soonest: Option<Instant> = None;
        posts.retain(|post| {
            let Some(post) = post.upgrade() else { return false };
            soonest = [soonest, post.check(now)].into_iter().flatten().min();
            true
        });
        self.next.store(soonest.map_or(NEVER, |next| self.nanos(next)), Ordering::Relaxed);
        soonest
    }

    fn nanos(&self, instant: Instant) -> u64 {
        u64::try_from(instant.saturating_duration_since(self.start).as_nanos()).unwrap_or(NEVER - 1)
    }
}
