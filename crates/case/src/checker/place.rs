use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use super::{Equality, Order, short};
use crate::submission::is_identifier;
use crate::{JsString, MAX_DEPTH, Value};

/// Places in a value: `result`, and then any number of steps inwards.
///
/// | step | goes to |
/// |---|---|
/// | `.name`, `["any name"]` | the property of this name |
/// | `.*` | every property |
/// | `[3]` | the element of this number, from 0, of an array whose order matters |
/// | `[*]` | every element of an array, every member of a set |
/// | `.get(*)` | every value of a map |
///
/// ```
/// use deem_case::PathPattern;
///
/// let path: PathPattern = "result[*].score".parse()?;
/// assert_eq!(path.to_string(), "result[*].score");
/// assert!("score".parse::<PathPattern>().is_err());
/// # Ok::<(), deem_case::InvalidPath>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathPattern(Vec<Segment>);

/// This names no places in a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} names no place in a value: a path is `result` and steps such as `.name`, `[\"any name\"]`, `.*`, `[3]`, `[*]` and `.get(*)`"
)]
pub struct InvalidPath(String);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Segment {
    Property(String),
    AnyProperty,
    Index(usize),
    AnyElement,
    AnyMapValue,
}

impl FromStr for PathPattern {
    type Err = InvalidPath;

    fn from_str(text: &str) -> Result<PathPattern, InvalidPath> {
        let invalid = || InvalidPath(text.to_owned());
        let mut rest = text.strip_prefix("result").ok_or_else(invalid)?;
        let mut segments = Vec::new();
        while !rest.is_empty() {
            let (segment, after) = segment(rest).ok_or_else(invalid)?;
            segments.push(segment);
            rest = after;
        }
        Ok(PathPattern(segments))
    }
}

impl TryFrom<String> for PathPattern {
    type Error = InvalidPath;

    fn try_from(text: String) -> Result<PathPattern, InvalidPath> {
        text.parse()
    }
}

impl From<PathPattern> for String {
    fn from(path: PathPattern) -> String {
        path.to_string()
    }
}

/// The first step in the text, and what comes after it.
fn segment(text: &str) -> Option<(Segment, &str)> {
    let wildcards = [(".get(*)", Segment::AnyMapValue), (".*", Segment::AnyProperty), ("[*]", Segment::AnyElement)];
    for (wildcard, segment) in wildcards {
        if let Some(rest) = text.strip_prefix(wildcard) {
            return Some((segment, rest));
        }
    }
    if let Some(named) = text.strip_prefix('.') {
        let (name, rest) = named.split_at(named.find(['.', '[']).unwrap_or(named.len()));
        return is_identifier(name).then(|| (Segment::Property(name.to_owned()), rest));
    }
    let inside = text.strip_prefix('[')?;
    if inside.starts_with('"') {
        let mut names = serde_json::Deserializer::from_str(inside).into_iter::<String>();
        let name = names.next()?.ok()?;
        return Some((Segment::Property(name), inside[names.byte_offset()..].strip_prefix(']')?));
    }
    let (index, rest) = inside.split_once(']')?;
    let is_number = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| index.parse().ok())?.map(|index| (Segment::Index(index), rest))
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("result")?;
        self.0.iter().try_for_each(|segment| match segment {
            Segment::Property(name) if is_identifier(name) => write!(f, ".{name}"),
            // A name in JSON, for that is how it is read.
            Segment::Property(name) => write!(f, "[{}]", serde_json::Value::from(name.as_str())),
            Segment::AnyProperty => f.write_str(".*"),
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::AnyElement => f.write_str("[*]"),
            Segment::AnyMapValue => f.write_str(".get(*)"),
        })
    }
}

/// A step from a value to one inside it.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Root,
    Index(usize),
    Property(&'a JsString),
    MapKey,
    MapValue(&'a Value),
    Member,
}

impl Step<'_> {
    fn is_of(self, segment: &Segment) -> bool {
        match (segment, self) {
            (Segment::Property(name), Step::Property(property)) => property.as_str() == Some(name),
            (Segment::Index(one), Step::Index(other)) => *one == other,
            (Segment::AnyProperty, Step::Property(_))
            | (Segment::AnyElement, Step::Index(_) | Step::Member)
            | (Segment::AnyMapValue, Step::MapValue(_)) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Root | Step::MapKey | Step::Member => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Property(name) => match name.as_str() {
                Some(text) if is_identifier(text) => write!(f, ".{text}"),
                _ => write!(f, "[{:?}]", name.to_text()),
            },
            Step::MapValue(key) => write!(f, ".get({})", short(key)),
        }
    }
}

/// What is to be known of a place to compare what is there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Here<'a> {
    /// How many arrays it is inside of: no more are counted than make a difference, so that a cycle comes back to where
    /// it was.
    pub(super) arrays: usize,
    reach: Reach<'a>,
}

/// Where a tolerance holds, seen from a place.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Reach<'a> {
    Everywhere,
    /// What is left to go of each path that leads through here; without any, nowhere.
    Ahead(Rc<[&'a [Segment]]>),
}

impl<'a> Here<'a> {
    pub(super) fn root(tolerant_at: &'a [PathPattern]) -> Here<'a> {
        let paths = tolerant_at.iter().map(|path| &path.0[..]);
        let reach = if tolerant_at.is_empty() { Reach::Everywhere } else { Reach::ahead(paths) };
        Here { arrays: 0, reach }
    }

    pub(super) fn is_tolerant(&self) -> bool {
        self.reach == Reach::Everywhere
    }

    /// The elements of an array that is here: each is a further step inwards.
    pub(super) fn within_array(&self, equality: &Equality) -> Here<'a> {
        let arrays = match equality.order {
            Order::Any { depth } | Order::Set { depth } if depth < MAX_DEPTH => (self.arrays + 1).min(depth),
            _ => 0,
        };
        Here { arrays, reach: self.reach.clone() }
    }

    /// The place one step inwards.
    pub(super) fn inside(&self, step: Step<'_>) -> Here<'a> {
        let reach = match &self.reach {
            Reach::Ahead(paths) if !paths.is_empty() => Reach::ahead(paths.iter().filter_map(|path| {
                let (first, rest) = path.split_first()?;
                step.is_of(first).then_some(rest)
            })),
            same => same.clone(),
        };
        Here { arrays: self.arrays, reach }
    }
}

impl<'a> Reach<'a> {
    fn ahead(paths: impl Iterator<Item = &'a [Segment]>) -> Reach<'a> {
        let paths: Rc<[&[Segment]]> = paths.collect();
        if paths.iter().any(|path| path.is_empty()) { Reach::Everywhere } else { Reach::Ahead(paths) }
    }
}
