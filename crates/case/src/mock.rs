//! An executor that runs nothing: for tests of what stands around executors.

use std::sync::Arc;

use crate::{Case, Execution, Executor, InternalError, Prepared, Rules, Session, Sink, Submission};

/// Answers every case by a function in place of the submission.
///
/// ```
/// use deem_case::mock::Mock;
/// use deem_case::{Case, Checker, Entry, Execution, Outcome, Rules, Submission, Value, Verdict, judge};
///
/// let mock = Mock::new(|case: &Case| Execution::of(Ok(Outcome::Returned(case.args[0].clone()))));
/// let submission = Submission::new("", Entry::Completion);
/// let case = Case { id: "1".into(), args: vec![Value::from(7)], expected: Value::from(8).into() };
/// let report = judge(&mock, &submission, &[case.into()], &Checker::Exact, &Rules::default())?;
/// assert_eq!(report.verdict, Verdict::WrongAnswer);
/// # Ok::<(), deem_case::InternalError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Mock<F>(F);

impl<F: Fn(&Case) -> Execution + Clone + 'static> Mock<F> {
    /// The executor that answers by `answer`.
    pub fn new(answer: F) -> Mock<F> {
        Mock(answer)
    }
}

impl<F: Fn(&Case) -> Execution + Clone + 'static> Executor for Mock<F> {
    fn prepare(&self, _: &Submission, _: &Rules) -> Result<Prepared, InternalError> {
        Ok(Prepared::Ready(Box::new(Mock(self.0.clone()))))
    }
}

impl<F: Fn(&Case) -> Execution> Session for Mock<F> {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        for case in cases {
            let execution = (self.0)(&case);
            if sink.case(case, execution).is_break() {
                return;
            }
        }
    }
}
