//! Programs that run code inside themselves, on one file of the corpus each: a new host for each file, for it may be lost.
//!
//! A host is given a job as JSON on its standard input, runs the cases in order, and writes a line of JSON after each. Where only
//! right answers are final, others are marked, and lines that take their places follow, in order, when all cases were run.

use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::ControlFlow;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::{Context as _, Result};
use deem_core::{
    Case, Engine, Entry, Execution, Executor as _, Isolation, Outcome, Pool, Prepared, Rules, Submission, Value, guest,
};
use serde::{Deserialize, Serialize};

use super::{Held, is_clean, rules};
use crate::corpus::{Expected, Fixture};

/// How much longer than its limit of time a case may take until its host is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a host is given.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// For deem.
    submission: Submission,
    isolation: Isolation,
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
    /// The answer that is right, as JSON, if one is.
    right: Option<String>,
}

/// What it says of a case: what it answers, as JSON, or how it ended otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    value: Option<String>,
    error: Option<String>,
    /// It is not final: the case is run again.
    #[serde(default)]
    is_provisional: bool,
}

/// A kind of host.
#[derive(Clone, Debug)]
pub struct Host {
    /// For a table: `node:vm`.
    pub name: String,
    program: String,
    args: Vec<String>,
    /// What is fresh for each case, if it is deem's own, which can call what is not just a function.
    deem: Option<Isolation>,
}

impl Host {
    /// deem's pool of isolates, by the name that a table has for it, in a process of this program: `args` make it call [`serve`].
    ///
    /// # Errors
    /// If it is not known where this program is.
    pub fn in_process(name: &str, isolation: Isolation, args: &[&str]) -> Result<Host> {
        let program = std::env::current_exe().context("where is this program?")?.to_string_lossy().into_owned();
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        Ok(Host { name: name.to_owned(), program, args, deem: Some(isolation) })
    }

    /// node's own `vm`.
    pub fn node_vm() -> Host {
        let args = ["-e", include_str!("node-vm.js")].map(str::to_owned).to_vec();
        Host { name: "node:vm".to_owned(), program: "node".to_owned(), args, deem: None }
    }

    /// isolated-vm, if it is installed in this folder.
    pub fn isolated_vm(folder: &str) -> Option<Host> {
        let args = ["-e", include_str!("isolated-vm.js"), folder].map(str::to_owned).to_vec();
        let host = Host { name: "isolated-vm".to_owned(), program: "node".to_owned(), args, deem: None };
        let submission = Submission::new("", Entry::Completion);
        let job = Job {
            submission,
            isolation: Isolation::default(),
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
        if self.deem.is_none() && !is_plain {
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
        let cases = fixture.cases.iter().filter(|(case, _)| chosen(case));
        let job = Job {
            submission: fixture.submission.clone(),
            isolation: self.deem.unwrap_or_default(),
            source: fixture.submission.source.clone(),
            rules,
            cpu_ms: rules.limits.cpu.as_millis() as u64,
            heap_mib: rules.limits.heap.0 >> 20,
            cases: cases.map(|(case, expected)| Arguments::of(case, expected)).collect(),
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
        let mut said: Vec<Line> = Vec::new();
        let next = |said: &[Line]| {
            let is_first = said.len() < job.cases.len();
            if is_first { Some(said.len()) } else { said.iter().position(|line| line.is_provisional) }
        };
        while let Some(place) = next(&said) {
            // It may be late, or have ended.
            let Ok(line) = lines.recv_timeout(rules.limits.cpu + PATIENCE) else { break };
            if place < said.len() { said[place] = line } else { said.push(line) }
        }
        let lost = said.iter().position(|line| line.is_provisional);
        said.truncate(lost.unwrap_or(said.len()));
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
    fn of(case: &Case, expected: &Expected) -> Arguments {
        let args: Vec<String> = case.args.iter().map(|arg| arg.to_json()).collect();
        Arguments { args: format!("[{}]", args.join(",")), right: expected.value().map(|value| value.to_json()) }
    }
}

/// Is deem's host: reads a job, and runs it in a pool of one thread.
///
/// # Errors
/// If it cannot be read, or V8 does not start.
pub fn serve() -> Result<()> {
    let job: Job = serde_json::from_reader(std::io::stdin())?;
    let pool = Pool::new(&Engine::new()?, 1, job.isolation)?;
    let mut session = match pool.prepare(&job.submission, &job.rules)? {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => {
            let line = Line { value: None, error: Some(exception.to_string()), is_provisional: false };
            return job.cases.iter().try_for_each(|_| say(&line));
        }
    };
    let case = |arguments: &Arguments| {
        let args = serde_json::from_str::<Vec<Value>>(&arguments.args)?;
        Ok(Arc::new(Case { id: arguments.args.clone(), args, expected: Value::Undefined.into() }))
    };
    let cases = job.cases.iter().map(case).collect::<Result<Vec<_>>>()?;
    let (is_provisional, mut places, mut again) = (session.is_provisional(), job.cases.iter(), Vec::new());
    let mut written = Ok(());
    session.run(&mut cases.into_iter(), &mut |case: Arc<Case>, execution: Execution| {
        let mut line = Line::of(execution);
        // As a judge does, of whose answers those that are right are final.
        let right = places.next().and_then(|arguments| arguments.right.as_ref());
        line.is_provisional = is_provisional && (right.is_none() || right != line.value.as_ref());
        if line.is_provisional {
            again.push(case);
        }
        written = say(&line);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    if written.is_ok() && !again.is_empty() {
        session.confirm(&mut again.into_iter(), &mut |_: Arc<Case>, execution: Execution| {
            written = say(&Line::of(execution));
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
    }
    written
}

impl Line {
    fn of(execution: Execution) -> Line {
        let (value, error) = match execution.result {
            Ok(Outcome::Returned(value)) => (Some(value.to_json()), None),
            Ok(outcome) => (None, Some(outcome.to_string())),
            Err(error) => (None, Some(error.to_string())),
        };
        Line { value, error, is_provisional: false }
    }
}

fn say(line: &Line) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(line)?)?)
}
