//! Tests that are JavaScript programs, taken apart: each assertion that compares a call with a literal is a case.

use std::collections::HashMap;

use super::literal::Reader;
use crate::Value;

/// What a program of tests asserts.
pub(super) struct Assertions {
    /// The function that is called, where the tests say which.
    pub(super) function: Option<String>,
    /// The arguments of each call, and what must come of it.
    pub(super) cases: Vec<(Vec<Value>, Value)>,
    /// The lines, with their numbers from 1, that are something else, and why.
    pub(super) skipped: Vec<(usize, String)>,
}

/// What can be compared: the call, or what must come of it.
#[derive(Clone)]
enum Term {
    Call(Vec<Value>),
    Value(Value),
}

struct Tests<'t> {
    reader: Reader<'t>,
    function: Option<String>,
    /// What `let` and `const` have named.
    bound: HashMap<&'t str, Term>,
}

/// Reads tests of this function; where it is not known, of the one that they call.
pub(super) fn read(text: &str, function: Option<&str>) -> Assertions {
    let function = function.map(str::to_owned);
    let mut tests = Tests { reader: Reader::new(text), function, bound: HashMap::new() };
    let (mut cases, mut skipped) = (Vec::new(), Vec::new());
    while !tests.reader.rest().is_empty() {
        let line = tests.reader.line();
        let begun = tests.reader.clone();
        match tests.statement() {
            Ok(case) => cases.extend(case),
            Err(what) => {
                tests.reader = begun;
                if !is_frame(tests.reader.skip_line()) {
                    skipped.push((line, what));
                }
            }
        }
    }
    Assertions { function: tests.function, cases, skipped }
}

impl<'t> Tests<'t> {
    fn statement(&mut self) -> Result<Option<(Vec<Value>, Value)>, String> {
        let equal = ["deepEqual", "deepStrictEqual", "strictEqual", "equal"];
        let case = if ["let ", "const ", "var "].iter().any(|word| self.reader.eat(word)) {
            self.binding()?;
            None
        } else if equal.iter().any(|name| self.reader.eat(&format!("assert.{name}("))) {
            let case = self.pair(",")?;
            self.message()?;
            Some(case)
        } else if ["assert(_.isEqual(", "assert.ok(_.isEqual("].iter().any(|name| self.reader.eat(name)) {
            let case = self.pair(",")?;
            self.reader.expect(")")?;
            self.message()?;
            Some(case)
        } else if ["assert(", "assert.ok(", "console.assert("].iter().any(|name| self.reader.eat(name)) {
            let case = self.pair("==")?;
            self.message()?;
            Some(case)
        } else {
            return Err("it is not an assertion".into());
        };
        self.reader.eat(";");
        Ok(case)
    }

    fn binding(&mut self) -> Result<(), String> {
        let name = self.reader.word();
        self.reader.expect("=")?;
        if name == "candidate" {
            self.function = Some(self.reader.word().to_owned());
            return Ok(());
        }
        let term = self.term()?;
        self.bound.insert(name, term);
        Ok(())
    }

    /// A call and a value, in either order, with this between them.
    fn pair(&mut self, between: &str) -> Result<(Vec<Value>, Value), String> {
        let left = self.term()?;
        self.reader.expect(between)?;
        if between == "==" {
            self.reader.eat("=");
        }
        match (left, self.term()?) {
            (Term::Call(args), Term::Value(value)) | (Term::Value(value), Term::Call(args)) => Ok((args, value)),
            _ => Err("it does not compare a call of the function with a literal".into()),
        }
    }

    /// The rest of an assertion: what it says where it fails, which is of no use here.
    fn message(&mut self) -> Result<(), String> {
        let mut more = self.reader.eat(",");
        while more {
            if self.reader.word().is_empty() {
                self.reader.literal()?;
            }
            more = self.reader.eat("+");
        }
        self.reader.expect(")")
    }

    fn term(&mut self) -> Result<Term, String> {
        if self.reader.eat("JSON.stringify(") {
            let term = self.term()?;
            self.reader.expect(")")?;
            return Ok(term);
        }
        self.reader.eat("await ");
        let begun = self.reader.clone();
        let word = self.reader.word();
        if let Some(term) = self.bound.get(word) {
            return Ok(term.clone());
        }
        let known = match &self.function {
            Some(function) => word == function || word == "candidate",
            None => !["", "require"].contains(&word),
        };
        if known && self.reader.eat("(") {
            let args = self.args()?;
            if word != "candidate" {
                self.function = Some(word.to_owned());
            }
            return Ok(Term::Call(args));
        }
        self.reader = begun;
        self.reader.literal().map(Term::Value)
    }

    fn args(&mut self) -> Result<Vec<Value>, String> {
        let mut args = Vec::new();
        while !self.reader.eat(")") {
            args.push(self.reader.literal()?);
            if !self.reader.eat(",") {
                self.reader.expect(")")?;
                break;
            }
        }
        Ok(args)
    }
}

/// Whether a line is what tests have around them: what they require, the function that they are in, the call of that.
fn is_frame(line: &str) -> bool {
    let line = line.trim_end_matches(';').trim_end();
    let opens = line.ends_with('{') && (line.contains("function") || line.contains("=>"));
    let closes = line.chars().all(|c| matches!(c, '}' | ')' | ';' | '('));
    let calls = line.strip_suffix("()").is_some_and(crate::submission::is_identifier);
    let requires = line.split_once('=').is_some_and(|(_, module)| module.trim_start().starts_with("require("));
    opens || closes || calls || requires || line.starts_with("import ")
}
