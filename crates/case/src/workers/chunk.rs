use std::mem;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use super::failed;
use crate::{Cancellation, Case, Execution};

pub(super) type Cases = Arc<[Arc<Case>]>;

/// Where a chunk's executions are for whoever waits for them: those that have not been taken.
#[derive(Clone, Default)]
pub(super) struct Finished(Arc<Mutex<Vec<Execution>>>);

impl Finished {
    fn put(&self, execution: Execution) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(execution);
    }

    pub(super) fn take(&self) -> Vec<Execution> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the chunks of one run have in common.
pub(super) struct Shared<J> {
    /// Runs are numbered from 1, as they begin.
    pub(super) number: u64,
    pub(super) job: J,
    pub(super) cancellation: Cancellation,
}

/// Cases that follow each other, for one thread at a time.
///
/// One that is dropped before they are done was cancelled, and says so for each of them: whoever waits for its executions
/// gets them all.
pub(super) struct Chunk<J> {
    pub(super) run: Arc<Shared<J>>,
    cases: Cases,
    done: usize,
    finished: Finished,
    /// Told when all of them are done.
    over: Sender<()>,
}

impl<J> Chunk<J> {
    pub(super) fn new(run: Arc<Shared<J>>, cases: Cases, finished: Finished, over: Sender<()>) -> Chunk<J> {
        Chunk { run, cases, done: 0, finished, over }
    }

    /// The case to run now, if there is one, and it is still wanted.
    pub(super) fn case(&self) -> Option<Arc<Case>> {
        self.cases.get(self.done).filter(|_| !self.is_cancelled()).cloned()
    }

    /// The cases that are not done.
    pub(super) fn left(&self) -> &[Arc<Case>] {
        &self.cases[self.done..]
    }

    /// Takes what happened with that case.
    pub(super) fn done(&mut self, execution: Execution) {
        self.finished.put(execution);
        self.done += 1;
    }

    pub(super) fn is_done(&self) -> bool {
        self.done == self.cases.len()
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.run.cancellation.is_cancelled()
    }
}

impl<J> Drop for Chunk<J> {
    fn drop(&mut self) {
        while !self.is_done() {
            self.done(failed("cancelled"));
        }
        let _ = self.over.send(()); // the run may have been dropped
    }
}
