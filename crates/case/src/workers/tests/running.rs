use std::cell::Cell;
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use super::{End, Life, assert_all_well, case, receive, script, stream};

#[test]
fn results_come_in_case_order_whatever_their_durations() {
    for chunk_size in [1, 3] {
        let life = Life::default();
        let job = script(|id, _| {
            thread::sleep(Duration::from_millis((id * 7 % 10) as u64));
            End::Well
        });
        assert_all_well(life.start(4, chunk_size).run(job, stream(60)), 60);
        life.assert_each_ran_once(60);
    }
}

#[test]
fn as_many_cases_run_at_once_as_were_asked_for_and_never_more() {
    let life = Life::default();
    let all = Barrier::new(3);
    let job = script(move |id, _| {
        if id < 3 {
            all.wait(); // for ever, were they not run at once
        }
        thread::yield_now();
        if id % 4 == 3 { End::Spent } else { End::Well }
    });
    let workers = life.start(3, 1);
    assert_all_well(workers.run(job, stream(500)), 500);
    assert_eq!(life.counts.most_running.load(Ordering::SeqCst), 3);
}

#[test]
fn an_endless_stream_is_taken_as_needed() {
    let workers = Life::default().start(2, 8);
    let taken = Cell::new(0);
    let cases = (0..).map(|id| {
        taken.set(id + 1);
        case(id)
    });
    let job = script(|_, _| End::Well);
    assert_eq!(workers.run(job, cases).take(1_000).count(), 1_000);
    assert!(taken.get() <= 1_000 + 2 * 2 * 8, "{} cases were taken for 1,000", taken.get());
}

#[test]
fn a_source_that_has_ended_is_not_asked_again() {
    let workers = Life::default().start(2, 8);
    let mut ids = Some(0..20);
    let cases = std::iter::from_fn(move || {
        let next = ids.as_mut().expect("asked again").next();
        if next.is_none() {
            ids = None;
        }
        next.map(case)
    });
    let mut run = workers.run(script(|_, _| End::Well), cases);
    assert_eq!(run.by_ref().count(), 20);
    assert!(run.next().is_none());
}

#[test]
fn the_results_of_slow_cases_do_not_wait_for_the_rest_of_their_chunk() {
    let workers = Life::default().start(1, 8);
    let (seen, go_on) = channel();
    let go_on = Mutex::new(go_on);
    let job = script(move |id, _| {
        match id {
            1 => thread::sleep(Duration::from_millis(25)), // takes the result of case 0 along
            2 => receive(&go_on),
            _ => {}
        }
        End::Well
    });
    let mut run = workers.run(job, stream(8));
    for id in ["0", "1"] {
        assert_eq!(run.next().expect("it is done").0.id, id);
    }
    seen.send(()).unwrap();
    let rest: Vec<_> = run.map(|(case, execution)| (case.id.clone(), execution.result.is_ok())).collect();
    assert_eq!(rest, (2..8).map(|id| (id.to_string(), true)).collect::<Vec<_>>());
}

#[test]
fn runs_share_a_pool() {
    let life = Life::default();
    let workers = life.start(2, 4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for cases in [1, 40, 7] {
                    let job = script(|id, _| if id % 9 == 8 { End::Spent } else { End::Well });
                    assert_all_well(workers.run(job, stream(cases)), cases);
                }
            });
        }
    });
}

#[test]
fn a_dropped_pool_leaves_no_thread_and_no_worker() {
    for cases in [0, 1, 100] {
        let life = Life::default();
        let workers = life.start(3, 2);
        if cases > 0 {
            let job = script(|id, _| if id % 5 == 4 { End::Spent } else { End::Well });
            assert_all_well(workers.run(job, stream(cases)), cases);
        }
        drop(workers);
        assert_eq!(life.counts.alive.load(Ordering::SeqCst), 0);
        assert_eq!(Arc::strong_count(&life.counts), 1, "a thread, a job or a hook is still there");
    }
}
