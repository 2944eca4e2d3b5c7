//! Where in the text of a value a place in it is, such as `result[3].left`.

use std::fmt::{self, Write};
use std::ops::Range;

use deem_core::Value;

use super::text::in_line;

/// Places further on than this, in bytes, are not looked for.
pub(super) const FARTHEST: usize = 1 << 20;

/// Where the part of the value that is at `path` begins and ends, in bytes of the value's text in a line. `None` where the path
/// goes through what has no order, or too far.
pub(super) fn span(value: &Value, path: &str) -> Option<Range<usize>> {
    let mut rest = path.strip_prefix("result")?;
    let (mut value, mut start) = (value, 0);
    while !rest.is_empty() {
        let (inside, before, after) = match value {
            Value::Array(elements) => element(elements, rest)?,
            Value::Object(properties) => {
                let (at, after) = properties.iter().enumerate().find_map(|(at, (name, _))| {
                    let name = name.to_text();
                    let after = rest.strip_prefix(&format!("[{name:?}]"));
                    Some((at, after.or_else(|| rest.strip_prefix('.')?.strip_prefix(&*name))?))
                        .filter(|(_, after)| after.is_empty() || after.starts_with(['.', '[']))
                })?;
                let mut before = 1;
                for (name, value) in &properties[..at] {
                    before = not_too_far(before + name_length(name)? + length(value)? + 1)?;
                }
                (&properties[at].1, before + name_length(&properties[at].0)?, after)
            }
            _ => return None,
        };
        (value, rest, start) = (inside, after, not_too_far(start + before)?);
    }
    Some(start..start + length(value).unwrap_or(FARTHEST))
}

/// The element that the path begins with, how far it is from the array's own begin, and what follows in the path.
fn element<'v, 'p>(elements: &'v [Option<Value>], path: &'p str) -> Option<(&'v Value, usize, &'p str)> {
    let (index, after) = path.strip_prefix('[')?.split_once(']')?;
    let index: usize = index.parse().ok()?;
    let mut before = 1;
    for element in elements.get(..index)? {
        let length = match element {
            Some(element) => length(element)?,
            None => "<hole>".len(),
        };
        before = not_too_far(before + 1 + length)?;
    }
    Some((elements.get(index)?.as_ref()?, before, after))
}

fn not_too_far(place: usize) -> Option<usize> {
    (place <= FARTHEST).then_some(place)
}

/// How long a property's name is with its colon.
fn name_length(name: &deem_core::JsString) -> Option<usize> {
    let alone = Value::Object(vec![(name.clone(), Value::Null)]);
    Some(length(&alone)? - "{null}".len())
}

/// How long the text is in a line, unless that is too far.
fn length(shown: &impl fmt::Display) -> Option<usize> {
    struct Length(usize);
    impl Write for Length {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += in_line(text).len();
            if self.0 > FARTHEST { Err(fmt::Error) } else { Ok(()) }
        }
    }
    let mut length = Length(0);
    write!(length, "{shown}").ok()?;
    Some(length.0)
}

#[cfg(test)]
mod tests {
    use deem_core::{Checker, Equality};
    use proptest::prelude::*;

    use super::*;

    fn at<'t>(json: &str, path: &str, text: &'t mut String) -> Option<&'t str> {
        let value = Value::from_json(json).expect("a value");
        *text = value.to_string();
        span(&value, path).map(|span| &text[span])
    }

    #[test]
    fn a_place_is_found_by_its_path() {
        let json = r#"[1,{"a":[2,"x"],"b c":{"d":3},"a.b":4},[{"$undefined":true}]]"#;
        for (path, found) in [
            ("result[0]", Some("1")),
            ("result[1].a[1]", Some("\"x\"")),
            ("result[1][\"b c\"].d", Some("3")),
            ("result[1][\"a.b\"]", Some("4")),
            ("result[2]", Some("[undefined]")),
            ("result[3]", None),
            ("result[1].b", None),
            ("result[0].b", None),
            ("line 1", None),
        ] {
            assert_eq!(at(json, path, &mut String::new()), found, "{path}");
        }
        assert_eq!(at("5", "result", &mut String::new()), Some("5"));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![(0..3).prop_map(Value::from), "[a-b\u{1b}é]{0,2}".prop_map(|text| Value::from(&*text))];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map("[a-b .]{0,2}", inner, 0..3).prop_map(|properties| {
                    Value::Object(properties.into_iter().map(|(name, value)| (name.as_str().into(), value)).collect())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_differs_is_where_its_path_says(expected in values(), actual in values()) {
            let strict = Checker::Values(Equality { signed_zero: true, ..Equality::default() });
            if let Some(difference) = strict.difference(&expected, &actual)
                && let Some((one, other)) = span(&expected, &difference.path).zip(span(&actual, &difference.path))
            {
                let (one, other) = (&in_line(&expected.to_string())[one], &in_line(&actual.to_string())[other]);
                prop_assert_ne!(one, other);
                let is_whole = |text: &str| text == in_line(&difference.expected);
                prop_assert!(is_whole(one) || one.starts_with(['[', '{']), "{} at {}", one, difference);
            }
        }
    }
}
