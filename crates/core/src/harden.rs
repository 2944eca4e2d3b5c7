//! Takes deno_core's callbacks off an isolate before any case runs there.
//!
//! deno_core 0.413 installs callbacks for the whole isolate (`runtime/setup.rs`, `create_isolate`) that read state from
//! a slot which only its own context has. V8 calls them for every context, and in one that deno_core did not make the
//! read is unchecked: `Promise.reject(1)`, `import("x")` or `WebAssembly.compileStreaming(1)` in a case would be
//! undefined behaviour. The stack-trace callback is memory-safe, but hands the case an object of the main realm, by which
//! cases could talk to each other. Each of them is replaced here; tests/hazards.rs shows each one to be needed.

use deno_core::v8;

use crate::host::{note_rejection, note_uncaught};

/// How many frames of a stack are kept for each error.
const FRAMES: i32 = 10;

pub(crate) fn harden(isolate: &mut v8::Isolate) {
    isolate.set_promise_reject_callback(note_rejection);
    isolate.set_host_import_module_dynamically_callback(refuse_import);
    // V8 prefers this one where there is one (Isolate::RunHostImportModuleDynamicallyCallback).
    isolate.set_host_import_module_with_phase_dynamically_callback(refuse_phased_import);
    isolate.set_host_initialize_import_meta_object_callback(leave_import_meta);
    isolate.set_prepare_stack_trace_callback(format_stack);
    isolate.set_wasm_async_resolve_promise_callback(resolve_wasm_promise);
    isolate.set_wasm_streaming_callback(refuse_wasm_streaming);
    isolate.add_message_listener(note_uncaught);
    isolate.set_allow_atomics_wait(false);
    isolate.set_capture_stack_trace_for_uncaught_exceptions(true, FRAMES);
}

extern "C" fn leave_import_meta(_: v8::Local<v8::Context>, _: v8::Local<v8::Module>, _: v8::Local<v8::Object>) {}

fn refuse_import<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _options: v8::Local<'s, v8::Data>,
    _resource: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    _attributes: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    refusal(scope, specifier)
}

fn refuse_phased_import<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _options: v8::Local<'s, v8::Data>,
    _resource: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    _phase: v8::ModuleImportPhase,
    _attributes: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    refusal(scope, specifier)
}

/// A promise of the current realm, rejected with a `TypeError` of that realm. `None` only where V8 could not make one,
/// and then an exception is pending.
fn refusal<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    specifier: v8::Local<'s, v8::String>,
) -> Option<v8::Local<'s, v8::Promise>> {
    let start = v8::String::new(scope, "a submission cannot import: ")?;
    let message = v8::String::concat(scope, start, specifier).unwrap_or(start);
    let error = v8::Exception::type_error(scope, message);
    let resolver = v8::PromiseResolver::new(scope)?;
    resolver.reject(scope, error)?;
    Some(resolver.get_promise(scope))
}

/// The text of an error's `stack`, made by V8's own C++ from what it recorded: no code of the case runs, and nothing of
/// another realm is shown to it. `Error.prepareStackTrace` is not called.
fn format_stack<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
    _sites: v8::Local<'s, v8::Array>,
) -> v8::Local<'s, v8::Value> {
    let exception = crate::describe::describe(scope, error, None);
    let mut text = exception.headline();
    for frame in &exception.stack {
        text.push_str("\n    at ");
        text.push_str(frame);
    }
    match v8::String::new(scope, &text) {
        Some(text) => text.into(),
        None => v8::undefined(scope).into(), // longer than the longest string
    }
}

/// As deno_core's, but for its panic when execution is being terminated.
extern "C" fn resolve_wasm_promise(
    _isolate: v8::UnsafeRawIsolatePtr,
    context: v8::Local<v8::Context>,
    resolver: v8::Local<v8::PromiseResolver>,
    result: v8::Local<v8::Value>,
    success: v8::WasmAsyncSuccess,
) {
    // SAFETY: V8 calls this with a live context of the isolate that the current thread has entered.
    v8::callback_scope!(unsafe scope, context);
    let _terminated = match success {
        v8::WasmAsyncSuccess::Success => resolver.resolve(scope, result),
        v8::WasmAsyncSuccess::Fail => resolver.reject(scope, result),
    };
}

fn refuse_wasm_streaming<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _source: v8::Local<'s, v8::Value>,
    streaming: v8::WasmStreaming<false>,
) {
    let Some(message) = v8::String::new(scope, "there is nothing to stream WebAssembly from") else { return };
    let error = v8::Exception::type_error(scope, message);
    streaming.abort(Some(error));
}
