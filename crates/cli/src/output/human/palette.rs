use anstyle::{AnsiColor, Style};
use deem_core::Verdict;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const EXPECTED: Style = AnsiColor::Green.on_default();
pub(super) const ACTUAL: Style = AnsiColor::Red.on_default();

pub(super) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// How a verdict is shown: never by its colour alone.
pub(super) struct Look {
    pub(super) mark: char,
    pub(super) style: Style,
    pub(super) words: &'static str,
}

pub(super) fn look(verdict: Verdict) -> Look {
    let look = |mark, color: AnsiColor, words| Look { mark, style: color.on_default().bold(), words };
    match verdict {
        Verdict::Accepted => look('✓', AnsiColor::Green, "Accepted"),
        Verdict::WrongAnswer => look('✗', AnsiColor::Red, "Wrong Answer"),
        Verdict::TimeLimitExceeded => look('T', AnsiColor::Yellow, "Time Limit Exceeded"),
        Verdict::MemoryLimitExceeded => look('M', AnsiColor::Yellow, "Memory Limit Exceeded"),
        Verdict::OutputLimitExceeded => look('O', AnsiColor::Yellow, "Output Limit Exceeded"),
        Verdict::RuntimeError => look('!', AnsiColor::Magenta, "Runtime Error"),
        Verdict::CompileError => look('C', AnsiColor::Magenta, "Compile Error"),
        Verdict::InternalError => look('?', AnsiColor::Cyan, "Internal Error"),
        Verdict::Skipped => Look { mark: '-', style: DIM, words: "Skipped" },
    }
}
