//! What a realm has besides ECMAScript: the guest's prelude, with the executor's `host` function.

use deem_case::{Rules, guest};
use deno_core::v8;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::ErrorKind;
use crate::host::host;
use crate::script::Script;

/// What all isolates of a process start from: V8's snapshot of a context in which the guest's prelude has run. Run in each
/// realm instead, it would add a third to the price of a realm.
pub(crate) struct GuestSnapshot {
    blob: &'static [u8],
    open: Place,
    frozen: Place,
    console: Script,
    inspect: Script,
}

/// The numbers of a context in the snapshot, and of the array of its functions.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Place {
    context: usize,
    functions: usize,
}

/// The places of both contexts, the blob, and the scripts' caches.
type Bytes<'a> = ([Place; 2], &'a [u8], [&'a [u8]; 2]);

const CONSOLE_NAME: &str = "deem:console";
const INSPECT_NAME: &str = "deem:inspect";

impl GuestSnapshot {
    /// Makes it, on a thread that has entered no isolate. It is there for as long as the process.
    pub(crate) fn new() -> Result<GuestSnapshot, Error> {
        let failed = |what: &str| Error::new(ErrorKind::V8, format!("the prelude's snapshot: {what}"));
        let mut isolate = v8::Isolate::snapshot_creator(None, None);
        let [open, frozen] = {
            v8::scope!(let scope, &mut isolate);
            let plain = v8::Context::new(scope, v8::ContextOptions::default());
            scope.set_default_context(plain);
            let mut place = |origin| {
                let context = v8::Context::new(scope, v8::ContextOptions::default());
                let scope = &mut v8::ContextScope::new(scope, context);
                v8::tc_scope!(let scope, scope);
                let Some(functions) = run_prelude(scope, origin) else {
                    let message = scope.message().map(|message| message.get(scope).to_rust_string_lossy(scope));
                    return Err(failed(&message.unwrap_or_default()));
                };
                let functions = scope.add_context_data(context, functions);
                Ok(Place { context: scope.add_context(context), functions })
            };
            [place(Origin::Open)?, place(Origin::Frozen)?]
        };
        let blob = isolate.create_blob(v8::FunctionCodeHandling::Keep).ok_or_else(|| failed("V8 made none"))?;
        let blob: &'static [u8] = Box::leak(blob.to_vec().into_boxed_slice());
        let compile = |name, source| {
            let params = v8::CreateParams::default().snapshot_blob(blob.into());
            Script::compile_own(params, name, source)
        };
        let console = compile(CONSOLE_NAME, guest::CONSOLE)?;
        let inspect = compile(INSPECT_NAME, guest::INSPECT)?;
        Ok(GuestSnapshot { blob, open, frozen, console, inspect })
    }

    /// It, for another process of the same program.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let caches = [&self.console, &self.inspect].map(Script::cache);
        let all: Bytes<'_> = ([self.open, self.frozen], self.blob, caches);
        postcard::to_stdvec(&all).map_err(|error| Error::new(ErrorKind::Snapshot, error.to_string()))
    }

    /// What [`to_bytes`](GuestSnapshot::to_bytes) wrote. V8 does not survive an altered blob.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Result<GuestSnapshot, Error> {
        let bytes: &'static [u8] = Box::leak(bytes.into_boxed_slice());
        let ([open, frozen], blob, [console, inspect]): Bytes<'_> =
            postcard::from_bytes(bytes).map_err(|error| Error::new(ErrorKind::Snapshot, error.to_string()))?;
        let console = Script::own_with_cache(CONSOLE_NAME, guest::CONSOLE, console);
        let inspect = Script::own_with_cache(INSPECT_NAME, guest::INSPECT, inspect);
        Ok(GuestSnapshot { blob, open, frozen, console, inspect })
    }

    /// An isolate's parameters with it.
    pub(crate) fn within(&self, params: v8::CreateParams) -> v8::CreateParams {
        params.snapshot_blob(self.blob.into())
    }
}

