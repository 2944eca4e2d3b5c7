#![allow(dead_code, reason = "every test file uses a part of this")]

use deem_core::{
    Cancellation, Engine, Entry, Exception, Execution, Isolate, Isolation, Outcome, Program, Rules, Submission, Value,
};

pub fn compile(source: &str) -> Program {
    let submission = Submission::new(source, Entry::function("f").unwrap());
    Engine::new().unwrap().compile(&submission).unwrap()
}

pub fn compile_module(source: &str) -> Program {
    let submission = Submission::new(source, Entry::export("f").unwrap());
    Engine::new().unwrap().compile(&submission).unwrap()
}

pub fn executions(source: &str, args: &[Value], times: usize, isolation: Isolation) -> Vec<Execution> {
    run(&compile(source), args, times, isolation, &Rules::default())
}

pub fn run(program: &Program, args: &[Value], times: usize, isolation: Isolation, rules: &Rules) -> Vec<Execution> {
    let mut isolate = Isolate::new(&Engine::new().unwrap(), &rules.limits).unwrap();
    (0..times).map(|_| isolate.run(program, args, rules, isolation, &Cancellation::default())).collect()
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

pub fn unhandled(name: &str, message: &str) -> Outcome {
    match threw(name, message) {
        Outcome::Threw(exception) => Outcome::UnhandledRejection(exception),
        _ => unreachable!(),
    }
}

/// Without the place, which has tests of its own.
pub fn plain(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Threw(Exception { name, message, .. }) => threw(&name, &message),
        Outcome::UnhandledRejection(Exception { name, message, .. }) => unhandled(&name, &message),
        other => other,
    }
}
