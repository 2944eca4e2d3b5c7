use std::collections::HashMap;
use std::ops::Range;

use deem_case::{BufferKind, JsString, MAX_DEPTH, Value};
use num_bigint::{BigInt, Sign};

use super::{ERRORS, REGEXP_FLAGS, VIEWS, tag};

/// A written array may have this many more elements than were written, over a whole value: holes cost the guest
/// nothing, and us memory.
const MAX_HOLES: usize = 1 << 20;

/// Why bytes are not a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// V8 wrote them, but a [`Value`] cannot hold what they say.
    Unrepresentable(String),
    /// V8 did not write them.
    Corrupt(&'static str),
}

/// Reads one value, as V8's serializer wrote it, or [`encode`](super::encode).
///
/// The bytes may be anything.
///
/// # Errors
/// If they are not such a value, or one that a [`Value`] cannot hold.
pub fn decode(bytes: &[u8]) -> Result<Value, Refusal> {
    let mut reader = Reader { bytes, at: 0, ids: Vec::new(), objects: 0, buffers: HashMap::new(), holes: 0 };
    reader.expect(tag::VERSION)?;
    if !(13..=16).contains(&reader.varint()?) {
        return Err(Refusal::Corrupt("version"));
    }
    reader.value(0)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// For each id of the format, the number of the object; `None` for one that is left out of values.
    ids: Vec<Option<u32>>,
    objects: u32,
    /// The contents of each buffer, by the format's id: views come after and may share one.
    buffers: HashMap<usize, Range<usize>>,
    holes: usize,
}

