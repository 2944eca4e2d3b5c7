//! The floor under a realm per case: a bare `v8::Context`, bind and run, on an isolate of the same kind, with nothing of
//! deem around it; next to deem's realm per case, which adds hardening, arguments, the watchdog, and reading the result.

use criterion::{Criterion, criterion_group, criterion_main};
use deem_benches::{SUM, case, sum};
use deem_core::{Cancellation, Engine, Isolate, Isolation, Limits, Rules};
use deno_core::{JsRuntime, RuntimeOptions, v8};

fn floor(criterion: &mut Criterion) {
    let engine = Engine::new().expect("V8 starts");
    let mut group = criterion.benchmark_group("floor");

    // One isolate on a thread at a time, so that the two are measured one after the other.
    {
        let params = v8::CreateParams::default().heap_limits(0, Limits::default().heap.0);
        let mut runtime = JsRuntime::new(RuntimeOptions { create_params: Some(params), ..RuntimeOptions::default() });
        let isolate: &mut v8::Isolate = runtime.v8_isolate();
        let source = format!("{SUM} sum([{}])", (1..=20).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
        let script = {
            v8::scope!(let scope, isolate);
            let context = v8::Context::new(scope, v8::ContextOptions::default());
            let scope = &mut v8::ContextScope::new(scope, context);
            let source = v8::String::new(scope, &source).expect("the source is short");
            let script = v8::Script::compile(scope, source, None).expect("the source compiles");
            let script = script.get_unbound_script(scope);
            v8::Global::new(scope, script)
        };
        group.bench_function("bare context, bind, run", |bencher| {
            bencher.iter(|| {
                v8::scope!(let scope, isolate);
                let context = v8::Context::new(scope, v8::ContextOptions::default());
                let scope = &mut v8::ContextScope::new(scope, context);
                let script = v8::Local::new(scope, &script).bind_to_current_context(scope);
                let sum = script.run(scope).expect("the script runs");
                assert_eq!(sum.int32_value(scope), Some(210));
            });
        });
    }
    {
        let program = sum(&engine).expect("the program compiles");
        let case = case(20);
        let mut isolate = Isolate::new(&engine, &Limits::default()).expect("an isolate");
        group.bench_function("deem, realm per case", |bencher| {
            bencher.iter(|| {
                let execution =
                    isolate.run(&program, &case.args, &Rules::default(), Isolation::Realm, &Cancellation::default());
                assert!(deem_benches::is_right(&case, &execution), "{execution:?}");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, floor);
criterion_main!(benches);
