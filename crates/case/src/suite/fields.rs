//! The fields of the files, as they are written. What they refuse is so refused with its place.

mod calling;
mod case;
mod checker;
mod elsewhere;
mod limits;

use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize as DeserializeField, Serialize};

pub(super) use calling::{AnswerField, EntryField, FormField};
pub(super) use case::CaseRow;
pub(super) use checker::{CheckerField, ErrorField};
pub(super) use elsewhere::CaseFromElsewhere;
pub(super) use limits::LimitsField;

use crate::Verdict;

/// Reads a file that a field names.
pub(super) type Files<'a> = &'a dyn Fn(&str) -> std::io::Result<String>;

/// A suite of deem's: what a submission is judged on.
#[derive(DeserializeField, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "a suite: an object with entry and cases")]
#[schemars(title = "Suite")]
pub(super) struct Header {
    pub(super) entry: EntryField,
    /// What each argument is made into before the call: "plain" (the default), "list" or "tree".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) params: Vec<FormField>,
    /// What the arguments are called, in reports alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) param_names: Vec<String>,
    pub(super) answer: Option<AnswerField>,
    pub(super) checker: Option<CheckerField>,
    /// Short for a float checker: numbers may be this far off, absolutely or relatively.
    pub(super) tolerance: Option<ErrorField>,
    /// Whether code may be made from strings.
    #[serde(default)]
    pub(super) eval: bool,
    /// Whether there is a WebAssembly.
    #[serde(default)]
    pub(super) webassembly: bool,
    /// Where Math.random starts.
    #[serde(default)]
    pub(super) seed: u64,
    /// Whether the first case that is not AC is the last that is run.
    #[serde(default)]
    pub(super) fail_fast: bool,
    pub(super) limits: Option<LimitsField>,
    /// Submissions whose verdict is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) solution: Vec<SolutionTable>,
    /// The cases; those of a folder are in its cases.jsonl instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<CaseRow>", length(min = 1))]
    pub(super) cases: Option<Vec<CaseRow>>,
}

/// A submission whose verdict is known.
#[derive(DeserializeField, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table with file and verdict")]
pub(super) struct SolutionTable {
    /// The file it is in, from where the suite's own file is; one that ends in .mjs is an ES module.
    pub(super) file: String,
    pub(super) verdict: VerdictField,
    /// Whether the value of its last expression is the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) completion: bool,
}

/// The code of a verdict: AC, WA, TLE, MLE, OLE, RE, CE, IE or SK.
#[derive(Clone, DeserializeField, Serialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("enum" = ["AC", "WA", "TLE", "MLE", "OLE", "RE", "CE", "IE", "SK"]))]
pub(super) struct VerdictField(pub(super) Verdict);

impl TryFrom<String> for VerdictField {
    type Error = String;

    fn try_from(code: String) -> Result<VerdictField, String> {
        code.parse().map(VerdictField)
    }
}

impl From<VerdictField> for String {
    fn from(VerdictField(verdict): VerdictField) -> String {
        verdict.code().to_owned()
    }
}

/// A word, or a table that says more.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum WordOr<W, T> {
    Word(W),
    Table(T),
}

// Not derived: of an untagged enum serde says only that none of its variants fits, and not where.
impl<'de, W: DeserializeOwned, T: DeserializeOwned> Deserialize<'de> for WordOr<W, T> {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<WordOr<W, T>, D::Error> {
        struct Reader<W, T>(PhantomData<(W, T)>);

        impl<'de, W: DeserializeOwned, T: DeserializeOwned> Visitor<'de> for Reader<W, T> {
            type Value = WordOr<W, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a table")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<WordOr<W, T>, E> {
                W::deserialize(StrDeserializer::new(word)).map(WordOr::Word)
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<WordOr<W, T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(table)).map(WordOr::Table)
            }
        }

        field.deserialize_any(Reader(PhantomData))
    }
}

/// Reads a field that is there, so that `null` is a value and not a field that is missing.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}
