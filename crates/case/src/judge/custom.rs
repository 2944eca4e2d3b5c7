//! Asking a checker that is a program.

mod question;

use std::ops::ControlFlow;
use std::sync::Arc;

use question::{Question, question};

use super::running::How;
use super::{CaseReport, Judge, ReportSink};
use crate::checker::short;
use crate::{
    Cancellation, Case, CustomChecker, Difference, Exception, Execution, Executor, InternalError, Outcome, Prepared,
    Session, Sink, Value, Verdict,
};

/// How many answers are asked about at a time. A batch is run to its end before its answers are, so that the two sessions
/// never run at once; it is as large as can be without anybody waiting for reports.
const BATCH: usize = 64;

/// The checker, ready to be asked.
pub(super) struct Examiner<'a> {
    checker: &'a CustomChecker,
    /// Or why it cannot be asked.
    session: Result<Box<dyn Session>, String>,
}

/// What the checker says of an answer.
enum Said {
    Right,
    /// It is wrong, perhaps because of this.
    Wrong(Option<String>),
    /// Nothing that can be used: this happened instead.
    Nothing(String),
    /// Nothing, for nobody waits for it.
    Cancelled,
}

impl<'a> Examiner<'a> {
    pub(super) fn prepare(executor: &dyn Executor, checker: &'a CustomChecker) -> Result<Self, InternalError> {
        let session = match executor.prepare(&checker.submission, &checker.rules)? {
            Prepared::Ready(session) => Ok(session),
            Prepared::CompileError(exception) => {
                Err(format!("does not compile: {}", placed(&exception, &checker.name)))
            }
        };
        Ok(Examiner { checker, session })
    }

    /// Runs the cases in batches, asks about each batch's answers, and reports, until the sink breaks or a run is stopped.
    pub(super) fn run(
        &mut self,
        judge: &Judge<'_>,
        how: How,
        session: &mut dyn Session,
        cases: &mut dyn Iterator<Item = Arc<Case>>,
        sink: &mut dyn ReportSink,
    ) {
        let size = if judge.rules.fail_fast { 1 } else { BATCH };
        loop {
            let mut batch = Batch { sink, done: Vec::new() };
            how.run(session, &mut cases.take(size), &mut batch);
            let done = batch.done;
            // There were no more cases, or the run was stopped.
            let is_end = done.len() < size;
            let said = self.ask(&done, &mut |cancellation| sink.begin(cancellation));
            for ((case, execution), said) in done.into_iter().zip(said) {
                let Some(report) = self.report(&case, execution, said, judge) else { return };
                if sink.case(&case, report).is_break() {
                    return;
                }
            }
            if is_end {
                return;
            }
        }
    }

    /// What the checker says of each answer, where it is for it to say.
    fn ask(&mut self, done: &[(Arc<Case>, Execution)], begin: &mut dyn FnMut(&Cancellation)) -> Vec<Option<Said>> {
        let (mut said, mut questions) = (Vec::with_capacity(done.len()), Vec::new());
        for (index, (case, execution)) in done.iter().enumerate() {
            said.push(match (question(case, execution), &self.session) {
                (Question::None, _) => None,
                (Question::TooDeep, _) => Some(Said::Wrong(Some("it is nested too deeply to be checked".to_owned()))),
                (Question::Case(_), Err(why)) => Some(Said::Nothing(why.clone())),
                (Question::Case(question), Ok(_)) => {
                    questions.push((index, question));
                    Some(Said::Cancelled) // unless it does come to an answer
                }
            });
        }
        if let Ok(session) = &mut self.session
            && !questions.is_empty()
        {
            let mut answers = Answers { name: &self.checker.name, begin, said: Vec::new() };
            // For good: there is nothing to be seen in what it says by which it could be right provisionally.
            let mut asked = questions.iter().map(|(_, question)| question.clone());
            How::Finally.run(session.as_mut(), &mut asked, &mut answers);
            for ((index, _), answer) in questions.iter().zip(answers.said) {
                said[*index] = Some(answer);
            }
        }
        said
    }

    /// Nothing, where there is no answer because the checker was stopped.
    fn report(&self, case: &Case, execution: Execution, said: Option<Said>, judge: &Judge<'_>) -> Option<CaseReport> {
        let id = case.id.clone();
        let wrong = |message: Option<String>, execution: &Execution| {
            let why = message.map_or(String::new(), |message| format!(" ({message})"));
            let actual = match &execution.result {
                Ok(Outcome::Returned(value)) => short(value),
                _ => String::new(),
            };
            Difference {
                path: "result".to_owned(),
                expected: format!("what {} accepts{why}", self.checker.name),
                actual,
            }
        };
        Some(match said {
            None => CaseReport::new(case, execution, judge.checker),
            Some(Said::Right) => {
                CaseReport { id, verdict: Verdict::Accepted, execution: Some(execution), difference: None }
            }
            Some(Said::Wrong(message)) => {
                let difference = Some(wrong(message, &execution));
                CaseReport { id, verdict: Verdict::WrongAnswer, execution: Some(execution), difference }
            }
            Some(Said::Nothing(what)) => {
                CaseReport::unchecked(case, execution, format!("the checker {} {what}", self.checker.name))
            }
            Some(Said::Cancelled) => return None,
        })
    }
}

/// Keeps what happened, for the checker to be asked.
struct Batch<'a> {
    sink: &'a mut dyn ReportSink,
    done: Vec<(Arc<Case>, Execution)>,
}

impl Sink for Batch<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.sink.begin(cancellation);
    }

    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        self.done.push((case, execution));
        ControlFlow::Continue(())
    }
}

struct Answers<'a> {
    name: &'a str,
    begin: &'a mut dyn FnMut(&Cancellation),
    said: Vec<Said>,
}

impl Sink for Answers<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        (self.begin)(cancellation);
    }

    fn case(&mut self, _: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        self.said.push(match execution.result {
            Ok(Outcome::Returned(value)) => said(&value),
            Ok(Outcome::Threw(exception)) => Said::Nothing(format!("threw {}", placed(&exception, self.name))),
            Ok(outcome) => Said::Nothing(format!("gave no answer: {outcome}")),
            Err(error) => Said::Nothing(format!("could not be asked: {error}")),
        });
        ControlFlow::Continue(())
    }
}

fn said(value: &Value) -> Said {
    let nothing =
        || Said::Nothing(format!("returned {}: it is to answer true or false, or {{ok, message}}", short(value)));
    let verdict = |ok: bool, message: Option<String>| if ok { Said::Right } else { Said::Wrong(message) };
    match value {
        Value::Bool(ok) => verdict(*ok, None),
        Value::Object(properties) => {
            let named = |name: &str| {
                let found = properties.iter().find(|(other, _)| other.as_str() == Some(name));
                found.map_or(&Value::Undefined, |(_, value)| value)
            };
            match (named("ok"), named("message")) {
                (Value::Bool(ok), Value::Undefined) => verdict(*ok, None),
                (Value::Bool(ok), Value::String(message)) => verdict(*ok, Some(message.to_text().into_owned())),
                _ => nothing(),
            }
        }
        _ => nothing(),
    }
}

/// An error of the checker's, with the place in its own file.
fn placed(exception: &Exception, file: &str) -> String {
    match (exception.line, exception.column) {
        (Some(line), Some(column)) => format!("{} ({file}:{line}:{column})", exception.headline()),
        _ => exception.headline(),
    }
}
