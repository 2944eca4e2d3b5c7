//! Tests that are JavaScript programs, taken apart: each assertion that compares a call with a literal is a case.

use std::collections::HashMap;

use super::json;
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
struct Term {
    what: What,
    /// Whether it is the JSON of that.
    stringified: bool,
}

#[derive(Clone)]
enum What {
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
        let begun = tests.reader.clone();
        match tests.statement() {
            Ok(case) => cases.extend(case),
            Err(what) => {
                tests.reader = begun;
                let line = tests.reader.line();
                let text = tests.reader.skip_line();
                if !is_frame(text) {
                    skipped.push((line, what));
                    // What a line that is not understood has to do with, is not known any more.
                    let words: Vec<_> = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).collect();
                    tests.bound.retain(|name, _| !words.contains(name));
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
        if case.is_some() {
            self.reader.end()?;
        }
        Ok(case)
    }

    fn binding(&mut self) -> Result<(), String> {
        let name = self.reader.word();
        self.reader.expect("=")?;
        if name == "candidate" {
            let function = self.reader.word();
            self.reader.end()?;
            self.function = Some(function.to_owned());
        } else {
            let term = self.term()?;
            self.reader.end()?;
            self.bound.insert(name, term);
        }
        Ok(())
    }

    /// A call and a value, in either order, with this between them.
    fn pair(&mut self, between: &str) -> Result<(Vec<Value>, Value), String> {
        let left = self.term()?;
        self.reader.expect(between)?;
        if between == "==" {
            self.reader.eat("=");
        }
        let right = self.term()?;
        let one_is_json = left.stringified != right.stringified;
        match (left.what, right.what) {
            (What::Call(args), What::Value(value)) | (What::Value(value), What::Call(args)) => match value {
                _ if !one_is_json => Ok((args, value)),
                Value::String(text) => Ok((args, json::text(&text.to_text())?)),
                _ => Err("it compares JSON with what is none".into()),
            },
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
            return Ok(Term { stringified: true, ..term });
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
            return Ok(Term { what: What::Call(args), stringified: false });
        }
        self.reader = begun;
        Ok(Term { what: What::Value(self.reader.literal()?), stringified: false })
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
