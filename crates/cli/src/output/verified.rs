//! What `deem verify` found, for people.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};

use super::human::text::in_line;
use crate::commands::Verified;

/// A table of the solutions that got another verdict than they are marked with, and how many there are of all `total`.
pub(crate) fn table(verified: &[Verified], total: usize) -> String {
    let differ: Vec<&Verified> = verified.iter().filter(|one| one.found != one.marked).collect();
    let mut text = String::new();
    if !differ.is_empty() {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["solution", "marked", "got", "why"]);
        for one in &differ {
            let why = if one.why.is_empty() { "no case finds it out".to_owned() } else { in_line(&one.why) };
            table.add_row([in_line(&one.name), one.marked.to_string(), one.found.to_string(), why]);
        }
        text += &format!("{table}\n");
    }
    let solutions = |count: usize| if count == 1 { "1 solution".to_owned() } else { format!("{count} solutions") };
    text += &match differ.len() {
        0 => format!("{}: all verdicts are as marked", solutions(verified.len())),
        1 => format!("{}: 1 has another verdict than it is marked with", solutions(verified.len())),
        count => format!("{}: {count} have another verdict than they are marked with", solutions(verified.len())),
    };
    if verified.len() < total {
        text += &format!("; {} not verified", total - verified.len());
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use deem_core::Verdict;

    use super::*;

    #[test]
    fn a_solution_with_another_verdict_is_in_the_table_and_one_without_is_not() {
        let one = |name: &str, marked, found, why: &str| Verified { name: name.into(), marked, found, why: why.into() };
        let right = one("sum/right", Verdict::Accepted, Verdict::Accepted, "");
        assert_eq!(table(&[right], 1), "1 solution: all verdicts are as marked\n");
        let found = [
            one("sum/right", Verdict::Accepted, Verdict::RuntimeError, "case 2: RE threw \u{1b}[31m"),
            one("sum/wrong", Verdict::WrongAnswer, Verdict::Accepted, ""),
            one("sum/slow", Verdict::TimeLimitExceeded, Verdict::TimeLimitExceeded, "case 1: TLE"),
        ];
        insta::assert_snapshot!(table(&found, 4), @r#"
            ┌───────────┬────────┬─────┬─────────────────────────────┐
            │ solution  ┆ marked ┆ got ┆ why                         │
            ╞═══════════╪════════╪═════╪═════════════════════════════╡
            │ sum/right ┆ AC     ┆ RE  ┆ case 2: RE threw \u{1b}[31m │
            │ sum/wrong ┆ WA     ┆ AC  ┆ no case finds it out        │
            └───────────┴────────┴─────┴─────────────────────────────┘
            3 solutions: 2 have another verdict than they are marked with; 1 not verified
            "#);
    }
}
