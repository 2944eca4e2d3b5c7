use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Files, LimitsField, WordOr};
use crate::{Checker, CustomChecker, Entry, Equality, Limits, Order, PathPattern, Submission, TextChecker, Tolerance};

/// How answers are compared: the name of a checker, or a table with its kind and what there is to say of it.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "WordOr<Kind, CheckerTable>", into = "WordOr<Kind, CheckerTable>")]
pub(in crate::suite) struct CheckerField(CheckerTable);

#[derive(Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CheckerTable {
    kind: Kind,
    /// How deep the order of arrays does not matter, in arrays inside one another: 1 is the outermost alone. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    depth: Option<usize>,
    /// The largest absolute error. Default: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    absolute: Option<ErrorField>,
    /// The largest error relative to the expected number. Default: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    relative: Option<ErrorField>,
    /// Where numbers may be off, such as `result[*].score`. Default: everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<String>>")]
    at: Option<Vec<PathPattern>>,
    /// Whether -0 differs from 0. Default: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_zero: Option<bool>,
    /// Whether NaN equals NaN. Default: true.
    #[serde(skip_serializing_if = "Option::is_none")]
    equal_nan: Option<bool>,
    /// Whether upper and lower case are the same. Default: false.
    #[serde(skip_serializing_if = "Option::is_none")]
    ignore_case: Option<bool>,
    /// The file with the checker's function, `check`; one that ends in .mjs is an ES module.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// What the checker's program may use for one answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<LimitsField>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "CheckerKind")]
enum Kind {
    #[default]
    Exact,
    Float,
    Unordered,
    Set,
    Tokens,
    Lines,
    Identical,
    Custom,
}

/// How far off a number may be.
#[derive(Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "f64", into = "f64")]
#[schemars(extend("minimum" = 0))]
pub(in crate::suite) struct ErrorField(pub(in crate::suite) f64);

impl TryFrom<f64> for ErrorField {
    type Error = String;

    fn try_from(error: f64) -> Result<ErrorField, String> {
        if error >= 0.0 && error.is_finite() {
            return Ok(ErrorField(error));
        }
        Err(format!("{error} is not a finite number from 0 up"))
    }
}

impl From<ErrorField> for f64 {
    fn from(ErrorField(error): ErrorField) -> f64 {
        error
    }
}

impl Kind {
    /// The fields that a checker of this kind has.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Kind::Exact => &["signed-zero", "equal-nan"],
            Kind::Float => &["absolute", "relative", "at", "signed-zero", "equal-nan"],
            Kind::Unordered | Kind::Set => &["depth", "absolute", "relative", "at", "signed-zero", "equal-nan"],
            Kind::Tokens => &["absolute", "relative", "ignore-case"],
            Kind::Lines | Kind::Identical => &[],
            Kind::Custom => &["file", "limits"],
        }
    }
}

impl CheckerTable {
    /// Whether the fields are those of the kind.
    fn check(&self) -> Result<(), String> {
        let kind = format!("{:?}", self.kind).to_lowercase();
        let given = [
            ("depth", self.depth.is_some()),
            ("absolute", self.absolute.is_some()),
            ("relative", self.relative.is_some()),
            ("at", self.at.is_some()),
            ("signed-zero", self.signed_zero.is_some()),
            ("equal-nan", self.equal_nan.is_some()),
            ("ignore-case", self.ignore_case.is_some()),
            ("file", self.file.is_some()),
            ("limits", self.limits.is_some()),
        ];
        let fields = self.kind.fields();
        if let Some((field, _)) = given.iter().find(|(field, is_given)| *is_given && !fields.contains(field)) {
            let has = if fields.is_empty() { "has no fields".to_owned() } else { format!("has {}", fields.join(", ")) };
            return Err(format!("{field}: the checker {kind:?} has no such field: it {has}"));
        }
        if self.depth == Some(0) {
            return Err("depth: 0 is below the smallest depth, 1: the outermost array".to_owned());
        }
        let needs_error = self.kind == Kind::Float || self.at.is_some();
        if needs_error && self.absolute.is_none() && self.relative.is_none() {
            return Err(format!("missing field `absolute` or `relative`: how far off numbers may be for {kind:?}"));
        }
        if self.kind == Kind::Custom && self.file.is_none() {
            return Err("missing field `file`: the checker \"custom\" is a program in a file".to_owned());
        }
        Ok(())
    }
}

impl TryFrom<WordOr<Kind, CheckerTable>> for CheckerField {
    type Error = String;

