use std::collections::VecDeque;
use std::iter::Fuse;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::Workers;
use super::chunk::{Cases, Chunk, Finished, Shared};
use crate::{Cancellation, Case, Execution, Sink};

/// For how long what is done may wait for the rest of its chunk. Fast cases travel together; but who shows progress, or stops
/// at the first failure, is to see slow ones one by one.
const PATIENCE: Duration = Duration::from_millis(20);

/// Cases being run: see [`Workers::run`]. Dropping it cancels those that are not done.
pub struct Run<'w, J, I> {
    workers: &'w Workers<J>,
    source: Fuse<I>,
    shared: Arc<Shared<J>>,
    /// Chunks tell that they are over.
    sender: Sender<()>,
    over: Receiver<()>,
    /// The chunks that were sent, and of which something is still to be yielded.
    under_way: VecDeque<UnderWay>,
}

struct UnderWay {
    cases: Cases,
    yielded: usize,
    /// What came of the cases that follow those, as far as it has been taken from `finished`.
    executions: VecDeque<Execution>,
    finished: Finished,
}

impl<'w, J, I: Iterator<Item = Arc<Case>>> Run<'w, J, I> {
    pub(super) fn new(workers: &'w Workers<J>, shared: Arc<Shared<J>>, source: I) -> Run<'w, J, I> {
        let (sender, over) = channel();
        Run { workers, source: source.fuse(), shared, sender, over, under_way: VecDeque::new() }
    }

    /// Hands everything to `sink`, until that breaks.
    pub fn drain_into(self, sink: &mut dyn Sink) {
        sink.begin(&self.cancellation());
        for (case, execution) in self {
            if sink.case(case, execution).is_break() {
                return;
            }
        }
    }

    /// What another thread can cancel the run with. It then ends soon: cases under way are stopped, and no others are taken
    /// from the source. Those that were taken, and are not done, come out as internal errors.
    pub fn cancellation(&self) -> Cancellation {
        self.shared.cancellation.clone()
    }

    fn send_more(&mut self) {
        let Workers { queue, permits, chunk_size, .. } = self.workers;
        // Two chunks for each thread: while one is under way, the next waits at hand.
        while self.under_way.len() < 2 * permits && !self.shared.cancellation.is_cancelled() {
            let left = self.source.size_hint().1.unwrap_or(usize::MAX);
            let size = (left / (4 * permits)).clamp(1, *chunk_size);
            let cases: Cases = self.source.by_ref().take(size).collect();
            if cases.is_empty() {
                return;
            }
            let finished = Finished::default();
            let chunk = Chunk::new(self.shared.clone(), cases.clone(), finished.clone(), self.sender.clone());
            self.under_way.push_back(UnderWay { cases, yielded: 0, executions: VecDeque::new(), finished });
            queue.push(chunk);
        }
    }
}

impl<J, I: Iterator<Item = Arc<Case>>> Iterator for Run<'_, J, I> {
    type Item = (Arc<Case>, Execution);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.under_way.front_mut().and_then(UnderWay::next) {
                return Some(next);
            }
            while self.under_way.pop_front_if(|chunk| chunk.is_over()).is_some() {}
            self.send_more();
            let first = self.under_way.front_mut()?;
            first.executions.extend(first.finished.take());
            // Each chunk says when it is over: that wakes this, and it looks again.
            if first.executions.is_empty() && self.over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Disconnected) {
                return None;
            }
        }
    }
}

impl UnderWay {
    fn next(&mut self) -> Option<(Arc<Case>, Execution)> {
        let execution = self.executions.pop_front()?;
        let case = self.cases[self.yielded].clone();
        self.yielded += 1;
        Some((case, execution))
    }

    fn is_over(&self) -> bool {
        self.yielded == self.cases.len()
    }
}

impl<J, I> Drop for Run<'_, J, I> {
    fn drop(&mut self) {
        if self.under_way.iter().any(|chunk| !chunk.is_over()) {
            self.shared.cancellation.cancel();
        }
    }
}
