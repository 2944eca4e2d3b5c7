//! What supervisor and worker say to each other, in [frames](deem_wire::frame). The supervisor takes nothing that a worker sends for
//! granted.

use deem_core::{Console, Exceeded, Exception, Isolation, Outcome, Rules, Submission, Usage, Value};
use deem_wire::{decode, encode};
use serde::{Deserialize, Serialize};

use crate::probe::Probe;
use crate::wall::{Layer, MissingLayer};

/// A snapshot takes a megabyte.
pub(crate) const LONGEST_SNAPSHOT: usize = 16 << 20;

/// The first thing that a worker is told. The values are V8's snapshot, where the supervisor has one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    /// What it is to put between itself and the kernel.
    pub(crate) layers: Vec<Layer>,
    /// What will be fresh for each case: an isolate for that is made at once.
    pub(crate) isolation: Isolation,
    /// Whether it may get more than one submission.
    pub(crate) is_reused: bool,
}

/// What the supervisor asks for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request {
    /// From now on run the cases of this submission.
    Load { submission: Submission, rules: Rules },
    /// Run a case. Its arguments are the values. What is fresh for it is as at the start, or a realm where that makes final what a
    /// frozen realm does not.
    Case { number: u64, isolation: Isolation },
    /// Try what must not work.
    Probe(Probe),
}

/// What a worker says when it is ready to be asked. The values are V8's snapshot, if it has made one: no code of a submission has run
/// in a worker that says this.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// The thread that runs the cases, by the kernel's number.
    pub(crate) thread: i32,
    /// What it could not put between itself and the kernel.
    pub(crate) missing: Vec<MissingLayer>,
}

/// The answer to [`Request::Load`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Loaded {
    Ready,
    CompileError(Exception),
    Failed(String),
}

/// The answer to [`Request::Probe`]: an `Err` is why it did not work.
pub(crate) type Tried = Result<(), String>;

/// The answer to [`Request::Case`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    /// The case's.
    pub(crate) number: u64,
    /// An `Err` is what deem failed at.
    pub(crate) result: Result<Told, String>,
    pub(crate) usage: Usage,
    pub(crate) console: String,
    /// How many bytes of the console were not kept.
    pub(crate) omitted: usize,
    /// Whether the worker's isolate must get no further case.
    pub(crate) is_spent: bool,
}

/// An [`Outcome`], its value being the frame's.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Told {
    Returned,
    Threw(Exception),
    Exceeded(Exceeded),
    UnhandledRejection(Exception),
    NeverSettled,
    Unrepresentable(String),
    NoEntry(String),
}

impl Told {
    /// What is told of an outcome, and the value that goes with it.
    pub(crate) fn of(outcome: Outcome) -> (Told, Option<Value>) {
        let told = match outcome {
            Outcome::Returned(value) => return (Told::Returned, Some(value)),
            Outcome::Threw(exception) => Told::Threw(exception),
            Outcome::Exceeded(exceeded) => Told::Exceeded(exceeded),
            Outcome::UnhandledRejection(exception) => Told::UnhandledRejection(exception),
            Outcome::NeverSettled => Told::NeverSettled,
            Outcome::Unrepresentable(what) => Told::Unrepresentable(what),
            // An isolate never says that of itself.
            Outcome::NoEntry(what) | Outcome::Crashed(what) => Told::NoEntry(what),
        };
        (told, None)
    }

    /// The outcome. `None` if it should come with a value and does not.
    pub(crate) fn outcome(self, values: &[u8]) -> Option<Outcome> {
        Some(match self {
            Told::Returned => Outcome::Returned(one(values)?),
            Told::Threw(exception) => Outcome::Threw(exception),
            Told::Exceeded(exceeded) => Outcome::Exceeded(exceeded),
            Told::UnhandledRejection(exception) => Outcome::UnhandledRejection(exception),
            Told::NeverSettled => Outcome::NeverSettled,
            Told::Unrepresentable(what) => Outcome::Unrepresentable(what),
            Told::NoEntry(what) => Outcome::NoEntry(what),
        })
    }
}

/// Values as a frame has them, each by itself. `None` if one is nested too deeply.
pub(crate) fn write_values(values: &[Value]) -> Option<Vec<u8>> {
    let values: Option<Vec<Vec<u8>>> = values.iter().map(encode).collect();
    postcard::to_stdvec(&values?).ok()
}

/// The values of a frame. `None` if they are not what [`write_values`] writes.
pub(crate) fn read_values(bytes: &[u8]) -> Option<Vec<Value>> {
    let values: Vec<&[u8]> = postcard::from_bytes(bytes).ok()?;
    values.into_iter().map(|value| decode(value).ok()).collect()
}

fn one(values: &[u8]) -> Option<Value> {
    let mut values = read_values(values)?;
    values.pop().filter(|_| values.is_empty())
}

impl Done {
    /// The console, as far as a worker's word goes: what is kept of it is bounded here, too.
    pub(crate) fn console(&self) -> Console {
        let mut console = Console::default();
        console.write(&self.console);
        console.omit(self.omitted);
        console
    }
}
