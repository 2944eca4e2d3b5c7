//! Texts of several lines: those that differ, and some around them.

use anstyle::Style;
use deem_core::{Checker, TextChecker};
use deem_report::quantity::count;
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};
use unicode_width::UnicodeWidthStr as _;

use super::answers::{begin, common, cut};
use super::failure::{INDENT, field, signed};
use super::palette::{ACTUAL, DIM, EXPECTED, paint};
use super::text::{bounded, in_line};

/// How many lines there are around those that differ.
const AROUND: usize = 2;

/// How many lines of each text are compared, from a little before the first that differs.
const COMPARED: usize = 200;

/// The most lines that are shown.
const MOST_SHOWN: usize = 20;

/// The most characters of a line that are looked at.
const LONGEST: usize = 10_000;

/// Both texts, from the first line that differs on.
pub(super) fn answers(checker: &TextChecker, expected: &str, actual: &str, width: usize) -> String {
    let (ours, theirs) = (Lines::of(checker, expected), Lines::of(checker, actual));
    let mut text = signed('-', EXPECTED, "expected", &paint(EXPECTED, &count(ours.count(), "line")));
    text += &signed('+', ACTUAL, "actual", &paint(ACTUAL, &count(theirs.count(), "line")));
    let is_same = |one: &str, other: &str| Checker::Text(*checker).difference(&one.into(), &other.into()).is_none();
    let same = ours.all().zip(theirs.all()).take_while(|(one, other)| is_same(one, other)).count();
    let from = same.saturating_sub(AROUND);
    let [ours, theirs] = [&ours, &theirs].map(|lines| (lines.from(from), lines.count()));

    let keys = [&ours.0, &theirs.0].map(|lines| lines.iter().map(|line| key(checker, line)).collect::<Vec<_>>());
    let changes = capture_diff_slices(Algorithm::Myers, &keys[0], &keys[1]);
    let mut shown = Shown { lines: Vec::new(), checker, room: width.saturating_sub(INDENT).max(20) };
    // How much of each has been shown, or passed over.
    let mut after = [0, 0];
    for (index, group) in group_diff_ops(changes, AROUND).iter().enumerate() {
        if index > 0 {
            shown.lines.push((' ', DOTS.to_owned()));
        }
        for change in group {
            let (one, other) = (&ours.0[change.old_range()], &theirs.0[change.new_range()]);
            let is_paired = matches!(change, DiffOp::Replace { .. }) && one.len() == other.len();
            if is_paired {
                for (one, other) in one.iter().zip(other) {
                    if is_same(one, other) { shown.same(one) } else { shown.changed(one, other) }
                }
            } else if matches!(change, DiffOp::Equal { .. }) {
                one.iter().for_each(|line| shown.same(line));
            } else {
                one.iter().for_each(|line| shown.one('-', line));
                other.iter().for_each(|line| shown.one('+', line));
            }
            after = [change.old_range().end, change.new_range().end];
        }
    }
    let more = shown.lines.len().saturating_sub(MOST_SHOWN);
    shown.lines.truncate(MOST_SHOWN);
    let mut label = format!("line {}", from + 1);
    for (sign, line) in shown.lines {
        text += &match sign {
            _ if line.is_empty() => signed(sign, Style::new(), &label, ""),
            '-' => signed('-', EXPECTED, &label, &paint(EXPECTED, &line)),
            '+' => signed('+', ACTUAL, &label, &paint(ACTUAL, &line)),
            _ => field(&label, &line),
        };
        label.clear();
    }
    let unseen = (ours.1 - from - after[0]).max(theirs.1 - from - after[1]);
    if more + unseen > 0 {
        text += &field("", &paint(DIM, &format!("{DOTS} {} more", count(more + unseen, "line"))));
    }
    text
}

const DOTS: &str = "..";

/// What makes two lines the same to the checker, but for a tolerance.
fn key(checker: &TextChecker, line: &str) -> String {
    match checker {
        TextChecker::Tokens { ignore_case, .. } => {
            let tokens = line.split_whitespace().collect::<Vec<_>>().join(" ");
            if *ignore_case { tokens.to_lowercase() } else { tokens }
        }
        TextChecker::Lines => line.trim_end().to_owned(),
        TextChecker::Identical => line.to_owned(),
    }
}

/// The lines of a text, as the checker takes them.
struct Lines<'t> {
    text: &'t str,
    has_ends: bool,
}

impl<'t> Lines<'t> {
    fn of(checker: &TextChecker, text: &'t str) -> Lines<'t> {
        match checker {
            TextChecker::Identical => Lines { text, has_ends: true },
            TextChecker::Lines | TextChecker::Tokens { .. } => Lines { text: text.trim_end(), has_ends: false },
        }
    }

    fn all(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let has_ends = self.has_ends;
        let bare = move |line: &'t str| {
            if has_ends { line } else { line.trim_end_matches(['\n', '\r']) }
        };
        self.text.split_inclusive('\n').map(bare)
    }

    fn count(&self) -> usize {
        self.all().count()
    }

    fn from(&self, first: usize) -> Vec<&'t str> {
        self.all().skip(first).take(COMPARED).collect()
    }
}

struct Shown<'c> {
    /// Each with its sign.
    lines: Vec<(char, String)>,
    checker: &'c TextChecker,
    room: usize,
}

impl Shown<'_> {
    fn same(&mut self, line: &str) {
        self.one(' ', line);
    }

    fn one(&mut self, sign: char, line: &str) {
        let line = cut(&self.plain(line), 0, self.room);
        self.lines.push((sign, line));
    }

    /// A line that has become another: long ones are cut around where they differ.
    fn changed(&mut self, one: &str, other: &str) {
        let texts = [self.plain(one), self.plain(other)];
        let from = match texts.iter().all(|text| text.width() <= self.room) {
            true => 0,
            false => begin(&texts[0], common(&texts[0], &texts[1]), self.room),
        };
        for (sign, text) in ['-', '+'].into_iter().zip(texts) {
            self.lines.push((sign, cut(&text, from, self.room)));
        }
    }

    /// With its end, in quotes, where that may be what differs.
    fn plain(&self, line: &str) -> String {
        match self.checker {
            TextChecker::Identical => in_line(&bounded(&format_args!("{line:?}"), LONGEST)),
            TextChecker::Lines | TextChecker::Tokens { .. } => bounded(&line, LONGEST),
        }
    }
}
