//! Threads that run cases, and hand the results back in the order of the cases: what every executor's pool is made of.
//!
//! There is one thread more than may run cases at a time. Where a case has spent its thread's worker, the rest of its chunk
//! goes on at once on the thread that is left over, which has a worker ready; making the next one is then nobody's wait.

mod chunk;
mod queue;
mod run;
mod seat;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::thread::JoinHandle;

pub use self::run::Run;

use self::queue::Queue;
use crate::cancellation::OnCancel;
use crate::{Cancellation, Case, Execution, InternalError, Limits};

/// The stack of each thread, in bytes: what JavaScript may have of it, and room for the C++ and Rust around that.
const STACK: usize = Limits::MOST_STACK.0 + (4 << 20);

/// What one thread does. It is made on that thread and stays there.
///
/// A panic is a mistake in deem. It costs the case, and the worker, which may be in any state.
pub trait Worker {
    /// What the cases of one run have in common: the program, the limits.
    type Job: Send + Sync + 'static;

    /// Makes ready what cases of this job will need (an isolate, a process), before one is given: off the path of every
    /// case. A worker is given only cases of the job that it was made ready for last.
    fn prepare(&mut self, job: &Self::Job);

    /// Says which cases come next, in this order, unless one of them spends the worker: it may send them ahead.
    fn announce(&mut self, _job: &Self::Job, _cases: &[Arc<Case>]) {}

    /// Runs one case, and gives it up soon (within 50 ms) once it is cancelled.
    fn run(&mut self, job: &Self::Job, case: &Case, cancellation: &Cancellation) -> Execution;

    /// Whether it must get no further case: it is then dropped, and replaced. Asked after each case.
    fn is_spent(&self) -> bool;
}

/// The threads. They end when this is dropped, after the cases that are under way.
pub struct Workers<J> {
    queue: Arc<Queue<J>>,
    threads: Vec<JoinHandle<()>>,
    /// How many of them may run cases at a time.
    permits: usize,
    chunk_size: usize,
    on_cancel: OnCancel,
}

impl<J: Send + Sync + 'static> Workers<J> {
    /// Starts threads, each with the worker that `make` makes there, so that cases run on `threads` of them at a time (at
    /// least one). There is one more, the spare.
    ///
    /// Up to `chunk_size` cases (at least one) travel together: as many as make the hand-over cheap beside them. Towards
    /// the end of a run, where it can be foreseen, it is fewer, so that no thread is left with the last of them alone.
    ///
    /// `on_cancel` is called when a run is cancelled, after its [`Cancellation`] says so: it wakes whoever stops cases.
    ///
    /// # Errors
    /// If a thread cannot be started.
    pub fn start<W: Worker<Job = J>>(
        name: &str,
        threads: usize,
        chunk_size: usize,
        make: impl Fn() -> W + Clone + Send + 'static,
        on_cancel: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Workers<J>> {
        let permits = threads.max(1);
        let queue = Arc::new(Queue::new(permits));
        // Weak, for a cancellation may be kept for longer than the pool.
        let of_pool = Arc::downgrade(&queue);
        let on_cancel = Arc::new(move || {
            if let Some(queue) = of_pool.upgrade() {
                queue.discard_cancelled();
            }
            on_cancel();
        });
        let mut workers = Workers { queue, threads: Vec::new(), permits, chunk_size: chunk_size.max(1), on_cancel };
        for index in 0..=permits {
            let (make, queue) = (make.clone(), workers.queue.clone());
            let thread = std::thread::Builder::new().name(format!("{name}-{index}")).stack_size(STACK);
            workers.threads.push(thread.spawn(move || seat::work(&queue, make))?);
        }
        Ok(workers)
    }

    /// Runs the cases, and yields each with what happened, in their order.
    ///
    /// Cases are taken from `cases` as threads become free: an endless stream needs no more memory than a few of them.
    /// All threads make ready for the job at once; it is kept until that of another run takes its place.
    pub fn run<I: Iterator<Item = Arc<Case>>>(&self, job: J, cases: I) -> Run<'_, J, I> {
        let run = self.queue.begin(job, Cancellation::new(self.on_cancel.clone()));
        Run::new(self, run, cases)
    }
}

impl<J> Drop for Workers<J> {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            let _ = thread.join(); // panics are caught in `seat`
        }
    }
}

fn failed(what: &str) -> Execution {
    Execution::of(Err(InternalError(what.to_owned())))
}
