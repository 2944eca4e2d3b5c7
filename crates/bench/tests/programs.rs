//! The programs of the corpus under node itself, as it runs a file: what its head says a program writes, it writes there.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use deem_bench::corpus::{self, Fixture};
use deem_core::{Entry, Value};

fn is_node_the_same(fixture: &Fixture) -> bool {
    !fixture.submission.source.contains("\n// unlike node: ")
}

#[test]
fn a_program_writes_what_it_writes_under_node() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/semantics");
    let input = tempfile::tempdir().unwrap();
    let input = input.path().join("input");
    let mut compared = 0;
    for fixture in corpus::load(&folder).unwrap() {
        if fixture.submission.entry != Entry::Program || !is_node_the_same(&fixture) {
            continue;
        }
        for (case, expected) in &fixture.cases {
            let (Some(Value::String(written)), [Value::String(stdin)]) = (expected.value(), &case.args[..]) else {
                continue;
            };
            File::create(&input).unwrap().write_all(stdin.to_text().as_bytes()).unwrap();
            let file = folder.join(format!("{}.js", fixture.name));
            let mut node = Command::new("node");
            let node = node.arg(file).stdin(File::open(&input).unwrap()).stderr(Stdio::null());
            let output = node.output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), written.to_text(), "{}", fixture.name);
            assert!(output.status.success(), "{}", fixture.name);
            compared += 1;
        }
    }
    assert!(compared > 40, "{compared} cases");
}
