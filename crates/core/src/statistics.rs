use deem_case::Bytes;
use deno_core::v8;

/// What there is in an isolate at the moment, garbage included: see [`Isolate::statistics`](crate::Isolate::statistics).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// The heap in use.
    pub heap: Bytes,
    /// Contexts (realms) that have not been collected yet. One of them is deno_core's.
    pub contexts: usize,
    /// Contexts that V8 knows to have no user any more, and that something keeps from being collected: a leak.
    pub detached_contexts: usize,
}

impl Statistics {
    pub(crate) fn of(isolate: &mut v8::Isolate) -> Statistics {
        let statistics = isolate.get_heap_statistics();
        Statistics {
            heap: Bytes(statistics.used_heap_size()),
            contexts: statistics.number_of_native_contexts(),
            detached_contexts: statistics.number_of_detached_contexts(),
        }
    }
}
