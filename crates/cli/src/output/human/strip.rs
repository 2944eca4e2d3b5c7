use deem_core::Verdict;

use super::palette::{look, paint};

/// More cases than this are counted, not shown one by one.
const MOST_MARKS: usize = 600;

/// More runs of equal verdicts than this are not shown.
const MOST_RUNS: usize = 60;

/// A mark for each case, `✓✓✗✓`; of many cases how often each comes in a row, `312✓ ✗ 40✓`.
pub(super) fn strip(verdicts: &[Verdict], width: usize) -> String {
    if verdicts.len() <= MOST_MARKS {
        let lines =
            verdicts.chunks(width.max(1)).map(|line| line.chunk_by(|a, b| a == b).map(marks).collect::<String>());
        return lines.collect::<Vec<_>>().join("\n");
    }
    let runs = verdicts.chunk_by(|a, b| a == b);
    let mut shown: Vec<String> = runs.clone().take(MOST_RUNS).map(counted).collect();
    if runs.count() > MOST_RUNS {
        shown.push("..".to_owned());
    }
    shown.join(" ")
}

fn marks(run: &[Verdict]) -> String {
    let look = look(run[0]);
    paint(look.style, &look.mark.to_string().repeat(run.len()))
}

fn counted(run: &[Verdict]) -> String {
    let look = look(run[0]);
    match run.len() {
        1 => paint(look.style, &look.mark.to_string()),
        length => paint(look.style, &format!("{length}{}", look.mark)),
    }
}
