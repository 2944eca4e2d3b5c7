//! The executor for code that nobody trusts: V8 isolates in worker processes, which a supervisor feeds, watches and replaces.
//!
//! Code that V8 cannot interrupt, or that makes it abort, ends the worker that runs it and nothing else: the case at fault has
//! its verdict, and the others go on in the next worker. Expected values never enter a worker.
//!
//! A worker is the program itself, started again: it calls [`serve_if_worker`] first thing in `main`.
//!
//! ```no_run
//! use deem_sandbox::{Sandbox, serve_if_worker};
//!
//! fn main() -> std::io::Result<()> {
//!     serve_if_worker();
//!     let _executor = Sandbox::new(2)?; // an `Executor`: see `deem_core::judge`
//!     Ok(())
//! }
//! ```
#![deny(missing_docs)]

mod process;
mod protocol;
mod sandbox;
mod status;
mod warm;
mod worker;

pub use sandbox::Sandbox;
pub use worker::serve_if_worker;
