//! `--compare node`: the same cases on warm node, whose V8 is another one, and what it does otherwise.

use std::ops::ControlFlow;
use std::sync::Arc;

use deem_core::{
    Cancellation, Case, Checker, Exceeded, Exception, Execution, Executor as _, InternalError, Outcome, Prepared,
    Rules, Sink, Submission,
};
use deem_spawn::{Isolation, Processes, Runtime, RuntimeError};

use crate::interrupt;

/// What runs the cases once more.
pub(crate) struct Node(Processes);

/// What node did with a submission.
pub(crate) enum OnNode {
    /// With each of the first cases; those after them it did not come to.
    Ran(Vec<Execution>),
    /// With none.
    CompileError(Exception),
}

impl Node {
    /// # Errors
    /// If there is no node here.
    pub(crate) fn find(threads: usize) -> Result<Node, RuntimeError> {
        Ok(Node(Processes::new(&Runtime::node()?, threads, Isolation::Context)))
    }

    /// Runs the submission on the cases.
    ///
    /// # Errors
    /// If node does not start.
    pub(crate) fn run(
        &self,
        submission: &Submission,
        cases: &mut dyn Iterator<Item = Arc<Case>>,
        rules: &Rules,
    ) -> Result<OnNode, InternalError> {
        let mut kept = Kept(Vec::new());
        match self.0.prepare(submission, rules)? {
            Prepared::Ready(mut session) => session.run(cases, &mut kept),
            Prepared::CompileError(exception) => return Ok(OnNode::CompileError(exception)),
        }
        Ok(OnNode::Ran(kept.0))
    }
}

struct Kept(Vec<Execution>);

impl Sink for Kept {
    fn begin(&mut self, cancellation: &Cancellation) {
        interrupt::stops(cancellation);
    }

    fn case(&mut self, _: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        if interrupt::interrupted() {
            return ControlFlow::Break(()); // what was cut short is no difference
        }
        self.0.push(execution);
        ControlFlow::Continue(())
    }
}

impl OnNode {
    /// What node did otherwise with the case of this index among those that were run; both sides in words.
    pub(crate) fn difference(&self, index: usize, here: &Execution, checker: &Checker) -> Option<String> {
        match self {
            OnNode::Ran(executions) => executions.get(index).and_then(|node| difference(here, node, checker)),
            OnNode::CompileError(_) => None,
        }
    }

    /// Where only one of the two compiles the submission: both sides in words.
    pub(crate) fn difference_in_compiling(&self, here: Option<&Exception>) -> Option<String> {
        match (here, self) {
            (Some(here), OnNode::Ran(_)) => Some(format!("does not compile here ({}), but on node", here.headline())),
            (None, OnNode::CompileError(node)) => Some(format!("compiles here, but not on node ({})", node.headline())),
            _ => None,
        }
    }
}

/// Two answers are the same if the suite's checker takes one for the other: V8's `Math.pow`, say, has changed in its last bit
/// from one version to the next. Of what was thrown the stacks do not matter, and of what was stopped the clock that ran out.
fn difference(here: &Execution, node: &Execution, checker: &Checker) -> Option<String> {
    use Outcome::{Crashed, Exceeded as Stopped, Returned, Threw, UnhandledRejection};
    let is_time = |exceeded: &Exceeded| matches!(exceeded, Exceeded::Cpu(_) | Exceeded::Wall(_));
    let is_same = match (&here.result, &node.result) {
        (Ok(Returned(here)), Ok(Returned(node))) => {
            let difference = checker.difference(node, here)?;
            return Some(format!("{}: {} here, {} on node", difference.path, difference.actual, difference.expected));
        }
        (Ok(Threw(here)), Ok(Threw(node))) | (Ok(UnhandledRejection(here)), Ok(UnhandledRejection(node))) => {
            here.headline() == node.headline()
        }
        (Ok(Stopped(here)), Ok(Stopped(node))) => here == node || (is_time(here) && is_time(node)),
        (Ok(Crashed(_)), Ok(Crashed(_))) => true,
        (Ok(here), Ok(node)) => here == node,
        _ => false,
    };
    (!is_same).then(|| format!("{} here, {} on node", words(here), words(node)))
}

fn words(execution: &Execution) -> String {
    match &execution.result {
        Ok(outcome) => outcome.to_string(),
        Err(error) => format!("deem failed ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use deem_core::Value;

    use super::*;

    fn compared(here: Outcome, node: Outcome) -> Option<String> {
        let on_node = OnNode::Ran(vec![Execution::of(Ok(node))]);
        on_node.difference(0, &Execution::of(Ok(here)), &Checker::approximate(1e-9))
    }

    fn thrown(message: &str, line: u32) -> Outcome {
        let (name, message) = ("TypeError".to_owned(), message.to_owned());
        Outcome::Threw(Exception { name, message, line: Some(line), ..Exception::default() })
    }

    #[test]
    fn what_means_the_same_is_no_difference() {
        let number = |number: f64| Outcome::Returned(Value::from(number));
        assert_eq!(compared(number(0.3), number(0.1 + 0.2)), None);
        assert_eq!(compared(thrown("no", 1), thrown("no", 2)), None);
        let cpu = Outcome::Exceeded(Exceeded::Cpu(Duration::from_secs(1)));
        assert_eq!(compared(cpu, Outcome::Exceeded(Exceeded::Wall(Duration::from_secs(9)))), None);
        assert_eq!(compared(Outcome::NeverSettled, Outcome::NeverSettled), None);
    }

    #[test]
    fn what_does_not_is_told_with_both_sides() {
        let number = |number: i32| Outcome::Returned(Value::array([1, number]));
        assert_eq!(compared(number(2), number(3)).as_deref(), Some("result[1]: 2 here, 3 on node"));
        let told = compared(number(2), thrown("no", 1));
        assert_eq!(told.as_deref(), Some("returned [1,2] here, threw TypeError: no on node"));
        assert!(compared(thrown("no", 1), thrown("yes", 1)).is_some());
    }

    #[test]
    fn a_case_that_node_did_not_come_to_is_no_difference() {
        let here = Execution::of(Ok(Outcome::NeverSettled));
        assert_eq!(OnNode::Ran(Vec::new()).difference(0, &here, &Checker::Exact), None);
    }

    #[test]
    fn what_only_one_of_them_compiles_is_a_difference() {
        let error = Exception { name: "SyntaxError".to_owned(), message: "no".to_owned(), ..Exception::default() };
        let (ran, not) = (OnNode::Ran(Vec::new()), OnNode::CompileError(error.clone()));
        assert_eq!(ran.difference_in_compiling(None), None);
        assert_eq!(not.difference_in_compiling(Some(&error)), None);
        assert!(ran.difference_in_compiling(Some(&error)).is_some_and(|told| told.contains("SyntaxError: no")));
        assert!(not.difference_in_compiling(None).is_some_and(|told| told.contains("not on node (SyntaxError: no)")));
    }
}
