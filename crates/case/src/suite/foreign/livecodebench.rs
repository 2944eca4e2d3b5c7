//! Rows of LiveCodeBench.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Draft, SuiteError, json, program_case, read, text_checker};
use crate::{Case, Checker, Entry};

/// What makes JSON of the private tests, which are published as Python's pickles: those are programs, not data.
const UNPICKLE: &str =
    "row[\"private_test_cases\"] = pickle.loads(zlib.decompress(base64.b64decode(row[\"private_test_cases\"])))";

// Rows say more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
#[serde(expecting = "a row: an object with question_id and public_test_cases")]
struct Row {
    question_id: Json,
    public_test_cases: Json,
    #[serde(default)]
    private_test_cases: Json,
    /// JSON in a string, or the object.
    #[serde(default)]
    metadata: Json,
}

#[derive(Deserialize)]
#[serde(expecting = "a test: an object with input, output and testtype")]
struct Test {
    input: String,
    output: String,
    testtype: Kind,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Stdin,
    Functional,
}

pub(super) fn load(file: &Path) -> Result<Vec<Draft>, SuiteError> {
    let text = read(file)?;
    let rows = json::records::<Row>(file, &text)?.into_iter();
    let drafts = rows.map(|(place, row)| {
        let name = json::name(&row.question_id);
        let name = name.ok_or_else(|| place.error("question_id: expected a string or a number"))?;
        draft(row, &name).map_err(|what| place.error(format_args!("{name}: {what}")))
    });
    drafts.collect()
}

fn draft(row: Row, name: &str) -> Result<Draft, String> {
    let field = "public_test_cases";
    let mut tests: Vec<Test> = json::typed(field, json::unquoted(field, row.public_test_cases)?)?;
    let mut notes = Vec::new();
    match json::unquoted("private_test_cases", row.private_test_cases) {
        Ok(Json::Null) => {}
        Ok(private) => tests.extend(json::typed::<Vec<Test>>("private_test_cases", private)?),
        Err(_) => notes.push(format!("private_test_cases are left out: they are not JSON; in Python: {UNPICKLE}")),
    }
    let Some(kind) = tests.first().map(|test| test.testtype) else {
        return Err("public_test_cases: there is nothing in it: a suite needs at least one case".into());
    };
    if tests.iter().any(|test| test.testtype != kind) {
        return Err("testtype: stdin and functional in one row: a suite is of one kind".into());
    }
    let entry = match kind {
        Kind::Stdin => Entry::Program,
        Kind::Functional => {
            let metadata = json::unquoted("metadata", row.metadata)?;
            let function = metadata.get("func_name").and_then(Json::as_str);
            let function = function.ok_or("metadata: missing field `func_name`: the function that is called")?;
            Entry::function(function).map_err(|error| format!("metadata.func_name: {error}"))?
        }
    };
    let checker = if kind == Kind::Stdin { text_checker() } else { Checker::Exact };
    let mut cases = Vec::new();
    for (index, Test { input, output, .. }) in tests.into_iter().enumerate() {
        let id = (index + 1).to_string();
        cases.push(match kind {
            Kind::Stdin => program_case(id, input, output),
            Kind::Functional => {
                let at = |field: &str, what| format!("test {id}: {field}: {what}");
                let args = json::lines(&input).map_err(|what| at("input", what))?;
                let expected = json::text(&output).map_err(|what| at("output", what))?.into();
                Case { id, args, expected }
            }
        });
    }
    Ok(Draft { checker, notes, ..Draft::new(name.to_owned(), entry, cases) })
}
