use std::sync::{Arc, OnceLock};

use crate::error::ErrorKind;
use crate::globals::GuestSnapshot;
use crate::program::on_own_thread;
use crate::watchdog::Watchdog;
use crate::{Error, platform};

/// The engine: V8, and the one thread that watches the limits of all isolates.
///
/// There is one in a process; clones are handles to it.
///
/// ```
/// let engine = deem_core::Engine::new()?;
/// assert!(engine.v8_version().starts_with("15."));
/// # Ok::<(), deem_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    watchdog: Arc<Watchdog>,
    guest: OnceLock<Result<GuestSnapshot, Error>>,
}

impl Engine {
    /// V8's version, such as `15.0.245.2-rusty`: known without starting it.
    pub const V8_VERSION: &'static str = deno_core::v8::VERSION_STRING;

    /// Starts V8 if this process has not yet.
    ///
    /// Call it on the main thread, before other threads start: V8 asks for that where memory-protection keys are in use
    /// (deem turns them off, so elsewhere it is known to work too).
    ///
    /// # Errors
    /// If the watchdog's thread cannot be started.
    pub fn new() -> Result<Engine, Error> {
        static ENGINE: OnceLock<Engine> = OnceLock::new();
        if let Some(engine) = ENGINE.get() {
            return Ok(engine.clone());
        }
        platform::start();
        let watchdog = Watchdog::start().map_err(|error| Error::new(ErrorKind::Thread, error.to_string()))?;
        let engine = Engine(Arc::new(Inner { watchdog, guest: OnceLock::new() }));
        Ok(ENGINE.get_or_init(|| engine).clone())
    }

    /// What isolates start from, for [`Engine::with_snapshot`] in another process of the same program: it takes V8 20 ms to make,
    /// and a megabyte.
    ///
    /// # Errors
    /// If V8 cannot make it.
    pub fn snapshot(&self) -> Result<Vec<u8>, Error> {
        self.guest()?.to_bytes()
    }

    /// As [`Engine::new`], with a [`snapshot`](Engine::snapshot) that need not be made any more. One that this process has already
    /// is kept.
    ///
    /// V8 takes a snapshot's contents on trust: it must come from where the program itself does.
    ///
    /// # Errors
    /// As [`Engine::new`], and if it is not a snapshot.
    pub fn with_snapshot(snapshot: Vec<u8>) -> Result<Engine, Error> {
        let engine = Engine::new()?;
        let snapshot = GuestSnapshot::from_bytes(snapshot)?;
        engine.0.guest.get_or_init(|| Ok(snapshot));
        Ok(engine)
    }

    /// V8's version, such as `15.0.245.2`.
    pub fn v8_version(&self) -> &'static str {
        Engine::V8_VERSION
    }

    pub(crate) fn watchdog(&self) -> &Arc<Watchdog> {
        &self.0.watchdog
    }

    pub(crate) fn guest(&self) -> Result<&GuestSnapshot, Error> {
        self.0.guest.get_or_init(|| on_own_thread(GuestSnapshot::new)).as_ref().map_err(Error::clone)
    }
}
