use std::collections::VecDeque;
use std::iter::Fuse;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::Workers;
use super::chunk::{Cases, Chunk, Piece, Shared};
use crate::{Cancellation, Case, Execution, Sink};

/// Cases being run: see [`Workers::run`]. Dropping it cancels those that are not done.
pub struct Run<'w, J, I> {
    workers: &'w Workers<J>,
    source: Fuse<I>,
    shared: Arc<Shared<J>>,
    sender: Sender<Piece>,
    pieces: Receiver<Piece>,
    /// The chunks that were sent, and of which something is still to be yielded; the first has the number `first`.
    under_way: VecDeque<UnderWay>,
    first: usize,
}

struct UnderWay {
    cases: Cases,
    yielded: usize,
    /// What came of the cases that follow those.
    executions: VecDeque<Execution>,
}

impl<'w, J, I: Iterator<Item = Arc<Case>>> Run<'w, J, I> {
    pub(super) fn new(workers: &'w Workers<J>, shared: Arc<Shared<J>>, source: I) -> Run<'w, J, I> {
        let (sender, pieces) = channel();
        Run { workers, source: source.fuse(), shared, sender, pieces, under_way: VecDeque::new(), first: 0 }
    }

    /// Hands everything to `sink`, until that breaks.
    pub fn drain_into(self, sink: &mut dyn Sink) {
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
            let number = self.first + self.under_way.len();
            self.under_way.push_back(UnderWay { cases: cases.clone(), yielded: 0, executions: VecDeque::new() });
            queue.push(Chunk::new(self.shared.clone(), number, cases, self.sender.clone()));
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
            while self.under_way.pop_front_if(|chunk| chunk.is_over()).is_some() {
                self.first += 1;
            }
            self.send_more();
            if self.under_way.front()?.executions.is_empty() {
                // Each chunk sends something for each of its cases: there is something to wait for.
                let (number, executions) = self.pieces.recv().ok()?;
                self.under_way[number - self.first].executions.extend(executions);
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
