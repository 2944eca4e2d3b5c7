//! What is said to the runner and by it: see `runner.js`.

use std::io::{self, Read};

use deem_case::{Entry, Exception, InternalError, Outcome, Submission, Value};
use serde::{Deserialize, Serialize};

/// No reply is longer, in bytes: a length beyond it is not a length.
const LONGEST: u32 = 1 << 30;

#[derive(Serialize)]
struct Program<'a> {
    source: &'a str,
    entry: Option<&'a str>,
}

pub(crate) fn program(submission: &Submission) -> Vec<u8> {
    let entry = match &submission.entry {
        Entry::Function(name) => Some(name.as_str()),
        Entry::Completion => None,
    };
    frame(&Program { source: &submission.source, entry })
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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Reply {
    Returned(Value),
    Threw(Thrown),
    NeverSettled,
    Unrepresentable(String),
    NoEntry(String),
    CompileError(Thrown),
    /// The program compiles, and cases may come.
    Ready,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Thrown {
    name: String,
    message: String,
    line: Option<u32>,
    column: Option<u32>,
    stack: Vec<String>,
}

/// Reads a reply. `InvalidData` if it is not one.
pub(crate) fn receive(channel: &mut impl Read) -> io::Result<Reply> {
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
    Reply::deserialize(&mut reader).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

impl From<Thrown> for Exception {
    fn from(Thrown { name, message, line, column, stack }: Thrown) -> Exception {
        Exception { name, message, line, column, stack }
    }
}

impl Reply {
    /// What this says of a case.
    pub(crate) fn outcome(self) -> Result<Outcome, InternalError> {
        match self {
            Reply::Returned(value) => Ok(Outcome::Returned(value)),
            Reply::Threw(thrown) => Ok(Outcome::Threw(thrown.into())),
            Reply::NeverSettled => Ok(Outcome::NeverSettled),
            Reply::Unrepresentable(what) => Ok(Outcome::Unrepresentable(what)),
            Reply::NoEntry(why) => Ok(Outcome::NoEntry(why)),
            reply @ (Reply::CompileError(_) | Reply::Ready) => {
                Err(InternalError(format!("the runner answered a case by {reply:?}")))
            }
        }
    }
}
