//! What a case's realm has besides ECMAScript, as JavaScript source: the same for every executor.
//!
//! Executors run [`PRELUDE`] in each realm, before the submission. It takes away what is not for cases, fixes the clock,
//! seeds `Math.random`, and adds timers of virtual time, `structuredClone`, `TextEncoder`, `TextDecoder` and `console`.
//! What it needs of its executor, the head of the file says.

use crate::{Answer, Calling, Entry, Form, Submission};

/// A script whose value is a function `(capture, calling, make_makers, make_frozen) => [begin, advance, reset, used, adapt, start,
/// freeze]`.
pub const PRELUDE: &str = include_str!("guest/prelude.js");

/// A script whose value is a function that captures built-ins, before a submission can change them.
pub const INTRINSICS: &str = include_str!("guest/intrinsics.js");

/// A script whose value is a function that makes the console, for executors that have none.
pub const CONSOLE: &str = include_str!("guest/console.js");

/// A script whose value is a function that makes what the console writes of values: what node writes.
pub const INSPECT: &str = include_str!("guest/inspect.js");

/// A script whose value is a function that makes what calls an entry by a [`convention`].
pub const CALLING: &str = include_str!("guest/calling.js");

/// A script whose value is a function that makes its realm one in which no case can leave anything for a later one.
pub const FROZEN: &str = include_str!("guest/frozen.js");

/// A script whose value is a function that makes those that make what a program has of node's, where it is run as node would run
/// it. (One function, for each one that is there in a realm is paid for by every case.)
pub const MAKERS: &str = concat!(
    "(() => ({ start: ",
    include_str!("guest/program/start.js"),
    ", events: ",
    include_str!("guest/program/events.js"),
    ", buffer: ",
    include_str!("guest/program/buffer.js"),
    ", streams: ",
    include_str!("guest/program/streams.js"),
    ", readline: ",
    include_str!("guest/program/readline.js"),
    ", util: ",
    include_str!("guest/program/util.js"),
    ", assert: ",
    include_str!("guest/program/assert.js"),
    "}))"
);

/// The parameters of a program's function: what node's CommonJS modules find in their scope.
pub const MODULE_PARAMETERS: [&str; 5] = ["exports", "require", "module", "__filename", "__dirname"];

/// How a submission's entry is called, as the function of [`CALLING`] takes it: JSON.
pub fn convention(submission: &Submission) -> String {
    let kind = match submission.entry {
        Entry::Class(_) => "class",
        // Whether it is a class shows when the module has run.
        Entry::Export(_) => "export",
        Entry::Function(_) | Entry::Completion | Entry::Program => "function",
    };
    let Calling { params, answer } = &submission.calling;
    serde_json::json!([kind, params, answer]).to_string()
}

/// Whether a submission's entry is a function that is simply called with the arguments, and returns the answer: for such a one
/// nothing of [`CALLING`] is needed.
pub fn is_called_plainly(submission: &Submission) -> bool {
    let Calling { params, answer } = &submission.calling;
    match submission.entry {
        Entry::Class(_) => false,
        Entry::Completion | Entry::Program => true,
        Entry::Function(_) | Entry::Export(_) => {
            params.iter().all(|form| *form == Form::Plain) && *answer == Answer::Returned(Form::Plain)
        }
    }
}
