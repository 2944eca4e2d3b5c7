use std::time::Duration;

use super::{drafts, error, folder, ids};
use crate::suite::{self, Format};
use crate::{Bytes, Entry, Limits, Value, Verdict};

pub(super) const BATCH: &str = r#"{"submissions": [
  {"source_code": "echo", "language_id": 63, "stdin": "1", "expected_output": "1\n", "cpu_time_limit": "0.5", "memory_limit": 65536},
  {"source_code": "other", "language_id": 102, "expected_output": "2", "wall_time_limit": 4},
  {"source_code": "echo", "language_id": 93, "stdin": "3", "expected_output": "4", "cpu_time_limit": 0.5, "memory_limit": 65536,
   "status": {"id": 4, "description": "Wrong Answer"}},
  {"source_code": "print(1)", "language_id": 71, "expected_output": "1"},
  {"source_code": "echo", "language_id": 63, "stdin": "1", "expected_output": null}
]}"#;

#[test]
fn submissions_of_one_source_are_one_suite() {
    let folder = folder(&[("batch.json", BATCH)]);
    let drafts = drafts(&folder.path().join("batch.json"), Format::Judge0, "batch".to_owned()).unwrap();
    let [echo, other] = &drafts[..] else { panic!("{} suites", drafts.len()) };
    assert_eq!((echo.name.as_str(), &echo.entry, ids(echo)), ("batch/1", &Entry::Program, vec!["1", "3"]));
    assert_eq!(echo.cases[0].args, [Value::from("1")]);
    assert_eq!(echo.cases[0].expected, Value::from("1\n").into());
    let memory = Bytes::mib(64);
    let time = Limits::time(Duration::from_millis(500));
    assert_eq!(echo.limits, Limits { heap: memory, external: memory, ..time });
    assert_eq!((echo.solutions[0].source.as_str(), echo.solutions[0].verdict), ("echo", Verdict::WrongAnswer));
    assert_eq!(
        echo.notes,
        [
            "submissions[3] is left out: language_id 71 is not JavaScript",
            "submissions[4] is left out: it has no expected_output"
        ]
    );

    assert_eq!((other.name.as_str(), ids(other)), ("batch/2", vec!["2"]));
    // There is no input: that of the program is empty.
    assert_eq!(other.cases[0].args, [Value::from("")]);
    assert_eq!(other.limits, Limits { wall: Duration::from_secs(4), ..Limits::default() });
    assert_eq!(other.solutions[0].verdict, Verdict::Accepted);
    assert!(other.notes.is_empty());
    assert_eq!(suite::load(&folder.path().join("batch.json")).unwrap().len(), 2);
}

#[test]
fn a_broken_batch() {
    let check = |sound: &str, broken: &str, expected: &str| {
        assert!(BATCH.contains(sound));
        let folder = folder(&[("batch.json", &BATCH.replacen(sound, broken, 1))]);
        assert_eq!(error(&folder, "batch.json"), format!("batch.json{expected}"));
    };
    check("\"source_code\": \"other\", ", "", ":3: submissions[1]: missing field `source_code`, at column 68");
    check("\"0.5\"", "\"fast\"", ":2: submissions[0].cpu_time_limit: \"fast\" is not a number, at column 109");
    check("\"0.5\"", "-1", ": submissions[0]: limits: cpu: -1 s is not a time");
    check("65536", "2048", ": submissions[0]: limits: heap: 2 MiB is below the smallest limit, 16 MiB");
    check(
        "\"1\\n\"",
        "1",
        ":2: submissions[0].expected_output: invalid type: integer `1`, expected a string, at column 79",
    );
    let folder = folder(&[("batch.json", r#"{"submissions": []}"#)]);
    assert_eq!(
        error(&folder, "batch.json"),
        "batch.json: submissions: none to judge: each needs an expected_output, and a language_id of 63, 93, 97, 102"
    );
}
