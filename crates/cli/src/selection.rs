//! Which cases are run.

use std::iter::{Enumerate, Peekable};
use std::sync::Arc;
use std::vec;

use anyhow::{Context as _, Result, bail};
use deem_core::{Case, SuiteError};
use globset::{Glob, GlobMatcher};

use crate::suites::Cases;

/// Cases, each with its number in the suite, from 1.
pub(crate) type Numbered<'a> = Box<dyn Iterator<Item = Result<(usize, Arc<Case>), SuiteError>> + 'a>;

/// All of the cases.
pub(crate) fn all(cases: Cases<'_>) -> Numbered<'_> {
    Box::new(cases.enumerate().map(|(index, case)| Ok((index + 1, case?))))
}

/// Those of the cases that have these numbers, which are in order.
pub(crate) fn only(cases: Cases<'_>, numbers: Vec<usize>) -> Numbered<'_> {
    Box::new(Only { cases: cases.enumerate(), numbers: numbers.into_iter().peekable() })
}

struct Only<'a> {
    cases: Enumerate<Cases<'a>>,
    numbers: Peekable<vec::IntoIter<usize>>,
}

impl Iterator for Only<'_> {
    type Item = Result<(usize, Arc<Case>), SuiteError>;

    fn next(&mut self) -> Option<Self::Item> {
        let wanted = *self.numbers.peek()?;
        loop {
            let (index, case) = self.cases.next()?;
            if case.is_err() || index + 1 == wanted {
                self.numbers.next();
                return Some(case.map(|case| (wanted, case)));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.numbers.len()))
    }
}

/// The numbers, in order, of the cases that one of `wanted` names.
///
/// What is no id is a number, and what is no number is a pattern.
///
/// # Errors
/// If one of them names none, or a case is broken.
pub(crate) fn select(cases: Cases<'_>, wanted: &[String]) -> Result<Vec<usize>> {
    let mut named = wanted.iter().map(|what| Named::new(what)).collect::<Vec<_>>();
    let (mut count, mut first) = (0, Vec::new());
    for case in cases {
        let case = case?;
        count += 1;
        for named in &mut named {
            named.look(count, &case);
        }
        if first.len() < SHOWN {
            first.push(format!("{:?}", case.id));
        }
    }
    let mut numbers = Vec::new();
    for named in named {
        let what = named.what;
        let found = named.numbers(count).with_context(|| format!("--case {what}"))?;
        if found.is_empty() {
            let rest = if count > SHOWN { ", .." } else { "" };
            bail!("--case {what}: no such case: there are {count} ({}{rest})", first.join(", "));
        }
        numbers.extend(found);
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// How many ids are told where one is wrong.
const SHOWN: usize = 3;

/// What somebody wants, and what it names: which of the three it is shows when all ids are known.
struct Named<'a> {
    what: &'a str,
    by_id: Option<usize>,
    pattern: Result<GlobMatcher, globset::Error>,
    by_pattern: Vec<usize>,
}

impl Named<'_> {
    fn new(what: &str) -> Named<'_> {
        let pattern = Glob::new(what).map(|glob| glob.compile_matcher());
        Named { what, by_id: None, pattern, by_pattern: Vec::new() }
    }

    fn look(&mut self, number: usize, case: &Case) {
        if case.id == self.what {
            self.by_id = Some(number);
        }
        if self.pattern.as_ref().is_ok_and(|pattern| pattern.is_match(&case.id)) {
            self.by_pattern.push(number);
        }
    }

    /// The numbers of the cases, of which there are so many.
    fn numbers(self, count: usize) -> Result<Vec<usize>, globset::Error> {
        let by_number = || self.what.parse().ok().filter(|number| (1..=count).contains(number));
        match self.by_id.or_else(by_number) {
            Some(number) => Ok(vec![number]),
            None => self.pattern.map(|_| self.by_pattern),
        }
    }
}

#[cfg(test)]
mod tests {
    use deem_core::Value;

    use super::*;

    fn numbers(ids: &[&str], wanted: &[&str]) -> Result<Vec<usize>, String> {
        let case = |id: &&str| Arc::new(Case { id: (*id).into(), args: vec![], expected: Value::Null.into() });
        let cases = || Box::new(ids.iter().map(case).map(Ok));
        let wanted: Vec<String> = wanted.iter().map(|&what| what.to_owned()).collect();
        let selected = select(cases(), &wanted).map_err(|error| format!("{error:#}"))?;
        let found: Vec<usize> = only(cases(), selected.clone()).flatten().map(|(number, _)| number).collect();
        assert_eq!(found, selected, "those that were selected are those that come");
        Ok(selected)
    }

    #[test]
    fn an_id_comes_before_a_number_and_a_number_before_a_pattern() {
        let ids = ["3", "big-1", "big-2", "small"];
        assert_eq!(numbers(&ids, &[]), Ok(vec![]));
        assert_eq!(numbers(&ids, &["3"]), Ok(vec![1]));
        assert_eq!(numbers(&ids, &["4", "2"]), Ok(vec![2, 4]));
        assert_eq!(numbers(&ids, &["big-*", "small"]), Ok(vec![2, 3, 4]));
    }

    #[test]
    fn what_names_no_case_is_an_error_that_says_what_there_is() {
        let known = "no such case: there are 4 (\"a\", \"b\", \"c\", ..)";
        for wanted in ["0", "5", "x*", ""] {
            assert_eq!(numbers(&["a", "b", "c", "d"], &[wanted]), Err(format!("--case {wanted}: {known}")));
        }
        assert!(numbers(&["a"], &["["]).unwrap_err().starts_with("--case [: "));
    }
}
