//! What reports call things.

use std::fmt;

use deem_case::{Case, CaseReport, Exception, Expected, Outcome, Value, Verdict};

/// What the case threw, where that is why it is not AC.
pub(crate) fn thrown(report: &CaseReport) -> Option<&Exception> {
    match &report.execution.as_ref()?.result {
        Ok(Outcome::Threw(exception) | Outcome::UnhandledRejection(exception))
            if report.verdict != Verdict::Accepted =>
        {
            Some(exception)
        }
        _ => None,
    }
}

/// Why a case has its verdict, on a line.
pub(crate) struct Reason<'a>(pub(crate) Option<&'a Case>, pub(crate) &'a CaseReport);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reason(case, report) = self;
        let must_throw = case.map(|case| &case.expected).filter(|expected| matches!(expected, Expected::Throws { .. }));
        match (&report.difference, report.execution.as_ref().map(|execution| &execution.result)) {
            _ if report.verdict == Verdict::Accepted => f.write_str("the answer is right"),
            (_, None) => f.write_str("not run"),
            (Some(difference), _) => write!(f, "{difference}"),
            (None, Some(Err(error))) => write!(f, "not judged: {error}"),
            (None, Some(Ok(outcome))) => {
                match outcome {
                    // Its place is said beside it, with the file's own name.
                    Outcome::Threw(exception) => write!(f, "threw {}", exception.headline())?,
                    Outcome::UnhandledRejection(exception) => {
                        write!(f, "left a rejected promise unhandled: {}", exception.headline())?;
                    }
                    other => write!(f, "{other}")?,
                }
                match must_throw {
                    Some(expected) => write!(f, "; expected: {}", Wanted(expected)),
                    None => Ok(()),
                }
            }
        }
    }
}

/// What a case must answer.
pub(crate) struct Wanted<'a>(pub(crate) &'a Expected);

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expected::Value(value) => write!(f, "{value}"),
            Expected::AnyOf(values) => {
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index == 0 { "one of " } else { " or " })?;
                }
                Ok(())
            }
            Expected::Throws { name, message } => {
                write!(f, "{} thrown", name.as_deref().unwrap_or("anything"))?;
                match message {
                    Some(message) => write!(f, " with {message:?} in its message"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Arguments, as between the parentheses of a call, each after its name, if it has one.
pub(crate) struct Arguments<'a>(pub(crate) &'a [Value], pub(crate) &'a [String]);

impl fmt::Display for Arguments<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            if let Some(name) = self.1.get(index) {
                write!(f, "{name} = ")?;
            }
            write!(f, "{value}")?;
        }
        Ok(())
    }
}
