use std::fmt::{self, Write};

/// The beginning of a text, with everything in it to be seen, and how much is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// How many bytes of the text are not here, as far as they were counted.
    pub(crate) omitted: usize,
    is_counted: bool,
    room: usize,
}

/// How many bytes that are not kept are counted, before the rest is not even written out.
const COUNTED: usize = 1 << 20;

impl Excerpt {
    /// What fits into `room` bytes, or a few more. However long the text, no more of it is ever held.
    pub(crate) fn of(text: impl fmt::Display, room: usize) -> Excerpt {
        let mut excerpt = Excerpt { text: String::new(), omitted: 0, is_counted: true, room };
        excerpt.is_counted = write!(excerpt, "{text}").is_ok();
        excerpt
    }

    /// Word of what is missing; nothing if nothing is.
    pub(crate) fn rest(&self) -> String {
        match self.omitted {
            0 => String::new(),
            bytes if self.is_counted => format!(".. {bytes} bytes more"),
            bytes => format!(".. over {bytes} bytes more"),
        }
    }

    /// The beginning of a text on one line.
    pub(crate) fn line(text: impl fmt::Display, room: usize) -> String {
        Excerpt::of(text, room).to_string().replace(['\n', '\t'], " ")
    }
}

impl Write for Excerpt {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.omitted > COUNTED {
            return Err(fmt::Error);
        }
        for (at, char) in text.char_indices() {
            if self.omitted > 0 || self.text.len() + char.len_utf8() > self.room {
                self.omitted += text.len() - at;
                break;
            }
            push_visible(&mut self.text, char);
        }
        Ok(())
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.text, self.rest())
    }
}

/// What is neither a line's end nor a tab, and yet cannot be seen, has a picture or a number: some of it no XML may
/// contain, some a terminal obeys, and some turns the order of the text beside it around.
fn push_visible(text: &mut String, char: char) {
    match char {
        '\n' | '\t' => text.push(char),
        '\0'..='\x1f' => text.push(char::from_u32(0x2400 + u32::from(char)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        '\x7f' => text.push('\u{2421}'),
        '\u{fffe}' | '\u{ffff}' => text.push(char::REPLACEMENT_CHARACTER),
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => {
            text.push_str(&format!("<{:04x}>", u32::from(char)));
        }
        _ => text.push(char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_says_how_much_is_missing() {
        assert_eq!(Excerpt::of("hello", 5).to_string(), "hello");
        assert_eq!(Excerpt::of("hello, you", 5).to_string(), "hello.. 5 bytes more");
        assert_eq!(Excerpt::of("\u{e9}\u{e9}", 3).to_string(), "\u{e9}.. 2 bytes more");
    }

    #[test]
    fn a_very_long_text_is_not_even_counted_to_its_end() {
        let endless = fmt::from_fn(|f| {
            loop {
                f.write_str("no end ")?
            }
        });
        assert_eq!(Excerpt::of(endless, 6).to_string(), "no end.. over 1048580 bytes more");
    }

    #[test]
    fn what_was_cut_stays_cut_whatever_is_written_later() {
        let excerpt = Excerpt::of(format_args!("{}{}", "\u{e9}\u{e9}", "x"), 3);
        assert_eq!(excerpt.to_string(), "\u{e9}.. 3 bytes more");
    }

    #[test]
    fn what_cannot_be_seen_is_made_visible() {
        let shown = Excerpt::of("a\0\x1b[31m\r\n\tb\x7f\u{85}\u{202e}c\u{ffff}", 99).to_string();
        assert_eq!(shown, "a\u{2400}\u{241b}[31m\u{240d}\n\tb\u{2421}<0085><202e>c\u{fffd}");
    }

    proptest::proptest! {
        #[test]
        fn an_excerpt_has_nothing_that_xml_may_not_contain(text: String, room in 0..99usize) {
            let excerpt = Excerpt::of(&text, room);
            let is_legal = |char| matches!(char, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
            assert!(excerpt.text.chars().all(is_legal));
            // The last of it may have become a number.
            assert!(excerpt.text.len() < room + 8);
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(Excerpt::line("one\ntwo", 99), "one two");
    }
}
