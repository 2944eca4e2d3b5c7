use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use super::{End, LONG, Life, assert_all_well, case, receive, results, script, stream, until_cancelled};

#[test]
fn a_dropped_run_stops_its_case_and_starts_no_other() {
    let life = Life::default();
    let workers = life.start(1, 1);
    let (started, is_started) = channel();
    let is_started = Mutex::new(is_started);
    let job = script(move |id, cancellation| {
        if id == 0 {
            return End::Well;
        }
        started.send(()).unwrap();
        until_cancelled(cancellation)
    });
    let mut run = workers.run(job, (0..).map(case));
    assert_eq!(run.next().unwrap().0.id, "0");
    receive(&is_started);
    drop(run);
    assert_eq!(life.counts.cancels.load(Ordering::SeqCst), 1);
    assert_all_well(workers.run(script(|_, _| End::Well), stream(10)), 10);
    assert_eq!(life.ran(), [0, 1].into_iter().chain(0..10).collect::<Vec<_>>());
}

#[test]
fn a_run_that_is_dropped_when_it_is_over_wakes_nobody() {
    let life = Life::default();
    assert_all_well(life.start(2, 3).run(script(|_, _| End::Well), stream(10)), 10);
    assert_eq!(life.counts.cancels.load(Ordering::SeqCst), 0);
}

#[test]
fn a_pool_can_be_dropped_while_the_cases_of_a_dropped_run_end() {
    let life = Life::default();
    let workers = life.start(2, 1);
    let (started, is_started) = channel();
    let is_started = Mutex::new(is_started);
    let job = script(move |id, cancellation| {
        if id == 0 {
            return End::Well;
        }
        started.send(()).unwrap();
        until_cancelled(cancellation)
    });
    let mut run = workers.run(job, (0..).map(case));
    let cancellation = run.cancellation();
    assert_eq!(run.next().unwrap().0.id, "0");
    receive(&is_started);
    drop(run);
    drop(workers);
    assert_eq!(life.counts.alive.load(Ordering::SeqCst), 0);
    cancellation.cancel(); // it outlives its pool, and keeps nothing of it but the hook
    drop(cancellation);
    assert_eq!(Arc::strong_count(&life.counts), 1);
}

#[test]
fn a_run_is_cancelled_from_another_thread() {
    let life = Life::default();
    let workers = life.start(2, 4);
    let (started, is_started) = channel();
    let is_started = Mutex::new(is_started);
    let job = script(move |id, cancellation| {
        if id < 50 {
            return End::Well;
        }
        started.send(()).unwrap();
        until_cancelled(cancellation)
    });
    let run = workers.run(job, (0..).map(case));
    let cancellation = run.cancellation();
    let all = thread::scope(|scope| {
        scope.spawn(|| {
            receive(&is_started);
            cancellation.cancel();
        });
        results(run)
    });
    // Every case that was taken is there, in order; those that were not run say why.
    assert_eq!(all.iter().map(|(id, _)| *id).collect::<Vec<_>>(), (0..all.len()).collect::<Vec<_>>());
    assert!((51..=50 + 4 + 2 * 2 * 4).contains(&all.len()), "{} cases were taken", all.len());
    let ran = life.ran();
    for (id, error) in all {
        assert_eq!(error.as_deref(), (!ran.contains(&id)).then_some("cancelled"), "case {id}");
    }
    assert_eq!(life.counts.cancels.load(Ordering::SeqCst), 1);
    assert_all_well(workers.run(script(|_, _| End::Well), stream(10)), 10);
}

#[test]
fn a_cancelled_run_does_not_wait_for_the_cases_of_others() {
    let workers = Life::default().start(1, 4);
    let (go_on, wait) = channel();
    let (started, is_started) = channel();
    let wait = Mutex::new(wait);
    let other = script(move |_, _| {
        started.send(()).unwrap();
        receive(&wait);
        End::Well
    });
    thread::scope(|scope| {
        let other = workers.run(other, stream(1));
        let other = scope.spawn(move || assert_all_well(other, 1));
        receive(&Mutex::new(is_started));
        let (took, is_taken) = channel();
        let run = workers.run(script(|_, _| End::Well), (0..).map(move |id| (took.send(id).unwrap(), case(id)).1));
        let cancellation = run.cancellation();
        let cancelled = scope.spawn(move || results(run));
        let is_taken = Mutex::new(is_taken);
        (0..8).for_each(|id| assert_eq!(receive(&is_taken), id)); // two chunks, and the only thread is the other run's
        cancellation.cancel();
        let expected: Vec<_> = (0..8).map(|id| (id, Some("cancelled".to_owned()))).collect();
        assert_eq!(cancelled.join().unwrap(), expected);
        go_on.send(()).unwrap();
        other.join().unwrap();
    });
}

#[test]
fn a_cancelled_chunk_that_is_given_back_waits_for_no_thread() {
    // Only the first thread gets ready; the other one, and its own next worker, have to wait for the end of the run.
    let (end, wait) = channel();
    let (wait, prepared) = (Mutex::new(wait), AtomicUsize::new(0));
    let prepare = Arc::new(move || {
        if prepared.fetch_add(1, Ordering::SeqCst) > 0 {
            receive(&wait);
        }
    });
    let life = Life { prepare, ..Life::default() };
    let workers = life.start(1, 4);
    let job = script(|_, cancellation| {
        cancellation.cancel();
        End::Spent
    });
    let started = Instant::now();
    let all = results(workers.run(job, (0..).map(case)));
    assert!(started.elapsed() < LONG, "a thread was waited for");
    (0..2).for_each(|_| end.send(()).unwrap());
    assert_eq!(all[0], (0, None));
    assert!(all[1..].iter().all(|(_, error)| error.as_deref() == Some("cancelled")));
    assert_eq!(life.ran(), [0]);
}
