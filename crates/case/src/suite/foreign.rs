//! Suites in the formats of others, read as they are. A module for each; what a format is recognised by is said here.

mod apps;
mod assertions;
mod commonoj;
mod exercism;
mod format;
mod humaneval;
mod json;
mod judge0;
mod kattis;
mod leetcode;
mod literal;
mod livecodebench;
mod names;
mod pairs;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use format::Format;
pub(super) use format::{known, of_file, of_folder};

use super::lines::{in_field, read};
use super::{Solution, Suite, SuiteError};
use crate::{Bytes, Calling, Case, Checker, Entry, Limits, Submission, TextChecker, Verdict};

/// A suite that was read, and what of it could not be carried.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The suite.
    pub suite: Suite,
    /// What its file says and this suite does not, or not as exactly: one sentence each, for a person.
    pub notes: Vec<String>,
}

impl From<Suite> for Imported {
    fn from(suite: Suite) -> Imported {
        Imported { suite, notes: Vec::new() }
    }
}

/// Reads what is at `path` in this format; its suites are called `name`, or by what they are called in there.
pub(super) fn load(path: &Path, format: Format, name: String) -> Result<Vec<Imported>, SuiteError> {
    Ok(drafts(path, format, name)?.into_iter().map(Draft::finish).collect())
}

fn drafts(path: &Path, format: Format, name: String) -> Result<Vec<Draft>, SuiteError> {
    match format {
        Format::Kattis => Ok(vec![kattis::load(path, name)?]),
        Format::Oj => Ok(vec![pairs::oj(path, name)?]),
        Format::InOut => Ok(vec![pairs::load(path, name)?]),
        Format::LeetCode => leetcode::load(path, &name),
        Format::Exercism => exercism::load(path),
        Format::HumanEval => humaneval::load(path),
        Format::Judge0 => judge0::load(path, &name),
        Format::CommonOj => commonoj::load(path),
        Format::Apps => apps::load(path, &name),
        Format::LiveCodeBench => livecodebench::load(path),
    }
}

/// What every reader makes: a suite, before its solutions have been put together.
struct Draft {
    name: String,
    entry: Entry,
    calling: Calling,
    param_names: Vec<String>,
    checker: Checker,
    limits: Limits,
    /// With ids that are unique; never empty.
    cases: Vec<Case>,
    solutions: Vec<Source>,
    notes: Vec<String>,
}

struct Source {
    name: String,
    source: String,
    verdict: Verdict,
}

impl Draft {
    fn new(name: String, entry: Entry, cases: Vec<Case>) -> Draft {
        Draft {
            name,
            entry,
            calling: Calling::default(),
            param_names: Vec::new(),
            checker: Checker::Exact,
            limits: Limits::default(),
            cases,
            solutions: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn finish(self) -> Imported {
        let Draft { name, entry, calling, param_names, checker, limits, cases, solutions, notes } = self;
        let submission = |source| Submission { source, entry: entry.clone(), calling: calling.clone() };
        let solutions = solutions.into_iter();
        let solutions = solutions
            .map(|Source { name, source, verdict }| Solution { name, submission: submission(source), verdict })
            .collect();
        let cases = cases.into_iter().map(Arc::new).collect();
        let suite = Suite { name, entry, calling, param_names, checker, rules: limits.into(), cases, solutions };
        Imported { suite, notes }
    }
}

/// One case of a program: a text on its standard input, and the text that it must write.
fn program_case(id: String, input: String, output: String) -> Case {
    let text = |text: String| crate::Value::String(text.into());
    Case { id, args: vec![text(input)], expected: text(output).into() }
}

/// The cases with ids that are unique: of cases that are called the same, the second is called `the same #2`.
fn unique(mut cases: Vec<Case>) -> Vec<Case> {
    let mut taken: HashSet<String> = cases.iter().map(|case| case.id.clone()).collect();
    let mut met = HashMap::new();
    for case in &mut cases {
        let count = met.entry(case.id.clone()).or_insert(0);
        *count += 1;
        while *count > 1 && !taken.insert(format!("{} #{count}", case.id)) {
            *count += 1;
        }
        if *count > 1 {
            case.id = format!("{} #{count}", case.id);
        }
    }
    cases
}

/// How what programs write is compared where a format says no more: line by line, as in deem's own suites.
fn text_checker() -> Checker {
    Checker::Text(TextChecker::Lines)
}

/// The default limits, but with these. Memory is what the heap may take, and what buffers may.
///
/// # Errors
/// Where nothing could run under them, or they are no times at all.
fn limits(cpu: Option<f64>, wall: Option<f64>, memory: Option<f64>) -> Result<Limits, String> {
    let time = |what: &str, seconds: f64| {
        Duration::try_from_secs_f64(seconds).map_err(|_| format!("{what}: {seconds} s is not a time"))
    };
    let mut limits = match cpu {
        Some(seconds) => Limits::time(time("cpu", seconds)?),
        None => Limits::default(),
    };
    if let Some(seconds) = wall {
        limits.wall = time("wall", seconds)?;
    }
    if let Some(bytes) = memory {
        // What is not a number of bytes, is 0 here, or the most that there can be, and the check says so.
        let bytes = Bytes(bytes as usize);
        (limits.heap, limits.external) = (bytes, bytes);
    }
    limits.check().map_err(|error| error.to_string())
}
