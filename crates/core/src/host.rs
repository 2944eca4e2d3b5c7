//! The executor's side of what cases have besides ECMAScript: the one function that the guest's prelude calls.
//!
//! What it does it does for the case at hand, whose [`CaseState`] is in a slot of the isolate. Its errors are made in the
//! case's own realm. `None` from V8 means that an exception is pending or the case is being terminated: then it returns.

use std::collections::HashMap;
use std::sync::Arc;

use deem_case::{Bytes, Console, Exception};
use deno_core::v8;
use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::convert;
use crate::details;
use crate::globals;
use crate::rejections::Rejections;
use crate::watchdog::{Cause, Post};

/// So many decoders may be in the middle of a stream at a time: they live outside of the heap, and of its limit.
const STREAMS: usize = 1_000;

/// What the case at hand has written, left behind, and may still write.
pub(crate) struct CaseState {
    pub(crate) console: Console,
    /// What a program has written to its standard output; `None` where the case is no program's.
    pub(crate) stdout: Option<String>,
    /// With which code a program has ended itself.
    pub(crate) exit_code: Option<i32>,
    /// How long its answer is, in bytes.
    pub(crate) answer_length: usize,
    pub(crate) rejections: Rejections,
    /// The first exception that a microtask threw: nobody could catch it.
    pub(crate) uncaught: Option<Exception>,
    output_limit: Bytes,
    decoders: HashMap<u32, Decoder>,
    post: Arc<Post>,
}

impl CaseState {
    pub(crate) fn new(post: Arc<Post>) -> CaseState {
        CaseState {
            console: Console::default(),
            stdout: None,
            exit_code: None,
            answer_length: 0,
            rejections: Rejections::default(),
            uncaught: None,
            output_limit: Bytes(0),
            decoders: HashMap::new(),
            post,
        }
    }

    /// A case begins.
    pub(crate) fn begin(&mut self, output_limit: Bytes) {
        self.output_limit = output_limit;
        self.answer_length = 0;
        self.console = Console::default();
        self.stdout = None;
        self.exit_code = None;
        self.rejections = Rejections::default();
        self.uncaught = None;
        self.decoders.clear();
    }

    /// How long an answer may still be, in bytes.
    pub(crate) fn room(&self) -> usize {
        let written = self.console.written() + self.stdout.as_ref().map_or(0, String::len);
        self.output_limit.0.saturating_sub(written)
    }
}

/// `host(op, ..)`, as the head of the prelude describes it.
pub(crate) fn host<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut answer: v8::ReturnValue<'s, v8::Value>,
) {
    let value = match args.get(0).int32_value(scope) {
        Some(0) => write(scope, args.get(1), args.get(2).is_true()),
        Some(1) => globals::console_makers(scope),
        Some(2) => clone(scope, args.get(1), args.get(2)),
        Some(3) => utf8_length(scope, args.get(1)),
        Some(4) => label(scope, args.get(1)),
        Some(5) => decode(scope, &args),
        Some(6) => details::details(scope, args.get(1)),
        Some(7) => encode_into(scope, args.get(1), args.get(2)),
        Some(9) => details::keys(scope, args.get(1), args.get(2)),
        Some(10) => exit(scope, args.get(1)),
        _ => None,
    };
    if let Some(value) = value {
        answer.set(value);
    }
}

type Answer<'s> = Option<v8::Local<'s, v8::Value>>;

fn write<'s>(scope: &mut v8::PinScope<'s, '_>, text: v8::Local<'s, v8::Value>, is_error: bool) -> Answer<'s> {
    let text = v8::Local::<v8::String>::try_from(text).ok()?;
    let length = text.utf8_length(scope);
    let state = scope.get_slot_mut::<CaseState>()?;
    if length > state.room() {
        state.console.omit(length);
        state.post.stop(Cause::Output);
    } else if state.stdout.is_some() && !is_error {
        let text = text.to_rust_string_lossy(scope);
        scope.get_slot_mut::<CaseState>()?.stdout.as_mut()?.push_str(&text);
    } else if state.console.omitted() > 0 {
        state.console.omit(length);
    } else {
        let text = text.to_rust_string_lossy(scope);
        scope.get_slot_mut::<CaseState>()?.console.write(&text);
    }
    None
}

/// Ends a program, in a way that it cannot catch. The case is not stopped by that: its limits hold as before.
fn exit<'s>(scope: &mut v8::PinScope<'s, '_>, code: v8::Local<'s, v8::Value>) -> Answer<'s> {
    let code = code.int32_value(scope)?;
    scope.get_slot_mut::<CaseState>()?.exit_code = Some(code);
    scope.terminate_execution();
    None
}

fn clone<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
    transfer: v8::Local<'s, v8::Value>,
) -> Answer<'s> {
    match convert::structured_clone(scope, value, transfer)? {
        Ok(clone) => Some(v8::Array::new_with_elements(scope, &[clone]).into()),
        Err(refusal) => Some(v8::String::new(scope, &refusal)?.into()),
    }
}

