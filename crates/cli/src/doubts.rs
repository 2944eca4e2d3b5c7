//! What a run leaves in doubt: that another run might go otherwise. No doubt changes a verdict.
//!
//! Each case is run in a realm of its own, from the same seed, and so always does the same. Where the code is used later, that may
//! not be so: a site calls it again and again in one realm, and `Math.random` starts anywhere. So a few cases are run once more,
//! in a single realm and in another order, and from another seed.

use std::sync::Arc;
use std::time::Duration;

use deem_core::{
    Bytes, Case, Checker, Console, Entry, Execution, Executor, Expected, InternalError, Outcome, Rules, Submission,
    Value,
};
use fastrand::Rng;

use crate::engine::Engine;
use crate::rerun::{Otherwise, Rerun, otherwise, rerun};

/// Something about a run that whoever relies on its verdict should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) kind: DoubtKind,
    /// The number in the suite of the first case that shows it.
    pub(crate) number: usize,
    /// That case's id.
    pub(crate) case: String,
    /// What it did, in words that follow its name.
    pub(crate) observed: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DoubtKind {
    /// An answer depends on the cases before it.
    State,
    /// An answer depends on `Math.random`.
    Random,
    /// It was stopped at a limit of time while the machine was busy, and measured again.
    Time,
}

impl DoubtKind {
    /// As a report's format has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            DoubtKind::State => "state",
            DoubtKind::Random => "random",
            DoubtKind::Time => "time",
        }
    }

    /// What it means.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            DoubtKind::State => "your code keeps state between calls",
            DoubtKind::Random => "answers depend on Math.random",
            DoubtKind::Time => "the machine was busy",
        }
    }
}

/// More cases than this are not run again.
const MOST_CASES: usize = 200;

/// Nor more than have this much memory together, input and answer: they are kept until the end.
const MOST_MEMORY: Bytes = Bytes::mib(16);

/// Nor a single one that has more.
const LARGEST_CASE: Bytes = Bytes::mib(1);

/// Cases of a run, chosen by its seed, with what they did in a fresh realm: all that answered, if there are not too many.
pub(crate) struct Sample {
    seen: usize,
    chosen: Vec<Seen>,
    /// How many are chosen at most: fewer, once they were too large.
    room: usize,
    memory: usize,
    random: Rng,
}

struct Seen {
    number: usize,
    case: Arc<Case>,
    execution: Execution,
    memory: usize,
}

impl Sample {
    pub(crate) fn new(seed: u64) -> Sample {
        Sample { seen: 0, chosen: Vec::new(), room: MOST_CASES, memory: 0, random: Rng::with_seed(seed) }
    }

    /// Takes what a case did, or not: each has the same chance, however many there are.
    pub(crate) fn add(&mut self, number: usize, case: &Arc<Case>, execution: Execution) {
        if !matches!(execution.result, Ok(Outcome::Returned(_) | Outcome::Threw(_))) {
            return;
        }
        self.seen += 1;
        let place = match self.chosen.len() {
            chosen if chosen < self.room => chosen,
            _ => self.random.usize(..self.seen),
        };
        if place >= self.room {
            return;
        }
        let memory = memory(case, &execution);
        if memory > LARGEST_CASE.0 {
            return;
        }
        // Nobody compares consoles.
        let execution = Execution { console: Console::default(), ..execution };
        let seen = Seen { number, case: case.clone(), execution, memory };
        self.memory += memory;
        match self.chosen.get_mut(place) {
            Some(before) => self.memory -= std::mem::replace(before, seen).memory,
            None => self.chosen.push(seen),
        }
        // A sample that loses any one of its own is a sample still, of fewer.
        while self.memory > MOST_MEMORY.0 {
            self.memory -= self.chosen.swap_remove(self.random.usize(..self.chosen.len())).memory;
            self.room = self.chosen.len();
        }
    }

    /// How long it takes to run them again, both ways, by what they took.
    pub(crate) fn cost(&self) -> Duration {
        self.chosen.iter().map(|seen| seen.execution.usage.wall).sum::<Duration>() * 2
    }

