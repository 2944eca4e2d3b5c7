//! Values crossing over, by shape and size: deem's conversion, beside JSON written or read by V8's `JSON` in the case and by
//! serde outside. Each is a case in a shared realm, of which next to nothing else is done. In processor time.

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use deem_core::{Cancellation, Engine, Entry, Isolate, Isolation, Limits, Outcome, Rules, Submission, Value};

use thread_time::ThreadTime;

mod thread_time;

/// Keeps what it is given, and returns it when it is called without.
const KEEP: &str = "let kept; function f(text) { if (text === undefined) return kept; kept = JSON.parse(text) }";
const KEEP_JSON: &str =
    "let kept; function f(text) { if (text === undefined) return JSON.stringify(kept); kept = JSON.parse(text) }";
const TAKE: &str = "function f(value) {}";
const TAKE_JSON: &str = "function f(text) { JSON.parse(text) }";

fn shapes() -> Vec<(&'static str, String)> {
    let list = |item: &str, length| format!("[{}]", vec![item; length].join(","));
    let record = r#"{"id":1,"name":"first","tags":["a","b"],"nested":{"x":1.5,"y":null}}"#;
    vec![
        ("a number", "1.5".to_owned()),
        ("20 integers", list("7", 20)),
        ("10,000 integers", list("7", 10_000)),
        ("10,000 fractions", list("0.123456789", 10_000)),
        ("100 lists of 100 integers", list(&list("7", 100), 100)),
        ("a record", record.to_owned()),
        ("1,000 records", list(record, 1_000)),
        ("1,000 strings", list(r#""some words""#, 1_000)),
        ("a string of 100,000", format!("{:?}", "x".repeat(100_000))),
    ]
}

/// Calls of a program's `f`, and what they returned.
fn calls(source: &str) -> impl FnMut(&[Value]) -> Value {
    let engine = Engine::new().expect("V8 starts");
    let submission = Submission::new(source, Entry::function("f").expect("a name"));
    let program = engine.compile(&submission).expect("the program compiles");
    let mut isolate = Isolate::new(&engine, &Limits::default()).expect("an isolate");
    let (rules, cancellation) = (Rules::default(), Cancellation::default());
    move |args| match isolate.run(&program, args, &rules, Isolation::Shared, &cancellation).result {
        Ok(Outcome::Returned(value)) => value,
        other => panic!("{other:?}"),
    }
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text.as_str().expect("JSON is well-formed").to_owned(),
        other => panic!("{other:?} is no text"),
    }
}

fn results(criterion: &mut Criterion<ThreadTime>) {
    for (shape, json) in shapes() {
        let value = Value::from_json(&json).expect("a value");
        let mut group = criterion.benchmark_group(format!("out: {shape}"));
        group.throughput(Throughput::Bytes(json.len() as u64));
        let mut keeping = |name, source, read: fn(Value) -> Value| {
            let mut call = calls(source);
            call(&[Value::from(json.as_str())]);
            assert_eq!(read(call(&[])), value);
            group.bench_function(name, |bencher| bencher.iter(|| read(call(&[]))));
        };
        keeping("deem", KEEP, |value| value);
        keeping("JSON", KEEP_JSON, |value| Value::from_json(&text(value)).expect("it is JSON"));
        let mut call = calls(KEEP_JSON);
        call(&[Value::from(json.as_str())]);
        group.bench_function("JSON, as serde_json's value", |bencher| {
            bencher.iter(|| serde_json::from_str::<serde_json::Value>(&text(call(&[]))).expect("it is JSON"));
        });
        group.finish();
    }
}

fn arguments(criterion: &mut Criterion<ThreadTime>) {
    for (shape, json) in shapes() {
        let value = Value::from_json(&json).expect("a value");
        let mut group = criterion.benchmark_group(format!("in: {shape}"));
        group.throughput(Throughput::Bytes(json.len() as u64));
        let args = [value];
        let mut call = calls(TAKE);
        group.bench_function("deem", |bencher| bencher.iter(|| call(&args)));
        drop(call);
        let mut call = calls(TAKE_JSON);
        group.bench_function("JSON", |bencher| bencher.iter(|| call(&[Value::from(args[0].to_json().as_str())])));
        let args = [Value::from(json.as_str())];
        group.bench_function("JSON that was text before", |bencher| bencher.iter(|| call(&args)));
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .with_measurement(ThreadTime::NEW)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2));
    targets = results, arguments
}
criterion_main!(benches);