/// What it returns: where the realm is to be frozen, with what the function of frozen.js returns in place of what calls that.
fn run_prelude<'s>(scope: &mut v8::PinScope<'s, '_>, origin: Origin) -> Option<v8::Local<'s, v8::Value>> {
    let run = |source: &str| {
        let source = v8::String::new(scope, source)?;
        let value = v8::Script::compile(scope, source, None)?.run(scope)?;
        value.try_cast::<v8::Function>().ok()
    };
    let (prelude, capture) = (run(guest::PRELUDE)?, run(guest::INTRINSICS)?);
    let (calling, make_makers) = (run(guest::CALLING)?, run(guest::MAKERS)?);
    let undefined = v8::undefined(scope).into();
    let make_frozen = match origin {
        Origin::Open => undefined,
        Origin::Frozen => run(guest::FROZEN)?.into(),
    };
    let args = [capture.into(), calling.into(), make_makers.into(), make_frozen];
    let functions = prelude.call(scope, undefined, &args)?;
    if origin == Origin::Frozen {
        let functions = functions.try_cast::<v8::Array>().ok()?;
        let freeze = functions.get_index(scope, 6)?.try_cast::<v8::Function>().ok()?;
        let finish = freeze.call(scope, undefined, &[])?;
        functions.set_index(scope, 6, finish)?;
    }
    Some(functions)
}

/// Which of the snapshot's contexts a realm is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The one in which the prelude has run.
    Open,
    /// That in which frozen.js has run, too.
    Frozen,
}

/// How one isolate makes realms.
pub(crate) struct RealmTemplate {
    open: Place,
    frozen: Place,
    host: v8::Global<v8::FunctionTemplate>,
}

/// The console's scripts, in a slot of the isolate: most cases never ask for them.
struct ConsoleScripts([v8::Global<v8::UnboundScript>; 2]);

/// What the executor calls in a realm that has its globals.
pub(crate) struct Globals<'s>(v8::Local<'s, v8::Array>);

/// [`Globals`] of a realm that outlives a case.
pub(crate) struct SharedGlobals {
    functions: v8::Global<v8::Array>,
    used: v8::SharedRef<v8::BackingStore>,
}

impl RealmTemplate {
    /// For an isolate that was made from the snapshot.
    pub(crate) fn new(isolate: &mut v8::Isolate, snapshot: &GuestSnapshot) -> Result<RealmTemplate, Error> {
        v8::scope!(let scope, isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let (console, _) = snapshot.console.load(scope)?;
        let (inspect, _) = snapshot.inspect.load(scope)?;
        let host = v8::FunctionTemplate::new(scope, host);
        let host = v8::Global::new(scope, host);
        let scripts = ConsoleScripts([console, inspect].map(|script| v8::Global::new(scope, script)));
        scope.set_slot(scripts);
        Ok(RealmTemplate { open: snapshot.open, frozen: snapshot.frozen, host })
    }

    /// A new context, as the prelude has left it.
    pub(crate) fn context<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_, ()>,
        origin: Origin,
    ) -> Result<v8::Local<'s, v8::Context>, Error> {
        let context = v8::Context::from_snapshot(scope, self.place(origin).context, v8::ContextOptions::default());
        context.ok_or_else(|| Error::new(ErrorKind::V8, "no context from the snapshot"))
    }

    fn place(&self, origin: Origin) -> Place {
        match origin {
            Origin::Open => self.open,
            Origin::Frozen => self.frozen,
        }
    }

    /// Gives the current realm, which nothing has run in yet, its host. `None` if the case is being terminated.
    pub(crate) fn install<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        origin: Origin,
        rules: &Rules,
    ) -> Option<Globals<'s>> {
        scope.get_current_context().set_allow_generation_from_strings(rules.eval);
        let functions = self.place(origin).functions;
        let globals = Globals(scope.get_context_data_from_snapshot_once(functions).ok()?);
        let args = [
            v8::Local::new(scope, &self.host).get_function(scope)?.into(),
            v8::Integer::new(scope, rules.seed as i32).into(),
            v8::Integer::new(scope, (rules.seed >> 32) as i32).into(),
            v8::Boolean::new(scope, rules.webassembly).into(),
        ];
        let undefined = v8::undefined(scope).into();
        globals.function(scope, 0)?.call(scope, undefined, &args)?;
        Some(globals)
    }
}

