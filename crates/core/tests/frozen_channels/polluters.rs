//! Programs that leave a mark in one case, and look for it in another.
//!
//! A file of them is JavaScript, in sections that comments begin. `//@ NAME` begins a polluter. Its parts: `//: top` runs at the
//! program's top level, in every case; `//: leave` are statements that leave the mark, and may return an answer; `//: look` is
//! an expression that tells whether it is there. The others are flags:
//!
//! - `module`, `class`, `list`: what the entry is; a `list` has, besides its number, a linked list as its argument.
//! - `eval`, `webassembly`: what the rules allow.
//! - `escapes`: what `leave` throws is not caught; `endless`: it is stopped at a limit of time.
//! - `unshared WHY`: the mark is not to be seen in a shared realm either.

use std::time::Duration;

use deem_core::{Answer, Bytes, Calling, Entry, Form, Limits, Rules, Submission, Value};

#[derive(Clone, Debug, Default)]
pub struct Polluter {
    pub name: String,
    top: String,
    leave: String,
    look: String,
    kind: Kind,
    eval: bool,
    webassembly: bool,
    escapes: bool,
    endless: bool,
    /// Why its mark is not to be seen in a shared realm.
    pub unshared: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Function,
    Module,
    Class,
    List,
}

/// What a case of a polluter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    Leave,
    Look,
}

const WALKER: &str = include_str!("walker.js");

/// All of them.
pub fn all() -> Vec<Polluter> {
    let files = [
        ("globals", include_str!("polluters/globals.js")),
        ("builtins", include_str!("polluters/builtins.js")),
        ("program", include_str!("polluters/program.js")),
        ("failures", include_str!("polluters/failures.js")),
    ];
    let mut all: Vec<Polluter> = files.iter().flat_map(|(file, text)| parse(file, text)).collect();
    all.extend(include_str!("intrinsics.txt").lines().map(|line| {
        let (name, expression) = line.split_once(" = ").expect("a name and an expression");
        Polluter {
            name: format!("intrinsics/{name}"),
            top: format!("const target = () => {expression};"),
            leave: include_str!("intrinsics/leave.js").to_owned(),
            look: include_str!("intrinsics/look.js").to_owned(),
            ..Polluter::default()
        }
    }));
    all
}

fn parse(file: &str, text: &str) -> Vec<Polluter> {
    let (_, text) = text.split_once("\n//@ ").expect("a polluter");
    text.split("\n//@ ").map(|text| polluter(file, text)).collect()
}

fn polluter(file: &str, text: &str) -> Polluter {
    let mut parts = text.split("\n//: ");
    let mut polluter = Polluter { name: format!("{file}/{}", parts.next().unwrap_or_default()), ..Polluter::default() };
    for part in parts {
        let (head, body) = part.split_once('\n').unwrap_or((part, ""));
        match head.split_once(' ').unwrap_or((head, "")) {
            ("top", _) => polluter.top = body.to_owned(),
            ("leave", _) => polluter.leave = body.to_owned(),
            ("look", _) => polluter.look = body.to_owned(),
            ("module", _) => polluter.kind = Kind::Module,
            ("class", _) => polluter.kind = Kind::Class,
            ("list", _) => polluter.kind = Kind::List,
            ("eval", _) => polluter.eval = true,
            ("webassembly", _) => polluter.webassembly = true,
            ("escapes", _) => polluter.escapes = true,
            ("endless", _) => polluter.endless = true,
            ("unshared", why) => polluter.unshared = Some(why.to_owned()),
            (other, _) => panic!("{}: there is no {other}", polluter.name),
        }
    }
    assert!(!polluter.leave.is_empty() && !polluter.look.is_empty(), "{polluter:?}");
    polluter
}

impl Polluter {
    /// Where a look tells what it looks for.
    pub fn looking(&self) -> Submission {
        self.submission("", &self.look)
    }

    /// Where a look tells of everything there is.
    pub fn walking(&self) -> Submission {
        self.submission(WALKER, "walk().text")
    }

    fn submission(&self, tools: &str, look: &str) -> Submission {
        let Polluter { top, leave, kind, .. } = self;
        let leave = if self.escapes { leave.clone() } else { format!("try {{\n{leave}\n}} catch {{}} return null;") };
        let body = format!("{{\nif (round === 0) {{\n{leave}\n}}\nreturn (\n{look}\n);\n}}");
        let (head, foot) = match kind {
            Kind::Function => ("function f(round)", ""),
            Kind::Module => ("export function f(round)", ""),
            Kind::Class => ("class f { go(round)", "}"),
            Kind::List => ("function f(round, list)", ""),
        };
        let entry = match kind {
            Kind::Function | Kind::List => Entry::function("f"),
            Kind::Module => Entry::export("f"),
            Kind::Class => Entry::class("f"),
        };
        let params = if *kind == Kind::List { vec![Form::Plain, Form::LinkedList] } else { Vec::new() };
        Submission {
            source: format!("{top}\n{tools}\n{head} {body} {foot}"),
            entry: entry.expect("an identifier"),
            calling: Calling { params, answer: Answer::default() },
        }
    }

    pub fn args(&self, round: Round) -> Vec<Value> {
        let round = Value::from(i32::from(round == Round::Look));
        match self.kind {
            Kind::Function | Kind::Module => vec![round],
            Kind::List => vec![round, Value::array([7, 8])],
            Kind::Class => vec![
                Value::array(["f", "go"]),
                Value::Array(vec![Some(Value::Array(Vec::new())), Some(Value::array([round]))]),
            ],
        }
    }

    pub fn rules(&self, round: Round) -> Rules {
        let cpu = if self.endless && round == Round::Leave { 50 } else { 10_000 };
        let limits = Limits {
            heap: Bytes::mib(128),
            external: Bytes::mib(64),
            wall: Duration::from_secs(60),
            ..Limits::time(Duration::from_millis(cpu))
        };
        Rules { eval: self.eval, webassembly: self.webassembly, ..limits.into() }
    }
}
