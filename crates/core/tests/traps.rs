//! Mistakes that other engines and judges have made, each with a test that would find it here. The numbers are those of a
//! catalogue of such mistakes; those about processes are tested in `deem-spawn`, those about checkers in `deem-case`.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{compile, compile_module, executions, outcome, plain, returned, run, threw, unhandled};
use deem_core::{
    Bytes, Cancellation, Case, Engine, ErrorKind, Exceeded, Execution, Isolate, Isolation, Limits, Outcome, Pool,
    Program, Rules, Value,
};

fn limits(cpu: Duration) -> Limits {
    Limits { wall: Duration::from_secs(60), ..Limits::time(cpu) }
}

const SHORT: Duration = Duration::from_millis(50);

fn isolate(limits: &Limits) -> Isolate {
    Isolate::new(&Engine::new().unwrap(), limits).unwrap()
}

fn case(isolate: &mut Isolate, program: &Program, args: &[Value], limits: Limits) -> Execution {
    isolate.run(program, args, &limits.into(), Isolation::Realm, &Cancellation::default())
}

fn cases(count: i32) -> impl Iterator<Item = Arc<Case>> {
    (0..count)
        .map(|n| Arc::new(Case { id: n.to_string(), args: vec![Value::from(n)], expected: Value::Undefined.into() }))
}

#[test]
fn t01_synchronous_code_is_stopped_from_another_thread() {
    let rules = limits(SHORT).into();
    let result = run(&compile("function f() { for (;;); }"), &[], 1, Isolation::Realm, &rules).remove(0).result;
    assert_eq!(result, Ok(Outcome::Exceeded(Exceeded::Cpu(SHORT))));
}

#[test]
fn t02_a_case_starts_no_thread() {
    let threads = || std::fs::read_dir("/proc/self/task").unwrap().count();
    let pool = Pool::new(&Engine::new().unwrap(), 2, Isolation::Realm).unwrap();
    let program = compile("async function f(n) { await n; return n }");
    let count = |cases_to_run| pool.run(&program, cases(cases_to_run), &Rules::default()).map(|_| threads()).max();
    let before = count(10).unwrap();
    // Other tests start and end threads at the same time: a thread for each case would be hundreds.
    assert!(count(1_000).unwrap() < before + 100);
}

#[test]
fn t03_a_late_kill_never_reaches_the_next_case() {
    // Cases that end just as their limit does, on one isolate for as long as it is not condemned.
    let long = Limits::time(Duration::from_secs(60));
    let busy = compile("function f(n) { let x = 0; for (let i = 0; i < n; i++) x += i % 7; return 1 }");
    let clean = compile("function f() { return 7 }");
    let mut current = Some(isolate(&long));
    let (mut stopped, mut survived) = (0, 0);
    for round in 0..300 {
        let limit = limits(Duration::from_millis(1));
        let isolate = current.get_or_insert_with(|| isolate(&long));
        match case(isolate, &busy, &[Value::from(round * 3_000)], limit).result.unwrap() {
            Outcome::Exceeded(Exceeded::Cpu(_)) => {
                stopped += 1;
                current = None;
            }
            other => {
                survived += 1;
                assert_eq!(other, returned("1"));
                assert_eq!(case(isolate, &clean, &[], long).result, Ok(returned("7")), "round {round}");
            }
        }
    }
    assert!(stopped > 0 && survived > 0, "{stopped} stopped, {survived} not");
}

#[test]
fn t04_what_a_stopped_case_has_queued_never_runs() {
    let source = "function f(n) { if (n) return globalThis.mark === undefined; \
        for (let i = 0; i < 1e3; i++) Promise.resolve().then(() => { globalThis.mark = 1 }); setTimeout(() => { mark = 2 }); for (;;); }";
    let pool = Pool::new(&Engine::new().unwrap(), 1, Isolation::Shared).unwrap();
    let results: Vec<_> =
        pool.run(&compile(source), cases(3), &limits(SHORT).into()).map(|(_, done)| done.result).collect();
    assert_eq!(results[1..], [Ok(returned("true")), Ok(returned("true"))]);
}

