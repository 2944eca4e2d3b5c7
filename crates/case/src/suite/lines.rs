use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::SuiteError;

/// The lines of a JSONL file that say something, each with its number from 1. One is in memory at a time.
pub(super) struct JsonLines<T> {
    file: PathBuf,
    reader: BufReader<File>,
    line: usize,
    text: String,
    row: PhantomData<T>,
}

impl<T: DeserializeOwned> JsonLines<T> {
    pub(super) fn open(file: &Path) -> Result<JsonLines<T>, SuiteError> {
        let reader = File::open(file).map_err(|error| unreadable(file, None, error))?;
        let reader = BufReader::new(reader);
        Ok(JsonLines { file: file.to_owned(), reader, line: 0, text: String::new(), row: PhantomData })
    }
}

impl<T: DeserializeOwned> Iterator for JsonLines<T> {
    type Item = Result<(usize, T), SuiteError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.text.clear();
            self.line += 1;
            match self.reader.read_line(&mut self.text) {
                Ok(0) => return None,
                Ok(_) if self.text.trim().is_empty() => {}
                Ok(_) => {
                    let row = json(self.text.trim_end_matches(['\n', '\r']), true);
                    return Some(
                        row.map(|row| (self.line, row))
                            .map_err(|(_, what)| SuiteError::new(&self.file, self.line, what)),
                    );
                }
                Err(error) => return Some(Err(unreadable(&self.file, Some(self.line), error))),
            }
        }
    }
}

/// Reads a file as text.
pub(super) fn read(file: &Path) -> Result<String, SuiteError> {
    std::fs::read_to_string(file).map_err(|error| unreadable(file, None, error))
}

/// The files that are named from this folder.
pub(super) fn files_in(folder: &Path) -> impl Fn(&str) -> io::Result<String> {
    move |name| std::fs::read_to_string(folder.join(name)).map_err(in_short)
}

fn unreadable(file: &Path, line: Option<usize>, error: io::Error) -> SuiteError {
    SuiteError::new(file, line, format!("cannot be read: {}", in_short(error)))
}

/// The error, which std has more words for where a file is no text.
fn in_short(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::InvalidData { io::Error::other("it is not UTF-8") } else { error }
}

/// Reads JSON; else the line, where it is known, and what is wrong there.
pub(super) fn json<T: DeserializeOwned>(text: &str, is_line: bool) -> Result<T, (Option<usize>, String)> {
    let place = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        let what = error.to_string();
        let bare = what.strip_suffix(&format!(" at line {line} column {column}"));
        bare.map_or(what.clone(), |bare| format!("{bare}, at column {column}"))
    };
    let line = |error: &serde_json::Error| (!is_line && error.line() > 0).then_some(error.line());
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit(); // values have their own, MAX_DEPTH
    let row =
        serde_path_to_error::deserialize(&mut reader).map_err(|error| (line(error.inner()), in_field(error, place)))?;
    reader.end().map_err(|error| (line(&error), place(error)))?;
    Ok(row)
}

/// What is wrong, after the path of the field that it is wrong with: `cases[0].args: ..`.
pub(super) fn in_field<E>(error: serde_path_to_error::Error<E>, what: impl FnOnce(E) -> String) -> String {
    let path = error.path().to_string();
    // serde names Rust's types.
    let whole = "expected a whole number from 0 up";
    let what = what(error.into_inner()).replace("expected u64", whole).replace("expected usize", whole);
    // `.` is the whole, `?` a name that was not read to its end.
    let field = path.trim_end_matches('?').trim_end_matches('.');
    if field.is_empty() { what } else { format!("{field}: {what}") }
}
