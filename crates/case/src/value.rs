//! The JavaScript data model as a Rust value.

mod display;
mod json;
mod string;

use num_bigint::BigInt;

use crate::Bytes;

pub use json::ValueError;
pub use string::JsString;

/// How deeply values may nest, in levels, wherever deem reads one.
///
/// A deeper value is reported, never followed: readers, comparison and destruction recurse, and this is what keeps
/// them within the smallest stack that they run on (2 MiB).
pub const MAX_DEPTH: usize = 1_000;

/// A JavaScript value: what a submission is given and what it returns.
///
/// This is JavaScript's data model rather than JSON's: `undefined`, `NaN`, `-0`, BigInts, holes in arrays, lone
/// surrogates, `Map`, `Set`, `Date`, regular expressions, errors, binary data, and shared or cyclic references.
///
/// Objects are numbered in the order in which they begin, the outermost being 0 (every variant below but the
/// primitives and [`Value::Reference`] is an object); a second occurrence of the same object is a
/// [`Value::Reference`] to its number. `const r = [0]; [r, r]` is thus `Array[Array[0], Reference(1)]`.
///
/// Three things are not told apart, on every executor alike: an instance of a class reads as a plain object, a boxed
/// primitive (`new Number(1)`) as the primitive, and named properties of an array (the `index` of a match) are left
/// out.
///
/// `==` compares the two trees as written: `NaN` differs from itself, and references are compared by number. A
/// [`Checker`](crate::Checker) compares as a judge must.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, `NaN`, `-0` and the infinities included.
    Number(f64),
    /// A BigInt of any size.
    BigInt(BigInt),
    /// A string.
    String(JsString),
    /// An array; `None` is a hole.
    Array(Vec<Option<Value>>),
    /// An object's own enumerable string-keyed properties, in JavaScript's order.
    Object(Vec<(JsString, Value)>),
    /// A `Map`'s entries in insertion order.
    Map(Vec<(Value, Value)>),
    /// A `Set`'s members in insertion order.
    Set(Vec<Value>),
    /// A `Date`, in milliseconds since the epoch; `NaN` for an invalid one.
    Date(f64),
    /// A regular expression.
    RegExp {
        /// The pattern between the slashes.
        source: JsString,
        /// The flags, such as `gi`.
        flags: String,
    },
    /// An error object, as a value (a *thrown* error is an [`Exception`](crate::Exception)).
    Error {
        /// `TypeError`, say. An error of a class of the submission's own has the name of the built-in it extends.
        name: String,
        /// The message; empty if there is none.
        message: JsString,
    },
    /// An `ArrayBuffer` or a view of one, with the bytes that it shows.
    Bytes(BufferKind, Vec<u8>),
    /// The object of this number once more: a shared or cyclic reference.
    Reference(u32),
}

/// What kind of binary data a [`Value::Bytes`] is. Elements are little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names are JavaScript's own")]
pub enum BufferKind {
    ArrayBuffer,
    DataView,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float16Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
}

impl BufferKind {
    /// The size of one element, in bytes.
    pub fn element_size(self) -> usize {
        use BufferKind::*;
        match self {
            ArrayBuffer | DataView | Int8Array | Uint8Array | Uint8ClampedArray => 1,
            Int16Array | Uint16Array | Float16Array => 2,
            Int32Array | Uint32Array | Float32Array => 4,
            Float64Array | BigInt64Array | BigUint64Array => 8,
        }
    }
}

impl Value {
    /// An array without holes.
    ///
    /// ```
    /// # use deem_case::Value;
    /// assert_eq!(Value::array([1, 2]).to_string(), "[1,2]");
    /// ```
    pub fn array<T: Into<Value>>(elements: impl IntoIterator<Item = T>) -> Value {
        Value::Array(elements.into_iter().map(|element| Some(element.into())).collect())
    }

    /// Whether this is an object, and so takes the next number (see the type's documentation).
    pub fn is_object(&self) -> bool {
        use Value::*;
        match self {
            Undefined | Null | Bool(_) | Number(_) | BigInt(_) | String(_) | Reference(_) => false,
            Array(_) | Object(_) | Map(_) | Set(_) | Date(_) | RegExp { .. } | Error { .. } | Bytes(..) => true,
        }
    }

    /// About how much memory it takes, by which whoever keeps values bounds them. (What an allocator adds is not in it.)
    ///
    /// ```
    /// # use deem_case::Value;
    /// let text = Value::from("x".repeat(1_000).as_str());
    /// assert!((1_000..1_100).contains(&text.memory().0));
    /// ```
    pub fn memory(&self) -> Bytes {
        let of_string = JsString::memory;
        let inside = match self {
            Value::BigInt(integer) => usize::try_from(integer.bits() / 8).unwrap_or(usize::MAX),
            Value::String(string) => of_string(string),
            Value::Array(elements) => elements.iter().filter(|element| element.is_none()).count() * size_of::<Value>(),
            Value::Object(properties) => {
                properties.iter().map(|(name, _)| size_of::<JsString>() + of_string(name)).sum()
            }
            Value::RegExp { source, flags } => of_string(source) + flags.len(),
            Value::Error { name, message } => name.len() + of_string(message),
            Value::Bytes(_, bytes) => bytes.len(),
            _ => 0,
        };
        let children: usize = self.children().map(|child| child.memory().0).sum();
        Bytes(size_of::<Value>() + inside + children)
    }

    /// The values directly inside this one, in the order in which objects are numbered.
    pub(crate) fn children(&self) -> Box<dyn Iterator<Item = &Value> + '_> {
        match self {
            Value::Array(elements) => Box::new(elements.iter().flatten()),
            Value::Object(properties) => Box::new(properties.iter().map(|(_, value)| value)),
            Value::Map(entries) => Box::new(entries.iter().flat_map(|(key, value)| [key, value])),
            Value::Set(members) => Box::new(members.iter()),
            _ => Box::new(std::iter::empty()),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Value {
        Value::Number(value.into())
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::String(value.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(elements: Vec<Value>) -> Value {
        Value::array(elements)
    }
}
