//! Signals: to deem-bench, and to the processes that it started.

use rustix::process::{Pid, Signal, kill_process};

use crate::{Ended, Project, Running, wait_for};

/// A project with a warm row and one of `engine`, whose program stops at one of the calls in each process: it makes the
/// file `held`, and goes on when the file `hold` is gone (at the latest with the test's folder).
fn project(engine: &str, call: u32) -> Project {
    let project = Project::new();
    let held = format!(
        "const main = this.constructor.constructor('return globalThis')();
        const fs = main.require('fs');
        const f = (n) => {{
          main.calls = (main.calls ?? 0) + 1;
          if (main.calls === {call}) fs.writeFileSync('held', '');
          while (main.calls === {call} && fs.existsSync('hold'));
          return 2 * n;
        }};"
    );
    project.suite("held", &held);
    project.define(&[("double", &["warm"]), ("held", &[engine])]);
    project.write("hold", "");
    project
}

/// The first call while measuring: to verify takes one for each of the three cases.
const MEASURING: u32 = 4;

impl Project {
    /// Starts it, and waits until its program is held.
    fn start_until_held(&self, args: &[&str]) -> Running {
        let mut running = self.start(args);
        wait_for("the program to be held", || {
            assert_eq!(running.child.try_wait().unwrap(), None, "deem-bench ended before");
            self.path("held").exists().then_some(())
        });
        running
    }

    fn release(&self) {
        std::fs::remove_file(self.path("hold")).unwrap();
    }

    /// The processes that deem-bench has started.
    fn children(&self, running: &Running) -> Vec<u32> {
        self.processes().into_iter().filter(|id| *id != running.child.id()).collect()
    }

    /// Nothing that was started here is left.
    #[track_caller]
    fn check_interrupted(&self, ended: &Ended) {
        assert_eq!(ended.code, Some(130), "{}", ended.stderr);
        assert_eq!(self.processes(), Vec::<u32>::new());
    }
}

fn signal(id: u32, signal: Signal) {
    kill_process(Pid::from_raw(id as i32).unwrap(), signal).unwrap();
}

#[test]
fn an_interrupted_run_shows_and_writes_what_it_has() {
    for engine in ["warm", "warm and shared"] {
        let project = project(engine, MEASURING);
        let running = project.start_until_held(&["run"]);
        assert!(project.children(&running).len() >= 2, "one for each row, and spares");
        signal(running.child.id(), Signal::INT);
        project.release();
        let ended = running.end();
        project.check_interrupted(&ended);
        assert!(ended.stdout.contains("PARTIAL: interrupted in round "), "{}", ended.stdout);
        let record = project.json("target/deem/record.json");
        assert!(record["partial"].as_str().unwrap().starts_with("interrupted in round "), "{record}");
        for row in project.json("target/deem/bench.json").as_array().unwrap() {
            assert!(row["verified"] == true && row["failure"].is_null(), "{row}");
        }
    }
}

#[test]
fn what_was_not_verified_has_no_numbers() {
    let project = project("warm", 1);
    let running = project.start_until_held(&["run"]);
    signal(running.child.id(), Signal::TERM);
    project.release();
    let ended = running.end();
    project.check_interrupted(&ended);
    assert!(ended.stdout.contains("PARTIAL: interrupted while verifying."), "{}", ended.stdout);
    let rows = project.json("target/deem/bench.json");
    assert!(rows[0]["verified"] == true, "{rows}");
    assert!(rows[1]["median_ns"].is_null() && rows[1]["failure"].is_null(), "{rows}");
}

#[test]
fn a_second_interrupt_ends_everything_at_once() {
    let project = project("warm", 2);
    let mut running = project.start_until_held(&["verify"]);
    // Two of a signal may be taken for one: so often until it ends.
    wait_for("deem-bench to end", || {
        let ended = running.child.try_wait().unwrap();
        if ended.is_none() {
            signal(running.child.id(), Signal::INT);
        }
        ended
    });
    let ended = running.end();
    assert_eq!((ended.code, &*ended.stdout), (Some(130), ""));
    wait_for("the processes to end", || project.processes().is_empty().then_some(()));
}

#[test]
fn a_process_that_is_killed_costs_no_case() {
    for engine in ["warm", "warm and shared"] {
        // In the middle of a case, and between two: the other row's process waits for its turn.
        let project = project(engine, MEASURING);
        let running = project.start_until_held(&["run", "--quick"]);
        project.children(&running).into_iter().for_each(|child| signal(child, Signal::KILL));
        project.release();
        let ended = running.end();
        assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
        for row in project.json("target/deem/bench.json").as_array().unwrap() {
            assert!(row["verified"] == true && row["samples"].as_u64() > Some(0), "{row}");
        }
        assert_eq!(project.processes(), Vec::<u32>::new());
    }
}

#[test]
fn a_process_that_is_killed_while_verifying_costs_no_case() {
    for engine in ["warm", "warm and shared", "node"] {
        let project = project(engine, if engine == "node" { 1 } else { 2 });
        let running = project.start_until_held(&["verify"]);
        project.children(&running).into_iter().for_each(|child| signal(child, Signal::KILL));
        project.release();
        let rows = format!("ok      warm on double (3 cases)\nok      {engine} on held (3 cases)\n");
        running.end().check(0, &rows, crate::VERIFYING);
        assert_eq!(project.processes(), Vec::<u32>::new());
    }
}
