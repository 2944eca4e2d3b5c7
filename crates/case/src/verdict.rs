use std::fmt;
use std::str::FromStr;

use crate::{Exceeded, Execution, Outcome};

/// What a judge says of a case, or of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// AC: the answer is right.
    Accepted,
    /// WA: the answer is wrong.
    WrongAnswer,
    /// TLE: stopped at a limit of time.
    TimeLimitExceeded,
    /// MLE: stopped at a limit of memory.
    MemoryLimitExceeded,
    /// OLE: stopped at a limit of output.
    OutputLimitExceeded,
    /// RE: threw, never settled, crashed, or returned what cannot be an answer.
    RuntimeError,
    /// CE: the program does not compile, or lacks the entry.
    CompileError,
    /// IE: deem failed, or a checker that is a program did; never blamed on the submission.
    InternalError,
    /// SK: not run.
    Skipped,
}

impl Verdict {
    const ALL: [(Verdict, &str); 9] = [
        (Verdict::Accepted, "AC"),
        (Verdict::WrongAnswer, "WA"),
        (Verdict::TimeLimitExceeded, "TLE"),
        (Verdict::MemoryLimitExceeded, "MLE"),
        (Verdict::OutputLimitExceeded, "OLE"),
        (Verdict::RuntimeError, "RE"),
        (Verdict::CompileError, "CE"),
        (Verdict::InternalError, "IE"),
        (Verdict::Skipped, "SK"),
    ];

    /// The field's code: AC, WA, TLE, MLE, OLE, RE, CE, IE or SK.
    pub fn code(self) -> &'static str {
        Verdict::ALL.iter().find(|(verdict, _)| *verdict == self).expect("ALL has every verdict").1
    }

    /// The verdict on one execution; `right` says whether a returned value, or what was thrown, is the right answer.
    pub fn of(execution: &Execution, right: bool) -> Verdict {
        match &execution.result {
            Ok(Outcome::Returned(_) | Outcome::Threw(_)) if right => Verdict::Accepted,
            Ok(Outcome::Returned(_)) => Verdict::WrongAnswer,
            Ok(Outcome::Exceeded(Exceeded::Cpu(_) | Exceeded::Wall(_))) => Verdict::TimeLimitExceeded,
            Ok(Outcome::Exceeded(Exceeded::Heap(_) | Exceeded::External(_))) => Verdict::MemoryLimitExceeded,
            Ok(Outcome::Exceeded(Exceeded::Output(_))) => Verdict::OutputLimitExceeded,
            Ok(Outcome::NoEntry(_)) => Verdict::CompileError,
            Ok(Outcome::Threw(_) | Outcome::UnhandledRejection(_) | Outcome::NeverSettled)
            | Ok(Outcome::Unrepresentable(_) | Outcome::Crashed(_)) => Verdict::RuntimeError,
            Err(_) => Verdict::InternalError,
        }
    }

    /// The verdict on a suite: IE if there is one, else that of the first case that is not AC, else AC.
    pub fn overall(cases: impl IntoIterator<Item = Verdict>) -> Verdict {
        let mut first = Verdict::Accepted;
        for verdict in cases {
            match verdict {
                Verdict::InternalError => return verdict,
                _ if first == Verdict::Accepted => first = verdict,
                _ => {}
            }
        }
        first
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Verdict {
    type Err = String;

    fn from_str(code: &str) -> Result<Verdict, String> {
        let found = Verdict::ALL.iter().find(|(_, each)| *each == code);
        found.map(|(verdict, _)| *verdict).ok_or_else(|| {
            let codes: Vec<&str> = Verdict::ALL.iter().map(|(_, each)| *each).collect();
            format!("unknown verdict {code:?}: one of {}", codes.join(", "))
        })
    }
}
