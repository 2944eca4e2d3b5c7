//! What rows come to: right, wrong, or left out.

use std::collections::BTreeSet;
use std::fs;

use crate::{Project, VERIFYING};

/// Verifies a program on both executors, where it fails for the same reason, beside a sound row.
#[track_caller]
fn check_failure(source: &str, reason: &str) {
    check_failure_with_limit(source, 120_000, reason);
}

#[track_caller]
fn check_failure_with_limit(source: &str, wall_ms: u32, reason: &str) {
    let project = Project::new();
    project.suite_with_limit("broken", source, wall_ms);
    project.define(&[("broken", &["realm", "warm"]), ("double", &["realm"])]);
    let rows = ["realm", "warm"].map(|engine| format!("FAILED  {engine} on broken: {reason}\n")).concat();
    project.run(&["verify"]).check(1, &(rows + "ok      realm on double (3 cases)\n"), VERIFYING);
}

#[test]
fn a_wrong_value() {
    check_failure("const f = (n) => n < 3 ? 2 * n : 7;", "case 3: WA (result: expected 6, got 7)");
}

#[test]
fn a_program_that_throws_at_load() {
    let reason = "case 1: RE (threw TypeError: no (solution.js:2:7))";
    check_failure("const f = (n) => 2 * n;\nthrow new TypeError('no');", reason);
}

#[test]
fn a_program_without_the_entry() {
    check_failure("const g = (n) => 2 * n;", "case 1: CE (the program has no function f)");
}

#[test]
fn a_program_with_a_syntax_error() {
    let reason = "does not compile: SyntaxError: Unexpected token ';' (solution.js:2:13)";
    check_failure("const f = (n) => {\n  return 2 *;\n};", reason);
}

#[test]
fn a_promise_that_never_settles() {
    check_failure("const f = () => new Promise(() => {});", "case 1: RE (returned a promise that never settles)");
}

#[test]
fn an_endless_loop() {
    let reason = "case 1: TLE (stopped at the limit of 200ms of wall time)";
    check_failure_with_limit("const f = () => { for (;;); };", 200, reason);
}

#[test]
fn a_reason_of_many_lines_is_one_line_of_a_table() {
    let reason = format!("case 1: RE (threw Error: {}..", "no ".repeat(58) + "n");
    check_failure("const f = () => { throw new Error('no\\n'.repeat(9999)); };", &reason);
}

#[test]
fn without_node_the_other_rows_are_verified() {
    let project = Project::new();
    fs::create_dir(project.path("nothing")).unwrap();
    project.define(&[("double", &["node", "realm", "warm"]), ("double", &["warm", "isolate"])]);
    let ended = project.run_with(&["verify"], |command| command.env("PATH", project.path("nothing")));
    let rows = "ok      realm on double (3 cases)\nok      isolate on double (3 cases)\n\
        left out node: node is not installed, or not on PATH\nleft out warm: node is not installed, or not on PATH\n";
    ended.check(0, rows, VERIFYING);
}

#[test]
fn a_run_prints_a_table_and_writes_what_it_measured() {
    let project = Project::new();
    project.define(&[("double", &["realm", "isolate"])]);
    let ended = project.run(&["run", "--quick"]);
    let written = "written: target/deem/bench.json, target/deem/record.json\n";
    assert_eq!((ended.code, ended.stderr), (Some(0), format!("{VERIFYING}measuring ..\n{written}")));
    assert!(ended.stdout.starts_with("t\n"), "{}", ended.stdout);
    for text in ["engine", "realm", "isolate", "cases/s", "by `just bench --quick`"] {
        assert!(ended.stdout.contains(text), "{text} is not in\n{}", ended.stdout);
    }
    assert!(!ended.stdout.contains("PARTIAL"), "{}", ended.stdout);

    let rows = project.json("target/deem/bench.json");
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    let fields = [
        "engine",
        "benchmark",
        "isolation",
        "parallel",
        "samples",
        "median_ns",
        "p99_ns",
        "cases_per_s",
        "vs_node_spawn",
        "verified",
        "failure",
    ];
    for row in rows.as_array().unwrap() {
        let names: BTreeSet<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, BTreeSet::from(fields));
        assert!(row["verified"] == true && row["failure"].is_null() && row["samples"].as_u64() > Some(0), "{row}");
        assert!(row["median_ns"].is_u64() && row["p99_ns"].is_u64() && row["cases_per_s"].is_f64(), "{row}");
        assert!(row["vs_node_spawn"].is_null(), "nothing to compare with: {row}");
    }
    let record = project.json("target/deem/record.json");
    assert!(record["partial"].is_null() && record["blocks"][0]["rows"].as_array().unwrap().len() == 2, "{record}");
}

#[test]
fn a_row_that_failed_has_no_numbers() {
    let project = Project::new();
    project.suite("broken", "const f = () => 0;");
    project.define(&[("broken", &["realm"])]);
    let ended = project.run(&["run", "--quick"]);
    let reason = "case 1: WA (result: expected 2, got 0)";
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.contains(&format!("FAILED: {reason}")), "{}", ended.stdout);
    let row = &project.json("target/deem/bench.json")[0];
    assert_eq!((&row["verified"], &row["failure"]), (&false.into(), &reason.into()));
    assert!(row["median_ns"].is_null() && row["cases_per_s"].is_null(), "{row}");
}

#[test]
fn executors_agree_and_so_do_verdicts() {
    let project = Project::new();
    project.suite("nested/other", "const f = (n) => n + n;");
    let counts = "2 solutions, 6 cases: 0 differ, 0 have another verdict than stated\n";
    project.run(&["agree", "fixtures"]).check(0, counts, "comparing ..\n");
}

#[test]
fn a_verdict_other_than_stated_is_named() {
    let project = Project::new();
    project.suite("wrong", "const f = (n) => 3 * n;");
    let text = "wrong/right: WA, and should be AC: case 1: WA (result: expected 2, got 3)\n\
        2 solutions, 6 cases: 0 differ, 1 have another verdict than stated\n";
    project.run(&["agree", "fixtures"]).check(1, text, "comparing ..\n");
}

#[test]
fn executors_that_differ_are_named() {
    let project = Project::new();
    // A way out of a vm context, and in an isolate to nowhere.
    let on_node = "this.constructor.constructor('return typeof process')() === 'object'";
    project.suite("odd", &format!("const onNode = {on_node};\nconst f = (n) => onNode ? n : 2 * n;"));
    let text = "odd/right: isolates and node differ: case 1: returned 2, and returned 1\n\
        2 solutions, 6 cases: 1 differ, 0 have another verdict than stated\n";
    project.run(&["agree", "fixtures"]).check(1, text, "comparing ..\n");
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let project = Project::new();
    project.define(&[("double", &["realm"])]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_deem-bench"));
    let output = command.args(["run", "--quick"]).current_dir(&project.folder).stdout(writer).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{VERIFYING}measuring ..\n"));
    assert_eq!(output.status.code(), Some(0));
    assert!(project.path("target/deem/record.json").exists(), "nobody read the table, but it was measured");
}
