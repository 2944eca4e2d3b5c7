use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::chunk::{Chunk, Shared};
use crate::Cancellation;

/// What the threads of a pool have in common. Nothing is run, made or dropped under its lock.
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    /// Who leaves a chunk and a permit behind wakes a thread for them. A new run, and the end, wake all.
    news: Condvar,
}

struct State<J> {
    chunks: VecDeque<Chunk<J>>,
    /// How many more threads may run cases.
    permits: usize,
    latest: Option<Arc<Shared<J>>>,
    closed: bool,
}

/// What allows one thread to run cases. It goes back to the queue that it is from.
pub(super) struct Permit(());

/// What a thread is to do next.
pub(super) enum Step<J> {
    Prepare(Arc<Shared<J>>),
    Run(Chunk<J>, Permit),
}

impl<J> Queue<J> {
    pub(super) fn new(permits: usize) -> Queue<J> {
        let state = State { chunks: VecDeque::new(), permits, latest: None, closed: false };
        Queue { state: Mutex::new(state), news: Condvar::new() }
    }

    /// Makes a run known, so that threads prepare for it.
    pub(super) fn begin(&self, job: J, cancellation: Cancellation) -> Arc<Shared<J>> {
        let mut state = self.lock();
        let number = state.latest.as_ref().map_or(0, |latest| latest.number) + 1;
        let run = Arc::new(Shared { number, job, cancellation });
        let earlier = state.latest.replace(run.clone());
        drop(state);
        drop(earlier);
        self.news.notify_all();
        run
    }

    pub(super) fn push(&self, chunk: Chunk<J>) {
        let mut state = self.lock();
        let refused = state.accept(chunk, VecDeque::push_back);
        self.leave(state);
        drop(refused);
    }

    /// Takes a thread's permit, and what it has not done of a chunk: that is the next to be done.
    pub(super) fn give_back(&self, chunk: Chunk<J>, permit: Permit) {
        let mut state = self.lock();
        state.take_back(permit);
        let refused = state.accept(chunk, VecDeque::push_front);
        self.leave(state);
        drop(refused);
    }

    /// Waits for something to do; there is nothing when the pool ends.
    ///
    /// `permit` is what the thread had for its last chunk, `prepared` the run that its worker was made ready for last, and
    /// `newest` the newest that it was made ready for, once, however often it then goes back to cases of an older one.
    ///
    /// Threads make ready first, and then take chunks: a chunk is for who is ready first, and waits for nobody else.
    pub(super) fn next(&self, permit: Option<Permit>, prepared: u64, newest: u64) -> Option<Step<J>> {
        let mut state = self.lock();
        if let Some(permit) = permit {
            state.take_back(permit);
        }
        let step = loop {
            if state.closed {
                return None;
            }
            let newer = state.latest.as_ref().filter(|latest| latest.number > newest);
            let chunk = state.chunks.front().filter(|_| state.permits > 0);
            match (chunk, newer) {
                (Some(chunk), Some(newer)) if chunk.run.number != prepared => break Some(Step::Prepare(newer.clone())),
                (None, Some(newer)) => break Some(Step::Prepare(newer.clone())),
                (Some(_), _) => break state.take().map(|(chunk, permit)| Step::Run(chunk, permit)),
                (None, None) => state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        };
        self.leave(state);
        step
    }

    /// Drops the chunks of cancelled runs.
    pub(super) fn discard_cancelled(&self) {
        let mut state = self.lock();
        let chunks = mem::take(&mut state.chunks).into_iter();
        let (cancelled, wanted) = chunks.partition::<VecDeque<_>, _>(Chunk::is_cancelled);
        state.chunks = wanted;
        drop(state);
        drop(cancelled);
    }

    /// Ends the threads, each after what it is doing.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        drop(state);
        self.news.notify_all();
    }

    fn leave(&self, state: MutexGuard<'_, State<J>>) {
        let leaves_work = state.permits > 0 && !state.chunks.is_empty();
        drop(state);
        if leaves_work {
            self.news.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J> State<J> {
    /// Puts a chunk into the queue, unless nothing of it is to be done. Who cancels a run then looks for its chunks here,
    /// under the lock: a cancelled one is found either there or now.
    fn accept(&mut self, chunk: Chunk<J>, put: fn(&mut VecDeque<Chunk<J>>, Chunk<J>)) -> Option<Chunk<J>> {
        if chunk.is_done() || chunk.is_cancelled() {
            return Some(chunk);
        }
        put(&mut self.chunks, chunk);
        None
    }

    fn take(&mut self) -> Option<(Chunk<J>, Permit)> {
        let chunk = self.chunks.pop_front()?;
        self.permits -= 1;
        Some((chunk, Permit(())))
    }

    fn take_back(&mut self, Permit(()): Permit) {
        self.permits += 1;
    }
}
