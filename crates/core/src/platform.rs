use std::ffi::{c_int, c_void};
use std::sync::Once;

use deno_core::JsRuntime;
use deno_core::v8;

/// V8's flags, set once before it starts. What each gives up is in ARCHITECTURE.md, section "V8's flags".
const FLAGS: &str = concat!(
    // A realm lives for one case, so most of the heap is dead contexts. Incremental marking starts early, takes its time,
    // and lets the heap grow meanwhile; a plain mark-compact frees them at once.
    " --no-incremental-marking",
    // A case's garbage is collected on the case's own thread: helpers would take the other isolates' processors, and
    // their time would be nobody's.
    " --single-threaded-gc",
    // V8 15 drops the interrupt check of a loop that runs few times, and where that loop had none, the check of the loop around
    // it instead (LoopStackCheckElisionReducer, in compiler/turboshaft/loop-unrolling-reducer.h): once it is optimized,
    // `for (;;) list.push(Array(1000).fill(0))` would be stopped by nothing. The analysis is that of loop unrolling.
    " --no-turboshaft-loop-unrolling",
    // Where the processor has memory-protection keys, V8 switches one at each entry into its code space, a tenth of the
    // price of a realm. Without them it also runs on threads that are older than its initialisation.
    " --no-memory-protection-keys",
);

/// Starts V8, once in a process.
pub(crate) fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        v8::V8::set_flags_from_string(FLAGS);
        // deno_core has this count too, and the same reason: more threads help only compilation and collection.
        let threads = num_cpus::get().min(4) as u32;
        let platform = v8::new_custom_platform(threads, false, false, DropTasks).make_shared();
        JsRuntime::init_platform(Some(platform));
        set_place();
    });
}

// The suffix is ICU's version, which V8 is linked with: where that changes, linking fails, and says so here.
// SAFETY: the declaration is that of ICU's `unicode/ucal.h`, whose `UChar` is `u16`, and whose `UErrorCode` is an int.
unsafe extern "C" {
    #[link_name = "ucal_setDefaultTimeZone_77"]
    fn ucal_set_default_time_zone(zone: *const u16, error: *mut c_int);
}

/// Cases see one place, wherever they run: the time zone UTC, and the locale en-US.
fn set_place() {
    v8::icu::set_default_locale("en-US");
    let zone = [b'U', b'T', b'C', 0].map(u16::from);
    let mut error = 0;
    // SAFETY: the zone is UTF-16 and ends with zero, and the error is writable. No isolate, and so nothing that reads ICU's
    // default, is there yet.
    unsafe { ucal_set_default_time_zone(zone.as_ptr(), &raw mut error) };
    debug_assert!(error <= 0, "ICU's error {error}"); // errors are positive, warnings negative
}

/// Foreground tasks are dropped without being run.
///
/// V8 posts them for work that it would like done on an isolate's thread when nothing else is: collecting early,
/// clean-up of finalization registries, finishing WebAssembly compiled in the background. Run, they would cost some
/// later case its time, or be an earlier case's code in it. Nothing waits for them: V8 collects on allocation anyway,
/// ECMA-262 promises no finalization callback (section 9.9), and a promise that only a dropped task would settle never
/// settles. With deno_core's own platform a delayed task aborts the process unless a tokio runtime is at hand.
struct DropTasks;

impl v8::PlatformImpl for DropTasks {
    fn post_task(&self, _: *mut c_void, _: v8::Task) {}
    fn post_non_nestable_task(&self, _: *mut c_void, _: v8::Task) {}
    fn post_delayed_task(&self, _: *mut c_void, _: v8::Task, _: f64) {}
    fn post_non_nestable_delayed_task(&self, _: *mut c_void, _: v8::Task, _: f64) {}
    fn post_idle_task(&self, _: *mut c_void, _: v8::IdleTask) {}
}
