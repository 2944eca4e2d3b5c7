use std::sync::Arc;
use std::time::Instant;

use deem_case::workers::{self, Worker, Workers};
use deem_case::{Cancellation, Case, Execution, Executor, InternalError, Prepared, Rules, Session, Sink, Submission};

use crate::error::ErrorKind;
use crate::{CompileError, Engine, Error, Isolate, Isolation, Program};

/// Threads with an isolate each, which run the cases of programs. Clones are handles to the same threads.
///
/// For trusted code, benches and tests: see the crate's documentation.
#[derive(Clone)]
pub struct Pool {
    engine: Engine,
    isolation: Isolation,
    workers: Arc<Workers<Job>>,
}

/// The cases of one program being run: see [`Pool::run`].
pub type Run<'p, I> = workers::Run<'p, Job, I>;

/// What the cases of one run have in common.
pub struct Job {
    program: Program,
    rules: Rules,
    /// The pool's; or, where that one's outcomes are provisional, what makes them final.
    isolation: Isolation,
}

impl Pool {
    /// Starts threads, so that cases run on `threads` of them at a time (at least one); [`Pool::default_threads`] is a good
    /// number. There is one more, which has an isolate ready: where a case ends abnormally, its isolate is replaced while
    /// that thread goes on.
    ///
    /// # Errors
    /// If a thread cannot be started. An isolate that cannot be made is an internal error at the cases that wanted it.
    pub fn new(engine: &Engine, threads: usize, isolation: Isolation) -> Result<Pool, Error> {
        let chunk_size = match isolation {
            Isolation::Isolate => 1,
            Isolation::Realm => 32,
            Isolation::Shared | Isolation::Frozen => 256,
        };
        let for_threads = engine.clone();
        let make = move || InIsolate { engine: for_threads.clone(), isolate: None };
        let watchdog = engine.watchdog().clone();
        let workers = Workers::start("deem-isolate", threads, chunk_size, make, move || watchdog.look())
            .map_err(|error| Error::new(ErrorKind::Thread, error.to_string()))?;
        Ok(Pool { engine: engine.clone(), isolation, workers: Arc::new(workers) })
    }

    /// One thread for each processor that this process may use.
    pub fn default_threads() -> usize {
        num_cpus::get()
    }

    /// Runs a program on the cases, and yields each with what happened, in the order of the cases.
    ///
    /// Cases are taken from `cases` as threads become free, so that an endless stream of them needs no more memory than a
    /// few. Dropping the [`Run`] cancels it: cases under way are stopped, and others do not start.
    ///
    /// With [`Isolation::Frozen`] only right answers are final. [`judge`](crate::judge) runs the other cases again.
    pub fn run<I>(&self, program: &Program, cases: I, rules: &Rules) -> Run<'_, I::IntoIter>
    where
        I: IntoIterator<Item = Arc<Case>>,
    {
        self.run_in(self.isolation, program, cases.into_iter(), rules)
    }

    fn run_in<I>(&self, isolation: Isolation, program: &Program, cases: I, rules: &Rules) -> Run<'_, I>
    where
        I: Iterator<Item = Arc<Case>>,
    {
        self.workers.run(Job { program: program.clone(), rules: *rules, isolation }, cases)
    }
}

struct InIsolate {
    engine: Engine,
    isolate: Option<Isolate>,
}

impl Worker for InIsolate {
    type Job = Job;

    fn prepare(&mut self, job: &Job) {
        if job.isolation != Isolation::Isolate {
            // Should it fail, it fails again for the case that then wants an isolate, and is that case's internal error.
            let _ = self.isolate_for(job);
        }
    }

    fn run(&mut self, job: &Job, case: &Case, cancellation: &Cancellation) -> Execution {
        let started = Instant::now();
        let mut execution = match self.isolate_for(job) {
            Ok(isolate) => isolate.run(&job.program, &case.args, &job.rules, job.isolation, cancellation),
            Err(error) => Execution::of(Err(error.into())),
        };
        if job.isolation == Isolation::Isolate {
            self.isolate = None; // its beginning and its end are part of what an isolate costs
            execution.usage.wall = started.elapsed();
        }
        execution
    }

    fn is_spent(&self) -> bool {
        self.isolate.as_ref().is_some_and(Isolate::is_condemned)
    }
}

impl InIsolate {
    fn isolate_for(&mut self, job: &Job) -> Result<&mut Isolate, Error> {
        let limits = &job.rules.limits;
        if self.isolate.as_ref().is_some_and(|isolate| !isolate.has_limits(limits)) {
            self.isolate = None; // before there is another one: a thread has one at a time
        }
        match &mut self.isolate {
            Some(isolate) => Ok(isolate),
            none if job.isolation == Isolation::Isolate => {
                Ok(none.insert(Isolate::for_one_case(&self.engine, limits)?))
            }
            none => Ok(none.insert(Isolate::new(&self.engine, limits)?)),
        }
    }
}

impl Executor for Pool {
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        match self.engine.compile(submission) {
            Ok(program) => Ok(Prepared::Ready(Box::new(PoolSession { pool: self.clone(), program, rules: *rules }))),
            Err(CompileError::Syntax(exception)) => Ok(Prepared::CompileError(exception)),
            Err(CompileError::Engine(error)) => Err(error.into()),
        }
    }
}

struct PoolSession {
    pool: Pool,
    program: Program,
    rules: Rules,
}

impl Session for PoolSession {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        self.pool.run(&self.program, cases, &self.rules).drain_into(sink);
    }

    fn is_provisional(&self) -> bool {
        self.pool.isolation == Isolation::Frozen
    }

    fn confirm(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        let isolation = if self.is_provisional() { Isolation::Realm } else { self.pool.isolation };
        self.pool.run_in(isolation, &self.program, cases, &self.rules).drain_into(sink);
    }
}
