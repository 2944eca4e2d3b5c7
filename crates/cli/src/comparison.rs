//! `--compare node`: the same cases on warm node, whose V8 is another one, and what it does otherwise.

use std::sync::Arc;

use deem_core::{Case, Checker, Exception, Execution, InternalError, Rules, Submission};
use deem_spawn::{Isolation, Processes, Runtime, RuntimeError};

use crate::rerun::{Otherwise, Rerun, otherwise, rerun};

/// What runs the cases once more.
pub(crate) struct Node(Processes);

/// What node did with a submission.
pub(crate) struct OnNode(Rerun);

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
        rerun(&self.0, submission, cases, rules).map(OnNode)
    }
}

impl OnNode {
    /// What node did otherwise with the case of this index among those that were run; both sides in words.
    pub(crate) fn difference(&self, index: usize, here: &Execution, checker: &Checker) -> Option<String> {
        let Rerun::Ran(executions) = &self.0 else { return None };
        let Otherwise { place, first, then } = otherwise(here, executions.get(index)?, checker)?;
        let place = place.map_or_else(String::new, |place| format!("{place}: "));
        Some(format!("{place}{first} here, {then} on node"))
    }

    /// Where only one of the two compiles the submission: both sides in words.
    pub(crate) fn difference_in_compiling(&self, here: Option<&Exception>) -> Option<String> {
        match (here, &self.0) {
            (Some(here), Rerun::Ran(_)) => Some(format!("does not compile here ({}), but on node", here.headline())),
            (None, Rerun::CompileError(node)) => Some(format!("compiles here, but not on node ({})", node.headline())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use deem_core::{Exceeded, Outcome, Value};

    use super::*;

    fn compared(here: Outcome, node: Outcome) -> Option<String> {
        let on_node = OnNode(Rerun::Ran(vec![Execution::of(Ok(node))]));
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
        assert_eq!(OnNode(Rerun::Ran(Vec::new())).difference(0, &here, &Checker::Exact), None);
    }

    #[test]
    fn what_only_one_of_them_compiles_is_a_difference() {
        let error = Exception { name: "SyntaxError".to_owned(), message: "no".to_owned(), ..Exception::default() };
        let (ran, not) = (OnNode(Rerun::Ran(Vec::new())), OnNode(Rerun::CompileError(error.clone())));
        assert_eq!(ran.difference_in_compiling(None), None);
        assert_eq!(not.difference_in_compiling(Some(&error)), None);
        assert!(ran.difference_in_compiling(Some(&error)).is_some_and(|told| told.contains("SyntaxError: no")));
        assert!(not.difference_in_compiling(None).is_some_and(|told| told.contains("not on node (SyntaxError: no)")));
    }
}
