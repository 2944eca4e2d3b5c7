//! Values into and out of a realm.

use std::cell::RefCell;
use std::rc::Rc;

use deem_case::{JsString, MAX_DEPTH, Value};
use deno_core::v8;
use deno_core::v8::{ValueDeserializerHelper, ValueSerializerHelper};

use crate::Error;
use crate::error::ErrorKind;
use crate::realm::Stop;
use deem_wire::{Refusal, decode, encode_args};

/// Builds the arguments in the current realm.
pub(crate) fn arguments<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: &[Value],
) -> Result<Vec<v8::Local<'s, v8::Value>>, Stop<'s>> {
    if let Some(flat) = all(args, |arg| flat(scope, arg)) {
        return Ok(flat);
    }
    let bytes = encode_args(args).ok_or_else(|| {
        Stop::Failed(Error::new(ErrorKind::Value, format!("an argument is nested deeper than {MAX_DEPTH} levels")))
    })?;
    deserialize(scope, &bytes).ok_or(Stop::Threw)
}

fn deserialize<'s>(scope: &mut v8::PinScope<'s, '_>, bytes: &[u8]) -> Option<Vec<v8::Local<'s, v8::Value>>> {
    let reader = v8::ValueDeserializer::new(scope, Box::new(NoHostObjects), bytes);
    let context = scope.get_current_context();
    reader.read_header(context)?;
    let array = reader.read_value(context)?.cast::<v8::Array>();
    // Elements of an array that no code of the case has seen yet: no getter can run.
    (0..array.length()).map(|index| array.get_index(scope, index)).collect()
}

/// The longest array that is built element by element: each takes a handle.
const LONGEST_FLAT: usize = 4_096;

/// A primitive, or an array of nothing else: to start V8's deserializer takes longer than to make such a one.
fn flat<'s>(scope: &mut v8::PinScope<'s, '_>, value: &Value) -> Option<v8::Local<'s, v8::Value>> {
    let Value::Array(elements) = value else { return primitive(scope, value) };
    if elements.len() > LONGEST_FLAT {
        return None;
    }
    let elements = all(elements, |element| primitive(scope, element.as_ref()?))?;
    Some(v8::Array::new_with_elements(scope, &elements).into())
}

/// Like collecting an `Option<Vec>`, but that allocates again and again: it cannot know how many there will be.
fn all<T, U>(items: &[T], mut each: impl FnMut(&T) -> Option<U>) -> Option<Vec<U>> {
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        all.push(each(item)?);
    }
    Some(all)
}

fn primitive<'s>(scope: &mut v8::PinScope<'s, '_>, value: &Value) -> Option<v8::Local<'s, v8::Value>> {
    Some(match value {
        Value::Undefined => v8::undefined(scope).into(),
        Value::Null => v8::null(scope).into(),
        Value::Bool(value) => v8::Boolean::new(scope, *value).into(),
        Value::Number(value) => v8::Number::new(scope, *value).into(),
        Value::String(value) => match value.as_str() {
            Some(text) => v8::String::new(scope, text)?.into(),
            None => v8::String::new_from_two_byte(scope, &value.to_utf16(), v8::NewStringType::Normal)?.into(),
        },
        _ => return None,
    })
}

/// Why there is no value to report.
pub(crate) enum Unread {
    /// Reading it ran code of the case that threw; the exception is pending.
    Threw,
    /// It is longer than there is room for.
    TooLong,
    /// It is nothing that a [`Value`] can hold. Says what it is.
    Unrepresentable(String),
    /// V8 wrote what deem cannot read.
    Corrupt(&'static str),
}

/// Reads a value out of the current realm, and says how many bytes that took, at most `room`. Getters that are met are
/// called.
pub(crate) fn read<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
    room: usize,
) -> Result<(Value, usize), Unread> {
    if value.is_number() {
        return Ok((Value::Number(value.number_value(scope).unwrap_or(f64::NAN)), 8));
    }
    if value.is_undefined() {
        return Ok((Value::Undefined, 1));
    }
    if value.is_null() {
        return Ok((Value::Null, 1));
    }
    if value.is_boolean() {
        return Ok((Value::Bool(value.is_true()), 1));
    }
    if let Ok(string) = v8::Local::<v8::String>::try_from(value) {
        let length = string.length() * if string.is_onebyte() { 1 } else { 2 };
        return if length <= room {
            Ok((Value::String(read_string(scope, string)), length))
        } else {
            Err(Unread::TooLong)
        };
    }
    if value.is_symbol() {
        return Err(Unread::Unrepresentable("a symbol".to_owned()));
    }
    if value.is_function() {
        return Err(Unread::Unrepresentable("a function".to_owned()));
    }

    let refused = Rc::new(RefCell::new(None));
    let writer = v8::ValueSerializer::new(scope, Box::new(NoteRefusal(refused.clone())));
    writer.write_header();
    let context = scope.get_current_context();
    if writer.write_value(context, value) != Some(true) {
        return Err(match refused.take() {
            Some(what) => Unread::Unrepresentable(what),
            None => Unread::Threw,
        });
    }
    let bytes = writer.release();
    if bytes.len() > room {
        return Err(Unread::TooLong);
    }
    match decode(&bytes) {
        Ok(value) => Ok((value, bytes.len())),
        Err(Refusal::Unrepresentable(what)) => Err(Unread::Unrepresentable(what)),
        Err(Refusal::Corrupt(what)) => Err(Unread::Corrupt(what)),
    }
}

