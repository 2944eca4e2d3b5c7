use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deem_case::{Entry, Exception, Submission, guest};

use crate::error::ErrorKind;
use crate::script::{Kind, NotCompiled, Script};
use crate::{Engine, Error};

/// A compiled submission. Cheap to clone, and may be run on any thread.
#[derive(Clone, Debug)]
pub struct Program(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: u64,
    script: Script,
    entry: Entry,
    is_called_plainly: bool,
    convention: String,
}

/// Why there is no [`Program`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The submission is not a JavaScript program. Verdict CE.
    #[error("{0}")]
    Syntax(Exception),
    /// deem failed. Verdict IE.
    #[error(transparent)]
    Engine(#[from] Error),
}

impl Engine {
    /// Compiles a submission, once for every isolate that will run it.
    ///
    /// None of its code runs. It is compiled in an isolate of its own, so that a submission never meets another one
    /// here either; that costs a millisecond or two.
    ///
    /// ```
    /// use deem_core::{CompileError, Engine, Entry, Submission};
    ///
    /// let engine = Engine::new()?;
    /// let source = "function f(x) {\n  return x +;\n}".to_owned();
    /// let error = engine.compile(&Submission::new(source, Entry::function("f")?)).unwrap_err();
    /// assert_eq!(error.to_string(), "SyntaxError: Unexpected token ';' (solution.js:2:13)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CompileError`].
    pub fn compile(&self, submission: &Submission) -> Result<Program, CompileError> {
        static IDS: AtomicU64 = AtomicU64::new(0);
        submission.check().map_err(CompileError::Syntax)?;
        let kind = match submission.entry {
            Entry::Export(_) => Kind::Module,
            Entry::Program => Kind::Function,
            Entry::Function(_) | Entry::Class(_) | Entry::Completion => Kind::Script,
        };
        let snapshot = self.guest()?;
        let compiled = on_own_thread(|| {
            Script::compile(snapshot.within(Default::default()), &submission.source, kind).map_err(
                |error| match error {
                    NotCompiled::Syntax(exception) => CompileError::Syntax(exception),
                    NotCompiled::Failed(error) => error.into(),
                },
            )
        });
        Ok(Program(Arc::new(Inner {
            id: IDS.fetch_add(1, Ordering::Relaxed),
            script: compiled?,
            entry: submission.entry.clone(),
            is_called_plainly: guest::is_called_plainly(submission),
            convention: guest::convention(submission),
        })))
    }
}

/// Runs what compiles on a thread of its own, because the current one may have entered an isolate already.
pub(crate) fn on_own_thread<T: Send, E: From<Error> + Send>(
    compile: impl FnOnce() -> Result<T, E> + Send,
) -> Result<T, E> {
    std::thread::scope(|threads| {
        let thread = std::thread::Builder::new()
            .name("deem-compile".to_owned())
            .stack_size(8 << 20) // V8's parser takes deep sources deep
            .spawn_scoped(threads, compile)
            .map_err(|error| Error::new(ErrorKind::Thread, error.to_string()))?;
        thread.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::V8, "panicked while compiling").into()))
    })
}

impl Program {
    pub(crate) fn id(&self) -> u64 {
        self.0.id
    }

    pub(crate) fn entry(&self) -> &Entry {
        &self.0.entry
    }

    /// Whether the entry is a function that is called without calling.js.
    pub(crate) fn is_called_plainly(&self) -> bool {
        self.0.is_called_plainly
    }

    /// What calling.js is told.
    pub(crate) fn convention(&self) -> &str {
        &self.0.convention
    }

    pub(crate) fn script(&self) -> &Script {
        &self.0.script
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deem_case::Limits;
    use deno_core::v8;

    #[test]
    fn the_code_cache_is_accepted_by_isolates_of_either_kind_on_other_threads() {
        let engine = Engine::new().unwrap();
        let source = "function f(n) { return (() => n)() }".to_owned();
        let program = engine.compile(&Submission::new(source, Entry::function("f").unwrap())).unwrap();
        let accepted = |make: fn(&Engine, &Limits) -> Result<crate::Isolate, Error>| {
            std::thread::scope(|threads| {
                let load = || {
                    let mut isolate = make(&engine, &Limits::default()).unwrap();
                    v8::scope!(let scope, isolate.v8());
                    let context = v8::Context::new(scope, v8::ContextOptions::default());
                    let scope = &mut v8::ContextScope::new(scope, context);
                    program.script().load(scope).unwrap().1
                };
                threads.spawn(load).join().unwrap()
            })
        };
        assert!(accepted(crate::Isolate::new));
        assert!(accepted(crate::Isolate::for_one_case));
    }
}
