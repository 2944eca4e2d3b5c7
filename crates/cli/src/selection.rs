//! Which cases are run.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use deem_core::Case;
use globset::Glob;

/// The cases that one of `wanted` names, each with its number in the suite, from 1; all, if nothing is wanted.
///
/// What is no id is a number, and what is no number is a pattern.
///
/// # Errors
/// If one of them names none.
pub(crate) fn select(cases: &[Arc<Case>], wanted: &[String]) -> Result<Vec<(usize, Arc<Case>)>> {
    let mut is_wanted = vec![wanted.is_empty(); cases.len()];
    for what in wanted {
        let by_id = cases.iter().position(|case| case.id == *what);
        let by_number =
            || what.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|index| *index < cases.len());
        if let Some(index) = by_id.or_else(by_number) {
            is_wanted[index] = true;
            continue;
        }
        let glob = Glob::new(what).with_context(|| format!("--case {what}"))?.compile_matcher();
        let mut is_any = false;
        for (wanted, case) in is_wanted.iter_mut().zip(cases) {
            if glob.is_match(&case.id) {
                (*wanted, is_any) = (true, true);
            }
        }
        if !is_any {
            bail!("--case {what}: no such case: there are {}", known(cases));
        }
    }
    let numbered = cases.iter().enumerate().zip(is_wanted);
    Ok(numbered.filter(|(_, wanted)| *wanted).map(|((index, case), _)| (index + 1, case.clone())).collect())
}

fn known(cases: &[Arc<Case>]) -> String {
    const SHOWN: usize = 3;
    let first: Vec<String> = cases.iter().take(SHOWN).map(|case| format!("{:?}", case.id)).collect();
    let rest = if cases.len() > SHOWN { ", .." } else { "" };
    format!("{} ({}{rest})", cases.len(), first.join(", "))
}

#[cfg(test)]
mod tests {
    use deem_core::Value;

    use super::*;

    fn numbers(ids: &[&str], wanted: &[&str]) -> Result<Vec<usize>, String> {
        let case = |id: &&str| Arc::new(Case { id: (*id).into(), args: vec![], expected: Value::Null.into() });
        let cases: Vec<_> = ids.iter().map(case).collect();
        let wanted: Vec<String> = wanted.iter().map(|&what| what.to_owned()).collect();
        let selected = select(&cases, &wanted).map_err(|error| format!("{error:#}"))?;
        Ok(selected.into_iter().map(|(number, _)| number).collect())
    }

    #[test]
    fn an_id_comes_before_a_number_and_a_number_before_a_pattern() {
        let ids = ["3", "big-1", "big-2", "small"];
        assert_eq!(numbers(&ids, &[]), Ok(vec![1, 2, 3, 4]));
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
