//! The hostile corpus against whatever runs JavaScript: what holds, family by family.
//!
//! deem's sandbox must give every case the verdict that its file names. A *host*, which is a program that runs what it is given
//! inside itself, as people use `node:vm` and isolated-vm (and as deem's pool is used), cannot be asked for verdicts: it holds if it
//! survives, if every case is over in time, and if a clean case after an attack answers as it does alone.

pub mod host;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use deem_core::{Bytes, Case, Execution, Executor, Limits, Outcome, Prepared, Rules, Verdict};

use crate::corpus::{Expected, Fixture};

/// Whose outcomes are the right ones, and what cases may see of each other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Those of node, where a file says that they are others.
    pub is_node: bool,
    /// Cases share a realm: they see what those before have left there, but for what ended abnormally.
    pub is_shared: bool,
}

/// The limits that a file's cases have. Processor time decides, so that it does not matter how busy the machine is.
pub fn rules(fixture: &Fixture) -> Rules {
    let cpu = Duration::from_millis(if fixture.may_be_late() { 250 } else { 5_000 });
    let time = Limits { wall: Duration::from_secs(60), ..Limits::time(cpu) };
    let (memory, output) = (Bytes::mib(64), Bytes::mib(1));
    Limits { heap: memory, external: memory, output, ..time }.into()
}

/// Whether a case is one that does no harm, and must be as if alone: its argument is `false`.
pub fn is_clean(case: &Case) -> bool {
    case.args.first().is_some_and(|arg| arg.to_json() == "false")
}

/// Runs a file's cases, and its clean ones alone.
///
/// # Errors
/// At the first case that has another outcome than the file names, or that an attack before it has changed.
pub fn assess(executor: &dyn Executor, fixture: &Fixture, manner: Manner) -> Result<(), String> {
    let together = run(executor, fixture, manner, |_| true)?;
    let may_be_marked = |index: usize| manner.is_shared && index > 0 && !together[..index].iter().any(is_abnormal);
    for (index, execution) in together.iter().enumerate() {
        let (case, expected) = (&fixture.cases[index].0, expected(fixture, index, manner));
        if !(expected.includes(execution) || may_be_marked(index) && execution.result.is_ok()) {
            let args: Vec<String> = case.args.iter().map(|arg| arg.to_json()).collect();
            return Err(format!("case {} ({}): {}; not {expected}", case.id, args.join(", "), text(execution)));
        }
    }
    let mut alone = run(executor, fixture, manner, is_clean)?.into_iter();
    for (index, execution) in together.iter().enumerate() {
        let (case, _) = &fixture.cases[index];
        if !is_clean(case) {
            continue;
        }
        let alone = alone.next().ok_or("a case is missing")?;
        let same = execution.result == alone.result && execution.console == alone.console;
        if !same && !may_be_marked(index) {
            return Err(format!("case {}: {}; alone: {}", case.id, text(execution), text(&alone)));
        }
    }
    Ok(())
}

fn expected(fixture: &Fixture, index: usize, manner: Manner) -> &Expected {
    if manner.is_node { fixture.expected_on_node(index) } else { &fixture.cases[index].1 }
}

fn is_abnormal(execution: &Execution) -> bool {
    matches!(&execution.result, Ok(Outcome::Exceeded(_) | Outcome::Crashed(_)) | Err(_))
}

fn text(execution: &Execution) -> String {
    match &execution.result {
        Ok(outcome) => outcome.to_string(),
        Err(error) => format!("IE: {error}"),
    }
}

fn run(
    executor: &dyn Executor,
    fixture: &Fixture,
    manner: Manner,
    chosen: impl Fn(&Case) -> bool,
) -> Result<Vec<Execution>, String> {
    let prepared = executor.prepare(&fixture.submission, &rules(fixture)).map_err(|error| error.to_string())?;
    let mut session = match prepared {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => {
            let mut expected = (0..fixture.cases.len()).map(|index| expected(fixture, index, manner));
            let all = expected.all(|expected| expected.may_be(Verdict::CompileError));
            return if all { Ok(Vec::new()) } else { Err(format!("it does not compile: {exception}")) };
        }
    };
    let indices: Vec<usize> = (0..fixture.cases.len()).filter(|index| chosen(&fixture.cases[*index].0)).collect();
    let cases = |indices: &[usize]| indices.iter().map(|index| fixture.cases[*index].0.clone()).collect::<Vec<_>>();
    let mut executions = Vec::new();
    session.run(&mut cases(&indices).into_iter(), &mut |_: Arc<Case>, execution: Execution| {
        executions.push(execution);
        ControlFlow::Continue(())
    });
    if session.is_provisional() {
        // As a judge does, for whom what is expected is right.
        let (places, again): (Vec<usize>, Vec<usize>) = std::iter::zip(0.., &indices)
            .filter(|(place, index)| !expected(fixture, **index, manner).includes(&executions[*place]))
            .unzip();
        let mut places = places.into_iter();
        session.confirm(&mut cases(&again).into_iter(), &mut |_: Arc<Case>, execution: Execution| {
            if let Some(place) = places.next() {
                executions[place] = execution;
            }
            ControlFlow::Continue(())
        });
    }
    Ok(executions)
}

/// How many files of each family held: by the first letter of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    families: BTreeMap<char, Tally>,
    /// What did not hold, and how.
    pub failures: Vec<String>,
}

/// Of so many, so many held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many held.
    pub held: usize,
    /// How many there were.
    pub all: usize,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It held.
    Yes,
    /// It did not, like this.
    No(String),
    /// Even the clean case alone does not work: the file needs what is not there, and counts nowhere.
    NotApplicable,
}

impl Score {
    /// Counts one file.
    pub fn add(&mut self, fixture: &Fixture, held: Held) {
        if held == Held::NotApplicable {
            return;
        }
        let family = fixture.name.chars().next().unwrap_or('?');
        let tally = self.families.entry(family).or_default();
        tally.all += 1;
        match held {
            Held::No(how) => self.failures.push(format!("{}: {how}", fixture.name)),
            _ => tally.held += 1,
        }
    }

    /// That of one family.
    pub fn family(&self, family: char) -> Tally {
        self.families.get(&family).copied().unwrap_or_default()
    }

    /// That of all together.
    pub fn total(&self) -> Tally {
        self.families
            .values()
            .fold(Tally::default(), |total, tally| Tally { held: total.held + tally.held, all: total.all + tally.all })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.held, self.all))
    }
}
