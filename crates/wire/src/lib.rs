//! Values as bytes, and the frames in which they go from one process to another. None of what is read here is trusted.
//!
//! The bytes are V8's own format for structured clones (`v8/src/objects/value-serializer.cc`). Values cross into and out of a
//! realm in this form: V8 writes and reads it natively, at the speed of its C++, with every type that
//! [`Value`](deem_case::Value) has. The crate `v8_valueserializer` reads it too, but not for hostile bytes: it recurses without
//! regard to the stack and allocates zero bytes by hand.
//!
//! ```
//! use deem_case::Value;
//!
//! let value = Value::from_json(r#"{"a":[1,{"$set":["x"]}]}"#)?;
//! let bytes = deem_wire::encode(&value).expect("it is not nested too deeply");
//! assert_eq!(deem_wire::decode(&bytes), Ok(value));
//! # Ok::<(), deem_case::ValueError>(())
//! ```
#![deny(missing_docs)]

mod decode;
mod encode;
pub mod frame;

pub use decode::{Refusal, decode};
pub use encode::{encode, encode_args};

use deem_case::BufferKind;

/// What is written: readable by every V8 since 2022. Later versions differ only for buffers of 4 GiB and more.
const WRITTEN_VERSION: u32 = 15;

mod tag {
    pub(super) const VERSION: u8 = 0xff;
    pub(super) const PADDING: u8 = 0;
    pub(super) const HOLE: u8 = b'-';
    pub(super) const UNDEFINED: u8 = b'_';
    pub(super) const NULL: u8 = b'0';
    pub(super) const TRUE: u8 = b'T';
    pub(super) const FALSE: u8 = b'F';
    pub(super) const INT32: u8 = b'I';
    pub(super) const UINT32: u8 = b'U';
    pub(super) const DOUBLE: u8 = b'N';
    pub(super) const BIGINT: u8 = b'Z';
    pub(super) const UTF8_STRING: u8 = b'S';
    pub(super) const ONE_BYTE_STRING: u8 = b'"';
    pub(super) const TWO_BYTE_STRING: u8 = b'c';
    pub(super) const REFERENCE: u8 = b'^';
    pub(super) const OBJECT: u8 = b'o';
    pub(super) const OBJECT_END: u8 = b'{';
    pub(super) const SPARSE_ARRAY: u8 = b'a';
    pub(super) const SPARSE_ARRAY_END: u8 = b'@';
    pub(super) const DENSE_ARRAY: u8 = b'A';
    pub(super) const DENSE_ARRAY_END: u8 = b'$';
    pub(super) const DATE: u8 = b'D';
    pub(super) const TRUE_OBJECT: u8 = b'y';
    pub(super) const FALSE_OBJECT: u8 = b'x';
    pub(super) const NUMBER_OBJECT: u8 = b'n';
    pub(super) const BIGINT_OBJECT: u8 = b'z';
    pub(super) const STRING_OBJECT: u8 = b's';
    pub(super) const REGEXP: u8 = b'R';
    pub(super) const MAP: u8 = b';';
    pub(super) const MAP_END: u8 = b':';
    pub(super) const SET: u8 = b'\'';
    pub(super) const SET_END: u8 = b',';
    pub(super) const ARRAY_BUFFER: u8 = b'B';
    pub(super) const IMMUTABLE_ARRAY_BUFFER: u8 = b'C';
    pub(super) const RESIZABLE_ARRAY_BUFFER: u8 = b'~';
    pub(super) const VIEW: u8 = b'V';
    pub(super) const ERROR: u8 = b'r';
    pub(super) const ERROR_MESSAGE: u8 = b'm';
    pub(super) const ERROR_STACK: u8 = b's';
    pub(super) const ERROR_CAUSE: u8 = b'c';
    pub(super) const ERROR_END: u8 = b'.';
}

