use std::path::Path;

use super::fields::Header;
use super::lines::{files_in, json, read};
use super::meaning::{Wrong, cases};
use super::{Suite, SuiteError};
use crate::Entry;

/// A suite in one JSON file.
pub(super) fn load(file: &Path) -> Result<Suite, SuiteError> {
    let text = read(file)?;
    let mut header: Header = json(&text, false).map_err(|(line, what)| SuiteError::new(file, line, what))?;
    let rows = header.cases.take().unwrap_or_default();
    if rows.is_empty() {
        return Err(SuiteError::new(file, None, "cases: there are none: a suite needs at least one"));
    }
    let name = file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let folder = file.parent().unwrap_or(Path::new(""));
    let suite = header.suite(name, &files_in(folder)).and_then(|suite| {
        let cases = cases(rows, matches!(suite.entry, Entry::Program))?;
        Ok(Suite { cases, ..suite })
    });
    suite.map_err(|Wrong { field, what }| SuiteError::new(file, None, format!("{field}: {what}")))
}
