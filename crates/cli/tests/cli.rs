//! The program from outside: where its words go, and how it ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

const SUM: &str = "function sum(numbers) { return numbers.reduce((a, b) => a + b, 0); }";

/// A folder with the suite `sum`, whose cases each have the number of the case as their one number.
fn suite(cases: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("sum")).expect("a new folder");
    let rows = (1..=cases).map(|n| format!("{{\"args\":[[{n}]],\"expected\":{n}}}\n"));
    std::fs::write(folder.path().join("sum/cases.jsonl"), rows.collect::<String>()).expect("a new file");
    let suite = "entry = \"sum\"\n[[solution]]\nfile = \"right.js\"\nverdict = \"AC\"\n";
    std::fs::write(folder.path().join("sum/suite.toml"), suite).expect("a new file");
    std::fs::write(folder.path().join("sum/right.js"), SUM).expect("a new file");
    folder
}

/// In the folder, in a sandbox as good as it can be had here.
fn deem(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deem"));
    command.current_dir(folder).args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

fn judge(folder: &Path, source: &str, args: &[&str]) -> Output {
    let run = ["run", "-", "--suite", "sum", "--walls", "as-possible"];
    let mut command = deem(folder, &[&run, args].concat());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("it is piped").write_all(source.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("what deem writes is UTF-8")
}

fn code(status: ExitStatus) -> i32 {
    status.code().expect("no signal ended it")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stdout)))
}

fn verdicts(report: &Value) -> Vec<&str> {
    report["cases"].as_array().into_iter().flatten().filter_map(|case| case["verdict"].as_str()).collect()
}

#[test]
fn what_is_not_right_in_a_frozen_realm_is_run_again_and_that_is_told() {
    let suite = suite(40);
    let mistaken = "function sum([n]) { if (n === 9) throw n; return n === 7 ? null : n }";
    for isolation in ["frozen", "sandbox-frozen"] {
        let report = json(&judge(suite.path(), mistaken, &["--isolation", isolation, "--format", "json"]));
        let failed = [(6, "WA"), (8, "RE")];
        let expected =
            (0..40).map(|index| failed.iter().find(|(at, _)| *at == index).map_or("AC", |(_, verdict)| verdict));
        assert_eq!(verdicts(&report), expected.collect::<Vec<_>>(), "{isolation}");
        let confirmation = serde_json::json!({ "again": 2, "differing": 0, "switched": false });
        assert_eq!((&report["confirmation"], &report["engine"]["isolation"]), (&confirmation, &isolation.into()));
    }
    let report = json(&judge(suite.path(), mistaken, &["--isolation", "realm", "--format", "json"]));
    assert_eq!(report["confirmation"], Value::Null);
}

#[test]
fn a_solution_from_standard_input_is_judged_in_a_sandbox() {
    let suite = suite(3);
    let output = judge(suite.path(), SUM, &["--format", "json"]);
    assert_eq!(code(output.status), 0, "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "there is no chatter where nobody sees a bar");
    let report = json(&output);
    assert_eq!(report["solution"], "<stdin>");
    assert_eq!(report["engine"]["isolation"], "sandbox");
    assert_eq!((report["passed"].as_u64(), report["total"].as_u64()), (Some(3), Some(3)));
}

#[test]
fn what_standard_input_has_is_said() {
    let suite = suite(2);
    let typed = "function sum(numbers: number[]): number { return numbers[0]; }";
    for (source, ending) in [(typed, "ts"), (typed, "cts"), (SUM, "cjs"), (&*format!("export {typed}"), "mts")] {
        let output = judge(suite.path(), source, &["--ext", ending]);
        assert_eq!(code(output.status), 0, "{ending}: {}", text(&output.stdout));
    }
    let output = judge(suite.path(), typed, &[]);
    assert_eq!(code(output.status), 1);
    let told = text(&output.stdout);
    assert!(told.contains("= help: this is TypeScript: say so with --ext ts"), "{told}");
}

#[test]
fn a_source_that_is_too_long_does_not_compile_wherever_it_is_cut() {
    let suite = suite(2);
    // A character of two bytes is across the limit.
    let source = format!("{SUM}//{}{}", if SUM.len().is_multiple_of(2) { "" } else { " " }, "é".repeat(1 << 20));
    assert!(!source.is_char_boundary((1 << 20) + 1));
    std::fs::write(suite.path().join("long.js"), source).expect("a file");
    for isolation in ["sandbox", "realm"] {
        let run = ["run", "long.js", "--suite", "sum", "--walls", "as-possible", "--isolation", isolation];
        let output = deem(suite.path(), &run).output().expect("it runs");
        assert_eq!(code(output.status), 1, "{}", text(&output.stderr));
        let report = text(&output.stdout);
        assert!(report.contains("RangeError: the source is longer than 1 MiB"), "{report}");
        assert!(report.contains("Compile Error   0/2 passed"), "{report}");
    }
}

#[test]
fn hostile_code_costs_the_cases_that_it_runs_in_and_no_others() {
    let suite = suite(5);
    let source = "function sum([n]) {
        if (n === 2) for (;;);
        if (n === 3) { const all = []; for (;;) all.push(new Array(1000).fill(n)); }
        if (n === 4) [].forEach.call({ length: 2 ** 53 - 1 }, () => {});
        return n;
    }";
    // On a busy machine it takes much longer than it computes.
    let limits = ["--cpu-ms", "200", "--wall-ms", "60000", "--heap-mib", "32", "--format", "json"];
    let output = judge(suite.path(), source, &limits);
    assert_eq!(code(output.status), 1, "{}", text(&output.stderr));
    let report = json(&output);
    assert_eq!(verdicts(&report), ["AC", "TLE", "MLE", "TLE", "AC"]);
    assert_eq!(report["verdict"], "TLE");
    assert_eq!(report["cases"][1]["exceeded"], "200ms of processor time");
}

