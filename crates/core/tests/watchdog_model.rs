//! The watchdog's own source, on loom: each test is run in every order in which its threads can take their turns.
//!
//! Time is a number here, which a test sets. So what must happen "in time" happens although the test does not go on, or the
//! test is a deadlock, and loom says so.

use std::sync::Arc;
use std::time::Duration;

use deem_case::Limits;
use loom::model::Builder;
use loom::sync::{Condvar, Mutex};
use loom::thread;

use post::{Armed, Cause, Post};
use rounds::Watchdog;
use sync::{Cancellation, pass, planned};

#[path = "../src/watchdog/post.rs"]
mod post;
#[path = "../src/watchdog/rounds.rs"]
mod rounds;
#[path = "watchdog_model/sync.rs"]
mod sync;

/// Tries every order in which the threads can be interrupted so many times altogether. (A thread that waits is not
/// interrupted: that costs nothing.)
fn explore(interruptions: usize, test: impl Fn() + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(interruptions);
    builder.check(move || {
        sync::begin();
        test();
    });
}

const HOUR: u64 = 3_600_000;

fn limits(cpu: u64, wall: u64) -> Limits {
    Limits { cpu: Duration::from_millis(cpu), wall: Duration::from_millis(wall), ..Limits::default() }
}

/// A thread with a V8 isolate, as far as this is about it. Its processor clock runs as fast as time.
struct Isolate {
    post: Arc<Post>,
    v8: Arc<V8>,
}

#[derive(Default)]
struct V8 {
    case: Mutex<Case>,
    terminated: Condvar,
}

#[derive(Default)]
struct Case {
    /// Whether it is one that may be terminated.
    may: bool,
    terminations: usize,
}

impl Isolate {
    fn alone() -> Isolate {
        Isolate::new(&Watchdog::start().unwrap())
    }

    fn new(watchdog: &Arc<Watchdog>) -> Isolate {
        let v8 = Arc::new(V8::default());
        let (start, terminated) = (sync::now(), v8.clone());
        let post = watchdog.post(move || sync::now() - start, move || terminated.terminate());
        Isolate { post, v8 }
    }

    /// Begins a case that must not be terminated.
    fn spare(&self, cpu: u64, wall: u64) -> Armed<'_> {
        self.post.arm(sync::now(), &limits(cpu, wall), &Cancellation::default())
    }

    /// Begins a case that may be.
    fn arm(&self, cpu: u64, wall: u64, cancellation: &Cancellation) -> Armed<'_> {
        self.v8.case.lock().unwrap().may = true;
        self.post.arm(sync::now(), &limits(cpu, wall), cancellation)
    }

    /// Ends it. It was terminated exactly if there is a cause.
    fn disarm(&self, armed: Armed<'_>) -> Option<Cause> {
        let cause = armed.disarm(sync::now()).cause;
        let Case { terminations, .. } = std::mem::take(&mut *self.v8.case.lock().unwrap());
        assert_eq!(cause.is_some(), terminations > 0, "{cause:?} after {terminations} terminations");
        cause
    }

    /// Waits until the case has been terminated so many times.
    fn terminated(&self, times: usize) {
        let mut case = self.v8.case.lock().unwrap();
        while case.terminations < times {
            case = self.v8.terminated.wait(case).unwrap();
        }
    }
}

impl V8 {
    fn terminate(&self) {
        let mut case = self.case.lock().unwrap();
        assert!(case.may, "this case was not to be terminated, or there was none");
        case.terminations += 1;
        self.terminated.notify_one();
    }
}

fn late_kill(cpu: u64, wall: u64, cause: Cause) {
    let isolate = Isolate::alone();
    let first = isolate.arm(cpu, wall, &Cancellation::default());
    pass(11);
    let ended = isolate.disarm(first);
    assert!(ended.is_none_or(|ended| ended == cause), "{ended:?}");
    let second = isolate.spare(cpu, wall);
    assert_eq!(isolate.disarm(second), None);
}

#[test]
fn a_late_kill_never_reaches_the_next_case() {
    explore(3, || late_kill(HOUR, 10, Cause::Wall));
}

#[test]
fn nor_does_one_by_processor_time() {
    explore(3, || late_kill(10, HOUR, Cause::Cpu));
}

