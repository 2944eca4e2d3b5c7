//! One case in one realm: a fresh V8 context, or the one that all cases of a program share.

use std::ffi::c_void;

use deem_case::{Entry, Exceeded, Outcome, Rules, Value};
use deno_core::{CONTEXT_STATE_SLOT_INDEX, JsRuntime, MODULE_MAP_SLOT_INDEX, v8};

use crate::Error;
use crate::bound::Bound;
use crate::calling::{Adapter, Callee, SharedCallee};
use crate::convert::{self, Unread};
use crate::describe::describe;
use crate::error::ErrorKind;
use crate::globals::{Globals, Origin, RealmTemplate, SharedGlobals};
use crate::host::CaseState;
use crate::process;

/// What a case is given.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) bound: &'a Bound,
    pub(crate) args: &'a [Value],
    pub(crate) rules: &'a Rules,
}

/// Why there is no answer.
pub(crate) enum Stop<'s> {
    /// An exception is pending, or a termination.
    Threw,
    /// An exception is pending that was thrown while the answer was read.
    ThrewWhenRead,
    Rejected(v8::Local<'s, v8::Value>),
    Other(Outcome),
    Failed(Error),
}

/// The realm that the cases of one program share, once the program has run there.
pub(crate) struct Shared {
    context: v8::Global<v8::Context>,
    globals: SharedGlobals,
    callee: SharedCallee,
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
pub(crate) fn new_context<'s>(
    scope: &mut v8::PinScope<'s, '_, ()>,
    template: &RealmTemplate,
    origin: Origin,
    slots: Option<MainSlots>,
) -> Result<v8::Local<'s, v8::Context>, Error> {
    let context = template.context(scope, origin)?;
    for (index, pointer) in slots.iter().flat_map(|slots| slots.0) {
        // SAFETY: the pointers are aligned, for deno_core put them into such slots; they are valid while the runtime
        // lives, and so longer than any context of its isolate; nothing here ever frees through them.
        unsafe { context.set_aligned_pointer_in_embedder_data(index, pointer) };
    }
    Ok(context)
}

/// Runs one case in a realm of its own.
///
/// # Errors
/// If V8 gave neither a value nor an exception, which only a termination explains, or a mistake in deem.
pub(crate) fn in_fresh_realm(
    isolate: &mut v8::Isolate,
    template: &RealmTemplate,
    slots: Option<MainSlots>,
    given: Given<'_>,
) -> Result<Outcome, Error> {
    v8::scope!(let scope, isolate);
    let context = new_context(scope, template, Origin::Open, slots)?;
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let answer = match template.install(scope, Origin::Open, given.rules) {
        Some(globals) => answer(scope, &globals, given),
        None => Err(Stop::Threw),
    };
    conclude(scope, answer)
}

/// Runs one case in the realm of its program, which the first case makes.
///
/// # Errors
/// As [`in_fresh_realm`].
pub(crate) fn in_shared_realm(
    isolate: &mut v8::Isolate,
    template: &RealmTemplate,
    slots: Option<MainSlots>,
    shared: &mut Option<Shared>,
    given: Given<'_>,
) -> Result<Outcome, Error> {
    if matches!(given.bound.entry(), Entry::Completion | Entry::Program) {
        return in_fresh_realm(isolate, template, slots, given);
    }
    v8::scope!(let scope, isolate);
    let context = match &*shared {
        Some(shared) => v8::Local::new(scope, &shared.context),
        None => new_context(scope, template, Origin::Open, slots)?,
    };
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let answer = match &*shared {
        Some(shared) => {
            let callee = shared.callee.local(scope);
            match shared.globals.renew(scope) {
                Some(globals) => call(scope, &globals, &callee, given),
                None => Err(Stop::Threw),
            }
        }
        None => first_shared(scope, template, shared, given),
    };
    conclude(scope, answer)
}

fn first_shared<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    template: &RealmTemplate,
    shared: &mut Option<Shared>,
    given: Given<'_>,
) -> Result<Value, Stop<'s>> {
    let globals = template.install(scope, Origin::Open, given.rules).ok_or(Stop::Threw)?;
    let callee = define(scope, &globals, given)?;
    let context = scope.get_current_context();
    *shared = Some(Shared {
        context: v8::Global::new(scope, context),
        globals: globals.share(scope).map_err(Stop::Failed)?,
        callee: callee.share(scope),
    });
    call(scope, &globals, &callee, given)
}

fn answer<'s>(scope: &mut v8::PinScope<'s, '_>, globals: &Globals<'s>, given: Given<'_>) -> Result<Value, Stop<'s>> {
    match given.bound.entry() {
        Entry::Completion => completion(scope, globals, given),
        Entry::Program => process::answer(scope, globals, given),
        Entry::Function(_) | Entry::Export(_) | Entry::Class(_) => {
            let callee = define(scope, globals, given)?;
            call(scope, globals, &callee, given)
        }
    }
}

fn completion<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    globals: &Globals<'s>,
    given: Given<'_>,
) -> Result<Value, Stop<'s>> {
    let args = convert::arguments(scope, given.args)?;
    let args = v8::Array::new_with_elements(scope, &args);
    let name = v8::String::new(scope, "args").ok_or(Stop::Threw)?;
    let global = scope.get_current_context().global(scope);
    global.create_data_property(scope, name.into(), args.into()).ok_or(Stop::Threw)?;
    let value = given.bound.script(scope).and_then(|script| script.run(scope)).ok_or(Stop::Threw)?;
    let value = settle(scope, globals, value)?;
    read(scope, given.rules, value)
}

