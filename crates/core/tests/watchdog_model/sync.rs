//! `src/sync.rs`, of loom's.

use std::cell::RefCell;
use std::io;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use loom::sync::Condvar;
use loom::sync::atomic::{AtomicBool, AtomicU64, Ordering};
pub(crate) use loom::sync::{Mutex, MutexGuard, atomic};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

// Loom's threads are coroutines of the one that runs the test.
thread_local! {
    static WORLD: RefCell<Option<Arc<World>>> = const { RefCell::new(None) };
}

/// What is the same for all threads. Loom is to know all of it, or it would not try every order.
struct World {
    /// In milliseconds after the start.
    time: AtomicU64,
    /// What std says of parking: `unpark` gives a token, which `park` takes. (Loom's `unpark` does something else: it
    /// wakes who waits for a mutex.)
    token: Mutex<Token>,
    changed: Condvar,
    asleep: Condvar,
}

#[derive(Default)]
struct Token {
    given: bool,
    /// Until when its thread sleeps, if it does.
    sleeps: Option<Option<Instant>>,
}

fn world() -> Arc<World> {
    WORLD.with_borrow(|world| world.clone().expect("it has begun"))
}

pub(crate) fn begin() {
    let (token, changed, asleep) = (Mutex::default(), Condvar::new(), Condvar::new());
    WORLD.set(Some(Arc::new(World { time: AtomicU64::new(0), token, changed, asleep })));
}

pub(crate) fn now() -> Instant {
    *START + Duration::from_millis(world().time.load(Ordering::Relaxed))
}

/// It becomes so many milliseconds after the start.
pub(crate) fn pass(milliseconds: u64) {
    let world = world();
    world.time.store(milliseconds, Ordering::Relaxed);
    let _token = world.token.lock().unwrap();
    world.changed.notify_one();
}

/// Waits until the watchdog sleeps, to wake up at this time.
pub(crate) fn planned(milliseconds: u64) {
    let (world, when) = (world(), *START + Duration::from_millis(milliseconds));
    let mut token = world.token.lock().unwrap();
    while token.sleeps != Some(Some(when)) {
        token = world.asleep.wait(token).unwrap();
    }
}

/// The watchdog's.
pub(crate) struct Thread(Arc<World>);

impl Thread {
    pub(crate) fn unpark(&self) {
        self.0.token.lock().unwrap().given = true;
        self.0.changed.notify_one();
    }
}

pub(crate) struct Parker(Arc<World>);

impl Parker {
    pub(crate) fn park_until(&self, when: Option<Instant>) {
        let mut token = self.0.token.lock().unwrap();
        while !token.given && when.is_none_or(|when| when > now()) {
            token.sleeps = Some(when);
            self.0.asleep.notify_one();
            token = self.0.changed.wait(token).unwrap();
        }
        *token = Token::default();
    }
}

pub(crate) fn spawn(_name: &str, run: impl FnOnce(Parker) + 'static) -> io::Result<Thread> {
    let parker = Parker(world());
    loom::thread::spawn(move || run(parker));
    Ok(Thread(world()))
}

/// `deem_case::Cancellation`, with the weakest ordering that it could have.
#[derive(Clone)]
pub(crate) struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Cancellation {
    fn default() -> Cancellation {
        Cancellation(Arc::new(AtomicBool::new(false)))
    }
}

impl PartialEq for Cancellation {
    fn eq(&self, other: &Cancellation) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
