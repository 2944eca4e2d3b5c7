use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::fingerprint::Fingerprints;
use super::matching::{Key, Odd, cover, pair_up};
use super::place::{Here, Step};
use super::{Difference, Equality, Order, short};
use crate::{JsString, Value};

/// One comparison of two values.
#[derive(Clone)]
pub(super) struct Comparison<'a> {
    equality: &'a Equality,
    expected: Objects<'a>,
    actual: Objects<'a>,
    fingerprints: OnceCell<Fingerprints<'a>>,
    /// The pairs already begun through a reference: met again, they are equal if everything else is.
    assumed: HashSet<(*const Value, *const Value, Here<'a>)>,
}

/// The numbered objects of a value; the table is built at the first reference, and shared by clones.
#[derive(Clone)]
pub(super) struct Objects<'a> {
    root: &'a Value,
    table: Rc<OnceCell<Vec<&'a Value>>>,
}

impl<'a> Objects<'a> {
    fn of(root: &'a Value) -> Objects<'a> {
        Objects { root, table: Rc::default() }
    }

    pub(super) fn resolve(&self, value: &'a Value) -> Option<&'a Value> {
        let Value::Reference(number) = value else { return Some(value) };
        let table = self.table.get_or_init(|| self.all().filter(|value| value.is_object()).collect());
        table.get(*number as usize).copied()
    }

    /// The value and all inside it, in the order in which objects are numbered.
    fn all(&self) -> impl Iterator<Item = &'a Value> {
        let mut pending = vec![self.root];
        std::iter::from_fn(move || {
            let value = pending.pop()?;
            let from = pending.len();
            pending.extend(value.children());
            pending[from..].reverse();
            Some(value)
        })
    }

    fn has_references(&self) -> bool {
        self.all().any(|value| matches!(value, Value::Reference(_)))
    }
}

/// A step from a value to one inside it, and where that value itself is.
struct Place<'a> {
    outer: usize,
    step: Step<'a>,
    here: Here<'a>,
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
    fn push_all(&mut self, outer: usize, inside: impl Iterator<Item = (Step<'a>, Here<'a>, Task<'a>)>) {
        let from = self.pending.len();
        for (step, here, task) in inside {
            self.places.push(Place { outer, step, here });
            self.pending.push((task, self.places.len() - 1));
        }
        self.pending[from..].reverse();
    }

    fn path(&self, mut place: usize) -> String {
        let mut steps = Vec::new();
        while let Place { outer, step, .. } = &self.places[place]
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

type Differ = (String, String);

impl<'a> Comparison<'a> {
    pub(super) fn new(equality: &'a Equality, expected: &'a Value, actual: &'a Value) -> Comparison<'a> {
        let (expected, actual) = (Objects::of(expected), Objects::of(actual));
        Comparison { equality, expected, actual, fingerprints: OnceCell::new(), assumed: HashSet::new() }
    }

    /// The first difference, and how many values were equal before it.
    pub(super) fn run(&mut self) -> Option<(usize, Difference)> {
        let here = Here::root(&self.equality.tolerant_at);
        self.compare(self.expected.root, self.actual.root, here)
    }

    fn compare(&mut self, expected: &'a Value, actual: &'a Value, here: Here<'a>) -> Option<(usize, Difference)> {
        let root = Place { outer: 0, step: Step::Root, here };
        let mut work = Work { places: vec![root], pending: vec![(Task::Compare(expected, actual), 0)] };
        let mut equal = 0;
        while let Some((task, place)) = work.pending.pop() {
            let differ = match task {
                Task::Compare(expected, actual) => self.step(expected, actual, place, &mut work),
                Task::Differ(expected, actual) => Err((expected, actual)),
            };
            if let Err((expected, actual)) = differ {
                return Some((equal, Difference { path: work.path(place), expected, actual }));
            }
            equal += 1;
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
    ) -> Result<(), Differ> {
        use Value::*;
        let by_reference = matches!(expected, Reference(_)) || matches!(actual, Reference(_));
        let (Some(expected), Some(actual)) = (self.expected.resolve(expected), self.actual.resolve(actual)) else {
            return Err((short(expected), short(actual)));
        };
        let here = work.places[place].here.clone();
        if by_reference && !self.assumed.insert((expected, actual, here.clone())) {
            return Ok(());
        }
        match (expected, actual) {
            (Number(expected), Number(actual)) if self.equality.numbers(*expected, *actual, here.is_tolerant()) => {
                Ok(())
            }
            (Date(expected), Date(actual)) if expected == actual || (expected.is_nan() && actual.is_nan()) => Ok(()),
            (Undefined | Null | Bool(_) | BigInt(_) | String(_) | RegExp { .. } | Error { .. } | Bytes(..), _)
                if expected == actual =>
            {
                Ok(())
            }
            (Array(expected), Array(actual)) => {
                let within = here.within_array(self.equality);
                match self.equality.order_within(here.arrays) {
                    Order::Given => {
                        in_order(expected, actual, &within, place, work);
                        Ok(())
                    }
                    order => self.in_any_order(expected, actual, order, &within, place, work),
                }
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
                let inside = expected.iter().map(|(name, value)| {
                    let step = Step::Property(name);
                    (step, here.inside(step), Task::Compare(value, properties[name]))
                });
                work.push_all(place, inside);
                Ok(())
            }
            (Set(expected), Set(actual)) => {
                sizes("member", expected.len(), actual.len())?;
                self.members(expected.iter(), actual.iter(), &here.inside(Step::Member)).map(|_| ())
            }
            (Map(expected), Map(actual)) => {
                sizes("entry", expected.len(), actual.len())?;
                let keys = (expected.iter().map(|(key, _)| key), actual.iter().map(|(key, _)| key));
                let order = self.members(keys.0, keys.1, &here.inside(Step::MapKey))?;
                // The keys are equal already: that is how the entries were paired up.
                let inside = expected.iter().zip(order).map(|((key, value), other)| {
                    let step = Step::MapValue(key);
                    (step, here.inside(step), Task::Compare(value, &actual[other].1))
                });
                work.push_all(place, inside);
                Ok(())
            }
            _ => Err((short(expected), short(actual))),
        }
    }

    /// Compares arrays as multisets, or as sets.
    fn in_any_order(
        &self,
        expected: &'a [Option<Value>],
        actual: &'a [Option<Value>],
        order: Order,
        within: &Here<'a>,
        place: usize,
        work: &mut Work<'a>,
    ) -> Result<(), Differ> {
        let here = within.inside(Step::Member);
        let (ones, others) = self.keys(expected.iter().map(Option::as_ref), actual.iter().map(Option::as_ref), &here);
        let equal = |one: usize, other: usize| match (&expected[one], &actual[other]) {
            (Some(expected), Some(actual)) => self.nested(expected, actual, &here),
            (one, other) => one.is_none() && other.is_none(),
        };
        let found = match order {
            Order::Set { .. } => cover(&ones, &others, equal),
            Order::Given | Order::Any { .. } => pair_up(&ones, &others, equal).map(|_| ()),
        };
        let (index, task) = match found {
            Ok(()) => return Ok(()),
            Err(Odd::Actual(other)) => {
                return Err((format!("no further element {}", element(&actual[other])), "one".to_owned()));
            }
            // All others have found each other, so it is these two that are to be equal.
            Err(Odd::Pair(one, other)) => (one, pair(&expected[one], &actual[other])),
            Err(Odd::Expected(one)) => (one, Some(Task::Differ(element(&expected[one]), "no such element".to_owned()))),
        };
        work.push_all(place, task.into_iter().map(|task| (Step::Index(index), here.clone(), task)));
        Ok(())
    }

    /// For each expected member an actual one that equals it, each used once; what is without one is the error.
    fn members(
        &self,
        expected: impl Iterator<Item = &'a Value>,
        actual: impl Iterator<Item = &'a Value>,
        here: &Here<'a>,
    ) -> Result<Vec<usize>, Differ> {
        let (expected, actual): (Vec<_>, Vec<_>) = (expected.collect(), actual.collect());
        let (ones, others) = self.keys(expected.iter().copied().map(Some), actual.iter().copied().map(Some), here);
        let equal = |one: usize, other: usize| self.nested(expected[one], actual[other], here);
        pair_up(&ones, &others, equal).map_err(|odd| match odd {
            Odd::Pair(one, _) | Odd::Expected(one) => (short(expected[one]), "no such member".to_owned()),
            Odd::Actual(other) => (format!("no member {}", short(actual[other])), "one".to_owned()),
        })
    }

    fn keys(
        &self,
        expected: impl Iterator<Item = Option<&'a Value>>,
        actual: impl Iterator<Item = Option<&'a Value>>,
        here: &Here<'a>,
    ) -> (Vec<Key>, Vec<Key>) {
        let fingerprints = self.fingerprints();
        let ones = expected.map(|value| fingerprints.key(value, &self.expected, here)).collect();
        let others = actual.map(|value| fingerprints.key(value, &self.actual, here)).collect();
        (ones, others)
    }

    fn fingerprints(&self) -> &Fingerprints<'a> {
        self.fingerprints.get_or_init(|| {
            let has_references = self.expected.has_references() || self.actual.has_references();
            Fingerprints::new(self.equality, has_references)
        })
    }

    fn nested(&self, expected: &'a Value, actual: &'a Value, here: &Here<'a>) -> bool {
        // What was assumed out here holds inside: without it a set that contains itself is entered for ever. What is
        // assumed inside may come to nothing, and stays there.
        let mut inner = self.clone();
        stacker::maybe_grow(64 << 10, 1 << 20, || inner.compare(expected, actual, here.clone()).is_none())
    }
}

fn in_order<'a>(
    expected: &'a [Option<Value>],
    actual: &'a [Option<Value>],
    within: &Here<'a>,
    place: usize,
    work: &mut Work<'a>,
) {
    // The lengths come last: `expected 4, got 5` at the first wrong element tells more.
    if let Err((expected, actual)) = sizes("element", expected.len(), actual.len()) {
        work.pending.push((Task::Differ(expected, actual), place));
    }
    let pairs = expected.iter().zip(actual).enumerate();
    let inside = pairs.filter_map(|(index, (expected, actual))| {
        let step = Step::Index(index);
        pair(expected, actual).map(|task| (step, within.inside(step), task))
    });
    work.push_all(place, inside);
}

/// What is to be done with two elements: nothing if both are holes.
fn pair<'a>(expected: &'a Option<Value>, actual: &'a Option<Value>) -> Option<Task<'a>> {
    match (expected, actual) {
        (Some(expected), Some(actual)) => Some(Task::Compare(expected, actual)),
        (None, None) => None,
        (expected, actual) => Some(Task::Differ(element(expected), element(actual))),
    }
}

fn element(element: &Option<Value>) -> String {
    element.as_ref().map_or("a hole".to_owned(), short)
}

fn sizes(what: &str, expected: usize, actual: usize) -> Result<(), Differ> {
    let size = |n: usize| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    if expected == actual { Ok(()) } else { Err((size(expected), size(actual))) }
}
