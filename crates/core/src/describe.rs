//! What was thrown, as text, without running any code of the case.
//!
//! deno_core's `JsError::from_v8_exception` is not used: it reads its own context's slot, cancels a pending termination
//! and calls the case's getters. `v8::Message` formats in a scope in which no script can run
//! (`Message::Get` in `v8/src/api/api.cc`).

use deem_case::{Exception, SOURCE_NAME};
use deno_core::v8;

/// The longest name or message that is kept, in characters.
const LONGEST: usize = 4_096;

/// Describes a thrown value. `message` is what V8 noted where it was caught; without it the place is the innermost
/// frame of the error's stack.
pub(crate) fn describe<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    thrown: v8::Local<'s, v8::Value>,
    message: Option<v8::Local<'s, v8::Message>>,
) -> Exception {
    let message = message.unwrap_or_else(|| v8::Exception::create_message(scope, thrown));
    let text = message.get(scope).to_rust_string_lossy(scope);
    let text = text.strip_prefix("Uncaught ").unwrap_or(&text);
    let (name, text) = match text.split_once(": ") {
        Some((name, rest)) if thrown.is_native_error() => (name, rest),
        None if thrown.is_native_error() => (text, ""),
        _ => ("", text),
    };

    let mut exception = Exception { name: short(name), message: short(text), ..Exception::default() };
    if let Some(stack) = v8::Exception::get_stack_trace(scope, thrown) {
        for index in 0..stack.get_frame_count() {
            let Some(frame) = stack.get_frame(scope, index) else { continue };
            let script = frame.get_script_name(scope).map(|name| name.to_rust_string_lossy(scope));
            if script.as_deref() != Some(SOURCE_NAME) {
                continue;
            }
            let (line, column) = (frame.get_line_number() as u32, frame.get_column() as u32);
            let place = format!("{SOURCE_NAME}:{line}:{column}");
            let function = frame.get_function_name(scope).map(|name| name.to_rust_string_lossy(scope));
            exception.stack.push(match function.filter(|name| !name.is_empty()) {
                Some(name) => format!("{name} ({place})", name = short(&name)),
                None => place,
            });
            if exception.line.is_none() {
                (exception.line, exception.column) = (Some(line), Some(column));
            }
        }
    }
    if exception.line.is_none() && in_submission(scope, message) {
        exception.line = message.get_line_number(scope).map(|line| line as u32);
        exception.column = Some(message.get_start_column() as u32 + 1);
    }
    exception
}

fn in_submission<'s>(scope: &mut v8::PinScope<'s, '_>, message: v8::Local<'s, v8::Message>) -> bool {
    let resource = message.get_script_resource_name(scope);
    resource.is_some_and(|name| name.is_string() && name.to_rust_string_lossy(scope) == SOURCE_NAME)
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text.to_owned(),
    }
}
