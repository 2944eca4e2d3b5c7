//! Values as JSON. What JSON has no words for is an object with one property whose name begins with `$`:
//!
//! | value | JSON |
//! |---|---|
//! | `undefined` | `{"$undefined":true}` |
//! | `NaN`, `Infinity`, `-Infinity`, `-0` | `{"$number":"NaN"}` and so on |
//! | `12n` | `{"$bigint":"12"}` |
//! | a string with a lone surrogate | `{"$utf16":[104,55296]}` |
//! | a hole in an array | `{"$hole":true}` |
//! | `Map`, `Set` | `{"$map":[[key,value],..]}`, `{"$set":[..]}` |
//! | `Date` | `{"$date":milliseconds}`, `{"$date":null}` for an invalid one |
//! | regular expression | `{"$regexp":["a+","gi"]}` |
//! | error | `{"$error":["TypeError","message"]}` |
//! | binary data | `{"$bytes":["Uint8Array","base64"]}` |
//! | object number 3 once more | `{"$ref":3}` |
//! | an object that has a name beginning with `$` | `{"$lit":{"$name":..}}` |
//! | an object that has a name with a lone surrogate | `{"$object":[[name,value],..]}` |

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use num_bigint::BigInt;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{BufferKind, JsString, MAX_DEPTH, Value};

/// Why a text is not a [`Value`] in JSON, with the line and column.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(#[from] serde_json::Error);

impl Value {
    /// Reads a value from JSON, in which `{"$..":..}` stands for what JSON has no words for (`{"$number":"NaN"}`,
    /// `{"$bigint":"12"}`, `{"$undefined":true}`, ..; an object of that shape itself is `{"$lit":{..}}`).
    ///
    /// # Errors
    /// Says what is wrong and at which line and column: a JSON syntax error, an unknown tag, a name that occurs
    /// twice in an object, nesting beyond [`MAX_DEPTH`], a reference to an object that has not begun.
    pub fn from_json(json: &str) -> Result<Value, ValueError> {
        let mut reader = serde_json::Deserializer::from_str(json);
        reader.disable_recursion_limit(); // ours is MAX_DEPTH
        let value = Value::deserialize(&mut reader)?;
        reader.end()?;
        Ok(value)
    }

    /// Writes the value as one line of JSON, which [`Value::from_json`] reads back to an equal value.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("values have string keys and writing to memory cannot fail")
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Undefined => tag(serializer, "$undefined", &true),
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(value) => number(serializer, *value),
            Value::BigInt(value) => tag(serializer, "$bigint", &value.to_string()),
            Value::String(value) => value.serialize(serializer),
            Value::Array(elements) => {
                let mut array = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    with_stack(|| match element {
                        Some(element) => array.serialize_element(element),
                        None => array.serialize_element(&Hole),
                    })?;
                }
                array.end()
            }
            Value::Object(properties) if properties.iter().any(|(key, _)| key.as_str().is_none()) => {
                tag(serializer, "$object", properties)
            }
            Value::Object(properties) if properties.iter().any(|(key, _)| key.to_text().starts_with('$')) => {
                tag(serializer, "$lit", &Plain(properties))
            }
            Value::Object(properties) => Plain(properties).serialize(serializer),
            Value::Map(entries) => tag(serializer, "$map", entries),
            Value::Set(members) => tag(serializer, "$set", members),
            Value::Date(time) => tag(serializer, "$date", &(!time.is_nan()).then_some(time)),
            Value::RegExp { source, flags } => tag(serializer, "$regexp", &(source, flags)),
            Value::Error { name, message } => tag(serializer, "$error", &(name, message)),
            Value::Bytes(kind, bytes) => tag(serializer, "$bytes", &(kind, BASE64.encode(bytes))),
            Value::Reference(number) => tag(serializer, "$ref", number),
        }
    }
}

/// Runs what recurses once a level with room for that level. [`MAX_DEPTH`] levels fit no small stack in a debug build.
fn with_stack<T>(level: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(64 << 10, 1 << 20, level)
}

fn tag<S: Serializer>(serializer: S, name: &str, payload: &(impl Serialize + ?Sized)) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, payload)?;
    map.end()
}

