//! What becomes of a case: values, promises, errors with their places, entries.

mod common;

use common::{executions, outcome, outcome_of, outcomes, returned, threw};
use deem_core::{
    CompileError, Engine, Entry, Exception, Isolate, Isolation, Limits, Outcome, Rules, Submission, Value,
};

fn exception(source: &str) -> Exception {
    match executions(source, &[], 1, Isolation::Realm).remove(0).result.unwrap() {
        Outcome::Threw(exception) => exception,
        other => panic!("{other}"),
    }
}

fn place(exception: &Exception) -> (Option<u32>, Option<u32>) {
    (exception.line, exception.column)
}

#[test]
fn promises_are_awaited() {
    assert_eq!(outcome("async function f() { await null; return [1] }"), returned("[1]"));
    assert_eq!(outcome("function f() { return { then(done) { done(Promise.resolve(2)) } } }"), returned("2"));
    assert_eq!(outcome("function f() { return { then: 1 } }"), returned(r#"{"then":1}"#));
    assert_eq!(outcome("function f() { return new Promise(() => {}) }"), Outcome::NeverSettled);
    assert_eq!(outcome("function f() { return { then() {} } }"), Outcome::NeverSettled);
    assert_eq!(outcome("function f() { return { get then() { throw 3 } } }"), threw("", "3"));
    assert_eq!(outcome("async function f() { throw new RangeError('no') }"), threw("RangeError", "no"));
}

#[test]
fn an_error_has_its_place_in_the_submissions_own_lines() {
    let source = "const inner = () => {\n  null.x;\n};\nfunction f() {\n  return inner();\n}";
    let thrown = exception(source);
    assert_eq!(thrown.headline(), "TypeError: Cannot read properties of null (reading 'x')");
    assert_eq!(place(&thrown), (Some(2), Some(8)));
    assert_eq!(thrown.stack, ["inner (solution.js:2:8)", "f (solution.js:5:10)"]);

    // The place where an error was made, also when it is thrown elsewhere or awaited.
    let thrown = exception("let e;\nfunction f() {\n  e = new Error('made');\n  throw e;\n}");
    assert_eq!(place(&thrown), (Some(3), Some(7)));
    let thrown = exception("async function f() {\n  await 1;\n  throw new Error('later');\n}");
    assert_eq!(place(&thrown), (Some(3), Some(9)));
    // What is no error has the place of its throw.
    let thrown = exception("function f() {\n  throw 'text';\n}");
    assert_eq!((thrown.headline(), place(&thrown)), ("text".to_owned(), (Some(2), Some(3))));
    // While the program is loaded.
    let thrown = exception("function f() {}\nmissing();");
    assert_eq!(thrown.to_string(), "ReferenceError: missing is not defined (solution.js:2:1)");
}

#[test]
fn an_error_keeps_its_own_name_and_no_more_text_than_is_good() {
    let source = "class Own extends Error { name = 'Own' }\nfunction f() { throw new Own('mine') }";
    assert_eq!(exception(source).headline(), "Own: mine");
    assert_eq!(exception("function f() { throw new Error() }").headline(), "Error");
    assert_eq!(exception("function f() { throw new Error('a: b') }").message, "a: b");
    let long = exception("function f() { throw new Error('x'.repeat(1e6)) }");
    assert!(long.message.len() < 5_000, "{} characters", long.message.len());
    assert_eq!(exception("function f() { f() }").name, "RangeError");
}

#[test]
fn the_entry_may_be_bound_in_any_way() {
    for source in [
        "function f() { return 1 }",
        "var f = () => 1",
        "let f = () => 1",
        "const f = async () => 1",
        "globalThis.f = () => 1",
        "class A { static g() { return 1 } }\nconst { g: f } = A",
    ] {
        assert_eq!(outcome(source), returned("1"), "{source}");
    }
    let missing = |why: &str| Outcome::NoEntry(why.to_owned());
    assert_eq!(outcome("function g() {}"), missing("the program has no function f"));
    assert_eq!(outcome("const f = 7"), missing("the program's f is not a function"));
    assert_eq!(outcome("class A {}; const { f } = new Proxy({}, { get() { throw 1 } })"), threw("", "1"));
}

#[test]
fn a_script_answers_by_its_last_expression() {
    let engine = Engine::new().unwrap();
    let source = "const sum = (list) => list.reduce((a, b) => a + b, 0);\nsum(args[0])".to_owned();
    let program = engine.compile(&Submission::new(source, Entry::Completion)).unwrap();
    let mut isolate = Isolate::new(&engine, &Limits::default()).unwrap();
    // Twice, for a `const` must not meet itself; in a shared realm too, where scripts get their own all the same.
    for isolation in [Isolation::Realm, Isolation::Realm, Isolation::Shared, Isolation::Shared] {
        let execution =
            isolate.run(&program, &[Value::array([1, 2, 3])], &Rules::default(), isolation, &Default::default());
        assert_eq!(execution.result, Ok(returned("6")));
    }
}

#[test]
fn what_is_no_value_is_said_to_be_none() {
    let what = |source: &str| match outcome(source) {
        Outcome::Unrepresentable(what) => what,
        other => panic!("{source}: {other}"),
    };
    assert_eq!(what("function f() { return f }"), "a function");
    assert_eq!(what("function f() { return Symbol('s') }"), "a symbol");
    assert_eq!(what("function f() { return { a: [Symbol('s')] } }"), "Symbol(s)");
    assert_eq!(what("function f() { return { then: 1, a: () => 1 } }"), "() => 1");
    assert_eq!(what("function f() { return [new Promise(() => {})] }"), "#<Promise>");
    assert_eq!(what("function f() { return [new WeakMap()] }"), "#<WeakMap>");
    assert_eq!(
        what("function f() { const a = []; a[1e9] = 1; return a }"),
        "an array of 1000000001 elements, most of them holes"
    );
    let deep = "function f() { let a = []; for (let i = 0; i < DEPTH; i++) a = [a]; return a }";
    assert_eq!(what(&deep.replace("DEPTH", "1000")), "something nested deeper than 1000 levels");
    assert_eq!(what(&deep.replace("DEPTH", "1e6")), "something nested too deeply");
    // A getter's own overflow is the submission's.
    assert_eq!(
        outcome("function f() { return { get a() { return this.a } } }"),
        threw("RangeError", "Maximum call stack size exceeded")
    );
}

#[test]
fn values_are_read_with_their_references() {
    assert_eq!(outcome("function f() { const r = [0]; return [r, r] }"), returned(r#"[[0],{"$ref":1}]"#));
    assert_eq!(outcome("function f() { const o = {}; o.o = o; return o }"), returned(r#"{"o":{"$ref":0}}"#));
    assert_eq!(outcome("function f() { return 'ab'.match(/b/) }"), returned(r#"["b"]"#));
    assert_eq!(
        outcome("function f() { return [new Number(1), Object('s'), Object(2n)] }"),
        returned(r#"[1,"s",{"$bigint":"2"}]"#)
    );
    let source =
        "function f() { const b = new Uint8Array([1, 2, 3, 4]); return [b.subarray(1, 3), new Uint16Array(b.buffer)] }";
    assert_eq!(
        outcome(source),
        returned(r#"[{"$bytes":["Uint8Array","AgM="]},{"$bytes":["Uint16Array","AQIDBA=="]}]"#)
    );
    // V8 pads before a string of two bytes a unit; the padding is not the buffer's.
    let source = "function f() { return { a: new ArrayBuffer(4), '\u{0cca}': 1 } }";
    assert_eq!(outcome(source), returned("{\"a\":{\"$bytes\":[\"ArrayBuffer\",\"AAAAAA==\"]},\"\u{cca}\":1}"));
    let source = "function f(x) { return x.next.next === x }";
    assert_eq!(outcome_of(source, &[Value::from_json(r#"{"next":{"next":{"$ref":0}}}"#).unwrap()]), returned("true"));
}

#[test]
fn a_shared_realm_runs_the_program_once_and_a_fresh_one_each_time() {
    let source = "let n = 0;\nfunction f() { return ++n }";
    assert_eq!(outcomes(source, 3), [returned("1"), returned("1"), returned("1")]);
    let shared = executions(source, &[], 3, Isolation::Shared);
    let shared: Vec<_> = shared.into_iter().map(|execution| execution.result.unwrap()).collect();
    assert_eq!(shared, [returned("1"), returned("2"), returned("3")]);
}

#[test]
fn a_syntax_error_is_found_when_compiling() {
    let compile = |source: &str| {
        let submission = Submission::new(source, Entry::function("f").unwrap());
        match Engine::new().unwrap().compile(&submission) {
            Err(CompileError::Syntax(exception)) => exception.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(compile("function f( {"), "SyntaxError: Unexpected end of input (solution.js:1:14)");
    assert_eq!(compile("let a;\nlet a;"), "SyntaxError: Identifier 'a' has already been declared (solution.js:2:5)");
    assert_eq!(
        compile("import x from 'y'"),
        "SyntaxError: Cannot use import statement outside a module (solution.js:1:1)"
    );
    assert!(Entry::function("f()").is_err());
    assert!(Entry::function("").is_err());
}

#[test]
fn a_reserved_word_names_no_function() {
    let engine = Engine::new().unwrap();
    let program = engine.compile(&Submission::new("function f() {}", Entry::function("class").unwrap())).unwrap();
    let mut isolate = Isolate::new(&engine, &Limits::default()).unwrap();
    let missing = Outcome::NoEntry("the program has no function class".to_owned());
    for isolation in [Isolation::Realm, Isolation::Frozen, Isolation::Shared] {
        let execution = isolate.run(&program, &[], &Rules::default(), isolation, &Default::default());
        assert_eq!(execution.result, Ok(missing.clone()), "{isolation:?}");
    }
}
