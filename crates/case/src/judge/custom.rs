//! Asking a checker that is a program.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::check::is_checked;
use super::{CaseReport, Judge, ReportSink};
use crate::checker::short;
use crate::{
    Cancellation, Case, CustomChecker, Difference, Exception, Execution, Executor, Expected, InternalError, Outcome,
    Prepared, Session, Sink, Value, Verdict,
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

    /// Runs the cases in batches, and asks about each batch's answers.
    pub(super) fn run(
        &mut self,
        judge: &Judge<'_>,
        session: &mut dyn Session,
        cases: &mut dyn Iterator<Item = Arc<Case>>,
        sink: &mut dyn ReportSink,
    ) {
        let size = if judge.rules.fail_fast { 1 } else { BATCH };
        loop {
            let taken = RefCell::new(VecDeque::new());
            let mut batch = Batch { sink, taken: &taken, done: Vec::new(), cancellation: None };
            session.run(&mut cases.take(size).inspect(|case| taken.borrow_mut().push_back(case.clone())), &mut batch);
            let Batch { done, mut cancellation, .. } = batch;
            // Without cases there is nothing more to come; and where one was taken and not done, nothing more is wanted.
            let is_end = done.is_empty() || !taken.borrow().is_empty();

            let said = self.ask(&done, &mut |of_the_checker| {
                // Whoever cancelled the batch in the meantime meant this, too.
                if cancellation.as_ref().is_some_and(Cancellation::is_cancelled) {
                    of_the_checker.cancel();
                }
                cancellation = Some(of_the_checker.clone());
                sink.begin(of_the_checker);
            });
            let mut is_last = is_end || cancellation.as_ref().is_some_and(Cancellation::is_cancelled);
            let mut said = said.into_iter();
            for (case, execution) in done {
                let verdict = if is_checked(&case, &execution) { said.next() } else { None };
                let report = self.report(&case, execution, verdict, judge);
                is_last |= judge.rules.fail_fast && report.verdict != Verdict::Accepted;
                if sink.case(&case, report).is_break() {
                    return;
                }
            }
            if is_last {
                return super::skip(taken.take().into_iter().chain(cases), sink);
            }
        }
    }

    /// What the checker says of each answer that it is for it to check, in their order.
    fn ask(&mut self, done: &[(Arc<Case>, Execution)], begin: &mut dyn FnMut(&Cancellation)) -> Vec<Said> {
        let questions: Vec<Arc<Case>> = done.iter().filter_map(|(case, execution)| question(case, execution)).collect();
        let session = match &mut self.session {
            _ if questions.is_empty() => return Vec::new(),
            Ok(session) => session,
            Err(why) => return questions.iter().map(|_| Said::Nothing(why.clone())).collect(),
        };
        let mut answers = Answers { name: &self.checker.name, begin, said: Vec::new(), cancellation: None };
        session.run(&mut questions.iter().cloned(), &mut answers);
        let mut said = answers.said;
        said.resize_with(questions.len(), || Said::Cancelled);
        said
    }

    fn report(&self, case: &Case, execution: Execution, said: Option<Said>, judge: &Judge<'_>) -> CaseReport {
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
        match said {
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
            Some(Said::Cancelled) => CaseReport::skipped(case),
        }
    }
}

/// Keeps what happened, for the checker to be asked.
struct Batch<'a> {
    sink: &'a mut dyn ReportSink,
    taken: &'a RefCell<VecDeque<Arc<Case>>>,
    done: Vec<(Arc<Case>, Execution)>,
    cancellation: Option<Cancellation>,
}

impl Sink for Batch<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.cancellation = Some(cancellation.clone());
        self.sink.begin(cancellation);
    }

    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        if super::is_abandoned(&execution, &self.cancellation) {
            return ControlFlow::Break(());
        }
        self.taken.borrow_mut().pop_front();
        self.done.push((case, execution));
        ControlFlow::Continue(())
    }
}

struct Answers<'a> {
    name: &'a str,
    begin: &'a mut dyn FnMut(&Cancellation),
    said: Vec<Said>,
    cancellation: Option<Cancellation>,
}

impl Sink for Answers<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.cancellation = Some(cancellation.clone());
        (self.begin)(cancellation);
    }

    fn case(&mut self, _: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        if super::is_abandoned(&execution, &self.cancellation) {
            return ControlFlow::Break(());
        }
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

/// What the checker is called with for an answer, as a case of its own; nothing where it is not for the checker to say.
fn question(case: &Case, execution: &Execution) -> Option<Arc<Case>> {
    let Ok(Outcome::Returned(actual)) = &execution.result else { return None };
    let expected = match &case.expected {
        Expected::Value(value) => ("expected", value.clone()),
        Expected::AnyOf(all) => ("anyOf", Value::Array(embed_all(all, 0))),
        Expected::Throws { .. } => return None,
    };
    let fields = [
        ("args", Value::Array(embed_all(&case.args, 0))),
        expected,
        ("actual", actual.clone()),
        ("stdout", execution.console.text().into()),
    ];
    let mut begun = 1;
    let fields = fields.map(|(name, mut value)| {
        begun += renumber(&mut value, begun);
        (name.into(), value)
    });
    let question = Value::Object(fields.into());
    Some(Arc::new(Case { id: case.id.clone(), args: vec![question], expected: Value::Bool(true).into() }))
}

/// The values as the elements of an array, of which the number is `number`: each was numbered by itself.
fn embed_all(values: &[Value], number: u32) -> Vec<Option<Value>> {
    let mut begun = number + 1;
    let embed = |value: &Value| {
        let mut value = value.clone();
        begun += renumber(&mut value, begun);
        Some(value)
    };
    values.iter().map(embed).collect()
}

/// Makes a value's references those of a value that it is put into, where `begun` objects begin before it. Returns how many
/// begin in it.
fn renumber(value: &mut Value, begun: u32) -> u32 {
    let (mut objects, mut pending) = (0, vec![value]);
    while let Some(value) = pending.pop() {
        objects += u32::from(value.is_object());
        match value {
            Value::Reference(number) => *number = number.saturating_add(begun),
            Value::Array(elements) => pending.extend(elements.iter_mut().flatten()),
            Value::Object(properties) => pending.extend(properties.iter_mut().map(|(_, value)| value)),
            Value::Map(entries) => pending.extend(entries.iter_mut().flat_map(|(key, value)| [key, value])),
            Value::Set(members) => pending.extend(members),
            _ => {}
        }
    }
    objects
}

/// An error of the checker's, with the place in its own file.
fn placed(exception: &Exception, file: &str) -> String {
    match (exception.line, exception.column) {
        (Some(line), Some(column)) => format!("{} ({file}:{line}:{column})", exception.headline()),
        _ => exception.headline(),
    }
}
