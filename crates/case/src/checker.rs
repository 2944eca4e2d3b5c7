use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::{JsString, Value};

/// Decides whether a returned value is the expected one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Checker {
    /// The same structure, with primitives equal by SameValueZero: `NaN` equals `NaN`, and `0` equals `-0`
    /// (ECMA-262, section 7.2.11).
    Exact,
    /// As [`Checker::Exact`], but two finite numbers are equal if they differ by at most `absolute`, or by at most
    /// `relative` times the expected one. `NaN` equals only `NaN`, an infinity only itself.
    Approximate {
        /// The largest absolute error.
        absolute: f64,
        /// The largest error relative to the expected number.
        relative: f64,
    },
}

/// Where and how a value differs from the expected one, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place of the first difference, such as `result[3].left`.
    pub path: String,
    /// What was expected there.
    pub expected: String,
    /// What was there.
    pub actual: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.path, self.expected, self.actual)
    }
}

impl Checker {
    /// The checker that takes `tolerance` both as the absolute and as the relative error.
    pub fn approximate(tolerance: f64) -> Checker {
        Checker::Approximate { absolute: tolerance, relative: tolerance }
    }

    /// The first difference between the two values, in the order of the expected one; `None` if `actual` is right.
    ///
    /// Objects are compared by their properties whatever their order, maps and sets likewise. Shared references are
    /// equal to copies, and a cycle to any other way of writing the same endless tree. An error is compared by name
    /// and message.
    pub fn difference(&self, expected: &Value, actual: &Value) -> Option<Difference> {
        Comparison::new(self, expected, actual).run(expected, actual)
    }

    fn numbers_equal(&self, expected: f64, actual: f64) -> bool {
        if expected == actual || (expected.is_nan() && actual.is_nan()) {
            return true;
        }
        match *self {
            Checker::Exact => false,
            Checker::Approximate { absolute, relative } => {
                let error = (expected - actual).abs();
                error.is_finite() && (error <= absolute || error <= relative * expected.abs())
            }
        }
    }
}

struct Comparison<'a> {
    checker: &'a Checker,
    expected: Objects<'a>,
    actual: Objects<'a>,
    /// The pairs already begun through a reference: met again, they are equal if everything else is.
    assumed: HashSet<(*const Value, *const Value)>,
}

/// The numbered objects of a value; the table is built at the first reference.
struct Objects<'a> {
    root: &'a Value,
    table: OnceCell<Vec<&'a Value>>,
}

impl<'a> Objects<'a> {
    fn resolve(&self, value: &'a Value) -> Option<&'a Value> {
        let Value::Reference(number) = value else { return Some(value) };
        let table = self.table.get_or_init(|| {
            let (mut table, mut pending) = (Vec::new(), vec![self.root]);
            while let Some(value) = pending.pop() {
                if value.is_object() {
                    table.push(value);
                    let from = pending.len();
                    pending.extend(value.children());
                    pending[from..].reverse();
                }
            }
            table
        });
        table.get(*number as usize).copied()
    }
}

/// A step from a value to one inside it, and where that value itself is.
struct Place<'a> {
    outer: usize,
    step: Step<'a>,
}

enum Step<'a> {
    Root,
    Index(usize),
    Property(&'a JsString),
    MapValue(&'a Value),
}

// A worklist and not recursion: comparing two cycles of coprime lengths goes as deep as their product.
struct Work<'a> {
    places: Vec<Place<'a>>,
    pending: Vec<(Task<'a>, usize)>,
}

enum Task<'a> {
    /// Expected and actual.
    Compare(&'a Value, &'a Value),
    /// Known to differ: what was expected and what was there.
    Differ(String, String),
}

impl<'a> Work<'a> {
    fn push_all(&mut self, outer: usize, inside: impl Iterator<Item = (Step<'a>, Task<'a>)>) {
        let from = self.pending.len();
        for (step, task) in inside {
            self.places.push(Place { outer, step });
            self.pending.push((task, self.places.len() - 1));
        }
        self.pending[from..].reverse();
    }

    fn path(&self, mut place: usize) -> String {
        let mut steps = Vec::new();
        while let Place { outer, step } = &self.places[place]
            && !matches!(step, Step::Root)
        {
            steps.push(step.to_string());
            place = *outer;
        }
        steps.push("result".to_owned());
        steps.reverse();
        steps.concat()
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Root => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Property(name) => match name.as_str() {
                Some(text) if crate::submission::is_identifier(text) => write!(f, ".{text}"),
                _ => write!(f, "[{:?}]", name.to_text()),
            },
            Step::MapValue(key) => write!(f, ".get({})", short(key)),
        }
    }
}

