//! Threads that run cases, and hand the results back in the order of the cases: what every executor's pool is made of.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::{Case, Execution, InternalError, Sink};

/// The stack of each thread, in bytes. V8 takes 984 KiB of it for JavaScript, and counts on room for its own C++.
const STACK: usize = 8 << 20;

/// What one thread does. It is made on that thread and stays there.
pub trait Worker {
    /// What the cases of one run have in common: the program, the limits.
    type Job: Send + Sync + 'static;

    /// Runs one case.
    fn run(&mut self, job: &Self::Job, case: &Case) -> Execution;
}

/// The threads. They end when this is dropped, after the cases that are under way.
pub struct Workers<J> {
    /// `None` only while this is dropped: the threads end when nothing can send to them.
    chunks: Option<Sender<Chunk<J>>>,
    threads: Vec<JoinHandle<()>>,
    chunk_size: usize,
}

/// Cases that follow each other, for one thread.
struct Chunk<J> {
    run: Arc<RunState<J>>,
    number: u64,
    cases: Cases,
    done: Sender<(u64, Vec<Execution>)>,
}

type Cases = Arc<[Arc<Case>]>;

struct RunState<J> {
    job: J,
    cancelled: AtomicBool,
}

impl<J: Send + Sync + 'static> Workers<J> {
    /// Starts `threads` threads, at least one, each with the worker that `make` makes there.
    ///
    /// Up to `chunk_size` cases (at least one) travel together: as many as make the hand-over cheap beside them. Towards
    /// the end of a run, where it can be foreseen, it is fewer, so that no thread is left with the last of them alone.
    ///
    /// # Errors
    /// If a thread cannot be started.
    pub fn start<W: Worker<Job = J>>(
        name: &str,
        threads: usize,
        chunk_size: usize,
        make: impl Fn() -> W + Clone + Send + 'static,
    ) -> std::io::Result<Workers<J>> {
        let (chunks, queue) = unbounded();
        let mut workers = Workers { chunks: Some(chunks), threads: Vec::new(), chunk_size: chunk_size.max(1) };
        for index in 0..threads.max(1) {
            let (make, queue) = (make.clone(), queue.clone());
            let thread = std::thread::Builder::new().name(format!("{name}-{index}")).stack_size(STACK);
            workers.threads.push(thread.spawn(move || work(&queue, make))?);
        }
        Ok(workers)
    }

    /// Runs the cases, and yields each with what happened, in their order.
    ///
    /// Cases are taken from `cases` as threads become free: an endless stream needs no more memory than a few of them.
    /// Dropping the [`Run`] cancels the cases that have not started.
    pub fn run<I: Iterator<Item = Arc<Case>>>(&self, job: J, cases: I) -> Run<'_, J, I> {
        let (done, results) = unbounded();
        Run {
            workers: self,
            source: cases,
            state: Arc::new(RunState { job, cancelled: AtomicBool::new(false) }),
            done: Some(done),
            results,
            under_way: VecDeque::new(),
            first: 0,
            early: BTreeMap::new(),
            ready: VecDeque::new(),
        }
    }
}

impl<J> Drop for Workers<J> {
    fn drop(&mut self) {
        self.chunks = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // panics are caught in `work`
        }
    }
}

/// Cases being run: see [`Workers::run`].
pub struct Run<'w, J, I> {
    workers: &'w Workers<J>,
    source: I,
    state: Arc<RunState<J>>,
    /// Taken when there are no more cases, so that `results` ends when the last chunk does.
    done: Option<Sender<(u64, Vec<Execution>)>>,
    results: Receiver<(u64, Vec<Execution>)>,
    /// The chunks that were sent and whose turn has not come; the first has the number `first`.
    under_way: VecDeque<Cases>,
    first: u64,
    /// Results that came before their turn.
    early: BTreeMap<u64, Vec<Execution>>,
    ready: VecDeque<(Arc<Case>, Execution)>,
}

impl<J: Send + Sync + 'static, I: Iterator<Item = Arc<Case>>> Run<'_, J, I> {
    /// Hands everything to `sink`, until that breaks.
    pub fn drain_into(self, sink: &mut dyn Sink) {
        for (case, execution) in self {
            if sink.case(case, execution).is_break() {
                return;
            }
        }
    }

