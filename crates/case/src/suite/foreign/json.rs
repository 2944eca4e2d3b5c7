//! JSON as everybody writes it, in which no name means anything to deem.

use std::path::Path;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_json::Value as Json;

use super::{SuiteError, in_field};
use crate::Value;

/// Where a record is: for what is wrong in it.
#[derive(Clone, Copy)]
pub(super) struct Place<'f> {
    pub(super) file: &'f Path,
    /// Its line, in a file that has one record a line.
    line: Option<usize>,
    /// Its number from 0, in a file that is an array of records.
    index: Option<usize>,
}

impl Place<'_> {
    /// What is wrong in the record; begins with the field.
    pub(super) fn error(self, what: impl std::fmt::Display) -> SuiteError {
        let index = self.index.map_or_else(String::new, |index| format!("[{index}]."));
        SuiteError::new(self.file, self.line, format!("{index}{what}"))
    }
}

/// The records of a file, of which there is at least one: one a line in a `.jsonl`; else all in one array, or a single one.
pub(super) fn records<'f, T: DeserializeOwned>(file: &'f Path, text: &str) -> Result<Vec<(Place<'f>, T)>, SuiteError> {
    let place = Place { file, line: None, index: None };
    let records: Vec<_> = if has_lines(file) {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(index, line)| Ok((Place { line: Some(index + 1), ..place }, parse(file, index + 1, line)?)))
            .collect::<Result<_, _>>()?
    } else if begin(text).starts_with('[') {
        let list = parse::<Vec<T>>(file, 1, text)?.into_iter().enumerate();
        list.map(|(index, record)| (Place { index: Some(index), ..place }, record)).collect()
    } else {
        vec![(place, parse(file, 1, text)?)]
    };
    if records.is_empty() {
        return Err(place.error("there is nothing in it: a suite needs at least one case"));
    }
    Ok(records)
}

/// The value that JavaScript's own `JSON.parse` would make of it.
pub(super) fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => Value::Bool(bool),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Value::String(text.into()),
        Json::Array(elements) => Value::array(elements.into_iter().map(value)),
        Json::Object(properties) => {
            Value::Object(properties.into_iter().map(|(name, json)| (name.into(), value(json))).collect())
        }
    }
}

/// The value that is written in JSON in a text of its own.
pub(super) fn text(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map(value).map_err(|error| format!("{text:?} is not JSON: {error}"))
}

/// The values that are written in JSON, one a line.
pub(super) fn lines(lines: &str) -> Result<Vec<Value>, String> {
    lines.lines().filter(|line| !line.trim().is_empty()).map(text).collect()
}

/// What a field holds that is an object or an array, or JSON of one in a string.
pub(super) fn unquoted(field: &str, json: Json) -> Result<Json, String> {
    match json {
        Json::String(text) => serde_json::from_str(&text).map_err(|error| format!("{field}: not JSON: {error}")),
        json => Ok(json),
    }
}

/// What something is called by an id, which may be a number.
pub(super) fn name(id: &Json) -> Option<String> {
    match id {
        Json::String(name) => Some(name.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A `T` out of JSON that was read already; what is wrong with it begins with the path of the field, below `field`.
pub(super) fn typed<T: DeserializeOwned>(field: &str, json: Json) -> Result<T, String> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        let what = error.into_inner();
        match path.as_str() {
            "." => format!("{field}: {what}"), // the whole
            _ if path.starts_with('[') => format!("{field}{path}: {what}"),
            _ => format!("{field}.{path}: {what}"),
        }
    })
}

/// A field that may be `null`, which is not the same as missing.
pub(super) fn present<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(field).map(Some)
}

/// A number, or a string that holds one.
pub(super) fn number<'de, D: Deserializer<'de>>(field: D) -> Result<Option<f64>, D::Error> {
    match Json::deserialize(field)? {
        Json::Null => Ok(None),
        Json::Number(number) => Ok(number.as_f64()),
        Json::String(text) => match text.trim().parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(D::Error::custom(format_args!("{text:?} is not a number"))),
        },
        other => Err(D::Error::custom(format_args!("{other} is not a number"))),
    }
}

/// The whole of a text, or of a line of it, as `T`.
fn parse<T: DeserializeOwned>(file: &Path, first: usize, text: &str) -> Result<T, SuiteError> {
    // The reader's own limit of depth stays on: `Json` is taken apart by recursion.
    let mut reader = serde_json::Deserializer::from_str(begin(text));
    let broken = |line: usize, what| SuiteError::new(file, first + line.saturating_sub(1), what);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let line = error.inner().line();
        broken(line, in_field(error, |error| in_column(&error)))
    })?;
    reader.end().map_err(|error| broken(error.line(), in_column(&error)))?;
    Ok(value)
}

/// The text without the mark that some editors begin it with.
pub(super) fn begin(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim_start()
}

pub(super) fn has_lines(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "jsonl")
}

fn in_column(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    error.to_string().replace(&place, &format!(", at column {}", error.column()))
}
