//! In real time, and on what the processor clock is read for; everything about orders is in `tests/watchdog_model.rs`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use deem_case::{Cancellation, Limits};

use super::{Cause, Post, Watchdog};

const HOUR: Duration = Duration::from_secs(3600);
const MS: Duration = Duration::from_millis(1);

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
    let (started, wall) = (Instant::now(), 20 * MS);
    let armed = post.arm(started, &limits(HOUR, wall), &Cancellation::default());
    for _ in 0..3 {
        assert!(kills.recv().unwrap() >= started + wall);
    }
    assert_eq!(armed.disarm(Instant::now()).cause, Some(Cause::Wall));
}

#[test]
fn processor_time_decides_by_its_own_clock() {
    let (post, kills) = post(0.25);
    let (started, cpu) = (Instant::now(), 10 * MS);
    let armed = post.arm(started, &limits(cpu, HOUR), &Cancellation::default());
    assert!(kills.recv().unwrap() >= started + 3 * cpu, "it had a quarter of the processor only");
    let disarmed = armed.disarm(Instant::now());
    assert_eq!(disarmed.cause, Some(Cause::Cpu));
    assert!(disarmed.cpu >= cpu);
}

#[test]
fn a_case_that_is_over_is_left_alone() {
    let (post, kills) = post(1.0);
    drop(post.arm(Instant::now(), &limits(10 * MS, 10 * MS), &Cancellation::default()));
    // On a slow machine it met its limits.
    let _of_the_first = kills.try_iter().count();
    let armed = post.arm(Instant::now(), &limits(HOUR, HOUR), &Cancellation::default());
    assert!(kills.recv_timeout(50 * MS).is_err(), "the second case got the first one's kill");
    assert_eq!(armed.disarm(Instant::now()).cause, None);
}

#[test]
fn a_sooner_deadline_overtakes() {
    let (fired, kills) = mpsc::channel();
    let watchdog = Watchdog::start().unwrap();
    let slow = watchdog.post(|| Duration::ZERO, || panic!("an hour has not passed"));
    let quick = watchdog.post(|| Duration::ZERO, move || fired.send(()).unwrap());
    let _slow = slow.arm(Instant::now(), &limits(HOUR, HOUR), &Cancellation::default());
    let _quick = quick.arm(Instant::now(), &limits(HOUR, 5 * MS), &Cancellation::default());
    kills.recv().unwrap();
}

#[test]
fn a_cancelled_case_is_stopped_before_its_time() {
    let (fired, kills) = mpsc::channel();
    let watchdog = Watchdog::start().unwrap();
    let post = watchdog.post(|| Duration::ZERO, move || fired.send(()).unwrap());
    let cancellation = Cancellation::default();
    let armed = post.arm(Instant::now(), &limits(HOUR, HOUR), &cancellation);
    cancellation.cancel();
    watchdog.look();
    kills.recv().unwrap();
    assert_eq!(armed.disarm(Instant::now()).cause, Some(Cause::Cancelled));

    let armed = post.arm(Instant::now(), &limits(HOUR, HOUR), &cancellation);
    assert_eq!(armed.disarm(Instant::now()).cause, Some(Cause::Cancelled), "it was before it began");
    let armed = post.arm(Instant::now(), &limits(HOUR, HOUR), &Cancellation::default());
    assert_eq!(armed.disarm(Instant::now()).cause, None, "this one was not");
}

#[test]
fn limits_may_be_endless() {
    let (post, _kills) = post(1.0);
    let armed = post.arm(Instant::now(), &limits(Duration::MAX, Duration::MAX), &Cancellation::default());
    assert_eq!(armed.disarm(Instant::now()).cause, None);
}

#[test]
fn the_processor_clock_is_read_once_a_millisecond_at_the_most() {
    let readings = Arc::new(AtomicU64::new(0));
    let (counted, start) = (readings.clone(), Instant::now());
    // It says 100 ms at the first reading, and 100 ms more at each.
    let post = Watchdog::start().unwrap().post(
        move || 100 * MS * (counted.fetch_add(1, Ordering::Relaxed) + 1) as u32,
        || panic!("an hour has not passed"),
    );
    let case = |from, to| {
        let armed = post.arm(start + from, &limits(HOUR, HOUR), &Cancellation::default());
        (armed.disarm(start + to).cpu, readings.load(Ordering::Relaxed))
    };
    let us = Duration::from_micros;
    assert_eq!(case(us(0), us(400)), (us(400), 1), "at the first case, and not at its end: it was short");
    assert_eq!(case(us(400), us(999)), (us(599), 1));
    assert_eq!(case(us(1_000), us(1_500)), (us(500), 2), "the reading was not fresh any more");
    assert_eq!(case(us(1_700), us(2_700)), (100 * MS - us(700), 3), "700 us of it may not have been its own");
    assert_eq!(case(us(2_800), us(9_000)), (100 * MS - us(100), 4), "the last reading was at 2.7 ms");
}
