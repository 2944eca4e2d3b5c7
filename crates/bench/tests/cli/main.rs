//! The program itself, on projects in temporary folders: exit codes, what goes to which stream, what is left behind.

mod bad_input;
mod interrupt;
mod report;
mod rows;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

const VERIFYING: &str = "verifying ..\n";

const ENGINES: &str = r#"
engine = [
  { name = "isolate", executor = "core", isolation = "isolate" },
  { name = "realm", executor = "core", isolation = "realm" },
  { name = "node", executor = "spawn", isolation = "process" },
  { name = "warm", executor = "spawn", isolation = "context" },
  { name = "warm and shared", executor = "spawn", isolation = "shared" },
]
"#;

/// A folder with engines, a definition and suites; deem-bench runs in it.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// One that has a suite `double` of three cases.
    fn new() -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        project.write("benches/engines.toml", ENGINES);
        project.suite("double", "const f = (n) => 2 * n;");
        project
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn json(&self, file: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(file)).unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    /// A suite whose `f` should double a number, with the solution `right` being this.
    fn suite(&self, name: &str, source: &str) {
        self.suite_with_limit(name, source, 120_000);
    }

    fn suite_with_limit(&self, name: &str, source: &str, wall_ms: u32) {
        // Programs here reach out of their vm contexts by `Function`.
        let suite = format!(
            "entry = \"f\"\neval = true\nlimits = {{ cpu-ms = {wall_ms}, wall-ms = {wall_ms} }}\n\
             [[solution]]\nfile = \"right.js\"\nverdict = \"AC\"\n"
        );
        let cases = [1, 2, 3].map(|n| format!(r#"{{"args":[{n}],"expected":{}}}"#, 2 * n)).join("\n");
        self.write(&format!("fixtures/{name}/suite.toml"), &suite);
        self.write(&format!("fixtures/{name}/cases.jsonl"), &cases);
        self.write(&format!("fixtures/{name}/right.js"), source);
    }

    /// The definition: one block, in which each suite is run on some engines.
    fn define(&self, rows: &[(&str, &[&str])]) {
        let mut text = "[[block]]\ntitle = \"t\"\n".to_owned();
        for (suite, engines) in rows {
            text += &format!("[[block.rows]]\nsuite = {suite:?}\nengines = {engines:?}\n");
        }
        self.write("benches/definitions/d.toml", &text);
    }

    fn start(&self, args: &[&str]) -> Running {
        self.start_with(args, |command| command)
    }

    fn start_with(&self, args: &[&str], with: impl FnOnce(&mut Command) -> &mut Command) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deem-bench"));
        Running::start(with(command.args(args).current_dir(&self.folder)))
    }

    fn run(&self, args: &[&str]) -> Ended {
        self.start(args).end()
    }

    fn run_with(&self, args: &[&str], with: impl FnOnce(&mut Command) -> &mut Command) -> Ended {
        self.start_with(args, with).end()
    }

    /// Every process whose working folder is this one: deem-bench, and all that it started.
    fn processes(&self) -> Vec<u32> {
        let folder = fs::canonicalize(&self.folder).unwrap();
        let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        ids.filter(|id| fs::read_link(format!("/proc/{id}/cwd")).is_ok_and(|cwd| cwd == folder)).collect()
    }
}

/// deem-bench, running; killed if the test fails.
struct Running {
    child: Child,
    streams: tempfile::TempDir,
}

/// What deem-bench said, and its exit code.
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Running {
    fn start(command: &mut Command) -> Running {
        let streams = tempfile::tempdir().unwrap();
        let stream = |name: &str| File::create(streams.path().join(name)).unwrap();
        let child = command.stdout(stream("stdout")).stderr(stream("stderr")).spawn().unwrap();
        Running { child, streams }
    }

    fn end(mut self) -> Ended {
        let status = wait_for("deem-bench to end", || self.child.try_wait().unwrap());
        let stream = |name: &str| fs::read_to_string(self.streams.path().join(name)).unwrap();
        Ended { code: status.code(), stdout: stream("stdout"), stderr: stream("stderr") }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it has ended, unless the test failed
        let _ = self.child.wait();
    }
}

impl Ended {
    #[track_caller]
    fn check(&self, code: i32, stdout: &str, stderr: &str) {
        assert_eq!((self.code, &*self.stdout, &*self.stderr), (Some(code), stdout, stderr));
    }
}

/// The limit is only against waiting for ever.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(300);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        sleep(Duration::from_millis(2));
    }
}
