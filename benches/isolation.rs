//! The price of a case by what is fresh for it, and by threads.

use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deem_benches::{case, sum};
use deem_core::{Engine, Isolation, Pool, Rules};

fn isolation(criterion: &mut Criterion) {
    let engine = Engine::new().expect("V8 starts");
    let program = sum(&engine).expect("the program compiles");
    let case = Arc::new(case(20));
    let levels =
        [("isolate", Isolation::Isolate, 8), ("realm", Isolation::Realm, 200), ("shared", Isolation::Shared, 20_000)];
    for (name, isolation, cases) in levels {
        let mut group = criterion.benchmark_group(format!("cases in a pool, {name}"));
        group.throughput(Throughput::Elements(cases as u64)).sample_size(20);
        for threads in [1, 2] {
            let pool = Pool::new(&engine, threads, isolation).expect("threads");
            group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
                bencher.iter(|| {
                    let run = pool.run(&program, std::iter::repeat_n(case.clone(), cases), &Rules::default());
                    for (case, execution) in run {
                        assert_eq!(execution.result, Ok(deem_core::Outcome::Returned(case.expected.clone())));
                    }
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, isolation);
criterion_main!(benches);
