use std::fmt::{self, Write};

/// The text without what is [`misleading`]: a solution's output is not to be trusted.
pub(super) fn plain(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut plain, c| {
        match c {
            '\n' => plain.push(c),
            '\t' => plain.push_str("    "),
            _ if misleading(c) => plain.extend(c.escape_unicode()),
            _ => plain.push(c),
        }
        plain
    })
}

/// Whether this could move a terminal's cursor or change its colours, or make text run the other way, and so show what is not
/// there; or take no place, and so not show what is there, and makes an answer wrong.
pub(super) fn misleading(c: char) -> bool {
    let is_direction =
        matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    let is_unseen = matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_direction || is_unseen
}

/// As [`plain`], in one line.
pub(in crate::output) fn in_line(text: &str) -> String {
    plain(text).replace('\n', "\\n")
}

/// What is shown, up to `most` characters, in one line. Written no further than that, however long it is.
pub(super) fn bounded(shown: &impl fmt::Display, most: usize) -> String {
    struct Bounded {
        text: String,
        room: usize,
    }
    impl Write for Bounded {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for c in text.chars() {
                if self.room == 0 {
                    self.text.push_str("..");
                    return Err(fmt::Error);
                }
                self.room -= 1;
                self.text.push(c);
            }
            Ok(())
        }
    }
    let mut bounded = Bounded { text: String::new(), room: most };
    let _ = write!(bounded, "{shown}"); // an error is that there is no more room
    in_line(&bounded.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_cursor_is_spelled_out() {
        assert_eq!(plain("\u{1b}[2J\ta\nb\r\u{202e}"), "\\u{1b}[2J    a\nb\\u{d}\\u{202e}");
        assert_eq!(in_line("a\nb"), "a\\nb");
        assert_eq!(plain("\u{feff}1\u{200b}\u{2028}"), "\\u{feff}1\\u{200b}\\u{2028}");
        assert_eq!(plain("👩\u{200d}💻"), "👩\u{200d}💻", "which is one picture");
    }

    #[test]
    fn what_is_too_long_ends_with_two_dots() {
        assert_eq!(bounded(&"abc", 3), "abc");
        assert_eq!(bounded(&"abcd", 3), "abc..");
        assert_eq!(bounded(&"äöü€", 3), "äöü..");
    }
}