    /// Runs them again.
    ///
    /// # Errors
    /// If deem fails at that: nothing is known then.
    pub(crate) fn doubts(
        mut self,
        engine: &Engine,
        submission: &Submission,
        checker: &Checker,
        rules: &Rules,
    ) -> Result<Vec<Doubt>, InternalError> {
        if self.chosen.is_empty() {
            return Ok(Vec::new());
        }
        let rules = Rules { fail_fast: false, ..*rules };
        let random = self.random_doubt(engine.executor(), submission, checker, &rules)?;
        // A program runs from its start in every case, wherever that is.
        let keeps_nothing = matches!(submission.entry, Entry::Completion | Entry::Program);
        let state = match engine.shared().filter(|_| !keeps_nothing) {
            Some(executor) => self.state_doubt(executor?, submission, checker, &rules)?,
            None => None,
        };
        Ok(random.into_iter().chain(state).collect())
    }

    /// Runs them from another seed. Those that differ then are no longer in the sample: they would in any other run, too.
    fn random_doubt(
        &mut self,
        executor: &dyn Executor,
        submission: &Submission,
        checker: &Checker,
        rules: &Rules,
    ) -> Result<Option<Doubt>, InternalError> {
        let seed = rules.seed.wrapping_add(1);
        let again = self.again(executor, submission, &Rules { seed, ..*rules })?;
        let mut first: Option<Doubt> = None;
        let mut index = 0;
        self.chosen.retain(|seen| {
            let otherwise = again.get(index).and_then(|again| otherwise(&seen.execution, again, checker));
            index += 1;
            let is_same = otherwise.is_none();
            if let Some(otherwise) = otherwise
                && first.as_ref().is_none_or(|first| seen.number < first.number)
            {
                let (before, after) = (format!("with seed {}", rules.seed), format!("with seed {seed}"));
                first = Some(seen.doubt(DoubtKind::Random, &otherwise, &before, &after));
            }
            is_same
        });
        Ok(first)
    }

    /// Runs them in another order in one realm.
    fn state_doubt(
        &mut self,
        executor: &dyn Executor,
        submission: &Submission,
        checker: &Checker,
        rules: &Rules,
    ) -> Result<Option<Doubt>, InternalError> {
        self.random.shuffle(&mut self.chosen);
        let again = self.again(executor, submission, rules)?;
        let differing = self.chosen.iter().zip(&again).filter_map(|(seen, again)| {
            let otherwise = otherwise(&seen.execution, again, checker)?;
            Some(seen.doubt(DoubtKind::State, &otherwise, "alone", "after other cases"))
        });
        Ok(differing.min_by_key(|doubt| doubt.number))
    }

    /// What they do now: those that were stopped by a clock, or by a failure, do what they did. That says nothing of the code.
    ///
    /// # Errors
    /// If deem fails at each of them.
    fn again(
        &self,
        executor: &dyn Executor,
        submission: &Submission,
        rules: &Rules,
    ) -> Result<Vec<Execution>, InternalError> {
        let mut cases = self.chosen.iter().map(|seen| seen.case.clone());
        let Rerun::Ran(mut again) = rerun(executor, submission, &mut cases, rules)? else { return Ok(Vec::new()) };
        if let Some(Err(error)) = again.first().map(|first| &first.result)
            && again.iter().all(|again| again.result.is_err())
        {
            return Err(error.clone());
        }
        for (again, seen) in again.iter_mut().zip(&self.chosen) {
            if again.result.as_ref().map_or(true, is_late) {
                again.clone_from(&seen.execution);
            }
        }
        Ok(again)
    }
}

/// About how much memory is kept with it.
fn memory(case: &Case, execution: &Execution) -> usize {
    let answer = match &execution.result {
        Ok(Outcome::Returned(value)) => std::slice::from_ref(value),
        _ => &[],
    };
    let expected = match &case.expected {
        Expected::Value(value) => std::slice::from_ref(value),
        Expected::AnyOf(values) => values,
        Expected::Throws { .. } => &[],
    };
    let values = case.args.iter().chain(answer).chain(expected);
    size_of::<Seen>() + values.map(|value: &Value| value.memory().0).sum::<usize>()
}

fn is_late(outcome: &Outcome) -> bool {
    use deem_core::Exceeded::{Cpu, Wall};
    matches!(outcome, Outcome::Exceeded(Cpu(_) | Wall(_)))
}

impl Seen {
    fn doubt(&self, kind: DoubtKind, otherwise: &Otherwise, before: &str, after: &str) -> Doubt {
        let Otherwise { place, first, then } = otherwise;
        let observed = match place.as_deref() {
            None => format!("{first} {before}, and {then} {after}"),
            Some("result") => format!("answers {first} {before}, and {then} {after}"),
            Some(place) => format!("answers {first} at {place} {before}, and {then} {after}"),
        };
        Doubt { kind, number: self.number, case: self.case.id.clone(), observed }
    }
}

#[cfg(test)]
mod tests;
