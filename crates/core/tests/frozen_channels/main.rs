//! No case in the frozen realm can see anything that an earlier one did: programs that try, each by another way, a walk through
//! everything that can be reached, and random changes to all of it.

mod mutations;
mod polluters;

use std::sync::Arc;

use deem_core::{
    Cancellation, Console, Engine, Isolate, Isolation, Limits, Outcome, Program, Rules, Submission, Value,
};
use libtest_mimic::{Arguments, Failed, Trial};

use polluters::{Polluter, Round};

fn main() {
    Engine::new().expect("V8 starts");
    let mut trials = Vec::new();
    for polluter in polluters::all() {
        let polluter = Arc::new(polluter);
        let mut trial = |kind: &str, test: fn(&Polluter) -> Result<(), Failed>| {
            let polluter = polluter.clone();
            trials.push(Trial::test(format!("{kind}/{}", polluter.name), move || test(&polluter)));
        };
        trial("realm", a_realm_has_nothing_of_another);
        if polluter.unshared.is_none() {
            trial("shared", a_shared_realm_shows_it);
        }
        trial("frozen", the_frozen_realm_does_not_show_it);
        trial("walk", the_frozen_realm_is_as_it_was);
    }
    trials.extend(mutations::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn a_realm_has_nothing_of_another(polluter: &Polluter) -> Result<(), Failed> {
    let submission = polluter.looking();
    let alone = run(polluter, &submission, &[Round::Look], Isolation::Realm);
    same(&alone, &run(polluter, &submission, &[Round::Leave, Round::Look], Isolation::Realm))
}

/// Else it proves nothing that the frozen realm does not.
fn a_shared_realm_shows_it(polluter: &Polluter) -> Result<(), Failed> {
    let submission = polluter.looking();
    let alone = run(polluter, &submission, &[Round::Look], Isolation::Shared);
    match same(&alone, &run(polluter, &submission, &[Round::Leave, Round::Look], Isolation::Shared)) {
        Ok(()) => Err(format!("it leaves no mark: {:?}", alone).into()),
        Err(_) => Ok(()),
    }
}

fn the_frozen_realm_does_not_show_it(polluter: &Polluter) -> Result<(), Failed> {
    let submission = polluter.looking();
    let alone = run(polluter, &submission, &[Round::Look], Isolation::Realm);
    let (leave, look) = (Round::Leave, Round::Look);
    same(&alone, &run(polluter, &submission, &[look, leave, look, leave, leave, look, look], Isolation::Frozen))
}

fn the_frozen_realm_is_as_it_was(polluter: &Polluter) -> Result<(), Failed> {
    let submission = polluter.walking();
    let alone = run(polluter, &submission, &[Round::Look], Isolation::Frozen);
    same(&alone, &run(polluter, &submission, &[Round::Leave, Round::Look], Isolation::Frozen))
}

/// What became of a case, as far as it is the case's own.
#[derive(Debug, PartialEq)]
struct Seen(Outcome, Console);

/// What was seen where it was looked, by cases that follow each other in one isolate.
fn run(polluter: &Polluter, submission: &Submission, rounds: &[Round], isolation: Isolation) -> Vec<Seen> {
    let program = Engine::new().unwrap().compile(submission).unwrap();
    let mut isolate = Standing::default();
    let mut seen = Vec::new();
    for round in rounds {
        let found = isolate.run(&program, &polluter.args(*round), &polluter.rules(*round), isolation);
        if *round == Round::Look {
            seen.push(found);
        }
    }
    seen
}

/// An isolate that is replaced when it is condemned, as a pool's is.
#[derive(Default)]
struct Standing(Option<Isolate>);

impl Standing {
    fn run(&mut self, program: &Program, args: &[Value], rules: &Rules, isolation: Isolation) -> Seen {
        if self.0.as_ref().is_some_and(Isolate::is_condemned) {
            self.0 = None; // before there is another one: a thread has one at a time
        }
        let isolate = self.0.get_or_insert_with(|| new_isolate(&rules.limits));
        let done = isolate.run(program, args, rules, isolation, &Cancellation::default());
        Seen(done.result.unwrap(), done.console)
    }
}

fn new_isolate(limits: &Limits) -> Isolate {
    Isolate::new(&Engine::new().unwrap(), limits).unwrap()
}

/// Whether each look saw what one saw alone.
fn same(alone: &[Seen], looks: &[Seen]) -> Result<(), Failed> {
    let [alone] = alone else { return Err("one looks alone".into()) };
    for (at, look) in looks.iter().enumerate() {
        if look != alone {
            return Err(format!("look {at}: {}", difference(alone, look)).into());
        }
    }
    Ok(())
}

fn difference(alone: &Seen, look: &Seen) -> String {
    let text = |seen: &Seen| match &seen.0 {
        Outcome::Returned(Value::String(text)) => text.to_text().into_owned(),
        other => format!("{other:?}"),
    };
    let (alone, look) = (format!("{}\n{:?}", text(alone), alone.1), format!("{}\n{:?}", text(look), look.1));
    let differing = alone.lines().zip(look.lines()).filter(|(alone, look)| alone != look).take(5);
    let shown: Vec<String> = differing.map(|(alone, look)| format!("\n  alone: {alone}\n  after: {look}")).collect();
    format!("{} and {} lines{}", alone.lines().count(), look.lines().count(), shown.concat())
}
