mod cancelling;
mod replacing;
mod running;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{Run, Worker, Workers};
use crate::{Cancellation, Case, Execution, Outcome, Value};

/// More than anything here takes. Where it passes, the test fails, and does not hang.
const LONG: Duration = Duration::from_secs(20);

/// What a case does, by its number.
type Script = Arc<dyn Fn(usize, &Cancellation) -> End + Send + Sync>;

enum End {
    Well,
    /// The worker is spent.
    Spent,
}

/// What making, preparing and dropping a worker does.
#[derive(Clone)]
struct Life {
    make: Arc<dyn Fn() + Send + Sync>,
    prepare: Arc<dyn Fn() + Send + Sync>,
    end: Arc<dyn Fn() + Send + Sync>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    made: AtomicUsize,
    alive: AtomicUsize,
    running: AtomicUsize,
    most_running: AtomicUsize,
    cancels: AtomicUsize,
    /// The cases that were run, in the order of their beginnings.
    ran: Mutex<Vec<usize>>,
}

impl Default for Life {
    fn default() -> Life {
        Life { make: Arc::new(|| ()), prepare: Arc::new(|| ()), end: Arc::new(|| ()), counts: Arc::default() }
    }
}

impl Life {
    fn start(&self, threads: usize, chunk_size: usize) -> Workers<Script> {
        let (life, counts) = (self.clone(), self.counts.clone());
        let make = move || Scripted::new(life.clone());
        let on_cancel = move || _ = counts.cancels.fetch_add(1, Ordering::SeqCst);
        Workers::start("test", threads, chunk_size, make, on_cancel).unwrap()
    }

    fn ran(&self) -> Vec<usize> {
        self.counts.ran.lock().unwrap().clone()
    }

    /// Asserts that these many cases were run, each once.
    fn assert_each_ran_once(&self, cases: usize) {
        let mut ran = self.ran();
        ran.sort_unstable();
        assert_eq!(ran, (0..cases).collect::<Vec<_>>());
    }
}

struct Scripted {
    life: Life,
    prepared_for: Option<Script>,
    is_spent: bool,
}

impl Scripted {
    fn new(life: Life) -> Scripted {
        life.counts.made.fetch_add(1, Ordering::SeqCst);
        (life.make)();
        life.counts.alive.fetch_add(1, Ordering::SeqCst);
        Scripted { life, prepared_for: None, is_spent: false }
    }
}

impl Worker for Scripted {
    type Job = Script;

    fn prepare(&mut self, job: &Script) {
        (self.life.prepare)();
        self.prepared_for = Some(job.clone());
    }

    fn run(&mut self, job: &Script, case: &Case, cancellation: &Cancellation) -> Execution {
        assert!(self.prepared_for.as_ref().is_some_and(|prepared| Arc::ptr_eq(prepared, job)), "not prepared");
        assert!(!self.is_spent, "spent");
        let counts = &self.life.counts;
        let running = counts.running.fetch_add(1, Ordering::SeqCst) + 1;
        counts.most_running.fetch_max(running, Ordering::SeqCst);
        let _running = Leave(&counts.running);
        let id = case.id.parse().unwrap();
        counts.ran.lock().unwrap().push(id);
        self.is_spent = matches!(job(id, cancellation), End::Spent);
        Execution::of(Ok(Outcome::NeverSettled))
    }

    fn is_spent(&self) -> bool {
        self.is_spent
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.life.counts.alive.fetch_sub(1, Ordering::SeqCst);
        (self.life.end)();
    }
}

struct Leave<'a>(&'a AtomicUsize);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn script(script: impl Fn(usize, &Cancellation) -> End + Send + Sync + 'static) -> Script {
    Arc::new(script)
}

fn case(id: usize) -> Arc<Case> {
    Arc::new(Case { id: id.to_string(), args: Vec::new(), expected: Value::Undefined.into() })
}

/// Cases of which nobody can tell how many are left, so that chunks are as large as they may be.
fn stream(count: usize) -> impl Iterator<Item = Arc<Case>> {
    let mut next = 0..count;
    std::iter::from_fn(move || next.next().map(case))
}

/// Each case's number, and its internal error if it had one.
fn results<I: Iterator<Item = Arc<Case>>>(run: Run<'_, Script, I>) -> Vec<(usize, Option<String>)> {
    run.map(|(case, execution)| (case.id.parse().unwrap(), execution.result.err().map(|error| error.0))).collect()
}

/// Asserts that these many cases ended well, in their order.
fn assert_all_well<I: Iterator<Item = Arc<Case>>>(run: Run<'_, Script, I>, cases: usize) {
    assert_eq!(results(run), (0..cases).map(|id| (id, None)).collect::<Vec<_>>());
}

/// Waits as a case that never ends by itself.
fn until_cancelled(cancellation: &Cancellation) -> End {
    let started = Instant::now();
    while !cancellation.is_cancelled() {
        assert!(started.elapsed() < LONG, "never cancelled");
        std::thread::sleep(Duration::from_millis(1));
    }
    End::Well
}

/// Receivers for closures that are shared between threads, of which one listens at a time.
fn receive<T>(receiver: &Mutex<Receiver<T>>) -> T {
    receiver.lock().unwrap().recv_timeout(LONG).expect("nothing came")
}
