//! The limits of memory: V8's heap, and the array buffers beside it.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use deem_case::Bytes;
use deno_core::v8;

/// What one isolate's memory is known by, and limited with.
#[derive(Default)]
pub(crate) struct Memory {
    handle: OnceLock<v8::IsolateHandle>,
    heap_exceeded: AtomicBool,
    heap_raised: AtomicBool,
    external: AtomicUsize,
    external_limit: AtomicUsize,
    external_refused: AtomicBool,
    /// An allocation was refused, and V8 may be collecting on its account.
    external_pending: AtomicBool,
}

impl Memory {
    /// An isolate's parameters, with its heap limited for good, and its array buffers from here.
    pub(crate) fn params(self: &Arc<Self>, heap: Bytes) -> v8::CreateParams {
        // SAFETY: the handle is a `Memory`, as the table's functions take it; it is kept alive by the reference that
        // `Arc::into_raw` leaves behind, until `drop_memory` takes that back.
        let allocator = unsafe { v8::new_rust_allocator(Arc::into_raw(self.clone()), &ALLOCATOR) };
        v8::CreateParams::default().heap_limits(0, heap.0).array_buffer_allocator(allocator)
    }

    /// Watches the isolate that was made with these parameters, and that drops its `Memory` after itself.
    pub(crate) fn watch(self: &Arc<Self>, isolate: &mut v8::Isolate) {
        let _ = self.handle.set(isolate.thread_safe_handle());
        isolate.add_near_heap_limit_callback(near_heap_limit, Arc::as_ptr(self).cast_mut().cast());
    }

    /// A case begins.
    pub(crate) fn begin(&self, external_limit: Bytes) {
        self.external_limit.store(external_limit.0, Ordering::Relaxed);
        self.external_refused.store(false, Ordering::Relaxed);
        self.external_pending.store(false, Ordering::Relaxed);
    }

    /// Whether the heap's limit was met.
    pub(crate) fn heap_exceeded(&self) -> bool {
        self.heap_exceeded.load(Ordering::Relaxed)
    }

    /// Whether the heap's limit is not any more what it was: the isolate is no good for another case.
    pub(crate) fn heap_raised(&self) -> bool {
        self.heap_raised.load(Ordering::Relaxed)
    }

    /// Whether this case was refused an array buffer.
    pub(crate) fn external_refused(&self) -> bool {
        self.external_refused.load(Ordering::Relaxed)
    }

    /// Takes bytes of the budget, if it has them.
    fn take(&self, bytes: usize) -> bool {
        let limit = self.external_limit.load(Ordering::Relaxed);
        let taken = self.external.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        // V8 has no answer to a refused allocation of a few bytes, and crashes.
        let granted = taken <= limit || bytes <= 64;
        if !granted {
            self.external.fetch_sub(bytes, Ordering::Relaxed);
            // V8 collects, and asks again: this is final only if the case then throws.
            self.external_refused.store(true, Ordering::Relaxed);
        }
        self.external_pending.store(!granted, Ordering::Relaxed);
        granted
    }
}

/// V8 is about to give up the heap. What it needs to unwind the case, it gets beyond the limit: half as much again, at most
/// to three times the limit, for a loop of V8's own may go on allocating without being interrupted. After that it aborts.
extern "C" fn near_heap_limit(data: *mut c_void, current: usize, initial: usize) -> usize {
    // SAFETY: `watch` passed a `Memory` that outlives the isolate.
    let memory = unsafe { &*data.cast::<Memory>() };
    memory.heap_raised.store(true, Ordering::Relaxed);
    // Where an array buffer is refused, V8 collects as if for the last time, and comes here with the heap half empty. That
    // is not the end of it; but should it be after all, there must be room to come here again.
    if !memory.external_pending.swap(false, Ordering::Relaxed) {
        memory.heap_exceeded.store(true, Ordering::Relaxed);
        if let Some(handle) = memory.handle.get() {
            handle.terminate_execution();
        }
    }
    let slack = (current / 2).max(16 << 20);
    (current + slack).min(current.max(initial * 3))
}

static ALLOCATOR: v8::RustAllocatorVtable<Memory> =
    v8::RustAllocatorVtable { allocate, allocate_uninitialized, free, drop: drop_memory };

extern "C" fn allocate(memory: &Memory, bytes: usize) -> *mut c_void {
    if !memory.take(bytes) {
        return std::ptr::null_mut();
    }
    // SAFETY: any sizes may be passed to `calloc`.
    unsafe { libc::calloc(bytes.max(1), 1) }
}

extern "C" fn allocate_uninitialized(memory: &Memory, bytes: usize) -> *mut c_void {
    if !memory.take(bytes) {
        return std::ptr::null_mut();
    }
    // SAFETY: any size may be passed to `malloc`.
    unsafe { libc::malloc(bytes.max(1)) }
}

extern "C" fn free(memory: &Memory, data: *mut c_void, bytes: usize) {
    memory.external.fetch_sub(bytes, Ordering::Relaxed);
    // SAFETY: V8 frees what it got from the two above, once.
    unsafe { libc::free(data) }
}

extern "C" fn drop_memory(memory: *const Memory) {
    // SAFETY: this is the reference that `params` left with the allocator, and V8 drops the allocator once.
    drop(unsafe { Arc::from_raw(memory) });
}
