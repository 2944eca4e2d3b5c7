use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use super::{End, LONG, Life, assert_all_well, receive, results, script, stream};

/// Panics the first `times` times.
fn panic_first(times: usize) -> Arc<dyn Fn() + Send + Sync> {
    let calls = AtomicUsize::new(0);
    Arc::new(move || assert!(calls.fetch_add(1, Ordering::SeqCst) >= times, "as told"))
}

#[test]
fn a_panic_costs_one_case() {
    let life = Life::default();
    let workers = life.start(2, 3);
    let job = script(|id, _| match id {
        7 => panic!("as told"),
        8 => panic!("as told, {id}"),
        9 => std::panic::panic_any(9),
        _ => End::Well,
    });
    let expected = |id| match id {
        7 => Some("deem panicked: as told".to_owned()),
        8 => Some("deem panicked: as told, 8".to_owned()),
        9 => Some("deem panicked".to_owned()),
        _ => None,
    };
    assert_eq!(results(workers.run(job, stream(20))), (0..20).map(|id| (id, expected(id))).collect::<Vec<_>>());
    life.assert_each_ran_once(20);
}

#[test]
fn a_panic_where_a_worker_is_made_or_prepared_costs_at_most_one_case() {
    let in_make = Life { make: panic_first(6), ..Life::default() };
    let in_prepare = Life { prepare: panic_first(6), ..Life::default() };
    for life in [in_make, in_prepare] {
        let workers = life.start(2, 4);
        let all = results(workers.run(script(|_, _| End::Well), stream(40)));
        assert_eq!(all.iter().map(|(id, _)| *id).collect::<Vec<_>>(), (0..40).collect::<Vec<_>>());
        let failed: Vec<_> = all.iter().filter_map(|(_, error)| error.as_deref()).collect();
        assert!(failed.len() <= 6 && failed.iter().all(|error| *error == "deem panicked: as told"), "{failed:?}");
        assert_all_well(workers.run(script(|_, _| End::Well), stream(40)), 40);
        drop(workers);
        assert_eq!(life.counts.alive.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn workers_that_can_never_be_made_cost_every_case_and_no_more() {
    let life = Life { make: panic_first(usize::MAX), ..Life::default() };
    let workers = life.start(2, 4);
    for _ in 0..2 {
        let all = results(workers.run(script(|_, _| End::Well), stream(20)));
        assert_eq!(all, (0..20).map(|id| (id, Some("deem panicked: as told".to_owned()))).collect::<Vec<_>>());
    }
}

#[test]
fn a_panic_where_a_worker_is_dropped_costs_nothing() {
    let life = Life { end: panic_first(usize::MAX), ..Life::default() };
    let workers = life.start(2, 4);
    assert_all_well(workers.run(script(|id, _| if id % 3 == 2 { End::Spent } else { End::Well }), stream(40)), 40);
    drop(workers);
    assert_eq!(life.counts.alive.load(Ordering::SeqCst), 0);
}

#[test]
fn the_rest_of_a_chunk_is_next_and_does_not_wait_for_the_next_worker() {
    // A thread whose worker is spent prepares no other one before the last case has been run: by the spare, that is.
    let (last, wait) = channel();
    let (wait, spent) = (Mutex::new(wait), Arc::new(Mutex::new(HashSet::new())));
    let spent_threads = spent.clone();
    let prepare = Arc::new(move || {
        if spent_threads.lock().unwrap().contains(&thread::current().id()) {
            receive(&wait);
        }
    });
    let life = Life { prepare, ..Life::default() };
    let workers = life.start(1, 8);
    let ran_on = Arc::new(Mutex::new(Vec::new()));
    let threads = ran_on.clone();
    let (took, is_taken) = channel();
    let is_taken = Mutex::new(is_taken);
    let job = script(move |id, _| {
        threads.lock().unwrap().push(thread::current().id());
        match id {
            2 => {
                (0..16).for_each(|_| receive(&is_taken)); // there is another chunk, which is not to come first
                spent.lock().unwrap().insert(thread::current().id());
                return End::Spent;
            }
            15 => last.send(()).unwrap(),
            _ => {}
        }
        End::Well
    });
    let started = Instant::now();
    assert_all_well(workers.run(job, stream(16).inspect(move |_| took.send(()).unwrap())), 16);
    assert!(started.elapsed() < LONG, "the next worker was waited for");
    assert_eq!(life.ran(), (0..16).collect::<Vec<_>>());
    let ran_on = ran_on.lock().unwrap().clone();
    assert!(ran_on[..3].iter().all(|thread| *thread == ran_on[0]));
    assert!(ran_on[3..].iter().all(|thread| *thread == ran_on[3] && *thread != ran_on[0]));
}

#[test]
fn a_spent_worker_is_replaced_before_a_case_wants_the_next() {
    let (prepared, is_prepared) = channel();
    let life = Life { prepare: Arc::new(move || prepared.send(()).unwrap()), ..Life::default() };
    let workers = life.start(1, 1);
    assert_all_well(workers.run(script(|_, _| End::Spent), stream(1)), 1);
    let is_prepared = Mutex::new(is_prepared);
    (0..3).for_each(|_| receive(&is_prepared));
}

#[test]
fn every_case_may_spend_its_worker() {
    for chunk_size in [1, 8] {
        let life = Life::default();
        let workers = life.start(2, chunk_size);
        assert_all_well(workers.run(script(|_, _| End::Spent), stream(100)), 100);
        life.assert_each_ran_once(100);
        drop(workers);
        assert!(life.counts.made.load(Ordering::SeqCst) >= 100);
        assert_eq!(life.counts.alive.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn all_threads_prepare_for_a_run_before_it_has_cases() {
    let (prepared, is_prepared) = channel();
    let life = Life { prepare: Arc::new(move || prepared.send(()).unwrap()), ..Life::default() };
    let workers = life.start(2, 1);
    let is_prepared = Mutex::new(is_prepared);
    for _ in 0..2 {
        let run = workers.run(script(|_, _| End::Well), stream(0));
        (0..3).for_each(|_| receive(&is_prepared));
        drop(run);
    }
}
