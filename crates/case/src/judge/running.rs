//! What every way to judge is made of: a run of cases with their reports, and the last word to whoever wants them.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cases::Cases;
use super::custom::Examiner;
use super::{CaseReport, Confirmation, Judge, ReportSink};
use crate::{Cancellation, Case, Execution, Session, Sink, Verdict};

/// A submission that is ready to run, and whoever must be asked about its answers.
pub(super) struct Running<'a> {
    pub(super) judge: Judge<'a>,
    pub(super) session: Box<dyn Session>,
    /// Where the checker is a program.
    pub(super) examiner: Option<Examiner<'a>>,
}

/// How cases are run.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// As is quickest.
    Quickly,
    /// So that what happened is final.
    Finally,
}

impl How {
    /// Runs cases, and hands over what happened at each that is done.
    pub(super) fn run(
        self,
        session: &mut dyn Session,
        cases: &mut dyn Iterator<Item = Arc<Case>>,
        sink: &mut dyn Sink,
    ) {
        let sink = &mut UntilStopped { sink, cancellation: None };
        match self {
            How::Quickly => session.run(cases, sink),
            How::Finally => session.confirm(cases, sink),
        }
    }
}

/// Ends at the first case that was not done because the run was stopped.
struct UntilStopped<'a> {
    sink: &'a mut dyn Sink,
    cancellation: Option<Cancellation>,
}

impl Sink for UntilStopped<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.cancellation = Some(cancellation.clone());
        self.sink.begin(cancellation);
    }

    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        if execution.result.is_err() && self.cancellation.as_ref().is_some_and(Cancellation::is_cancelled) {
            return ControlFlow::Break(());
        }
        self.sink.case(case, execution)
    }
}

impl Running<'_> {
    /// Runs cases, and reports those that are done, until the sink breaks or the run is stopped.
    pub(super) fn run(&mut self, how: How, cases: &mut dyn Iterator<Item = Arc<Case>>, sink: &mut dyn ReportSink) {
        match &mut self.examiner {
            Some(examiner) => examiner.run(&self.judge, how, self.session.as_mut(), cases, sink),
            None => {
                let mut checking = Checking { judge: self.judge, sink };
                how.run(self.session.as_mut(), cases, &mut checking);
            }
        }
    }

    /// Runs the cases that are left, each for good.
    pub(super) fn run_finally(&mut self, cases: &Cases<'_>, told: &mut Told<'_>) {
        self.run(How::Finally, &mut &*cases, &mut Final { cases, told });
        cases.reopen();
    }
}

/// Checks each execution by itself.
struct Checking<'a> {
    judge: Judge<'a>,
    sink: &'a mut dyn ReportSink,
}

impl Sink for Checking<'_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.sink.begin(cancellation);
    }

    fn case(&mut self, case: Arc<Case>, execution: Execution) -> ControlFlow<()> {
        self.sink.case(&case, CaseReport::new(&case, execution, self.judge.checker))
    }
}

/// Takes reports that are final.
struct Final<'a, 'c, 't> {
    cases: &'a Cases<'c>,
    told: &'a mut Told<'t>,
}

impl ReportSink for Final<'_, '_, '_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.told.begin(cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        self.cases.done();
        self.told.case(case, report)
    }
}

/// Who wants the reports, and how far that is.
pub(super) struct Told<'a> {
    sink: &'a mut dyn ReportSink,
    fail_fast: bool,
    /// Of everything, for whoever wants the reports: it stops whichever run is under way. (That one's own does not tell who
    /// cancelled it: executors do, too, when their sink breaks.)
    cancellation: Cancellation,
    /// That of the latest run.
    under_way: Arc<Mutex<Option<Cancellation>>>,
    /// Whether the case that is to be the last one is reported.
    has_last: bool,
    /// Whether nobody wants further reports.
    is_closed: bool,
}

impl<'a> Told<'a> {
    pub(super) fn new(sink: &'a mut dyn ReportSink, fail_fast: bool) -> Told<'a> {
        let under_way = Arc::<Mutex<Option<Cancellation>>>::default();
        let of_cancellation = under_way.clone();
        let cancellation = Cancellation::new(Arc::new(move || {
            let under_way = lock(&of_cancellation).clone();
            if let Some(run) = under_way {
                run.cancel();
            }
        }));
        Told { sink, fail_fast, cancellation, under_way, has_last: false, is_closed: false }
    }

    /// Whether no further case is to be run.
    pub(super) fn is_over(&self) -> bool {
        self.is_closed || self.has_last || self.cancellation.is_cancelled()
    }

    pub(super) fn skip(&mut self, case: &Case) -> ControlFlow<()> {
        self.hand_over(case, CaseReport::skipped(case))
    }

    /// Skips all that are left.
    pub(super) fn skip_all(&mut self, mut cases: &Cases<'_>) {
        while !self.is_closed
            && let Some(case) = cases.next()
        {
            cases.done();
            let _ = self.skip(&case); // that ends it, too
        }
    }

    /// There are no further reports.
    pub(super) fn end(self, confirmation: Option<Confirmation>) {
        if let Some(confirmation) = confirmation
            && !self.is_closed
        {
            self.sink.confirmed(&confirmation);
        }
    }

    fn hand_over(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        if !self.is_closed {
            self.is_closed = self.sink.case(case, report).is_break();
        }
        if self.is_closed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl ReportSink for Told<'_> {
    fn begin(&mut self, of_run: &Cancellation) {
        *lock(&self.under_way) = Some(of_run.clone());
        // It may have come between two runs.
        if self.cancellation.is_cancelled() {
            of_run.cancel();
        }
        self.sink.begin(&self.cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        self.has_last |= self.fail_fast && report.verdict != Verdict::Accepted;
        self.hand_over(case, report)?;
        if self.has_last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn lock(under_way: &Mutex<Option<Cancellation>>) -> MutexGuard<'_, Option<Cancellation>> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}
