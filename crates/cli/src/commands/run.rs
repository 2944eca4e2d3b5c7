use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use comfy_table::Table;
use deem_core::{Rules, Verdict};

use super::exit_code;
use super::watch::Watch;
use crate::args::{self, Ending, Format, Other};
use crate::bar::Bar;
use crate::comparison::Node;
use crate::engine::Engine;
use crate::interrupt::{self, interrupted};
use crate::judging::{Task, judge};
use crate::output::{self, EngineFacts, Outputs, Style, Verbosity, quoted};
use crate::submission::Written;
use crate::suites::Given;
use crate::{selection, submission, suites};

/// One submission to judge.
struct Job<'a> {
    given: &'a Given,
    solution: String,
    written: Written,
    again: Option<String>,
}

pub(crate) fn run(run: &args::Run, reports: &[(Format, Option<PathBuf>)], verbosity: Verbosity) -> Result<ExitCode> {
    let is_in_list = suites::on_disk(&run.solution) != run.solution; // where ids may end in .js
    let is_code = submission::is_stdin(&run.solution) || (!is_in_list && Ending::of(&run.solution).is_some());
    if run.suite.is_none() && is_code {
        bail!("{}: give the suite that it is judged on: --suite PATH", submission::name(&run.solution));
    }
    if run.watch && submission::is_stdin(&run.solution) {
        bail!("--watch: standard input does not change");
    }
    for file in reports.iter().filter_map(|(_, file)| file.as_deref()) {
        if file.canonicalize().is_ok_and(|file| run.solution.canonicalize().is_ok_and(|solution| solution == file)) {
            bail!("-o {}: that is the solution itself", file.display());
        }
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
    let mut suites = match &run.suite {
        // Node is asked first, with all the cases.
        Some(path) if run.compare.is_some() => vec![Given::whole(suites::load_one(path)?)],
        Some(path) => vec![suites::open_one(path)?],
        None => suites::load(&run.solution)?.into_iter().map(Given::whole).collect(),
    };
    if run.signed_zero {
        suites.iter_mut().for_each(|given| suites::tell_zeros_apart(&mut given.suite));
    }
    let jobs = match &run.suite {
        Some(_) => suites.iter().map(|suite| given(run, suite)).collect::<Result<_>>()?,
        None => shipped(&suites)?,
    };
    let mut planned = Vec::with_capacity(jobs.len());
    for job in jobs {
        let suite = &job.given.suite;
        let limits = run.limits.over(suite.rules.limits)?;
        let (seed, fail_fast) = (run.seed.unwrap_or(suite.rules.seed), run.fail_fast || suite.rules.fail_fast);
        let rules = Rules { limits, seed, fail_fast, ..suite.rules };
        let cases = match run.cases.as_slice() {
            [] => selection::all(job.given.cases()?),
            wanted => {
                let numbers = selection::select(job.given.cases()?, wanted).with_context(|| suite.name.clone())?;
                selection::only(job.given.cases()?, numbers)
            }
        };
        let mut cases = cases.peekable();
        if let Some(error) = cases.next_if(Result::is_err).and_then(Result::err) {
            return Err(error.into()); // there would be nothing to report of
        }
        planned.push((cases, rules, job));
    }

    let is_list = run.suite.is_none();
    let mut outputs = Outputs::open(reports, is_list, style(run.failures, verbosity))?;
    let (facts, warnings) = (EngineFacts::of(engine), engine.warnings()?);
    if verbosity == Verbosity::Verbose {
        crate::say(&described(&facts, engine.threads));
    }
    let node = run.compare.map(|Other::Node| Node::find(engine.threads)).transpose().context("--compare node")?;
    let total = planned.iter().map(|(cases, ..)| cases.size_hint().1).sum();
    let bar = Bar::new(total, shows_bar(reports, verbosity));
    let (count, mut broken) = (planned.len(), None);
    let mut verdicts: Vec<Verdict> = Vec::new();
    for (cases, rules, job) in planned {
        if interrupted() || outputs.are_closed() {
            break;
        }
        bar.says(&job.solution);
        let suite = &job.given.suite;
        let told = output::Run {
            suite: &suite.name,
            solution: &job.solution,
            source: &job.written.source,
            entry: &job.written.submission.entry,
            param_names: &suite.param_names,
            checker: &suite.checker,
            rules: &rules,
            engine: &facts,
            warnings: &warnings,
            again: job.again.as_deref(),
        };
        let task = Task { written: &job.written, run: told, doubts: run.doubts };
        match judge(engine, node.as_ref(), &task, Box::new(cases), &mut outputs, &bar) {
            Ok(verdict) => verdicts.push(verdict),
            Err(error) => {
                broken = Some(error);
                break;
            }
        }
    }
    drop(bar);
    if is_list && verdicts.len() < count && interrupted() {
        crate::say(&format!("interrupted: {} of {count} solutions were judged", verdicts.len()));
    }
    let is_unread = outputs.finish()?;
    if let Some(error) = broken {
        return Err(error.into());
    }
    Ok(ExitCode::from(if is_unread { crate::UNREAD } else { exit_code(&verdicts) }))
}

/// The solution that was given, to be judged on this suite.
fn given<'a>(run: &args::Run, given: &'a Given) -> Result<Job<'a>> {
    let written = submission::read(&run.solution, &given.suite, run.entry.as_deref(), run.ending)?;
    let again = (!submission::is_stdin(&run.solution)).then(|| again(run));
    Ok(Job { given, solution: submission::name(&run.solution), written, again })
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
    if let Some(ending) = run.ending {
        option("--ext", ending.name());
    }
    if run.engine.isolation != args::Isolation::Sandbox {
        option("--isolation", run.engine.isolation.name());
    }
    if run.engine.walls != args::Walls::All {
        option("--walls", "as-possible".to_owned());
    }
    if let Some(seed) = run.seed {
        option("--seed", seed.to_string());
    }
    for (name, value) in run.limits.given() {
        option(name, value.to_string());
    }
    if run.signed_zero {
        words.push("--signed-zero".to_owned());
    }
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// The solutions that suites ship.
fn shipped(suites: &[Given]) -> Result<Vec<Job<'_>>> {
    let mut jobs = Vec::new();
    for given in suites {
        jobs.extend(given.suite.solutions.iter().map(|solution| Job {
            given,
            solution: solution.name.clone(),
            written: Written {
                source: solution.submission.source.clone(),
                submission: solution.submission.clone(),
                refused: None,
                ending: None,
            },
            again: None,
        }));
    }
    if jobs.is_empty() {
        bail!("no suite here ships a solution: give one, `deem run SOLUTION --suite PATH`");
    }
    Ok(jobs)
}

