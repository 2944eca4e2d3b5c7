use std::path::Path;

use super::cases::CaseReader;
use super::fields::Header;
use super::lines::{files_in, in_field, read};
use super::{Suite, SuiteError};
use crate::Entry;

pub(super) fn load(folder: &Path, name: String) -> Result<Suite, SuiteError> {
    let (suite, cases) = open(folder, name)?;
    Ok(Suite { cases: cases.collect::<Result<_, _>>()?, ..suite })
}

pub(super) fn open(folder: &Path, name: String) -> Result<(Suite, CaseReader), SuiteError> {
    let file = folder.join("suite.toml");
    let text = read(&file)?;
    let header = header(&text).map_err(|(line, what)| SuiteError::new(&file, line, what))?;
    if header.cases.is_some() {
        let what = "cases: those of a folder are in its cases.jsonl, one a line";
        return Err(SuiteError::new(&file, line_of(&text, "cases"), what));
    }
    let suite = header.suite(name, &files_in(folder)).map_err(|wrong| {
        SuiteError::new(&file, line_of(&text, &wrong.field), format!("{}: {}", wrong.field, wrong.what))
    })?;
    let cases = CaseReader::open(&folder.join("cases.jsonl"), matches!(suite.entry, Entry::Program))?;
    Ok((suite, cases))
}

/// The content of a suite.toml; else the line, and what is wrong there.
pub(super) fn header(text: &str) -> Result<Header, (Option<usize>, String)> {
    let broken = |error: toml::de::Error, what: String| (error.span().map(|span| line_at(text, span.start)), what);
    let reader = toml::Deserializer::parse(text).map_err(|error| broken(error.clone(), error.message().to_owned()))?;
    serde_path_to_error::deserialize(reader)
        .map_err(|error| broken(error.inner().clone(), in_field(error, |error| error.message().to_owned())))
}

fn line_at(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// The line of a field such as `solution[0].file`.
fn line_of(text: &str, field: &str) -> Option<usize> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let mut steps = field.split(['.', '[', ']']).filter(|step| !step.is_empty());
    let mut value = table.get_ref().get(steps.next()?)?;
    for step in steps {
        value = match value.get_ref() {
            toml::de::DeValue::Array(elements) => elements.get(step.parse::<usize>().ok()?)?,
            toml::de::DeValue::Table(table) => table.get(step)?,
            _ => return None,
        };
    }
    Some(line_at(text, value.span().start))
}
