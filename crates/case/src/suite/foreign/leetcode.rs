//! Questions as LeetCode's own interface describes them, with one field more: what the examples must answer.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use super::json;
use super::{Draft, SuiteError, read};
use crate::{Answer, Calling, Case, Checker, Entry, Form, Value};

/// How far from the expected number LeetCode lets a `double` be.
const DOUBLE: f64 = 1e-5;

// Questions say more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
#[serde(
    rename_all = "camelCase",
    expecting = "a question: an object with metaData, exampleTestcases and expectedOutputs"
)]
struct Question {
    /// What an answer of the interface has around the question.
    data: Option<Data>,
    title_slug: Option<String>,
    meta_data: Option<Json>,
    example_testcase_list: Option<Vec<String>>,
    example_testcases: Option<String>,
    expected_outputs: Option<Vec<Json>>,
}

#[derive(Deserialize)]
struct Data {
    question: Box<Question>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with name, params and return, or JSON of one in a string")]
struct Meta {
    name: Option<String>,
    #[serde(default)]
    params: Vec<Typed>,
    #[serde(rename = "return")]
    returned: Option<Typed>,
    output: Option<Output>,
    #[serde(default)]
    manual: bool,
    #[serde(default)]
    systemdesign: bool,
    classname: Option<String>,
    constructor: Option<Method>,
    #[serde(default)]
    methods: Vec<Method>,
}

#[derive(Deserialize)]
struct Typed {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Output {
    paramindex: Option<usize>,
    size: Option<Json>,
}

#[derive(Deserialize)]
struct Method {
    #[serde(default)]
    params: Vec<Typed>,
    #[serde(rename = "return")]
    returned: Option<Typed>,
}

pub(super) fn load(file: &Path, name: &str) -> Result<Vec<Draft>, SuiteError> {
    let text = read(file)?;
    let questions = json::records::<Question>(file, &text)?;
    let several = questions.len() > 1;
    let mut drafts = Vec::new();
    for (index, (place, mut question)) in questions.into_iter().enumerate() {
        if let Some(data) = question.data.take() {
            question = *data.question;
        }
        let name = match &question.title_slug {
            Some(slug) => slug.clone(),
            None if several => format!("{name}/{}", index + 1),
            None => name.to_owned(),
        };
        drafts.push(draft(question, name).map_err(|what| place.error(what))?);
    }
    Ok(drafts)
}

fn draft(question: Question, name: String) -> Result<Draft, String> {
    let meta = question.meta_data.ok_or("missing field `metaData`: the function's name, its params and its return")?;
    let meta = json::unquoted("metaData", meta)?;
    let meta: Meta = json::typed("metaData", meta)?;
    if meta.manual {
        return Err("metaData.manual: this function is called in a way that metaData does not describe".into());
    }
    let (entry, calling, checker) = if meta.systemdesign { class(&meta)? } else { function(&meta)? };
    // Of a class they are the constructor's, and a case has the arguments of every call.
    let named = meta.params.iter().filter(|_| !meta.systemdesign);
    let param_names = named.map(|param| param.name.clone()).collect::<Option<Vec<_>>>().unwrap_or_default();
    let lines = if meta.systemdesign { 2 } else { meta.params.len() };

    let outputs = question.expected_outputs.ok_or(
        "missing field `expectedOutputs`: a question does not say what its examples answer; add a list of strings, the JSON \
         of one answer for each example",
    )?;
    let examples = match (question.example_testcase_list, question.example_testcases) {
        // Without arguments there is nothing to tell one example from the next by.
        _ if lines == 0 => vec![Vec::new(); outputs.len()],
        (Some(list), _) => list.iter().map(|example| example.lines().map(str::to_owned).collect()).collect(),
        (None, Some(text)) => {
            let all: Vec<String> = text.lines().map(str::to_owned).collect();
            all.chunks(lines).map(<[String]>::to_vec).collect()
        }
        (None, None) => return Err("missing field `exampleTestcases`, or `exampleTestcaseList`".into()),
    };
    if examples.is_empty() {
        return Err("exampleTestcases: there are none: a suite needs at least one case".into());
    }
    if examples.len() != outputs.len() {
        let what = format!("expectedOutputs: {} for {} examples: each needs one", outputs.len(), examples.len());
        return Err(what);
    }
    let mut cases = Vec::new();
    for (index, (example, output)) in examples.into_iter().zip(outputs).enumerate() {
        if example.len() != lines {
            return Err(format!("exampleTestcases: example {} has {} lines of {lines}", index + 1, example.len()));
        }
        let arg =
            |line: &String| json::text(line).map_err(|what| format!("exampleTestcases: example {}: {what}", index + 1));
        let args = example.iter().map(arg).collect::<Result<Vec<_>, _>>()?;
        let expected = match output {
            Json::String(text) => json::text(&text)
                .map_err(|what| format!("expectedOutputs[{index}]: {what} (a string is in quotes of its own there)"))?,
            output => json::value(output),
        };
        if meta.systemdesign {
            check_calls(&args, &expected).map_err(|what| format!("exampleTestcases: example {}: {what}", index + 1))?;
        }
        cases.push(Case { id: (index + 1).to_string(), args, expected: expected.into() });
    }
    Ok(Draft { calling, param_names, checker, ..Draft::new(name, entry, cases) })
}

fn function(meta: &Meta) -> Result<(Entry, Calling, Checker), String> {
    let name = meta.name.as_deref().ok_or("metaData: missing field `name`")?;
    let entry = Entry::function(name).map_err(|error| format!("metaData.name: {error}"))?;
    let params = meta.params.iter().enumerate();
    let params = params
        .map(|(index, param)| form(&param.kind).map_err(|what| format!("metaData.params[{index}].type: {what}")))
        .collect::<Result<Vec<_>, _>>()?;
    let returned = meta.returned.as_ref().ok_or("metaData: missing field `return`")?;
    let index = meta.output.as_ref().and_then(|output| output.paramindex);
    let answer = match (returned.kind.as_str(), index) {
        (_, Some(index)) if index >= params.len() => {
            return Err(format!("metaData.output.paramindex: {index} of {} params", params.len()));
        }
        (_, Some(_)) if meta.output.as_ref().is_some_and(|output| output.size.is_some()) => {
            return Err("metaData.output.size: an answer that is a part of an argument cannot be judged".into());
        }
        (_, Some(index)) => Answer::Argument(index),
        ("void", None) => {
            let what = "a function that returns nothing answers in an argument; add its number from 0";
            return Err(format!("metaData: missing field `output.paramindex`: {what}"));
        }
        (kind, None) => Answer::Returned(form(kind).map_err(|what| format!("metaData.return.type: {what}"))?),
    };
    Ok((entry, Calling { params, answer }, checker([returned])))
}

fn class(meta: &Meta) -> Result<(Entry, Calling, Checker), String> {
    let name = meta.classname.as_deref().ok_or("metaData: missing field `classname`")?;
    let entry = Entry::class(name).map_err(|error| format!("metaData.classname: {error}"))?;
    let methods = || meta.constructor.iter().chain(&meta.methods);
    for typed in methods().flat_map(|method| method.params.iter().chain(&method.returned)) {
        if form(&typed.kind) != Ok(Form::Plain) {
            return Err(format!("metaData: {}: a method takes and returns plain values here", typed.kind));
        }
    }
    Ok((entry, Calling::default(), checker(methods().filter_map(|method| method.returned.as_ref()))))
}

fn checker<'m>(returned: impl IntoIterator<Item = &'m Typed>) -> Checker {
    let inexact = returned.into_iter().any(|typed| typed.kind.contains("double"));
    if inexact { Checker::approximate(DOUBLE) } else { Checker::Exact }
}

fn form(kind: &str) -> Result<Form, String> {
    match kind {
        "ListNode" => Ok(Form::LinkedList),
        "TreeNode" => Ok(Form::BinaryTree),
        "ListNode[]" | "list<ListNode>" => Ok(Form::LinkedLists),
        "TreeNode[]" | "list<TreeNode>" => Ok(Form::BinaryTrees),
        _ if ["ListNode", "TreeNode", "Node", "NestedInteger"].iter().any(|node| kind.contains(node)) => {
            Err(format!("{kind} cannot be passed: of nodes, only a ListNode, a TreeNode, and arrays of these can"))
        }
        _ => Ok(Form::Plain),
    }
}

/// Whether this is a sequence of calls with the arguments of each, and what each must return.
fn check_calls(args: &[Value], expected: &Value) -> Result<(), String> {
    let length = |value: &Value| match value {
        Value::Array(elements) => Some(elements.len()),
        _ => None,
    };
    match (args.first().and_then(length), args.get(1).and_then(length), length(expected)) {
        (Some(names), Some(args), Some(outputs)) if names == args && args == outputs && names > 0 => Ok(()),
        _ => Err(
            "expected arrays of one length: the names of what is called, the arguments of each, and what each returns"
                .into(),
        ),
    }
}
