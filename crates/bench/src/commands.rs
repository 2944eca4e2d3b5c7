//! What each subcommand does.
#![expect(clippy::print_stderr, reason = "this is the binary")]

pub(crate) mod attack;

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use deem_bench::agree::Behaviour;
use deem_bench::definition::{self, Block};
use deem_bench::machine::Machine;
use deem_bench::measure::{Plan, Row, State};
use deem_bench::record::{BlockRecord, Record};
use deem_bench::report::one_line;
use deem_bench::{record, report};
use deem_core::{Engine, Isolation, Pool, suite};
use deem_spawn::{Processes, Runtime};
use indicatif::{ProgressBar, ProgressStyle};

use crate::interrupt::{EXIT_CODE, interrupted};

pub(crate) fn run(benches: &Path, fixtures: &Path, quick: bool, out: &Path) -> Result<ExitCode> {
    let plan = if quick { Plan::QUICK } else { Plan::FULL };
    let blocks = definition::load(benches, fixtures)?;
    let mut tables = new_tables(&blocks, &plan);
    let started = jiff::Zoned::now().strftime("%FT%T%:z").to_string();
    verify_all(&mut tables);
    let rounds = measure_all(&mut tables, &plan);

    let record = Record {
        started,
        command: if quick { "just bench --quick" } else { "just bench" }.to_owned(),
        partial: interrupted().then(|| match rounds {
            0 => "interrupted while verifying".to_owned(),
            _ => format!("interrupted in round {rounds} of {}", plan.rounds),
        }),
        machine: Machine::this(),
        blocks: blocks.iter().zip(&tables).map(|(block, rows)| BlockRecord::new(block, rows)).collect(),
    };
    // Ends the subprocesses, before anything that might fail.
    let failed = failures(&tables);
    drop(tables);
    let shown = say(report::terminal(&record).trim_end());
    record.write(out)?;
    shown?; // after the record, which is there even if nobody reads the table
    eprintln!("written: {0}/bench.json, {0}/record.json", out.display());
    Ok(exit_code(failed))
}

pub(crate) fn verify(benches: &Path, fixtures: &Path) -> Result<ExitCode> {
    let blocks = definition::load(benches, fixtures)?;
    let mut tables = new_tables(&blocks, &Plan::FULL);
    verify_all(&mut tables);
    for (block, rows) in blocks.iter().zip(&tables) {
        for row in rows {
            match &row.state {
                State::Verified => say(format!("ok      {} ({} cases)", row.name(), row.definition.suite.cases.len())),
                State::Failed(why) => say(format!("FAILED  {}: {}", row.name(), one_line(why))),
                State::Unverified => say(format!("not run {}", row.name())),
            }?;
        }
        for left_out in &block.left_out {
            say(format!("left out {}: {}", left_out.engine, left_out.why))?;
        }
    }
    Ok(exit_code(failures(&tables)))
}

pub(crate) fn report(record: &Path, readme: &Path, keep: &Path) -> Result<ExitCode> {
    let record = Record::read(record)?;
    let text = std::fs::read_to_string(readme).with_context(|| format!("cannot read {}", readme.display()))?;
    let around = report::around_tables(&text).with_context(|| readme.display().to_string())?;
    let kept = keep.join(record.keep(keep)?);
    record::replace(readme, &report::splice(around, &record, &kept.to_string_lossy()))?;
    eprintln!("the table is in {}, the record in {}", readme.display(), kept.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn agree(path: &Path) -> Result<ExitCode> {
    let suites = suite::load(path)?;
    let engine = Engine::new()?;
    let pool = |isolation| Pool::new(&engine, Pool::default_threads(), isolation);
    let (isolates, frozen) = (pool(Isolation::Realm)?, pool(Isolation::Frozen)?);
    let node = Processes::new(&Runtime::node()?, Pool::default_threads(), deem_spawn::Isolation::Context);
    let bar = bar(suites.iter().map(|suite| suite.solutions.len() as u64).sum(), "comparing");
    let (mut solutions, mut cases, mut differences, mut wrong) = (0, 0, 0, 0);
    for suite in &suites {
        for solution in &suite.solutions {
            if interrupted() {
                break;
            }
            let of = |executor: &dyn deem_core::Executor| {
                Behaviour::of(executor, &solution.submission, &suite.cases, &suite.rules)
            };
            let (ours, nodes) = (of(&isolates)?, of(&node)?);
            let reported =
                Behaviour::reported(&frozen, &solution.submission, &suite.cases, &suite.checker, &suite.rules)?;
            solutions += 1;
            cases += suite.cases.len();
            let name = format!("{}/{}", suite.name, solution.name);
            for (other, who) in [(nodes, "isolates and node"), (reported, "fresh realms and the frozen one")] {
                if let Some(difference) = ours.difference(&other, &suite.cases, &suite.checker) {
                    differences += 1;
                    bar.suspend(|| say(format!("{name}: {who} differ: {}", one_line(&difference))))?;
                }
            }
            let (verdict, why) = ours.verdict(&suite.cases, &suite.checker);
            if verdict != solution.verdict {
                wrong += 1;
                let stated = solution.verdict;
                bar.suspend(|| say(format!("{name}: {verdict}, and should be {stated}: {}", one_line(&why))))?;
            }
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    say(format!(
        "{solutions} solutions, {cases} cases: {differences} differ, {wrong} have another verdict than stated"
    ))?;
    Ok(exit_code(differences + wrong > 0))
}

/// A result, on standard output. The reader may have gone (`| head`), which is an error here and not a panic.
fn say(result: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "{result}")
}

fn new_tables<'d>(blocks: &'d [Block], plan: &Plan) -> Vec<Vec<Row<'d>>> {
    let rows = |block: &'d Block| block.rows.iter().map(|row| Row::new(row, plan)).collect();
    blocks.iter().map(rows).collect()
}

fn verify_all(tables: &mut [Vec<Row<'_>>]) {
    let bar = bar(tables.iter().map(|rows| rows.len() as u64).sum(), "verifying");
    for row in tables.iter_mut().flatten() {
        bar.set_message(row.name());
        if !interrupted() {
            row.verify(&interrupted);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
}

/// Returns the number of the round that it got to.
fn measure_all(tables: &mut [Vec<Row<'_>>], plan: &Plan) -> u32 {
    let turns: usize = tables.iter().map(Vec::len).sum();
    let bar = bar(turns as u64 * u64::from(plan.rounds), "measuring");
    let mut round = 0;
    while round < plan.rounds && !interrupted() {
        round += 1;
        for rows in tables.iter_mut() {
            // Another row begins in each round, and every other round goes backwards.
            let count = rows.len();
            for step in 0..count {
                let index = (step + round as usize) % count;
                let row = &mut rows[if round % 2 == 0 { count - 1 - index } else { index }];
                bar.set_message(format!("round {round} of {}, {}", plan.rounds, row.name()));
                if !interrupted() {
                    row.measure(plan, &interrupted);
                }
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    round
}

fn failures(tables: &[Vec<Row<'_>>]) -> bool {
    tables.iter().flatten().any(|row| matches!(row.state, State::Failed(_)))
}

fn exit_code(failed: bool) -> ExitCode {
    match (interrupted(), failed) {
        (true, _) => ExitCode::from(EXIT_CODE),
        (false, true) => ExitCode::from(1),
        (false, false) => ExitCode::SUCCESS,
    }
}

/// A bar on a terminal; elsewhere a line that says what begins.
fn bar(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length).with_prefix(what);
    if bar.is_hidden() {
        eprintln!("{what} ..");
    }
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {elapsed} {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