fn number<S: Serializer>(serializer: S, value: f64) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: to here every integer is written without a fraction
    if value.is_nan() {
        tag(serializer, "$number", "NaN")
    } else if value.is_infinite() {
        tag(serializer, "$number", if value > 0.0 { "Infinity" } else { "-Infinity" })
    } else if value == 0.0 && value.is_sign_negative() {
        tag(serializer, "$number", "-0")
    } else if value.fract() == 0.0 && value.abs() <= EXACT {
        serializer.serialize_i64(value as i64)
    } else {
        serializer.serialize_f64(value)
    }
}

struct Hole;

impl Serialize for Hole {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        tag(serializer, "$hole", &true)
    }
}

struct Plain<'a>(&'a [(JsString, Value)]);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        with_stack(|| serializer.collect_map(self.0.iter().map(|(key, value)| (key.to_text(), value))))
    }
}

impl Serialize for JsString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_str() {
            Some(text) => serializer.serialize_str(text),
            None => tag(serializer, "$utf16", &self.to_utf16()),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        let begun = Cell::new(0);
        match (Reader { depth: 0, begun: &begun }).deserialize(deserializer)? {
            Some(value) => Ok(value),
            None => Err(D::Error::custom("$hole: only an array has holes")),
        }
    }
}

/// Reads one value; `None` is a hole.
#[derive(Clone, Copy)]
struct Reader<'c> {
    depth: usize,
    /// How many objects have begun: the number that the next one gets.
    begun: &'c Cell<u32>,
}