#[test]
fn what_a_solution_writes_never_reaches_the_terminal_as_it_is() {
    let suite = suite(1);
    let source = "function sum() { console.log('\\x1b[2J\\x07'); throw new Error('\\x1b[31m'); }";
    let output = judge(suite.path(), source, &[]);
    assert_eq!(code(output.status), 1);
    let text = text(&output.stdout);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text:?}");
    assert!(text.contains("\\u{1b}[2J"), "{text}");
}

#[test]
fn colours_are_for_those_who_want_them() {
    let suite = suite(1);
    let is_coloured = |args: &[&str], variable: &str| {
        let run = ["run", "sum/right.js", "--suite", "sum", "--isolation", "realm"];
        let mut command = deem(suite.path(), &[&run, args].concat());
        if !variable.is_empty() {
            command.env(variable, "1");
        }
        command.output().expect("it runs").stdout.contains(&0x1b)
    };
    assert!(!is_coloured(&[], ""), "a pipe is no terminal");
    assert!(is_coloured(&["--color", "always"], ""));
    assert!(is_coloured(&["--color", "always"], "NO_COLOR"), "what is asked for here and now counts more");
    assert!(is_coloured(&[], "CLICOLOR_FORCE"));
    assert!(!is_coloured(&["--color", "never"], "CLICOLOR_FORCE"));
}

#[test]
fn reports_are_written_to_files_beside_what_people_read() {
    let suite = suite(2);
    let args = ["--format", "json", "-o", "report.json", "--format", "jsonl", "-o", "report.jsonl"];
    let output = judge(suite.path(), SUM, &args);
    assert_eq!(code(output.status), 0, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("2/2 passed"), "{}", text(&output.stdout));
    let report = std::fs::read(suite.path().join("report.json")).expect("it was written");
    let report: Value = serde_json::from_slice(&report).expect("it is JSON");
    assert_eq!(verdicts(&report), ["AC", "AC"]);
    let lines = std::fs::read_to_string(suite.path().join("report.jsonl")).expect("it was written");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let kinds: Vec<&Value> = lines.iter().map(|line| &line["type"]).collect();
    assert_eq!(kinds, ["case", "case", "summary"]);
    assert_eq!(std::fs::read_dir(suite.path()).expect("it is there").count(), 3, "nothing is left over");
    let output = judge(suite.path(), SUM, &["--format", "json", "-o", "-"]);
    assert_eq!(verdicts(&json(&output)), ["AC", "AC"], "that is standard output");
}