#[test]
fn t05_the_deadline_holds_while_the_answer_is_read() {
    let rules = limits(SHORT).into();
    for code in ["return { get a() { for (;;); } }", "throw { get message() { for (;;); }, get stack() { for (;;); } }"]
    {
        let result =
            run(&compile(&format!("function f() {{ {code} }}")), &[], 1, Isolation::Realm, &rules).remove(0).result;
        let expected = match code.starts_with("throw") {
            true => threw("", "#<Object>"), // nothing of it was run
            false => Outcome::Exceeded(Exceeded::Cpu(SHORT)),
        };
        assert_eq!(result.map(plain), Ok(expected), "{code}");
    }
}

#[test]
fn t07_a_promise_that_never_settles_is_known_at_once() {
    let long = Limits::time(Duration::from_secs(3_600)).into();
    for code in [
        "new Promise(() => {})",
        "Promise.race([])",
        "(async () => { for await (const x of [new Promise(() => {})]); })()",
    ] {
        let result = run(&compile(&format!("function f() {{ return {code} }}")), &[], 1, Isolation::Realm, &long)
            .remove(0)
            .result;
        assert_eq!(result, Ok(Outcome::NeverSettled), "{code}");
    }
}

#[test]
fn t08_a_module_is_stopped_while_it_is_evaluated() {
    let rules = limits(SHORT).into();
    for source in ["for (;;);", "await null; for (;;);", "await new Promise((done) => setTimeout(done, 1)); for (;;);"]
    {
        for isolation in [Isolation::Realm, Isolation::Shared] {
            let program = compile_module(&format!("{source} export function f() {{}}"));
            let result = run(&program, &[], 1, isolation, &rules).remove(0).result;
            assert_eq!(result, Ok(Outcome::Exceeded(Exceeded::Cpu(SHORT))), "{source}");
        }
    }
}

#[test]
fn t09_the_case_after_a_full_heap_has_the_same_limit() {
    let limits = Limits { heap: Bytes::mib(32), ..Limits::time(Duration::from_secs(60)) };
    let program = compile("function f(n) { if (n % 2) return n; const list = []; for (;;) list.push([n]) }");
    let pool = Pool::new(&Engine::new().unwrap(), 1, Isolation::Realm).unwrap();
    for (case, done) in pool.run(&program, cases(6), &limits.into()) {
        let n: i32 = case.id.parse().unwrap();
        let full = Outcome::Exceeded(Exceeded::Heap(limits.heap));
        assert_eq!(done.result, Ok(if n % 2 == 1 { Outcome::Returned(Value::from(n)) } else { full }));
        assert!(done.usage.heap.unwrap() < Bytes::mib(100), "{:?}", done.usage);
    }
}

#[test]
fn t10_a_heap_in_which_nothing_could_run_is_refused_by_name() {
    let small = Limits { heap: Bytes::mib(1), ..Limits::default() };
    let error = Isolate::new(&Engine::new().unwrap(), &small).err().unwrap();
    assert_eq!(error.to_string(), "failed to make an isolate: heap: 1 MiB is below the smallest limit, 16 MiB");
    let least = Limits { heap: Bytes::mib(16), ..Limits::default() };
    assert_eq!(
        run(&compile("function f() { return 1 }"), &[], 3, Isolation::Realm, &least.into())[2].result,
        Ok(returned("1"))
    );
}

#[test]
fn t11_array_buffers_are_counted_though_nothing_is_collected() {
    let limits = Limits { external: Bytes::mib(8), ..Limits::default() };
    let source = "const kept = []; function f() { for (;;) kept.push(new Uint8Array(1 << 20)) }";
    for isolation in [Isolation::Realm, Isolation::Shared] {
        let done = run(&compile(source), &[], 1, isolation, &limits.into()).remove(0);
        assert_eq!(done.result, Ok(Outcome::Exceeded(Exceeded::External(limits.external))));
        let peak = done.usage.external.unwrap();
        assert!(peak > Bytes::mib(6) && peak <= limits.external, "{peak}");
    }
}

