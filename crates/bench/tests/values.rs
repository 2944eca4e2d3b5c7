//! Random values go in and come out the same: through JSON, through a realm, and through node.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use deem_core::{BufferKind, Case, Engine, Entry, Execution, Executor, Isolation, JsString, Outcome, Pool};
use deem_core::{Prepared, Rules, Session, Submission, Value};
use deem_spawn::{Processes, Runtime};
use num_bigint::{BigInt, Sign};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[test]
fn values_survive_every_way_unchanged() {
    let pool = Pool::new(&Engine::new().unwrap(), 1, Isolation::Shared).unwrap();
    let node = Processes::new(&Runtime::node().unwrap(), 1, deem_spawn::Isolation::Shared);
    let (realm, node) = (RefCell::new(identity(&pool)), RefCell::new(identity(&node)));
    let mut runner = TestRunner::new(Config { cases: 10_000, failure_persistence: None, ..Config::default() });
    let result = runner.run(&value(), |value| {
        let json = value.to_json();
        prop_assert_eq!(Value::from_json(&json).map(|back| back.to_json()).unwrap(), json.clone());
        prop_assert_eq!(through(&mut **realm.borrow_mut(), &value), json.clone(), "through a realm");
        prop_assert_eq!(through(&mut **node.borrow_mut(), &value), json, "through node");
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn identity(executor: &dyn Executor) -> Box<dyn Session> {
    let source = "const identity = (value) => value".to_owned();
    let submission = Submission::new(source, Entry::function("identity").unwrap());
    match executor.prepare(&submission, &Rules::default()).unwrap() {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => panic!("{exception}"),
    }
}

fn through(session: &mut dyn Session, value: &Value) -> String {
    let case = Arc::new(Case { id: String::new(), args: vec![value.clone()], expected: Value::Undefined.into() });
    let mut back = String::new();
    session.run(&mut std::iter::once(case), &mut |_: Arc<Case>, execution: Execution| {
        back = match execution.result {
            Ok(Outcome::Returned(value)) => value.to_json(),
            Ok(other) => other.to_string(),
            Err(error) => error.to_string(),
        };
        ControlFlow::Continue(())
    });
    back
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Undefined),
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(Value::Number),
        any::<i32>().prop_map(Value::from),
        Just(Value::Number(-0.0)),
        (any::<bool>(), vec(any::<u8>(), 0..40)).prop_map(|(minus, digits)| {
            Value::BigInt(BigInt::from_bytes_le(if minus { Sign::Minus } else { Sign::Plus }, &digits))
        }),
        string().prop_map(Value::String),
        prop_oneof![Just(f64::NAN), (-8_640_000_000_000_000i64..=8_640_000_000_000_000).prop_map(|ms| ms as f64)]
            .prop_map(Value::Date),
        ("[a-z]{1,5}[+*?]?", "d?g?i?m?s?[uv]?y?")
            .prop_map(|(source, flags)| Value::RegExp { source: source.into(), flags }),
        (prop_oneof![Just("Error"), Just("TypeError"), Just("RangeError")], string())
            .prop_map(|(name, message)| Value::Error { name: name.to_owned(), message }),
        (buffer_kind(), vec(any::<u8>(), 0..6))
            .prop_map(|(kind, bytes)| { Value::Bytes(kind, bytes.repeat(kind.element_size())) }),
        any::<u32>().prop_map(Value::Reference), // made sound by `sound`
    ];
    let any_value = leaf.prop_recursive(5, 40, 6, |inside| {
        prop_oneof![
            vec(proptest::option::weighted(0.9, inside.clone()), 0..6).prop_map(Value::Array),
            vec((name(), inside.clone()), 0..6).prop_map(Value::Object),
            vec((inside.clone(), inside.clone()), 0..5).prop_map(Value::Map),
            vec(inside, 0..5).prop_map(Value::Set),
        ]
    });
    any_value.prop_map(|value| {
        let mut begun = 0;
        sound(value, &mut begun)
    })
}

fn string() -> impl Strategy<Value = JsString> {
    prop_oneof![
        "[ -~]{0,8}".prop_map(JsString::from),
        "\\PC{0,8}".prop_map(JsString::from),
        vec(any::<u16>(), 0..6).prop_map(JsString::from_utf16),
        vec(0xd800u16..0xe000, 1..4).prop_map(JsString::from_utf16),
    ]
}

fn name() -> impl Strategy<Value = JsString> {
    let odd =
        vec!["", "__proto__", "constructor", "length", "$ref", "$lit", "toJSON", "then ", "0", "10", "9", "-1", "01"];
    prop_oneof![3 => string(), 1 => proptest::sample::select(odd).prop_map(JsString::from)]
}

// Not Float16Array, which node 20 does not have.
fn buffer_kind() -> impl Strategy<Value = BufferKind> {
    use BufferKind::*;
    proptest::sample::select(vec![
        ArrayBuffer,
        DataView,
        Int8Array,
        Uint8Array,
        Uint8ClampedArray,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float32Array,
        Float64Array,
        BigInt64Array,
        BigUint64Array,
    ])
}

/// The value as JavaScript would have it: references to what there is, members of sets and keys of maps once, names once
/// and integers among them first.
fn sound(value: Value, begun: &mut u32) -> Value {
    *begun += u32::from(value.is_object());
    match value {
        Value::Reference(_) if *begun == 0 => Value::Null,
        Value::Reference(number) => Value::Reference(number % *begun),
        Value::Array(elements) => {
            Value::Array(elements.into_iter().map(|element| element.map(|each| sound(each, begun))).collect())
        }
        Value::Object(mut properties) => {
            let mut names = HashSet::new();
            properties.retain(|(name, _)| names.insert(name.clone()) && name.as_str() != Some("then"));
            let index = |name: &JsString| {
                let index: u32 = name.as_str()?.parse().ok()?;
                (index < u32::MAX && index.to_string() == name.as_str()?).then_some(index)
            };
            properties.sort_by_key(|(name, _)| index(name).map_or(u64::MAX, u64::from));
            Value::Object(properties.into_iter().map(|(name, value)| (name, sound(value, begun))).collect())
        }
        Value::Map(entries) => {
            let mut keys = HashSet::new();
            let mut sound_entries = Vec::new();
            for (key, value) in entries {
                let before = *begun;
                let key = sound(positive(key), begun);
                if keys.insert(label(&key, before)) {
                    let value = sound(value, begun);
                    sound_entries.push((key, value));
                } else {
                    *begun = before;
                }
            }
            Value::Map(sound_entries)
        }
        Value::Set(members) => {
            let mut seen = HashSet::new();
            let mut sound_members = Vec::new();
            for member in members {
                let before = *begun;
                let member = sound(positive(member), begun);
                if seen.insert(label(&member, before)) {
                    sound_members.push(member);
                } else {
                    *begun = before;
                }
            }
            Value::Set(sound_members)
        }
        other => other,
    }
}

/// What two equal keys have in common: an object, with this number, is equal to references to it alone.
fn label(key: &Value, number: u32) -> String {
    if key.is_object() { Value::Reference(number).to_json() } else { key.to_json() }
}

/// Maps and sets take -0 for 0.
fn positive(value: Value) -> Value {
    if value == Value::Number(0.0) { Value::Number(0.0) } else { value }
}
