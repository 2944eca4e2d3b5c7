//! TypeScript to JavaScript by taking the types away: in their place are spaces, so that every line and column is where it was,
//! and a stack or a message of the program's speaks of the source as it was written.
//!
//! Types are not checked. What has a meaning beyond types (`enum`, `namespace`, parameter properties) is refused, as node does
//! that runs TypeScript in the same way.
//!
//! A parser of TypeScript takes as long, and goes as deep, as whoever wrote the source likes: it is run in a process of its own, which
//! is the program itself, started again. It calls [`serve_if_stripping`] first thing in `main`.
//!
//! ```no_run
//! fn main() -> Result<(), deem_case::Exception> {
//!     deem_typescript::serve_if_stripping();
//!     let stripped = deem_typescript::strip("const twice = (n: number): number => n * 2")?;
//!     assert_eq!(stripped, "const twice = (n        )         => n * 2");
//!     Ok(())
//! }
//! ```
#![deny(missing_docs)]

mod process;

use std::sync::{Arc, Mutex, PoisonError};

use deem_case::Exception;
use swc_common::errors::{DiagnosticBuilder, Emitter, Handler};
use swc_common::sync::Lrc;
use swc_common::{BytePos, GLOBALS, Globals, SourceMap};
use swc_ts_fast_strip::{Mode, Options, operate};

pub use process::{serve_if_stripping, strip};

fn strip_here(source: &str) -> Result<String, Exception> {
    let map: Lrc<SourceMap> = Lrc::default();
    let found = Found::default();
    let handler = Handler::with_emitter(false, false, Box::new(found.clone()));
    let options = Options { mode: Mode::StripOnly, ..Options::default() };
    let stripped = GLOBALS.set(&Globals::new(), || operate(&map, &handler, source.to_owned(), options));
    stripped.map(|output| output.code).map_err(|failure| {
        let found = found.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (message, at) = found.unwrap_or((failure.message, None));
        let place = at.map(|at| map.lookup_char_pos(at));
        let line = place.as_ref().map(|place| place.line as u32);
        let column = place.map(|place| place.col.0 as u32 + 1); // in UTF-16, as here
        Exception { line, column, ..error(message) }
    })
}

fn error(message: String) -> Exception {
    Exception { name: "SyntaxError".to_owned(), message, ..Exception::default() }
}

/// The first thing that was found.
#[derive(Clone, Default)]
struct Found(Arc<Mutex<Option<Finding>>>);

/// What, and where.
type Finding = (String, Option<BytePos>);

impl Emitter for Found {
    fn emit(&mut self, found: &mut DiagnosticBuilder<'_>) {
        let at = found.span.primary_span().map(|span| span.lo);
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| (found.message(), at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_and_column_stays_where_it_was() {
        let source = "interface Node { next?: Node }\ntype Pair<T> = [T, T];\nfunction sum(this: void, ...all: number[]): number {\n  \
                      return (all as any).reduce((a: number, b: number) => a + b, 0)!;\n}\n";
        let stripped = strip_here(source).unwrap();
        assert_eq!(stripped.len(), source.len());
        for (written, left) in source.lines().zip(stripped.lines()) {
            assert_eq!(written.len(), left.len());
            assert!(written.chars().zip(left.chars()).all(|(written, left)| left == written || " ;".contains(left)));
        }
        assert!(stripped.contains("return (all       ).reduce((a        , b        ) => a + b, 0) ;"), "{stripped}");
    }

    #[test]
    fn javascript_is_left_as_it_is() {
        let source = "// a comment: string\nconst f = async (a) => ({ a, b: 'c' as_ });\n".replace(" as_", "");
        assert_eq!(strip_here(&source), Ok(source));
    }

    #[test]
    fn a_syntax_error_has_its_place_in_the_source() {
        let error = strip_here("const a: number = 1;\nconst \u{1f600}s = '\u{1f600}' + ;\n").unwrap_err();
        assert_eq!((error.name.as_str(), error.line), ("SyntaxError", Some(2)));
        let error = strip_here("const s = '\u{1f600}' + ;\n").unwrap_err();
        assert_eq!((error.line, error.column), (Some(1), Some(18)), "{error}");
    }

    #[test]
    fn what_is_more_than_types_is_refused() {
        for source in
            ["enum A { B }", "namespace A { export const b = 1 }", "class A { constructor(private b: number) {} }"]
        {
            let error = strip_here(source).unwrap_err();
            assert!(error.message.contains("not supported in strip-only mode"), "{source}: {error}");
        }
    }
}