const VIEWS: [(u8, BufferKind); 13] = [
    (b'b', BufferKind::Int8Array),
    (b'B', BufferKind::Uint8Array),
    (b'C', BufferKind::Uint8ClampedArray),
    (b'w', BufferKind::Int16Array),
    (b'W', BufferKind::Uint16Array),
    (b'd', BufferKind::Int32Array),
    (b'D', BufferKind::Uint32Array),
    (b'h', BufferKind::Float16Array),
    (b'f', BufferKind::Float32Array),
    (b'F', BufferKind::Float64Array),
    (b'q', BufferKind::BigInt64Array),
    (b'Q', BufferKind::BigUint64Array),
    (b'?', BufferKind::DataView),
];

/// The built-in errors that the format knows; every other is an `Error`.
const ERRORS: [(u8, &str); 6] = [
    (b'E', "EvalError"),
    (b'R', "RangeError"),
    (b'F', "ReferenceError"),
    (b'S', "SyntaxError"),
    (b'T', "TypeError"),
    (b'U', "URIError"),
];

/// In the order in which `RegExp.prototype.flags` has them, with the bit of each.
const REGEXP_FLAGS: [(char, u32); 8] = [
    ('d', 1 << 7),
    ('g', 1 << 0),
    ('i', 1 << 1),
    ('m', 1 << 2),
    ('s', 1 << 5),
    ('u', 1 << 4),
    ('v', 1 << 8),
    ('y', 1 << 3),
];

#[cfg(test)]
mod tests {
    use super::*;
    use deem_case::Value;

    fn check_round_trip(json: &str) {
        let value = Value::from_json(json).unwrap();
        assert_eq!(decode(&encode(&value).unwrap()).unwrap().to_json(), json);
        let bytes = encode_args(std::slice::from_ref(&value)).unwrap();
        let Value::Array(mut args) = decode(&bytes).unwrap() else { panic!("arguments are an array") };
        // Numbers of objects count the array around the arguments.
        assert_eq!(args.pop().flatten().map(|back| back.to_json()), Some(json.to_owned()));
    }

    #[test]
    fn every_type_survives() {
        for json in [
            "null",
            "true",
            "-1",
            "4294967295",
            "1.5e+300",
            r#"{"$undefined":true}"#,
            r#"{"$number":"NaN"}"#,
            r#"{"$number":"-0"}"#,
            r#"{"$bigint":"-123456789012345678901234567890"}"#,
            r#"{"$bigint":"0"}"#,
            "\"h\u{e9}\u{20ac}\"",
            r#"{"$utf16":[104,55296]}"#,
            r#"[1,{"$hole":true},[]]"#,
            r#"{"b":1,"a":{"c":[]}}"#,
            r#"{"$map":[["k",1],[{},2]]}"#,
            r#"{"$set":[1,"x"]}"#,
            r#"{"$date":-1.5}"#,
            r#"{"$date":null}"#,
            r#"{"$regexp":["a+","dgimsy"]}"#,
            r#"{"$error":["TypeError","no"]}"#,
            r#"{"$error":["Error",""]}"#,
            r#"{"$bytes":["Float64Array","AAAAAAAA8D8="]}"#,
            r#"{"$bytes":["ArrayBuffer",""]}"#,
        ] {
            check_round_trip(json);
        }
    }

    #[test]
    fn references_are_numbered_from_the_value_itself() {
        let value =
            Value::from_json(r#"{"a":[{"$ref":0},{"$ref":1}],"b":{"$bytes":["Uint8Array","AAEC"]},"c":{"$ref":2}}"#)
                .unwrap();
        assert_eq!(decode(&encode(&value).unwrap()), Ok(value));
    }

    #[test]
    fn arbitrary_bytes_never_panic() {
        let value =
            Value::from_json(r#"[{"a":{"$map":[[1,{"$bytes":["Uint8Array","AAEC"]}]]}},{"$hole":true}]"#).unwrap();
        let bytes = encode_args(&[value]).unwrap();
        for at in 0..bytes.len() {
            for byte in 0..=255 {
                let mut broken = bytes.clone();
                broken[at] = byte;
                let _ = decode(&broken);
                let _ = decode(&broken[..at]);
            }
        }
    }
}
