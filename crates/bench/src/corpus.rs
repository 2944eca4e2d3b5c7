//! The corpus: fixtures of one file each, whose head says what must come of each case. Hostile programs, and rules of values.
//!
//! ```text
//! // L01: an endless loop.                       what the file is about, in one line
//! // case: [true] -> TLE                         arguments, and the outcome: see Expected
//! // case: [false] -> "clean" | RE               .. or one of several
//! // process only: it checks for no interruption no engine can stop it: it is run on subprocesses alone
//! // on node: [true] -> MLE (why)                what node does otherwise
//! // call: solve(list, plain) -> argument 0       how it is called, where solve(plain, ..) -> plain is not how: see `calling`
//! // apart: why                                  it needs an executor whose own code is apart from the program's
//! function solve(attack) { .. }
//! ```

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deem_core::{Answer, Calling, Case, Entry, Execution, Form, Outcome, Submission, Value, Verdict};

/// One file.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The file's name without its ending.
    pub name: String,
    /// The program, whose entry is `solve` where the head says nothing else.
    pub submission: Submission,
    /// The cases, each with what may come of it.
    pub cases: Vec<(Arc<Case>, Expected)>,
    /// Why it is run on subprocesses alone, if it is.
    pub process_only: Option<String>,
    /// Why it is not run where the executor's own code is in the program's realm, if it is not.
    pub apart: Option<String>,
    on_node: Vec<(Vec<Value>, Expected)>,
}

/// What may come of a case: one of several outcomes.
#[derive(Clone, Debug)]
pub struct Expected(Vec<One>);

#[derive(Clone, Debug)]
enum One {
    /// `"clean"`: it returns this value.
    Value(Value),
    /// `TLE`: it gets this verdict.
    Verdict(Verdict),
    /// `throws TypeError: no`, or `throws no` for what is no error.
    Throws(String),
    /// `unhandled TypeError: no`: it leaves such a rejection.
    Unhandled(String),
    /// `unrepresentable #<Promise>`, or `unrepresentable` whatever it is.
    Unrepresentable(String),
    /// `never settles`.
    NeverSettles,
    /// `no entry`.
    NoEntry,
}

/// A file that is no fixture, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}", file.display())]
pub struct CorpusError {
    file: PathBuf,
    what: String,
}

/// Reads every fixture in a folder, in the order of the names.
///
/// # Errors
/// At the first file that is none.
pub fn load(folder: &Path) -> Result<Vec<Fixture>, CorpusError> {
    let unreadable = |file: &Path| {
        let file = file.to_owned();
        move |error: std::io::Error| CorpusError { file, what: format!("cannot be read: {error}") }
    };
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut files: Vec<PathBuf> = entries.map_err(unreadable(folder))?.iter().map(|entry| entry.path()).collect();
    files.sort();
    let parse = |file: PathBuf| {
        let source = std::fs::read_to_string(&file).map_err(unreadable(&file))?;
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Fixture::parse(name, source).map_err(|what| CorpusError { file, what })
    };
    files.into_iter().map(parse).collect()
}

impl Fixture {
    fn parse(name: String, source: String) -> Result<Fixture, String> {
        let (mut cases, mut on_node, mut process_only, mut apart) = (Vec::new(), Vec::new(), None, None);
        let (mut entry, mut called) = calling("solve()")?;
        for (index, line) in source.lines().enumerate() {
            let Some(line) = line.strip_prefix("// ") else { break };
            let at = |error: String| format!("line {}: {error}", index + 1);
            if let Some(rest) = line.strip_prefix("case: ") {
                let (args, expected) = arguments(rest).map_err(at)?;
                let case = Case { id: (cases.len() + 1).to_string(), args, expected: Value::Undefined.into() };
                cases.push((Arc::new(case), expected.parse().map_err(at)?));
            } else if let Some(rest) = line.strip_prefix("on node: ") {
                let (args, expected) = arguments(rest).map_err(at)?;
                let expected = expected.rsplit_once(" (").map_or(expected, |(expected, _)| expected);
                on_node.push((args, expected.parse().map_err(at)?));
            } else if let Some(rest) = line.strip_prefix("call: ") {
                (entry, called) = calling(rest).map_err(at)?;
            } else if let Some(reason) = line.strip_prefix("process only: ") {
                process_only = Some(reason.to_owned());
            } else if let Some(reason) = line.strip_prefix("apart: ") {
                apart = Some(reason.to_owned());
            }
        }
        if cases.is_empty() {
            return Err("no cases: a line such as `// case: [true] -> TLE`".to_owned());
        }
        Ok(Fixture {
            name,
            submission: Submission { source, entry, calling: called },
            cases,
            process_only,
            apart,
            on_node,
        })
    }

    /// Whether one of its cases may be stopped by the limit of time. The others end by themselves, and how long that takes is the
    /// machine's affair.
    pub fn may_be_late(&self) -> bool {
        self.cases.iter().any(|(_, expected)| expected.may_be(Verdict::TimeLimitExceeded))
    }

    /// What may come of a case on node.
    pub fn expected_on_node(&self, index: usize) -> &Expected {
        let (case, expected) = &self.cases[index];
        let text = |args: &[Value]| Value::array(args.iter().cloned()).to_json();
        let own = self.on_node.iter().find(|(args, _)| text(args) == text(&case.args));
        own.map_or(expected, |(_, own)| own)
    }
}

