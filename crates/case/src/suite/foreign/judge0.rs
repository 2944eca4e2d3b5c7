//! The body of Judge0's `POST /submissions/batch`, and what it answers when it is asked for all fields.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use super::json::{self, Place, number};
use super::{Draft, Source, SuiteError, limits, program_case, read, text_checker};
use crate::{Case, Entry, Limits, Verdict};

/// What JavaScript has been, from one version of Judge0 to the next.
const JAVASCRIPT: [i64; 4] = [63, 93, 97, 102];

#[derive(Deserialize)]
#[serde(expecting = "a batch: an object with submissions")]
struct Batch {
    submissions: Vec<Item>,
}

// Submissions say more than is needed here: unknown fields are passed over.
#[derive(Deserialize)]
#[serde(expecting = "a submission: an object with source_code, language_id, stdin and expected_output")]
struct Item {
    source_code: String,
    language_id: i64,
    stdin: Option<String>,
    expected_output: Option<String>,
    /// Seconds, as is the next.
    #[serde(default, deserialize_with = "number")]
    cpu_time_limit: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    wall_time_limit: Option<f64>,
    /// Kibibytes.
    #[serde(default, deserialize_with = "number")]
    memory_limit: Option<f64>,
    command_line_arguments: Option<Json>,
    additional_files: Option<Json>,
    /// What Judge0 said of it, where it was asked.
    status: Option<Status>,
}

#[derive(Deserialize)]
struct Status {
    id: i64,
}

/// The items of one program under the same limits.
struct Group {
    source: String,
    limits: Limits,
    cases: Vec<Case>,
    verdicts: Vec<Verdict>,
}

pub(super) fn load(file: &Path, name: &str) -> Result<Vec<Draft>, SuiteError> {
    let text = read(file)?;
    let mut groups = Vec::new();
    let mut notes = Vec::new();
    for (place, Batch { submissions }) in json::records::<Batch>(file, &text)? {
        for (index, item) in submissions.into_iter().enumerate() {
            add(item, place, index, &mut groups, &mut notes)?;
        }
    }
    if groups.is_empty() {
        let languages = JAVASCRIPT.map(|id| id.to_string()).join(", ");
        let what =
            format!("submissions: none to judge: each needs an expected_output, and a language_id of {languages}");
        return Err(SuiteError::new(file, None, what));
    }
    let several = groups.len() > 1;
    let drafts = groups.into_iter().enumerate().map(|(index, Group { source, limits, cases, verdicts })| {
        let name = if several { format!("{name}/{}", index + 1) } else { name.to_owned() };
        let solution = Source { name: "source_code".to_owned(), source, verdict: Verdict::overall(verdicts) };
        Draft {
            checker: text_checker(),
            limits,
            solutions: vec![solution],
            notes: std::mem::take(&mut notes), // they are of the whole file, and go with its first suite
            ..Draft::new(name, Entry::Program, cases)
        }
    });
    Ok(drafts.collect())
}

fn add(
    item: Item,
    place: Place<'_>,
    index: usize,
    groups: &mut Vec<Group>,
    notes: &mut Vec<String>,
) -> Result<(), SuiteError> {
    let mut note = |what: &str| notes.push(format!("submissions[{index}]{what}"));
    if !JAVASCRIPT.contains(&item.language_id) {
        note(&format!(" is left out: language_id {} is not JavaScript", item.language_id));
        return Ok(());
    }
    let Some(output) = item.expected_output else {
        note(" is left out: it has no expected_output");
        return Ok(());
    };
    let says = |field: &Option<Json>| field.as_ref().is_some_and(|json| !json.is_null() && json != "");
    if says(&item.command_line_arguments) {
        note(".command_line_arguments are not carried");
    }
    if says(&item.additional_files) {
        note(".additional_files are not carried");
    }
    let limits =
        limits(item.cpu_time_limit, item.wall_time_limit, item.memory_limit.map(|kibibytes| kibibytes * 1024.0))
            .map_err(|what| place.error(format_args!("submissions[{index}]: limits: {what}")))?;
    let case = program_case((index + 1).to_string(), item.stdin.unwrap_or_default(), output);
    let verdict = item.status.map_or(Verdict::Accepted, |status| verdict(status.id));
    match groups.iter_mut().find(|group| group.source == item.source_code && group.limits == limits) {
        Some(group) => {
            group.cases.push(case);
            group.verdicts.push(verdict);
        }
        None => groups.push(Group { source: item.source_code, limits, cases: vec![case], verdicts: vec![verdict] }),
    }
    Ok(())
}

/// The verdict of a status. A submission that Judge0 has not judged is taken for right, as where there is no status at all.
fn verdict(status: i64) -> Verdict {
    match status {
        4 => Verdict::WrongAnswer,
        5 => Verdict::TimeLimitExceeded,
        6 => Verdict::CompileError,
        8 => Verdict::OutputLimitExceeded,
        7 | 9..=12 => Verdict::RuntimeError,
        _ => Verdict::Accepted,
    }
}
