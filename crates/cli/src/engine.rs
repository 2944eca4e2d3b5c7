//! The dial: which executor runs the cases.

use std::cell::OnceCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use deem_core::{Engine as V8, Executor, InternalError, Isolation as Fresh, Pool};
use deem_sandbox::{Level, Sandbox, Settings, Walls};
use deem_spawn::{Processes, Runtime};

use crate::args::{self, Isolation};

/// What runs the cases, and what of it belongs into a report.
pub(crate) struct Engine {
    pub(crate) isolation: Isolation,
    pub(crate) threads: usize,
    /// The version of what runs the JavaScript, if that is deem's own V8.
    pub(crate) v8: Option<&'static str>,
    /// The version of node, if that is it.
    pub(crate) node: Option<String>,
    kind: Kind,
    /// One realm for all cases, held as well as it holds the others; started when it is wanted.
    shared: OnceCell<Rc<dyn Executor>>,
    /// What holds it.
    walls: args::Walls,
    level: args::Level,
}

enum Kind {
    Sandbox(Sandbox),
    Other(Rc<dyn Executor>),
}

impl Engine {
    /// Starts it: what a sandbox needs begins to start in the background.
    ///
    /// # Errors
    /// If it cannot be started; node may be missing.
    pub(crate) fn start(options: &args::Engine) -> Result<Engine> {
        let threads = options.threads.unwrap_or_else(Pool::default_threads);
        let in_process = |fresh| -> Result<(Option<&'static str>, Kind)> {
            let v8 = V8::new()?;
            let pool = Pool::new(&v8, threads, fresh)?;
            Ok((Some(V8::V8_VERSION), Kind::Other(Rc::new(pool))))
        };
        let in_sandbox = |fresh| -> Result<(Option<&'static str>, Kind)> {
            let sandbox = start_sandbox(options.walls, options.level, threads, fresh);
            Ok((Some(V8::V8_VERSION), Kind::Sandbox(sandbox.context("cannot start a sandbox")?)))
        };
        let mut node = None;
        let (v8, kind) = match options.isolation {
            Isolation::Sandbox => in_sandbox(Fresh::Realm)?,
            Isolation::SandboxFrozen => in_sandbox(Fresh::Frozen)?,
            Isolation::Realm => in_process(Fresh::Realm)?,
            Isolation::Frozen => in_process(Fresh::Frozen)?,
            Isolation::Isolate => in_process(Fresh::Isolate)?,
            Isolation::Shared => in_process(Fresh::Shared)?,
            Isolation::Node => {
                let runtime = Runtime::node()?;
                node = Some(runtime.version().to_owned());
                let processes = Processes::new(&runtime, threads, deem_spawn::Isolation::Context);
                (None, Kind::Other(Rc::new(processes)))
            }
        };
        let (isolation, walls, level) = (options.isolation, options.walls, options.level);
        Ok(Engine { isolation, threads, v8, node, kind, shared: OnceCell::new(), walls, level })
    }

    /// Leaves a sandbox to the kernel, which ends workers with the thread that started them: ended in order, a run would wait for
    /// those that are being started for the next one.
    pub(crate) fn leave(self) {
        if let Kind::Sandbox(_) = self.kind {
            std::mem::forget(self);
        }
    }

    pub(crate) fn executor(&self) -> &dyn Executor {
        match &self.kind {
            Kind::Sandbox(sandbox) => sandbox,
            Kind::Other(executor) => &**executor,
        }
    }

    /// The same, to be kept.
    pub(crate) fn handle(&self) -> Rc<dyn Executor> {
        match &self.kind {
            Kind::Sandbox(sandbox) => Rc::new(sandbox.clone()),
            Kind::Other(executor) => executor.clone(),
        }
    }

    /// What runs cases one by one in a single realm, where nothing worse can come of that. Nothing, where cases share one anyhow,
    /// or are not run by deem's own V8.
    pub(crate) fn shared(&self) -> Option<Result<&dyn Executor, InternalError>> {
        let start = || -> Result<Rc<dyn Executor>, InternalError> {
            if let Kind::Sandbox(_) = self.kind {
                let sandbox = start_sandbox(self.walls, self.level, 1, Fresh::Shared);
                return Ok(Rc::new(sandbox.map_err(|error| InternalError(error.to_string()))?));
            }
            Ok(Rc::new(Pool::new(&V8::new()?, 1, Fresh::Shared)?))
        };
        match self.isolation {
            Isolation::Shared | Isolation::Node => None,
            Isolation::Sandbox
            | Isolation::SandboxFrozen
            | Isolation::Realm
            | Isolation::Frozen
            | Isolation::Isolate => Some(match self.shared.get() {
                Some(shared) => Ok(&**shared),
                None => start().map(|shared| &**self.shared.get_or_init(|| shared)),
            }),
        }
    }

    /// About how long that takes to start.
    pub(crate) fn shared_start(&self) -> Duration {
        Duration::from_millis(if let Kind::Sandbox(_) = self.kind { 50 } else { 10 })
    }

    /// What a report must say of it: the walls that are not there.
    ///
    /// # Errors
    /// If it cannot run anything, because of walls that it must have, say.
    pub(crate) fn warnings(&self) -> Result<Vec<String>> {
        let Kind::Sandbox(sandbox) = &self.kind else { return Ok(Vec::new()) };
        let missing = sandbox.missing().map_err(|error| anyhow!(with_our_switch(&error.to_string())))?;
        Ok(missing.iter().map(|missing| format!("the sandbox does without {missing}")).collect())
    }
}

/// The library's words, but for its switch, which has another name here.
fn with_our_switch(why: &str) -> String {
    why.replace("Walls::AsPossible", "--walls as-possible")
}

fn start_sandbox(walls: args::Walls, level: args::Level, threads: usize, isolation: Fresh) -> io::Result<Sandbox> {
    Sandbox::start(&Settings {
        threads,
        walls: match walls {
            args::Walls::All => Walls::All,
            args::Walls::AsPossible => Walls::AsPossible,
        },
        level: match level {
            args::Level::Strict => Level::Strict,
            args::Level::Balanced => Level::Balanced,
        },
        isolation,
        // Most runs are of one solution, and over when others would be ready.
        is_ahead: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_walls_are_told_with_the_switch_that_does_without() {
        let why = "no worker could be started: Landlock, of the second wall: not here; Walls::AsPossible does without";
        assert!(with_our_switch(why).ends_with("; --walls as-possible does without"));
    }
}
