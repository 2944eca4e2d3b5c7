//! The limits of memory, V8's heap and the array buffers beside it; and what collecting them takes.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use deem_case::Bytes;
use deno_core::v8;

use crate::last_words;
use crate::watchdog::{Cause, Post};

/// What one isolate's memory is known by, and limited with. Atomics, because V8 may free buffers on a thread of its own;
/// everything else here happens on the isolate's thread.
#[derive(Default)]
pub(crate) struct Memory {
    post: OnceLock<Arc<Post>>,
    heap_raised: AtomicBool,
    heap: HeapUse,
    external: AtomicUsize,
    external_peak: AtomicUsize,
    external_limit: AtomicUsize,
    external_refused: AtomicBool,
    /// An allocation was refused, and V8 may be collecting on its account.
    external_pending: AtomicBool,
}

/// How the heap grows and shrinks, in bytes; and the time that goes into that.
#[derive(Default)]
struct HeapUse {
    /// How much was in use when the case began; less, where a collection showed that some of that was garbage.
    before: AtomicUsize,
    /// How much it grew beyond that, at most.
    growth: AtomicUsize,
    /// How much an isolate uses that has run nothing.
    empty: AtomicUsize,
    /// How much was left after the last whole collection.
    live: AtomicUsize,
    /// For how long cases have run since their use was last read, in nanoseconds.
    unread: AtomicU64,
    /// When the collection that is under way began, and what all together took, in nanoseconds.
    began: AtomicU64,
    gc: AtomicU64,
}

/// To read how much of the heap is in use takes 200 ns and more, as long as a short case. It is read after cases that took this
/// much, one alone or several: what a case is charged for too much is what a program can allocate in this time.
const UNREAD: Duration = Duration::from_micros(10);

/// What a case's memory amounted to.
#[derive(Clone, Copy)]
pub(crate) struct MemoryUse {
    pub(crate) heap: Option<Bytes>,
    pub(crate) external: Bytes,
    pub(crate) gc: Duration,
}

impl Memory {
    /// An isolate's parameters, with its heap limited for good, and its array buffers from here.
    pub(crate) fn params(self: &Arc<Self>, heap: Bytes) -> v8::CreateParams {
        // SAFETY: the handle is a `Memory`, as the table's functions take it; it is kept alive by the reference that
        // `Arc::into_raw` leaves behind, until `drop_memory` takes that back.
        let allocator = unsafe { v8::new_rust_allocator(Arc::into_raw(self.clone()), &ALLOCATOR) };
        v8::CreateParams::default().heap_limits(0, heap.0).array_buffer_allocator(allocator)
    }

    /// Watches the isolate that was made with these parameters, and that drops its `Memory` after itself. Cases that exceed
    /// the heap are stopped at `post`.
    pub(crate) fn watch(self: &Arc<Self>, isolate: &mut v8::Isolate, post: Arc<Post>) {
        let _ = self.post.set(post);
        let data: *mut c_void = Arc::as_ptr(self).cast_mut().cast();
        isolate.add_near_heap_limit_callback(near_heap_limit, data);
        isolate.add_gc_prologue_callback(before_gc, data, v8::GCType::kGCTypeAll);
        isolate.add_gc_epilogue_callback(after_gc, data, v8::GCType::kGCTypeAll);
        let used = used_heap(isolate);
        self.heap.empty.store(used, Relaxed);
        self.heap.before.store(used, Relaxed);
    }

    /// A case begins.
    pub(crate) fn begin(&self, external_limit: Bytes) {
        self.external_limit.store(external_limit.0, Relaxed);
        self.external_peak.store(self.external.load(Relaxed), Relaxed);
        self.external_refused.store(false, Relaxed);
        self.external_pending.store(false, Relaxed);
        self.heap.growth.store(0, Relaxed);
        self.heap.gc.store(0, Relaxed);
    }

    /// A case ends that took so long: what it used.
    pub(crate) fn end(&self, isolate: &mut v8::Isolate, took: Duration) -> MemoryUse {
        let (heap, gc) = (&self.heap, self.heap.gc.load(Relaxed));
        let unread = heap.unread.load(Relaxed).saturating_add(took.as_nanos() as u64);
        let read = unread >= UNREAD.as_nanos() as u64 || gc > 0;
        heap.unread.store(if read { 0 } else { unread }, Relaxed);
        if read {
            let used = used_heap(isolate);
            heap.see(used);
            heap.before.store(used, Relaxed);
        }
        MemoryUse {
            heap: read.then(|| Bytes(heap.growth.load(Relaxed))),
            external: Bytes(self.external_peak.load(Relaxed)),
            gc: Duration::from_nanos(gc),
        }
    }

