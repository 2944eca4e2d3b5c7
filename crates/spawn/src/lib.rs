//! Executors that are subprocesses of a JavaScript runtime: node, or another that evaluates the same runner.
//!
//! [`Isolation::Process`] spawns one for each case, which is how judges usually work, and deem's baseline. The others keep
//! one *warm* process for each thread, and feed it cases over a socket: with a fresh `vm` context for each case, or none.
//!
//! ```
//! use deem_case::{Case, Checker, Entry, Rules, Submission, Value, Verdict, judge};
//! use deem_spawn::{Isolation, Processes, Runtime};
//!
//! let node = Runtime::node()?;
//! let executor = Processes::new(&node, 1, Isolation::Process);
//! let source = "const twice = (n) => n * 2".to_owned();
//! let submission = Submission::new(source, Entry::function("twice")?);
//! let case = Case { id: "1".into(), args: vec![Value::from(4)], expected: Value::from(8).into() };
//! let report = judge(&executor, &submission, &[case.into()], &Checker::Exact, &Rules::default())?;
//! assert_eq!(report.verdict, Verdict::Accepted);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Of the limits, those of time and of output hold on every runtime; those of heap, stack and array buffers on node, where array
//! buffers are bounded with all other memory that is no heap, by the kernel.
//!
//! # What this does not protect from
//! The submission has all that node has: files, network, processes. Nothing here is a sandbox.
#![deny(missing_docs)]

mod children;
mod process;
mod processes;
mod protocol;
mod runtime;

pub use children::kill_children;
pub use processes::{Isolation, Processes};
pub use runtime::{Runtime, RuntimeError};
