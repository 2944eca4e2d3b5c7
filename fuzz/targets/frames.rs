//! Frames from a worker that may be anybody's.
#![no_main]

use deem_case::{Exception, Usage};
use libfuzzer_sys::fuzz_target;

/// As rich as a worker's replies.
type Head = (u64, Result<Option<Exception>, String>, Usage, Vec<String>, bool);

const ROOM: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    let mut channel = bytes;
    while let Ok((_, values)) = deem_wire::frame::receive::<Head>(&mut channel, ROOM) {
        assert!(values.len() <= ROOM);
    }
});
