use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use deem_case::{Case, Execution, Executor, InternalError, Limits, Prepared, Session, Sink, Submission};

use crate::error::ErrorKind;
use crate::{CompileError, Engine, Error, Isolate, Isolation, Program};

/// Threads with an isolate each, which run the cases of programs. Clones are handles to the same threads.
///
/// For trusted code, benches and tests: see the crate's documentation.
#[derive(Clone)]
pub struct Pool(Arc<Threads>);

struct Threads {
    engine: Engine,
    isolation: Isolation,
    /// `None` only while the pool is dropped: the threads end when nothing can send to them.
    jobs: Option<Sender<Job>>,
    handles: Vec<JoinHandle<()>>,
}

/// Cases that follow each other, run by one thread.
struct Job {
    run: Arc<RunState>,
    chunk: u64,
    cases: Cases,
    done: Sender<Done>,
}

struct Done {
    chunk: u64,
    executions: Vec<Execution>,
}

type Cases = Arc<[Arc<Case>]>;

struct RunState {
    program: Program,
    limits: Limits,
    cancelled: AtomicBool,
}

impl Pool {
    /// Starts `threads` threads (at least one); [`Pool::default_threads`] is a good number.
    ///
    /// # Errors
    /// If a thread cannot be started. An isolate that cannot be made is an internal error at the cases that wanted it.
    pub fn new(engine: &Engine, threads: usize, isolation: Isolation) -> Result<Pool, Error> {
        let (jobs, queue) = unbounded();
        let mut pool = Threads { engine: engine.clone(), isolation, jobs: Some(jobs), handles: Vec::new() };
        for index in 0..threads.max(1) {
            let (engine, queue) = (engine.clone(), queue.clone());
            let thread = std::thread::Builder::new().name(format!("deem-isolate-{index}"));
            let handle = thread.stack_size(crate::isolate::STACK).spawn(move || {
                Worker { engine, isolation, isolate: None }.work(&queue);
            });
            pool.handles.push(handle.map_err(|error| Error::new(ErrorKind::Thread, error.to_string()))?);
        }
        Ok(Pool(Arc::new(pool)))
    }

    /// One thread for each processor that this process may use.
    pub fn default_threads() -> usize {
        num_cpus::get()
    }

    /// Runs a program on the cases, and yields each with what happened, in the order of the cases.
    ///
    /// Cases are taken from `cases` as threads become free, so that an endless stream of them needs no more memory than a
    /// few. Dropping the [`Run`] cancels the cases that have not started.
    pub fn run<I>(&self, program: &Program, cases: I, limits: &Limits) -> Run<'_, I::IntoIter>
    where
        I: IntoIterator<Item = Arc<Case>>,
    {
        let (done, results) = unbounded();
        let run = RunState { program: program.clone(), limits: *limits, cancelled: AtomicBool::new(false) };
        Run {
            pool: self,
            source: cases.into_iter(),
            run: Arc::new(run),
            done: Some(done),
            results,
            under_way: VecDeque::new(),
            first_chunk: 0,
            early: BTreeMap::new(),
            ready: VecDeque::new(),
        }
    }
}

/// The cases of one program being run: see [`Pool::run`].
pub struct Run<'p, I> {
    pool: &'p Pool,
    source: I,
    run: Arc<RunState>,
    /// Taken when there are no more cases, so that `results` ends when the last job does.
    done: Option<Sender<Done>>,
    results: Receiver<Done>,
    /// The chunks that were sent and whose turn has not come, the first being number `first_chunk`.
    under_way: VecDeque<Cases>,
    first_chunk: u64,
    /// Results that came before their turn.
    early: BTreeMap<u64, Vec<Execution>>,
    ready: VecDeque<(Arc<Case>, Execution)>,
}

impl<I: Iterator<Item = Arc<Case>>> Run<'_, I> {
    fn send_more(&mut self) {
        let Threads { jobs: Some(jobs), handles, isolation, .. } = &*self.pool.0 else { return };
        // Two chunks for each thread: while one is under way, the next waits at hand.
        while let Some(done) = &self.done
            && self.under_way.len() < 2 * handles.len()
        {
            let cases: Cases = self.source.by_ref().take(chunk_size(*isolation)).collect();
            if cases.is_empty() {
                self.done = None;
                return;
            }
            let chunk = self.first_chunk + self.under_way.len() as u64;
            self.under_way.push_back(cases.clone());
            let job = Job { run: self.run.clone(), chunk, cases, done: done.clone() };
            if jobs.send(job).is_err() {
                return; // no thread is left; what was sent shows as lost
            }
        }
    }
}

