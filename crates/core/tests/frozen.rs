//! The frozen realm: all cases of a program in one realm. What none may leave for a later one, `frozen_channels` has.

mod common;

use common::{compile, executions, plain, returned, run};
use deem_core::{Cancellation, Engine, Isolate, Isolation, Outcome, Rules, Value};

/// What cases that follow each other in the frozen realm come to.
fn outcomes(source: &str, args: &[Value], times: usize) -> Vec<Outcome> {
    let executions = executions(source, args, times, Isolation::Frozen);
    executions.into_iter().map(|execution| plain(execution.result.unwrap())).collect()
}

fn always(source: &str, json: &str) {
    assert_eq!(outcomes(source, &[], 3), vec![returned(json); 3], "{source}");
    let realm = executions(source, &[], 1, Isolation::Realm).remove(0).result.unwrap();
    assert_eq!(plain(realm), returned(json), "in a fresh realm: {source}");
}

#[test]
fn the_programs_own_state_is_new_in_each_case() {
    always(
        "let n = 0; var m = 0; const list = []; function f() { list.push(1); return [++n, ++m, list.length] }",
        "[1,1,1]",
    );
    always("class Counter { static n = 0 } function f() { return ++Counter.n }", "1");
    always("function f() { f.n = (f.n ?? 0) + 1; return f.n }", "1");
    always("const f = (() => { let n = 0; return () => ++n })()", "1");
    always("function f() { n = typeof n === 'undefined' ? 1 : n + 1; return n }", "1");
    always("function f() { this.n = (this.n ?? 0) + 1; return this.n }", "1");
}

#[test]
fn what_inherits_a_frozen_property_may_have_its_own() {
    always(
        "'use strict'; class Lost extends Error { constructor() { super('m'); this.name = 'Lost'; this.message = 'n' } }
         function f() { return String(new Lost()) }",
        r#""Lost: n""#,
    );
    always(
        "'use strict'; function P() {} P.prototype.toString = () => 'p'; P.prototype.valueOf = () => 1;
         function f() { return `${new P()}` + (new P() + 1) }",
        r#""p2""#,
    );
    always(
        "'use strict'; function f() { const o = {}; o.constructor = 1; o.hasOwnProperty = 2; return o.constructor + o.hasOwnProperty }",
        "3",
    );
}

#[test]
fn the_position_of_an_error_is_the_programs_own() {
    let source = "let n = 1;\nfunction f() {\n  null.x;\n}";
    for isolation in [Isolation::Realm, Isolation::Frozen] {
        let Ok(Outcome::Threw(exception)) = executions(source, &[], 1, isolation).remove(0).result else { panic!() };
        assert_eq!((exception.line, exception.column), (Some(3), Some(8)), "{isolation:?}");
        assert_eq!((exception.name.as_str(), exception.stack.len()), ("TypeError", 1));
    }
}

#[test]
fn it_has_what_a_fresh_realm_has() {
    for source in [
        "function f() { console.log('x', { a: [1] }); console.count(); return console === console }",
        "async function f() { await new Promise((done) => setTimeout(done, 500)); return Date.now() }",
        "function f() { return [Math.random(), Math.random()] }",
        "function f() { return new TextDecoder().decode(new TextEncoder().encode('ä')) }",
        "function f() { return structuredClone({ a: [1, { b: 2 }] }) }",
        "function f() { 'aXb'.replace(/(X)/, ''); return RegExp.$1 + RegExp.leftContext }",
        "const f = () => Object.getOwnPropertyNames(globalThis).length",
        "function f() { return typeof arguments + [typeof WeakRef, typeof SharedArrayBuffer, typeof WebAssembly] }",
    ] {
        let fresh = executions(source, &[], 1, Isolation::Realm).remove(0);
        for frozen in executions(source, &[], 3, Isolation::Frozen) {
            assert_eq!(frozen.result, fresh.result, "{source}");
            assert_eq!(frozen.console, fresh.console, "{source}");
        }
    }
}

#[test]
fn what_cannot_be_a_functions_body_runs_in_fresh_realms() {
    always("#!/usr/bin/env node\nvar n = 0; function f() { return ++n }", "1");
}

#[test]
fn other_rules_have_another_realm() {
    let program = compile("function f() { return Math.random() }");
    let rules = |seed| Rules { seed, ..Rules::default() };
    let fresh = |seed| run(&program, &[], 1, Isolation::Realm, &rules(seed)).remove(0).result.unwrap();
    let (one, two) = (fresh(1), fresh(2));
    assert_ne!(one, two);
    let mut isolate = Isolate::new(&Engine::new().unwrap(), &Rules::default().limits).unwrap();
    let found = [1, 2, 1].map(|seed| {
        isolate.run(&program, &[], &rules(seed), Isolation::Frozen, &Cancellation::default()).result.unwrap()
    });
    assert_eq!(found, [one.clone(), two, one]);
}
