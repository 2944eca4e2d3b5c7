//! The price of a case by what is fresh for it, and by threads.

use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deem_benches::{case, sum};
use deem_core::{Engine, Isolation, Pool, Rules};

/// One thread, and twice as many until there is one for each processor.
fn counts() -> Vec<usize> {
    let most = Pool::default_threads();
    let mut counts: Vec<usize> =
        std::iter::successors(Some(1), |count| Some(count * 2)).take_while(|&c| c < most).collect();
    counts.push(most);
    counts
}

fn isolation(criterion: &mut Criterion) {
    let engine = Engine::new().expect("V8 starts");
    let program = sum(&engine).expect("the program compiles");
    let case = Arc::new(case(20));
    let levels =
        [("isolate", Isolation::Isolate, 8), ("realm", Isolation::Realm, 200), ("shared", Isolation::Shared, 20_000)];
    for (name, isolation, cases) in levels {
        let mut group = criterion.benchmark_group(format!("cases in a pool, {name}"));
        group.throughput(Throughput::Elements(cases as u64)).sample_size(20);
        for threads in counts() {
            let pool = Pool::new(&engine, threads, isolation).expect("threads");
            group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
                bencher.iter(|| {
                    let run = pool.run(&program, std::iter::repeat_n(case.clone(), cases), &Rules::default());
                    for (case, execution) in run {
                        assert!(deem_benches::is_right(&case, &execution), "{execution:?}");
                    }
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, isolation);
criterion_main!(benches);