impl<I: Iterator<Item = Arc<Case>>> Iterator for Run<'_, I> {
    type Item = (Arc<Case>, Execution);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.ready.pop_front() {
                return Some(next);
            }
            self.send_more();
            let cases = self.under_way.front()?.clone();
            let executions = match self.early.remove(&self.first_chunk) {
                Some(executions) => executions,
                None => match self.results.recv() {
                    Ok(Done { chunk, executions }) if chunk != self.first_chunk => {
                        self.early.insert(chunk, executions);
                        continue;
                    }
                    Ok(Done { executions, .. }) => executions,
                    Err(_) => vec![failed("the thread that ran it is gone"); cases.len()],
                },
            };
            self.under_way.pop_front();
            self.first_chunk += 1;
            self.ready.extend(cases.iter().cloned().zip(executions));
        }
    }
}

impl<I> Drop for Run<'_, I> {
    fn drop(&mut self) {
        self.run.cancelled.store(true, Ordering::Relaxed);
    }
}

/// How many cases travel together: as many as make the hand-over cheap beside them, and no more, for the last chunk keeps
/// one thread busy while the others have nothing to do.
fn chunk_size(isolation: Isolation) -> usize {
    match isolation {
        Isolation::Isolate => 1,
        Isolation::Realm => 4,
        Isolation::Shared => 256,
    }
}

fn failed(what: &str) -> Execution {
    Execution { result: Err(InternalError(what.to_owned())), elapsed: Duration::ZERO }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.jobs = None;
        for handle in self.handles.drain(..) {
            let _ = handle.join(); // it cannot have panicked: `work` catches
        }
    }
}

struct Worker {
    engine: Engine,
    isolation: Isolation,
    isolate: Option<Isolate>,
}

impl Worker {
    fn work(mut self, queue: &Receiver<Job>) {
        for Job { run, chunk, cases, done } in queue {
            let mut executions = Vec::with_capacity(cases.len());
            for case in cases.iter() {
                executions.push(if run.cancelled.load(Ordering::Relaxed) {
                    failed("cancelled")
                } else {
                    self.run_caught(&run, case)
                });
            }
            // Nobody listens any more where the run was dropped.
            let _ = done.send(Done { chunk, executions });
        }
    }

    /// A panic is a mistake in deem. It costs the case, and the isolate, which may be in any state.
    fn run_caught(&mut self, run: &RunState, case: &Case) -> Execution {
        let execution = catch_unwind(AssertUnwindSafe(|| self.run_case(run, case)));
        let execution = execution.unwrap_or_else(|_| {
            let isolate = self.isolate.take();
            let _ = catch_unwind(AssertUnwindSafe(move || drop(isolate)));
            failed("deem panicked")
        });
        if self.isolate.as_ref().is_some_and(Isolate::is_condemned) {
            self.isolate = None;
        }
        execution
    }

    fn run_case(&mut self, run: &RunState, case: &Case) -> Execution {
        if self.isolation == Isolation::Isolate {
            let started = std::time::Instant::now();
            self.isolate = None;
            let mut execution = self.run_in_isolate(run, case);
            self.isolate = None; // its end is part of what an isolate costs
            execution.elapsed = started.elapsed();
            return execution;
        }
        self.run_in_isolate(run, case)
    }

    fn run_in_isolate(&mut self, run: &RunState, case: &Case) -> Execution {
        let isolate = match &mut self.isolate {
            Some(isolate) => isolate,
            none => match Isolate::new(&self.engine) {
                Ok(isolate) => none.insert(isolate),
                Err(error) => return Execution { result: Err(error.into()), elapsed: Duration::ZERO },
            },
        };
        isolate.run(&run.program, &case.args, &run.limits, self.isolation)
    }
}

impl Executor for Pool {
    fn prepare(&self, submission: &Submission, limits: &Limits) -> Result<Prepared, InternalError> {
        match self.0.engine.compile(submission) {
            Ok(program) => Ok(Prepared::Ready(Box::new(PoolSession { pool: self.clone(), program, limits: *limits }))),
            Err(CompileError::Syntax(exception)) => Ok(Prepared::CompileError(exception)),
            Err(CompileError::Engine(error)) => Err(error.into()),
        }
    }
}

struct PoolSession {
    pool: Pool,
    program: Program,
    limits: Limits,
}

impl Session for PoolSession {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        for (case, execution) in self.pool.run(&self.program, cases, &self.limits) {
            if sink.case(case, execution).is_break() {
                return;
            }
        }
    }
}
