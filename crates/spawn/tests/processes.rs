//! What is particular to subprocesses; that they agree with the other executors is tested over all suites elsewhere.

use std::sync::Arc;
use std::time::Duration;

use deem_case::{
    Bytes, Case, Checker, Entry, Exceeded, Exception, Limits, Outcome, Report, Rules, Submission, Value, judge,
};
use deem_spawn::{Isolation, Processes, Runtime};

const ALL: [Isolation; 3] = [Isolation::Process, Isolation::Context, Isolation::Shared];

fn run(isolation: Isolation, source: &str, args: &[Value], wall: Duration) -> Report {
    let limits = Limits { wall, heap: Bytes::mib(32), output: Bytes::mib(1), ..Limits::default() };
    // A vm context has no `process`: what kills one gets it by `Function`.
    let rules = Rules { eval: true, ..limits.into() };
    let executor = Processes::new(&Runtime::node().unwrap(), 1, isolation);
    let submission = Submission::new(source, Entry::function("f").unwrap());
    let cases: Vec<Arc<Case>> = args
        .iter()
        .enumerate()
        .map(|(id, arg)| {
            Arc::new(Case { id: id.to_string(), args: vec![arg.clone()], expected: Value::Undefined.into() })
        })
        .collect();
    judge(&executor, &submission, &cases, &Checker::Exact, &rules).unwrap()
}

fn outcomes(isolation: Isolation, source: &str, args: &[Value], wall: Duration) -> Vec<Outcome> {
    let report = run(isolation, source, args, wall);
    report.cases.into_iter().map(|case| case.execution.unwrap().result.unwrap()).collect()
}

const LONG: Duration = Duration::from_secs(20);

#[test]
fn a_late_case_is_killed_and_the_next_gets_a_new_process() {
    for isolation in ALL {
        let source = "function f(n) { if (n === 1) while (true); return n }";
        let outcomes = outcomes(isolation, source, &[0, 1, 2].map(Value::from), Duration::from_secs(3));
        assert_eq!(outcomes[0], Outcome::Returned(Value::from(0)), "{isolation:?}");
        assert!(matches!(outcomes[1], Outcome::Exceeded(_)), "{isolation:?}: {}", outcomes[1]);
        assert_eq!(outcomes[2], Outcome::Returned(Value::from(2)), "{isolation:?}");
    }
}

#[test]
fn a_program_has_nodes_own_modules_and_no_others() {
    let source = "const { createHash } = require('crypto');
        console.log(createHash('md5').update(require('node:path').join('a', '..', 'b')).digest('hex'));
        try { require('./runner') } catch ({ code }) { console.log(code) }";
    for isolation in ALL {
        let executor = Processes::new(&Runtime::node().unwrap(), 1, isolation);
        let expected = Value::from("92eb5ffee6ae2fec3ad71c777531578f\nMODULE_NOT_FOUND\n");
        let case = Arc::new(Case { id: "1".to_owned(), args: vec![Value::from("")], expected: expected.into() });
        let submission = Submission::new(source, Entry::Program);
        let report = judge(&executor, &submission, &[case], &Checker::Exact, &Rules::default()).unwrap();
        assert_eq!(report.cases[0].to_string(), "case 1: AC", "{isolation:?}");
    }
}

#[test]
fn a_reserved_word_names_no_function() {
    for isolation in ALL {
        let executor = Processes::new(&Runtime::node().unwrap(), 1, isolation);
        let submission = Submission::new("function f() {}", Entry::function("class").unwrap());
        let case = Arc::new(Case { id: "1".to_owned(), args: Vec::new(), expected: Value::Undefined.into() });
        let report = judge(&executor, &submission, &[case], &Checker::Exact, &Rules::default()).unwrap();
        assert_eq!(report.cases[0].to_string(), "case 1: CE (the program has no function class)", "{isolation:?}");
    }
}

#[test]
fn a_process_that_dies_says_how() {
    let exits = "function f(n) { if (n === 1) process.exit(7); return n }";
    let killed = "function f(n) { if (n === 1) process.kill(process.pid, 'SIGKILL'); return n }";
    let speaks = "function f(n) { if (n === 1) { process._rawDebug('so long'); process.abort() } return n }";
    for isolation in ALL {
        // A vm context has no `process` of its own.
        let reach = if isolation == Isolation::Context {
            "const process = this.constructor.constructor('return process')(); "
        } else {
            ""
        };
        for (source, how) in [
            (exits, "the process exited with code 7"),
            (killed, "the process was killed (SIGKILL)"),
            (speaks, "the process was ended by signal 6: so long"),
        ] {
            let outcomes = outcomes(isolation, &format!("{reach}{source}"), &[0, 1, 2].map(Value::from), LONG);
            assert_eq!(outcomes[1], Outcome::Crashed(how.to_owned()), "{isolation:?}");
            assert_eq!(outcomes[2], Outcome::Returned(Value::from(2)), "{isolation:?}");
        }
    }
}

#[test]
fn a_heap_that_is_full_is_a_limit_and_not_a_crash() {
    let source = "function f(n) { if (n === 1) { const l = []; for (;;) l.push([n]) } return n }";
    for isolation in ALL {
        let outcomes = outcomes(isolation, source, &[0, 1, 2].map(Value::from), LONG);
        assert_eq!(outcomes[1], Outcome::Exceeded(Exceeded::Heap(Bytes::mib(32))), "{isolation:?}");
        assert_eq!(outcomes[2], Outcome::Returned(Value::from(2)), "{isolation:?}");
    }
}

