//! Programs that run code inside themselves, on one file of the corpus each: a new host for each file, for it may be lost.
//!
//! A host is given a job as JSON on its standard input, runs the cases in order, and writes a line of JSON after each.

use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::ControlFlow;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context as _, Result};
use deem_core::{
    Case, Engine, Entry, Execution, Executor as _, Outcome, Pool, Prepared, Rules, Submission, Value, guest,
};
use serde::{Deserialize, Serialize};

use super::{Held, is_clean, rules};
use crate::corpus::Fixture;

/// How much longer than its limit of time a case may take until its host is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a host is given.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// For deem.
    submission: Submission,
    source: String,
    rules: Rules,
    cpu_ms: u64,
    heap_mib: usize,
    cases: Vec<Arguments>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Arguments {
    /// An array, as JSON.
    args: String,
}

/// What it says of a case: what it answers, as JSON, or how it ended otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    value: Option<String>,
    error: Option<String>,
}

/// A kind of host.
#[derive(Clone, Debug)]
pub struct Host {
    /// For a table: `node:vm`.
    pub name: String,
    program: String,
    args: Vec<String>,
    /// Whether it is deem's own, and can call what is not just a function.
    is_deem: bool,
}

impl Host {
    /// deem's pool of isolates, in a process of this program: `args` make it call [`serve`].
    ///
    /// # Errors
    /// If it is not known where this program is.
    pub fn in_process(args: &[&str]) -> Result<Host> {
        let program = std::env::current_exe().context("where is this program?")?.to_string_lossy().into_owned();
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        Ok(Host { name: "deem, in process".to_owned(), program, args, is_deem: true })
    }

    /// node's own `vm`.
    pub fn node_vm() -> Host {
        let args = ["-e", include_str!("node-vm.js")].map(str::to_owned).to_vec();
        Host { name: "node:vm".to_owned(), program: "node".to_owned(), args, is_deem: false }
    }

    /// isolated-vm, if it is installed in this folder.
    pub fn isolated_vm(folder: &str) -> Option<Host> {
        let args = ["-e", include_str!("isolated-vm.js"), folder].map(str::to_owned).to_vec();
        let host = Host { name: "isolated-vm".to_owned(), program: "node".to_owned(), args, is_deem: false };
        let submission = Submission::new("", Entry::Completion);
        let job = Job {
            submission,
            source: String::new(),
            rules: Rules::default(),
            cpu_ms: 1,
            heap_mib: 64,
            cases: Vec::new(),
        };
        let answers = host.spawn(&job).and_then(|mut child| Ok(child.wait()?.success()));
        answers.is_ok_and(|answers| answers).then_some(host)
    }

    /// Runs a file in a host of its own.
    ///
    /// # Errors
    /// If the host cannot be started.
    pub fn attack(&self, fixture: &Fixture) -> Result<Held> {
        let is_plain =
            matches!(fixture.submission.entry, Entry::Function(_)) && guest::is_called_plainly(&fixture.submission);
        if !self.is_deem && !is_plain {
            return Ok(Held::NotApplicable);
        }
        let alone = self.run(fixture, is_clean)?;
        let clean = fixture.cases.iter().filter(|(case, _)| is_clean(case)).count();
        if alone.len() < clean || alone.iter().any(|line| line.value.is_none()) {
            return Ok(Held::NotApplicable);
        }
        let together = self.run(fixture, |_| true)?;
        if together.len() < fixture.cases.len() {
            return Ok(Held::No(format!("the host was lost at case {}", together.len() + 1)));
        }
        let clean = together.iter().zip(&fixture.cases).filter(|(_, (case, _))| is_clean(case)).map(|(line, _)| line);
        Ok(match clean.zip(&alone).find(|(line, alone)| line != alone) {
            Some((line, alone)) => Held::No(format!("a clean case: {line:?}; alone: {alone:?}")),
            None => Held::Yes,
        })
    }

    /// What it says, case by case, until it is lost.
    fn run(&self, fixture: &Fixture, chosen: impl Fn(&Case) -> bool) -> Result<Vec<Line>> {
        let rules = rules(fixture);
        let cases = fixture.cases.iter().map(|(case, _)| case).filter(|case| chosen(case));
        let job = Job {
            submission: fixture.submission.clone(),
            source: fixture.submission.source.clone(),
            rules,
            cpu_ms: rules.limits.cpu.as_millis() as u64,
            heap_mib: rules.limits.heap.0 >> 20,
            cases: cases.map(|case| Arguments::of(case)).collect(),
        };
        let mut child = self.spawn(&job)?;
        let stdout = child.stdout.take().context("its output")?;
        let (sender, lines) = channel();
        // Its own thread, for a host may neither say anything nor end.
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let Ok(line) = serde_json::from_str::<Line>(&line) else { continue };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut said = Vec::new();
        while said.len() < job.cases.len() {
            match lines.recv_timeout(rules.limits.cpu + PATIENCE) {
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        let _ = child.kill(); // it has ended already
        child.wait()?;
        let _ = reader.join(); // it does not panic
        Ok(said)
    }

    fn spawn(&self, job: &Job) -> Result<Child> {
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program))?;
        let mut stdin = child.stdin.take().context("its input")?;
        stdin.write_all(serde_json::to_string(job)?.as_bytes())?;
        Ok(child)
    }
}

impl Arguments {
    fn of(case: &Case) -> Arguments {
        let args: Vec<String> = case.args.iter().map(|arg| arg.to_json()).collect();
        Arguments { args: format!("[{}]", args.join(",")) }
    }
}

/// Is deem's host: reads a job, and runs it in a pool of one thread.
///
/// # Errors
/// If it cannot be read, or V8 does not start.
pub fn serve() -> Result<()> {
    let job: Job = serde_json::from_reader(std::io::stdin())?;
    let pool = Pool::new(&Engine::new()?, 1, deem_core::Isolation::Realm)?;
    let mut session = match pool.prepare(&job.submission, &job.rules)? {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => {
            return job.cases.iter().try_for_each(|_| say(&Line { value: None, error: Some(exception.to_string()) }));
        }
    };
    let case = |arguments: &Arguments| {
        let args = serde_json::from_str::<Vec<Value>>(&arguments.args)?;
        Ok(Arc::new(Case { id: arguments.args.clone(), args, expected: Value::Undefined.into() }))
    };
    let cases = job.cases.iter().map(case).collect::<Result<Vec<_>>>()?;
    let mut written = Ok(());
    session.run(&mut cases.into_iter(), &mut |_: Arc<Case>, execution: Execution| {
        let line = match execution.result {
            Ok(Outcome::Returned(value)) => Line { value: Some(value.to_json()), error: None },
            Ok(outcome) => Line { value: None, error: Some(outcome.to_string()) },
            Err(error) => Line { value: None, error: Some(error.to_string()) },
        };
        written = say(&line);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written
}

fn say(line: &Line) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(line)?)?)
}
