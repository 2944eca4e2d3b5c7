use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Value;

/// The name under which a submission's source appears in stacks and messages.
pub const SOURCE_NAME: &str = "solution.js";

/// What was submitted: a program, and how to get an answer out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The program: a classic script, or an ES module where the entry is an [`Entry::Export`].
    pub source: String,
    /// What is called in it.
    pub entry: Entry,
}

/// How a program answers a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// The function of this name is called with the case's arguments; make one with [`Entry::function`].
    Function(EntryName),
    /// The program is an ES module, and this export of it is called, or `export default` where it has none of the name;
    /// make one with [`Entry::export`].
    Export(EntryName),
    /// The program runs once per case, with the arguments as the global array `args`, and the value of its last
    /// expression is the answer.
    Completion,
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
    pub expected: Value,
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
