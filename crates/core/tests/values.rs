//! Values that are large, deep, or hostile: each is an answer or an outcome of its own, and never the end of anything.

mod common;

use std::time::{Duration, Instant};

use common::{compile, outcome, returned, run, threw};
use deem_core::{Bytes, Cancellation, Engine, Exceeded, Isolate, Isolation, Limits, Outcome, Rules, Value};

/// Room and time for what is large, in a debug build on a busy machine.
fn large() -> Rules {
    let time = Limits::time(Duration::from_secs(60));
    Limits { heap: Bytes::mib(1024), external: Bytes::mib(512), output: Bytes::mib(512), ..time }.into()
}

#[test]
fn a_value_of_a_million_levels_is_an_outcome_and_the_next_case_is_as_ever() {
    let build = |level: &str| format!("let v = null; for (let i = 0; i < 1e6; i++) v = {level}; return v");
    for level in [
        "[v]",
        "{ v }",
        "new Map([[v, v]])",
        "new Set([v])",
        "Object.create(null, { v: { value: v, enumerable: true } })",
    ] {
        let program = compile(&format!("function f(deep) {{ if (!deep) return 1; {} }}", build(level)));
        let mut isolate = Isolate::new(&Engine::new().unwrap(), &large().limits).unwrap();
        for isolation in [Isolation::Realm, Isolation::Shared] {
            let mut case = |deep| {
                isolate.run(&program, &[Value::Bool(deep)], &large(), isolation, &Cancellation::default()).result
            };
            let what = "something nested too deeply".to_owned();
            assert_eq!(case(true), Ok(Outcome::Unrepresentable(what)), "{level}");
            assert_eq!(case(false), Ok(returned("1")), "{level}");
        }
    }
    // A chain of causes, of prototypes, of bound functions: none is followed.
    assert_eq!(
        outcome("function f() { let e; for (let i = 0; i < 1e5; i++) e = new Error('x', { cause: e }); throw e }"),
        threw("Error", "x")
    );
    assert_eq!(
        outcome("function f() { let o = { a: 1 }; for (let i = 0; i < 1e5; i++) o = Object.create(o); return o }"),
        returned("{}")
    );
}

#[test]
fn an_argument_that_is_too_deep_is_no_fault_of_the_submission() {
    let mut deep = Value::Null;
    for _ in 0..5_000 {
        deep = Value::array([deep]);
    }
    let program = compile("function f(deep) { return 1 }");
    let error = run(&program, &[deep], 1, Isolation::Realm, &Rules::default()).remove(0).result.unwrap_err();
    assert_eq!(error.to_string(), "failed to build the arguments: an argument is nested deeper than 1000 levels");
}

#[test]
fn a_hundred_megabytes_come_back_whole() {
    let result = |source: &str| run(&compile(source), &[], 1, Isolation::Realm, &large()).remove(0);
    let execution = result("function f() { return 'x'.repeat(1e8) }");
    let Ok(Outcome::Returned(Value::String(text))) = execution.result else { panic!("{:?}", execution.usage) };
    assert_eq!(text.as_str().map(str::len), Some(100_000_000));
    assert_eq!(execution.usage.output, Bytes(100_000_000));
    let Ok(Outcome::Returned(Value::String(text))) = result("function f() { return '\u{20ac}'.repeat(5e7) }").result
    else {
        panic!()
    };
    assert_eq!(text.to_utf16().len(), 50_000_000);
    let Ok(Outcome::Returned(Value::Array(list))) =
        result("function f() { return Array.from({ length: 1e7 }, (_, i) => i) }").result
    else {
        panic!()
    };
    assert_eq!((list.len(), list.last()), (10_000_000, Some(&Some(Value::Number(9_999_999.0)))));
    let Ok(Outcome::Returned(Value::Bytes(_, bytes))) = result("function f() { return new Uint8Array(1e8) }").result
    else {
        panic!()
    };
    assert_eq!(bytes.len(), 100_000_000);
    // As an argument too.
    let program = compile("function f(text) { return text.length }");
    let text = Value::String("x".repeat(100_000_000).as_str().into());
    assert_eq!(run(&program, &[text], 1, Isolation::Realm, &large()).remove(0).result, Ok(returned("100000000")));
}

#[test]
fn an_answer_is_read_under_the_limits() {
    let limits = Limits { cpu: Duration::from_millis(200), ..Limits::time(Duration::from_secs(60)) };
    for code in [
        "return { get a() { for (;;); } }",
        "return [1, { get a() { for (;;); } }]",
        "return { then(done) { for (;;); } }",
        "return { get then() { for (;;); } }",
        "return Promise.resolve({ get a() { for (;;); } })",
        "return new Proxy({}, { get() { for (;;); } })",
        "return new Proxy(Promise.resolve(1), { getPrototypeOf() { for (;;); }, get() { for (;;); } })",
        "return { a: Object.defineProperty([], 0, { enumerable: true, get() { for (;;); } }) }",
    ] {
        let started = Instant::now();
        for isolation in [Isolation::Realm, Isolation::Shared] {
            let program = compile(&format!("function f() {{ {code} }}"));
            let result = run(&program, &[], 1, isolation, &limits.into()).remove(0).result;
            assert_eq!(result, Ok(Outcome::Exceeded(Exceeded::Cpu(limits.cpu))), "{code}: {:?}", started.elapsed());
        }
    }
}

#[test]
fn what_a_hostile_value_throws_is_its_outcome_and_what_it_would_run_is_not_run() {
    assert_eq!(outcome("function f() { return { get a() { throw new TypeError('a') } } }"), threw("TypeError", "a"));
    assert_eq!(
        outcome(
            "function f() { return { toJSON() { for (;;); }, valueOf() { for (;;); }, a: 1, [Symbol.toPrimitive]: 1, [Symbol.iterator]: 1 } }"
        ),
        Outcome::Unrepresentable("toJSON() { for (;;); }".to_owned())
    );
    assert_eq!(
        outcome(
            "class A { constructor() { this.a = 1 } toJSON() { return 2 } get b() { return 3 } }\nfunction f() { return new A() }"
        ),
        returned(r#"{"a":1}"#)
    );
    // Each property is read once, in order.
    let source = "function f() { let n = 0; const o = {}; for (const k of 'abc') Object.defineProperty(o, k, { enumerable: true, get: () => ++n }); return o }";
    assert_eq!(outcome(source), returned(r#"{"a":1,"b":2,"c":3}"#));
    // Values that change while they are read.
    assert_eq!(
        outcome("function f() { const a = [{ get x() { a.length = 1; return 1 } }, 2, 3]; return a }"),
        returned(r#"[{"x":1},{"$hole":true},{"$hole":true}]"#)
    );
    let revoked = "function f() { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return [proxy] }";
    assert_eq!(outcome(revoked), Outcome::Unrepresentable("null".to_owned()));
}