impl<'a> Comparison<'a> {
    fn new(checker: &'a Checker, expected: &'a Value, actual: &'a Value) -> Comparison<'a> {
        let objects = |root| Objects { root, table: OnceCell::new() };
        Comparison { checker, expected: objects(expected), actual: objects(actual), assumed: HashSet::new() }
    }

    fn run(&mut self, expected: &'a Value, actual: &'a Value) -> Option<Difference> {
        let root = Place { outer: 0, step: Step::Root };
        let mut work = Work { places: vec![root], pending: vec![(Task::Compare(expected, actual), 0)] };
        while let Some((task, place)) = work.pending.pop() {
            let differ = match task {
                Task::Compare(expected, actual) => self.step(expected, actual, place, &mut work),
                Task::Differ(expected, actual) => Err((expected, actual)),
            };
            if let Err((expected, actual)) = differ {
                return Some(Difference { path: work.path(place), expected, actual });
            }
        }
        None
    }

    /// Compares one pair and queues what is inside; else says what was expected and what was there.
    fn step(
        &mut self,
        expected: &'a Value,
        actual: &'a Value,
        place: usize,
        work: &mut Work<'a>,
    ) -> Result<(), (String, String)> {
        use Value::*;
        let by_reference = matches!(expected, Reference(_)) || matches!(actual, Reference(_));
        let (Some(expected), Some(actual)) = (self.expected.resolve(expected), self.actual.resolve(actual)) else {
            return Err((short(expected), short(actual)));
        };
        if by_reference && !self.assumed.insert((expected, actual)) {
            return Ok(());
        }
        let differ = || Err((short(expected), short(actual)));
        let sizes = |what: &str, expected: usize, actual: usize| {
            if expected == actual {
                return Ok(());
            }
            let size = |n: usize| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
            Err((size(expected), size(actual)))
        };
        match (expected, actual) {
            (Number(expected), Number(actual)) if self.checker.numbers_equal(*expected, *actual) => Ok(()),
            (Date(expected), Date(actual)) if expected == actual || (expected.is_nan() && actual.is_nan()) => Ok(()),
            (Undefined | Null | Bool(_) | BigInt(_) | String(_) | RegExp { .. } | Error { .. } | Bytes(..), _)
                if expected == actual =>
            {
                Ok(())
            }
            (Array(expected), Array(actual)) => {
                let pairs = expected.iter().zip(actual).enumerate();
                // The lengths come last: `expected 4, got 5` at the first wrong element tells more.
                if let Err((expected, actual)) = sizes("element", expected.len(), actual.len()) {
                    work.pending.push((Task::Differ(expected, actual), place));
                }
                let hole = |element: &Option<Value>| element.as_ref().map_or("a hole".to_owned(), short);
                work.push_all(
                    place,
                    pairs.filter_map(|(index, elements)| {
                        let task = match elements {
                            (Some(expected), Some(actual)) => Task::Compare(expected, actual),
                            (None, None) => return None,
                            (expected, actual) => Task::Differ(hole(expected), hole(actual)),
                        };
                        Some((Step::Index(index), task))
                    }),
                );
                Ok(())
            }
            (Object(expected), Object(actual)) => {
                let properties: HashMap<&JsString, &Value> = actual.iter().map(|(name, value)| (name, value)).collect();
                if let Some((name, value)) = expected.iter().find(|(name, _)| !properties.contains_key(name)) {
                    return Err((format!("{}: {}", name.to_text(), short(value)), "no such property".to_owned()));
                }
                if expected.len() != actual.len() {
                    let known: HashSet<&JsString> = expected.iter().map(|(name, _)| name).collect();
                    let extra = actual.iter().find(|(name, _)| !known.contains(name));
                    let extra = extra.map(|(name, _)| name.to_text()).unwrap_or_default();
                    return Err((format!("no property {extra}"), "one".to_owned()));
                }
                let task = |name, value| Task::Compare(value, properties[name]);
                work.push_all(place, expected.iter().map(|(name, value)| (Step::Property(name), task(name, value))));
                Ok(())
            }
            (Set(expected), Set(actual)) => {
                sizes("member", expected.len(), actual.len())?;
                self.pair_up(expected, actual).map(|_| ())
            }
            (Map(expected), Map(actual)) => {
                sizes("entry", expected.len(), actual.len())?;
                let order = self.pair_up(expected.iter().map(|(key, _)| key), actual.iter().map(|(key, _)| key))?;
                let pairs = expected.iter().zip(order);
                // The keys are equal already: that is how the entries were paired up.
                work.push_all(
                    place,
                    pairs.map(|((key, value), other)| (Step::MapValue(key), Task::Compare(value, &actual[other].1))),
                );
                Ok(())
            }
            _ => differ(),
        }
    }

    fn nested(&self, expected: &'a Value, actual: &'a Value) -> Option<Difference> {
        let mut inner = Comparison::new(self.checker, self.expected.root, self.actual.root);
        // What was assumed out here holds inside: without it a set that contains itself is entered for ever. What is
        // assumed inside may come to nothing, and stays there.
        inner.assumed.clone_from(&self.assumed);
        inner.run(expected, actual)
    }

    /// For each expected member an actual one that equals it, each used once; what is without one is the error.
    fn pair_up(
        &self,
        expected: impl IntoIterator<Item = &'a Value>,
        actual: impl IntoIterator<Item = &'a Value>,
    ) -> Result<Vec<usize>, (String, String)> {
        let mut rest: Vec<(usize, &Value)> = actual.into_iter().enumerate().collect();
        rest.reverse();
        let mut order = Vec::with_capacity(rest.len());
        for member in expected {
            // Usually the orders agree, and the last of `rest` is it.
            match rest.iter().rposition(|(_, other)| self.nested(member, other).is_none()) {
                Some(at) => order.push(rest.remove(at).0),
                None => return Err((short(member), "no such member".to_owned())),
            }
        }
        Ok(order)
    }
}

/// The value in at most 80 characters.
fn short(value: &Value) -> String {
    const WIDTH: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}
