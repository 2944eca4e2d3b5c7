//! Promises that were rejected and that nobody handles: of one case, and in bounded memory however many there are.

use deem_case::Exception;
use deno_core::v8;

use crate::describe::describe;

/// So many are kept, for their text; of the others it is enough to know how many there are.
const KEPT: usize = 16;

#[derive(Default)]
pub(crate) struct Rejections {
    /// How many are unhandled: V8 says of each promise at most once that it is, and at most once that it is not any more.
    unhandled: usize,
    /// The first of them.
    kept: Vec<(v8::Global<v8::Promise>, v8::Global<v8::Value>)>,
}

impl Rejections {
    /// Notes what V8 says of a promise.
    pub(crate) fn note(&mut self, scope: &mut v8::PinScope<'_, '_>, message: &v8::PromiseRejectMessage<'_>) {
        match message.get_event() {
            v8::PromiseRejectEvent::PromiseRejectWithNoHandler => {
                self.unhandled += 1;
                if let (true, Some(reason)) = (self.kept.len() < KEPT, message.get_value()) {
                    self.kept.push((v8::Global::new(scope, message.get_promise()), v8::Global::new(scope, reason)));
                }
            }
            v8::PromiseRejectEvent::PromiseHandlerAddedAfterReject => {
                self.unhandled = self.unhandled.saturating_sub(1);
                let promise = message.get_promise();
                self.kept.retain(|(kept, _)| v8::Local::new(scope, kept) != promise);
            }
            // A promise that is settled twice is as it was.
            v8::PromiseRejectEvent::PromiseResolveAfterResolved
            | v8::PromiseRejectEvent::PromiseRejectAfterResolved => {}
        }
    }

    /// What the first of them was rejected with, if any is unhandled.
    pub(crate) fn first(&self, scope: &mut v8::PinScope<'_, '_>) -> Option<Exception> {
        if self.unhandled == 0 {
            return None;
        }
        let Some((_, reason)) = self.kept.first() else {
            let message = format!("{} rejected promises are unhandled", self.unhandled);
            return Some(Exception { message, ..Exception::default() });
        };
        let reason = v8::Local::new(scope, reason);
        Some(describe(scope, reason, None))
    }
}
