//! Verifies rows, then measures them, in turns.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deem_core::{Case, CaseReport, Execution, Prepared, Session, Suite, Verdict};

use crate::definition::RowDefinition;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How often each row has its turn. In each round the rows take turns in another order, so that what the machine does
    /// meanwhile meets them all.
    pub rounds: u32,
    /// How long a turn lasts; the case under way is finished.
    pub turn: Duration,
    /// A turn also ends after this many cases.
    pub cases_per_turn: usize,
    /// How many of a suite's cases are used, from the first.
    pub cases: usize,
}

impl Plan {
    /// What `just bench` does.
    pub const FULL: Plan =
        Plan { rounds: 8, turn: Duration::from_millis(600), cases_per_turn: 20_000, cases: usize::MAX };
    /// What `just bench --quick` does.
    pub const QUICK: Plan = Plan { rounds: 3, turn: Duration::from_millis(130), cases_per_turn: 5_000, cases: 20 };
}

/// A row, with what was measured so far.
pub struct Row<'d> {
    /// What is measured.
    pub definition: &'d RowDefinition,
    /// Whether every value was right, or the first that was not.
    pub state: State,
    /// Wall time around each case.
    pub samples: Vec<Duration>,
    /// For each turn, how many cases were done in which wall time.
    pub turns: Vec<(usize, Duration)>,
    session: Option<Box<dyn Session>>,
    cases: Vec<Arc<Case>>,
    next: usize,
}

/// What is known of a row's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not looked at.
    Unverified,
    /// Every case was run, and every value that was returned since is right.
    Verified,
    /// Something was not, and this row has no numbers. Says what.
    Failed(String),
}

impl<'d> Row<'d> {
    /// A row that was not looked at yet.
    pub fn new(definition: &'d RowDefinition, plan: &Plan) -> Row<'d> {
        let cases = definition.suite.cases.iter().take(plan.cases).cloned().collect();
        let state = State::Unverified;
        Row { definition, state, samples: Vec::new(), turns: Vec::new(), session: None, cases, next: 0 }
    }

    /// The row's name: engine, suite, and whether it is parallel.
    pub fn name(&self) -> String {
        let RowDefinition { engine, suite, threads, .. } = self.definition;
        let parallel = if *threads > 1 { ", parallel" } else { "" };
        format!("{}{parallel} on {}", engine.name, suite.name)
    }

    /// Runs every case once. Nothing is timed.
    pub fn verify(&mut self, interrupted: &dyn Fn() -> bool) {
        self.state = match self.prepare() {
            Ok(()) => State::Verified,
            Err(why) => State::Failed(why),
        };
        let done = self.run(self.cases.len(), interrupted);
        if self.state == State::Verified && done.len() < self.cases.len() {
            self.state = if interrupted() {
                State::Unverified
            } else {
                State::Failed(format!("only {} of {} cases were run", done.len(), self.cases.len()))
            };
        }
    }

    /// Has one turn, if the row is verified. A wrong value here ends the row as well.
    pub fn measure(&mut self, plan: &Plan, interrupted: &dyn Fn() -> bool) {
        if self.state != State::Verified {
            return;
        }
        let start = Instant::now();
        let done = self.run(plan.cases_per_turn, &|| start.elapsed() >= plan.turn || interrupted());
        if self.state == State::Verified && !done.is_empty() {
            let end = done.last().map_or(start, |(at, _)| *at);
            self.turns.push((done.len(), end - start));
            self.samples.extend(done.iter().map(|(_, elapsed)| *elapsed));
        }
    }

    fn prepare(&mut self) -> Result<(), String> {
        let RowDefinition { engine, suite, solution, threads } = self.definition;
        let executor = engine.executor(*threads).map_err(|error| error.to_string())?;
        let solution = suite.solutions.iter().find(|each| each.name == *solution);
        let solution = solution.ok_or("the solution is gone")?;
        match executor.prepare(&solution.submission, &suite.rules).map_err(|error| error.to_string())? {
            Prepared::Ready(session) => self.session = Some(session),
            Prepared::CompileError(exception) => return Err(format!("does not compile: {exception}")),
        }
        Ok(())
    }

    /// Runs up to `most` cases, going round in the suite, until `stop`; then checks them all. Returns when each was done,
    /// and how long it took.
    fn run(&mut self, most: usize, stop: &dyn Fn() -> bool) -> Vec<(Instant, Duration)> {
        let Some(session) = &mut self.session else { return Vec::new() };
        let (cases, next) = (&self.cases, &mut self.next);
        let mut source = std::iter::from_fn(|| {
            let case = cases[*next % cases.len()].clone();
            *next += 1;
            Some(case)
        });
        let mut source = source.by_ref().take(most).take_while(|_| !stop());
        let mut done = Vec::new();
        // Checking happens afterwards: it is no part of what an engine does.
        session.run(&mut source, &mut |case: Arc<Case>, execution: Execution| {
            done.push((Instant::now(), case, execution));
            ControlFlow::Continue(())
        });
        let mut times = Vec::with_capacity(done.len());
        for (at, case, execution) in done {
            times.push((at, execution.usage.wall));
            if let Some(wrong) = wrong(&self.definition.suite, &case, execution) {
                self.state = State::Failed(wrong);
                break;
            }
        }
        times
    }
}

fn wrong(suite: &Suite, case: &Case, execution: Execution) -> Option<String> {
    let report = CaseReport::new(case, execution, &suite.checker);
    (report.verdict != Verdict::Accepted).then(|| report.to_string())
}