    /// Whether the heap's limit is not any more what it was: the isolate is no good for another case.
    pub(crate) fn heap_raised(&self) -> bool {
        self.heap_raised.load(Relaxed)
    }

    /// Whether more is left after a collection than cases should leave: symbols of the registry, say, which V8 keeps for as
    /// long as the isolate lives. (It may be what the last case still had in use; then a new isolate is no loss either.)
    pub(crate) fn has_grown(&self, heap_limit: Bytes) -> bool {
        self.heap.live.load(Relaxed) > self.heap.empty.load(Relaxed) + heap_limit.0 / 4
    }

    /// Whether array buffers that a case may have left take more of what the next one may use than it could notice. They may be
    /// garbage; but a private field keeps one also where the object that has it is frozen.
    pub(crate) fn has_left_buffers(&self, external_limit: Bytes) -> bool {
        self.external.load(Relaxed) > external_limit.0 / 64
    }

    /// Whether this case was refused an array buffer.
    pub(crate) fn external_refused(&self) -> bool {
        self.external_refused.load(Relaxed)
    }

    /// Takes bytes of the budget, if it has them.
    fn take(&self, bytes: usize) -> bool {
        let limit = self.external_limit.load(Relaxed);
        let taken = self.external.fetch_add(bytes, Relaxed).saturating_add(bytes);
        // V8 has no answer to a refused allocation of a few bytes, and crashes.
        let granted = taken <= limit || bytes <= 64;
        if granted {
            self.external_peak.fetch_max(taken, Relaxed);
        } else {
            self.external.fetch_sub(bytes, Relaxed);
            // V8 collects, and asks again: this is final only if the case then throws.
            self.external_refused.store(true, Relaxed);
        }
        self.external_pending.store(!granted, Relaxed);
        granted
    }
}

impl HeapUse {
    fn see(&self, used: usize) {
        self.growth.fetch_max(used.saturating_sub(self.before.load(Relaxed)), Relaxed);
    }
}

fn used_heap(isolate: &mut v8::Isolate) -> usize {
    isolate.get_heap_statistics().used_heap_size()
}

fn nanos() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

extern "C" fn before_gc(isolate: v8::UnsafeRawIsolatePtr, _: v8::GCType, _: v8::GCCallbackFlags, data: *mut c_void) {
    // SAFETY: `watch` passed a `Memory` that outlives the isolate, and V8 calls this on the thread that has entered it.
    let (memory, mut isolate) = unsafe { (&*data.cast::<Memory>(), v8::Isolate::from_raw_isolate_ptr(isolate)) };
    memory.heap.began.store(nanos(), Relaxed);
    memory.heap.see(used_heap(&mut isolate));
}

extern "C" fn after_gc(isolate: v8::UnsafeRawIsolatePtr, kind: v8::GCType, _: v8::GCCallbackFlags, data: *mut c_void) {
    // SAFETY: as in `before_gc`.
    let (memory, mut isolate) = unsafe { (&*data.cast::<Memory>(), v8::Isolate::from_raw_isolate_ptr(isolate)) };
    let (heap, used) = (&memory.heap, used_heap(&mut isolate));
    heap.gc.fetch_add(nanos().saturating_sub(heap.began.load(Relaxed)), Relaxed);
    // What earlier cases left is garbage: a whole collection leaves none of it.
    if kind == v8::GCType::kGCTypeMarkSweepCompact {
        heap.live.store(used, Relaxed);
        heap.before.fetch_min(heap.empty.load(Relaxed), Relaxed);
    } else {
        heap.before.fetch_min(used, Relaxed);
    }
}

/// V8 is about to give up the heap. What it needs to unwind the case, it gets beyond the limit: half as much again, at most
/// to three times the limit, for a loop of V8's own may go on allocating without being interrupted. After that it aborts.
extern "C" fn near_heap_limit(data: *mut c_void, current: usize, initial: usize) -> usize {
    // SAFETY: `watch` passed a `Memory` that outlives the isolate.
    let memory = unsafe { &*data.cast::<Memory>() };
    memory.heap_raised.store(true, Relaxed);
    // Where an array buffer is refused, V8 collects as if for the last time, and comes here with the heap half empty. That
    // is not the end of it; but should it be after all, there must be room to come here again.
    if !memory.external_pending.swap(false, Relaxed)
        && let Some(post) = memory.post.get()
    {
        last_words::say_out_of_memory();
        post.stop(Cause::Heap);
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
    memory.external.fetch_sub(bytes, Relaxed);
    // SAFETY: V8 frees what it got from the two above, once.
    unsafe { libc::free(data) }
}

extern "C" fn drop_memory(memory: *const Memory) {
    // SAFETY: this is the reference that `params` left with the allocator, and V8 drops the allocator once.
    drop(unsafe { Arc::from_raw(memory) });
}
