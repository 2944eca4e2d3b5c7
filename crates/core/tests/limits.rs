//! Every limit has code here that trips it, and a clean case after it.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{compile, returned};
use deem_core::{Bytes, Case, Engine, Exceeded, Isolation, Limits, Outcome, Pool, Value};

/// With time enough for debug builds on a busy machine.
const LIMITS: Limits =
    Limits { heap: Bytes::mib(48), external: Bytes::mib(16), ..Limits::time(Duration::from_secs(30)) };
const ALL: [Isolation; 3] = [Isolation::Realm, Isolation::Isolate, Isolation::Shared];

/// Runs `code` as cases 1 and 4 of six, on two threads; the others must not notice.
#[track_caller]
fn check(code: &str, expected: &Outcome) {
    check_with(LIMITS, code, expected);
}

#[track_caller]
fn check_with(limits: Limits, code: &str, expected: &Outcome) {
    let program = compile(&format!("function f(n) {{ if (n % 3 === 1) {{ {code} }} return n }}"));
    for isolation in ALL {
        let pool = Pool::new(&Engine::new().unwrap(), 2, isolation).unwrap();
        let cases = (0..6).map(|n| {
            Arc::new(Case { id: n.to_string(), args: vec![Value::from(n)], expected: Value::Undefined.into() })
        });
        for (n, (_, execution)) in pool.run(&program, cases, &limits.into()).enumerate() {
            let clean = Outcome::Returned(Value::from(n as i32));
            let expected = if n % 3 == 1 { expected } else { &clean };
            assert_eq!(execution.result.as_ref(), Ok(expected), "{isolation:?}: {code}: case {n}");
        }
    }
}

#[test]
fn heap() {
    let exceeded = Outcome::Exceeded(Exceeded::Heap(LIMITS.heap));
    for code in [
        "const l = []; for (;;) l.push({})",
        "const l = []; for (;;) l.push('x'.repeat(1000) + l.length)",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, [i])",
        "const l = []; for (;;) try { for (;;) l.push([1, 2, 3]) } catch {} finally { for (;;) l.push([]) }",
        "let o = null; for (;;) o = { o }",
        "const l = []; for (;;) l.push(() => l)",
        "for (let i = 0; ; i++) Symbol.for('k' + i + 'x'.repeat(100))",
    ] {
        check(code, &exceeded);
    }
}

#[test]
fn external() {
    let exceeded = Outcome::Exceeded(Exceeded::External(LIMITS.external));
    check("const l = []; for (;;) l.push(new Uint8Array(1 << 20))", &exceeded);
    check("new ArrayBuffer(1 << 30)", &exceeded);
    // A refusal that is caught is no matter, and what is not in use any more does not count.
    let caught = "const l = []; try { for (;;) l.push(new Uint8Array(1 << 20)) } catch { return l.length < 17 }";
    check(caught, &returned("true"));
    check(
        "let n = 0; for (let i = 0; i < 200; i++) n += new Uint8Array(1 << 20).length; return n >> 20",
        &returned("200"),
    );
}

#[test]
fn cpu() {
    let limits = Limits { cpu: Duration::from_millis(100), ..LIMITS };
    check_with(limits, "while (true);", &Outcome::Exceeded(Exceeded::Cpu(limits.cpu)));
}

#[test]
fn limits_that_are_too_small_are_named() {
    let pool = Pool::new(&Engine::new().unwrap(), 1, Isolation::Realm).unwrap();
    let case = Arc::new(Case { id: "1".to_owned(), args: vec![], expected: Value::Undefined.into() });
    let limits = Limits { heap: Bytes::mib(1), ..Limits::default() };
    let (_, execution) = pool.run(&compile("function f() {}"), [case], &limits.into()).next().unwrap();
    let error = execution.result.unwrap_err().to_string();
    assert_eq!(error, "failed to make an isolate: heap: 1 MiB is below the smallest limit, 16 MiB");
}
