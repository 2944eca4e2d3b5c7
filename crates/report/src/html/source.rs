use std::collections::BTreeMap;

use deem_case::Exception;
use serde::Serialize;

use super::bounds::MESSAGE;
use crate::excerpt::Excerpt;
use crate::quantity::count;

/// The longest line that is shown whole, in bytes; a minified program is one line.
const LINE: usize = 400;

/// How many different errors are told of one line.
const NOTES: usize = 4;

/// The program, line by line.
#[derive(Serialize)]
pub(super) struct Source {
    lines: Vec<Line>,
    left_out: Option<String>,
    /// Whether something was thrown at a line of it.
    is_marked: bool,
}

#[derive(Serialize)]
pub(super) struct Line {
    number: usize,
    /// The text: all of it, or what is before the place of an error, the place, and what is after it.
    before: String,
    place: String,
    after: String,
    notes: Vec<Note>,
}

/// What was thrown at a line, and by which case first.
#[derive(Clone, Serialize)]
pub(super) struct Note {
    text: String,
    href: Option<String>,
}

/// What was thrown where: collected over all cases, and told once.
#[derive(Default)]
pub(super) struct Errors(BTreeMap<u32, Vec<Found>>);

struct Found {
    headline: String,
    column: Option<u32>,
    case: String,
    href: Option<String>,
    times: usize,
}

impl Errors {
    /// Notes what `case` threw; `href` is where the page tells more of that.
    pub(super) fn add(&mut self, exception: &Exception, case: String, href: Option<String>) {
        let Some(line) = exception.line else { return };
        let found = self.0.entry(line).or_default();
        let headline = Excerpt::line(exception.headline(), MESSAGE);
        if let Some(known) = found.iter_mut().find(|found| found.headline == headline) {
            known.times += 1;
        } else if found.len() <= NOTES {
            // One more than is told, so that it is known that there are more.
            found.push(Found { headline, column: exception.column, case, href, times: 1 });
        }
    }

    fn notes(&self, line: usize) -> Vec<Note> {
        let found = u32::try_from(line).ok().and_then(|line| self.0.get(&line)).map(Vec::as_slice).unwrap_or_default();
        let mut notes: Vec<Note> = found.iter().take(NOTES).map(Found::note).collect();
        if found.len() > NOTES {
            notes.push(Note { text: "and other errors".to_owned(), href: None });
        }
        notes
    }

    fn column(&self, line: usize) -> Option<u32> {
        self.0.get(&u32::try_from(line).ok()?)?.first()?.column
    }
}

impl Found {
    fn note(&self) -> Note {
        let others = match self.times {
            1 => String::new(),
            times => format!(" and {}", count(times - 1, "other")),
        };
        Note { text: format!("{} ({}{others})", self.headline, self.case), href: self.href.clone() }
    }
}

impl Source {
    /// The first lines of the program, and those beyond at which something was thrown.
    pub(super) fn new(source: &str, errors: &Errors, room: usize) -> Source {
        let mut total = 0;
        let mut lines = Vec::new();
        // A line's end at the very end begins no other.
        for (index, text) in source.strip_suffix('\n').unwrap_or(source).split('\n').enumerate() {
            total = index + 1;
            if index < room || errors.0.contains_key(&(total as u32)) && lines.len() < 2 * room {
                lines.push(Line::new(total, text, errors.column(total), errors.notes(total)));
            }
        }
        let left_out = total - lines.len();
        let is_marked = lines.iter().any(|line| !line.notes.is_empty());
        Source { lines, left_out: (left_out > 0).then(|| count(left_out, "line")), is_marked }
    }
}

impl Line {
    /// The line with the place at `column` (from 1, in UTF-16 code units) set apart.
    fn new(number: usize, text: &str, column: Option<u32>, notes: Vec<Note>) -> Line {
        let text = text.strip_suffix('\r').unwrap_or(text);
        let start = column.and_then(|column| byte_at(text, column)).unwrap_or(text.len());
        let (before, rest) = text.split_at(start);
        let word = rest.find(|char: char| !char.is_alphanumeric() && char != '_' && char != '$').unwrap_or(rest.len());
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let (place, after) = rest.split_at(word.max(first));
        // Of a long line, what is next to the place.
        let from = if place.is_empty() { 0 } else { before.floor_char_boundary(before.len().saturating_sub(LINE)) };
        let lead = if from > 0 { format!("{from} bytes before .. ") } else { String::new() };
        Line {
            number,
            before: format!("{lead}{}", Excerpt::of(&before[from..], LINE)),
            place: Excerpt::of(place, LINE).to_string(),
            after: Excerpt::of(after, LINE).to_string(),
            notes,
        }
    }
}

/// A line of the program, to be shown beside an error.
pub(super) fn frame(source: &str, exception: &Exception) -> Option<Line> {
    let number = exception.line? as usize;
    let text = source.split('\n').nth(number.checked_sub(1)?)?;
    Some(Line::new(number, text, exception.column, Vec::new()))
}

fn byte_at(text: &str, column: u32) -> Option<usize> {
    let mut at = 1;
    for (byte, char) in text.char_indices() {
        if at >= column {
            return Some(byte);
        }
        at += char.len_utf16() as u32;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_line_is_whole_wherever_the_error_is(text in "\\PC{0,60}", column: u32) {
            for column in [column, column % 64] {
                let line = Line::new(1, &text, Some(column), Vec::new());
                assert_eq!(line.before + &line.place + &line.after, Excerpt::of(&text, LINE).to_string());
            }
        }
    }

    fn thrown(line: u32, column: u32, message: &str) -> Exception {
        let message = message.to_owned();
        Exception { name: "Error".into(), message, line: Some(line), column: Some(column), stack: Vec::new() }
    }

    #[test]
    fn the_place_of_an_error_is_counted_in_utf16() {
        let line = frame("x\n'\u{1f600}'; nope.a", &thrown(2, 7, "")).unwrap();
        assert_eq!([&*line.before, &line.place, &line.after], ["'\u{1f600}'; ", "nope", ".a"]);
    }

    #[test]
    fn a_place_that_is_not_in_the_source_is_none() {
        assert!(frame("x", &thrown(0, 1, "")).is_none());
        assert!(frame("x", &thrown(9, 1, "")).is_none());
        assert_eq!(frame("x", &thrown(1, 99, "")).unwrap().before, "x");
    }

    #[test]
    fn an_error_is_told_once_with_the_number_of_cases() {
        let mut errors = Errors::default();
        for case in 1..=3 {
            errors.add(&thrown(1, 1, "no"), format!("case {case}"), None);
        }
        let source = Source::new("boom()", &errors, 10);
        assert_eq!(source.lines[0].notes.len(), 1);
        assert_eq!(source.lines[0].notes[0].text, "Error: no (case 1 and 2 others)");
    }

    #[test]
    fn a_line_with_an_error_is_shown_even_beyond_the_others() {
        let mut errors = Errors::default();
        errors.add(&thrown(90, 1, "no"), "case 1".into(), None);
        let source = Source::new(&"line\n".repeat(99), &errors, 5);
        let numbers: Vec<usize> = source.lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 90]);
        assert_eq!(source.left_out.as_deref(), Some("93 lines"));
    }
}