#[test]
fn a_full_disk_is_told_and_is_no_verdict() {
    let suite = suite(1);
    for args in [["--format", "json", "-o", "/dev/full"], ["--format", "jsonl", "-o", "/dev/full"]] {
        let output = judge(suite.path(), SUM, &args);
        assert_eq!(code(output.status), 3);
        assert!(text(&output.stdout).contains("1/1 passed"), "the other report is written all the same");
        let error = text(&output.stderr);
        assert_eq!(error, "deem: cannot write /dev/full: No space left on device (os error 28)\n");
    }
    for args in [&["run", "sum", "--isolation", "realm"][..], &["verify", "sum", "--isolation", "realm"], &["man"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let output = deem(suite.path(), args).stdout(full).stderr(Stdio::piped()).output().expect("it runs");
        assert_eq!(code(output.status), 3, "{args:?}");
        let error = text(&output.stderr);
        assert_eq!(error, "deem: cannot write standard output: No space left on device (os error 28)\n");
    }
}

#[test]
fn a_report_that_is_too_long_for_the_temporary_folder_is_told_and_costs_no_other() {
    let suite = suite(200);
    let source = "function sum([n]) { console.log('x'.repeat(60_000)); return n; }";
    std::fs::write(suite.path().join("long.js"), source).expect("a new file");
    let args = ["run", "long.js", "--suite", "sum", "--isolation", "realm", "--format", "json", "-o", "report.json"];
    let output = deem(suite.path(), &args).env("TMPDIR", "/no-such-folder").output().expect("it runs");
    assert_eq!(code(output.status), 3);
    assert!(text(&output.stdout).contains("200/200 passed"), "the other report is written all the same");
    let error = text(&output.stderr);
    let why = "deem: cannot write report.json: its cases cannot be kept in /no-such-folder: ";
    assert!(error.starts_with(why), "{error}");
    assert!(!suite.path().join("report.json").exists());
    let output = deem(suite.path(), &args).output().expect("it runs");
    assert_eq!(code(output.status), 0, "{}", text(&output.stderr));
    let report = std::fs::read(suite.path().join("report.json")).expect("it is there");
    let report: Value = serde_json::from_slice(&report).expect("it is JSON");
    assert_eq!((report["passed"].as_u64(), verdicts(&report).len()), (Some(200), 200));
}

#[test]
fn whoever_reads_no_report_hears_nothing_in_any_format() {
    let suite = suite(1);
    for format in ["human", "json", "jsonl", "junit", "html", "github"] {
        let args = ["run", "sum/right.js", "--suite", "sum", "--isolation", "realm", "--format", format];
        let mut child = started(deem(suite.path(), &args));
        drop(child.stdout.take());
        let (status, error) = ended(child);
        assert_eq!((code(status), error.as_str()), (141, ""), "{format}");
    }
    // A report that is read somewhere else counts.
    let args =
        ["run", "sum/right.js", "--suite", "sum", "--isolation", "realm", "--format", "junit", "-o", "report.xml"];
    let mut child = started(deem(suite.path(), &args));
    drop(child.stdout.take());
    let (status, error) = ended(child);
    assert_eq!((code(status), error.as_str()), (0, ""));
    assert!(suite.path().join("report.xml").exists());
}

#[test]
fn a_reader_that_goes_ends_the_run_quietly() {
    let suite = suite(1_000);
    let source = "function sum([n]) { const end = n * 20_000; let x = 0; while (x < end) x++; return n; }";
    std::fs::write(suite.path().join("slow.js"), source).expect("a new file");
    let args = ["run", "slow.js", "--suite", "sum", "--isolation", "realm", "--format", "jsonl"];
    let mut child = started(deem(suite.path(), &args));
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line).expect("it writes");
    let (status, error) = ended(child);
    assert_eq!((code(status), error.as_str()), (141, ""));
}

#[test]
fn what_is_done_is_reported_when_it_is_interrupted() {
    let suite = suite(6);
    let source = "function sum([n]) { if (n > 2) for (;;); return n; }";
    std::fs::write(suite.path().join("loops.js"), source).expect("a new file");
    for isolation in ["sandbox", "realm"] {
        let args = ["run", "loops.js", "--suite", "sum", "--isolation", isolation, "--walls", "as-possible"];
        let more = ["--format", "jsonl", "--cpu-ms", "600000"];
        let mut child = started(deem(suite.path(), &[&args[..], &more].concat()));
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut verdict = || {
            let line = lines.next().expect("there is a line for each case").expect("it can be read");
            let line: Value = serde_json::from_str(&line).expect("it is JSON");
            line["verdict"].as_str().expect("it has a verdict").to_owned()
        };
        assert_eq!((verdict().as_str(), verdict().as_str()), ("AC", "AC"));
        interrupt(&child);
        let rest: Vec<String> = (0..5).map(|_| verdict()).collect();
        assert_eq!(rest, ["SK", "SK", "SK", "SK", "SK"], "four cases, and all of them");
        let (status, error) = ended(child);
        assert_eq!((code(status), error.as_str()), (130, ""));
    }
}