fn watched(run: &args::Run) -> Vec<PathBuf> {
    [Some(run.solution.as_path()), run.suite.as_deref()].into_iter().flatten().map(suites::on_disk).collect()
}

fn style(failures: usize, verbosity: Verbosity) -> Style {
    let terminal = std::io::stdout().is_terminal().then(|| Table::new().width()).flatten();
    Style { failures, verbosity, width: width(terminal) }
}

/// A terminal's width, in bounds; anywhere else, and where the terminal does not know it, the same one always.
fn width(terminal: Option<u16>) -> usize {
    terminal.filter(|&columns| columns > 0).map_or(100, usize::from).clamp(40, 140)
}

/// Not where it would stand between the lines of a report.
fn shows_bar(reports: &[(Format, Option<PathBuf>)], verbosity: Verbosity) -> bool {
    let streams = reports.iter().any(|(format, file)| *format == Format::Jsonl && file.is_none());
    verbosity != Verbosity::Quiet && !(streams && std::io::stdout().is_terminal())
}

fn described(facts: &EngineFacts, threads: usize) -> String {
    format!("{}; at most {threads} cases at a time", facts.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_does_not_know_its_width_has_the_usual_one() {
        assert_eq!([None, Some(0), Some(20), Some(80), Some(500)].map(width), [100, 100, 40, 80, 140]);
    }
}