impl<'c> Reader<'c> {
    fn begin<E: serde::de::Error>(self) -> Result<Reader<'c>, E> {
        self.begun.set(self.begun.get() + 1);
        self.deeper()
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Reader<'c>, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Reader { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        with_stack(|| deserializer.deserialize_any(self))
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(Some(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<Value>, E> {
        Ok(Some(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<Value>, E> {
        Ok(Some(Value::Number(value as f64)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<Value>, E> {
        Ok(Some(Value::Number(value as f64)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<Value>, E> {
        Ok(Some(Value::Number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Option<Value>, E> {
        Ok(Some(Value::String(value.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Option<Value>, A::Error> {
        let inside = self.begin()?;
        let mut elements = Vec::new();
        while let Some(element) = array.next_element_seed(inside)? {
            elements.push(element);
        }
        Ok(Some(Value::Array(elements)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let Some(first) = map.next_key::<String>()? else {
            self.begin::<A::Error>()?;
            return Ok(Some(Value::Object(Vec::new())));
        };
        if !first.starts_with('$') {
            return Properties(self).read(map, Some(first)).map(Some);
        }
        let value = self.tagged(&first, &mut map)?;
        match map.next_key::<String>()? {
            None => Ok(value),
            Some(second) => Err(A::Error::custom(format_args!(
                "{second:?} beside {first:?}: a tag stands alone; an object with such names is {{\"$lit\":{{..}}}}"
            ))),
        }
    }
}

impl Reader<'_> {
    fn tagged<'de, A: MapAccess<'de>>(self, tag: &str, map: &mut A) -> Result<Option<Value>, A::Error> {
        let bad = |what: &str| A::Error::custom(format_args!("{tag}: expected {what}"));
        Ok(Some(match tag {
            "$undefined" => {
                map.next_value::<IgnoredAny>()?;
                Value::Undefined
            }
            "$hole" => {
                map.next_value::<IgnoredAny>()?;
                return Ok(None);
            }
            "$number" => Value::Number(match map.next_value::<String>()?.as_str() {
                "NaN" => f64::NAN,
                "Infinity" => f64::INFINITY,
                "-Infinity" => f64::NEG_INFINITY,
                "-0" => -0.0,
                _ => return Err(bad("\"NaN\", \"Infinity\", \"-Infinity\" or \"-0\"")),
            }),
            "$bigint" => {
                let digits = map.next_value::<String>()?;
                Value::BigInt(digits.parse::<BigInt>().map_err(|_| bad("an integer's digits in a string"))?)
            }
            "$utf16" => Value::String(JsString::from_utf16(map.next_value()?)),
            "$ref" => {
                let number = map.next_value::<u32>()?;
                if number >= self.begun.get() {
                    return Err(bad("the number of an object that has begun before"));
                }
                Value::Reference(number)
            }
            "$date" => {
                self.begin::<A::Error>()?;
                Value::Date(map.next_value::<Option<f64>>()?.unwrap_or(f64::NAN))
            }
            "$regexp" => {
                self.begin::<A::Error>()?;
                let (Text(source), flags) = map.next_value()?;
                Value::RegExp { source, flags }
            }
            "$error" => {
                self.begin::<A::Error>()?;
                let (name, Text(message)) = map.next_value()?;
                Value::Error { name, message }
            }
            "$bytes" => {
                self.begin::<A::Error>()?;
                let (kind, text) = map.next_value::<(BufferKind, String)>()?;
                let bytes = BASE64.decode(text).map_err(|_| bad("the kind, and the bytes in base64"))?;
                if bytes.len() % kind.element_size() != 0 {
                    return Err(bad("a whole number of elements"));
                }
                Value::Bytes(kind, bytes)
            }
            "$set" => match map.next_value_seed(self)? {
                Some(Value::Array(members)) => {
                    Value::Set(members.into_iter().collect::<Option<_>>().ok_or_else(|| bad("no holes"))?)
                }
                _ => return Err(bad("an array of members")),
            },
            "$map" => Value::Map(map.next_value_seed(Entries(self))?),
            "$object" => {
                let entries = map.next_value_seed(Entries(self))?.into_iter();
                let named = entries.map(|(key, value)| match key {
                    Value::String(key) => Ok((key, value)),
                    _ => Err(bad("names that are strings")),
                });
                Value::Object(named.collect::<Result<_, _>>()?)
            }
            "$lit" => map.next_value_seed(Properties(self))?,
            _ => {
                return Err(A::Error::custom(format_args!(
                    "unknown tag {tag:?}: an object with such a name is {{\"$lit\":{{{tag:?}:..}}}}"
                )));
            }
        }))
    }
}

/// An object whose names are all just names.
struct Properties<'c>(Reader<'c>);

impl Properties<'_> {
    fn read<'de, A: MapAccess<'de>>(self, mut map: A, first: Option<String>) -> Result<Value, A::Error> {
        let inside = self.0.begin()?;
        let mut properties = Vec::new();
        let mut names = HashSet::new();
        let mut next = first;
        loop {
            let name = match next.take() {
                Some(name) => name,
                None => match map.next_key::<String>()? {
                    Some(name) => name,
                    None => return Ok(Value::Object(properties)),
                },
            };
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("the name {name:?} occurs twice in one object")));
            }
            let Some(value) = map.next_value_seed(inside)? else {
                return Err(A::Error::custom("$hole: only an array has holes"));
            };
            properties.push((name.into(), value));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Properties<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        self.read(map, None)
    }
}

/// `[[key, value], ..]`, which is one object: the pairs themselves are not numbered.
struct Entries<'c>(Reader<'c>);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = Vec<(Value, Value)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = Vec<(Value, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of [key, value] pairs")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let inside = self.0.begin()?;
        let mut entries = Vec::new();
        while let Some(entry) = array.next_element_seed(Pair(inside))? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

struct Pair<'c>(Reader<'c>);

impl<'de> DeserializeSeed<'de> for Pair<'_> {
    type Value = (Value, Value);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Pair<'_> {
    type Value = (Value, Value);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a [key, value] pair")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let key = array.next_element_seed(self.0)?.flatten();
        let value = array.next_element_seed(self.0)?.flatten();
        match (key, value, array.next_element::<IgnoredAny>()?) {
            (Some(key), Some(value), None) => Ok((key, value)),
            _ => Err(A::Error::custom("expected a [key, value] pair")),
        }
    }
}

/// A string, or `{"$utf16":[..]}`.
struct Text(JsString);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Text(text)),
            _ => Err(D::Error::custom("expected a string")),
        }
    }
}
