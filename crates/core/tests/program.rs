//! Programs that read standard input: what the corpus cannot say of them.

mod common;

use std::time::Duration;

use common::run;
use deem_core::{
    Bytes, CompileError, Engine, Entry, Exceeded, Execution, Isolation, Limits, Outcome, Program, Rules, Submission,
    Value,
};

fn compile(source: &str) -> Program {
    Engine::new().unwrap().compile(&Submission::new(source, Entry::Program)).unwrap()
}

fn executions(source: &str, stdin: &str, times: usize, rules: &Rules) -> Vec<Execution> {
    run(&compile(source), &[Value::from(stdin)], times, Isolation::Realm, rules)
}

fn execution(source: &str, stdin: &str) -> Execution {
    executions(source, stdin, 1, &Rules::default()).remove(0)
}

fn written(text: &str) -> Result<Outcome, deem_core::InternalError> {
    Ok(Outcome::Returned(Value::from(text)))
}

#[test]
fn what_is_no_answer_is_the_cases_console() {
    let source = "console.log('out'); console.error('error %d', 1); console.warn([1]); process.stderr.write('raw')";
    let execution = execution(source, "");
    assert_eq!(execution.result, written("out\n"));
    assert_eq!(execution.console.text(), "error 1\n[ 1 ]\nraw");
    assert_eq!(execution.usage.output, Bytes("out\n".len() + execution.console.written()));
}

#[test]
fn an_error_has_its_place_in_the_programs_own_lines() {
    for (source, place) in [
        ("const f = () => {\n  null.x;\n};\nf();", "solution.js:2:8"),
        ("setTimeout(() => {\n  throw new Error('late');\n}, 5);", "solution.js:2:9"),
        ("require('readline').createInterface(process.stdin).on('line', (line) =>\n  line.x.y);", "solution.js:2:10"),
        ("process.nextTick(() => {\n  throw 'text' });", "solution.js:2:3"),
        ("  require('none')", "solution.js:1:3"),
        ("process.stdout.write(1)", "solution.js:1:16"),
    ] {
        let Ok(Outcome::Threw(exception)) = execution(source, "line\n").result else { panic!("{source}") };
        assert!(exception.to_string().ends_with(&format!("({place})")), "{source}: {exception}");
        assert!(exception.stack.iter().all(|frame| frame.contains("solution.js")), "{:?}", exception.stack);
    }
}

#[test]
fn a_program_that_does_not_compile_has_its_place() {
    for (source, error) in [
        ("let a;\nlet a;", "SyntaxError: Identifier 'a' has already been declared (solution.js:2:5)"),
        ("const require = 1;", "SyntaxError: Identifier 'require' has already been declared (solution.js:1:7)"),
        ("import fs from 'fs'", "SyntaxError: Cannot use import statement outside a module (solution.js:1:1)"),
        ("}); evil(); (() => {", "SyntaxError: Unexpected token '}' (solution.js:1:1)"),
    ] {
        match Engine::new().unwrap().compile(&Submission::new(source, Entry::Program)) {
            Err(CompileError::Syntax(exception)) => assert_eq!(exception.to_string(), error),
            other => panic!("{source}: {other:?}"),
        }
    }
    let shebang = "#!/usr/bin/env node\nconsole.log(1)";
    assert_eq!(execution(shebang, "").result, written("1\n"));
}

#[test]
fn an_input_of_a_megabyte_is_read_in_each_way() {
    let stdin = "0123456789abcde\n".repeat(1 << 16);
    for source in [
        "console.log(require('fs').readFileSync(0, 'utf8').length)",
        "console.log(require('fs').readFileSync(0).toString().length)",
        "let n = 0; process.stdin.on('data', (chunk) => (n += chunk.length)).on('end', () => console.log(n))",
        "let n = 0; const rl = require('readline').createInterface(process.stdin);
         rl.on('line', (line) => (n += line.length + 1)).on('close', () => console.log(n))",
        "(async () => { let n = 0; const input = process.stdin;
         for await (const line of require('readline').createInterface({ input })) n += line.length + 1;
         console.log(n) })()",
    ] {
        assert_eq!(execution(source, &stdin).result, written("1048576\n"), "{source}");
    }
}

#[test]
fn a_program_that_ends_itself_costs_no_isolate() {
    let engine = Engine::new().unwrap();
    let rules = Rules::default();
    let program = compile("process.stdout.write(require('fs').readFileSync(0)); process.exit(0)");
    let mut isolate = deem_core::Isolate::new(&engine, &rules.limits).unwrap();
    for stdin in ["one", "two", "three"] {
        let args = [Value::from(stdin)];
        let execution = isolate.run(&program, &args, &rules, Isolation::Realm, &Default::default());
        assert_eq!(execution.result, written(stdin));
        assert!(!isolate.is_condemned());
    }
}

#[test]
fn each_case_has_a_realm_of_its_own_even_where_others_share_one() {
    let program = compile("globalThis.count = (globalThis.count ?? 0) + 1; console.log(count)");
    for execution in run(&program, &[Value::from("")], 3, Isolation::Shared, &Rules::default()) {
        assert_eq!(execution.result, written("1\n"));
    }
}

#[test]
fn what_is_written_counts_with_what_is_said() {
    let limits = Limits { output: Bytes::kib(1), ..Limits::time(Duration::from_secs(5)) };
    let source = |out: usize, error: usize| {
        format!("process.stdout.write('x'.repeat({out})); process.stderr.write('x'.repeat({error}))")
    };
    let within = executions(&source(1000, 24), "", 1, &limits.into()).remove(0);
    assert_eq!(within.result, written(&"x".repeat(1000)));
    let beyond = executions(&source(1000, 25), "", 1, &limits.into()).remove(0);
    assert_eq!(beyond.result, Ok(Outcome::Exceeded(Exceeded::Output(Bytes::kib(1)))));
}
