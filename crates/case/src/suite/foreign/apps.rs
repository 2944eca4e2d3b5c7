//! Rows of APPS and TACO: `input_output` holds what goes into a function or a program, and what must come out.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Draft, SuiteError, json, program_case, read, text_checker};
use crate::{Case, Checker, Entry, Expected};

// Rows say more than is needed here: unknown fields are passed over. Their solutions are in Python.
#[derive(Deserialize)]
#[serde(expecting = "a row: an object with input_output")]
struct Row {
    problem_id: Option<Json>,
    id: Option<Json>,
    name: Option<Json>,
    input_output: Json,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with inputs and outputs, or JSON of one in a string")]
struct InputOutput {
    inputs: Vec<Json>,
    outputs: Vec<Json>,
    fn_name: Option<String>,
}

pub(super) fn load(file: &Path, name: &str) -> Result<Vec<Draft>, SuiteError> {
    let text = read(file)?;
    let rows = json::records::<Row>(file, &text)?.into_iter().enumerate();
    let drafts = rows.map(|(index, (place, row))| {
        let called = [&row.problem_id, &row.id, &row.name].into_iter().flatten().find_map(json::name);
        let name = called.unwrap_or_else(|| format!("{name}/{}", index + 1));
        draft(row.input_output, &name).map_err(|what| place.error(format_args!("{name}: {what}")))
    });
    drafts.collect()
}

fn draft(input_output: Json, name: &str) -> Result<Draft, String> {
    let InputOutput { inputs, outputs, fn_name } =
        json::typed("input_output", json::unquoted("input_output", input_output)?)?;
    if inputs.len() != outputs.len() {
        return Err(format!(
            "input_output: {} inputs and {} outputs: each needs the other",
            inputs.len(),
            outputs.len()
        ));
    }
    if inputs.is_empty() {
        return Err("input_output.inputs: there is nothing in it: a suite needs at least one case".into());
    }
    let entry = match &fn_name {
        Some(function) => Entry::function(function).map_err(|error| format!("input_output.fn_name: {error}"))?,
        None => Entry::Program,
    };
    let checker = if fn_name.is_some() { Checker::Exact } else { text_checker() };
    let mut cases = Vec::new();
    for (index, (input, output)) in inputs.into_iter().zip(outputs).enumerate() {
        let id = (index + 1).to_string();
        let at = |field: &str| format!("input_output.{field}[{index}]");
        cases.push(if fn_name.is_none() {
            let text = |field: &str, json| {
                text(json).ok_or_else(|| format!("{}: expected a text, or a list of lines", at(field)))
            };
            program_case(id, text("inputs", input)?, text("outputs", output)?)
        } else {
            let args = match input {
                Json::Array(args) => args.into_iter().map(json::value).collect(),
                Json::String(lines) => json::lines(&lines).map_err(|what| format!("{}: {what}", at("inputs")))?,
                _ => return Err(format!("{}: expected a list of arguments, or their JSON, one a line", at("inputs"))),
            };
            Case { id, args, expected: expectation(output) }
        });
    }
    Ok(Draft { checker, ..Draft::new(name.to_owned(), entry, cases) })
}

/// Some answers are in a list of their own, and some are not: so either is right, as it is for APPS itself.
fn expectation(output: Json) -> Expected {
    match &output {
        Json::Array(list) if !list.is_empty() => {
            let inside = json::value(list[0].clone());
            Expected::AnyOf(vec![json::value(output), inside])
        }
        _ => json::value(output).into(),
    }
}

fn text(json: Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text),
        Json::Array(lines) => lines.iter().map(Json::as_str).collect::<Option<Vec<_>>>().map(|lines| lines.join("\n")),
        _ => None,
    }
}