#[test]
fn t12_small_buffers_beyond_the_budget_crash_nothing() {
    let limits = Limits { external: Bytes::mib(1), heap: Bytes::mib(32), ..limits(Duration::from_secs(30)) };
    for bytes in [1, 8, 64, 65, 1000] {
        let source = format!("function f() {{ const list = []; for (;;) list.push(new ArrayBuffer({bytes})) }}");
        let done = run(&compile(&source), &[], 1, Isolation::Realm, &limits.into()).remove(0);
        assert!(
            matches!(done.result, Ok(Outcome::Exceeded(Exceeded::External(_) | Exceeded::Heap(_)))),
            "{bytes}: {:?}",
            done.result
        );
    }
}

#[test]
fn t14_t15_contexts_do_not_outlive_their_cases() {
    let source = "const kept = [];
        async function f(n) {
            kept.push(Promise.reject(n).catch(() => {}), new Proxy({}, {}), setTimeout(() => kept, 1e9));
            console.log(kept); structuredClone([n]);
            try { null.x } catch (e) { kept.push(e, e.stack) }
            await new Promise((done) => setTimeout(done, 5));
            if (n % 5 === 0) throw new Error('n'); if (n % 7 === 0) await new Promise(() => {});
            return n;
        }";
    let program = compile(source);
    let mut isolate = isolate(&Limits::default());
    for n in 0..300 {
        case(&mut isolate, &program, &[Value::from(n)], Limits::default()).result.unwrap();
    }
    isolate.collect_garbage();
    // The main realm, and what the collector found on the stack.
    let statistics = isolate.statistics();
    assert!(statistics.contexts <= 3 && statistics.detached_contexts == 0, "{statistics:?}");
}

#[test]
fn t16_sizes_have_units() {
    assert_eq!((Bytes::mib(1), Bytes::kib(1)), (Bytes(1_048_576), Bytes(1_024)));
    assert_eq!([Bytes::mib(2), Bytes::kib(3), Bytes(5)].map(|bytes| bytes.to_string()), ["2 MiB", "3 KiB", "5 bytes"]);
}

#[test]
fn t17_t18_values_lose_nothing() {
    for json in [
        r#"{"$number":"NaN"}"#,
        r#"{"$number":"-0"}"#,
        r#"{"$number":"-Infinity"}"#,
        r#"[{"$undefined":true},null,{"$hole":true}]"#,
        r#"{"$date":null}"#,
        r#"{"$date":8640000000000000}"#,
        r#"{"$utf16":[55357,97,56832]}"#,
        r#""a\u0000b""#,
        r#"{"$bigint":"123456789012345678901234567890123456789012345678901234567890"}"#,
        r#"{"$map":[[{"$map":[]},1],["k",{"$set":[1,"1"]}]]}"#,
        "9007199254740993",
        r#"{"2":1,"10":2,"a":3}"#,
    ] {
        let value = Value::from_json(json).unwrap();
        let back = common::outcome_of("function f(x) { return x }", std::slice::from_ref(&value));
        let Outcome::Returned(back) = back else { panic!("{json}: {back}") };
        assert_eq!(back.to_json(), value.to_json());
    }
}

#[test]
fn t19_what_is_no_value_has_an_outcome_of_the_submissions() {
    for code in [
        "f",
        "Symbol()",
        "[Promise.resolve()]",
        "[() => 1]",
        "[new WeakMap()]",
        "[new Proxy({}, {})]",
        "[(function* () {})()]",
        "[globalThis]",
    ] {
        let outcome = outcome(&format!("function f() {{ return {code} }}"));
        assert!(matches!(outcome, Outcome::Unrepresentable(_)), "{code}: {outcome}");
    }
}

