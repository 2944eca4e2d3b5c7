//! What a case's realm has besides ECMAScript, as JavaScript source: the same for every executor.
//!
//! Executors run [`PRELUDE`] in each realm, before the submission. It takes away what is not for cases, fixes the clock,
//! seeds `Math.random`, and adds timers of virtual time, `structuredClone`, `TextEncoder`, `TextDecoder` and `console`.
//! What it needs of its executor, the head of the file says.

/// A script whose value is a function `(capture) => [begin, advance, reset, used]`.
pub const PRELUDE: &str = include_str!("guest/prelude.js");

/// A script whose value is a function that captures built-ins, before a submission can change them.
pub const INTRINSICS: &str = include_str!("guest/intrinsics.js");

/// A script whose value is a function that makes the console, for executors that have none.
pub const CONSOLE: &str = include_str!("guest/console.js");

/// A script whose value is a function that makes what the console writes of values: what node writes.
pub const INSPECT: &str = include_str!("guest/inspect.js");
