use std::fmt;

/// What deem itself failed at. Never what a submission did: that is an [`Outcome`](deem_case::Outcome).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    detail: String,
}

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A V8 isolate could not be made, or one was asked for on a thread that has one.
    Isolate,
    /// The snapshot that isolates start from could not be written or read.
    Snapshot,
    /// A thread could not be started.
    Thread,
    /// An argument is no value: nested deeper than [`MAX_DEPTH`](deem_case::MAX_DEPTH).
    Value,
    /// V8 refused something that it never should: a mistake in deem.
    V8,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, detail: impl Into<String>) -> Error {
        Error { kind, detail: detail.into() }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed_to = match self.kind {
            ErrorKind::Isolate => "make an isolate",
            ErrorKind::Snapshot => "pass on a snapshot",
            ErrorKind::Thread => "start a thread",
            ErrorKind::Value => "build the arguments",
            ErrorKind::V8 => "use V8",
        };
        write!(f, "failed to {failed_to}: {}", self.detail)
    }
}

impl std::error::Error for Error {}

impl From<Error> for deem_case::InternalError {
    fn from(error: Error) -> Self {
        deem_case::InternalError(error.to_string())
    }
}