#[test]
fn t20_a_rejection_is_found_in_its_own_case_and_there_alone() {
    let source = "let n = 0; function f() { if (n++ === 1) Promise.reject(new Error('second')); return n }";
    let results: Vec<_> =
        executions(source, &[], 3, Isolation::Shared).into_iter().map(|done| plain(done.result.unwrap())).collect();
    assert_eq!(results, [returned("1"), unhandled("Error", "second"), returned("3")]);
}

#[test]
fn t21_a_kill_at_any_instant_is_an_outcome_and_no_panic() {
    let source = "async function f() {
        console.log([1, { a: new Map([[1, 2]]) }]); structuredClone({ a: [1n] }); new TextEncoder().encode('abc');
        await new Promise((done) => setTimeout(done, 5));
        const list = Array.from({ length: 2000 }, (_, i) => ({ i, toString() { return `${i}` } }));
        return [new Map(list.map((each) => [`${each}`, new Date(each.i)])), JSON.stringify(list)];
    }";
    let program = compile(source);
    let pool = Pool::new(&Engine::new().unwrap(), 2, Isolation::Realm).unwrap();
    let mut stopped = 0;
    for round in 0..60 {
        let limits = limits(Duration::from_micros(1_000 + 50 * round));
        for (_, done) in pool.run(&program, cases(4), &limits.into()) {
            match done.result.unwrap() {
                Outcome::Exceeded(Exceeded::Cpu(_)) => stopped += 1,
                other => assert!(matches!(other, Outcome::Returned(_)), "{other}"),
            }
        }
    }
    assert!(stopped > 0);
}

#[test]
fn t22_places_are_the_submissions_own() {
    let Outcome::Threw(thrown) =
        executions("function f() {\n  return g();\n}\nconst g = () => null.x;", &[], 1, Isolation::Realm)
            .remove(0)
            .result
            .unwrap()
    else {
        panic!()
    };
    assert_eq!(thrown.stack, ["g (solution.js:4:22)", "f (solution.js:2:10)"]);
    let stack = "function f() { try { setTimeout() } catch (e) { return e.stack } }";
    assert_eq!(
        outcome(stack),
        returned("\"TypeError: a timer's callback must be a function\\n    at f (solution.js:1:22)\"")
    );
}

#[test]
fn t24_a_thread_has_one_isolate_at_a_time() {
    let first = isolate(&Limits::default());
    let second = Isolate::new(&Engine::new().unwrap(), &Limits::default());
    assert_eq!(second.err().map(|error| error.kind()), Some(ErrorKind::Isolate));
    drop(first);
    isolate(&Limits::default());
}

