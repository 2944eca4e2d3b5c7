use deem_case::{BufferKind, JsString, MAX_DEPTH, Value};
use num_bigint::Sign;

use super::{ERRORS, REGEXP_FLAGS, VIEWS, WRITTEN_VERSION, tag};

/// Writes the arguments as one array. `None` if one is nested deeper than [`MAX_DEPTH`], which no reader would have let pass.
pub fn encode_args(args: &[Value]) -> Option<Vec<u8>> {
    let mut writer = Writer::new(1); // the array is an object, too
    writer.out.push(tag::DENSE_ARRAY);
    writer.varint(args.len() as u64);
    for arg in args {
        writer.ids.clear(); // each argument numbers its own objects
        writer.value(arg);
    }
    writer.end_array(args.len());
    (!writer.is_too_deep).then_some(writer.out)
}

/// Writes one value, such that [`decode`](super::decode) reads it again. `None` if it is nested deeper than [`MAX_DEPTH`].
///
/// ```
/// use deem_case::Value;
///
/// let value = Value::array([1, 2, 3]);
/// let bytes = deem_wire::encode(&value).expect("it is not deep");
/// assert_eq!(deem_wire::decode(&bytes), Ok(value));
/// ```
pub fn encode(value: &Value) -> Option<Vec<u8>> {
    let mut writer = Writer::new(0);
    writer.value(value);
    (!writer.is_too_deep).then_some(writer.out)
}

struct Writer {
    out: Vec<u8>,
    /// For each numbered object of the argument at hand, the format's id: a view of a buffer takes two of those.
    ids: Vec<u64>,
    next_id: u64,
    depth: usize,
    is_too_deep: bool,
}

impl Writer {
    fn new(next_id: u64) -> Writer {
        let mut writer = Writer { out: vec![tag::VERSION], ids: Vec::new(), next_id, depth: 0, is_too_deep: false };
        writer.varint(WRITTEN_VERSION.into());
        writer
    }

    fn value(&mut self, value: &Value) {
        if !value.is_object() {
            return self.value_here(value);
        }
        if self.depth == MAX_DEPTH {
            self.is_too_deep = true;
            return;
        }
        self.depth += 1;
        self.begin(value);
        stacker::maybe_grow(64 << 10, 1 << 20, || self.value_here(value));
        self.depth -= 1;
    }

    fn value_here(&mut self, value: &Value) {
        match value {
            Value::Undefined => self.out.push(tag::UNDEFINED),
            Value::Null => self.out.push(tag::NULL),
            Value::Bool(true) => self.out.push(tag::TRUE),
            Value::Bool(false) => self.out.push(tag::FALSE),
            Value::Number(number) => self.number(*number),
            Value::BigInt(number) => {
                self.out.push(tag::BIGINT);
                let (sign, mut digits) = number.to_bytes_le();
                if sign == Sign::NoSign {
                    digits.clear();
                }
                digits.resize(digits.len().next_multiple_of(8), 0);
                self.varint((digits.len() as u64) << 1 | u64::from(sign == Sign::Minus));
                self.out.extend(digits);
            }
            Value::String(string) => self.string(string),
            Value::Array(elements) => {
                self.out.push(tag::DENSE_ARRAY);
                self.varint(elements.len() as u64);
                for element in elements {
                    match element {
                        Some(element) => self.value(element),
                        None => self.out.push(tag::HOLE),
                    }
                }
                self.end_array(elements.len());
            }
            Value::Object(properties) => {
                self.out.push(tag::OBJECT);
                for (name, value) in properties {
                    self.string(name);
                    self.value(value);
                }
                self.out.push(tag::OBJECT_END);
                self.varint(properties.len() as u64);
            }
            Value::Map(entries) => {
                self.out.push(tag::MAP);
                for (key, value) in entries {
                    self.value(key);
                    self.value(value);
                }
                self.out.push(tag::MAP_END);
                self.varint(entries.len() as u64 * 2);
            }
            Value::Set(members) => {
                self.out.push(tag::SET);
                for member in members {
                    self.value(member);
                }
                self.out.push(tag::SET_END);
                self.varint(members.len() as u64);
            }
            Value::Date(time) => {
                self.out.push(tag::DATE);
                self.out.extend(time.to_le_bytes());
            }
            Value::RegExp { source, flags } => {
                self.out.push(tag::REGEXP);
                self.string(source);
                let bits = REGEXP_FLAGS.iter().filter(|(flag, _)| flags.contains(*flag)).map(|(_, bit)| bit);
                self.varint(bits.sum::<u32>().into());
            }
            Value::Error { name, message } => {
                self.out.push(tag::ERROR);
                self.out.extend(ERRORS.iter().find(|(_, each)| each == name).map(|(tag, _)| *tag));
                self.out.push(tag::ERROR_MESSAGE);
                self.string(message);
                self.out.push(tag::ERROR_END);
            }
            Value::Bytes(kind, bytes) => {
                self.out.push(tag::ARRAY_BUFFER);
                self.varint(bytes.len() as u64);
                self.out.extend(bytes);
                if let Some((view, _)) = VIEWS.iter().find(|(_, each)| each == kind) {
                    self.out.extend([tag::VIEW, *view]);
                    self.varint(0); // offset
                    self.varint(bytes.len() as u64);
                    self.varint(0); // flags: neither tracks its length nor has a resizable buffer
                }
            }
            Value::Reference(number) => {
                self.out.push(tag::REFERENCE);
                // A number that no object has is a mistake of the caller's; V8 refuses the id.
                self.varint(self.ids.get(*number as usize).copied().unwrap_or(u32::MAX.into()));
            }
        }
    }

    fn begin(&mut self, value: &Value) {
        let is_view = matches!(value, Value::Bytes(kind, _) if *kind != BufferKind::ArrayBuffer);
        let id = self.next_id + u64::from(is_view); // the buffer comes before its view
        self.next_id = id + 1;
        self.ids.push(id);
    }

    fn end_array(&mut self, length: usize) {
        self.out.push(tag::DENSE_ARRAY_END);
        self.varint(0); // named properties
        self.varint(length as u64);
    }

    fn number(&mut self, number: f64) {
        let integer = number as i32;
        // V8 keeps integers to 31 bits without a box, and its compilers expect them so.
        if f64::from(integer).to_bits() == number.to_bits() {
            self.out.push(tag::INT32);
            self.varint(((integer << 1) ^ (integer >> 31)) as u32 as u64);
        } else {
            self.out.push(tag::DOUBLE);
            self.out.extend(number.to_le_bytes());
        }
    }

    fn string(&mut self, string: &JsString) {
        match string.as_str() {
            Some(text) if text.is_ascii() => {
                self.out.push(tag::ONE_BYTE_STRING);
                self.varint(text.len() as u64);
                self.out.extend(text.as_bytes());
            }
            _ => {
                let units = string.to_utf16();
                self.out.push(tag::TWO_BYTE_STRING);
                self.varint(units.len() as u64 * 2);
                self.out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
            }
        }
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }
}
