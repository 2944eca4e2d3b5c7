//! Which formats there are, and how each is recognised.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::super::unknown;
use super::{SuiteError, names, pairs, read};

/// A format of suites that is not deem's own, and that [`import`](crate::suite::import) reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `kattis`: a problem package of Kattis or the ICPC, legacy or 2025-09. A folder with a `problem.yaml`; the cases are
    /// `data/**/*.in` with an `.ans` each, the solutions the `.js` files in `submissions`.
    Kattis,
    /// `oj`: what online-judge-tools downloads. A folder whose folder `test` has pairs `sample-1.in` and `sample-1.out`; an
    /// input without its output is left out.
    Oj,
    /// `in-out`: a folder with pairs `1.in` and `1.out`, or `1.in` and `1.ans`.
    InOut,
    /// `leetcode`: a question of LeetCode, as its interface describes it: an object with `metaData`, `exampleTestcases` (or
    /// `exampleTestcaseList`) and, which LeetCode does not say, `expectedOutputs`: a list of strings, for each example the JSON
    /// of its answer. A `double` may be 10^-5 off. An array of such, or one a line in a `.jsonl`, is as many suites.
    LeetCode,
    /// `exercism`: the `canonical-data.json` of Exercism's problem specifications: an object with `exercise` and `cases`. Each
    /// property is a suite, and the function of its name is called with the values of `input` in their order.
    Exercism,
    /// `humaneval`: rows of HumanEval (`task_id`, `prompt`, `test`, `entry_point`) or MultiPL-E (`name`, `prompt`, `tests`), one a
    /// line in a `.jsonl`, with tests in JavaScript. Each `assert.deepEqual` (or the like) of a call and a literal is a case; as
    /// everywhere, `1` is not `"1"` here. The solution is `prompt` with `canonical_solution`, where there is one.
    HumanEval,
    /// `judge0`: a batch of Judge0: an object with `submissions`, without base64. Those of one `source_code` and the same limits are
    /// the cases of one suite, whose solution is that source: right, unless there is a `status` that says otherwise.
    Judge0,
    /// `commonoj`: rows of SandboxFusion's CommonOJ: `id`, and `test` with an `input.stdin` and an `output.stdout` for each case.
    CommonOj,
    /// `apps`: rows of APPS and TACO, whose `input_output` is an object, or JSON of one in a string: `inputs` and `outputs` of a
    /// program, or of the function `fn_name`.
    Apps,
    /// `livecodebench`: rows of LiveCodeBench: `question_id`, `public_test_cases` and, once they are JSON, `private_test_cases`.
    LiveCodeBench,
}

impl Format {
    /// Every format, in the order in which they are looked for.
    pub const ALL: [Format; 10] = [
        Format::Kattis,
        Format::Oj,
        Format::InOut,
        Format::LeetCode,
        Format::Exercism,
        Format::HumanEval,
        Format::Judge0,
        Format::CommonOj,
        Format::Apps,
        Format::LiveCodeBench,
    ];

    /// The name of the format, and what it is recognised by.
    pub(super) fn description(self) -> (&'static str, &'static str) {
        match self {
            Format::Kattis => ("kattis", "a folder with a problem.yaml"),
            Format::Oj => ("oj", "a folder whose folder test has pairs of .in and .out"),
            Format::InOut => ("in-out", "a folder with pairs of .in and .out, or of .in and .ans"),
            Format::LeetCode => ("leetcode", "JSON with metaData"),
            Format::Exercism => ("exercism", "JSON with exercise and cases"),
            Format::HumanEval => ("humaneval", "JSON with prompt and test or tests"),
            Format::Judge0 => ("judge0", "JSON with submissions"),
            Format::CommonOj => ("commonoj", "JSON with id and test"),
            Format::Apps => ("apps", "JSON with input_output"),
            Format::LiveCodeBench => ("livecodebench", "JSON with question_id and public_test_cases"),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.description().0)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Format, String> {
        Format::ALL.into_iter().find(|format| format.description().0 == name).ok_or_else(|| {
            let names = Format::ALL.map(|format| format.description().0);
            format!("unknown format {name:?}: one of {}", names.join(", "))
        })
    }
}

/// The format that a folder is in, by what is in it.
pub(in crate::suite) fn of_folder(folder: &Path) -> Option<Format> {
    if folder.join("problem.yaml").is_file() {
        Some(Format::Kattis)
    } else if pairs::any(&folder.join("test")) {
        Some(Format::Oj)
    } else if pairs::any(folder) {
        Some(Format::InOut)
    } else {
        None
    }
}

/// The format that a file is in, by the names in its first record; `None` for what may be deem's own.
///
/// # Errors
/// If it cannot be read, or has names and none of deem's own.
pub(in crate::suite) fn of_file(file: &Path) -> Result<Option<Format>, SuiteError> {
    let names = names::names(file, &read(file)?);
    let has = |all: &[&str]| all.iter().all(|name| names.contains(*name));
    Ok(if has(&["entry", "cases"]) {
        None // deem's own lists may carry whatever else their writers like
    } else if has(&["metaData"]) || has(&["data.question"]) {
        Some(Format::LeetCode)
    } else if has(&["exercise", "cases"]) {
        Some(Format::Exercism)
    } else if has(&["prompt", "test"]) || has(&["prompt", "tests"]) {
        Some(Format::HumanEval)
    } else if has(&["submissions"]) {
        Some(Format::Judge0)
    } else if has(&["question_id", "public_test_cases"]) {
        Some(Format::LiveCodeBench)
    } else if has(&["input_output"]) {
        Some(Format::Apps)
    } else if has(&["id", "test"]) {
        Some(Format::CommonOj)
    } else if names.is_empty() || ["entry", "source", "cases"].iter().any(|own| names.contains(*own)) {
        None
    } else {
        return Err(unknown(file));
    })
}

/// What a path that is in no known format could have been.
pub(in crate::suite) fn known() -> String {
    let formats = Format::ALL.map(Format::description);
    let formats: Vec<_> = formats.iter().map(|(name, recognised)| format!("{name} ({recognised})")).collect();
    format!("formats of others that are read:\n  {}", formats.join("\n  "))
}
