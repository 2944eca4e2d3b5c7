mod comparison;
mod custom;
mod fingerprint;
mod matching;
mod place;
mod text;

use std::fmt;

use comparison::Comparison;
pub use custom::CustomChecker;
pub use place::{InvalidPath, PathPattern};
pub use text::TextChecker;

use crate::Value;

/// Decides whether a returned value is the expected one.
#[derive(Clone, Debug, PartialEq)]
pub enum Checker {
    /// Compares values, at every depth.
    Values(Equality),
    /// Compares the texts of two strings, such as what programs write.
    Text(TextChecker),
    /// Asks a program. Only a [`Judge`](crate::Judge) can: it has what runs one.
    Custom(Box<CustomChecker>),
}

/// When two values are equal. The default is [`Checker::Exact`].
///
/// ```
/// use deem_case::{Checker, Equality, Order, Tolerance, Value};
///
/// let checker = Checker::Values(Equality {
///     order: Order::Any { depth: 1 },
///     tolerance: Tolerance { absolute: 1e-9, relative: 0.0 },
///     tolerant_at: vec!["result[*].score".parse()?],
///     ..Equality::default()
/// });
/// let expected = Value::from_json(r#"[{"id": 1, "score": 0.3}, {"id": 2, "score": 1}]"#)?;
/// let actual = Value::from_json(r#"[{"id": 2, "score": 1}, {"id": 1, "score": 0.30000000000000004}]"#)?;
/// assert_eq!(checker.difference(&expected, &actual), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Equality {
    /// Whether `-0` differs from `0`. Default: it does not.
    pub signed_zero: bool,
    /// Whether `NaN` differs from `NaN`, so that nothing is right where it is expected. Default: it does not.
    pub unequal_nan: bool,
    /// How far a number may be off. Default: not at all.
    pub tolerance: Tolerance,
    /// Where `tolerance` holds: at each of these places and inside it. Default, being empty: everywhere.
    pub tolerant_at: Vec<PathPattern>,
    /// Whether the order of arrays matters. Default: it does.
    pub order: Order,
}

/// How far a finite number may be from a finite one: by at most `absolute`, or by at most `relative` times the expected
/// one. `NaN` and the infinities are never near anything else. Default: 0, for both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerance {
    /// The largest absolute error.
    pub absolute: f64,
    /// The largest error relative to the expected number.
    pub relative: f64,
}

/// Which order of an array's elements is right.
///
/// A depth counts the arrays inside one another: 1 is the outermost alone, 2 also the arrays in it, whether directly or in
/// objects; from [`MAX_DEPTH`](crate::MAX_DEPTH) on it is all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The expected one.
    #[default]
    Given,
    /// Any: arrays are compared as multisets down to this depth.
    ///
    /// With a tolerance, an answer is right if the elements can be paired up at all: an element near to two expected ones
    /// is given to the one that no other is near to. That takes time quadratic in the elements that differ in numbers
    /// alone, and `n * log(n)` where they are numbers; without a tolerance it is linear.
    Any {
        /// How deep.
        depth: usize,
    },
    /// Any, and duplicates count once: arrays are compared as sets down to this depth.
    Set {
        /// How deep.
        depth: usize,
    },
}

/// Where and how a value differs from the expected one, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place of the first difference: in a value such as `result[3].left`, in a text such as `line 3, token 2`.
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
    /// The same structure, with primitives equal by SameValueZero: `NaN` equals `NaN`, and `0` equals `-0` (ECMA-262,
    /// section 7.2.11).
    #[expect(non_upper_case_globals, reason = "it is written where a variant is: one of the checkers")]
    pub const Exact: Checker = Checker::Values(Equality {
        signed_zero: false,
        unequal_nan: false,
        tolerance: Tolerance::NONE,
        tolerant_at: Vec::new(),
        order: Order::Given,
    });

    /// The checker that takes `tolerance` both as the absolute and as the relative error, everywhere.
    pub fn approximate(tolerance: f64) -> Checker {
        let tolerance = Tolerance { absolute: tolerance, relative: tolerance };
        Checker::Values(Equality { tolerance, ..Equality::default() })
    }

    /// The first difference between the two values, in the order of the expected one; `None` if `actual` is right.
    ///
    /// Objects are compared by their properties whatever their order, maps and sets likewise. Shared references are
    /// equal to copies, and a cycle to any other way of writing the same endless tree. An error is compared by name
    /// and message.
    ///
    /// No program is asked: for a [`Checker::Custom`] the difference is that by [`Checker::Exact`].
    pub fn difference(&self, expected: &Value, actual: &Value) -> Option<Difference> {
        self.distance(expected, actual).map(|(_, difference)| difference)
    }

    /// The first difference, and how much is equal before it: of two wrong answers that with more is the nearer one.
    pub(crate) fn distance(&self, expected: &Value, actual: &Value) -> Option<(usize, Difference)> {
        match self {
            Checker::Values(equality) => Comparison::new(equality, expected, actual).run(),
            Checker::Text(text) => text.distance(expected, actual),
            Checker::Custom(_) => Checker::Exact.distance(expected, actual),
        }
    }
}

impl Tolerance {
    /// Nothing but the number itself.
    pub const NONE: Tolerance = Tolerance { absolute: 0.0, relative: 0.0 };

    /// Whether the two are equal, or near enough.
    pub(crate) fn allows(self, expected: f64, actual: f64) -> bool {
        let error = (expected - actual).abs();
        // An infinite error is an infinity against something else, for which no relative error may make up.
        expected == actual || (error.is_finite() && (error <= self.absolute || error <= self.relative * expected.abs()))
    }
}

impl Equality {
    fn numbers(&self, expected: f64, actual: f64, is_tolerant: bool) -> bool {
        if expected.is_nan() && actual.is_nan() {
            return !self.unequal_nan;
        }
        if expected == 0.0 && actual == 0.0 {
            return !self.signed_zero || expected.is_sign_negative() == actual.is_sign_negative();
        }
        expected == actual || (is_tolerant && self.tolerance.allows(expected, actual))
    }

    /// The order of an array inside so many others.
    fn order_within(&self, arrays: usize) -> Order {
        match self.order {
            Order::Any { depth } | Order::Set { depth } if arrays >= depth => Order::Given,
            order => order,
        }
    }
}

/// The value in at most 80 characters.
pub(crate) fn short(value: &Value) -> String {
    const WIDTH: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}
