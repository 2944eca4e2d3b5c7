use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use deem_case::{
    Bytes, Cancellation, Exceeded, Exception, Execution, InternalError, Limits, Outcome, Rules, Usage, Value,
};
use deno_core::v8;
use deno_core::{JsRuntime, RuntimeOptions};
use serde::{Deserialize, Serialize};

use crate::bound::Bound;
use crate::cpu_clock::CpuClock;
use crate::error::ErrorKind;
use crate::frozen::{self, FrozenRealm};
use crate::globals::RealmTemplate;
use crate::host::CaseState;
use crate::memory::Memory;
use crate::program::Program;
use crate::realm::{self, Given, MainSlots};
use crate::watchdog::{Cause, Post};
use crate::{Engine, Error, Statistics, harden, last_words, stack};

/// What is fresh for each case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Isolation {
    /// A realm (a V8 context): own globals and built-ins, in a reused isolate. The default.
    #[default]
    Realm,
    /// A whole isolate: own heap, too.
    Isolate,
    /// What a fresh realm is to a case, at the price of a call: all cases have one realm, in which nothing can be changed that a
    /// later case could see. Only right answers are final: see [`Session::is_provisional`](crate::Session::is_provisional).
    Frozen,
    /// Nothing: the program runs once, and its function is called for every case. For trusted code, and as the bound of
    /// what isolation costs. ([`Entry::Completion`](crate::Entry::Completion) and
    /// [`Entry::Program`](crate::Entry::Program) run the program for each case, and always get a fresh realm.)
    Shared,
}

/// A V8 isolate: deno_core's `JsRuntime`, made safe for realms that deno_core does not know of.
///
/// This is the low level: it belongs to the thread that made it, and there it must be the only one. A
/// [`Pool`](crate::Pool) keeps one for each of its threads.
pub struct Isolate {
    // Before the runtime: V8 wants its handles back while the isolate lives.
    shared: Option<realm::Shared>,
    frozen: Option<FrozenRealm>,
    bound: Option<Bound>,
    template: RealmTemplate,
    slots: Option<MainSlots>,
    post: Arc<Post>,
    heap_limit: Bytes,
    stack_limit: Bytes,
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
    /// Makes an isolate on the current thread, with the limits of heap and stack for all cases that it will run. Takes some
    /// milliseconds.
    ///
    /// # Errors
    /// If the limits are too small, the thread has an isolate already, or a stack that is too small for the limit, or
    /// deno_core cannot make one.
    pub fn new(engine: &Engine, limits: &Limits) -> Result<Isolate, Error> {
        Isolate::with(engine, limits, |params| {
            let options = RuntimeOptions { create_params: Some(params), ..RuntimeOptions::default() };
            let runtime = JsRuntime::try_new(options);
            let mut runtime = runtime.map_err(|error| Error::new(ErrorKind::Isolate, error.to_string()))?;
            let slots = MainSlots::seal(&mut runtime);
            Ok((Host::Runtime(Box::new(runtime)), Some(slots)))
        })
    }

    /// Makes an isolate that is quicker to make, and to drop, for a single case: without deno_core's own realm.
    ///
    /// # Errors
    /// As [`Isolate::new`].
    pub fn for_one_case(engine: &Engine, limits: &Limits) -> Result<Isolate, Error> {
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
        let snapshot = engine.guest()?;
        let limit = stack::limit(limits.stack)?;
        let (mut host, slots) = make(snapshot.within(memory.params(limits.heap)))?;
        limit.set(host.isolate());
        harden::harden(host.isolate());
        last_words::listen(host.isolate());
        let handle = host.isolate().thread_safe_handle();
        let terminate = move || {
            handle.terminate_execution();
        };
        let post = engine.watchdog().post(move || clock.now(), terminate);
        host.isolate().set_slot(CaseState::new(post.clone()));
        let template = RealmTemplate::new(host.isolate(), snapshot)?;
        memory.watch(host.isolate(), post.clone());
        Ok(Isolate {
            shared: None,
            frozen: None,
            bound: None,
            template,
            slots,
            post,
            heap_limit: limits.heap,
            stack_limit: limits.stack,
            condemned: false,
            host,
            memory,
            _occupied: occupied,
        })
    }

    /// Whether the isolate has the limits of heap and stack that these are.
    pub fn has_limits(&self, limits: &Limits) -> bool {
        (self.heap_limit, self.stack_limit) == (limits.heap, limits.stack)
    }

    #[cfg(test)]
    pub(crate) fn v8(&mut self) -> &mut v8::Isolate {
        self.host.isolate()
    }

    /// Whether a case ended in a way that may have left something behind, or cases have left more behind than they should.
    /// Every further case would be an internal error: make a new isolate.
    pub fn is_condemned(&self) -> bool {
        self.condemned
    }

    /// What there is in it at the moment. Takes some microseconds; after [`Isolate::collect_garbage`] it is what is in use.
    pub fn statistics(&mut self) -> Statistics {
        Statistics::of(self.host.isolate())
    }