/// How a program is called: `solve(list, tree, plain) -> list`, where the answer may be `argument 0`, and may be left out;
/// `module solve(..)`; `class Counter(..)`; `program`.
fn calling(text: &str) -> Result<(Entry, Calling), String> {
    if text == "program" {
        return Ok((Entry::Program, Calling::default()));
    }
    let form = |text: &str| match text.trim() {
        "plain" => Ok(Form::Plain),
        "list" => Ok(Form::LinkedList),
        "tree" => Ok(Form::BinaryTree),
        "lists" => Ok(Form::LinkedLists),
        "trees" => Ok(Form::BinaryTrees),
        other => Err(format!("{other:?} is no form: plain, list, tree, lists or trees")),
    };
    let (head, rest) = text.split_once('(').ok_or("no `(` after what is called")?;
    let (params, answer) = rest.split_once(')').ok_or("no `)`")?;
    let entry = match head.split_once(' ') {
        Some(("class", name)) => Entry::class(name),
        Some(("module", name)) => Entry::export(name),
        _ => Entry::function(head),
    };
    let params = params.split(',').filter(|param| !param.trim().is_empty()).map(form).collect::<Result<_, _>>()?;
    let answer = match answer.trim().strip_prefix("-> ") {
        None => Answer::default(),
        Some(answer) => match answer.strip_prefix("argument ") {
            Some(index) => Answer::Argument(index.parse().map_err(|_| format!("{index:?} is no argument's number"))?),
            None => Answer::Returned(form(answer)?),
        },
    };
    Ok((entry.map_err(|error| error.to_string())?, Calling { params, answer }))
}

/// The arguments, and the text of what is expected: `[true] -> TLE`.
fn arguments(text: &str) -> Result<(Vec<Value>, &str), String> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Vec<Value>>();
    let args = values.next().ok_or("no arguments")?.map_err(|error| error.to_string())?;
    let rest = text[values.byte_offset()..].trim_start();
    Ok((args, rest.strip_prefix("-> ").ok_or("no `->` after the arguments")?))
}

impl std::str::FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Expected, String> {
        if let Ok(value) = Value::from_json(text) {
            return Ok(Expected(vec![One::Value(value)]));
        }
        let one = |text: &str| {
            if let Ok(verdict) = text.parse() {
                return Ok(One::Verdict(verdict));
            }
            let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
            match (word, rest) {
                ("throws", what) => Ok(One::Throws(what.to_owned())),
                ("unhandled", what) => Ok(One::Unhandled(what.to_owned())),
                ("unrepresentable", what) => Ok(One::Unrepresentable(what.to_owned())),
                ("never", "settles") => Ok(One::NeverSettles),
                ("no", "entry") => Ok(One::NoEntry),
                _ => Value::from_json(text).map(One::Value).map_err(|_| format!("{text:?} is no outcome")),
            }
        };
        Ok(Expected(text.split(" | ").map(|text| one(text.trim())).collect::<Result<_, _>>()?))
    }
}

impl Expected {
    /// Whether a verdict, whatever is behind it, is expected.
    pub fn may_be(&self, verdict: Verdict) -> bool {
        self.0.iter().any(|one| matches!(one, One::Verdict(each) if *each == verdict))
    }

    /// The value that must be returned, if nothing else may come of the case.
    pub fn value(&self) -> Option<&Value> {
        match &self.0[..] {
            [One::Value(value)] => Some(value),
            _ => None,
        }
    }

    /// Whether an execution is what was expected.
    pub fn includes(&self, execution: &Execution) -> bool {
        self.0.iter().any(|one| one.is(execution))
    }
}

impl One {
    fn is(&self, execution: &Execution) -> bool {
        match (self, &execution.result) {
            (One::Value(expected), Ok(Outcome::Returned(value))) => expected.to_json() == value.to_json(),
            (One::Throws(what), Ok(Outcome::Threw(exception)))
            | (One::Unhandled(what), Ok(Outcome::UnhandledRejection(exception))) => *what == exception.headline(),
            (One::Unrepresentable(what), Ok(Outcome::Unrepresentable(found))) => what.is_empty() || what == found,
            (One::NeverSettles, Ok(Outcome::NeverSettled)) | (One::NoEntry, Ok(Outcome::NoEntry(_))) => true,
            // Whatever is returned is right here, and whatever is thrown wrong.
            (One::Verdict(verdict), result) => {
                Verdict::of(execution, matches!(result, Ok(Outcome::Returned(_)))) == *verdict
            }
            _ => false,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, one) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { " | " } else { "" })?;
            match one {
                One::Value(value) => write!(f, "{}", value.to_json()),
                One::Verdict(verdict) => write!(f, "{verdict}"),
                One::Throws(what) => write!(f, "throws {what}"),
                One::Unhandled(what) => write!(f, "unhandled {what}"),
                One::Unrepresentable(what) => write!(f, "unrepresentable {what}"),
                One::NeverSettles => f.write_str("never settles"),
                One::NoEntry => f.write_str("no entry"),
            }?;
        }
        Ok(())
    }
}
