use super::{Difference, Tolerance, short};
use crate::Value;

/// How two texts are compared. A lone surrogate counts as U+FFFD, which is what becomes of it in output.
///
/// ```
/// use deem_case::{Checker, TextChecker, Tolerance, Value};
///
/// let checker = Checker::Text(TextChecker::Tokens { tolerance: Tolerance::NONE, ignore_case: true });
/// let difference = checker.difference(&"YES\n3 4\n".into(), &"yes\n3 5".into()).expect("4 is not 5");
/// assert_eq!(difference.to_string(), "line 2, token 2: expected \"4\", got \"5\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TextChecker {
    /// Token by token, which is what white space separates; how much of it there is, and of what kind, does not matter.
    Tokens {
        /// How far a token may be off that is a number in both texts.
        tolerance: Tolerance,
        /// Whether `YES` is `yes`.
        ignore_case: bool,
    },
    /// Line by line, but for white space at the end of a line, and empty lines at the end of the text.
    Lines,
    /// Character by character.
    Identical,
}

impl TextChecker {
    pub(super) fn distance(&self, expected: &Value, actual: &Value) -> Option<(usize, Difference)> {
        let (Value::String(expected), Value::String(actual)) = (expected, actual) else {
            let as_text = |value: &Value| match value {
                Value::String(_) => short(value),
                other => format!("no text but {}", short(other)),
            };
            let (expected, actual) = (as_text(expected), as_text(actual));
            return Some((0, Difference { path: "result".to_owned(), expected, actual }));
        };
        let (expected, actual) = (expected.to_text(), actual.to_text());
        match *self {
            TextChecker::Tokens { tolerance, ignore_case } => tokens(&expected, &actual, tolerance, ignore_case),
            TextChecker::Lines => {
                let lines = |text: &str| text.trim_end().lines().map(str::trim_end).map(str::to_owned).collect();
                lines_differ(lines(&expected), lines(&actual))
            }
            // With their ends: a carriage return is a difference, and so is the last line's end.
            TextChecker::Identical => {
                let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect();
                lines_differ(lines(&expected), lines(&actual))
            }
        }
    }
}

fn tokens(expected: &str, actual: &str, tolerance: Tolerance, ignore_case: bool) -> Option<(usize, Difference)> {
    let (mut ours, mut theirs) = (Tokens::of(expected), Tokens::of(actual));
    for equal in 0.. {
        let (one, other) = (ours.next(), theirs.next());
        let is_same = match (&one, &other) {
            (None, None) => return None,
            (Some(one), Some(other)) => token_equals(one.text, other.text, tolerance, ignore_case),
            _ => false,
        };
        if !is_same {
            let show =
                |token: &Option<Token>| token.as_ref().map_or("the end".to_owned(), |token| excerpt(token.text, 0));
            let (expected, actual) = (show(&one), show(&other));
            // Where there is none to expect, the place is that of the one too many.
            let path = one.or(other).map(|Token { line, token, .. }| format!("line {line}, token {token}"));
            return path.map(|path| (equal, Difference { path, expected, actual }));
        }
    }
    None
}

fn token_equals(expected: &str, actual: &str, tolerance: Tolerance, ignore_case: bool) -> bool {
    let is_same = if ignore_case {
        expected.chars().flat_map(char::to_lowercase).eq(actual.chars().flat_map(char::to_lowercase))
    } else {
        expected == actual
    };
    is_same
        || (tolerance != Tolerance::NONE
            && number(expected)
                .zip(number(actual))
                .is_some_and(|(expected, actual)| tolerance.allows(expected, actual)))
}

/// What is written in digits. (Rust's reader also takes words such as `nan` and `infinity`.)
fn number(token: &str) -> Option<f64> {
    let is_numeric = token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if is_numeric { token.parse().ok() } else { None }
}

struct Token<'t> {
    text: &'t str,
    line: usize,
    token: usize,
}

/// The tokens of a text, and in which line each is the how-manieth.
struct Tokens<'t> {
    lines: std::iter::Enumerate<std::str::Lines<'t>>,
    line: usize,
    in_line: std::iter::Enumerate<std::str::SplitWhitespace<'t>>,
}

impl<'t> Tokens<'t> {
    fn of(text: &'t str) -> Tokens<'t> {
        Tokens { lines: text.lines().enumerate(), line: 0, in_line: "".split_whitespace().enumerate() }
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            if let Some((index, text)) = self.in_line.next() {
                return Some(Token { text, line: self.line, token: index + 1 });
            }
            let (index, line) = self.lines.next()?;
            (self.line, self.in_line) = (index + 1, line.split_whitespace().enumerate());
        }
    }
}

fn lines_differ(expected: Vec<String>, actual: Vec<String>) -> Option<(usize, Difference)> {
    let length = expected.len().max(actual.len());
    let at = (0..length).find(|&at| expected.get(at) != actual.get(at))?;
    let difference = match (expected.get(at), actual.get(at)) {
        (Some(one), Some(other)) => {
            let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
            let before: String = one.chars().take(same).collect();
            // The token that the first difference is in, or else the next.
            let token =
                before.split_whitespace().count() + usize::from(!before.ends_with(|c: char| !c.is_whitespace()));
            let path = format!("line {}, token {}", at + 1, token);
            Difference { path, expected: excerpt(one, same), actual: excerpt(other, same) }
        }
        (one, other) => {
            let show = |line: Option<&String>| line.map_or("the end".to_owned(), |line| excerpt(line, 0));
            Difference { path: format!("line {}", at + 1), expected: show(one), actual: show(other) }
        }
    };
    Some((at, difference))
}

/// The line in quotes, at most 80 characters of it: those around the character that matters.
fn excerpt(line: &str, matters: usize) -> String {
    const WIDTH: usize = 80;
    let from = if matters < WIDTH { 0 } else { matters - WIDTH / 2 };
    let shown: String = line.chars().skip(from).take(WIDTH).collect();
    let (before, after) =
        (if from > 0 { ".." } else { "" }, if line.chars().nth(from + WIDTH).is_some() { ".." } else { "" });
    format!("{before}{shown:?}{after}")
}