    /// Has V8 collect all the garbage that there is. Takes some milliseconds.
    pub fn collect_garbage(&mut self) {
        self.host.isolate().low_memory_notification();
    }

    /// Runs one case.
    ///
    /// The limits of heap and stack are those of [`Isolate::new`], whatever the rules say; the others are this case's. A case
    /// that is cancelled is an internal error.
    ///
    /// `isolation` says what it shares with the case before it: [`Isolation::Isolate`] is up to the caller, who makes an
    /// isolate for each case, and gets a fresh realm here.
    pub fn run(
        &mut self,
        program: &Program,
        args: &[Value],
        rules: &Rules,
        isolation: Isolation,
        cancellation: &Cancellation,
    ) -> Execution {
        if self.condemned {
            return Execution::of(Err(InternalError("a condemned isolate was given another case".to_owned())));
        }
        if self.bound.as_ref().is_none_or(|bound| !bound.is_of(program)) {
            self.shared = None;
            self.frozen = None;
            match Bound::new(self.host.isolate(), program) {
                Ok(bound) => self.bound = Some(bound),
                Err(error) => return Execution::of(Err(error.into())),
            }
        }
        let Some(bound) = &self.bound else { unreachable!("bound above") };

        let (isolate, limits) = (self.host.isolate(), &rules.limits);
        self.memory.begin(limits.external);
        if let Some(state) = isolate.get_slot_mut::<CaseState>() {
            state.begin(limits.output);
        }
        let given = Given { bound, args, rules };
        if isolation == Isolation::Frozen && self.frozen.as_ref().is_none_or(|frozen| !frozen.is_for(rules)) {
            match FrozenRealm::new(isolate, &self.template, self.slots, bound, rules) {
                Ok(frozen) => self.frozen = Some(frozen),
                Err(error) => return Execution::of(Err(error.into())),
            }
        }
        let started = Instant::now(); // what its realm takes to make is no case's
        let armed = self.post.arm(started, limits, cancellation);
        let result = match isolation {
            Isolation::Realm | Isolation::Isolate => realm::in_fresh_realm(isolate, &self.template, self.slots, given),
            Isolation::Frozen => frozen::in_frozen_realm(isolate, &self.template, self.slots, &mut self.frozen, given),
            Isolation::Shared => realm::in_shared_realm(isolate, &self.template, self.slots, &mut self.shared, given),
        };
        let ended = Instant::now();
        let disarmed = armed.disarm(ended);
        if disarmed.cause.is_some() {
            isolate.cancel_terminate_execution();
        }
        self.condemned = disarmed.cause.is_some() || result.is_err() || self.memory.heap_raised();

        // Whatever came of it, and also if it ended just then: it took too much.
        let result = match (disarmed.cause, result) {
            (Some(cause), _) => exceeded(cause, limits).map(Outcome::Exceeded),
            (None, Ok(Outcome::Threw(exception))) if self.memory.external_refused() && is_refusal(&exception) => {
                Ok(Outcome::Exceeded(Exceeded::External(limits.external)))
            }
            (None, Ok(outcome)) => Ok(outcome),
            (None, Err(error)) => Err(InternalError::from(error)),
        };
        let memory = self.memory.end(isolate, ended - started);
        self.condemned |= self.memory.has_grown(self.heap_limit);
        if self.memory.has_left_buffers(limits.external) {
            self.frozen = None;
        }
        let (console, answer_length) = match isolate.get_slot_mut::<CaseState>() {
            Some(state) => (std::mem::take(&mut state.console), state.answer_length),
            None => Default::default(),
        };
        let usage = Usage {
            wall: ended - started,
            cpu: Some(disarmed.cpu),
            gc: Some(memory.gc),
            heap: memory.heap,
            external: Some(memory.external),
            output: Bytes(console.written() + answer_length),
        };
        Execution { result, usage, console }
    }
}

fn exceeded(cause: Cause, limits: &Limits) -> Result<Exceeded, InternalError> {
    match cause {
        Cause::Cpu => Ok(Exceeded::Cpu(limits.cpu)),
        Cause::Wall => Ok(Exceeded::Wall(limits.wall)),
        Cause::Heap => Ok(Exceeded::Heap(limits.heap)),
        Cause::Output => Ok(Exceeded::Output(limits.output)),
        Cause::Cancelled => Err(InternalError("cancelled".to_owned())),
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
        let program = engine.compile(&Submission::new(source, Entry::function("f").unwrap())).unwrap();
        let mut isolate = Isolate::new(&engine, &Limits::default()).unwrap();
        for _ in 0..50 {
            isolate.run(&program, &[], &Rules::default(), Isolation::Realm, &Cancellation::default()).result.unwrap();
        }
        isolate.collect_garbage();
        // The main realm, and what the collector found on the stack.
        let contexts = isolate.statistics().contexts;
        assert!(contexts <= 3, "{contexts} contexts are alive after 50 cases");
    }
}
