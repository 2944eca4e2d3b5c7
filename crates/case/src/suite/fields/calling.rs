use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WordOr;
use crate::{Answer, Entry, Form};

/// What is called: the name of a function, or a table with the kind of entry.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "WordOr<String, EntryTable>", into = "WordOr<String, EntryTable>")]
pub(in crate::suite) struct EntryField(pub(in crate::suite) Entry);

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EntryTable {
    kind: Kind,
    /// The function's, export's or class's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "EntryKind")]
enum Kind {
    Function,
    Export,
    Class,
    Program,
    Completion,
}

impl TryFrom<WordOr<String, EntryTable>> for EntryField {
    type Error = String;

    fn try_from(field: WordOr<String, EntryTable>) -> Result<EntryField, String> {
        let table = match field {
            WordOr::Word(name) => EntryTable { kind: Kind::Function, name: Some(name) },
            WordOr::Table(table) => table,
        };
        let entry = match (table.kind, table.name) {
            (Kind::Function, Some(name)) => Entry::function(&name),
            (Kind::Export, Some(name)) => Entry::export(&name),
            (Kind::Class, Some(name)) => Entry::class(&name),
            (Kind::Program, None) => Ok(Entry::Program),
            (Kind::Completion, None) => Ok(Entry::Completion),
            (Kind::Function | Kind::Export | Kind::Class, None) => {
                return Err("missing field `name`: an entry of this kind is called by its name".to_owned());
            }
            (Kind::Program | Kind::Completion, Some(_)) => {
                return Err("`name` is of functions, exports and classes: an entry of this kind has none".to_owned());
            }
        };
        entry.map(EntryField).map_err(|error| error.to_string())
    }
}

impl From<EntryField> for WordOr<String, EntryTable> {
    fn from(EntryField(entry): EntryField) -> WordOr<String, EntryTable> {
        let (kind, name) = match entry {
            Entry::Function(name) => return WordOr::Word(name.into()),
            Entry::Export(name) => (Kind::Export, Some(name)),
            Entry::Class(name) => (Kind::Class, Some(name)),
            Entry::Program => (Kind::Program, None),
            Entry::Completion => (Kind::Completion, None),
        };
        WordOr::Table(EntryTable { kind, name: name.map(String::from) })
    }
}

/// What an array stands for.
#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::suite) enum FormField {
    Plain,
    List,
    Tree,
    /// An array of lists.
    Lists,
    /// An array of trees.
    Trees,
}

impl From<FormField> for Form {
    fn from(field: FormField) -> Form {
        match field {
            FormField::Plain => Form::Plain,
            FormField::List => Form::LinkedList,
            FormField::Tree => Form::BinaryTree,
            FormField::Lists => Form::LinkedLists,
            FormField::Trees => Form::BinaryTrees,
        }
    }
}

impl From<Form> for FormField {
    fn from(form: Form) -> FormField {
        match form {
            Form::Plain => FormField::Plain,
            Form::LinkedList => FormField::List,
            Form::BinaryTree => FormField::Tree,
            Form::LinkedLists => FormField::Lists,
            Form::BinaryTrees => FormField::Trees,
        }
    }
}

/// Where the answer is: returned, in the form of this name, or in the argument of a number from 0.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(from = "WordOr<FormField, AnswerTable>", into = "WordOr<FormField, AnswerTable>")]
pub(in crate::suite) struct AnswerField(pub(in crate::suite) Answer);

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AnswerTable {
    argument: usize,
}

impl From<WordOr<FormField, AnswerTable>> for AnswerField {
    fn from(field: WordOr<FormField, AnswerTable>) -> AnswerField {
        AnswerField(match field {
            WordOr::Word(form) => Answer::Returned(form.into()),
            WordOr::Table(AnswerTable { argument }) => Answer::Argument(argument),
        })
    }
}

impl From<AnswerField> for WordOr<FormField, AnswerTable> {
    fn from(AnswerField(answer): AnswerField) -> WordOr<FormField, AnswerTable> {
        match answer {
            Answer::Argument(argument) => WordOr::Table(AnswerTable { argument }),
            Answer::Returned(form) => WordOr::Word(form.into()),
        }
    }
}