#[test]
fn a_second_interrupt_ends_it_at_once_and_leaves_no_process() {
    let suite = suite(1);
    std::fs::write(suite.path().join("loops.js"), "function sum() { for (;;); }").expect("a new file");
    let args = ["run", "loops.js", "--suite", "sum", "--isolation", "node", "--cpu-ms", "600000"];
    let child = started(deem(suite.path(), &args));
    let children = || children_of(child.id());
    until(|| !children().is_empty(), "node is started");
    let node = children();
    interrupt(&child);
    interrupt(&child);
    let (status, _) = ended(child);
    assert_eq!(code(status), 130);
    until(|| node.iter().all(|id| !Path::new(&format!("/proc/{id}")).exists()), "node is gone");
}

fn children_of(parent: u32) -> Vec<u32> {
    let children = std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let texts = children.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    texts.flat_map(|text| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

fn until(mut is_so: impl FnMut() -> bool, what: &str) {
    let begin = std::time::Instant::now();
    while !is_so() {
        assert!(begin.elapsed().as_secs() < 20, "not in 20 s: {what}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn started(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn interrupt(child: &Child) {
    let id = Pid::from_raw(child.id().cast_signed()).expect("processes have ids above 0");
    kill_process(id, Signal::INT).expect("it is alive");
}

fn ended(mut child: Child) -> (ExitStatus, String) {
    let mut error = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut error).expect("it can be read");
    (child.wait().expect("it ends"), error)
}

#[test]
fn a_watched_solution_is_judged_again_when_it_changes() {
    let suite = suite(1);
    let solution = suite.path().join("sum.js");
    std::fs::write(&solution, SUM).expect("a new file");
    let args = ["run", "sum.js", "--suite", "sum", "--isolation", "realm", "--watch", "--quiet"];
    let mut child = started(deem(suite.path(), &args));
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut line = || lines.next().expect("it goes on").expect("it can be read");
    assert!(line().contains("Accepted"));
    // In the way of editors: another file takes its place.
    std::fs::write(suite.path().join("new.js"), "function sum() { return 0; }").expect("a new file");
    std::fs::rename(suite.path().join("new.js"), &solution).expect("it can be replaced");
    assert!(line().contains("Wrong Answer"));
    interrupt(&child);
    assert_eq!(code(ended(child).0), 130);
}

#[test]
fn the_report_is_what_its_schema_says() {
    let folder = suite(3);
    let schema = deem(folder.path(), &["schema", "report"]).output().expect("it runs");
    let validator = jsonschema::validator_for(&json(&schema)).expect("it is a schema");
    let compared = judge(folder.path(), "function sum() { return 1; }", &["--format", "json", "--compare", "node"]);
    assert!(validator.is_valid(&json(&compared)));
    let mixed = "function sum([n]) { console.log(n); if (n > 2) null.x; return 1; }";
    for source in [SUM, mixed, "function sum(", "const nothing = 0;", "for (;;);"] {
        let output = judge(folder.path(), source, &["--format", "json", "--cpu-ms", "100"]);
        let report = json(&output);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{source}: {errors:?}");
    }
    let list =
        deem(folder.path(), &["run", ".", "--isolation", "realm", "--format", "json"]).output().expect("it runs");
    let mut list = json(&list);
    assert!(validator.is_valid(&list) && list.is_array());
    list[0]["cases"][0]["verdict"] = "XX".into();
    assert!(!validator.is_valid(&list), "there is no such verdict");
}

#[test]
fn what_node_does_otherwise_is_told_and_changes_no_verdict() {
    let suite = suite(2);
    // How deep calls go is the engine's own affair.
    let source = "function sum([n]) {
        let depth = 0;
        const down = () => { depth++; down(); };
        if (n === 1) try { down(); } catch {}
        return n === 1 ? depth : n;
    }";
    let output = judge(suite.path(), source, &["--compare", "node", "--format", "json"]);
    assert_eq!(code(output.status), 1, "{}", text(&output.stderr));
    let report = json(&output);
    assert_eq!(verdicts(&report), ["WA", "AC"]);
    assert_eq!(report["differ_on_node"], 1);
    let told = report["cases"][0]["on_node"].as_str().expect("there is a difference");
    assert!(told.starts_with("result: ") && told.ends_with(" on node"), "{told}");
    assert!(report["cases"][1].get("on_node").is_none());
    let output = judge(suite.path(), source, &["--compare", "node"]);
    assert!(text(&output.stdout).contains("node differs: in 1 case\n"), "{}", text(&output.stdout));
}

#[test]
fn a_case_that_is_broken_ends_the_suite_and_loses_nothing_that_was_done() {
    let suite = suite(3);
    let cases = suite.path().join("sum/cases.jsonl");
    let mut rows = std::fs::read_to_string(&cases).expect("it is there");
    rows.push_str("{\"args\":[[4]],\"expectd\":4}\n{\"args\":[[5]],\"expected\":5}\n");
    std::fs::write(&cases, rows).expect("it is written");
    let output = judge(suite.path(), SUM, &["--format", "json"]);
    assert_eq!(code(output.status), 2);
    let error = text(&output.stderr);
    assert!(error.starts_with("deem: sum/cases.jsonl:4: "), "{error}");
    let report = json(&output);
    assert_eq!(verdicts(&report), ["AC", "AC", "AC"]);
    assert_eq!(report["verdict"], "SK", "nobody knows the cases after it");
    let told = report["broken"].as_str().expect("it is told");
    assert!(error.contains(told), "{told}");
    // Of a wrong solution it is known that it is wrong.
    let output = judge(suite.path(), "function sum() { return 1; }", &[]);
    assert_eq!(code(output.status), 2);
    let report = text(&output.stdout);
    assert!(report.contains("the suite is broken after these cases: sum/cases.jsonl:4: "), "{report}");
    assert!(report.contains("Wrong Answer on case 2   1/3 passed"), "{report}");
}

#[test]
fn a_suite_needs_no_more_memory_for_having_more_cases() {
    // Shared, for that is fast; twenty times as many cases are 30 MB of text, and more in memory.
    let peak = |cases: usize| {
        let folder = suite(1);
        let file = std::fs::File::create(folder.path().join("sum/cases.jsonl")).expect("a new file");
        let mut file = std::io::BufWriter::new(file);
        let numbers = vec!["1"; 128].join(",");
        for _ in 0..cases {
            writeln!(file, "{{\"args\":[[{numbers}]],\"expected\":128}}").expect("it is written");
        }
        drop(file);
        let args = ["run", "sum/right.js", "--suite", "sum", "--isolation", "shared", "--threads", "1"];
        let reports = ["--format", "junit", "-o", "report.xml", "--format", "json", "-o", "report.json"];
        let mut child = started(deem(folder.path(), &[&args[..], &reports].concat()));
        let status = format!("/proc/{}/status", child.id());
        let mut most = 0;
        while child.try_wait().expect("it can be waited for").is_none() {
            let status = std::fs::read_to_string(&status).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
            most = peak.and_then(|peak| peak.parse::<usize>().ok()).unwrap_or(most);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let mut report = String::new();
        child.stdout.take().expect("it is piped").read_to_string(&mut report).expect("it can be read");
        assert!(report.contains(&format!("{cases}/{cases} passed")), "{report}");
        most >> 10
    };
    let (few, many) = (peak(5_000), peak(100_000));
    assert!(few > 0 && many < few + 64, "{few} MiB for 5,000 cases, and {many} MiB for 100,000");
}

#[test]
fn completions_and_manual_pages_name_the_options() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let says = |args: &[&str]| text(&deem(folder.path(), args).output().expect("it runs").stdout);
    for shell in ["bash", "zsh", "fish"] {
        assert!(says(&["completions", shell]).contains("fail-fast"), "{shell}");
    }
    assert!(says(&["man"]).contains(".TH deem 1"));
    assert!(says(&["man", "run"]).contains("fail\\-fast"));
}

#[test]
fn the_same_seed_gives_the_same_random_numbers() {
    let suite = suite(1);
    let seen = |seed: &str| {
        let args = ["--seed", seed, "--format", "json"];
        let output = judge(suite.path(), "function sum() { console.log(Math.random()); }", &args);
        json(&output)["cases"][0]["stdout"].as_str().expect("it wrote").to_owned()
    };
    assert_eq!(seen("7"), seen("7"));
    assert_ne!(seen("7"), seen("8"));
}

#[test]
fn what_is_imported_is_a_suite_that_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pair =
        |name: &str, text: &str| std::fs::write(folder.path().join("adder").join(name), text).expect("a new file");
    std::fs::create_dir(folder.path().join("adder")).expect("a new folder");
    pair("1.in", "1 2\n");
    pair("1.out", "3\n");
    let source = "const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number); console.log(a + b);";
    std::fs::write(folder.path().join("add.js"), source).expect("a new file");

    let imported = deem(folder.path(), &["import", "adder", "own"]).output().expect("it ends");
    assert_eq!(text(&imported.stdout), "own: 1 case, 0 solutions\n", "{}", text(&imported.stderr));
    let run = ["run", "add.js", "--suite", "own", "--walls", "as-possible"];
    let run = deem(folder.path(), &run).output().expect("it ends");
    assert_eq!(code(run.status), 0, "{}", text(&run.stdout));
    // It overwrites nothing.
    let again = deem(folder.path(), &["import", "adder", "own"]).output().expect("it ends");
    assert_eq!(code(again.status), 2);
    assert!(text(&again.stderr).starts_with("deem: own: cannot be written: "), "{}", text(&again.stderr));
}

#[test]
fn every_format_of_a_report_is_written_to_its_file() {
    let suite = suite(3);
    let formats = ["json", "jsonl", "junit", "html", "github"];
    let options: Vec<String> = formats
        .iter()
        .flat_map(|format| ["--format".into(), (*format).into(), "-o".into(), format!("report.{format}")])
        .collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let output = judge(suite.path(), "const sum = (numbers) => numbers[0] === 2 ? null.x : '</script>'", &options);
    assert_eq!(code(output.status), 1, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Wrong Answer on case 1"), "people see something, too");
    let report =
        |format: &str| std::fs::read_to_string(suite.path().join(format!("report.{format}"))).expect("it is there");
    assert_eq!(report("jsonl").lines().count(), 4);
    assert!(report("junit").contains("<testsuites"));
    assert!(report("github").contains("::error file="));
    let html = report("html");
    assert!(html.contains("&#x2f;script&gt;") || html.contains("&lt;/script"), "{html}");
    assert!(!html.contains("'</script>'"));
}

#[test]
fn what_another_run_might_do_otherwise_is_told_and_changes_no_verdict() {
    let suite = suite(5);
    let counts = "let calls = 0; function sum([n]) { calls++; return calls === 1 ? n : n + calls; }";
    let guesses = "function sum([n]) { return n + Math.floor(Math.random() * 1e9); }";
    for isolation in ["sandbox", "realm", "isolate"] {
        let args = ["--isolation", isolation, "--format", "json", "--doubts"];
        let report = json(&judge(suite.path(), counts, &args));
        assert_eq!((&report["verdict"], report["passed"].as_u64()), (&"AC".into(), Some(5)), "{isolation}");
        let doubts = report["doubts"].as_array().expect("there is an array");
        assert_eq!((doubts.len(), &doubts[0]["kind"]), (1, &"state".into()), "{isolation}: {doubts:?}");
        let report = json(&judge(suite.path(), guesses, &args));
        let doubts = report["doubts"].as_array().expect("there is an array");
        assert_eq!((doubts.len(), &doubts[0]["kind"]), (1, &"random".into()), "{isolation}: {doubts:?}");
        let report = json(&judge(suite.path(), SUM, &args));
        assert_eq!(report["doubts"].as_array().map(Vec::len), Some(0), "{isolation}");
    }
}

#[test]
fn a_suites_own_seed_and_end_hold_unless_others_are_given() {
    let suite = suite(3);
    let described = "entry = \"sum\"\nseed = 7\nfail-fast = true\n";
    std::fs::write(suite.path().join("sum/suite.toml"), described).expect("a new file");
    let report = json(&judge(suite.path(), "function sum() { return 0; }", &["--format", "json"]));
    assert_eq!((report["seed"].as_u64(), verdicts(&report)), (Some(7), vec!["WA", "SK", "SK"]));
    let report = json(&judge(suite.path(), SUM, &["--format", "json", "--seed", "8"]));
    assert_eq!((report["seed"].as_u64(), report["passed"].as_u64()), (Some(8), Some(3)));
}

#[test]
fn no_format_of_a_report_is_silent_on_a_suite_that_is_broken_in_the_middle() {
    let suite = suite(3);
    let cases = "{\"args\":[[1]],\"expected\":1}\n{\"args\":1}\n";
    std::fs::write(suite.path().join("sum/cases.jsonl"), cases).expect("a new file");
    for format in ["human", "json", "jsonl", "junit", "html", "github"] {
        let output = judge(suite.path(), SUM, &["--format", format]);
        assert_eq!(code(output.status), 2, "{format}");
        let said = text(&output.stdout);
        assert!(said.contains("cases.jsonl:2"), "{format}: {said}");
    }
}
