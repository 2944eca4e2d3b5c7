//! Rows of SandboxFusion's CommonOJ: programs, and the texts that they read and write.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Draft, SuiteError, json, program_case, read, text_checker};
use crate::Entry;

// Rows say more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
#[serde(expecting = "a row: an object with id and test")]
struct Row {
    id: Json,
    test: Vec<Test>,
}

#[derive(Deserialize)]
#[serde(expecting = "a test: an object with input.stdin and output.stdout")]
struct Test {
    input: Input,
    output: Output,
}

#[derive(Deserialize)]
struct Input {
    stdin: String,
}

#[derive(Deserialize)]
struct Output {
    stdout: String,
}

pub(super) fn load(file: &Path) -> Result<Vec<Draft>, SuiteError> {
    let text = read(file)?;
    let rows = json::records::<Row>(file, &text)?.into_iter();
    let drafts = rows.map(|(place, Row { id, test })| {
        let name = json::name(&id).ok_or_else(|| place.error("id: expected a string or a number"))?;
        if test.is_empty() {
            return Err(
                place.error(format_args!("{name}: test: there is nothing in it: a suite needs at least one case"))
            );
        }
        let cases = test.into_iter().enumerate();
        let cases =
            cases.map(|(index, test)| program_case((index + 1).to_string(), test.input.stdin, test.output.stdout));
        Ok(Draft { checker: text_checker(), ..Draft::new(name, Entry::Program, cases.collect()) })
    });
    drafts.collect()
}
