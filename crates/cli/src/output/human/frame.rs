use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use deem_core::Exception;

use super::failure::file_name;
use super::text::{bounded, misleading};
use crate::output::Run;

/// Lines longer than this are not written by people, and show nothing.
const LONGEST_LINE: usize = 300;

/// More characters of a message than this say nothing more.
const MOST_OF_A_HEADLINE: usize = 400;

/// The error, with the line of the solution where it was thrown, and its place marked.
pub(super) fn frame(run: &Run<'_>, headline: &str, exception: &Exception) -> String {
    let headline = bounded(&headline, MOST_OF_A_HEADLINE);
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
    let snippet = Snippet::source(place.line.as_str())
        .path(path.as_str())
        .line_start(place.number)
        .annotation(AnnotationKind::Primary.span(place.span));
    renderer.render(&[title.element(snippet)]).to_string() + "\n"
}

/// A line of a source, and what of it is marked.
struct Place {
    line: String,
    number: usize,
    span: Range<usize>,
}

impl Place {
    /// Line and column are from 1, the column in UTF-16 code units. A place after the last line, where something is missing, is
    /// the end of that line.
    fn of(source: &str, number: u32, column: u32) -> Option<Place> {
        let (index, line) = source.lines().enumerate().take(number as usize).last()?;
        if line.len() > LONGEST_LINE {
            return None;
        }
        // By one that takes one place in the line as well.
        let in_sight = |c| if c != '\t' && misleading(c) { char::REPLACEMENT_CHARACTER } else { c };
        let line: String = line.chars().map(in_sight).collect();
        let mark = if index + 1 == number as usize { byte_of(&line, column) } else { line.len() };
        let span = mark..mark + token_length(&line[mark..]);
        Some(Place { line, number: index + 1, span })
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
