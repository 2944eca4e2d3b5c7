//! The executor for code that nobody trusts: V8 isolates in worker processes, which a supervisor feeds, watches and replaces.
//!
//! Code that V8 cannot interrupt, or that makes it abort, ends the worker that runs it and nothing else: the case at fault has
//! its verdict, and the others go on in the next worker. Expected values never enter a worker.
//!
//! Should code get out of V8, a worker still has no files, no network, no other processes and few system calls: see [`Layer`].
//! Workers need x86-64 or ARM64, and Linux 6.12 for all layers.
//!
//! A worker is the program itself, started again: it calls [`serve_if_worker`] first thing in `main`.
//!
//! ```no_run
//! use deem_sandbox::{Sandbox, Settings, serve_if_worker};
//!
//! fn main() -> std::io::Result<()> {
//!     serve_if_worker();
//!     let _executor = Sandbox::start(&Settings::default())?; // an `Executor`: see `deem_core::judge`
//!     Ok(())
//! }
//! ```
#![deny(missing_docs)]

mod probe;
mod process;
mod protocol;
mod sandbox;
mod settings;
mod status;
mod wall;
mod warm;
mod worker;

pub use probe::{Probe, Probed, Proof};
pub use sandbox::{Sandbox, prove};
pub use settings::{Level, Settings};
pub use wall::{Layer, MissingLayer, Walls};
pub use worker::serve_if_worker;
