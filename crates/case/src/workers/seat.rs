use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::chunk::{Chunk, Shared};
use super::queue::{Permit, Queue, Step};
use super::{Worker, failed};
use crate::{Case, Execution};

/// What one thread does, until the pool ends.
pub(super) fn work<W: Worker>(queue: &Queue<W::Job>, make: impl Fn() -> W) {
    let mut seat = Seat { make, worker: None, prepared: 0, newest: 0 };
    let mut permit = None;
    while let Some(step) = queue.next(permit.take(), seat.prepared, seat.newest) {
        match step {
            Step::Prepare(run) => seat.prepare_early(&run),
            Step::Run(chunk, given) => permit = seat.run(chunk, given, queue),
        }
    }
    seat.vacate();
}

/// A thread's place for a worker.
struct Seat<W, M> {
    make: M,
    worker: Option<W>,
    /// The number of the run that the worker was made ready for last, and that of the newest; 0 is none.
    prepared: u64,
    newest: u64,
}

impl<W: Worker, M: Fn() -> W> Seat<W, M> {
    /// The worker, made ready for this run.
    fn prepare(&mut self, run: &Shared<W::Job>) -> &mut W {
        let worker = self.worker.get_or_insert_with(&self.make);
        if self.prepared != run.number {
            worker.prepare(&run.job);
            self.prepared = run.number;
            self.newest = self.newest.max(run.number);
        }
        worker
    }

    /// Makes ready while there is no case. What goes wrong is tried again for the case that then wants it.
    fn prepare_early(&mut self, run: &Shared<W::Job>) {
        if catch_unwind(AssertUnwindSafe(|| _ = self.prepare(run))).is_err() {
            self.vacate();
            self.newest = run.number;
        }
    }

    /// Runs the cases of a chunk, and returns the permit, unless the worker is spent by one of them. The others are then
    /// for another thread, which need not wait for this one's next worker.
    fn run(&mut self, mut chunk: Chunk<W::Job>, permit: Permit, queue: &Queue<W::Job>) -> Option<Permit> {
        let mut is_announced = false;
        while let Some(case) = chunk.case() {
            let ahead = if is_announced { &[] } else { chunk.left() };
            is_announced = true;
            let (execution, is_spent) = self.run_case(&chunk.run, ahead, &case);
            chunk.done(execution);
            if is_spent {
                queue.give_back(chunk, permit);
                self.vacate();
                return None;
            }
        }
        Some(permit)
    }

    /// Runs one case, the first of those `ahead` if there are any; also says whether the worker is spent.
    fn run_case(&mut self, run: &Arc<Shared<W::Job>>, ahead: &[Arc<Case>], case: &Case) -> (Execution, bool) {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let worker = self.prepare(run);
            if !ahead.is_empty() {
                worker.announce(&run.job, ahead);
            }
            (worker.run(&run.job, case, &run.cancellation), worker.is_spent())
        }));
        caught.unwrap_or_else(|panic| (failed(&message(panic.as_ref())), true))
    }

    fn vacate(&mut self) {
        let worker = self.worker.take();
        (self.prepared, self.newest) = (0, 0);
        let _ = catch_unwind(AssertUnwindSafe(|| drop(worker))); // it is gone, whatever came of that
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    message.map_or_else(|| "deem panicked".to_owned(), |message| format!("deem panicked: {message}"))
}
