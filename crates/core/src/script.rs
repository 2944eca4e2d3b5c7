//! Source text, compiled once for all isolates: V8's code cache goes with it.

use deem_case::{Exception, SOURCE_NAME, guest};
use deno_core::v8;
use deno_core::v8::script_compiler::{CachedData, CompileOptions, NoCacheReason, Source};
use deno_core::v8::script_compiler::{compile_function, compile_module2, compile_unbound_script};

use crate::Error;
use crate::describe::describe;
use crate::error::ErrorKind;

/// Source text, with V8's code cache.
#[derive(Debug)]
pub(crate) struct Script {
    source: String,
    name: &'static str,
    pub(crate) kind: Kind,
    cache: Vec<u8>,
}

/// What the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A classic script.
    Script,
    /// An ES module.
    Module,
    /// The body of a function, as CommonJS modules are.
    Function,
}

/// Why there is no [`Script`].
pub(crate) enum NotCompiled {
    Syntax(Exception),
    Failed(Error),
}

impl From<Error> for NotCompiled {
    fn from(error: Error) -> NotCompiled {
        NotCompiled::Failed(error)
    }
}

impl Script {
    /// Compiles a submission, in an isolate of its own on the current thread, which must not have entered another one. The
    /// cache has every function, so that no isolate compiles one again; but V8 takes it only in isolates of the same snapshot,
    /// which `params` must have.
    pub(crate) fn compile(params: v8::CreateParams, source: &str, kind: Kind) -> Result<Script, NotCompiled> {
        Script::compile_as(params, SOURCE_NAME, source, kind)
    }

    /// Compiles a script of deem's own.
    pub(crate) fn compile_own(params: v8::CreateParams, name: &'static str, source: &str) -> Result<Script, Error> {
        Script::compile_as(params, name, source, Kind::Script).map_err(|error| match error {
            NotCompiled::Syntax(exception) => Error::new(ErrorKind::V8, format!("{name}: {exception}")),
            NotCompiled::Failed(error) => error,
        })
    }

    fn compile_as(
        params: v8::CreateParams,
        name: &'static str,
        source: &str,
        kind: Kind,
    ) -> Result<Script, NotCompiled> {
        let mut isolate = v8::Isolate::new(params);
        v8::scope!(let scope, &mut isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        v8::tc_scope!(let scope, scope);

        let Some(text) = v8::String::new(scope, source) else {
            let exception = syntax_error("the source is longer than a string may be".to_owned());
            return Err(NotCompiled::Syntax(exception));
        };
        let origin = origin(scope, name, kind);
        let mut text = Source::new(text, Some(&origin));
        let (eager, reason) = (CompileOptions::EagerCompile, NoCacheReason::NoReason);
        let cache = match kind {
            Kind::Module => compile_module2(scope, &mut text, eager, reason)
                .map(|module| {
                    refuse_imports(scope, module)?;
                    Ok::<_, NotCompiled>(module.get_unbound_module_script(scope).create_code_cache())
                })
                .transpose()?,
            Kind::Script => {
                compile_unbound_script(scope, &mut text, eager, reason).map(|script| script.create_code_cache())
            }
            Kind::Function => {
                compile_body(scope, &mut text, eager, reason).map(|function| function.create_code_cache())
            }
        };
        let Some(cache) = cache else { return Err(thrown(scope)) };
        let cache = cache.ok_or_else(|| Error::new(ErrorKind::V8, "no code cache for a compiled program"))?;
        Ok(Script { source: source.to_owned(), name, kind, cache: cache.to_vec() })
    }

    /// A script of deem's own, with the cache that [`Script::cache`] was.
    pub(crate) fn own_with_cache(name: &'static str, source: &str, cache: &[u8]) -> Script {
        Script { source: source.to_owned(), name, kind: Kind::Script, cache: cache.to_vec() }
    }

    pub(crate) fn cache(&self) -> &[u8] {
        &self.cache
    }

    /// The classic script in this isolate, from the code cache; and whether V8 accepted the cache.
    pub(crate) fn load<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<(v8::Local<'s, v8::UnboundScript>, bool), Error> {
        let mut source = self.cached(scope)?;
        let script =
            compile_unbound_script(scope, &mut source, CompileOptions::ConsumeCodeCache, NoCacheReason::NoReason);
        Ok((script.ok_or_else(not_again)?, accepted(&source)))
    }

    /// The module in the current context. (Unlike a script, V8 binds a module to the context that it is compiled in.)
    pub(crate) fn load_module<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Result<v8::Local<'s, v8::Module>, Error> {
        let mut source = self.cached(scope)?;
        let module = compile_module2(scope, &mut source, CompileOptions::ConsumeCodeCache, NoCacheReason::NoReason);
        module.ok_or_else(not_again)
    }

