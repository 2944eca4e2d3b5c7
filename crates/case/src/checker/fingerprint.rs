use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use super::comparison::Objects;
use super::matching::Key;
use super::place::{Here, Step};
use super::{Equality, Order};
use crate::Value;

/// Makes numbers of values that are the same for equal values, where that can be said without comparing them.
#[derive(Clone)]
pub(super) struct Fingerprints<'a> {
    equality: &'a Equality,
    /// Random, so that nobody can write values that collide.
    hasher: RandomState,
    /// How deep values are looked into. All the way, unless there are references: a cycle has no bottom, and what is shared
    /// may be met any number of times.
    levels: usize,
}

impl<'a> Fingerprints<'a> {
    pub(super) fn new(equality: &'a Equality, has_references: bool) -> Fingerprints<'a> {
        Fingerprints { equality, hasher: RandomState::new(), levels: if has_references { 2 } else { usize::MAX } }
    }

    /// The key of an element, or of a hole.
    pub(super) fn key(&self, value: Option<&'a Value>, objects: &Objects<'a>, here: &Here<'a>) -> Key {
        let fingerprint = value.map_or(0, |value| self.of(value, objects, here, self.levels));
        let number = value.and_then(|value| leading_number(value, objects));
        // Where the relative error is above 1, the interval around a large number ends below that around a small one; and
        // where zeros have signs, there is a hole in it.
        let is_linear = matches!(value, Some(Value::Number(number)) if !number.is_nan())
            && self.equality.tolerance.relative <= 1.0
            && !self.equality.signed_zero;
        Key { fingerprint, number: number.unwrap_or_default(), is_linear }
    }

    fn of(&self, value: &'a Value, objects: &Objects<'a>, here: &Here<'a>, levels: usize) -> u64 {
        let Some(value) = objects.resolve(value) else { return 1 };
        let mut hash = self.hasher.build_hasher();
        std::mem::discriminant(value).hash(&mut hash);
        let is_deep = value.is_object();
        if is_deep && levels == 0 {
            return hash.finish();
        }
        let inside = |value, step| {
            stacker::maybe_grow(64 << 10, 1 << 20, || self.of(value, objects, &here.inside(step), levels - 1))
        };
        match value {
            Value::Undefined | Value::Null | Value::Reference(_) => {}
            Value::Bool(value) => value.hash(&mut hash),
            Value::Number(number) => self.number(*number, here.is_tolerant()).hash(&mut hash),
            Value::BigInt(value) => value.hash(&mut hash),
            Value::String(value) => value.hash(&mut hash),
            Value::Array(elements) => {
                let order = self.equality.order_within(here.arrays);
                let within = here.within_array(self.equality);
                let of = |(index, element): (usize, &'a Option<Value>)| {
                    element.as_ref().map_or(0, |value| {
                        let here = within.inside(if order == Order::Given { Step::Index(index) } else { Step::Member });
                        stacker::maybe_grow(64 << 10, 1 << 20, || self.of(value, objects, &here, levels - 1))
                    })
                };
                let mut elements: Vec<u64> = elements.iter().enumerate().map(of).collect();
                if order != Order::Given {
                    elements.sort_unstable();
                }
                if matches!(order, Order::Set { .. }) {
                    elements.dedup();
                }
                elements.hash(&mut hash);
            }
            Value::Object(properties) => {
                let each = properties.iter();
                let all = each.map(|(name, value)| self.hasher.hash_one((name, inside(value, Step::Property(name)))));
                all.fold(0, u64::wrapping_add).hash(&mut hash);
            }
            Value::Map(entries) => {
                let each = entries.iter();
                let all = each.map(|(key, value)| {
                    self.hasher.hash_one((inside(key, Step::MapKey), inside(value, Step::MapValue(key))))
                });
                all.fold(0, u64::wrapping_add).hash(&mut hash);
            }
            Value::Set(members) => {
                let all = members.iter().map(|member| inside(member, Step::Member));
                all.fold(0, u64::wrapping_add).hash(&mut hash);
            }
            Value::Date(time) => self.number(*time + 0.0, false).hash(&mut hash),
            Value::RegExp { source, flags } => (source, flags).hash(&mut hash),
            Value::Error { name, message } => (name, message).hash(&mut hash),
            Value::Bytes(kind, bytes) => (kind, bytes).hash(&mut hash),
        }
        hash.finish()
    }

    /// The bits of a number, but the same for all that are equal, or may be because of a tolerance.
    fn number(&self, number: f64, is_tolerant: bool) -> u64 {
        let has_tolerance = self.equality.tolerance != super::Tolerance::NONE;
        let canonical = match number {
            _ if number.is_nan() => f64::NAN,
            _ if number.is_finite() && is_tolerant && has_tolerance => 0.0,
            _ if number == 0.0 && !self.equality.signed_zero => 0.0,
            _ => number,
        };
        canonical.to_bits()
    }
}

/// The first number in a value, at most a few levels deep.
fn leading_number<'a>(value: &'a Value, objects: &Objects<'a>) -> Option<f64> {
    let mut value = objects.resolve(value)?;
    for _ in 0..4 {
        match value {
            Value::Number(number) => return Some(*number),
            _ => value = objects.resolve(value.children().next()?)?,
        }
    }
    None
}
