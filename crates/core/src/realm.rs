//! One case in one realm: a fresh V8 context, or the one that all cases of a program share.

use std::ffi::c_void;

use deem_case::{Entry, Outcome, Value};
use deno_core::{CONTEXT_STATE_SLOT_INDEX, JsRuntime, MODULE_MAP_SLOT_INDEX, v8};

use crate::Error;
use crate::convert::{self, Unread};
use crate::describe::describe;
use crate::error::ErrorKind;
use crate::program::Program;

/// A program as one isolate has it.
pub(crate) struct Bound {
    program: Program,
    script: v8::Global<v8::UnboundScript>,
    /// The entry's name as a script: how a `const` or a `class` is reached, which are not properties of the global.
    entry: Option<v8::Global<v8::UnboundScript>>,
}

impl Bound {
    pub(crate) fn new(isolate: &mut v8::Isolate, program: &Program) -> Result<Bound, Error> {
        v8::scope!(let scope, isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let (script, _) = program.load(scope)?;
        let entry = match program.entry() {
            Entry::Completion => None,
            Entry::Function(name) => Some(name_script(scope, name.as_str())?),
        };
        let script = v8::Global::new(scope, script);
        Ok(Bound { program: program.clone(), script, entry })
    }

    pub(crate) fn is_of(&self, program: &Program) -> bool {
        self.program.id() == program.id()
    }
}

fn name_script(scope: &mut v8::PinScope<'_, '_>, name: &str) -> Result<v8::Global<v8::UnboundScript>, Error> {
    let failed = || Error::new(ErrorKind::V8, format!("the name {name} does not compile"));
    let text = v8::String::new(scope, name).ok_or_else(failed)?;
    let origin = v8::ScriptOrigin::new(scope, text.into(), 0, 0, false, -1, None, false, false, false, None);
    let mut source = v8::script_compiler::Source::new(text, Some(&origin));
    let script = v8::script_compiler::compile_unbound_script(
        scope,
        &mut source,
        v8::script_compiler::CompileOptions::NoCompileOptions,
        v8::script_compiler::NoCacheReason::NoReason,
    );
    Ok(v8::Global::new(scope, script.ok_or_else(failed)?))
}

/// The realm that the cases of one program share, once the program has run there.
pub(crate) struct Shared {
    context: v8::Global<v8::Context>,
    function: v8::Global<v8::Function>,
}

/// deno_core's pointers in the embedder slots of its own context.
#[derive(Clone, Copy)]
pub(crate) struct MainSlots([(i32, *mut c_void); 2]);

impl MainSlots {
    /// Takes from the main realm, where no case ever runs, what a case could use if it got hold of one of its objects;
    /// and notes its slots.
    pub(crate) fn seal(runtime: &mut JsRuntime) -> MainSlots {
        let context = runtime.main_context();
        v8::scope_with_context!(scope, runtime.v8_isolate(), &context);
        let context = scope.get_current_context();
        context.set_allow_generation_from_strings(false);
        if let Some(name) = v8::String::new(scope, "Deno") {
            context.global(scope).delete(scope, name.into());
        }
        let slot = |index| (index, context.get_aligned_pointer_from_embedder_data(index));
        MainSlots([slot(CONTEXT_STATE_SLOT_INDEX), slot(MODULE_MAP_SLOT_INDEX)])
    }
}

/// A new context, whose slots alias those of the main realm where there is one. Every callback that reads them has been
/// replaced; should one be forgotten, it is a mistake in logic then and not a read of memory that is nobody's.
fn new_context<'s>(scope: &mut v8::PinScope<'s, '_, ()>, slots: Option<MainSlots>) -> v8::Local<'s, v8::Context> {
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    for (index, pointer) in slots.iter().flat_map(|slots| slots.0) {
        // SAFETY: the pointers are aligned, for deno_core put them into such slots; they are valid while the runtime
        // lives, and so longer than any context of its isolate; nothing here ever frees through them.
        unsafe { context.set_aligned_pointer_in_embedder_data(index, pointer) };
    }
    context
}

/// Runs one case in a realm of its own.
///
/// # Errors
/// If V8 gave neither a value nor an exception, which only a termination explains, or a mistake in deem.
pub(crate) fn in_fresh_realm(
    isolate: &mut v8::Isolate,
    bound: &Bound,
    slots: Option<MainSlots>,
    args: &[Value],
) -> Result<Outcome, Error> {
    v8::scope!(let scope, isolate);
    let context = new_context(scope, slots);
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let answer = match run_program(scope, bound, args) {
        Ok(Defined::Function(function)) => call(scope, function, args),
        Ok(Defined::Answer(value)) => settle(scope, value),
        Err(stop) => Err(stop),
    };
    conclude(scope, answer)
}

/// Runs one case in the realm of its program, which the first case makes.
///
/// # Errors
/// As [`in_fresh_realm`].
pub(crate) fn in_shared_realm(
    isolate: &mut v8::Isolate,
    bound: &Bound,
    slots: Option<MainSlots>,
    shared: &mut Option<Shared>,
    args: &[Value],
) -> Result<Outcome, Error> {
    if bound.entry.is_none() {
        return in_fresh_realm(isolate, bound, slots, args);
    }
    v8::scope!(let scope, isolate);
    let context = match &*shared {
        Some(shared) => v8::Local::new(scope, &shared.context),
        None => new_context(scope, slots),
    };
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let function = match &*shared {
        Some(shared) => Ok(Defined::Function(v8::Local::new(scope, &shared.function))),
        None => run_program(scope, bound, args),
    };
    let answer = match function {
        Ok(Defined::Function(function)) => {
            shared.get_or_insert_with(|| Shared {
                context: v8::Global::new(scope, context),
                function: v8::Global::new(scope, function),
            });
            call(scope, function, args)
        }
        Ok(Defined::Answer(value)) => settle(scope, value),
        Err(stop) => Err(stop),
    };
    conclude(scope, answer)
}

/// What a program amounts to, once it has run.
enum Defined<'s> {
    Function(v8::Local<'s, v8::Function>),
    Answer(v8::Local<'s, v8::Value>),
}

/// Why there is no answer.
enum Stop<'s> {
    /// An exception is pending, or a termination.
    Threw,
    /// An exception is pending that was thrown while the answer was read.
    ThrewWhenRead,
    Rejected(v8::Local<'s, v8::Value>),
    Other(Outcome),
    Failed(Error),
}

fn run_program<'s>(scope: &mut v8::PinScope<'s, '_>, bound: &Bound, args: &[Value]) -> Result<Defined<'s>, Stop<'s>> {
    let script = v8::Local::new(scope, &bound.script).bind_to_current_context(scope);
    let (Some(entry), Entry::Function(name)) = (&bound.entry, bound.program.entry()) else {
        let args = convert::arguments(scope, args).ok_or(Stop::Threw)?;
        let args = v8::Array::new_with_elements(scope, &args);
        let name = v8::String::new(scope, "args").ok_or(Stop::Threw)?;
        let global = scope.get_current_context().global(scope);
        global.create_data_property(scope, name.into(), args.into()).ok_or(Stop::Threw)?;
        return script.run(scope).map(Defined::Answer).ok_or(Stop::Threw);
    };
    script.run(scope).ok_or(Stop::Threw)?;
    let entry = v8::Local::new(scope, entry).bind_to_current_context(scope);
    v8::tc_scope!(let scope, scope);
    let no_entry = |why: String| Stop::Other(Outcome::NoEntry(why));
    match entry.run(scope).map(v8::Local::<v8::Function>::try_from) {
        Some(Ok(function)) => Ok(Defined::Function(function)),
        Some(Err(_)) => Err(no_entry(format!("the program's {name} is not a function"))),
        None if scope.has_terminated() => Err(Stop::Threw),
        None => Err(no_entry(format!("the program has no function {name}"))),
    }
}

fn call<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    function: v8::Local<'s, v8::Function>,
    args: &[Value],
) -> Result<Value, Stop<'s>> {
    let args = convert::arguments(scope, args).ok_or(Stop::Threw)?;
    let this = v8::undefined(scope).into();
    let value = function.call(scope, this, &args).ok_or(Stop::Threw)?;
    settle(scope, value)
}

