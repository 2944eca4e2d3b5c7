//! How far it has got, on a terminal.

use deem_core::Verdict;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bar of one command; hidden where standard error is no terminal.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Where nobody knows how many cases there are, it says how many were done.
    pub(crate) fn new(cases: Option<usize>, is_shown: bool) -> Bar {
        let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let template = match cases {
            Some(_) => "{bar:40} {human_pos}/{human_len} {elapsed} {wide_msg}",
            None => "{spinner} {human_pos} {elapsed} {wide_msg}",
        };
        let style = ProgressStyle::with_template(template);
        let bar = ProgressBar::with_draw_target(cases.map(|cases| cases as u64), target);
        Bar(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// What is being judged now.
    pub(crate) fn says(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    pub(crate) fn case(&self, verdict: Verdict) {
        if verdict != Verdict::Skipped {
            self.inc();
        }
    }

    pub(crate) fn inc(&self) {
        self.0.inc(1);
    }

    /// Takes it away while something is written.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
