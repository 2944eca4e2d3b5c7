//! The expected answer and the one that came, one below the other, so that it can be seen where they differ.

use deem_core::{Checker, Difference, Equality, Order, TextChecker, Value};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::failure::{INDENT, MOST_OF_A_VALUE, signed};
use super::lines;
use super::palette::{ACTUAL, BOLD, EXPECTED, paint};
use super::place::{FARTHEST, span};
use super::text::bounded;

/// Both answers, with a mark below the place where they differ, if that is the same one in both. Texts of several lines are
/// compared line by line.
pub(super) fn answers(
    checker: &Checker,
    expected: &Value,
    actual: &Value,
    difference: Option<&Difference>,
    width: usize,
) -> String {
    if let (Checker::Text(text), Value::String(expected), Value::String(actual)) = (checker, expected, actual) {
        let (expected, actual) = (expected.to_text(), actual.to_text());
        if [&expected, &actual].iter().any(|text| text.trim_end().contains('\n')) {
            return lines::answers(text, &expected, &actual, width);
        }
    }
    let room = width.saturating_sub(INDENT).max(20);
    let texts = [bounded(expected, FARTHEST), bounded(actual, FARTHEST)];
    let same = common(&texts[0], &texts[1]);
    let places = difference.map(|difference| [expected, actual].map(|value| span(value, &difference.path)));
    let is_marked = match (checker, &places) {
        (Checker::Values(Equality { order: Order::Given, .. }), Some([Some(one), Some(other)])) => {
            one.start == other.start && one.start <= same && same <= one.end.min(other.end)
        }
        // In one line, and by their characters.
        (Checker::Text(TextChecker::Lines | TextChecker::Identical), _) => true,
        _ => false,
    };
    let (expected, actual, mark) = if is_marked {
        let from = match texts.iter().all(|text| text.width() <= room) {
            true => 0,
            false => begin(&texts[0], same, room),
        };
        let [expected, actual] = texts.each_ref().map(|text| cut(text, from, room));
        let dots = if from > 0 { DOTS.len() } else { 0 };
        let column = dots + texts[0][from..same].width();
        (expected, actual, (column < room).then_some(column))
    } else {
        let room = room.max(MOST_OF_A_VALUE);
        let around = |index: usize| {
            let text: &str = &texts[index];
            let place = places.as_ref().and_then(|places| places[index].as_ref()).map_or(same, |place| place.start);
            let from = if text.width() <= room { 0 } else { begin(text, place.min(text.len()), room) };
            cut(text, from, room)
        };
        (around(0), around(1), None)
    };
    let mut text = signed('-', EXPECTED, "expected", &paint(EXPECTED, &expected));
    text += &signed('+', ACTUAL, "actual", &paint(ACTUAL, &actual));
    if let Some(column) = mark {
        text += &format!("{}{}\n", " ".repeat(INDENT + column), paint(BOLD, "^"));
    }
    text
}

const DOTS: &str = "..";

/// How much the two begin with alike, in bytes.
pub(super) fn common(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
}

/// Where to begin so that `place` is in sight, in the middle of as many columns or before that.
pub(super) fn begin(text: &str, place: usize, room: usize) -> usize {
    if text[..place].width() + 2 * DOTS.len() < room / 2 {
        return 0;
    }
    let mut columns = 0;
    let before = text[..place].char_indices().rev().take_while(|(_, c)| {
        columns += c.width().unwrap_or(0);
        columns <= room / 2 - 2 * DOTS.len()
    });
    before.last().map_or(place, |(from, _)| from)
}

/// The text from there on, as much as has room in so many columns, with word of what is left out.
pub(super) fn cut(text: &str, from: usize, room: usize) -> String {
    let mut shown = if from > 0 { DOTS.to_owned() } else { String::new() };
    let rest = &text[from..];
    if shown.width() + rest.width() <= room {
        return shown + rest;
    }
    let mut columns = shown.width() + DOTS.len();
    shown.extend(rest.chars().take_while(|c| {
        columns += c.width().unwrap_or(0);
        columns <= room
    }));
    shown + DOTS
}
