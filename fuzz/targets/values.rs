//! Bytes in V8's format, from a realm or a worker: a value, or an error. What is read can be written, and is then read as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = deem_wire::decode(bytes) else { return };
    let Some(written) = deem_wire::encode(&value) else { return };
    let again = deem_wire::decode(&written).expect("what was written can be read");
    // By their text: NaN is not equal to itself.
    assert_eq!(again.to_json(), value.to_json());
});
