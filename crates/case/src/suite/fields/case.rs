use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::present;
use crate::{Case, Expected, Value};

/// A case: `args` with one of `expected`, `any-of` and `throws`; a program's has `input`, and `output` for `expected`.
#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "a case: an object with args and expected")]
pub(in crate::suite) struct CaseRow {
    /// What the case is called in reports. Default: its number.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    id: Option<String>,
    /// The arguments.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<serde_json::Value>", default)]
    args: Option<Vec<Value>>,
    /// A program's standard input.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    input: Option<String>,
    /// The right answer.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "serde_json::Value", default)]
    expected: Option<Value>,
    /// What a program must write to its standard output.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", default)]
    output: Option<String>,
    /// The right answers, of which any will do.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<serde_json::Value>", default)]
    any_of: Option<Vec<Value>>,
    /// That it must throw.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Throws", default)]
    throws: Option<Throws>,
}

/// `true`, or what the error must be.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Throws {
    Anything(bool),
    Error(ErrorTable),
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ErrorTable {
    /// The error's name must be this.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The error's message must contain this.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl CaseRow {
    pub(super) const FIELDS: [&str; 7] = ["id", "args", "input", "expected", "output", "any-of", "throws"];

    /// The id that is written, if there is one.
    pub(in crate::suite) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The case; of a program, if it is one's.
    pub(in crate::suite) fn case(self, is_program: bool, id: String) -> Result<Case, String> {
        let CaseRow { args, input, expected, output, any_of, throws, .. } = self;
        let right = [
            ("expected", expected.is_some()),
            ("output", output.is_some()),
            ("any-of", any_of.is_some()),
            ("throws", throws.is_some()),
        ];
        let mut right = right.iter().filter(|(_, is_given)| *is_given).map(|(field, _)| *field);
        if let (Some(first), Some(second)) = (right.next(), right.next()) {
            return Err(format!("{second}: there is {first} already: a case has one right answer, or any-of"));
        }
        let args = match (args, input) {
            (Some(args), None) if !is_program => args,
            (None, Some(input)) if is_program => vec![Value::String(input.into())],
            (None, None) if is_program => return Err("missing field `input`: what the program reads".to_owned()),
            (None, None) => return Err("missing field `args`: the arguments, in an array".to_owned()),
            (Some(_), _) if is_program => return Err("args: a program has none, but `input`, a text".to_owned()),
            (_, Some(_)) | (Some(_), None) => {
                return Err("input: only a program reads one: anything else has `args`".to_owned());
            }
        };
        let expected = match (expected, output, any_of, throws) {
            (Some(_), _, _, _) if is_program => {
                return Err("expected: what a program answers is its `output`, a text".to_owned());
            }
            (_, Some(_), _, _) if !is_program => {
                return Err("output: only a program writes one: anything else has `expected`".to_owned());
            }
            (Some(value), _, _, _) => Expected::Value(value),
            (_, Some(output), _, _) => Expected::Value(Value::String(output.into())),
            (_, _, Some(all), _) if all.is_empty() => {
                return Err("any-of: there are none: a case needs at least one right answer".to_owned());
            }
            (_, _, Some(all), _) => Expected::AnyOf(all),
            (_, _, _, Some(Throws::Anything(true))) => Expected::Throws { name: None, message: None },
            (_, _, _, Some(Throws::Anything(false))) => {
                return Err("throws: false: a case that does not throw has an answer".to_owned());
            }
            (_, _, _, Some(Throws::Error(ErrorTable { name, message }))) => Expected::Throws { name, message },
            (None, None, None, None) => {
                let field = if is_program { "output" } else { "expected" };
                return Err(format!("missing field `{field}` (or `any-of`, or `throws`): what is right"));
            }
        };
        Ok(Case { id, args, expected })
    }

    /// The row that says this, if there is one.
    pub(in crate::suite) fn of(case: &Case, is_program: bool) -> CaseRow {
        let text = |value: &Value| match value {
            Value::String(text) if is_program => text.as_str().map(str::to_owned),
            _ => None,
        };
        let mut row = CaseRow { id: Some(case.id.clone()), ..CaseRow::default() };
        match &case.args[..] {
            [input] if is_program => row.input = text(input),
            args => row.args = Some(args.to_vec()),
        }
        match &case.expected {
            Expected::Value(output) if is_program => row.output = text(output),
            Expected::Value(value) => row.expected = Some(value.clone()),
            Expected::AnyOf(all) => row.any_of = Some(all.clone()),
            Expected::Throws { name: None, message: None } => row.throws = Some(Throws::Anything(true)),
            Expected::Throws { name, message } => {
                row.throws = Some(Throws::Error(ErrorTable { name: name.clone(), message: message.clone() }));
            }
        }
        row
    }
}

impl Serialize for Throws {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Throws::Anything(it_does) => it_does.serialize(serializer),
            Throws::Error(table) => table.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Throws {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Throws, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Throws;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, or an object with the error's name, message, or both")
            }

            fn visit_bool<E: Error>(self, it_does: bool) -> Result<Throws, E> {
                Ok(Throws::Anything(it_does))
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Throws, A::Error> {
                ErrorTable::deserialize(MapAccessDeserializer::new(table)).map(Throws::Error)
            }
        }

        field.deserialize_any(Reader)
    }
}
