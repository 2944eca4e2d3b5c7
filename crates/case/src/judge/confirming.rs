//! The confirmation rule: where only right answers are final, every other case is run again, and that is what is reported.
//!
//! Cases are run as is quickest, and reported as they come, up to the first that is not AC. A *window* begins with it: while it is
//! waited for, some more cases are run, so that those of them that are not AC either are run again with it. Their reports come
//! as each of them is done again, and those of the right answers between them in their places.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::cases::Cases;
use super::running::{How, Running, Told};
use super::{CaseReport, Confirmation, ReportSink};
use crate::{Bytes, Cancellation, Case, Outcome, Verdict};

/// How many cases the first window has, and how many the largest; each is twice as large as the one before. The first wrong answers
/// are told soon; where there are many cases, the two kinds of runs take turns seldom enough for that to cost little. What
/// waits in a window is kept, and so it has an end.
const FIRST_WINDOW: usize = 32;
const LARGEST_WINDOW: usize = 1_024;

/// A window ends early with so many bytes of right answers in it: a thousand long ones are more than memory has room for.
const MOST_KEPT: Bytes = Bytes::mib(16);

/// After so many cases whose verdict was another one when they were run again, the quick way is given up: one may be a clock's
/// doing; this many show that it makes a difference to the submission, and then not even its right answers should rest on
/// the quick way any longer than they must.
const MOST_DIFFERING: usize = 3;

/// After so many cases that were stopped at a limit, or crashed: each takes its whole limit twice, as long as
/// thousands of fresh realms, so that a solution that is simply slow would take twice as long.
const MOST_STOPPED: usize = 3;

/// Runs the cases, until all are reported, or no further one is to be, or those that are left are better run for good at once:
/// then [`Confirmation::is_switched`].
pub(super) fn run(running: &mut Running<'_>, cases: &Cases<'_>, told: &mut Told<'_>) -> Confirmation {
    let mut confirmation = Confirmation::default();
    let (mut size, mut stopped) = (FIRST_WINDOW, 0);
    loop {
        let fail_fast = running.judge.rules.fail_fast;
        let held = VecDeque::new();
        let mut window = Window { cases, told, size, fail_fast, held, kept: Bytes(0), again: 0, stopped };
        running.run(How::Quickly, &mut &*cases, &mut window);
        let Window { held, again, .. } = window;
        stopped = window.stopped;
        cases.reopen();
        if held.is_empty() {
            return confirmation;
        }
        // Running them twice is little gain where it is most of them. (Where the first is to be the last, it is alone here.)
        let most_again = !fail_fast && 2 * again > held.len();
        confirm(running, held, told, &mut confirmation);
        if told.is_over() {
            return confirmation;
        }
        if most_again || stopped >= MOST_STOPPED || confirmation.differing >= MOST_DIFFERING {
            confirmation.is_switched = cases.has_more();
            return confirmation;
        }
        size = (2 * size).min(LARGEST_WINDOW);
    }
}

/// A case that waits for its report.
enum Held {
    /// This is it; but one before it is not there yet.
    Ready(Arc<Case>, Box<CaseReport>),
    /// It is to be run again, having had this verdict.
    Again(Arc<Case>, Verdict),
}

/// Takes the reports of a quick run.
struct Window<'a, 'c, 't> {
    cases: &'a Cases<'c>,
    told: &'a mut Told<'t>,
    size: usize,
    /// Whether the first case that is not AC is to be the last, unless it is AC when it is run again.
    fail_fast: bool,
    /// From the first case on that is to be run again.
    held: VecDeque<Held>,
    /// How much the answers in it are.
    kept: Bytes,
    again: usize,
    /// How many cases were stopped at a limit, in this window and before.
    stopped: usize,
}

impl ReportSink for Window<'_, '_, '_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.told.begin(cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        let taken = self.cases.done().expect("a case is taken before it is done");
        if report.verdict == Verdict::Accepted {
            if self.held.is_empty() {
                return self.told.case(case, report);
            }
            self.kept.0 += report.execution.as_ref().map_or(0, |execution| execution.usage.output.0);
            if self.kept > MOST_KEPT {
                self.cases.close_after(0);
            }
            self.held.push_back(Held::Ready(taken, report.into()));
            return ControlFlow::Continue(());
        }
        if self.held.is_empty() {
            self.cases.close_after(self.size - 1);
        }
        self.again += 1;
        self.stopped += usize::from(is_stopped(&report));
        self.held.push_back(Held::Again(taken, report.verdict));
        if self.fail_fast || self.stopped >= MOST_STOPPED { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn is_stopped(report: &CaseReport) -> bool {
    let result = report.execution.as_ref().map(|execution| &execution.result);
    matches!(result, Some(Ok(Outcome::Exceeded(_) | Outcome::Crashed(_))))
}

/// Runs again what is to be, and reports all; without those that it does not come to, if the run is stopped: they are skipped.
fn confirm(running: &mut Running<'_>, held: VecDeque<Held>, told: &mut Told<'_>, confirmation: &mut Confirmation) {
    let again: Vec<Arc<Case>> = held
        .iter()
        .filter_map(|held| match held {
            Held::Again(case, _) => Some(case.clone()),
            Held::Ready(..) => None,
        })
        .collect();
    let mut confirming = Confirming { held, told, confirmation };
    if !confirming.told.is_over() {
        running.run(How::Finally, &mut again.into_iter(), &mut confirming);
    }
    let Confirming { held, told, .. } = confirming;
    for held in held {
        let broken = match held {
            Held::Ready(case, report) => told.case(&case, *report),
            Held::Again(case, _) => told.skip(&case),
        };
        if broken.is_break() {
            return;
        }
    }
}

/// Takes the reports of the cases that are run again.
struct Confirming<'a, 't> {
    held: VecDeque<Held>,
    told: &'a mut Told<'t>,
    confirmation: &'a mut Confirmation,
}

impl ReportSink for Confirming<'_, '_> {
    fn begin(&mut self, cancellation: &Cancellation) {
        self.told.begin(cancellation);
    }

    fn case(&mut self, case: &Case, report: CaseReport) -> ControlFlow<()> {
        if let Some(Held::Again(_, before)) = self.held.pop_front() {
            self.confirmation.again += 1;
            self.confirmation.differing += usize::from(report.verdict != before);
        }
        self.told.case(case, report)?;
        while let Some(Held::Ready(case, report)) = self.held.pop_front_if(|held| matches!(held, Held::Ready(..))) {
            self.told.case(&case, *report)?;
        }
        ControlFlow::Continue(())
    }
}
