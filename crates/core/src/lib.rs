//! The in-process executor: submissions run in V8 isolates of this process, on deno_core's `JsRuntime`.
//!
//! | type | lifetime, threads | what it is |
//! |---|---|---|
//! | [`Engine`] | one per process, `Clone + Send + Sync` | V8 and the watchdog's thread |
//! | [`Program`] | `Clone + Send + Sync` | a compiled submission |
//! | [`Isolate`] | one thread | a heap; runs cases, each in a fresh realm; *condemned* after an abnormal end |
//! | [`Pool`] | `Clone + Send + Sync` | threads with an isolate each; the [`Executor`] |
//!
//! ```
//! use deem_core::{Case, CaseReport, Checker, Engine, Entry, Isolation, Pool, Rules, Submission, Value, Verdict};
//!
//! let engine = Engine::new()?;
//! let source = "function sum(numbers) { return numbers.reduce((a, b) => a + b, 0); }".to_owned();
//! let program = engine.compile(&Submission::new(source, Entry::function("sum")?))?;
//! let pool = Pool::new(&engine, 2, Isolation::Realm)?;
//! let cases = (0..100).map(|n| Case {
//!     id: n.to_string(),
//!     args: vec![Value::array([n, 1, 2])],
//!     expected: Value::from(n + 3).into(),
//! });
//! for (case, execution) in pool.run(&program, cases.map(Into::into), &Rules::default()) {
//!     assert_eq!(CaseReport::new(&case, execution, &Checker::Exact).verdict, Verdict::Accepted);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What this does not protect from
//! Code in this process can end this process: some native loops of V8 cannot be interrupted, and V8 aborts when memory
//! runs out. A [`Pool`] is for trusted code, benches and tests.
#![deny(missing_docs)]

/// The README's example, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

mod bound;
mod calling;
mod convert;
mod cpu_clock;
mod describe;
mod details;
mod engine;
mod error;
mod frozen;
mod globals;
mod harden;
mod host;
mod isolate;
mod last_words;
mod memory;
mod platform;
mod pool;
mod process;
mod program;
mod realm;
mod rejections;
mod script;
mod stack;
mod statistics;
mod sync;
mod watchdog;

pub use deem_case::*;

pub use engine::Engine;
pub use error::{Error, ErrorKind};
pub use isolate::{Isolate, Isolation};
pub use last_words::on_out_of_memory;
pub use pool::{Pool, Run};
pub use program::{CompileError, Program};
pub use statistics::Statistics;
