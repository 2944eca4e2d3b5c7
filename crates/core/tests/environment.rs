//! What a case sees besides ECMAScript, and what it does not see.

mod common;

use common::{compile, compile_module, outcome, outcomes, returned, run, threw, unhandled};
use deem_core::{Bytes, CompileError, Console, Engine, Entry, Exceeded, Isolation, Limits, Outcome, Rules, Submission};

fn console(source: &str) -> String {
    common::executions(source, &[], 1, Isolation::Realm).remove(0).console.to_string()
}

#[test]
fn what_is_not_for_cases_is_absent() {
    let names = "Deno SharedArrayBuffer WebAssembly WeakRef FinalizationRegistry Temporal process require module exports \
                 Buffer fetch performance setImmediate global window self navigator crypto URL Worker gc d8 print";
    let source = format!("function f() {{ return '{names}'.split(' ').filter((name) => name in globalThis) }}");
    assert_eq!(outcome(&source), returned("[]"));
    assert_eq!(
        outcome("function f() { return [typeof Atomics.wait, typeof Atomics.waitAsync, typeof Atomics.add] }"),
        returned(r#"["undefined","undefined","function"]"#)
    );
}

#[test]
fn code_from_strings_and_webassembly_are_allowed_by_the_rules_alone() {
    let strings =
        "function f() { return [eval('1'), new Function('return 2')(), (() => {}).constructor('return 3')()] }";
    let refused = threw("EvalError", "Code generation from strings disallowed for this context");
    assert_eq!(outcome(strings), refused);
    for code in ["eval('1')", "Function('')", "(async () => {}).constructor('')", "(function* () {}).constructor('')"] {
        assert_eq!(outcome(&format!("function f() {{ return {code} }}")), refused, "{code}");
    }
    // What is no text is no code: `eval` gives it back.
    assert_eq!(outcome("function f() { return eval(7) }"), returned("7"));
    let wasm = "function f() { return new WebAssembly.Memory({ initial: 1 }).buffer.byteLength }";
    assert_eq!(outcome(wasm), threw("ReferenceError", "WebAssembly is not defined"));
    let rules = Rules { eval: true, webassembly: true, ..Rules::default() };
    for isolation in [Isolation::Realm, Isolation::Shared] {
        let allowed = |source| run(&compile(source), &[], 1, isolation, &rules).remove(0).result.unwrap();
        assert_eq!(allowed(strings), returned("[1,2,3]"));
        assert_eq!(allowed(wasm), returned("65536"));
    }
}

#[test]
fn the_console_is_kept_in_order_and_is_each_cases_own() {
    let source =
        "let n = 0; function f() { console.log('log', ++n, { a: [1] }); console.error('%s is %d', 'x', 2); return n }";
    for isolation in [Isolation::Realm, Isolation::Shared] {
        for (index, execution) in common::executions(source, &[], 2, isolation).into_iter().enumerate() {
            let n = if isolation == Isolation::Shared { index + 1 } else { 1 };
            assert_eq!(execution.console.to_string(), format!("log {n} {{ a: [ 1 ] }}\nx is 2\n"));
            assert_eq!(execution.usage.output, Bytes(execution.console.written() + 8));
        }
    }
    assert_eq!(console("console.log('load'); function f() { throw console.log('call') }"), "load\ncall\n");
    assert_eq!(
        console(
            "function f() { Array.prototype.map = Array.prototype.push = String.prototype.slice = 1; console.log([1, { a: 'b' }]) }"
        ),
        "[ 1, { a: 'b' } ]\n"
    );
    // Of the hidden state of objects, too.
    let source = "function f() { console.log(Promise.resolve(1), new Promise(() => {}), new Proxy({ a: 1 }, {}), new Map([[1, 2]]).entries(), new WeakMap()) }";
    assert_eq!(
        console(source),
        "Promise { 1 } Promise { <pending> } { a: 1 } [Map Entries] { [ 1, 2 ] } WeakMap { <items unknown> }\n"
    );
    assert_eq!(console("function f() { const o = {}; o.o = o; console.log(o) }"), "<ref *1> { o: [Circular *1] }\n");
}

#[test]
fn a_long_console_is_cut_with_a_mark_and_a_longer_one_is_a_limit() {
    let source = "function f() { for (let i = 0; i < 1000; i++) console.log('x'.repeat(999)); return 1 }";
    let execution = common::executions(source, &[], 1, Isolation::Realm).remove(0);
    assert_eq!(execution.result, Ok(returned("1")));
    assert_eq!((execution.console.text().len(), execution.console.written()), (Console::KEPT, 1_000_000));
    assert!(execution.console.to_string().ends_with("x.. 934464 bytes more\n"));
    let limits = Limits { output: Bytes::kib(100), ..Limits::default() };
    let exceeded = Outcome::Exceeded(Exceeded::Output(limits.output));
    for isolation in [Isolation::Realm, Isolation::Shared] {
        let result = |source| run(&compile(source), &[], 1, isolation, &limits.into()).remove(0).result.unwrap();
        assert_eq!(result(source), exceeded);
        assert_eq!(result("function f() { for (;;) try { console.log('x'.repeat(1e4)) } catch {} }"), exceeded);
        assert_eq!(result("function f() { return 'x'.repeat(102401) }"), exceeded);
        assert_eq!(result("function f() { return Array(102401).fill(1) }"), exceeded);
        assert_eq!(result("function f() { console.log('x'.repeat(6e4)); return 'y'.repeat(6e4) }"), exceeded);
    }
}

#[test]
fn timers_run_in_virtual_time() {
    let source = "async function f() {
        const seen = [], start = Date.now();
        const at = (name) => () => { seen.push(name, Date.now() - start) };
        const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
        setTimeout(at('b'), 20); setTimeout(at('a'), 10); setTimeout(at('c'), 20);
        clearTimeout(setTimeout(at('never'), 5));
        const every = setInterval(() => { seen.push('i'); if (Date.now() - start > 25) clearInterval(every) }, 9);
        await sleep(1e9);
        return seen.concat(Date.now() - start);
    }";
    let seen = returned(r#"["i","a",10,"i","b",20,"c",20,"i",1000000000]"#);
    for isolation in [Isolation::Realm, Isolation::Shared] {
        let started = std::time::Instant::now();
        for execution in common::executions(source, &[], 3, isolation) {
            assert_eq!(execution.result, Ok(seen.clone()), "{isolation:?}");
        }
        assert!(started.elapsed().as_secs() < 1000);
    }
    // A callback is the case's own code; an answer does not wait for timers.
    assert_eq!(
        outcome("async function f() { await new Promise(() => setTimeout(() => { throw 7 }, 1)) }"),
        threw("", "7")
    );
    assert_eq!(outcome("function f() { setTimeout(() => { throw 7 }); return 1 }"), returned("1"));
    assert_eq!(
        outcome("async function f() { setTimeout(() => {}, 1e9); await new Promise(() => {}) }"),
        Outcome::NeverSettled
    );
}

#[test]
fn clock_and_random_are_the_same_in_every_case_and_the_seed_changes_them() {
    let source = "function f() { return [Math.random(), Math.random(), Date.now(), new Date().getTime(), Date()] }";
    let first = outcome(source);
    for isolation in [Isolation::Realm, Isolation::Shared] {
        let again = common::executions(source, &[], 3, isolation);
        assert!(again.into_iter().all(|execution| execution.result.as_ref() == Ok(&first)), "{isolation:?}");
    }
    let rules = Rules { seed: 1 << 40, ..Rules::default() };
    assert_ne!(run(&compile(source), &[], 1, Isolation::Realm, &rules).remove(0).result, Ok(first));
    let source = "function f() { return [new Date().toISOString(), new Date().getTimezoneOffset(), new Date() instanceof Date, Date.UTC(2025, 0), new Intl.DateTimeFormat('en').format(), new Date(0).constructor === Date] }";
    assert_eq!(outcome(source), returned(r#"["2025-01-01T00:00:00.000Z",0,true,1735689600000,"1/1/2025",true]"#));
    // Half a million numbers: mean and spread of the uniform distribution.
    let source = "function f() { let [n, sum, squares] = [5e5, 0, 0]; for (let i = 0; i < n; i++) { const x = Math.random(); if (!(x >= 0 && x < 1)) throw x; sum += x; squares += x * x } return Math.abs(sum / n - 1 / 2) < 2e-3 && Math.abs(squares / n - 1 / 3) < 2e-3 }";
    assert_eq!(outcome(source), returned("true"));
}

#[test]
fn a_structured_clone_is_deep_and_of_the_cases_own_realm() {
    let source = "function f() {
        const a = { m: new Map([[1, { d: new Date(5) }]]), s: new Set([1n]) };
        a.self = a;
        const b = structuredClone(a);
        const buffer = new ArrayBuffer(8);
        const moved = structuredClone({ buffer }, { transfer: [buffer] });
        const fails = (value, options) => { try { structuredClone(value, options) } catch (e) { return [e.name, e.message, e instanceof Error] } };
        return [b !== a, b.self === b, b.m.get(1).d.getTime(), b.m instanceof Map, b.s.has(1n),
            buffer.byteLength, moved.buffer.byteLength, fails(() => 1), fails(1, { transfer: [buffer] }), fails({ get a() { throw new TypeError('own') } })];
    }";
    assert_eq!(
        outcome(source),
        returned(
            r#"[true,true,5,true,true,0,8,["DataCloneError","() => 1 could not be cloned.",true],["DataCloneError","Found invalid object in transferList",true],["TypeError","own",true]]"#
        )
    );
}

#[test]
fn text_is_encoded_and_decoded() {
    let source = r#"function f() {
        const bytes = new TextEncoder().encode('h\u20ac\ud800\u{1f600}');
        const into = new Uint8Array(4);
        const { read, written } = new TextEncoder().encodeInto('a\u20ac\u20ac', into);
        const utf8 = new TextDecoder();
        const parts = [0xe2, 0x82, 0xac].map((byte) => utf8.decode(new Uint8Array([byte]), { stream: true })).join('|') + utf8.decode();
        const fails = (make) => { try { make() } catch (e) { return e.name } };
        return [[...bytes], read, written, [...into], new TextDecoder().decode(bytes), parts,
            new TextDecoder('utf-16le').decode(new Uint16Array([104, 0x20ac])), new TextDecoder('latin1').encoding,
            new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])), new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])),
            fails(() => new TextDecoder('no such')), fails(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))), new TextDecoder().decode(new Uint8Array([255, 65]).buffer)];
    }"#;
    assert_eq!(
        outcome(source),
        returned(
            "[[104,226,130,172,239,191,189,240,159,152,128],2,4,[97,226,130,172],\"h\u{20ac}\u{fffd}\u{1f600}\",\"||\u{20ac}\",\"h\u{20ac}\",\"windows-1252\",\"A\",\"\u{feff}A\",\"RangeError\",\"TypeError\",\"\u{fffd}A\"]"
        )
    );
    let streams =
        "function f() { for (let i = 0; i < 2000; i++) new TextDecoder().decode(new Uint8Array(1), { stream: true }) }";
    assert_eq!(outcome(streams), threw("RangeError", "too many decoders are in the middle of a stream"));
}

