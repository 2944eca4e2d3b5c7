//! What is said to the runner and by it: see `runner.js`.

use std::io::{self, Read};
use std::time::Duration;

use deem_case::{
    Bytes, Console, Entry, Exceeded, Exception, Execution, Outcome, Rules, Submission, Usage, Value, guest,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// No reply is longer, in bytes: a length beyond it is not a length.
const LONGEST: u32 = 1 << 30;

#[derive(Serialize)]
struct Program<'a> {
    source: &'a str,
    entry: Option<&'a str>,
    module: bool,
    prelude: &'a str,
    intrinsics: &'a str,
    calling: &'a str,
    /// Whether the entry is called without `calling`, and what that is told.
    plain: bool,
    convention: String,
    /// Of a program that is run as node would run it, and of no other.
    makers: Option<&'a str>,
    parameters: [&'a str; 5],
    /// The low and the high half of the seed.
    seed: [u32; 2],
    eval: bool,
    webassembly: bool,
    output: usize,
}

pub(crate) fn program(submission: &Submission, rules: &Rules) -> Vec<u8> {
    let entry = match &submission.entry {
        Entry::Function(name) | Entry::Export(name) | Entry::Class(name) => Some(name.as_str()),
        Entry::Completion | Entry::Program => None,
    };
    frame(&Program {
        source: &submission.source,
        entry,
        module: matches!(submission.entry, Entry::Export(_)),
        prelude: guest::PRELUDE,
        intrinsics: guest::INTRINSICS,
        calling: guest::CALLING,
        plain: guest::is_called_plainly(submission),
        convention: guest::convention(submission),
        makers: (submission.entry == Entry::Program).then_some(guest::MAKERS),
        parameters: guest::MODULE_PARAMETERS,
        seed: [rules.seed as u32, (rules.seed >> 32) as u32],
        eval: rules.eval,
        webassembly: rules.webassembly,
        output: rules.limits.output.0,
    })
}

pub(crate) fn arguments(args: &[Value]) -> Vec<u8> {
    frame(args)
}

fn frame(content: &(impl Serialize + ?Sized)) -> Vec<u8> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, content).expect("writing to memory cannot fail, and all names are strings");
    let length = (frame.len() - 4) as u32;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    frame
}

/// The reply to a program.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ProgramReply {
    CompileError(Thrown),
    /// The program compiles, and cases may come.
    Ready,
    Failed(String),
}

/// The reply to a case.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaseReply {
    outcome: Answer,
    console: String,
    /// How many bytes were written to the console, kept or not.
    written: usize,
    cpu_micros: Option<u64>,
    /// Whether the process ends with it.
    #[serde(default)]
    last: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Answer {
    Returned(Value),
    Threw(Thrown),
    UnhandledRejection(Thrown),
    NeverSettled,
    Unrepresentable(String),
    NoEntry(String),
    /// After this one the process may be over.
    OutputExceeded,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Thrown {
    name: String,
    message: String,
    line: Option<u32>,
    column: Option<u32>,
    stack: Vec<String>,
}

/// Reads a reply, and says how long it is. `InvalidData` if it is not one.
pub(crate) fn receive<T: DeserializeOwned>(channel: &mut impl Read) -> io::Result<(T, usize)> {
    let mut length = [0; 4];
    channel.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a reply of {length} bytes")));
    }
    let mut body = Vec::new();
    // Not allocated ahead: the length is the other side's word.
    channel.take(length.into()).read_to_end(&mut body)?;
    if body.len() < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut reader = serde_json::Deserializer::from_slice(&body);
    reader.disable_recursion_limit(); // values have their own
    let reply = T::deserialize(&mut reader).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok((reply, body.len()))
}

impl From<Thrown> for Exception {
    fn from(Thrown { name, message, line, column, stack }: Thrown) -> Exception {
        Exception { name, message, line, column, stack }
    }
}

impl CaseReply {
    /// Whether the process that sent it may be over.
    pub(crate) fn is_last(&self) -> bool {
        self.last || matches!(self.outcome, Answer::OutputExceeded)
    }

    /// What this says of a case; `length` is that of the reply, in bytes.
    pub(crate) fn execution(self, length: usize, rules: &Rules) -> Execution {
        let mut console = Console::default();
        console.write(&self.console);
        console.omit(self.written.saturating_sub(console.written()));
        let answer_length = match self.outcome {
            Answer::Returned(_) => length.saturating_sub(self.console.len()),
            _ => 0,
        };
        let outcome = match self.outcome {
            Answer::Returned(value) => Outcome::Returned(value),
            Answer::Threw(thrown) => Outcome::Threw(thrown.into()),
            Answer::UnhandledRejection(thrown) => Outcome::UnhandledRejection(thrown.into()),
            Answer::NeverSettled => Outcome::NeverSettled,
            Answer::Unrepresentable(what) => Outcome::Unrepresentable(what),
            Answer::NoEntry(why) => Outcome::NoEntry(why),
            Answer::OutputExceeded => Outcome::Exceeded(Exceeded::Output(rules.limits.output)),
        };
        let usage = Usage {
            cpu: self.cpu_micros.map(Duration::from_micros),
            output: Bytes(self.written + answer_length),
            ..Usage::default()
        };
        Execution { result: Ok(outcome), usage, console }
    }
}
