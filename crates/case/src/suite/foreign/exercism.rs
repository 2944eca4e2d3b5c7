//! The `canonical-data.json` of Exercism's problem specifications.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::json::{self, Place, present};
use super::{Draft, SuiteError, read, unique};
use crate::{Case, Entry, Expected};

#[derive(Deserialize)]
#[serde(expecting = "an exercise: an object with exercise and cases")]
struct Exercise {
    exercise: String,
    cases: Vec<Node>,
}

/// A case, or a group of them.
#[derive(Deserialize)]
#[serde(expecting = "a case, with property, input and expected, or a group of them, with cases")]
struct Node {
    description: String,
    cases: Option<Vec<Node>>,
    uuid: Option<String>,
    reimplements: Option<String>,
    property: Option<String>,
    input: Option<Map<String, Json>>,
    #[serde(default, deserialize_with = "present")]
    expected: Option<Json>,
}

/// The suite of each property, in the order in which they first occur.
pub(super) fn load(file: &Path) -> Result<Vec<Draft>, SuiteError> {
    let text = read(file)?;
    let mut drafts = Vec::new();
    for (place, Exercise { exercise, cases }) in json::records::<Exercise>(file, &text)? {
        let mut reader = Reader { place, replaced: HashMap::new(), properties: Vec::new() };
        reader.replacements(&cases);
        reader.nodes(cases, "", "")?;
        drafts.extend(reader.drafts(&exercise));
        if drafts.is_empty() {
            return Err(place.error("cases: there are none: a suite needs at least one"));
        }
    }
    Ok(drafts)
}

struct Reader<'f> {
    place: Place<'f>,
    /// The uuids of cases that a later one stands for, with that one's.
    replaced: HashMap<String, String>,
    properties: Vec<Property>,
}

struct Property {
    name: String,
    entry: Entry,
    /// What the arguments are called, if all cases say the same.
    param_names: Option<Vec<String>>,
    cases: Vec<Case>,
    notes: Vec<String>,
}

impl Reader<'_> {
    fn replacements(&mut self, nodes: &[Node]) {
        for node in nodes {
            if let (Some(old), Some(new)) = (&node.reimplements, &node.uuid) {
                self.replaced.insert(old.clone(), new.clone());
            }
            self.replacements(node.cases.as_deref().unwrap_or_default());
        }
    }

    /// Reads nodes that are at `path` in the file, in groups that are called `group`.
    fn nodes(&mut self, nodes: Vec<Node>, path: &str, group: &str) -> Result<(), SuiteError> {
        for (index, node) in nodes.into_iter().enumerate() {
            let path = format!("{path}cases[{index}]");
            let id = format!("{group}{}", node.description);
            match node.cases {
                Some(cases) => self.nodes(cases, &format!("{path}."), &format!("{id} / "))?,
                None => self.case(node, id).map_err(|what| self.place.error(format_args!("{path}{what}")))?,
            }
        }
        Ok(())
    }

    fn case(&mut self, node: Node, id: String) -> Result<(), String> {
        let missing = |field: &str, what: &str| format!(": missing field `{field}`: {what}");
        let name =
            node.property.ok_or_else(|| missing("property", "the function that is called; a group has `cases`"))?;
        let input = node.input.ok_or_else(|| missing("input", "the arguments, by their names"))?;
        let expected = node.expected.ok_or_else(|| missing("expected", "the answer, or {\"error\": ..}"))?;
        let property = match self.properties.iter().position(|property| property.name == name) {
            Some(at) => &mut self.properties[at],
            None => {
                let entry = Entry::function(&name).map_err(|error| format!(".property: {error}"))?;
                let param_names = Some(input.keys().cloned().collect());
                self.properties.push(Property { name, entry, param_names, cases: Vec::new(), notes: Vec::new() });
                self.properties.last_mut().expect("one was pushed")
            }
        };
        if let Some(new) = node.uuid.and_then(|old| self.replaced.get(&old)) {
            property.notes.push(format!("{id:?} is left out: the case {new} stands for it"));
            return Ok(());
        }
        property.param_names.take_if(|names| !input.keys().eq(names.iter()));
        let args = input.into_iter().map(|(_, json)| json::value(json)).collect();
        property.cases.push(Case { id, args, expected: expectation(expected) });
        Ok(())
    }

    fn drafts(self, exercise: &str) -> impl Iterator<Item = Draft> {
        let several = self.properties.len() > 1;
        self.properties.into_iter().filter(|property| !property.cases.is_empty()).map(move |property| {
            let Property { name, entry, param_names, cases, notes } = property;
            let param_names = param_names.unwrap_or_default();
            let name = if several { format!("{exercise}/{name}") } else { exercise.to_owned() };
            Draft { param_names, notes, ..Draft::new(name, entry, unique(cases)) }
        })
    }
}

fn expectation(expected: Json) -> Expected {
    match &expected {
        Json::Object(object) if object.len() == 1 && object.contains_key("error") => {
            Expected::Throws { name: None, message: object["error"].as_str().map(str::to_owned) }
        }
        _ => json::value(expected).into(),
    }
}