fn read_string(scope: &mut v8::PinScope<'_, '_>, string: v8::Local<v8::String>) -> JsString {
    let length = string.length();
    if string.is_onebyte() {
        let mut units = vec![0; length];
        string.write_one_byte_v2(scope, 0, &mut units, v8::WriteFlags::default());
        return JsString::from_latin1(&units);
    }
    let mut units = vec![0; length];
    string.write_v2(scope, 0, &mut units, v8::WriteFlags::default());
    JsString::from_utf16(units)
}

/// A clone of a value in the current realm, as the HTML standard's `structuredClone` has it; or V8's words for why there is
/// none. `None` if the value's own code threw.
pub(crate) fn structured_clone<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
    transfer: v8::Local<'s, v8::Value>,
) -> Option<Result<v8::Local<'s, v8::Value>, String>> {
    let buffers = match transferred(scope, transfer)? {
        Ok(buffers) => buffers,
        Err(refusal) => return Some(Err(refusal)),
    };
    let context = scope.get_current_context();
    let refused = Rc::new(RefCell::new(None));
    let bytes = {
        v8::tc_scope!(let scope, scope);
        let writer = v8::ValueSerializer::new(scope, Box::new(NoteRefusal(refused.clone())));
        writer.write_header();
        for (id, buffer) in buffers.iter().enumerate() {
            writer.transfer_array_buffer(id as u32, *buffer);
        }
        if writer.write_value(context, value) != Some(true) {
            if let Some(what) = refused.take() {
                return Some(Err(format!("{what} could not be cloned.")));
            }
            scope.rethrow();
            return None;
        }
        writer.release()
    };
    let reader = v8::ValueDeserializer::new(scope, Box::new(NoHostObjects), &bytes);
    reader.read_header(context)?;
    for (id, buffer) in buffers.iter().enumerate() {
        let moved = v8::ArrayBuffer::with_backing_store(scope, &buffer.get_backing_store());
        buffer.detach(None)?;
        reader.transfer_array_buffer(id as u32, moved);
    }
    reader.read_value(context).map(Ok)
}

type Transferred<'s> = Result<Vec<v8::Local<'s, v8::ArrayBuffer>>, String>;

fn transferred<'s>(scope: &mut v8::PinScope<'s, '_>, transfer: v8::Local<'s, v8::Value>) -> Option<Transferred<'s>> {
    let Ok(list) = v8::Local::<v8::Array>::try_from(transfer) else { return Some(Ok(Vec::new())) };
    let mut buffers = Vec::new();
    for index in 0..list.length() {
        let buffer = match v8::Local::<v8::ArrayBuffer>::try_from(list.get_index(scope, index)?) {
            Ok(buffer) if buffer.is_detachable() && !buffer.was_detached() && !buffers.contains(&buffer) => buffer,
            _ => return Some(Err("Found invalid object in transferList".to_owned())), // node's words
        };
        buffers.push(buffer);
    }
    Some(Ok(buffers))
}

struct NoHostObjects;

impl v8::ValueDeserializerImpl for NoHostObjects {}

/// Keeps what V8 says of a value that has no clone.
struct NoteRefusal(Rc<RefCell<Option<String>>>);

impl v8::ValueSerializerImpl for NoteRefusal {
    fn throw_data_clone_error<'s>(&self, scope: &mut v8::PinScope<'s, '_>, message: v8::Local<'s, v8::String>) {
        let text = message.to_rust_string_lossy(scope);
        let what = text.strip_suffix(" could not be cloned.").unwrap_or(&text);
        // For a function V8 gives its whole source.
        *self.0.borrow_mut() = Some(what.chars().take(80).collect());
        let error = v8::Exception::error(scope, message);
        scope.throw_exception(error);
    }
}