/// Awaits a value, as `await` would, and reads it.
fn settle<'s>(scope: &mut v8::PinScope<'s, '_>, value: v8::Local<'s, v8::Value>) -> Result<Value, Stop<'s>> {
    let mut value = value;
    if value.is_object() {
        let promise = match v8::Local::<v8::Promise>::try_from(value) {
            Ok(promise) => promise,
            Err(_) => {
                // It may have a `then`: only V8 can tell without reading the property twice.
                let resolver = v8::PromiseResolver::new(scope).ok_or(Stop::Threw)?;
                resolver.resolve(scope, value).ok_or(Stop::Threw)?;
                resolver.get_promise(scope)
            }
        };
        if promise.state() == v8::PromiseState::Pending {
            scope.perform_microtask_checkpoint();
        }
        value = match promise.state() {
            v8::PromiseState::Pending => return Err(Stop::Other(Outcome::NeverSettled)),
            v8::PromiseState::Fulfilled => promise.result(scope),
            v8::PromiseState::Rejected => return Err(Stop::Rejected(promise.result(scope))),
        };
    }
    convert::read(scope, value).map_err(|unread| match unread {
        Unread::Threw => Stop::ThrewWhenRead,
        Unread::Unrepresentable(what) => Stop::Other(Outcome::Unrepresentable(what)),
        Unread::Corrupt(what) => Stop::Failed(Error::new(ErrorKind::V8, format!("its clone is corrupt: {what}"))),
    })
}

/// Turns what became of a case into its outcome; whether it met a limit instead, [`crate::Isolate::run`] knows.
fn conclude<'s>(
    scope: &mut v8::PinnedRef<'_, v8::TryCatch<'_, 's, v8::HandleScope<'_>>>,
    answer: Result<Value, Stop<'s>>,
) -> Result<Outcome, Error> {
    let outcome = match answer {
        Ok(value) => Ok(Outcome::Returned(value)),
        Err(Stop::Other(outcome)) => Ok(outcome),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::Rejected(reason)) => Ok(Outcome::Threw(describe(scope, reason, None))),
        Err(stop @ (Stop::Threw | Stop::ThrewWhenRead)) => match scope.exception() {
            Some(thrown) if scope.can_continue() => {
                let message = scope.message();
                let exception = describe(scope, thrown, message);
                // V8's serializer recurses, and its own overflow has no frame of the case's in it.
                let overflow = exception.name == "RangeError" && exception.stack.is_empty();
                match stop {
                    Stop::ThrewWhenRead if overflow => {
                        Ok(Outcome::Unrepresentable("something nested too deeply".to_owned()))
                    }
                    _ => Ok(Outcome::Threw(exception)),
                }
            }
            _ => Err(Error::new(ErrorKind::V8, "it gave neither a value nor an exception")),
        },
    };
    // What the case has queued is its own: none of it may be left for the next one.
    scope.reset();
    scope.perform_microtask_checkpoint();
    outcome
}