    fn try_from(field: WordOr<Kind, CheckerTable>) -> Result<CheckerField, String> {
        let table = match field {
            WordOr::Word(kind) => CheckerTable { kind, ..CheckerTable::default() },
            WordOr::Table(table) => table,
        };
        table.check().map(|()| CheckerField(table))
    }
}

impl From<CheckerField> for WordOr<Kind, CheckerTable> {
    fn from(CheckerField(table): CheckerField) -> WordOr<Kind, CheckerTable> {
        WordOr::Table(table)
    }
}

impl CheckerField {
    /// Whether the checker is a program in a file.
    pub(in crate::suite) fn has_file(&self) -> bool {
        self.0.file.is_some()
    }

    /// The checker; its program, if it is one, is in one of the files.
    pub(in crate::suite) fn checker(self, files: Files<'_>) -> Result<Checker, String> {
        let CheckerField(table) = self;
        let error = |field: Option<ErrorField>| field.map_or(0.0, f64::from);
        let tolerance = Tolerance { absolute: error(table.absolute), relative: error(table.relative) };
        let values = |order| {
            Checker::Values(Equality {
                signed_zero: table.signed_zero.unwrap_or(false),
                unequal_nan: !table.equal_nan.unwrap_or(true),
                tolerance,
                tolerant_at: table.at.clone().unwrap_or_default(),
                order,
            })
        };
        let depth = table.depth.unwrap_or(1);
        Ok(match table.kind {
            Kind::Exact | Kind::Float => values(Order::Given),
            Kind::Unordered => values(Order::Any { depth }),
            Kind::Set => values(Order::Set { depth }),
            Kind::Tokens => {
                Checker::Text(TextChecker::Tokens { tolerance, ignore_case: table.ignore_case.unwrap_or(false) })
            }
            Kind::Lines => Checker::Text(TextChecker::Lines),
            Kind::Identical => Checker::Text(TextChecker::Identical),
            Kind::Custom => {
                let name = table.file.unwrap_or_default();
                let source = files(&name).map_err(|error| format!("{name} cannot be read: {error}"))?;
                let limits = table.limits.map_or_else(Limits::default, |LimitsField(limits)| limits);
                let submission = Submission::new(source, entry(&name));
                Checker::Custom(Box::new(CustomChecker { name, submission, rules: limits.into() }))
            }
        })
    }

    /// The field that says this.
    pub(in crate::suite) fn of(checker: &Checker) -> CheckerField {
        let error = |error: f64| (error != 0.0).then_some(ErrorField(error));
        CheckerField(match checker {
            Checker::Values(equality) => {
                let Equality { signed_zero, unequal_nan, tolerance, tolerant_at, order } = equality;
                let is_float = *tolerance != Tolerance::NONE || !tolerant_at.is_empty();
                let (kind, depth) = match *order {
                    Order::Given if is_float => (Kind::Float, None),
                    Order::Given => (Kind::Exact, None),
                    Order::Any { depth } => (Kind::Unordered, Some(depth)),
                    Order::Set { depth } => (Kind::Set, Some(depth)),
                };
                CheckerTable {
                    kind,
                    depth,
                    absolute: is_float.then_some(ErrorField(tolerance.absolute)),
                    relative: error(tolerance.relative),
                    at: (!tolerant_at.is_empty()).then(|| tolerant_at.clone()),
                    signed_zero: signed_zero.then_some(true),
                    equal_nan: unequal_nan.then_some(false),
                    ..CheckerTable::default()
                }
            }
            Checker::Text(TextChecker::Tokens { tolerance, ignore_case }) => CheckerTable {
                kind: Kind::Tokens,
                absolute: error(tolerance.absolute),
                relative: error(tolerance.relative),
                ignore_case: ignore_case.then_some(true),
                ..CheckerTable::default()
            },
            Checker::Text(TextChecker::Lines) => CheckerTable { kind: Kind::Lines, ..CheckerTable::default() },
            Checker::Text(TextChecker::Identical) => CheckerTable { kind: Kind::Identical, ..CheckerTable::default() },
            Checker::Custom(custom) => CheckerTable {
                kind: Kind::Custom,
                file: Some(custom.name.clone()),
                limits: Some(LimitsField(custom.rules.limits)),
                ..CheckerTable::default()
            },
        })
    }
}

/// What is called in a checker's program.
fn entry(file: &str) -> Entry {
    let entry = if file.ends_with(".mjs") { Entry::export("check") } else { Entry::function("check") };
    entry.expect("`check` is an identifier")
}
