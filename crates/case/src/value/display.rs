use std::fmt;

use super::{JsString, Value};

/// Writes the value for a person to read, near to how it would be written in JavaScript.
///
/// ```
/// use deem_case::Value;
///
/// let value = Value::from_json(r#"[1, "a", {"$number": "NaN"}, {"$bigint": "12"}, {"k": {"$undefined": true}}]"#)?;
/// assert_eq!(value.to_string(), r#"[1,"a",NaN,12n,{k:undefined}]"#);
/// # Ok::<(), deem_case::ValueError>(())
/// ```
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Undefined => f.write_str("undefined"),
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Number(value) => number(f, *value),
            Value::BigInt(value) => write!(f, "{value}n"),
            Value::String(value) => string(f, value),
            Value::Array(elements) => list(f, "[", elements, "]", |f, element| match element {
                Some(element) => write!(f, "{element}"),
                None => f.write_str("<hole>"),
            }),
            Value::Object(properties) => list(f, "{", properties, "}", |f, (key, value)| {
                key_text(f, key)?;
                write!(f, ":{value}")
            }),
            Value::Map(entries) => list(f, "Map{", entries, "}", |f, (key, value)| write!(f, "{key}=>{value}")),
            Value::Set(members) => list(f, "Set{", members, "}", |f, member| write!(f, "{member}")),
            Value::Date(time) if time.is_nan() => f.write_str("Date(invalid)"),
            Value::Date(time) => write!(f, "Date({time})"),
            Value::RegExp { source, flags } => write!(f, "/{}/{flags}", source.to_text()),
            Value::Error { name, message } => write!(f, "{name}({:?})", message.to_text()),
            Value::Bytes(kind, bytes) => list(f, &format!("{kind:?}["), bytes, "]", |f, byte| write!(f, "{byte:02x}")),
            Value::Reference(number) => write!(f, "<object {number}>"),
        }
    }
}

/// Writes a property's name, quoted unless it is an identifier.
pub(crate) fn key_text(f: &mut fmt::Formatter<'_>, key: &JsString) -> fmt::Result {
    match key.as_str() {
        Some(name) if crate::submission::is_identifier(name) => f.write_str(name),
        _ => string(f, key),
    }
}

fn number(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    if value.is_infinite() {
        return f.write_str(if value > 0.0 { "Infinity" } else { "-Infinity" });
    }
    // Rust writes every digit of 1e300; JavaScript turns to exponents at 1e21.
    if value != 0.0 && !(1e-6..1e21).contains(&value.abs()) && !value.is_nan() {
        return write!(f, "{value:e}");
    }
    write!(f, "{value}")
}

fn string(f: &mut fmt::Formatter<'_>, value: &JsString) -> fmt::Result {
    match value.as_str() {
        Some(text) => write!(f, "{text:?}"),
        None => write!(f, "{value:?}"),
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    open: &str,
    items: &[T],
    close: &str,
    mut item: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_str(open)?;
    for (index, each) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        item(f, each)?;
    }
    f.write_str(close)
}