    /// The function in the current context, to which V8 binds it.
    pub(crate) fn load_function<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Function>, Error> {
        let mut source = self.cached(scope)?;
        let function = compile_body(scope, &mut source, CompileOptions::ConsumeCodeCache, NoCacheReason::NoReason);
        function.ok_or_else(not_again)
    }

    /// The script as the body of a function that ends with this text, in the current context, to which V8 binds it. `None` if an
    /// exception is pending.
    pub(crate) fn load_body<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        end: &str,
    ) -> Option<v8::Local<'s, v8::Function>> {
        let text = v8::String::new(scope, &format!("{}{end}", self.source))?;
        let origin = origin(scope, self.name, self.kind);
        let mut source = Source::new(text, Some(&origin));
        let (options, reason) = (CompileOptions::NoCompileOptions, NoCacheReason::NoReason);
        compile_function(scope, &mut source, &[], &[], options, reason)
    }

    fn cached(&self, scope: &mut v8::PinScope<'_, '_>) -> Result<Source, Error> {
        let text = v8::String::new(scope, &self.source);
        let text = text.ok_or_else(|| Error::new(ErrorKind::V8, "the source is longer than a string may be"))?;
        let origin = origin(scope, self.name, self.kind);
        Ok(Source::new_with_cached_data(text, Some(&origin), CachedData::new(&self.cache)))
    }
}

fn compile_body<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    source: &mut Source,
    options: CompileOptions,
    reason: NoCacheReason,
) -> Option<v8::Local<'s, v8::Function>> {
    let mut parameters = Vec::with_capacity(guest::MODULE_PARAMETERS.len());
    for name in guest::MODULE_PARAMETERS {
        parameters.push(v8::String::new(scope, name)?);
    }
    compile_function(scope, source, &parameters, &[], options, reason)
}

fn accepted(source: &Source) -> bool {
    source.get_cached_data().is_some_and(|cache| !cache.rejected())
}

fn not_again() -> Error {
    Error::new(ErrorKind::V8, "a program that compiled once did not compile again")
}

fn thrown(scope: &mut v8::PinnedRef<'_, v8::TryCatch<'_, '_, v8::HandleScope<'_>>>) -> NotCompiled {
    let message = scope.message();
    match scope.exception() {
        Some(thrown) => NotCompiled::Syntax(describe(scope, thrown, message)),
        None => Error::new(ErrorKind::V8, "compiling failed without reason").into(),
    }
}

/// A submission is one file: an `import` in it has nothing to import from.
fn refuse_imports<'s>(scope: &mut v8::PinScope<'s, '_>, module: v8::Local<'s, v8::Module>) -> Result<(), NotCompiled> {
    let requests = module.get_module_requests();
    let Some(Ok(request)) = requests.get(scope, 0).map(v8::Local::<v8::ModuleRequest>::try_from) else {
        return Ok(());
    };
    let specifier = request.get_specifier().to_rust_string_lossy(scope);
    let place = module.source_offset_to_location(request.get_source_offset());
    let (line, column) = (place.get_line_number() as u32 + 1, place.get_column_number() as u32 + 1);
    let exception = syntax_error(format!("a submission cannot import: {specifier}"));
    Err(NotCompiled::Syntax(Exception { line: Some(line), column: Some(column), ..exception }))
}

fn syntax_error(message: String) -> Exception {
    Exception { name: "SyntaxError".to_owned(), message, ..Exception::default() }
}

fn origin<'s>(scope: &mut v8::PinScope<'s, '_>, name: &str, kind: Kind) -> v8::ScriptOrigin<'s> {
    let name: v8::Local<v8::Value> = match v8::String::new(scope, name) {
        Some(name) => name.into(),
        None => v8::undefined(scope).into(),
    };
    v8::ScriptOrigin::new(scope, name, 0, 0, false, -1, None, false, false, kind == Kind::Module, None)
}
