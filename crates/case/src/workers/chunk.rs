use std::mem;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::failed;
use crate::{Cancellation, Case, Execution};

/// For how long executions may wait for others to travel with: a caller that shows progress, or stops at the first failure,
/// is to see slow cases one by one, and fast ones are to travel together.
const PATIENCE: Duration = Duration::from_millis(20);

pub(super) type Cases = Arc<[Arc<Case>]>;

/// The number of a chunk, and executions of its cases: those that follow the ones sent before.
pub(super) type Piece = (usize, Vec<Execution>);

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
    number: usize,
    cases: Cases,
    done: usize,
    unsent: Vec<Execution>,
    /// When the first of the unsent was begun.
    since: Instant,
    pieces: Sender<Piece>,
}

impl<J> Chunk<J> {
    pub(super) fn new(run: Arc<Shared<J>>, number: usize, cases: Cases, pieces: Sender<Piece>) -> Chunk<J> {
        Chunk { run, number, cases, done: 0, unsent: Vec::new(), since: Instant::now(), pieces }
    }

    /// The case to run now, if there is one, and it is still wanted.
    pub(super) fn case(&mut self) -> Option<Arc<Case>> {
        if self.unsent.is_empty() {
            self.since = Instant::now();
        }
        self.cases.get(self.done).filter(|_| !self.is_cancelled()).cloned()
    }

    /// Takes what happened with that case.
    pub(super) fn done(&mut self, execution: Execution) {
        self.unsent.push(execution);
        self.done += 1;
        if self.is_done() || self.since.elapsed() > PATIENCE {
            self.send();
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.done == self.cases.len()
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.run.cancellation.is_cancelled()
    }

    /// Sends what is done.
    pub(super) fn send(&mut self) {
        if !self.unsent.is_empty() {
            let _ = self.pieces.send((self.number, mem::take(&mut self.unsent))); // the run may have been dropped
        }
    }
}

impl<J> Drop for Chunk<J> {
    fn drop(&mut self) {
        self.unsent.extend(self.cases[self.done..].iter().map(|_| failed("cancelled")));
        self.send();
    }
}
