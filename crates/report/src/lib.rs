//! What a judge found, in the forms in which other programs and people read it: JUnit XML for CI servers, annotations for
//! GitHub, and one HTML file for a browser.
//!
//! ```
//! use std::sync::Arc;
//! use deem_case::{Case, CaseReport, Checker, Execution, Outcome, Report, Rules, Value, Verdict};
//! use deem_report::{Judged, github};
//!
//! let case = Case { id: "pair".into(), args: vec![Value::from(1), Value::from(2)], expected: Value::from(3).into() };
//! let execution = Execution::of(Ok(Outcome::Returned(Value::from(4))));
//! let report = CaseReport::new(&case, execution, &Checker::Exact);
//! let report = Report {
//!     verdict: Verdict::WrongAnswer,
//!     rules: Rules::default(),
//!     compile_error: None,
//!     cases: vec![report],
//!     confirmation: None,
//! };
//! let judged = Judged {
//!     suite: "sum",
//!     solution: "sum.js",
//!     source: "const sum = (a, b) => a * b + 2",
//!     param_names: &[],
//!     cases: &[Arc::new(case)],
//!     report: &report,
//!     engine: "deem 0.1.0, V8 15.0",
//!     warnings: &[],
//! };
//! let annotations = github(&[judged]);
//! let first = annotations.lines().next();
//! assert_eq!(first, Some("::error file=sum.js,title=sum%3A WA in case pair::result: expected 3, got 4"));
//! ```
//!
//! Everything that a submission or a suite can choose (names, values, consoles, messages, the source) is text to each of
//! the three forms and can be nothing else. What cannot be seen in it is made visible, and what is too long is cut, with
//! word of how much is missing: a report has a size that its reader can open, whatever was judged.
#![deny(missing_docs)]

mod excerpt;
mod github;
mod html;
mod junit;
pub mod quantity;
mod spent;
mod words;

use std::sync::Arc;

use deem_case::{Case, CaseReport, Report};

pub use github::{Annotations, github};
pub use html::{MOST_DETAILED, html};
pub use junit::{Junit, junit};
pub use spent::Spent;

/// One submission, judged on one suite: what a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The suite's name.
    pub suite: &'a str,
    /// The submission's file, as a person would write its path: below the repository's root, where annotations are to
    /// find it.
    pub solution: &'a str,
    /// The submission's source.
    pub source: &'a str,
    /// What the arguments are called; those beyond the list have no names.
    pub param_names: &'a [String],
    /// The cases that were judged, in the order of the reports. A report whose case is not here is shown without its input.
    pub cases: &'a [Arc<Case>],
    /// What became of it.
    pub report: &'a Report,
    /// What ran it, with versions, such as `deem 0.1.0, V8 15.0`.
    pub engine: &'a str,
    /// What the judge wants known beside the verdicts, one sentence each.
    pub warnings: &'a [String],
}

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the {form} report cannot be written: {why}")]
pub struct ReportError {
    form: &'static str,
    why: String,
}

impl<'a> Judged<'a> {
    /// The reports, each with its case.
    pub(crate) fn cases(&self) -> impl Iterator<Item = (Option<&'a Case>, &'a CaseReport)> + use<'a> {
        let cases = self.cases;
        self.report.cases.iter().enumerate().map(move |(index, report)| {
            let case = cases.get(index).map(Arc::as_ref).filter(|case| case.id == report.id);
            (case, report)
        })
    }
}
