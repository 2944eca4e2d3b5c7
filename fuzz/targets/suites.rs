//! Suites from whoever: the cases of a folder, its description, a list of problems, and every format of others.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use deem_case::suite::{self, Format};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

const DESCRIPTION: &[u8] = b"entry = \"f\"\n";
const CASE: &[u8] = b"{\"args\":[1],\"expected\":1}\n";

fuzz_target!(|bytes: &[u8]| {
    let folder = FOLDER.path();
    load(folder, "suite.toml", DESCRIPTION, "cases.jsonl", bytes);
    load(folder, "cases.jsonl", CASE, "suite.toml", bytes);
    let problems = folder.join("problems.jsonl");
    std::fs::write(&problems, bytes).expect("a file");
    let _ = suite::load(&problems); // an error, or suites: anything but a panic
    let single = folder.join("single.json");
    std::fs::write(&single, bytes).expect("a file");
    let _ = suite::load(&single);
    for format in Format::ALL {
        let _ = suite::import(&single, Some(format));
    }
});

fn load(folder: &Path, sound: &str, content: &[u8], fuzzed: &str, bytes: &[u8]) {
    let suite = folder.join("suite");
    std::fs::create_dir_all(&suite).expect("a folder");
    std::fs::write(suite.join(sound), content).expect("a file");
    std::fs::write(suite.join(fuzzed), bytes).expect("a file");
    let _ = suite::load(&suite);
}