#[test]
fn t23_t25_t27_t28_isolates_are_made_and_dropped_on_many_threads_at_once() {
    // No tokio runtime, no snapshot mode, and V8 may be started by any of them.
    let threads: Vec<_> = (0..8)
        .map(|_| {
            std::thread::spawn(|| {
                for _ in 0..4 {
                    assert_eq!(outcome("function f() { return [1, 2].map((n) => n * 2) }"), returned("[2,4]"));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn t26_t29_nothing_of_the_runtime_can_be_reached() {
    let source = "async function f() {
        Promise.reject(1).catch(() => {}); await import('x').catch(() => {});
        return [typeof Deno, typeof globalThis.Deno, typeof Atomics.wait, Object.getOwnPropertyNames(globalThis).filter((name) => /deno|op_|__/i.test(name))];
    }";
    assert_eq!(outcome(source), returned(r#"["undefined","undefined","undefined",[]]"#));
}

#[test]
fn t30_built_ins_that_a_submission_spoils_do_not_spoil_what_it_is_given() {
    let source = "async function f() {
        const { log } = console;
        for (const proto of [Array, Object, String, Map, Function, Promise, RegExp, Number].map((each) => each.prototype)) {
            for (const name of Object.getOwnPropertyNames(proto)) {
                if (name !== 'constructor' && name !== '__proto__') try { proto[name] = () => { throw new Error(name) } } catch {}
            }
        }
        Reflect.apply = Object.defineProperty = Object.keys = JSON.stringify = Math.trunc = Array.isArray = () => { throw new Error('spoiled') };
        Object.defineProperty = () => { throw 1 };
        globalThis.Number = globalThis.String = globalThis.Error = globalThis.Uint8Array = () => { throw new Error('spoiled') };
        log('a', [1, { b: 2 }], 3);
        setTimeout(() => log('timer'), 10);
        const bytes = new TextEncoder().encode('h');
        log(new TextDecoder().decode(bytes), structuredClone([1])[0], Math.random() < 1, Date.now() > 0);
        return 7;
    }";
    let done = executions(source, &[], 1, Isolation::Realm).remove(0);
    assert_eq!(done.result, Ok(returned("7")));
    assert_eq!(done.console.text(), "a [ 1, { b: 2 } ] 3\nh 1 true true\n");
}

#[test]
fn t32_too_much_output_is_cut_and_kept() {
    let limits = Limits { output: Bytes::kib(2), ..Limits::default() };
    let done = run(
        &compile("function f() { for (let i = 0; ; i++) console.log('line', i) }"),
        &[],
        1,
        Isolation::Realm,
        &limits.into(),
    )
    .remove(0);
    assert_eq!(done.result, Ok(Outcome::Exceeded(Exceeded::Output(limits.output))));
    assert!(done.console.text().starts_with("line 0\nline 1\n") && done.console.omitted() > 0);
}

#[test]
fn t33_a_bad_setting_spoils_no_later_run() {
    let pool = Pool::new(&Engine::new().unwrap(), 2, Isolation::Realm).unwrap();
    let program = compile("function f(n) { return n }");
    for bad in
        [Limits { heap: Bytes(1), ..Limits::default() }, Limits { stack: Bytes::mib(1 << 20), ..Limits::default() }]
    {
        assert!(pool.run(&program, cases(3), &bad.into()).all(|(_, done)| done.result.is_err()));
        assert!(pool.run(&program, cases(3), &Rules::default()).all(|(_, done)| done.result.is_ok()));
    }
}

#[test]
fn t34_a_limit_is_reported_with_what_was_used() {
    let limits = Limits { cpu: SHORT, external: Bytes::mib(4), ..limits(SHORT) };
    let done = run(&compile("function f() { for (;;); }"), &[], 1, Isolation::Realm, &limits.into()).remove(0);
    assert_eq!(done.result.unwrap().to_string(), "stopped at the limit of 50ms of processor time");
    assert!(done.usage.cpu.unwrap() >= SHORT && done.usage.wall >= done.usage.cpu.unwrap(), "{:?}", done.usage);
    let text = done.usage.beside(&limits).to_string();
    assert!(text.starts_with("cpu ") && text.contains(" of 50ms, wall "), "{text}");
    let grown = executions(
        "function f() { globalThis.kept = Array.from({ length: 1e6 }, (_, i) => ({ i })); return 1 }",
        &[],
        1,
        Isolation::Realm,
    )
    .remove(0);
    assert!(grown.usage.heap.unwrap() > Bytes::mib(20), "{:?}", grown.usage);
    assert!(grown.usage.gc.unwrap() > Duration::ZERO);
}

#[test]
fn t35_what_deem_fails_at_is_never_the_submissions_fault() {
    let limits = Limits { heap: Bytes::mib(32), ..Limits::default() };
    let mut condemned = isolate(&limits);
    let endless = compile("function f() { const l = []; for (;;) l.push({}) }");
    case(
        &mut condemned,
        &endless,
        &[],
        Limits { cpu: Duration::from_secs(60), wall: Duration::from_secs(60), ..limits },
    )
    .result
    .unwrap();
    let again = case(&mut condemned, &compile("function f() { return 1 }"), &[], limits);
    assert_eq!(deem_core::Verdict::of(&again, true), deem_core::Verdict::InternalError);
}