    fn send_more(&mut self) {
        let Workers { chunks: Some(chunks), threads, chunk_size } = self.workers else { return };
        // Two chunks for each thread: while one is under way, the next waits at hand.
        while let Some(done) = &self.done
            && self.under_way.len() < 2 * threads.len()
        {
            let left = self.source.size_hint().1.unwrap_or(usize::MAX);
            let size = (left / (4 * threads.len())).clamp(1, *chunk_size);
            let cases: Cases = self.source.by_ref().take(size).collect();
            if cases.is_empty() {
                self.done = None;
                return;
            }
            let number = self.first + self.under_way.len() as u64;
            self.under_way.push_back(cases.clone());
            let chunk = Chunk { run: self.state.clone(), number, cases, done: done.clone() };
            if chunks.send(chunk).is_err() {
                self.done = None; // no thread is left: what was sent shows as lost
            }
        }
    }
}

impl<J: Send + Sync + 'static, I: Iterator<Item = Arc<Case>>> Iterator for Run<'_, J, I> {
    type Item = (Arc<Case>, Execution);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.ready.pop_front() {
                return Some(next);
            }
            self.send_more();
            let cases = self.under_way.front()?.clone();
            let executions = match self.early.remove(&self.first) {
                Some(executions) => executions,
                None => match self.results.recv() {
                    Ok((number, executions)) if number != self.first => {
                        self.early.insert(number, executions);
                        continue;
                    }
                    Ok((_, executions)) => executions,
                    Err(_) => vec![failed("the thread that ran it is gone"); cases.len()],
                },
            };
            self.under_way.pop_front();
            self.first += 1;
            self.ready.extend(cases.iter().cloned().zip(executions));
        }
    }
}

impl<J, I> Drop for Run<'_, J, I> {
    fn drop(&mut self) {
        self.state.cancelled.store(true, Ordering::Relaxed);
    }
}

fn work<W: Worker>(queue: &Receiver<Chunk<W::Job>>, make: impl Fn() -> W) {
    let mut worker = None;
    for Chunk { run, number, cases, done } in queue {
        let executions = cases.iter().map(|case| {
            if run.cancelled.load(Ordering::Relaxed) {
                return failed("cancelled");
            }
            // A panic is a mistake in deem. It costs the case, and the worker, which may be in any state.
            let caught = catch_unwind(AssertUnwindSafe(|| worker.get_or_insert_with(&make).run(&run.job, case)));
            caught.unwrap_or_else(|_| {
                let broken = worker.take();
                let _ = catch_unwind(AssertUnwindSafe(move || drop(broken)));
                failed("deem panicked")
            })
        });
        // Nobody listens any more where the run was dropped.
        let _ = done.send((number, executions.collect()));
    }
}

fn failed(what: &str) -> Execution {
    Execution { result: Err(InternalError(what.to_owned())), elapsed: Duration::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outcome, Value};

    struct Scripted;

    impl Worker for Scripted {
        type Job = Outcome;

        fn run(&mut self, job: &Outcome, case: &Case) -> Execution {
            match case.args[0] {
                Value::Null => panic!("as told"),
                Value::Number(millis) => std::thread::sleep(Duration::from_millis(millis as u64)),
                _ => {}
            }
            Execution { result: Ok(job.clone()), elapsed: Duration::ZERO }
        }
    }

    fn case(id: usize, arg: Value) -> Arc<Case> {
        Arc::new(Case { id: id.to_string(), args: vec![arg], expected: Value::Undefined })
    }

    #[test]
    fn results_come_in_case_order_whatever_their_durations() {
        let workers = Workers::start("test", 4, 1, || Scripted).unwrap();
        let cases = (0..40).map(|id| case(id, Value::from((id * 7 % 10) as i32)));
        let ids: Vec<String> = workers.run(Outcome::NeverSettled, cases).map(|(case, _)| case.id.clone()).collect();
        assert_eq!(ids, (0..40).map(|id| id.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_costs_one_case() {
        let workers = Workers::start("test", 2, 3, || Scripted).unwrap();
        let cases = (0..20).map(|id| case(id, if id == 7 { Value::Null } else { Value::Undefined }));
        for (case, execution) in workers.run(Outcome::NeverSettled, cases) {
            assert_eq!(execution.result.is_err(), case.id == "7", "case {}", case.id);
        }
    }

    #[test]
    fn an_endless_stream_is_taken_as_needed_and_a_dropped_run_ends() {
        let workers = Workers::start("test", 2, 8, || Scripted).unwrap();
        let taken = std::cell::Cell::new(0);
        let cases = (0..).map(|id| {
            taken.set(id);
            case(id, Value::Undefined)
        });
        assert_eq!(workers.run(Outcome::NeverSettled, cases).take(1_000).count(), 1_000);
        assert!(taken.get() < 1_000 + 2 * 2 * 8 + 8, "{} cases were taken for 1,000", taken.get());
    }
}
