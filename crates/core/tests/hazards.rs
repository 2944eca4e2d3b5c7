//! What deno_core 0.413 does to a context that it did not make, and deem must not let it do: DESIGN by counter-example.
//! Without `src/harden.rs` and `src/platform.rs` most of these do not fail, they end the process (SIGSEGV or abort).

mod common;

use common::{compile, outcome, outcomes, plain, returned, threw, unhandled};
use deem_core::{Isolation, Outcome, Rules, Value};

/// With everything allowed that is not by default.
fn outcome_allowed(source: &str) -> Outcome {
    let rules = Rules { eval: true, webassembly: true, ..Rules::default() };
    plain(common::run(&compile(source), &[], 1, Isolation::Realm, &rules).remove(0).result.unwrap())
}

#[test]
fn a_rejected_promise_is_harmless() {
    assert_eq!(outcome("function f() { Promise.reject(1); return 7 }"), unhandled("", "1"));
    assert_eq!(outcome("async function f() { throw 1 }"), threw("", "1"));
    assert_eq!(
        outcome("async function f() { const p = Promise.reject(2); try { await p } catch (e) { return e } }"),
        returned("2")
    );
}

#[test]
fn import_is_refused_with_an_error_of_the_cases_own_realm() {
    assert_eq!(outcome("function f() { return import('x') }"), threw("TypeError", "a submission cannot import: x"));
    let source = "async function f() { try { await import('x') } catch (e) { return [e instanceof TypeError, e.constructor === TypeError] } }";
    assert_eq!(outcome(source), returned("[true,true]"));
    // With the phase: V8 has a callback of its own for it.
    for phase in ["source", "defer"] {
        let source = format!("function f() {{ return import.{phase}('x') }}");
        assert_eq!(outcome(&source), threw("TypeError", "a submission cannot import: x"));
    }
    let source = "function f() { return import('x', { with: { get type() { throw 1 } } }) }";
    assert_eq!(outcome(source), threw("", "1"));
}

#[test]
fn webassembly_is_harmless() {
    let module = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])";
    let source = "function f() { return WebAssembly.compileStreaming(1) }";
    assert_eq!(outcome_allowed(source), threw("TypeError", "there is nothing to stream WebAssembly from"));
    // Compiled in the background, and finished by a task that is dropped: no answer, and no crash.
    let source = format!("function f() {{ return WebAssembly.compile({module}).then(() => 1) }}");
    assert_eq!(outcome_allowed(&source), Outcome::NeverSettled);
}

#[test]
fn a_stack_shows_nothing_of_another_realm() {
    let mark = "function f() {
        Error.prepareStackTrace = (error, sites) => sites;
        const stack = new Error('e').stack;
        if (typeof stack === 'string') return 'text';
        const outer = Object.getPrototypeOf(Object.getPrototypeOf(stack[0]));
        const marked = outer.mark === 1;
        outer.mark = 1;
        return [marked, outer === Object.prototype, typeof outer.constructor.constructor('return Deno')];
    }";
    assert_eq!(outcomes(mark, 2), [returned(r#""text""#), returned(r#""text""#)]);
}

#[test]
fn deno_is_out_of_reach() {
    assert_eq!(outcome("function f() { return typeof Deno }"), returned(r#""undefined""#));
    let source = "function f() { return typeof f.constructor('return this')().Deno }";
    assert_eq!(outcome_allowed(source), returned(r#""undefined""#));
}

#[test]
fn a_delayed_task_of_v8s_does_not_abort() {
    // No tokio runtime is entered here, which deno_core's own platform needs for the delay.
    // V8 posts it when it has collected garbage, for eight seconds later (its memory reducer).
    let source = "function f() { let n = 0; for (let i = 0; i < 3e5; i++) n += [i, [i]].length; return n }";
    assert_eq!(outcome(source), returned("600000"));
}

#[test]
fn what_is_thrown_in_a_microtask_is_not_printed() {
    const CHILD: &str = "DEEM_TEST_IS_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let source = "function f() { queueMicrotask(() => { throw new Error('lost') }); return 1 }";
        assert_eq!(outcome(source), threw("Error", "lost"));
        return;
    }
    // V8 prints past Rust's capturing of a test's output: only another process sees it.
    let name = "what_is_thrown_in_a_microtask_is_not_printed";
    let test = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&test.stdout);
    assert!(test.status.success() && printed.contains("1 passed"), "{printed}");
    assert!(!printed.contains("lost"), "{printed}");
}

#[test]
fn no_case_can_block_its_thread() {
    assert_eq!(outcome("function f() { return Atomics.wait }"), returned(r#"{"$undefined":true}"#));
    assert_eq!(
        outcome("function f() { return new SharedArrayBuffer(4) }"),
        threw("ReferenceError", "SharedArrayBuffer is not defined")
    );
    // Where there is WebAssembly, there are shared memories: they share with nobody, and nothing waits for them.
    let source =
        "function f() { return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer.byteLength }";
    assert_eq!(outcome_allowed(source), returned("65536"));
}

#[test]
fn describing_an_error_runs_none_of_its_code() {
    let source = "function f() { throw { get message() { while (true); }, get stack() { while (true); }, toString() { while (true); } } }";
    assert_eq!(outcome(source), threw("", "[object Object]"));
    let source = "function f() { const e = new Error('own'); Object.defineProperty(e, 'stack', { get() { while (true); } }); throw e }";
    assert_eq!(outcome(source), threw("Error", "own"));
    assert_eq!(outcome("function f() { throw new Proxy({}, { get() { while (true); } }) }"), threw("", "#<Object>"));
    assert_eq!(outcome("function f() { throw Symbol('s') }"), threw("", "Symbol(s)"));
}

#[test]
fn a_case_leaves_nothing_to_the_next() {
    let source = "function f() {
        const seen = [globalThis.mark, Object.prototype.mark, Array.prototype.map === 1];
        globalThis.mark = Object.prototype.mark = 1;
        Array.prototype.map = 1;
        for (let i = 0; i < 1000; i++) queueMicrotask(() => { globalThis.mark++ });
        return seen;
    }";
    let clean = returned(r#"[{"$undefined":true},{"$undefined":true},false]"#);
    assert_eq!(outcomes(source, 3), [clean.clone(), clean.clone(), clean]);
}

#[test]
fn arguments_are_values_of_the_cases_own_realm() {
    let source = "function f(list, map) { return [list instanceof Array, map instanceof Map, list.constructor === [].constructor] }";
    let args = [Value::array([1]), Value::Map(vec![])];
    assert_eq!(common::outcome_of(source, &args), returned("[true,true,true]"));
}
