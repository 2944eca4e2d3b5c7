use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Bytes, Exception, Value};

/// The name under which a submission's source appears in stacks and messages.
pub const SOURCE_NAME: &str = "solution.js";

/// What was submitted: a program, and how to get an answer out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The program: a classic script, or an ES module where the entry is an [`Entry::Export`].
    pub source: String,
    /// What is called in it.
    pub entry: Entry,
    /// How it is passed its arguments, and where its answer is.
    pub calling: Calling,
}

impl Submission {
    /// The longest source that is compiled: V8 takes a second for one that is all functions.
    pub const MOST_SOURCE: Bytes = Bytes::mib(1);

    /// A submission that is called with the arguments as they are, and answers by returning.
    pub fn new(source: impl Into<String>, entry: Entry) -> Submission {
        Submission { source: source.into(), entry, calling: Calling::default() }
    }

    /// Whether the source is short enough to be compiled at all. Executors ask this first.
    ///
    /// # Errors
    /// If it is not: what the program's compile error is.
    pub fn check(&self) -> Result<(), Exception> {
        if self.source.len() <= Submission::MOST_SOURCE.0 {
            return Ok(());
        }
        let message = format!("the source is longer than {}", Submission::MOST_SOURCE);
        Err(Exception { name: "RangeError".to_owned(), message, ..Exception::default() })
    }
}

/// How a program answers a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// The function of this name is called with the case's arguments; make one with [`Entry::function`].
    Function(EntryName),
    /// The program is an ES module, and this export of it is called, or `export default` where it has none of the name;
    /// make one with [`Entry::export`]. A class is called as [`Entry::Class`] says.
    Export(EntryName),
    /// The program runs once per case, with the arguments as the global array `args`, and the value of its last
    /// expression is the answer.
    Completion,
    /// The class of this name is put through a sequence of calls; make one with [`Entry::class`].
    ///
    /// A case has two arguments: the names, of which the first is the class's, and for each the array of its arguments. The
    /// answer is the array of what each call returned, `null` for the constructor and for `undefined`. What a method returns is
    /// awaited, before the next one is called, and taken as it is then, whatever becomes of the object later.
    Class(EntryName),
    /// The program runs once per case, as node would run it: the case's one argument, a string, is its standard input, and what
    /// it writes to its standard output is the answer. What it writes to its standard error is the case's console.
    ///
    /// It is a CommonJS module, and has those of node's modules by which programs read and write: assert, buffer, events, fs (its
    /// standard streams alone), os, perf_hooks, process, readline, timers and util. An exit code that is not 0 is an exception, with
    /// a message such as `exit code 3`.
    Program,
}

/// How a function is passed its arguments, and where its answer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calling {
    /// What each argument is made into before the call. Those beyond the list are passed as they are. Of a class, it is the
    /// constructor's arguments.
    pub params: Vec<Form>,
    /// Where the answer is.
    pub answer: Answer,
}

/// What an array stands for on its way into a realm, and what becomes an array on the way out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Nothing but itself.
    #[default]
    Plain,
    /// A linked list of `ListNode`s with `val` and `next`; the empty array is `null`. The class is a global, as `TreeNode` is,
    /// unless the program defines one of its own. A list that ends in itself is no answer.
    LinkedList,
    /// A binary tree of `TreeNode`s with `val`, `left` and `right`, level by level, with `null` where a child is missing whose
    /// parent is not; the empty array is `null`. A tree in which a node occurs twice is no answer.
    BinaryTree,
    /// An array of [`LinkedList`](Form::LinkedList)s. What is no array in it is passed as it is.
    LinkedLists,
    /// An array of [`BinaryTree`](Form::BinaryTree)s, likewise.
    BinaryTrees,
}

/// Where a function's answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It is what the function returns, in this form.
    Returned(Form),
    /// It is what the function has made of its argument of this number, from 0.
    Argument(usize),
}

impl Default for Answer {
    fn default() -> Answer {
        Answer::Returned(Form::Plain)
    }
}

/// The name of a function in a program: a JavaScript identifier, bound by `function`, `class`, `var`, `let` or `const`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryName(String);

/// This is not the name of a function.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot name a function: an entry is one JavaScript identifier, such as \"solve\"")]
pub struct InvalidEntry(String);

/// One input with the answer expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What the case is called in reports; unique in its suite.
    pub id: String,
    /// The arguments.
    pub args: Vec<Value>,
    /// The right answer. Executors never read it, and it never enters another process.
    pub expected: Expected,
}

/// What a case must answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// This, by the suite's checker.
    Value(Value),
    /// One of these, by the suite's checker.
    AnyOf(Vec<Value>),
    /// Nothing: it must throw.
    Throws {
        /// The error's name must be this.
        name: Option<String>,
        /// The error's message must contain this.
        message: Option<String>,
    },
}

impl From<Value> for Expected {
    fn from(value: Value) -> Expected {
        Expected::Value(value)
    }
}

impl Entry {
    /// The function of this name.
    ///
    /// # Errors
    /// If it is not an identifier. (A name is evaluated in the program's scope, so nothing else may pass.)
    pub fn function(name: &str) -> Result<Entry, InvalidEntry> {
        EntryName::new(name).map(Entry::Function)
    }

    /// The export of this name, or the default export of a module that has none of the name.
    ///
    /// # Errors
    /// If it is not an identifier.
    pub fn export(name: &str) -> Result<Entry, InvalidEntry> {
        EntryName::new(name).map(Entry::Export)
    }

    /// The class of this name.
    ///
    /// # Errors
    /// If it is not an identifier.
    pub fn class(name: &str) -> Result<Entry, InvalidEntry> {
        EntryName::new(name).map(Entry::Class)
    }
}

impl TryFrom<String> for EntryName {
    type Error = InvalidEntry;

    fn try_from(name: String) -> Result<EntryName, InvalidEntry> {
        EntryName::new(&name)
    }
}

impl From<EntryName> for String {
    fn from(name: EntryName) -> String {
        name.0
    }
}

impl EntryName {
    fn new(name: &str) -> Result<EntryName, InvalidEntry> {
        if is_identifier(name) { Ok(EntryName(name.to_owned())) } else { Err(InvalidEntry(name.to_owned())) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether this can be written as a name in JavaScript without quotes (reserved words aside, which V8 refuses).
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_' || c == '$');
    first && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '$')
}
