use std::fmt;

/// What a case wrote to its console: the beginning, and how much more there was.
///
/// ```
/// use deem_case::Console;
///
/// let mut console = Console::default();
/// console.write("hello\n");
/// assert_eq!(console.to_string(), "hello\n");
/// console.write(&"x".repeat(Console::KEPT));
/// assert!(console.to_string().ends_with("x.. 6 bytes more\n"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Console {
    text: String,
    omitted: usize,
}

impl Console {
    /// How much text is kept of a case, in bytes of UTF-8: 64 KiB.
    pub const KEPT: usize = 64 << 10;

    /// Writes text, and keeps of it what there is room for. Nothing is kept after the first that did not fit.
    pub fn write(&mut self, text: &str) {
        let room = if self.omitted > 0 { 0 } else { Console::KEPT - self.text.len() };
        let kept = text.floor_char_boundary(room);
        self.text.push_str(&text[..kept]);
        self.omitted += text.len() - kept;
    }

    /// Notes that bytes were written and not kept.
    pub fn omit(&mut self, bytes: usize) {
        self.omitted += bytes;
    }

    /// What was kept.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many bytes were written and not kept.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// How many bytes were written.
    pub fn written(&self) -> usize {
        self.text.len() + self.omitted
    }
}

/// The text, with a mark where more of it is not kept.
impl fmt::Display for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match self.omitted {
            0 => Ok(()),
            bytes => writeln!(f, ".. {bytes} bytes more"),
        }
    }
}
