use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deem_case::{Entry, Exception, SOURCE_NAME, Submission};
use deno_core::v8;
use deno_core::v8::script_compiler::{CachedData, CompileOptions, NoCacheReason, Source, compile_unbound_script};

use crate::error::ErrorKind;
use crate::{Engine, Error};

/// A compiled submission. Cheap to clone, and may be run on any thread.
#[derive(Clone, Debug)]
pub struct Program(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: u64,
    source: String,
    entry: Entry,
    code_cache: Vec<u8>,
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
    /// let error = engine.compile(&Submission { source, entry: Entry::function("f")? }).unwrap_err();
    /// assert_eq!(error.to_string(), "SyntaxError: Unexpected token ';' (solution.js:2:13)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`CompileError`].
    pub fn compile(&self, submission: &Submission) -> Result<Program, CompileError> {
        static IDS: AtomicU64 = AtomicU64::new(0);
        // A thread of its own, because this one may have entered an isolate already.
        let compiled = std::thread::scope(|threads| {
            let thread = std::thread::Builder::new()
                .name("deem-compile".to_owned())
                .stack_size(8 << 20) // V8's parser takes deep sources deep
                .spawn_scoped(threads, || code_cache(&submission.source))
                .map_err(|error| Error::new(ErrorKind::Thread, error.to_string()))?;
            thread.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::V8, "panicked while compiling").into()))
        });
        Ok(Program(Arc::new(Inner {
            id: IDS.fetch_add(1, Ordering::Relaxed),
            source: submission.source.clone(),
            entry: submission.entry.clone(),
            code_cache: compiled?,
        })))
    }
}

impl Program {
    pub(crate) fn id(&self) -> u64 {
        self.0.id
    }

    pub(crate) fn entry(&self) -> &Entry {
        &self.0.entry
    }

    /// The program in this isolate, from the code cache; and whether V8 accepted the cache.
    pub(crate) fn load<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<(v8::Local<'s, v8::UnboundScript>, bool), Error> {
        let text = v8::String::new(scope, &self.0.source);
        let text = text.ok_or_else(|| Error::new(ErrorKind::V8, "the source is longer than a string may be"))?;
        let origin = origin(scope);
        let mut source = Source::new_with_cached_data(text, Some(&origin), CachedData::new(&self.0.code_cache));
        let script =
            compile_unbound_script(scope, &mut source, CompileOptions::ConsumeCodeCache, NoCacheReason::NoReason)
                .ok_or_else(|| Error::new(ErrorKind::V8, "a program that compiled once did not compile again"))?;
        let accepted = source.get_cached_data().is_some_and(|cache| !cache.rejected());
        Ok((script, accepted))
    }
}

fn code_cache(source: &str) -> Result<Vec<u8>, CompileError> {
    let mut isolate = v8::Isolate::new(v8::CreateParams::default());
    v8::scope!(let scope, &mut isolate);
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);

    let Some(text) = v8::String::new(scope, source) else {
        let message = "the source is longer than a string may be".to_owned();
        return Err(CompileError::Syntax(Exception {
            name: "SyntaxError".to_owned(),
            message,
            ..Exception::default()
        }));
    };
    let origin = origin(scope);
    let mut source = Source::new(text, Some(&origin));
    // Eager, so that the cache has every function and no isolate compiles one again.
    match compile_unbound_script(scope, &mut source, CompileOptions::EagerCompile, NoCacheReason::NoReason) {
        Some(script) => {
            let cache = script.create_code_cache();
            let cache = cache.ok_or_else(|| Error::new(ErrorKind::V8, "no code cache for a compiled program"))?;
            Ok(cache.to_vec())
        }
        None => {
            let thrown =
                scope.exception().ok_or_else(|| Error::new(ErrorKind::V8, "compiling failed without reason"))?;
            let message = scope.message();
            Err(CompileError::Syntax(crate::describe::describe(scope, thrown, message)))
        }
    }
}

pub(crate) fn origin<'s>(scope: &mut v8::PinScope<'s, '_>) -> v8::ScriptOrigin<'s> {
    let name: v8::Local<v8::Value> = match v8::String::new(scope, SOURCE_NAME) {
        Some(name) => name.into(),
        None => v8::undefined(scope).into(),
    };
    v8::ScriptOrigin::new(scope, name, 0, 0, false, -1, None, false, false, false, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use deem_case::Limits;

    #[test]
    fn the_code_cache_is_accepted_by_isolates_of_either_kind_on_other_threads() {
        let engine = Engine::new().unwrap();
        let source = "function f(n) { return (() => n)() }".to_owned();
        let program = engine.compile(&Submission { source, entry: Entry::function("f").unwrap() }).unwrap();
        let accepted = |make: fn(&Engine, &Limits) -> Result<crate::Isolate, Error>| {
            std::thread::scope(|threads| {
                let load = || {
                    let mut isolate = make(&engine, &Limits::default()).unwrap();
                    v8::scope!(let scope, isolate.v8());
                    let context = v8::Context::new(scope, v8::ContextOptions::default());
                    let scope = &mut v8::ContextScope::new(scope, context);
                    program.load(scope).unwrap().1
                };
                threads.spawn(load).join().unwrap()
            })
        };
        assert!(accepted(crate::Isolate::new));
        assert!(accepted(crate::Isolate::for_one_case));
    }
}