#[test]
fn a_rejection_that_nobody_handles_is_the_outcome_of_its_own_case_alone() {
    assert_eq!(
        outcome("function f() { Promise.reject(new TypeError('lost')); return 1 }"),
        unhandled("TypeError", "lost")
    );
    assert_eq!(outcome("function f() { (async () => { throw 1 })(); return 1 }"), unhandled("", "1"));
    assert_eq!(
        outcome("async function f() { const p = Promise.reject(1); await null; await p.catch(() => {}); return 1 }"),
        returned("1")
    );
    assert_eq!(
        outcome(
            "async function f() { return (await Promise.allSettled(Array.from({ length: 1000 }, (_, i) => Promise.reject(i)))).length }"
        ),
        returned("1000")
    );
    // More than are kept.
    let source = "async function f() { const all = Array.from({ length: 100 }, (_, i) => Promise.reject(i)); await Promise.allSettled(all.slice(0, 99)); return 1 }";
    assert_eq!(outcome(source), unhandled("", "1 rejected promises are unhandled"));
    assert_eq!(
        outcome("function f() { for (let i = 0; i < 1e5; i++) Promise.reject(i); return 1 }"),
        unhandled("", "0")
    );
    assert_eq!(
        outcome("function f() { queueMicrotask(() => { throw new RangeError('late') }); return 1 }"),
        threw("RangeError", "late")
    );
    let source =
        "let n = 0; function f() { if (n++ === 0) { Promise.reject(1); queueMicrotask(() => { throw 2 }) } return n }";
    let shared = common::executions(source, &[], 2, Isolation::Shared);
    assert_eq!(shared[1].result, Ok(returned("2")));
}