fn utf8_length<'s>(scope: &mut v8::PinScope<'s, '_>, text: v8::Local<'s, v8::Value>) -> Answer<'s> {
    let length = v8::Local::<v8::String>::try_from(text).ok()?.utf8_length(scope);
    Some(v8::Number::new(scope, length as f64).into())
}

fn encode_into<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    text: v8::Local<'s, v8::Value>,
    bytes: v8::Local<'s, v8::Value>,
) -> Answer<'s> {
    let text = v8::Local::<v8::String>::try_from(text).ok()?;
    let view = v8::Local::<v8::ArrayBufferView>::try_from(bytes).ok()?;
    let mut utf8 = vec![0; view.byte_length().min(3 * text.length())];
    let mut read = 0;
    let written = text.write_utf8_v2(scope, &mut utf8, v8::WriteFlags::kReplaceInvalidUtf8, Some(&mut read));
    let store = view.buffer(scope)?.get_backing_store();
    for (to, byte) in store.iter().skip(view.byte_offset()).zip(&utf8[..written]) {
        to.set(*byte);
    }
    let counts = [read, written].map(|count| v8::Number::new(scope, count as f64).into());
    Some(v8::Array::new_with_elements(scope, &counts).into())
}

fn label<'s>(scope: &mut v8::PinScope<'s, '_>, label: v8::Local<'s, v8::Value>) -> Answer<'s> {
    let label = label.to_rust_string_lossy(scope);
    // The Encoding standard's TextDecoder takes no encoding that only replaces.
    let encoding = Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(v8::String::new(scope, &encoding.name().to_ascii_lowercase())?.into())
}

fn decode<'s>(scope: &mut v8::PinScope<'s, '_>, args: &v8::FunctionCallbackArguments<'s>) -> Answer<'s> {
    let name = args.get(1).to_rust_string_lossy(scope);
    let encoding = Encoding::for_label(name.as_bytes())?;
    let bytes = v8::Local::<v8::Uint8Array>::try_from(args.get(2)).ok()?;
    let mut input = vec![0; bytes.byte_length()];
    bytes.copy_contents(&mut input);
    let [fatal, ignore_bom, stream] = [3, 4, 5].map(|index| args.get(index).is_true());
    let id = args.get(6).uint32_value(scope)?;

    let state = scope.get_slot_mut::<CaseState>()?;
    let mut decoder = state.decoders.remove(&id).unwrap_or_else(|| {
        if ignore_bom { encoding.new_decoder_without_bom_handling() } else { encoding.new_decoder_with_bom_removal() }
    });
    let text = decode_with(&mut decoder, &input, fatal, !stream)?;
    if stream {
        if state.decoders.len() >= STREAMS {
            let message = v8::String::new(scope, "too many decoders are in the middle of a stream")?;
            let error = v8::Exception::range_error(scope, message);
            scope.throw_exception(error);
            return None;
        }
        state.decoders.insert(id, decoder);
    }
    Some(v8::String::new(scope, &text)?.into())
}

/// `None` if the bytes are malformed and that is fatal.
fn decode_with(decoder: &mut Decoder, bytes: &[u8], fatal: bool, last: bool) -> Option<String> {
    if !fatal {
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len())?);
        let _complete = decoder.decode_to_string(bytes, &mut text, last);
        return Some(text);
    }
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, last).0 {
        DecoderResult::InputEmpty => Some(text),
        DecoderResult::OutputFull | DecoderResult::Malformed(..) => None,
    }
}

/// V8's callback for rejected promises, which replaces deno_core's.
pub(crate) extern "C" fn note_rejection(message: v8::PromiseRejectMessage) {
    // SAFETY: V8 calls this with a live message, on the thread of the isolate that it has entered.
    v8::callback_scope!(unsafe scope, &message);
    // Taken out meanwhile, for noting needs the scope as well.
    let Some(state) = scope.get_slot_mut::<CaseState>() else { return };
    let mut rejections = std::mem::take(&mut state.rejections);
    rejections.note(scope, &message);
    if let Some(state) = scope.get_slot_mut::<CaseState>() {
        state.rejections = rejections;
    }
}

/// V8's listener for what nobody catches. Without one V8 prints it to the process's standard output.
pub(crate) extern "C" fn note_uncaught(message: v8::Local<v8::Message>, thrown: v8::Local<v8::Value>) {
    // SAFETY: V8 calls this with a live message, on the thread of the isolate that it has entered.
    v8::callback_scope!(unsafe scope, message);
    if scope.get_slot::<CaseState>().is_none_or(|state| state.uncaught.is_some()) {
        return;
    }
    let exception = crate::describe::describe(scope, thrown, Some(message));
    if let Some(state) = scope.get_slot_mut::<CaseState>() {
        state.uncaught = Some(exception);
    }
}
