//! The workers of a pool as [`deem_core::Pool`] has them, but that what is in their isolates is seen.

use std::sync::{Arc, Mutex};

use deem_core::workers::Worker;
use deem_core::{Cancellation, Case, Engine, Error, Execution, Isolate, Isolation, Program, Rules};

use crate::memory::Seen;

pub(crate) struct Job {
    pub(crate) program: Program,
    pub(crate) rules: Rules,
}

pub(crate) struct Watched {
    engine: Engine,
    isolation: Isolation,
    isolate: Option<Isolate>,
    seen: Arc<Mutex<Seen>>,
}

impl Watched {
    pub(crate) fn new(engine: &Engine, isolation: Isolation, seen: Arc<Mutex<Seen>>) -> Watched {
        Watched { engine: engine.clone(), isolation, isolate: None, seen }
    }

    fn isolate(&mut self, job: &Job) -> Result<&mut Isolate, Error> {
        match &mut self.isolate {
            Some(isolate) => Ok(isolate),
            none => {
                Seen::note_isolate(&self.seen);
                Ok(none.insert(Isolate::new(&self.engine, &job.rules.limits)?))
            }
        }
    }
}

impl Worker for Watched {
    type Job = Job;

    fn prepare(&mut self, job: &Job) {
        // Should it fail, the first case says so.
        let _ = self.isolate(job);
    }

    fn run(&mut self, job: &Job, case: &Case, cancellation: &Cancellation) -> Execution {
        let isolation = self.isolation;
        let (execution, statistics) = match self.isolate(job) {
            Ok(isolate) => {
                let execution = isolate.run(&job.program, &case.args, &job.rules, isolation, cancellation);
                (execution, isolate.statistics())
            }
            Err(error) => return Execution::of(Err(error.into())),
        };
        Seen::see(&self.seen, statistics);
        if isolation == Isolation::Isolate {
            self.isolate = None;
        }
        execution
    }

    fn is_spent(&self) -> bool {
        self.isolate.as_ref().is_some_and(Isolate::is_condemned)
    }
}
