use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use deem_core::Exception;

use super::failure::file_name;
use super::text::in_line;
use crate::output::Run;

/// Lines longer than this are not written by people, and show nothing.
const LONGEST_LINE: usize = 300;

/// The error, with the line of the solution where it was thrown, and its place marked.
pub(super) fn frame(run: &Run<'_>, headline: &str, exception: &Exception) -> String {
    let headline = in_line(headline);
    let title = Level::ERROR.primary_title(&headline);
    let renderer = Renderer::styled();
    let place = exception.line.and_then(|line| Place::of(run.source, line, exception.column.unwrap_or(1)));
    let Some(place) = place else {
        return renderer
            .render(&[title.elements([] as [Snippet<'_, annotate_snippets::Annotation<'_>>; 0])])
            .to_string()
            + "\n";
    };
    let path = file_name(run.solution);
    let snippet = Snippet::source(place.text)
        .path(path.as_str())
        .line_start(place.first_line)
        .annotation(AnnotationKind::Primary.span(place.span));
    renderer.render(&[title.element(snippet)]).to_string() + "\n"
}

/// A place in a source: the line with the one before it, and what of the two is marked.
struct Place<'s> {
    text: &'s str,
    first_line: usize,
    span: Range<usize>,
}

impl Place<'_> {
    /// Line and column are from 1, the column in UTF-16 code units.
    fn of(source: &str, line: u32, column: u32) -> Option<Place<'_>> {
        let index = (line as usize).checked_sub(1)?;
        let start = if index == 0 { 0 } else { source.match_indices('\n').nth(index - 1)?.0 + 1 };
        let end = source[start..].find('\n').map_or(source.len(), |length| start + length);
        if end - start > LONGEST_LINE {
            return None;
        }
        let before = source[..start.saturating_sub(1)].rfind('\n').map_or(0, |newline| newline + 1);
        let (from, first_line) = match index {
            1.. if start - before <= LONGEST_LINE => (before, index),
            _ => (start, index + 1),
        };
        let mark = start + byte_of(&source[start..end], column);
        let length = token_length(&source[mark..end]);
        Some(Place { text: &source[from..end], first_line, span: mark - from..mark - from + length })
    }
}

/// Where in the line this column is, in bytes.
fn byte_of(line: &str, column: u32) -> usize {
    let mut units = 1;
    for (byte, c) in line.char_indices() {
        if units >= column {
            return byte;
        }
        units += c.len_utf16() as u32;
    }
    line.len()
}

/// How far the name goes that begins here; one character, if it is none.
fn token_length(text: &str) -> usize {
    let in_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let name = text.find(|c| !in_name(c)).unwrap_or(text.len());
    if name > 0 { name } else { text.chars().next().map_or(0, char::len_utf8) }
}
