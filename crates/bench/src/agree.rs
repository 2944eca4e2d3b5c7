//! Do executors agree? The same submissions on the same cases, outcome by outcome.

use std::ops::ControlFlow;
use std::sync::Arc;

use deem_core::{
    Case, CaseReport, Checker, Console, Exceeded, Exception, Execution, Executor, InternalError, Outcome, Prepared,
    Rules, Submission, Value, Verdict, judge,
};

/// What a submission did on each of some cases, or why it does not compile.
#[derive(Clone, Debug, PartialEq)]
pub enum Behaviour {
    /// What happened at each case, and what that wrote.
    Ran(Vec<(CaseResult, Console)>),
    /// None was run.
    CompileError(Exception),
}

impl Behaviour {
    /// Runs the submission.
    ///
    /// # Errors
    /// If deem failed before the first case.
    pub fn of(
        executor: &dyn Executor,
        submission: &Submission,
        cases: &[Arc<Case>],
        rules: &Rules,
    ) -> Result<Behaviour, InternalError> {
        let mut session = match executor.prepare(submission, rules)? {
            Prepared::Ready(session) => session,
            Prepared::CompileError(exception) => return Ok(Behaviour::CompileError(exception)),
        };
        let mut outcomes = Vec::with_capacity(cases.len());
        session.run(&mut cases.iter().cloned(), &mut |_: Arc<Case>, execution: Execution| {
            outcomes.push((execution.result, execution.console));
            ControlFlow::Continue(())
        });
        Ok(Behaviour::Ran(outcomes))
    }

    /// What is reported of the submission: where the executor's outcomes are
    /// [provisional](deem_core::Session::is_provisional), cases that are not AC have been run again.
    ///
    /// # Errors
    /// If deem failed before the first case.
    pub fn reported(
        executor: &dyn Executor,
        submission: &Submission,
        cases: &[Arc<Case>],
        checker: &Checker,
        rules: &Rules,
    ) -> Result<Behaviour, InternalError> {
        let report = judge(executor, submission, cases, checker, &Rules { fail_fast: false, ..*rules })?;
        Ok(match report.compile_error {
            Some(exception) => Behaviour::CompileError(exception),
            None => {
                let executions = report.cases.into_iter().filter_map(|report| report.execution);
                Behaviour::Ran(executions.map(|execution| (execution.result, execution.console)).collect())
            }
        })
    }

    /// The suite's verdict, and what is behind it: the first case that is not AC, or why it does not compile.
    pub fn verdict(&self, cases: &[Arc<Case>], checker: &Checker) -> (Verdict, String) {
        let outcomes = match self {
            Behaviour::CompileError(exception) => return (Verdict::CompileError, exception.to_string()),
            Behaviour::Ran(outcomes) => outcomes,
        };
        let reports = outcomes
            .iter()
            .zip(cases)
            .map(|((result, _), case)| CaseReport::new(case, Execution::of(result.clone()), checker));
        let reports: Vec<CaseReport> = reports.collect();
        let first = reports.iter().find(|report| report.verdict != Verdict::Accepted);
        (
            Verdict::overall(reports.iter().map(|report| report.verdict)),
            first.map(CaseReport::to_string).unwrap_or_default(),
        )
    }

    /// The first difference to what another executor made of it, in words; `None` if there is none.
    ///
    /// Values must be equal to the last bit, but where the suite itself allows an error: `Math.pow` and its like have
    /// changed in their last bit from one V8 to the next. Of exceptions the stacks are not compared (each engine names
    /// frames in its own way); of crashes not the words.
    pub fn difference(&self, other: &Behaviour, cases: &[Arc<Case>], checker: &Checker) -> Option<String> {
        match (self, other) {
            (Behaviour::CompileError(one), Behaviour::CompileError(two)) => {
                (!same_exception(one, two)).then(|| format!("{one}, and {two}"))
            }
            (Behaviour::Ran(one), Behaviour::Ran(two)) => {
                let pairs = one.iter().zip(two).zip(cases);
                let mut texts = pairs.filter_map(|((one, two), case)| {
                    let text = |result: &CaseResult| match result {
                        Ok(outcome) => outcome.to_string(),
                        Err(error) => format!("IE: {error}"),
                    };
                    let (id, (one, wrote), (two, other)) = (&case.id, one, two);
                    if !same_result(one, two, checker) {
                        return Some(format!("case {id}: {}, and {}", text(one), text(two)));
                    }
                    // How much one that was stopped had written depends on when that was.
                    let stopped = matches!(one, Ok(Outcome::Exceeded(_) | Outcome::Crashed(_)));
                    (!stopped && wrote != other).then(|| format!("case {id}: wrote {wrote}, and {other}"))
                });
                texts.next().or_else(|| {
                    (one.len() != two.len()).then(|| format!("{} cases were run, and {}", one.len(), two.len()))
                })
            }
            (Behaviour::CompileError(exception), _) | (_, Behaviour::CompileError(exception)) => {
                Some(format!("only one compiles it: {exception}"))
            }
        }
    }
}

/// What happened at a case.
pub type CaseResult = Result<Outcome, InternalError>;

fn same_result(one: &CaseResult, two: &CaseResult, checker: &Checker) -> bool {
    match (one, two) {
        (Ok(Outcome::Returned(one)), Ok(Outcome::Returned(two))) => {
            same_bits(one, two) || (*checker != Checker::Exact && checker.difference(one, two).is_none())
        }
        (Ok(Outcome::Threw(one)), Ok(Outcome::Threw(two)))
        | (Ok(Outcome::UnhandledRejection(one)), Ok(Outcome::UnhandledRejection(two))) => same_exception(one, two),
        (Ok(Outcome::Crashed(_)), Ok(Outcome::Crashed(_))) => true,
        // Which clock it was that ran out depends on how each is read.
        (
            Ok(Outcome::Exceeded(Exceeded::Cpu(_) | Exceeded::Wall(_))),
            Ok(Outcome::Exceeded(Exceeded::Cpu(_) | Exceeded::Wall(_))),
        ) => true,
        (Ok(one), Ok(two)) => one == two,
        _ => false, // an internal error agrees with nothing
    }
}

fn same_bits(one: &Value, two: &Value) -> bool {
    // `==` takes -0 for 0, and NaN for something else than NaN; the text does neither.
    one.to_json() == two.to_json()
}

fn same_exception(one: &Exception, two: &Exception) -> bool {
    let place = |exception: &Exception| (exception.line, exception.column);
    (&one.name, &one.message, place(one)) == (&two.name, &two.message, place(two))
}
