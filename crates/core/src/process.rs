//! A program that is run as node would run it: a text is its standard input, and what it writes is the answer.

use deem_case::{Exception, Outcome, Value};
use deno_core::v8;

use crate::convert;
use crate::globals::Globals;
use crate::host::CaseState;
use crate::realm::{Given, Stop, left_behind};

/// What the function of program/start.js has returned: `[run, tick, turn, finish]`.
struct Process<'s>(v8::Local<'s, v8::Array>);

/// Runs the program in the current realm, until nothing is left for it to do.
pub(crate) fn answer<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    globals: &Globals<'s>,
    given: Given<'_>,
) -> Result<Value, Stop<'s>> {
    if let Some(state) = scope.get_slot_mut::<CaseState>() {
        state.stdout = Some(String::new());
    }
    let ended = run(scope, globals, given);
    let Some(state) = scope.get_slot_mut::<CaseState>() else { return Err(Stop::Threw) };
    // It may have ended itself, which nothing that it threw or was given can undo.
    let code = match (state.exit_code, ended) {
        (Some(code), _) => code,
        (None, ended) => ended?,
    };
    if code != 0 {
        let message = format!("exit code {code}");
        return Err(Stop::Other(Outcome::Threw(Exception { message, ..Exception::default() })));
    }
    let written = state.stdout.take().unwrap_or_default();
    state.answer_length = written.len();
    Ok(Value::from(written.as_str()))
}

/// The code with which it ended, if nothing else was its end.
fn run<'s>(scope: &mut v8::PinScope<'s, '_>, globals: &Globals<'s>, given: Given<'_>) -> Result<i32, Stop<'s>> {
    let args = convert::arguments(scope, given.args)?;
    let args = v8::Array::new_with_elements(scope, &args);
    let process = Process(globals.start(scope, args).ok_or(Stop::Threw)?);
    let main = given.bound.main(scope)?;
    process.call(scope, 0, &[main.into()])?;
    loop {
        scope.perform_microtask_checkpoint();
        if process.call(scope, 1, &[])?.is_true() {
            continue;
        }
        // Here node looks, too.
        if let Some(outcome) = left_behind(scope) {
            return Err(Stop::Other(outcome));
        }
        if !process.call(scope, 2, &[])?.is_true() {
            break;
        }
    }
    let code = process.call(scope, 3, &[])?;
    Ok(code.int32_value(scope).unwrap_or(1))
}

impl<'s> Process<'s> {
    // The array is the guest's own: no code of the program has seen it.
    fn call(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        index: u32,
        args: &[v8::Local<'s, v8::Value>],
    ) -> Result<v8::Local<'s, v8::Value>, Stop<'s>> {
        // A program may have ended itself in a microtask, of which nobody hears.
        if scope.get_slot::<CaseState>().is_some_and(|state| state.exit_code.is_some()) {
            return Err(Stop::Threw);
        }
        let function = self.0.get_index(scope, index).and_then(|function| function.try_cast::<v8::Function>().ok());
        let undefined = v8::undefined(scope).into();
        function.and_then(|function| function.call(scope, undefined, args)).ok_or(Stop::Threw)
    }
}
