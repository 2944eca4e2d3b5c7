use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use comfy_table::Table;
use deem_core::{Rules, Suite, Verdict, suite};

use super::exit_code;
use super::watch::Watch;
use crate::args::{self, Format, Other};
use crate::bar::Bar;
use crate::comparison::Node;
use crate::engine::Engine;
use crate::interrupt::{self, interrupted};
use crate::judging::{Task, judge};
use crate::output::{self, EngineFacts, Outputs, Style, Verbosity, quoted};
use crate::submission::Given;
use crate::{selection, submission, suites};

/// One submission to judge.
struct Job<'a> {
    suite: &'a Suite,
    solution: String,
    given: Given,
    again: Option<String>,
}

pub(crate) fn run(run: &args::Run, reports: &[(Format, Option<PathBuf>)], verbosity: Verbosity) -> Result<ExitCode> {
    if run.suite.is_none() && (submission::is_stdin(&run.solution) || has_code(&run.solution)) {
        bail!("{}: give the suite that it is judged on: --suite PATH", submission::name(&run.solution));
    }
    if run.watch && submission::is_stdin(&run.solution) {
        bail!("--watch: standard input does not change");
    }
    // First of all: what a sandbox needs starts while the suite is read.
    let engine = Engine::start(&run.engine)?;
    let Some(mut watch) = run.watch.then(|| Watch::start(&watched(run))).transpose()? else {
        let done = once(run, &engine, reports, verbosity);
        engine.leave();
        return done;
    };
    loop {
        match once(run, &engine, reports, verbosity) {
            // A file that is half written, or a mistake in it: the next change may mend it.
            Err(error) if error.is::<output::Unwritten>() => return Err(error),
            Err(error) => crate::complain(&error),
            Ok(_) => {}
        }
        if !interrupted() {
            crate::say("waiting for a change; Ctrl-C ends");
        }
        if !watch.wait() {
            return Ok(ExitCode::from(interrupt::EXIT_CODE));
        }
    }
}

fn once(
    run: &args::Run,
    engine: &Engine,
    reports: &[(Format, Option<PathBuf>)],
    verbosity: Verbosity,
) -> Result<ExitCode> {
    let suites = match &run.suite {
        Some(path) => vec![suites::load_one(path)?],
        None => suite::load(&run.solution)?,
    };
    let jobs = match &run.suite {
        Some(_) => suites.iter().map(|suite| given(run, suite)).collect::<Result<_>>()?,
        None => shipped(&suites)?,
    };
    let mut planned = Vec::with_capacity(jobs.len());
    for job in jobs {
        let limits = run.limits.over(job.suite.rules.limits)?;
        let rules = Rules { limits, seed: run.seed, fail_fast: run.fail_fast, ..job.suite.rules };
        let cases = selection::select(&job.suite.cases, &run.cases).with_context(|| job.suite.name.clone())?;
        planned.push((cases, rules, job));
    }

    let is_list = run.suite.is_none();
    let mut outputs = Outputs::open(reports, is_list, style(run.failures, verbosity))?;
    let (facts, warnings) = (EngineFacts::of(engine), engine.warnings()?);
    if verbosity == Verbosity::Verbose {
        crate::say(&described(&facts, engine.threads));
    }
    let node = run.compare.map(|Other::Node| Node::find(engine.threads)).transpose().context("--compare node")?;
    let bar = Bar::new(planned.iter().map(|(cases, ..)| cases.len()).sum(), shows_bar(reports, verbosity));
    let mut verdicts: Vec<Verdict> = Vec::new();
    for (cases, rules, job) in &planned {
        if interrupted() || outputs.are_closed() {
            break;
        }
        bar.says(&job.solution);
        let told = output::Run {
            suite: &job.suite.name,
            solution: &job.solution,
            source: &job.given.source,
            rules,
            engine: &facts,
            warnings: &warnings,
            again: job.again.as_deref(),
        };
        let checker = &job.suite.checker;
        let (submission, refused) = (&job.given.submission, job.given.refused.as_ref());
        let task = Task { submission, refused, cases, checker, run: told };
        verdicts.push(judge(engine, node.as_ref(), &task, &mut outputs, &bar));
    }
    drop(bar);
    if is_list && verdicts.len() < planned.len() && interrupted() {
        crate::say(&format!("interrupted: {} of {} solutions were judged", verdicts.len(), planned.len()));
    }
    let is_unread = outputs.are_closed();
    outputs.finish()?;
    Ok(ExitCode::from(if is_unread { crate::UNREAD } else { exit_code(&verdicts) }))
}

/// The solution that was given, to be judged on this suite.
fn given<'a>(run: &args::Run, suite: &'a Suite) -> Result<Job<'a>> {
    let given = submission::read(&run.solution, suite, run.entry.as_deref())?;
    let again = (!submission::is_stdin(&run.solution)).then(|| again(run));
    Ok(Job { suite, solution: submission::name(&run.solution), given, again })
}

/// The command that judges by the same rules.
fn again(run: &args::Run) -> String {
    let mut words = vec!["deem".to_owned(), "run".to_owned(), run.solution.display().to_string()];
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    if let Some(suite) = &run.suite {
        option("--suite", suite.display().to_string());
    }
    if let Some(entry) = &run.entry {
        option("--entry", entry.clone());
    }
    if run.engine.isolation != args::Isolation::Sandbox {
        option("--isolation", run.engine.isolation.name());
    }
    if run.engine.walls != args::Walls::All {
        option("--walls", "as-possible".to_owned());
    }
    if run.seed != 0 {
        option("--seed", run.seed.to_string());
    }
    for (name, value) in run.limits.given() {
        option(name, value.to_string());
    }
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// The solutions that suites ship.
fn shipped(suites: &[Suite]) -> Result<Vec<Job<'_>>> {
    let of_suite = |suite| {
        let job = move |solution: &deem_core::Solution| Job {
            suite,
            solution: solution.name.clone(),
            given: Given {
                source: solution.submission.source.clone(),
                submission: solution.submission.clone(),
                refused: None,
            },
            again: None,
        };
        suite.solutions.iter().map(job)
    };
    let jobs: Vec<Job<'_>> = suites.iter().flat_map(of_suite).collect();
    if jobs.is_empty() {
        bail!("no suite here ships a solution: give one, `deem run SOLUTION --suite PATH`");
    }
    Ok(jobs)
}

fn has_code(path: &Path) -> bool {
    submission::has_ending(path, &["js", "mjs", "ts", "mts"])
}

fn watched(run: &args::Run) -> Vec<PathBuf> {
    let suite = run.suite.as_deref().map(suites::on_disk);
    [Some(run.solution.clone()), suite].into_iter().flatten().collect()
}

fn style(failures: usize, verbosity: Verbosity) -> Style {
    // A terminal's width; anywhere else the same one always.
    let terminal = std::io::stdout().is_terminal().then(|| Table::new().width()).flatten();
    Style { failures, verbosity, width: terminal.map_or(100, usize::from).clamp(40, 140) }
}

/// Not where it would stand between the lines of a report.
fn shows_bar(reports: &[(Format, Option<PathBuf>)], verbosity: Verbosity) -> bool {
    let streams = reports.iter().any(|(format, file)| *format == Format::Jsonl && file.is_none());
    verbosity != Verbosity::Quiet && !(streams && std::io::stdout().is_terminal())
}

fn described(facts: &EngineFacts, threads: usize) -> String {
    format!("{}; at most {threads} cases at a time", facts.words())
}