/// The functions that make the console, in the current realm. `None` if the case is being terminated.
pub(crate) fn console_makers<'s>(scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
    let scripts = scope.get_slot::<ConsoleScripts>()?.0.clone();
    let mut makers = Vec::with_capacity(scripts.len());
    for script in scripts {
        makers.push(v8::Local::new(scope, script).bind_to_current_context(scope).run(scope)?);
    }
    Some(v8::Array::new_with_elements(scope, &makers).into())
}

impl<'s> Globals<'s> {
    /// Runs the timer that is due next, and says whether there was one. `None` if it threw, or is being terminated.
    pub(crate) fn advance(&self, scope: &mut v8::PinScope<'s, '_>) -> Option<bool> {
        let undefined = v8::undefined(scope).into();
        Some(self.function(scope, 1)?.call(scope, undefined, &[])?.is_true())
    }

    /// What the function of calling.js returns. `None` if the case is being terminated.
    pub(crate) fn adapt(&self, scope: &mut v8::PinScope<'s, '_>, convention: &str) -> Option<v8::Local<'s, v8::Array>> {
        let (undefined, convention) = (v8::undefined(scope).into(), v8::String::new(scope, convention)?.into());
        self.function(scope, 4)?.call(scope, undefined, &[convention])?.try_cast().ok()
    }

    /// What the function of program/start.js returns. `None` if it threw, or the case is being terminated.
    pub(crate) fn start(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        args: v8::Local<'s, v8::Array>,
    ) -> Option<v8::Local<'s, v8::Array>> {
        let undefined = v8::undefined(scope).into();
        self.function(scope, 5)?.call(scope, undefined, &[args.into()])?.try_cast().ok()
    }

    /// What freezes the rest of a realm of [`Origin::Frozen`], and returns its `leave`: see frozen.js. `None` if it threw.
    pub(crate) fn finish(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        program: v8::Local<'s, v8::Value>,
    ) -> Option<v8::Local<'s, v8::Function>> {
        let undefined = v8::undefined(scope).into();
        self.function(scope, 6)?.call(scope, undefined, &[program])?.try_cast().ok()
    }

    // The array is the prelude's own: no code of a case has seen it.
    fn function(&self, scope: &mut v8::PinScope<'s, '_>, index: u32) -> Option<v8::Local<'s, v8::Function>> {
        self.0.get_index(scope, index)?.try_cast().ok()
    }

    pub(crate) fn share(&self, scope: &mut v8::PinScope<'s, '_>) -> Result<SharedGlobals, Error> {
        let used = self.0.get_index(scope, 3).and_then(|used| used.try_cast::<v8::Uint8Array>().ok());
        let used = used.and_then(|used| used.buffer(scope)).map(|buffer| buffer.get_backing_store());
        let used = used.ok_or_else(|| Error::new(ErrorKind::V8, "the prelude gave no buffer"))?;
        Ok(SharedGlobals { functions: v8::Global::new(scope, self.0), used })
    }
}

impl SharedGlobals {
    /// The same for a further case.
    pub(crate) fn local<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Globals<'s> {
        Globals(v8::Local::new(scope, &self.functions))
    }

    /// The same for a further case, with clock, timers and `Math.random` as at the start of each. `None` if the case is being
    /// terminated.
    pub(crate) fn renew<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> Option<Globals<'s>> {
        let globals = self.local(scope);
        if self.used[0].get() != 0 {
            let undefined = v8::undefined(scope).into();
            globals.function(scope, 2)?.call(scope, undefined, &[])?;
        }
        Some(globals)
    }
}
