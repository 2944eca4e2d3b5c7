//! What a package says of how its default validator compares.

use std::path::Path;

use serde::Deserialize;
use serde_norway::Value as Yaml;

use super::{SuiteError, yaml};
use crate::{Checker, TextChecker, Tolerance};

/// The flags of the default validator, which compares token by token. By default case does not matter, white space neither, and
/// numbers are texts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Flags {
    case_sensitive: bool,
    space_change_sensitive: bool,
    absolute: Option<f64>,
    relative: Option<f64>,
}

impl Flags {
    /// The checker that compares so; with what it does not do of this, for a person.
    pub(super) fn checker(&self) -> (Checker, Option<String>) {
        let tolerance =
            Tolerance { absolute: self.absolute.unwrap_or_default(), relative: self.relative.unwrap_or_default() };
        let tolerant = tolerance != Tolerance::NONE;
        let text = if self.space_change_sensitive && self.case_sensitive && !tolerant {
            TextChecker::Identical
        } else {
            TextChecker::Tokens { tolerance, ignore_case: !self.case_sensitive }
        };
        let lost = self.space_change_sensitive && text != TextChecker::Identical;
        let note = "space_change_sensitive is not carried: beside the other flags, white space does not matter";
        (Checker::Text(text), lost.then(|| note.to_owned()))
    }

    /// What the package's files say, the innermost last.
    pub(super) fn of(package: &Path, problem: Option<&str>) -> Result<Flags, SuiteError> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Group {
            output_validator_flags: Option<String>,
            output_validator_args: Option<Yaml>,
        }

        let mut said = Vec::new();
        said.extend(problem.map(|flags| (package.join("problem.yaml"), "validator_flags", flags.to_owned())));
        for name in ["testdata.yaml", "test_group.yaml"] {
            for file in [package.join("data").join(name), package.join("data/secret").join(name)] {
                if !file.is_file() {
                    continue;
                }
                let Group { output_validator_flags, output_validator_args } = yaml(&file)?;
                said.extend(output_validator_flags.map(|flags| (file.clone(), "output_validator_flags", flags)));
                let args = match output_validator_args {
                    Some(Yaml::Sequence(words)) => Some(words.iter().map(word).collect::<Vec<_>>().join(" ")),
                    Some(args) => Some(word(&args)),
                    None => None,
                };
                said.extend(args.map(|flags| (file.clone(), "output_validator_args", flags)));
            }
        }
        let Some((file, field, text)) = said.pop() else { return Ok(Flags::default()) };
        Flags::parse(&text).map_err(|what| SuiteError::new(&file, None, format!("{field}: {what}")))
    }

    fn parse(text: &str) -> Result<Flags, String> {
        let mut flags = Flags::default();
        let mut words = text.split_whitespace();
        while let Some(flag) = words.next() {
            let mut tolerance = || match words.next().map(|word| (word, word.parse::<f64>())) {
                Some((_, Ok(tolerance))) if tolerance >= 0.0 && tolerance.is_finite() => Ok(Some(tolerance)),
                Some((word, _)) => Err(format!("{flag}: {word:?} is not a finite number from 0 up")),
                None => Err(format!("{flag}: a number comes after it")),
            };
            match flag {
                "case_sensitive" => flags.case_sensitive = true,
                "space_change_sensitive" => flags.space_change_sensitive = true,
                "float_tolerance" => {
                    flags.absolute = tolerance()?;
                    flags.relative = flags.absolute;
                }
                "float_absolute_tolerance" => flags.absolute = tolerance()?,
                "float_relative_tolerance" => flags.relative = tolerance()?,
                _ => {
                    let known = "case_sensitive, space_change_sensitive, float_tolerance, float_absolute_tolerance, float_relative_tolerance";
                    return Err(format!("unknown flag {flag:?}: one of {known}"));
                }
            }
        }
        Ok(flags)
    }
}

/// A word of a list of arguments: YAML takes some of them for numbers.
fn word(word: &Yaml) -> String {
    match word {
        Yaml::String(word) => word.clone(),
        other => serde_norway::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Flags;

    #[test]
    fn flags_of_the_default_validator() {
        let parse = Flags::parse;
        assert_eq!(parse(" "), Ok(Flags::default()));
        let both = Flags { absolute: Some(1e-6), relative: Some(1e-6), ..Flags::default() };
        assert_eq!(parse("float_tolerance 1e-6"), Ok(both));
        let one = Flags { case_sensitive: true, relative: Some(0.5), ..Flags::default() };
        assert_eq!(parse("float_relative_tolerance 0.5 case_sensitive"), Ok(one));
        let other = Flags { space_change_sensitive: true, absolute: Some(0.0), ..Flags::default() };
        assert_eq!(parse("space_change_sensitive float_absolute_tolerance 0"), Ok(other));

        let broken = |text: &str, what: &str| assert_eq!(parse(text), Err(what.to_owned()));
        broken("float_tolerance", "float_tolerance: a number comes after it");
        broken("float_tolerance -1", "float_tolerance: \"-1\" is not a finite number from 0 up");
        broken(
            "float_tolerance case_sensitive",
            "float_tolerance: \"case_sensitive\" is not a finite number from 0 up",
        );
        broken(
            "tolerant",
            "unknown flag \"tolerant\": one of case_sensitive, space_change_sensitive, float_tolerance, float_absolute_tolerance, float_relative_tolerance",
        );
    }
}