#[test]
fn a_module_answers_by_an_export() {
    let results = |source: &str, isolation| {
        let executions = run(&compile_module(source), &[], 2, isolation, &Rules::default());
        executions.into_iter().map(|execution| common::plain(execution.result.unwrap())).collect::<Vec<_>>()
    };
    for isolation in [Isolation::Realm, Isolation::Isolate, Isolation::Shared] {
        for source in [
            "export function f() { return 1 }",
            "export default () => 1",
            "const g = async () => 1; export { g as f }",
            "const one = await new Promise((done) => setTimeout(() => done(1), 1000)); export default function f() { return one }",
            "export const f = () => typeof this === 'undefined' ? 1 : 2",
            "export default function () { return 2 }\nexport const f = () => 1",
        ] {
            assert_eq!(results(source, isolation), [returned("1"), returned("1")], "{isolation:?}: {source}");
        }
        let fresh = if isolation == Isolation::Shared { "2" } else { "1" };
        assert_eq!(results("let n = 0; export const f = () => ++n", isolation)[1], returned(fresh));
        assert_eq!(results("throw new Error('load'); export const f = 1", isolation)[0], threw("Error", "load"));
        assert_eq!(results("await new Promise(() => {}); export const f = 1", isolation)[0], Outcome::NeverSettled);
        let no_entry = |why: &str| Outcome::NoEntry(why.to_owned());
        assert_eq!(results("export const g = 1", isolation)[0], no_entry("the program exports no function f"));
        assert_eq!(results("export const f = 1", isolation)[0], no_entry("the program's f is not a function"));
        assert_eq!(
            results("export default class { constructor() {} }", isolation)[0],
            threw(
                "TypeError",
                "a class is called with two arguments: names, the class's first, and for each an array of arguments"
            )
        );
    }
}