#[test]
fn much_output_neither_blocks_nor_confuses() {
    for isolation in [Isolation::Process, Isolation::Shared] {
        let source = "function f(n) { const text = 'x'.repeat(4e5); console.log(text); console.error(text); return n }";
        assert_eq!(outcomes(isolation, source, &[Value::from(1)], LONG), [Outcome::Returned(Value::from(1))]);
    }
}

#[test]
fn what_a_process_started_dies_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let source = format!(
        "function f() {{
            const {{ spawn }} = require('child_process');
            const child = spawn('sleep', ['1000']);
            require('fs').writeFileSync({file:?}, String(child.pid));
            while (true);
        }}"
    );
    let source = format!("const require = process.getBuiltinModule('module').createRequire('/');{source}");
    let outcomes = outcomes(Isolation::Process, &source, &[Value::Null], Duration::from_secs(5));
    assert!(matches!(outcomes[0], Outcome::Exceeded(_)), "{}", outcomes[0]);
    let pid = std::fs::read_to_string(&file).unwrap();
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Killed, and perhaps not yet waited for by the process that inherited it.
    assert!(state.is_empty() || state.contains(") Z "), "{state}");
}

#[test]
fn a_promise_that_never_settles_is_seen_at_once_and_repeatedly() {
    let source = "async function f(n) { if (n % 2) await new Promise(() => {}); return n }";
    for isolation in ALL {
        let outcomes = outcomes(isolation, source, &[0, 1, 2, 3, 5, 4].map(Value::from), LONG);
        let expected = [0, 1, 2, 3, 5, 4].map(|n| match n % 2 {
            0 => Outcome::Returned(Value::from(n)),
            _ => Outcome::NeverSettled,
        });
        assert_eq!(outcomes, expected, "{isolation:?}");
    }
}

#[test]
fn a_program_that_does_not_compile_is_one_compile_error_with_its_place() {
    for isolation in ALL {
        let report = run(isolation, "function f() {\n  return 1 +;\n}", &[Value::Null], LONG);
        let expected = Exception {
            name: "SyntaxError".to_owned(),
            message: "Unexpected token ';'".to_owned(),
            line: Some(2),
            column: Some(13),
            stack: vec![],
        };
        assert_eq!(report.compile_error, Some(expected), "{isolation:?}");
        assert!(report.cases.is_empty());
    }
}

#[test]
fn a_submission_that_spoils_built_ins_still_gets_its_answer() {
    let source = "function f(n) {
        for (const name of ['map', 'join', 'push', 'forEach']) Array.prototype[name] = () => { throw name };
        String.prototype.split = Map.prototype.get = JSON.stringify = () => { throw 1 };
        Object.keys = RegExp.prototype.exec = RegExp.prototype.test = () => { throw 1 };
        return { n, list: [new Map([[1, 2]])] };
    }";
    let expected = Value::from_json(r#"{"n":1,"list":[{"$map":[[1,2]]}]}"#).unwrap();
    for isolation in ALL {
        let outcomes = outcomes(isolation, source, &[Value::from(1), Value::from(1)], LONG);
        assert_eq!(
            outcomes,
            [Outcome::Returned(expected.clone()), Outcome::Returned(expected.clone())],
            "{isolation:?}"
        );
    }
}

// The numbers are those of the catalogue of mistakes in `crates/core/tests/traps.rs`.

fn outcomes_of_three(isolation: Isolation, code: &str) -> Vec<Outcome> {
    let source = format!("function f(n) {{ if (n === 1) {{ {code} }} return n }}");
    outcomes(isolation, &source, &[0, 1, 2].map(Value::from), Duration::from_secs(4))
}

#[test]
fn t06_a_native_loop_that_looks_for_no_interruption_ends_with_its_process() {
    for isolation in ALL {
        let outcomes = outcomes_of_three(isolation, "[].forEach.call({ length: 2 ** 53 - 1 }, () => {})");
        assert!(matches!(outcomes[1], Outcome::Exceeded(Exceeded::Cpu(_) | Exceeded::Wall(_))), "{}", outcomes[1]);
        assert_eq!(
            (&outcomes[0], &outcomes[2]),
            (&Outcome::Returned(Value::from(0)), &Outcome::Returned(Value::from(2)))
        );
    }
}

#[test]
fn t13_memory_that_is_out_for_good_is_one_case() {
    for code in ["Array(1e9).fill(0)", "[...'.'.repeat(5e8)]", "Array.from({ length: 2 ** 27 }, () => ({}))"] {
        let outcomes = outcomes_of_three(Isolation::Shared, code);
        assert!(matches!(outcomes[1], Outcome::Exceeded(_)), "{code}: {}", outcomes[1]);
        assert_eq!(
            (&outcomes[0], &outcomes[2]),
            (&Outcome::Returned(Value::from(0)), &Outcome::Returned(Value::from(2)))
        );
    }
}

#[test]
fn t32_too_much_output_is_a_limit_and_what_was_said_is_kept() {
    for isolation in ALL {
        let source = "function f(n) { for (let i = 0; n === 1; i++) console.log('line', i); return n }";
        let report = run(isolation, source, &[0, 1, 2].map(Value::from), LONG);
        let executions: Vec<_> = report.cases.into_iter().map(|case| case.execution.unwrap()).collect();
        let limit = report.rules.limits.output;
        assert_eq!(executions[1].result, Ok(Outcome::Exceeded(Exceeded::Output(limit))), "{isolation:?}");
        assert!(executions[1].console.text().starts_with("line 0\nline 1\n"));
        assert_eq!(executions[2].result, Ok(Outcome::Returned(Value::from(2))));
    }
}
