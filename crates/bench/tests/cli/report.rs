//! From a record to the README.

use std::fs;

use deem_bench::machine::Machine;
use deem_bench::record::{BlockRecord, Record};

use crate::Project;

const README: &str = "# deem\n<!-- BEGIN: table -->\nold\n<!-- END: table -->\nThe end.\n";
const RECORD: &str = "target/deem/record.json";

fn record(title: &str) -> Record {
    Record {
        started: "2026-03-01T12:00:00+01:00".to_owned(),
        command: "just bench".to_owned(),
        partial: None,
        machine: Machine::this(),
        blocks: vec![BlockRecord { title: title.to_owned(), rows: Vec::new(), left_out: Vec::new() }],
    }
}

fn project(readme: &str, record: &Record) -> Project {
    let project = Project::new();
    project.write("README.md", readme);
    record.write(&project.path("target/deem")).unwrap();
    project
}

/// Nothing is written, nor kept.
#[track_caller]
fn check_refused(project: &Project, message: &str) {
    let readme = project.read("README.md");
    project.run(&["report"]).check(2, "", &format!("deem-bench: {message}\n"));
    assert_eq!(project.read("README.md"), readme);
    assert!(!project.path("benches/records").exists());
}

#[test]
fn a_record_that_is_missing_or_broken() {
    let project = project(README, &record("t"));
    project.write(RECORD, "{\"started\":\"now\"}");
    check_refused(&project, "target/deem/record.json: missing field `command` at line 1 column 17");
    fs::remove_file(project.path(RECORD)).unwrap();
    let message =
        "cannot read target/deem/record.json: `just bench` writes one: No such file or directory (os error 2)";
    check_refused(&project, message);
}

#[test]
fn a_partial_record() {
    let partial = Record { partial: Some("interrupted in round 1 of 8".to_owned()), ..record("t") };
    let message = "this record is partial (interrupted in round 1 of 8): run `just bench` to its end";
    check_refused(&project(README, &partial), message);
}

#[test]
fn a_readme_without_a_place_for_the_table() {
    let message = "README.md: no place for the table: \
        the lines <!-- BEGIN: table --> and, below it, <!-- END: table --> are missing";
    for readme in ["", "# deem\n<!-- BEGIN: table -->\n", "<!-- END: table -->\n<!-- BEGIN: table -->\n"] {
        check_refused(&project(readme, &record("t")), message);
    }
}

#[test]
fn a_table_is_put_between_the_markers_again_and_again() {
    let project = project(README, &record("A table"));
    let said = "the table is in README.md, the record in benches/records/2026-03-01.1.json\n";
    project.run(&["report"]).check(0, "", said);
    let readme = project.read("README.md");
    assert!(readme.starts_with("# deem\n<!-- BEGIN: table -->\n\n**A table**\n"), "{readme}");
    let end =
        "[benches/records/2026-03-01.1.json](benches/records/2026-03-01.1.json)\n\n<!-- END: table -->\nThe end.\n";
    assert!(readme.ends_with(end), "{readme}");
    assert!(!readme.contains("old"), "{readme}");
    assert_eq!(project.read("benches/records/2026-03-01.1.json"), project.read(RECORD));

    project.run(&["report"]).check(0, "", said);
    assert_eq!(project.read("README.md"), readme);
    assert_eq!(fs::read_dir(project.path("benches/records")).unwrap().count(), 1);
}

#[test]
fn a_kept_record_is_never_overwritten() {
    let project = project(README, &record("first"));
    fs::create_dir(project.path("benches/records")).unwrap();
    let broken = b"\xffno text";
    fs::write(project.path("benches/records/2026-03-01.1.json"), broken).unwrap();
    for (title, number) in [("first", 2), ("second", 3), ("first", 2)] {
        record(title).write(&project.path("target/deem")).unwrap();
        let said = format!("the table is in README.md, the record in benches/records/2026-03-01.{number}.json\n");
        project.run(&["report"]).check(0, "", &said);
        assert!(project.read("README.md").contains(&format!("**{title}**")));
        assert!(project.read(&format!("benches/records/2026-03-01.{number}.json")).contains(title));
    }
    assert_eq!(fs::read(project.path("benches/records/2026-03-01.1.json")).unwrap(), broken);
}
