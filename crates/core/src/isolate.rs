use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use deem_case::{Bytes, Exceeded, Exception, Execution, InternalError, Limits, Outcome, Value};
use deno_core::v8;
use deno_core::{JsRuntime, RuntimeOptions};

use crate::cpu_clock::CpuClock;
use crate::error::ErrorKind;
use crate::memory::Memory;
use crate::program::Program;
use crate::realm::{self, Bound, MainSlots};
use crate::watchdog::{Overdue, Post};
use crate::{Engine, Error, harden};

/// What is fresh for each case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// A realm (a V8 context): own globals and built-ins, in a reused isolate. The default.
    #[default]
    Realm,
    /// A whole isolate: own heap, too.
    Isolate,
    /// Nothing: the program runs once, and its function is called for every case. For trusted code, and as the bound of
    /// what isolation costs. ([`Entry::Completion`](crate::Entry::Completion) runs the program for each case, and
    /// always gets a fresh realm.)
    Shared,
}

/// A V8 isolate: deno_core's `JsRuntime`, made safe for realms that deno_core does not know of.
///
/// This is the low level: it belongs to the thread that made it, and there it must be the only one. A
/// [`Pool`](crate::Pool) keeps one for each of its threads.
pub struct Isolate {
    // Before the runtime: V8 wants its handles back while the isolate lives.
    shared: Option<realm::Shared>,
    bound: Option<Bound>,
    slots: Option<MainSlots>,
    post: Arc<Post>,
    heap_limit: Bytes,
    condemned: bool,
    host: Host,
    // After the host, which points to it.
    memory: Arc<Memory>,
    _occupied: Occupied,
}

enum Host {
    Runtime(Box<JsRuntime>),
    /// Without deno_core's own realm, and the scripts that it runs there: most of what a `JsRuntime` takes to make.
    Bare(v8::OwnedIsolate),
}

impl Host {
    fn isolate(&mut self) -> &mut v8::Isolate {
        match self {
            Host::Runtime(runtime) => runtime.v8_isolate(),
            Host::Bare(isolate) => isolate,
        }
    }
}

impl Isolate {
    /// Makes an isolate on the current thread, with the heap's limit for all cases that it will run. Takes some
    /// milliseconds.
    ///
    /// # Errors
    /// If the limits are too small, the thread has an isolate already, or deno_core cannot make one.
    pub fn new(engine: &Engine, limits: &Limits) -> Result<Isolate, Error> {
        Isolate::with(engine, limits, |params| {
            let options = RuntimeOptions { create_params: Some(params), ..RuntimeOptions::default() };
            let runtime = JsRuntime::try_new(options);
            let mut runtime = runtime.map_err(|error| Error::new(ErrorKind::Isolate, error.to_string()))?;
            let slots = MainSlots::seal(&mut runtime);
            Ok((Host::Runtime(Box::new(runtime)), Some(slots)))
        })
    }

    /// Makes an isolate that is quicker to make, and to drop, for a single case.
    pub(crate) fn for_one_case(engine: &Engine, limits: &Limits) -> Result<Isolate, Error> {
        Isolate::with(engine, limits, |params| {
            let mut isolate = v8::Isolate::new(params);
            isolate.set_microtasks_policy(v8::MicrotasksPolicy::Explicit);
            Ok((Host::Bare(isolate), None))
        })
    }

    fn with(
        engine: &Engine,
        limits: &Limits,
        make: impl FnOnce(v8::CreateParams) -> Result<(Host, Option<MainSlots>), Error>,
    ) -> Result<Isolate, Error> {
        let failed = |error: &dyn std::error::Error| Error::new(ErrorKind::Isolate, error.to_string());
        let limits = limits.check().map_err(|error| failed(&error))?;
        let occupied = Occupied::new()?;
        let clock = CpuClock::of_this_thread().map_err(|error| failed(&error))?;
        let memory = Arc::new(Memory::default());
        // What V8 and deno_core allocate for themselves is no case's.
        memory.begin(Bytes(usize::MAX));
        let (mut host, slots) = make(memory.params(limits.heap))?;
        harden::harden(host.isolate());
        memory.watch(host.isolate());
        let handle = host.isolate().thread_safe_handle();
        let terminate = move || {
            handle.terminate_execution();
        };
        let post = engine.watchdog().post(move || clock.now(), terminate);
        Ok(Isolate {
            shared: None,
            bound: None,
            slots,
            post,
            heap_limit: limits.heap,
            condemned: false,
            host,
            memory,
            _occupied: occupied,
        })
    }

    /// The heap's limit.
    pub fn heap_limit(&self) -> Bytes {
        self.heap_limit
    }

