use std::sync::Arc;
use std::time::{Duration, Instant};

use deem_case::workers::{self, Worker, Workers};
use deem_case::{Case, Execution, Executor, InternalError, Limits, Prepared, Session, Sink, Submission};

use crate::error::ErrorKind;
use crate::{CompileError, Engine, Error, Isolate, Isolation, Program};

/// Threads with an isolate each, which run the cases of programs. Clones are handles to the same threads.
///
/// For trusted code, benches and tests: see the crate's documentation.
#[derive(Clone)]
pub struct Pool {
    engine: Engine,
    workers: Arc<Workers<Job>>,
}

/// The cases of one program being run: see [`Pool::run`].
pub type Run<'p, I> = workers::Run<'p, Job, I>;

/// What the cases of one run have in common.
pub struct Job {
    program: Program,
    limits: Limits,
}

impl Pool {
    /// Starts `threads` threads (at least one); [`Pool::default_threads`] is a good number.
    ///
    /// # Errors
    /// If a thread cannot be started. An isolate that cannot be made is an internal error at the cases that wanted it.
    pub fn new(engine: &Engine, threads: usize, isolation: Isolation) -> Result<Pool, Error> {
        let chunk_size = match isolation {
            Isolation::Isolate => 1,
            Isolation::Realm => 32,
            Isolation::Shared => 256,
        };
        let for_threads = engine.clone();
        let make = move || InIsolate { engine: for_threads.clone(), isolation, isolate: None };
        let workers = Workers::start("deem-isolate", threads, chunk_size, make)
            .map_err(|error| Error::new(ErrorKind::Thread, error.to_string()))?;
        Ok(Pool { engine: engine.clone(), workers: Arc::new(workers) })
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
        self.workers.run(Job { program: program.clone(), limits: *limits }, cases.into_iter())
    }
}

struct InIsolate {
    engine: Engine,
    isolation: Isolation,
    isolate: Option<Isolate>,
}

impl Worker for InIsolate {
    type Job = Job;

    fn run(&mut self, job: &Job, case: &Case) -> Execution {
        if self.isolation == Isolation::Isolate {
            let started = Instant::now();
            let mut execution = self.run_in_isolate(job, case, Isolate::for_one_case);
            self.isolate = None; // its end is part of what an isolate costs
            execution.elapsed = started.elapsed();
            return execution;
        }
        let execution = self.run_in_isolate(job, case, Isolate::new);
        if self.isolate.as_ref().is_some_and(Isolate::is_condemned) {
            self.isolate = None;
        }
        execution
    }
}

impl InIsolate {
    fn run_in_isolate(
        &mut self,
        job: &Job,
        case: &Case,
        make: impl FnOnce(&Engine, &Limits) -> Result<Isolate, Error>,
    ) -> Execution {
        if self.isolate.as_ref().is_some_and(|isolate| isolate.heap_limit() != job.limits.heap) {
            self.isolate = None;
        }
        let isolate = match &mut self.isolate {
            Some(isolate) => isolate,
            none => match make(&self.engine, &job.limits) {
                Ok(isolate) => none.insert(isolate),
                Err(error) => return Execution { result: Err(error.into()), elapsed: Duration::ZERO },
            },
        };
        isolate.run(&job.program, &case.args, &job.limits, self.isolation)
    }
}

impl Executor for Pool {
    fn prepare(&self, submission: &Submission, limits: &Limits) -> Result<Prepared, InternalError> {
        match self.engine.compile(submission) {
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
        self.pool.run(&self.program, cases, &self.limits).drain_into(sink);
    }
}