type Result<T, E = Refusal> = std::result::Result<T, E>;

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Value> {
        match self.byte()? {
            tag::INT32 => self.int32(),
            tag => stacker::maybe_grow(64 << 10, 1 << 20, || self.value_after(tag, depth)),
        }
    }

    fn int32(&mut self) -> Result<Value> {
        let zigzag = self.varint()? as u32;
        Ok(Value::Number(f64::from((zigzag >> 1) as i32 ^ -((zigzag & 1) as i32))))
    }

    fn value_after(&mut self, tag: u8, depth: usize) -> Result<Value> {
        match tag {
            tag::UNDEFINED => Ok(Value::Undefined),
            tag::NULL => Ok(Value::Null),
            tag::TRUE => Ok(Value::Bool(true)),
            tag::FALSE => Ok(Value::Bool(false)),
            tag::INT32 => self.int32(),
            tag::UINT32 => Ok(Value::Number(self.varint()? as f64)),
            tag::DOUBLE => Ok(Value::Number(self.double()?)),
            tag::BIGINT => Ok(Value::BigInt(self.bigint()?)),
            // A boxed primitive reads as the primitive, but takes an id.
            boxed @ (tag::TRUE_OBJECT
            | tag::FALSE_OBJECT
            | tag::NUMBER_OBJECT
            | tag::BIGINT_OBJECT
            | tag::STRING_OBJECT) => {
                self.ids.push(None);
                Ok(match boxed {
                    tag::NUMBER_OBJECT => Value::Number(self.double()?),
                    tag::BIGINT_OBJECT => Value::BigInt(self.bigint()?),
                    tag::STRING_OBJECT => Value::String(self.string()?),
                    _ => Value::Bool(boxed == tag::TRUE_OBJECT),
                })
            }
            tag @ (tag::UTF8_STRING | tag::ONE_BYTE_STRING | tag::TWO_BYTE_STRING) => {
                Ok(Value::String(self.string_after(tag)?))
            }
            tag::REFERENCE => self.reference(),
            _ if depth == MAX_DEPTH => {
                Err(Refusal::Unrepresentable(format!("something nested deeper than {MAX_DEPTH} levels")))
            }
            tag::OBJECT => {
                self.begin();
                let mut properties = Vec::new();
                self.properties(tag::OBJECT_END, depth, |name, value| {
                    properties.push((name, value));
                    true
                })?;
                Ok(Value::Object(properties))
            }
            tag::DENSE_ARRAY => self.dense_array(depth),
            tag::SPARSE_ARRAY => self.sparse_array(depth),
            tag::DATE => {
                self.begin();
                Ok(Value::Date(self.double()?))
            }
            tag::REGEXP => {
                self.begin();
                let source = self.string()?;
                let bits = self.varint()?;
                let flags = REGEXP_FLAGS.iter().filter(|(_, bit)| bits & u64::from(*bit) != 0).map(|(flag, _)| *flag);
                Ok(Value::RegExp { source, flags: flags.collect() })
            }
            tag::MAP => {
                self.begin();
                let mut entries = Vec::new();
                while !self.next_is(tag::MAP_END) {
                    entries.push((self.value(depth + 1)?, self.value(depth + 1)?));
                }
                self.varint()?;
                Ok(Value::Map(entries))
            }
            tag::SET => {
                self.begin();
                let mut members = Vec::new();
                while !self.next_is(tag::SET_END) {
                    members.push(self.value(depth + 1)?);
                }
                self.varint()?;
                Ok(Value::Set(members))
            }
            tag @ (tag::ARRAY_BUFFER | tag::IMMUTABLE_ARRAY_BUFFER | tag::RESIZABLE_ARRAY_BUFFER) => {
                let length = self.varint()?;
                if tag == tag::RESIZABLE_ARRAY_BUFFER {
                    self.varint()?; // the largest length
                }
                let start = self.at;
                self.take(length)?;
                let contents = start..self.at;
                self.buffers.insert(self.ids.len(), contents.clone());
                if self.next_is(tag::VIEW) {
                    self.ids.push(None); // the buffer, which is seen through its view
                    return self.view(contents);
                }
                self.begin();
                Ok(Value::Bytes(BufferKind::ArrayBuffer, self.bytes[contents].to_vec()))
            }
            tag::ERROR => self.error(depth),
            _ => Err(Refusal::Corrupt("tag")),
        }
    }

    fn begin(&mut self) {
        self.ids.push(Some(self.objects));
        self.objects += 1;
    }

    fn reference(&mut self) -> Result<Value> {
        let id = self.varint()? as usize;
        if let Some(contents) = self.buffers.get(&id).cloned()
            && self.next_is(tag::VIEW)
        {
            return self.view(contents);
        }
        match self.ids.get(id) {
            Some(Some(number)) => Ok(Value::Reference(*number)),
            Some(None) => Err(Refusal::Unrepresentable(
                "an object that is also reached through a boxed primitive, a view, or a property that is left out"
                    .to_owned(),
            )),
            None => Err(Refusal::Corrupt("reference")),
        }
    }

    fn dense_array(&mut self, depth: usize) -> Result<Value> {
        self.begin();
        let length = self.varint()? as usize;
        if length > self.bytes.len() - self.at {
            return Err(Refusal::Corrupt("length")); // each element takes a byte
        }
        let mut elements = Vec::with_capacity(length);
        for _ in 0..length {
            elements.push(if self.next_is(tag::HOLE) { None } else { Some(self.value(depth + 1)?) });
        }
        // Elements that were deleted while V8 wrote the array come as properties.
        self.properties(tag::DENSE_ARRAY_END, depth, |name, value| set_element(&mut elements, &name, value))?;
        self.varint()?;
        Ok(Value::Array(elements))
    }

    fn sparse_array(&mut self, depth: usize) -> Result<Value> {
        self.begin();
        let length = self.varint()? as usize;
        self.holes = self.holes.saturating_add(length);
        if self.holes > MAX_HOLES {
            return Err(Refusal::Unrepresentable(format!("an array of {length} elements, most of them holes")));
        }
        let mut elements = vec![None; length];
        self.properties(tag::SPARSE_ARRAY_END, depth, |name, value| set_element(&mut elements, &name, value))?;
        self.varint()?;
        Ok(Value::Array(elements))
    }

    /// Reads properties up to `end`; `keep` says whether the value became part of the result.
    fn properties(&mut self, end: u8, depth: usize, mut keep: impl FnMut(JsString, Value) -> bool) -> Result<()> {
        while !self.next_is(end) {
            let name = match self.value(depth + 1)? {
                Value::String(name) => name,
                Value::Number(index) => index.to_string().into(),
                _ => return Err(Refusal::Corrupt("name of a property")),
            };
            let before = (self.ids.len(), self.objects);
            let value = self.value(depth + 1)?;
            if !keep(name, value) {
                self.leave_out(before);
            }
        }
        self.varint()?;
        Ok(())
    }

    /// Takes back the numbers of the objects that began since `before`.
    fn leave_out(&mut self, (ids, objects): (usize, u32)) {
        self.ids[ids..].fill(None);
        self.objects = objects;
    }

    fn view(&mut self, contents: Range<usize>) -> Result<Value> {
        let kind = self.byte()?;
        let (_, kind) = VIEWS.iter().find(|(tag, _)| *tag == kind).ok_or(Refusal::Corrupt("view"))?;
        let (offset, length) = (self.varint()? as usize, self.varint()? as usize);
        self.varint()?; // flags: what is seen is written out whatever they say
        let bytes = &self.bytes[contents];
        let seen = offset.checked_add(length).and_then(|end| bytes.get(offset..end)).ok_or(Refusal::Corrupt("view"))?;
        let value = Value::Bytes(*kind, seen.to_vec());
        self.begin();
        Ok(value)
    }

    fn error(&mut self, depth: usize) -> Result<Value> {
        self.begin();
        let (mut name, mut message) = ("Error", JsString::from(""));
        loop {
            match self.byte()? {
                tag::ERROR_MESSAGE => message = self.string()?,
                tag::ERROR_STACK => {
                    self.string()?;
                }
                tag::ERROR_CAUSE => {
                    let before = (self.ids.len(), self.objects);
                    self.value(depth + 1)?;
                    self.leave_out(before);
                }
                tag::ERROR_END => return Ok(Value::Error { name: name.to_owned(), message }),
                tag => name = ERRORS.iter().find(|(each, _)| *each == tag).ok_or(Refusal::Corrupt("error"))?.1,
            }
        }
    }

    fn bigint(&mut self) -> Result<BigInt> {
        let bits = self.varint()?;
        let sign = if bits & 1 == 1 { Sign::Minus } else { Sign::Plus };
        Ok(BigInt::from_bytes_le(sign, self.take(bits >> 1)?))
    }

    fn string(&mut self) -> Result<JsString> {
        let tag = self.byte()?;
        self.string_after(tag)
    }

    fn string_after(&mut self, tag: u8) -> Result<JsString> {
        let length = self.varint()?;
        let bytes = self.take(length)?;
        match tag {
            tag::ONE_BYTE_STRING => Ok(JsString::from_latin1(bytes)),
            tag::TWO_BYTE_STRING if bytes.len() % 2 == 0 => {
                let units = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
                Ok(JsString::from_utf16(units.collect()))
            }
            tag::UTF8_STRING => {
                std::str::from_utf8(bytes).map(JsString::from).map_err(|_| Refusal::Corrupt("UTF-8 string"))
            }
            _ => Err(Refusal::Corrupt("string")),
        }
    }

    fn double(&mut self) -> Result<f64> {
        let bytes = self.take(8)?.first_chunk().ok_or(Refusal::Corrupt("number"))?;
        Ok(f64::from_le_bytes(*bytes))
    }

    fn varint(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes.get(self.at).ok_or(Refusal::Corrupt("end"))?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Refusal::Corrupt("number of more than 64 bits"))
    }

    /// The next byte that is not padding.
    fn byte(&mut self) -> Result<u8> {
        self.skip_padding();
        let byte = *self.bytes.get(self.at).ok_or(Refusal::Corrupt("end"))?;
        self.at += 1;
        Ok(byte)
    }

    fn expect(&mut self, tag: u8) -> Result<()> {
        if self.next_is(tag) { Ok(()) } else { Err(Refusal::Corrupt("tag")) }
    }

    fn next_is(&mut self, tag: u8) -> bool {
        self.skip_padding();
        let found = self.bytes.get(self.at) == Some(&tag);
        self.at += usize::from(found);
        found
    }

    fn skip_padding(&mut self) {
        while self.bytes.get(self.at) == Some(&tag::PADDING) {
            self.at += 1;
        }
    }

    fn take(&mut self, length: u64) -> Result<&[u8]> {
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).ok_or(Refusal::Corrupt("length"))?;
        self.at += taken.len();
        Ok(taken)
    }
}

/// Sets the element of this name; `false` if it is not the name of an element (a match's `index`, say).
fn set_element(elements: &mut [Option<Value>], name: &JsString, value: Value) -> bool {
    let element = index(name).and_then(|index| elements.get_mut(index));
    element.map(|element| *element = Some(value)).is_some()
}

/// The index that this name is, as in ECMA-262's CanonicalNumericIndexString for array indices.
fn index(name: &JsString) -> Option<usize> {
    let index: u32 = name.as_str()?.parse().ok()?;
    (index != u32::MAX && index.to_string() == name.as_str()?).then_some(index as usize)
}
