//! Files and arguments that are wrong: a message on standard error, exit code 2.

use std::fs;

use crate::{Project, VERIFYING};

const MISSING: &str = "No such file or directory (os error 2)";

/// Verifies a project with one file replaced; the message is the whole of what is said.
#[track_caller]
fn check(file: &str, text: &str, message: &str) {
    let project = Project::new();
    project.define(&[("double", &["realm"])]);
    project.write(file, text);
    project.run(&["verify"]).check(2, "", &format!("deem-bench: {message}\n"));
}

#[test]
fn a_definition_of_what_there_is_not() {
    let check = |suite: &str, rest: &str, message: &str| {
        let text = format!("[[block]]\ntitle = \"t\"\n[[block.rows]]\nsuite = {suite:?}\n{rest}");
        check("benches/definitions/d.toml", &text, &format!("benches/definitions/d.toml: {message}"));
    };
    check("double", "engines = [\"realm\", \"rhino\"]", "block \"t\": engines.toml has no engine \"rhino\"");
    check("triple", "engines = []", &format!("block \"t\": fixtures/triple: cannot be read: {MISSING}"));
    check("double", "engines = []\nsolution = \"left\"", "block \"t\": the suite double has no solution \"left\"");
    check(
        "double",
        "engine = []",
        "TOML parse error at line 5, column 1\n  |\n5 | engine = []\n  | ^^^^^^\n\
            unknown field `engine`, expected one of `suite`, `solution`, `parallel`, `engines`",
    );
}

#[test]
fn a_broken_file() {
    check(
        "benches/definitions/d.toml",
        "[[block]\n",
        "benches/definitions/d.toml: TOML parse error at line 1, column 9\n  |\n1 | [[block]\n  |         ^\n\
            unclosed array table, expected `]`",
    );
    check(
        "fixtures/double/cases.jsonl",
        "\n{\"args\":[1]}",
        "benches/definitions/d.toml: block \"t\": fixtures/double/cases.jsonl:2: \
            missing field `expected` (or `any-of`, or `throws`): what is right",
    );
}

#[test]
fn broken_engines() {
    let check = |executor: &str, isolation: &str, message: &str| {
        let engine = format!("[[engine]]\nname = \"e\"\nexecutor = {executor:?}\nisolation = {isolation:?}\n");
        check("benches/engines.toml", &engine, &format!("benches/engines.toml: {message}"));
    };
    check(
        "cor",
        "realm",
        "TOML parse error at line 3, column 12\n  |\n3 | executor = \"cor\"\n  |            ^^^^^\n\
            unknown variant `cor`, expected one of `core`, `sandbox`, `spawn`",
    );
    check("core", "process", "\"e\": isolation: in isolates there are isolate, realm, frozen and shared");
    check("spawn", "realm", "\"e\": isolation: the spawn executor has process, context and shared");
}

#[test]
fn two_engines_of_one_name() {
    let engine = "[[engine]]\nname = \"e\"\nexecutor = \"core\"\nisolation = \"realm\"\n";
    check("benches/engines.toml", &engine.repeat(2), "benches/engines.toml: two engines are named \"e\"");
}

#[test]
fn a_missing_folder() {
    let project = Project::new();
    let check = |args: &[&str], message: &str| project.run(args).check(2, "", &format!("deem-bench: {message}\n"));
    check(&["verify", "--benches", "nowhere"], &format!("cannot read nowhere/engines.toml: {MISSING}"));
    check(&["verify"], &format!("cannot read benches/definitions: {MISSING}"));
    fs::create_dir(project.path("benches/definitions")).unwrap();
    check(&["verify"], "benches/definitions: no definition here, a .toml file with [[block]]s");
    project.define(&[("double", &["realm"])]);
    let missing = format!("benches/definitions/d.toml: block \"t\": nowhere/double: cannot be read: {MISSING}");
    check(&["verify", "--fixtures", "nowhere"], &missing);
    check(&["agree", "nowhere"], &format!("nowhere: cannot be read: {MISSING}"));
}

#[test]
fn an_output_folder_that_is_a_file() {
    let project = Project::new();
    project.define(&[("double", &["realm"])]);
    project.write("out", "");
    let ended = project.run(&["run", "--quick", "--out", "out"]);
    let message = "deem-bench: cannot make out: File exists (os error 17)\n";
    assert_eq!((ended.code, ended.stderr), (Some(2), format!("{VERIFYING}measuring ..\n{message}")));
    assert!(ended.stdout.starts_with("t\n") && ended.stdout.contains("realm"), "{}", ended.stdout);
}

#[test]
fn nothing_to_agree_with() {
    let project = Project::new();
    fs::create_dir(project.path("empty")).unwrap();
    let ended = project.run_with(&["agree", "fixtures"], |command| command.env("PATH", project.path("empty")));
    ended.check(2, "", "deem-bench: node is not installed, or not on PATH\n");
}