    #[cfg(test)]
    pub(crate) fn v8(&mut self) -> &mut v8::Isolate {
        self.host.isolate()
    }

    /// Whether a case ended in a way that may have left something behind. Every further case would be an internal error:
    /// make a new isolate.
    pub fn is_condemned(&self) -> bool {
        self.condemned
    }

    /// Runs one case.
    ///
    /// The heap's limit is that of [`Isolate::new`], whatever `limits` says; the other limits are this case's.
    ///
    /// `isolation` says what it shares with the case before it: [`Isolation::Isolate`] is up to the caller, who makes an
    /// isolate for each case, and gets a fresh realm here.
    pub fn run(&mut self, program: &Program, args: &[Value], limits: &Limits, isolation: Isolation) -> Execution {
        if self.condemned {
            let error = InternalError("a condemned isolate was given another case".to_owned());
            return Execution { result: Err(error), elapsed: Default::default() };
        }
        if self.bound.as_ref().is_none_or(|bound| !bound.is_of(program)) {
            self.shared = None;
            match Bound::new(self.host.isolate(), program) {
                Ok(bound) => self.bound = Some(bound),
                Err(error) => return Execution { result: Err(error.into()), elapsed: Default::default() },
            }
        }
        let Some(bound) = &self.bound else { unreachable!("bound above") };

        let started = Instant::now();
        self.memory.begin(limits.external);
        let armed = self.post.arm(started, limits);
        let isolate = self.host.isolate();
        let result = match isolation {
            Isolation::Realm | Isolation::Isolate => realm::in_fresh_realm(isolate, bound, self.slots, args),
            Isolation::Shared => realm::in_shared_realm(isolate, bound, self.slots, &mut self.shared, args),
        };
        let overdue = armed.disarm();
        self.condemned = self.memory.heap_raised();

        // Whatever came of it, and also if it ended just then: it took too much.
        let exceeded = if self.memory.heap_exceeded() {
            Some(Exceeded::Heap(self.heap_limit))
        } else {
            overdue.map(|overdue| match overdue {
                Overdue::Cpu => Exceeded::Cpu(limits.cpu),
                Overdue::Wall => Exceeded::Wall(limits.wall),
            })
        };
        let result = match (exceeded, result) {
            (Some(exceeded), _) => {
                isolate.cancel_terminate_execution();
                self.condemned = true;
                Ok(Outcome::Exceeded(exceeded))
            }
            (None, Ok(Outcome::Threw(exception))) if self.memory.external_refused() && is_refusal(&exception) => {
                Ok(Outcome::Exceeded(Exceeded::External(limits.external)))
            }
            (None, Ok(outcome)) => Ok(outcome),
            (None, Err(error)) => {
                self.condemned = true;
                Err(InternalError::from(error))
            }
        };
        Execution { result, elapsed: started.elapsed() }
    }
}

/// Whether this is what V8 throws where it gets no memory for an array buffer.
fn is_refusal(exception: &Exception) -> bool {
    exception.name == "RangeError" && exception.message.starts_with("Array buffer allocation failed")
}

/// That the current thread has an isolate.
///
/// V8 keeps a stack of the isolates that a thread has entered, and `JsRuntime` enters when it is made and leaves when it
/// is dropped: two of them must be dropped in the right order, which nothing could promise.
struct Occupied(());

thread_local! {
    static OCCUPIED: Cell<bool> = const { Cell::new(false) };
}

impl Occupied {
    fn new() -> Result<Occupied, Error> {
        if OCCUPIED.replace(true) {
            return Err(Error::new(ErrorKind::Isolate, "this thread has one already; a thread can have one at a time"));
        }
        Ok(Occupied(()))
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        OCCUPIED.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deem_case::{Entry, Submission};

    #[test]
    fn what_a_case_leaves_behind_goes_with_its_realm() {
        let engine = Engine::new().unwrap();
        // deno_core would keep each rejected promise, and with it the realm, for an event loop that never runs.
        let source =
            "function f() { Promise.reject(1); queueMicrotask(() => {}); globalThis.self = globalThis }".to_owned();
        let program = engine.compile(&Submission { source, entry: Entry::function("f").unwrap() }).unwrap();
        let mut isolate = Isolate::new(&engine, &Limits::default()).unwrap();
        for _ in 0..50 {
            isolate.run(&program, &[], &Limits::default(), Isolation::Realm).result.unwrap();
        }
        isolate.v8().low_memory_notification();
        // The main realm, and what the collector found on the stack.
        let contexts = isolate.v8().get_heap_statistics().number_of_native_contexts();
        assert!(contexts <= 3, "{contexts} contexts are alive after 50 cases");
    }
}
