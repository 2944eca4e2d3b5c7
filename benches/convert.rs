//! A call with arguments and a result of several shapes, in a shared realm: most of it is values crossing over.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use deem_core::{Cancellation, Engine, Entry, Isolate, Isolation, Limits, Rules, Submission, Value};

fn convert(criterion: &mut Criterion) {
    let engine = Engine::new().expect("V8 starts");
    let source = "function id(value) { return value }".to_owned();
    let submission = Submission { source, entry: Entry::function("id").expect("a name") };
    let program = engine.compile(&submission).expect("the program compiles");
    let mut isolate = Isolate::new(&engine, &Limits::default()).expect("an isolate");

    let record = r#"{"id":1,"name":"first","tags":["a","b"],"nested":{"x":1.5,"y":null}}"#;
    let records = format!("[{}]", vec![record; 1_000].join(","));
    let shapes = [
        ("number", "1.5".to_owned()),
        ("20 integers", format!("[{}]", vec!["7"; 20].join(","))),
        ("10,000 integers", format!("[{}]", vec!["7"; 10_000].join(","))),
        ("record", record.to_owned()),
        ("1,000 records", records),
        ("string of 100,000", format!("{:?}", "x".repeat(100_000))),
    ];
    let mut group = criterion.benchmark_group("identity in a shared realm");
    for (name, json) in shapes {
        let args = [Value::from_json(&json).expect("a value")];
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let execution =
                    isolate.run(&program, &args, &Rules::default(), Isolation::Shared, &Cancellation::default());
                assert!(execution.result.is_ok());
            });
        });
    }
    group.finish();
}

criterion_group!(benches, convert);
criterion_main!(benches);
