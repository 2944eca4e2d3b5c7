//! How much of its thread's stack an isolate may use.

use deem_case::Bytes;
use deno_core::v8;

use crate::Error;
use crate::error::ErrorKind;

/// What V8's own C++ may need of a thread's stack beyond JavaScript's limit, for it looks at that only here and there.
const RESERVE: usize = 512 << 10;

/// The address in the current thread's stack that JavaScript must not go beyond.
pub(crate) struct StackLimit(usize);

/// The limit that leaves this much, from here down.
///
/// # Errors
/// If the thread has not that much.
pub(crate) fn limit(stack: Bytes) -> Result<StackLimit, Error> {
    let here = 0u8;
    let left = stacker::remaining_stack().unwrap_or(0);
    let needed = stack.0 + RESERVE;
    if left < needed {
        let what = format!(
            "the thread has {} KiB of stack left, and a stack limit of {stack} needs {} KiB: give it a larger stack",
            left >> 10,
            needed >> 10
        );
        return Err(Error::new(ErrorKind::Isolate, what));
    }
    Ok(StackLimit((&raw const here).addr() - stack.0))
}

// SAFETY: a method of a class that is not virtual is a function whose first argument is the object (the Itanium C++ ABI,
// section 3.2.1), and the name is that method's, mangled as the ABI says.
unsafe extern "C" {
    /// `v8::Isolate::SetStackLimit(uintptr_t)` (`v8/include/v8-isolate.h`), which the v8 crate has not. The limit that can be
    /// given as an isolate is made is of no use: V8 15 sets it, and then its default (`StackGuard::InitThread`, called in
    /// `Isolate::Init`).
    #[link_name = "_ZN2v87Isolate13SetStackLimitEm"]
    fn set_stack_limit(isolate: v8::UnsafeRawIsolatePtr, limit: usize);
}

impl StackLimit {
    /// Sets the limit of an isolate of this thread.
    pub(crate) fn set(self, isolate: &mut v8::Isolate) {
        // SAFETY: the isolate is alive; V8 compares the address with the stack pointer, and never reads there.
        // It is within the stack of the one thread on which the isolate runs, with a reserve below it.
        unsafe { set_stack_limit(isolate.as_raw_isolate_ptr(), self.0) };
    }
}
