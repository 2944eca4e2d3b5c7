//! What is said when V8 gives up the process.

use std::ffi::c_char;
use std::sync::OnceLock;

use deno_core::v8;

static ON_OUT_OF_MEMORY: OnceLock<fn()> = OnceLock::new();

/// Has this called when a case has met its heap's limit, and when V8 finds no memory at all and is about to abort the process: in
/// isolates made from now on, and for as long as the process lives. Of several calls of this function the first counts.
///
/// It is for whoever outlives the process, and is to know why it ended: from the limit on V8 may abort, or be in a loop that nothing
/// interrupts. It is called on any thread of V8's, in the middle of anything: it must not allocate, take a lock, or panic (V8's
/// `v8-callbacks.h`, `OOMErrorCallback` and `NearHeapLimitCallback`).
pub fn on_out_of_memory(call: fn()) {
    let _ = ON_OUT_OF_MEMORY.set(call);
}

/// Sets V8's handler, if there is somebody to be told. Without one V8 prints and aborts by itself.
pub(crate) fn listen(isolate: &mut v8::Isolate) {
    if ON_OUT_OF_MEMORY.get().is_some() {
        isolate.set_oom_error_handler(out_of_memory);
    }
}

/// Tells whoever is to be told.
pub(crate) fn say_out_of_memory() {
    if let Some(call) = ON_OUT_OF_MEMORY.get() {
        call();
    }
}

extern "C" fn out_of_memory(_: *const c_char, _: &v8::OomDetails) {
    say_out_of_memory();
    // V8 must not get back to what it was doing.
    std::process::abort();
}
