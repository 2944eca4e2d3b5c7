use std::sync::Arc;

use crate::{Case, Execution, Expected, MAX_DEPTH, Outcome, Value};

/// What there is to ask of a case.
pub(super) enum Question {
    /// Nothing: it is not for the checker to say whether this is right.
    None,
    /// Nothing: no value can hold the answer and what goes with it. That is no failure of the checker's.
    TooDeep,
    /// This, as a case of its own.
    Case(Arc<Case>),
}

pub(super) fn question(case: &Case, execution: &Execution) -> Question {
    let Ok(Outcome::Returned(actual)) = &execution.result else { return Question::None };
    let expected = match &case.expected {
        Expected::Value(value) => ("expected", value.clone()),
        Expected::AnyOf(all) => ("anyOf", Value::Array(embed_all(all))),
        Expected::Throws { .. } => return Question::None,
    };
    if depth(actual) >= MAX_DEPTH {
        return Question::TooDeep;
    }
    let fields = [
        ("args", Value::Array(embed_all(&case.args))),
        expected,
        ("actual", actual.clone()),
        ("stdout", execution.console.text().into()),
    ];
    let mut begun = 1;
    let fields = fields.map(|(name, mut value)| {
        begun += renumber(&mut value, begun);
        (name.into(), value)
    });
    let question = Value::Object(fields.into());
    Question::Case(Arc::new(Case { id: case.id.clone(), args: vec![question], expected: Value::Bool(true).into() }))
}

/// The values as the elements of an array: each was numbered by itself.
fn embed_all(values: &[Value]) -> Vec<Option<Value>> {
    let mut begun = 1;
    let embed = |value: &Value| {
        let mut value = value.clone();
        begun += renumber(&mut value, begun);
        Some(value)
    };
    values.iter().map(embed).collect()
}

/// Makes a value's references those of a value that it is put into, where `begun` objects begin before it. Returns how many
/// begin in it.
fn renumber(value: &mut Value, begun: u32) -> u32 {
    let (mut objects, mut pending) = (0, vec![value]);
    while let Some(value) = pending.pop() {
        objects += u32::from(value.is_object());
        match value {
            Value::Reference(number) => *number = number.saturating_add(begun),
            Value::Array(elements) => pending.extend(elements.iter_mut().flatten()),
            Value::Object(properties) => pending.extend(properties.iter_mut().map(|(_, value)| value)),
            Value::Map(entries) => pending.extend(entries.iter_mut().flat_map(|(key, value)| [key, value])),
            Value::Set(members) => pending.extend(members),
            _ => {}
        }
    }
    objects
}

/// How many levels of objects are in the value.
fn depth(value: &Value) -> usize {
    let (mut deepest, mut pending) = (0, vec![(value, 1)]);
    while let Some((value, level)) = pending.pop() {
        if value.is_object() {
            deepest = deepest.max(level);
            pending.extend(value.children().map(|inside| (inside, level + 1)));
        }
    }
    deepest
}
