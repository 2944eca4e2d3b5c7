//! A second chance for what was stopped at a limit of time by a machine that was busy: it is measured again, alone.
//!
//! Processor time decides, and how busy a machine is should not change it; but caches, and threads that share a core, do. A case
//! that a clock has stopped is borderline where the clocks say that it had to wait for a processor: wall time well above processor
//! time. Everything else under way is given up then, and this case run by itself with a fifth more than its limits. If it ends
//! within its limits, that is what it does. If it does not, it was rightly stopped; and after a few of those no others are tried,
//! so that a solution that is simply slow does not take twice as long.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::iter;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use deem_core::{
    Cancellation, Case, Exceeded, Execution, Executor, InternalError, Limits, Outcome, Prepared, Rules, Session, Sink,
    Submission,
};

/// After so many cases that were rightly stopped, no other is measured again.
const MOST_CONFIRMED: usize = 3;

/// An executor that measures again what is borderline.
pub(crate) struct Patient {
    executor: Rc<dyn Executor>,
    /// The one whose cases are; a checker's are not.
    submission: Submission,
    measured: Margins,
}

/// What came of cases that were measured again, in their order: the case's id, and what it took, in words that follow its name.
pub(crate) type Margins = Rc<RefCell<VecDeque<(String, String)>>>;

impl Patient {
    /// Measures the submission's cases again, and leaves in `measured` what that showed.
    pub(crate) fn new(executor: Rc<dyn Executor>, submission: &Submission, measured: Margins) -> Patient {
        Patient { executor, submission: submission.clone(), measured }
    }
}

impl Executor for Patient {
    fn prepare(&self, submission: &Submission, rules: &Rules) -> Result<Prepared, InternalError> {
        let prepared = self.executor.prepare(submission, rules)?;
        let Prepared::Ready(session) = prepared else { return Ok(prepared) };
        if *submission != self.submission {
            return Ok(Prepared::Ready(session));
        }
        Ok(Prepared::Ready(Box::new(PatientSession {
            session,
            executor: self.executor.clone(),
            submission: submission.clone(),
            rules: *rules,
            confirmed: 0,
            measured: self.measured.clone(),
        })))
    }
}

struct PatientSession {
    session: Box<dyn Session>,
    executor: Rc<dyn Executor>,
    submission: Submission,
    rules: Rules,
    /// How many were measured again, and rightly stopped.
    confirmed: usize,
    measured: Margins,
}

impl Session for PatientSession {
    fn run(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        if self.is_provisional() {
            return self.session.run(cases, sink); // what is stopped there is run again anyhow
        }
        self.confirm(cases, sink);
    }

    fn is_provisional(&self) -> bool {
        self.session.is_provisional()
    }

    fn confirm(&mut self, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn Sink) {
        // What was taken and is not done comes first when the rest is run.
        let taken = RefCell::new(VecDeque::new());
        loop {
            let mut left = taken.take().into_iter();
            let mut watching = Watching {
                sink: &mut *sink,
                taken: &taken,
                limits: (self.confirmed < MOST_CONFIRMED).then_some(self.rules.limits),
                borderline: None,
            };
            let mut next = left.by_ref().chain(&mut *cases).inspect(|case| taken.borrow_mut().push_back(case.clone()));
            self.session.confirm(&mut next, &mut watching);
            let Some((case, execution)) = watching.borderline else { return };
            taken.borrow_mut().extend(left);
            let execution = self.measured_again(&case, execution, sink);
            if sink.case(case, execution).is_break() {
                return;
            }
        }
    }
}

impl PatientSession {
    /// What a case does alone, if that is within its limits; else what it did.
    fn measured_again(&mut self, case: &Arc<Case>, before: Execution, sink: &mut dyn Sink) -> Execution {
        let limits = self.rules.limits;
        let rules = Rules { limits: Limits { cpu: more(limits.cpu), wall: more(limits.wall), ..limits }, ..self.rules };
        let mut alone = Alone { sink, execution: None };
        if let Ok(Prepared::Ready(mut session)) = self.executor.prepare(&self.submission, &rules) {
            session.confirm(&mut iter::once(case.clone()), &mut alone);
        }
        let Some(alone) = alone.execution else { return before };
        let (took, wall) = (alone.usage.cpu.unwrap_or(alone.usage.wall), alone.usage.wall);
        let is_within = alone.result.is_ok() && !is_late(&alone) && took <= limits.cpu && wall <= limits.wall;
        self.confirmed += usize::from(!is_within);
        let showed = match &alone.result {
            Ok(Outcome::Exceeded(Exceeded::Cpu(_))) | Err(_) => return before, // there is nothing to be said for it
            Ok(Outcome::Exceeded(Exceeded::Wall(_))) => format!("alone as well, after {took:.1?} of processor time"),
            Ok(_) if is_within => format!("and took {took:.1?} alone: within its limits of time"),
            Ok(_) if took <= limits.cpu => format!("and took {wall:.1?} of wall time alone: above its limit as well"),
            Ok(_) => format!("and took {took:.1?} alone: above its limit as well"),
        };
        let stopped = before.result.as_ref().map_or(String::new(), Outcome::to_string);
        self.measured.borrow_mut().push_back((case.id.clone(), format!("was {stopped}, {showed}")));
        if is_within { alone } else { before }
    }
}

fn more(limit: Duration) -> Duration {
    limit.saturating_add(limit / 5)
}

fn is_late(execution: &Execution) -> bool {
    matches!(execution.result, Ok(Outcome::Exceeded(Exceeded::Cpu(_) | Exceeded::Wall(_))))
}

/// Whether a case was stopped by a clock, and had to wait for a processor.
fn is_borderline(execution: &Execution, limits: &Limits) -> bool {
    let usage = &execution.usage;
    match (&execution.result, usage.cpu) {
        (Ok(Outcome::Exceeded(Exceeded::Cpu(_))), Some(cpu)) => usage.wall > cpu + cpu / 10,
        (Ok(Outcome::Exceeded(Exceeded::Wall(_))), Some(cpu)) => cpu < limits.cpu,
        _ => false,
    }
}

/// Hands on what is done, up to what is borderline.
struct Watching<'a> {
    sink: &'a mut dyn Sink,
    taken: &'a RefCell<VecDeque<Arc<Case>>>,
    /// By which a case was stopped; nothing, if nothing is measured again.
    limits: Option<Limits>,
    borderline: Option<(Arc<Case>, Execution)>,
}

impl Sink for Watching<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.sink.begin(cancellation);
    }

    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        self.taken.borrow_mut().pop_front();
        if self.limits.is_some_and(|limits| is_borderline(&execution, &limits)) {
            self.borderline = Some((case, execution));
            return ControlFlow::Break(());
        }
        self.sink.case(case, execution)
    }
}

struct Alone<'a> {
    sink: &'a mut dyn Sink,
    execution: Option<Execution>,
}

impl Sink for Alone<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.sink.begin(cancellation);
    }

    fn case(&mut self, _: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        self.execution = Some(execution);
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests;
