use serde::Serialize;

use super::bounds::TEXT;
use crate::excerpt::Excerpt;

/// A text with the part of it that differs from another.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Marked {
    before: String,
    changed: String,
    after: String,
}

/// How far two texts are compared, in bytes: a difference beyond is there in words, but not marked.
const COMPARED: usize = 1 << 20;

/// What there is around a difference in texts too long to be shown whole, in bytes.
const CONTEXT: usize = 300;

/// Both texts, each with the words marked that make the difference; long ones from a little before it to a little after.
pub(super) fn marked(expected: impl std::fmt::Display, actual: impl std::fmt::Display) -> (Marked, Marked) {
    let (expected, actual) = (Excerpt::of(expected, COMPARED), Excerpt::of(actual, COMPARED));
    let alike = |(a, b): &(char, char)| a == b;
    let same = expected.text.chars().zip(actual.text.chars()).take_while(alike);
    let same: usize = same.map(|(char, _)| char.len_utf8()).sum();
    let cuts_word = [&expected, &actual].iter().any(|each| each.text[same..].starts_with(is_of_a_word));
    // `1` and `10` differ as a whole.
    let start = if cuts_word { expected.text[..same].trim_end_matches(is_of_a_word).len() } else { same };
    // The ends of what was cut are not those of the texts.
    let end = if expected.omitted + actual.omitted > 0 {
        0
    } else {
        let rests = [&expected.text[start..], &actual.text[start..]];
        let pairs = rests[0].chars().rev().zip(rests[1].chars().rev());
        let same: usize = pairs.take_while(alike).map(|(char, _)| char.len_utf8()).sum();
        let cuts_word = rests.iter().any(|rest| rest[..rest.len() - same].ends_with(is_of_a_word));
        let end = &rests[0][rests[0].len() - same..];
        if cuts_word { end.trim_start_matches(is_of_a_word).len() } else { same }
    };
    (split(&expected, start, end), split(&actual, start, end))
}

impl Marked {
    /// A text without a mark.
    pub(super) fn plain(text: impl std::fmt::Display) -> Marked {
        Marked { before: Excerpt::of(text, TEXT).to_string(), ..Marked::default() }
    }
}

fn is_of_a_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '.' | '-' | '_')
}

fn split(excerpt: &Excerpt, start: usize, end: usize) -> Marked {
    let text = &excerpt.text;
    let (before, rest) = text.split_at(start);
    let (changed, after) = rest.split_at(rest.len() - end.min(rest.len()));
    let is_short = text.len() + excerpt.omitted <= TEXT;
    let room = |context| if is_short { usize::MAX } else { context };
    let from = text.floor_char_boundary(start.saturating_sub(room(CONTEXT)));
    let lead = if from > 0 { format!("{from} bytes before .. ") } else { String::new() };
    Marked {
        before: lead + &before[from..],
        changed: Excerpt::of(changed, room(TEXT - 2 * CONTEXT)).to_string(),
        after: match excerpt.omitted {
            0 => Excerpt::of(after, room(CONTEXT)).to_string(),
            _ => excerpt.rest(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_the_text_and_only_the_marked_part_differs(expected in "[a1., \\PC]{0,40}", actual in "[a1., \\PC]{0,40}") {
            let (of_expected, of_actual) = marked(&expected, &actual);
            assert_eq!(parts(&of_expected).concat(), Excerpt::of(&expected, TEXT).to_string());
            assert_eq!(parts(&of_actual).concat(), Excerpt::of(&actual, TEXT).to_string());
            assert_eq!([of_expected.before, of_expected.after], [of_actual.before, of_actual.after]);
            assert_eq!(expected == actual, of_expected.changed == of_actual.changed);
        }
    }

    fn parts(marked: &Marked) -> [&str; 3] {
        [&marked.before, &marked.changed, &marked.after]
    }

    #[test]
    fn the_words_that_differ_are_marked() {
        let (expected, actual) = marked("[1,20,3]", "[1,2,3]");
        assert_eq!(parts(&expected), ["[1,", "20", ",3]"]);
        assert_eq!(parts(&actual), ["[1,", "2", ",3]"]);
    }

    #[test]
    fn what_is_only_in_one_of_them_is_marked_there() {
        let (expected, actual) = marked("[1]", "[1,1]");
        assert_eq!(parts(&expected), ["[1", "", "]"]);
        assert_eq!(parts(&actual), ["[1", ",1", "]"]);
    }

    #[test]
    fn texts_that_are_the_same_have_no_mark() {
        let (expected, actual) = marked("a b", "a b");
        assert_eq!(expected, actual);
        assert_eq!(expected.changed, "");
    }

    #[test]
    fn a_difference_deep_in_a_long_text_is_shown_with_what_is_around_it() {
        let long = "x ".repeat(100_000);
        let (expected, actual) = marked(format!("{long}7 {long}"), format!("{long}8 {long}"));
        assert!(expected.before.starts_with("199700 bytes before .. x "), "{}", expected.before);
        assert_eq!([expected.changed.as_str(), actual.changed.as_str()], ["7", "8"]);
        assert!(actual.after.ends_with("x.. 199701 bytes more"), "{}", actual.after);
    }
}
