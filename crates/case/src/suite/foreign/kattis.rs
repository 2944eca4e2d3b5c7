//! Problem packages of Kattis and the ICPC.

mod flags;

use std::path::{Path, PathBuf};

use flags::Flags;
use serde::Deserialize;
use serde_norway::Value as Yaml;

use super::pairs::{self, file_name, list};
use super::{Draft, Source, SuiteError, limits, read};
use crate::{Case, Entry, Limits, Verdict};

// Packages say more than is needed here: unknown fields are passed over.
#[derive(Default, Deserialize)]
#[serde(default, expecting = "a problem: a mapping with a name")]
struct Problem {
    #[serde(rename = "type")]
    kind: Option<Yaml>,
    validation: Option<String>,
    validator_flags: Option<String>,
    limits: Option<LimitsTable>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LimitsTable {
    /// Seconds.
    time_limit: Option<f64>,
    /// Mebibytes.
    memory: Option<f64>,
}

pub(super) fn load(package: &Path, name: String) -> Result<Draft, SuiteError> {
    let file = package.join("problem.yaml");
    let problem: Problem = yaml(&file)?;
    let mut kinds: Vec<&str> = match &problem.kind {
        Some(Yaml::Sequence(kinds)) => kinds.iter().filter_map(Yaml::as_str).collect(),
        Some(Yaml::String(kinds)) => kinds.split_whitespace().collect(),
        _ => Vec::new(),
    };
    // Before 2023 it was the validation that was interactive, or gave a score.
    let mut validation = problem.validation.as_deref().unwrap_or_default().split_whitespace();
    let own_validator = match validation.next() {
        Some(word) => word == "custom",
        None => ["output_validator", "output_validators"].iter().any(|folder| package.join(folder).exists()),
    };
    kinds.extend(validation.map(|word| if word == "score" { "scoring" } else { word }));
    let mut notes = Vec::new();
    for kind in kinds {
        match kind {
            "pass-fail" => {}
            "scoring" => notes.push("points are not carried: every case counts alike".to_owned()),
            other => {
                let what = format!("{other} problems cannot be judged: only pass-fail and scoring ones");
                return Err(SuiteError::new(&file, None, what));
            }
        }
    }
    let flags = if own_validator {
        notes.push(
            "the package's output validator is not run: what a program writes is compared with the answer".into(),
        );
        Flags::default() // those that there are, are for that validator
    } else {
        Flags::of(package, problem.validator_flags.as_deref())?
    };
    let (checker, note) = flags.checker();
    notes.extend(note);

    let mut cases = Vec::new();
    let data = package.join("data");
    for group in ["sample", "secret"] {
        if data.join(group).is_dir() {
            collect(&data, &data.join(group), &mut cases)?;
        }
    }
    if cases.is_empty() {
        let what = "no cases: each is an .in file with an .ans file in data/sample or data/secret, at any depth";
        return Err(SuiteError::new(&data, None, what));
    }
    Ok(Draft {
        checker,
        limits: package_limits(package, &file, &problem.limits.unwrap_or_default())?,
        solutions: solutions(&package.join("submissions"), &mut notes)?,
        notes,
        ..Draft::new(name, Entry::Program, cases)
    })
}

fn yaml<T: for<'de> Deserialize<'de>>(file: &Path) -> Result<T, SuiteError> {
    let text = read(file)?;
    serde_norway::from_str(&text).map_err(|error| {
        let line = error.location().map(|place| place.line());
        let place = error.location().map(|place| format!(" at line {} column {}", place.line(), place.column()));
        SuiteError::new(file, line, error.to_string().replace(&place.unwrap_or_default(), ""))
    })
}

fn collect(data: &Path, folder: &Path, cases: &mut Vec<Case>) -> Result<(), SuiteError> {
    for input in pairs::inputs(folder)? {
        cases.push(pairs::case(data, &input, &["ans"])?);
    }
    for inside in list(folder)?.iter().filter(|path| path.is_dir()) {
        collect(data, inside, cases)?;
    }
    Ok(())
}

/// The time is in the problem.yaml only since 2023; before that it was left to the judges, who keep it in files.
fn package_limits(package: &Path, file: &Path, table: &LimitsTable) -> Result<Limits, SuiteError> {
    let (file, seconds) = match table.time_limit {
        Some(seconds) => (file.to_owned(), Some(seconds)),
        None => judges_time(package)?.map_or((file.to_owned(), None), |(file, seconds)| (file, Some(seconds))),
    };
    limits(seconds, None, table.memory.map(|mebibytes| mebibytes * (1 << 20) as f64))
        .map_err(|what| SuiteError::new(&file, None, format!("limits: {what}")))
}

fn judges_time(package: &Path) -> Result<Option<(PathBuf, f64)>, SuiteError> {
    let (kattis, domjudge) = (package.join(".timelimit"), package.join("domjudge-problem.ini"));
    let (file, text) = if kattis.is_file() {
        let text = read(&kattis)?;
        (kattis, Some(text))
    } else if domjudge.is_file() {
        let text = read(&domjudge)?;
        let lines = text.lines().filter_map(|line| line.split_once('='));
        let mut values = lines.filter(|(key, _)| key.trim() == "timelimit").map(|(_, value)| value.to_owned());
        (domjudge, values.next())
    } else {
        return Ok(None);
    };
    let Some(text) = text else { return Ok(None) };
    let seconds = text.trim().trim_matches(['\'', '"']);
    match seconds.parse() {
        Ok(seconds) => Ok(Some((file, seconds))),
        Err(_) => {
            let what = format!("the time limit is {seconds:?}: expected a number of seconds");
            Err(SuiteError::new(&file, None, what))
        }
    }
}

fn solutions(submissions: &Path, notes: &mut Vec<String>) -> Result<Vec<Source>, SuiteError> {
    let mut solutions = Vec::new();
    let mut others = 0;
    if !submissions.is_dir() {
        return Ok(solutions);
    }
    for folder in list(submissions)?.into_iter().filter(|path| path.is_dir()) {
        let verdict = match file_name(&folder).as_str() {
            "accepted" => Verdict::Accepted,
            "wrong_answer" => Verdict::WrongAnswer,
            "time_limit_exceeded" => Verdict::TimeLimitExceeded,
            "memory_limit_exceeded" => Verdict::MemoryLimitExceeded,
            "run_time_error" => Verdict::RuntimeError,
            other => {
                notes.push(format!("submissions/{other} is left out: it stands for no verdict that is known here"));
                continue;
            }
        };
        for file in list(&folder)? {
            if file.is_file() && file.extension().is_some_and(|ending| ending == "js") {
                let name =
                    file.strip_prefix(submissions).unwrap_or(&file).with_extension("").to_string_lossy().into_owned();
                solutions.push(Source { name, source: read(&file)?, verdict });
            } else {
                others += 1;
            }
        }
    }
    if others > 0 {
        notes.push(format!("submissions: {others} are left out: they are not .js files"));
    }
    Ok(solutions)
}
