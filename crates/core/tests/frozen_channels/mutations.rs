//! Random changes to everything that can be reached.

use deem_core::{Bytes, Engine, Entry, Isolation, Limits, Outcome, Program, Rules, Submission, Value};
use libtest_mimic::{Failed, Trial};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestError, TestRunner};

use crate::{Seen, Standing, difference};

pub fn trials() -> [Trial; 3] {
    [
        Trial::test("calls/leave_the_frozen_realm_as_it_was", calls_leave_the_frozen_realm_as_it_was),
        Trial::test("mutations/the_frozen_realm_is_as_it_was", the_frozen_realm_is_as_it_was),
        Trial::test("mutations/a_shared_realm_is_not", a_shared_realm_is_not),
    ]
}

type Mutation = [u16; 6];

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    vec(any::<Mutation>(), 1..40)
}

fn the_frozen_realm_is_as_it_was() -> Result<(), Failed> {
    let program = program();
    let untouched = walk_after(&program, &[], Isolation::Frozen);
    let config = Config { failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&mutations(), |mutations| {
        let walked = walk_after(&program, &mutations, Isolation::Frozen);
        prop_assert!(walked == untouched, "{}", difference(&untouched, &walked));
        Ok(())
    });
    match result {
        Ok(()) => Ok(()),
        Err(TestError::Fail(why, mutations)) => Err(format!("{mutations:?}: {why}").into()),
        Err(aborted) => Err(aborted.to_string().into()),
    }
}

/// Else it proves nothing that the frozen realm is.
fn a_shared_realm_is_not() -> Result<(), Failed> {
    let program = program();
    let untouched = walk_after(&program, &[], Isolation::Shared);
    let mut runner = TestRunner::deterministic();
    let runs = 40;
    let mut changed = 0;
    for _ in 0..runs {
        let mutations = mutations().new_tree(&mut runner).map_err(|why| why.to_string())?.current();
        changed += usize::from(walk_after(&program, &mutations, Isolation::Shared) != untouched);
    }
    if changed < runs / 2 { Err(format!("{changed} of {runs} changed anything").into()) } else { Ok(()) }
}

fn calls_leave_the_frozen_realm_as_it_was() -> Result<(), Failed> {
    let source = format!(
        "{}\n{}\nfunction f(at) {{ return at >= 0 ? call(at) : at === -1 ? outline() : walk().text }}",
        include_str!("walker.js"),
        include_str!("call.js"),
    );
    let submission = Submission::new(source, Entry::function("f").expect("an identifier"));
    let program = Engine::new().unwrap().compile(&submission).unwrap();
    let rules = Rules::from(Limits { heap: Bytes::mib(128), ..Limits::default() });
    let ask = |isolate: &mut Standing, at: i32| isolate.run(&program, &[Value::from(at)], &rules, Isolation::Frozen);
    let mut isolate = Standing::default();
    let (outline, walked) = (ask(&mut isolate, -1), ask(&mut isolate, -2));
    let mut found = String::new();
    let mut at = 0;
    loop {
        let done = ask(&mut isolate, at).0;
        if done == Outcome::Returned(Value::Null) {
            break;
        }
        let after = ask(&mut isolate, -1);
        if after != outline {
            found += &format!("\nfunction {at}: {}", difference(&outline, &after));
            isolate = Standing::default();
        }
        at += 1;
    }
    let after = ask(&mut isolate, -2);
    if after != walked {
        found += &format!("\nall together: {}", difference(&walked, &after));
    }
    if at < 600 {
        found += &format!("\nthere are no more than {at} functions");
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

fn program() -> Program {
    let source = format!(
        "{}\n{}\nfunction f(mutations) {{ return mutations.length > 0 ? mutate(mutations) : walk().text }}",
        include_str!("walker.js"),
        include_str!("mutate.js"),
    );
    let submission = Submission::new(source, Entry::function("f").expect("an identifier"));
    Engine::new().unwrap().compile(&submission).unwrap()
}

/// What is there after a case that made these changes, if there are any.
fn walk_after(program: &Program, mutations: &[Mutation], isolation: Isolation) -> Seen {
    let limits = Limits { heap: Bytes::mib(128), external: Bytes::mib(64), ..Limits::default() };
    let rules = Rules::from(limits);
    let mut isolate = Standing::default();
    if !mutations.is_empty() {
        let mutations = mutations.iter().map(|mutation| Value::array(mutation.map(i32::from)));
        isolate.run(program, &[Value::array(mutations)], &rules, isolation);
    }
    isolate.run(program, &[Value::array(Vec::<i32>::new())], &rules, isolation)
}