#[test]
fn a_module_cannot_import_and_its_errors_have_their_places() {
    let compile_error = |source: &str| {
        let submission = Submission::new(source, Entry::export("f").unwrap());
        match Engine::new().unwrap().compile(&submission) {
            Err(CompileError::Syntax(exception)) => exception.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        compile_error("export const a = 1;\n  import x from 'fs'"),
        "SyntaxError: a submission cannot import: fs (solution.js:2:17)"
    );
    assert_eq!(compile_error("export const f = ;"), "SyntaxError: Unexpected token ';' (solution.js:1:18)");
    let source = "export function f() {\n  return import.meta.url + null.x;\n}";
    match run(&compile_module(source), &[], 1, Isolation::Realm, &Rules::default()).remove(0).result.unwrap() {
        Outcome::Threw(exception) => assert_eq!(exception.stack, ["f (solution.js:2:33)"]),
        other => panic!("{other}"),
    }
}

#[test]
fn nothing_of_one_case_is_seen_by_the_next() {
    let source = "function f() {
        const seen = [typeof mark, console.mark, setTimeout.mark, structuredClone.mark, Date.mark, Math.random.mark, TextEncoder.mark];
        globalThis.mark = console.mark = setTimeout.mark = structuredClone.mark = Date.mark = Math.random.mark = TextEncoder.mark = 1;
        setTimeout(() => {}, 1);
        return seen;
    }";
    let none = r#"{"$undefined":true}"#;
    let clean = returned(&format!(r#"["undefined",{none},{none},{none},{none},{none},{none}]"#));
    assert_eq!(outcomes(source, 2), [clean.clone(), clean]);
}

#[test]
fn a_case_sees_one_place_wherever_it_runs() {
    const CHILD: &str = "DEEM_TEST_IS_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let source = "function f() { return [new Date(0).getHours(), String(new Date(0)), (1234.5).toLocaleString(), Intl.DateTimeFormat().resolvedOptions().timeZone] }";
        let utc = r#"[0,"Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)","1,234.5","UTC"]"#;
        assert_eq!(outcome(source), returned(utc));
        return;
    }
    let name = "a_case_sees_one_place_wherever_it_runs";
    let mut test = std::process::Command::new(std::env::current_exe().unwrap());
    test.args([name, "--exact"]).env(CHILD, "1").env("TZ", "America/New_York").env("LC_ALL", "de_DE.UTF-8");
    let output = test.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
