#![allow(dead_code, reason = "every test file uses a part of this")]

use deem_core::{Engine, Entry, Exception, Execution, Isolate, Isolation, Limits, Outcome, Program, Submission, Value};

pub fn compile(source: &str) -> Program {
    let submission = Submission { source: source.to_owned(), entry: Entry::function("f").unwrap() };
    Engine::new().unwrap().compile(&submission).unwrap()
}

pub fn executions(source: &str, args: &[Value], times: usize, isolation: Isolation) -> Vec<Execution> {
    let program = compile(source);
    let mut isolate = Isolate::new(&Engine::new().unwrap(), &Limits::default()).unwrap();
    (0..times).map(|_| isolate.run(&program, args, &Limits::default(), isolation)).collect()
}

/// The outcomes of cases that follow each other in one isolate.
pub fn outcomes(source: &str, times: usize) -> Vec<Outcome> {
    let executions = executions(source, &[], times, Isolation::Realm);
    executions.into_iter().map(|execution| plain(execution.result.unwrap())).collect()
}

pub fn outcome(source: &str) -> Outcome {
    outcome_of(source, &[])
}

pub fn outcome_of(source: &str, args: &[Value]) -> Outcome {
    plain(executions(source, args, 1, Isolation::Realm).remove(0).result.unwrap())
}

pub fn returned(json: &str) -> Outcome {
    Outcome::Returned(Value::from_json(json).unwrap())
}

pub fn threw(name: &str, message: &str) -> Outcome {
    Outcome::Threw(Exception { name: name.to_owned(), message: message.to_owned(), ..Exception::default() })
}

/// Without the place, which has tests of its own.
fn plain(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Threw(Exception { name, message, .. }) => threw(&name, &message),
        other => other,
    }
}