/// Runs the program, so that its entry is defined.
fn define<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    globals: &Globals<'s>,
    given: Given<'_>,
) -> Result<Callee<'s>, Stop<'s>> {
    let adapter = Adapter::before(scope, globals, given.bound)?;
    let function = if let Some(script) = given.bound.script(scope) {
        script.run(scope).ok_or(Stop::Threw)?;
        given.bound.named(scope)?
    } else {
        exported(scope, globals, given.bound)?
    };
    Callee::new(scope, globals, given.bound, function, adapter)
}

/// The entry of a module, once that has run.
pub(crate) fn exported<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    globals: &Globals<'s>,
    bound: &Bound,
) -> Result<v8::Local<'s, v8::Function>, Stop<'s>> {
    let module = bound.module(scope)?;
    let evaluated = module.evaluate(scope).ok_or(Stop::Threw)?;
    if let Ok(evaluated) = evaluated.try_cast() {
        awaited(scope, globals, evaluated)?;
    }
    bound.exported(scope, module)
}

pub(crate) fn call<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    globals: &Globals<'s>,
    callee: &Callee<'s>,
    given: Given<'_>,
) -> Result<Value, Stop<'s>> {
    let args = convert::arguments(scope, given.args)?;
    let mut called = callee.call(scope, &args)?;
    called.value = settle(scope, globals, called.value)?;
    let answer = callee.answer(scope, called)?;
    read(scope, given.rules, answer)
}

/// What `await` would give.
fn settle<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    globals: &Globals<'s>,
    value: v8::Local<'s, v8::Value>,
) -> Result<v8::Local<'s, v8::Value>, Stop<'s>> {
    if !value.is_object() {
        return Ok(value);
    }
    let promise = match v8::Local::<v8::Promise>::try_from(value) {
        Ok(promise) => promise,
        Err(_) => {
            // It may have a `then`: only V8 can tell without reading the property twice.
            let resolver = v8::PromiseResolver::new(scope).ok_or(Stop::Threw)?;
            resolver.resolve(scope, value).ok_or(Stop::Threw)?;
            resolver.get_promise(scope)
        }
    };
    awaited(scope, globals, promise)
}

/// Reads an answer.
fn read<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    rules: &Rules,
    answer: v8::Local<'s, v8::Value>,
) -> Result<Value, Stop<'s>> {
    let limit = rules.limits.output;
    let room = scope.get_slot::<CaseState>().map_or(limit.0, CaseState::room);
    let read = convert::read(scope, answer, room).map_err(|unread| match unread {
        Unread::Threw => Stop::ThrewWhenRead,
        Unread::TooLong => Stop::Other(Outcome::Exceeded(Exceeded::Output(limit))),
        Unread::Unrepresentable(what) => Stop::Other(Outcome::Unrepresentable(what)),
        Unread::Corrupt(what) => Stop::Failed(Error::new(ErrorKind::V8, format!("its clone is corrupt: {what}"))),
    });
    let (value, length) = read?;
    if let Some(state) = scope.get_slot_mut::<CaseState>() {
        state.answer_length = length;
    }
    Ok(value)
}

/// The value of a promise, after as many microtasks and timers as it takes.
fn awaited<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    globals: &Globals<'s>,
    promise: v8::Local<'s, v8::Promise>,
) -> Result<v8::Local<'s, v8::Value>, Stop<'s>> {
    loop {
        if promise.state() == v8::PromiseState::Pending {
            scope.perform_microtask_checkpoint();
        }
        match promise.state() {
            v8::PromiseState::Fulfilled => return Ok(promise.result(scope)),
            v8::PromiseState::Rejected => return Err(Stop::Rejected(promise.result(scope))),
            v8::PromiseState::Pending => match globals.advance(scope) {
                Some(true) => {}
                Some(false) => return Err(Stop::Other(Outcome::NeverSettled)),
                None => return Err(Stop::Threw),
            },
        }
    }
}

/// Turns what became of a case into its outcome; whether it met a limit instead, [`crate::Isolate::run`] knows.
pub(crate) fn conclude<'s>(
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
    let has_exited = scope.get_slot::<CaseState>().is_some_and(|state| state.exit_code.is_some());
    if has_exited {
        scope.terminate_execution(); // so that none of it runs
    }
    scope.perform_microtask_checkpoint();
    if has_exited {
        scope.cancel_terminate_execution(); // the watchdog's own, should it be that, it repeats
    }
    match outcome {
        Ok(Outcome::Returned(_)) if !has_exited => Ok(left_behind(scope).unwrap_or(outcome?)),
        other => other,
    }
}

/// What makes an answer worthless: that something was thrown, or rejected, where nobody could handle it.
pub(crate) fn left_behind(scope: &mut v8::PinScope<'_, '_>) -> Option<Outcome> {
    let state = scope.get_slot_mut::<CaseState>()?;
    if let Some(exception) = state.uncaught.take() {
        return Some(Outcome::Threw(exception));
    }
    let rejections = std::mem::take(&mut state.rejections);
    rejections.first(scope).map(Outcome::UnhandledRejection)
}