/// A case meets its limits of wall time and heap, and is cancelled.
fn all_at_once(stop_first: bool) {
    let watchdog = Watchdog::start().unwrap();
    let isolate = Isolate::new(&watchdog);
    let cancellation = Cancellation::default();
    let cancelling = {
        let (watchdog, cancellation) = (watchdog.clone(), cancellation.clone());
        thread::spawn(move || {
            cancellation.cancel();
            watchdog.look();
        })
    };
    let armed = isolate.arm(HOUR, 10, &cancellation);
    if !stop_first {
        pass(10);
    }
    let by_heap = isolate.post.stop(Cause::Heap);
    if stop_first {
        pass(10);
    }
    assert!(!isolate.post.stop(Cause::Output), "there was a cause already");
    let cause = isolate.disarm(armed).unwrap();
    match cause {
        Cause::Heap => assert!(by_heap, "the heap's limit was not the first"),
        Cause::Cancelled => assert!(!by_heap, "the heap's limit was the first"),
        Cause::Wall => assert!(!by_heap && !stop_first, "the heap's limit was the first"),
        Cause::Cpu | Cause::Output => panic!("{cause:?} did not happen, or not first"),
    }
    cancelling.join().unwrap();
}

#[test]
fn there_is_one_cause_and_it_stays() {
    explore(2, || all_at_once(false));
}

#[test]
fn a_cause_is_not_replaced_by_what_happens_later() {
    explore(2, || all_at_once(true));
}

#[test]
fn it_fires_until_the_case_is_over_and_not_after_that() {
    explore(3, || {
        let isolate = Isolate::alone();
        let armed = isolate.arm(HOUR, 10, &Cancellation::default());
        for times in 1..=3 {
            pass(5 + 5 * times);
            isolate.terminated(times as usize);
        }
        assert_eq!(isolate.disarm(armed), Some(Cause::Wall));
        pass(25);
    });
}

#[test]
fn it_fires_after_a_stop_as_well() {
    explore(3, || {
        let isolate = Isolate::alone();
        assert!(!isolate.post.stop(Cause::Heap), "no case, nothing to stop");
        let armed = isolate.arm(HOUR, HOUR, &Cancellation::default());
        isolate.post.stop(Cause::Output);
        isolate.terminated(2);
        pass(5);
        isolate.terminated(3);
        assert_eq!(isolate.disarm(armed), Some(Cause::Output));
        assert!(!isolate.post.stop(Cause::Heap), "the case is over");
    });
}

#[test]
fn a_deadline_is_met_if_nothing_was_planned() {
    explore(3, || {
        let isolate = Isolate::alone();
        let armed = isolate.arm(HOUR, 10, &Cancellation::default());
        pass(10);
        isolate.terminated(1);
        assert_eq!(isolate.disarm(armed), Some(Cause::Wall));
    });
}

#[test]
fn a_deadline_is_met_if_a_later_round_was_planned() {
    explore(3, || {
        let isolate = Isolate::alone();
        let slow = isolate.spare(HOUR, 100);
        planned(100);
        assert_eq!(isolate.disarm(slow), None);
        let armed = isolate.arm(10, HOUR, &Cancellation::default());
        pass(10);
        isolate.terminated(1);
        assert_eq!(isolate.disarm(armed), Some(Cause::Cpu));
    });
}

#[test]
fn a_deadline_is_met_if_an_earlier_round_comes_too_early() {
    explore(3, || {
        let isolate = Isolate::alone();
        let quick = isolate.spare(HOUR, 10);
        planned(10);
        assert_eq!(isolate.disarm(quick), None);
        pass(10);
        let armed = isolate.arm(HOUR, 10, &Cancellation::default());
        pass(20);
        isolate.terminated(1);
        assert_eq!(isolate.disarm(armed), Some(Cause::Wall));
    });
}

#[test]
fn a_cancellation_finds_the_case_or_the_case_finds_it() {
    explore(2, || {
        let watchdog = Watchdog::start().unwrap();
        let (isolate, other) = (Isolate::new(&watchdog), Isolate::new(&watchdog));
        // So that arming with a later deadline is no reason for a look.
        let _other = other.spare(HOUR, 100);
        let cancellation = Cancellation::default();
        let cancel = cancellation.clone();
        thread::spawn(move || {
            cancel.cancel();
            watchdog.look();
        });
        if !cancellation.is_cancelled() {
            let armed = isolate.arm(HOUR, HOUR, &cancellation);
            isolate.terminated(1);
            assert_eq!(isolate.disarm(armed), Some(Cause::Cancelled));
        }
    });
}

#[test]
fn two_posts_do_not_disturb_each_other() {
    explore(2, || {
        let watchdog = Watchdog::start().unwrap();
        let (quick, slow) = (Isolate::new(&watchdog), Isolate::new(&watchdog));
        let other = thread::spawn(move || {
            let armed = slow.spare(HOUR, 100);
            assert_eq!(slow.disarm(armed), None);
        });
        let armed = quick.arm(HOUR, 10, &Cancellation::default());
        pass(10);
        quick.terminated(1);
        assert_eq!(quick.disarm(armed), Some(Cause::Wall));
        other.join().unwrap();
    });
}
