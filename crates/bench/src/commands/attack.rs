//! `deem-bench attack`.

use std::hint::spin_loop;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use anyhow::Result;
use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use deem_bench::attack::host::Host;
use deem_bench::attack::{Held, Manner, Score, assess};
use deem_bench::corpus::{self, Fixture};
use deem_core::Isolation;
use deem_sandbox::{Level, Sandbox, Settings, Walls};

use super::{bar, exit_code, say};
use crate::interrupt::interrupted;

#[derive(Args)]
pub(crate) struct Options {
    /// The folder with the programs.
    #[arg(default_value = "fixtures/hostile")]
    corpus: PathBuf,
    /// How often each program is run.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    times: u32,
    /// So many threads keep the processors busy meanwhile.
    #[arg(long, default_value_t = 0)]
    load: usize,
    /// The folder where isolated-vm is installed for node, if it is.
    #[arg(long, default_value = ".")]
    isolated_vm: String,
    /// Only those of "deem, strict", "deem, strict, frozen", "deem, balanced", "deem, in process", "deem, in process, frozen",
    /// "node:vm" and "isolated-vm" that contain this.
    #[arg(long, default_value = "")]
    only: String,
}

/// What is attacked.
enum Subject {
    Sandbox(&'static str, Level, Isolation),
    Host(Host),
}

/// The families, by the letters that their files begin with, as the table names them.
const FAMILIES: [(char, &str); 8] = [
    ('L', "loops"),
    ('N', "native loops"),
    ('M', "memory"),
    ('S', "stack"),
    ('X', "exceptions"),
    ('C', "between cases"),
    ('O', "output"),
    ('T', "parsing"),
];

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let fixtures = corpus::load(&options.corpus)?;
    let subjects = subjects(options)?;
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["holds"].into_iter().chain(FAMILIES.map(|(_, name)| name)).chain(["all"]));
    let (mut failures, mut has_failed) = (Vec::new(), false);
    let bar = bar((subjects.len() * fixtures.len()) as u64 * u64::from(options.times), "attacking");
    for subject in &subjects {
        let score = under_load(options.load, || subject.score(&fixtures, options.times, &bar))?;
        table.add_row(
            [subject.name().to_owned()]
                .into_iter()
                .chain(FAMILIES.map(|(letter, _)| score.family(letter).to_string()))
                .chain([score.total().to_string()]),
        );
        has_failed |= matches!(subject, Subject::Sandbox(..)) && !score.failures.is_empty();
        failures.extend(score.failures.iter().map(|failure| format!("{}: {failure}", subject.name())));
    }
    bar.finish_and_clear();
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    say(table)?;
    for failure in failures {
        say(failure)?;
    }
    Ok(exit_code(has_failed))
}

fn subjects(options: &Options) -> Result<Vec<Subject>> {
    let mut all = vec![
        Subject::Sandbox("deem, strict", Level::Strict, Isolation::Realm),
        Subject::Sandbox("deem, strict, frozen", Level::Strict, Isolation::Frozen),
        Subject::Sandbox("deem, balanced", Level::Balanced, Isolation::Realm),
        Subject::Host(Host::in_process("deem, in process", Isolation::Realm, &["attack-host"])?),
        Subject::Host(Host::in_process("deem, in process, frozen", Isolation::Frozen, &["attack-host"])?),
        Subject::Host(Host::node_vm()),
    ];
    all.extend(Host::isolated_vm(&options.isolated_vm).map(Subject::Host));
    all.retain(|subject| subject.name().contains(&options.only));
    Ok(all)
}

impl Subject {
    fn name(&self) -> &str {
        match self {
            Subject::Sandbox(name, ..) => name,
            Subject::Host(host) => &host.name,
        }
    }

    fn score(&self, fixtures: &[Fixture], times: u32, bar: &indicatif::ProgressBar) -> Result<Score> {
        let mut score = Score::default();
        let sandbox = match self {
            Subject::Sandbox(_, level, isolation) => {
                let (level, isolation) = (*level, *isolation);
                let settings =
                    Settings { threads: 1, walls: Walls::AsPossible, level, isolation, ..Settings::default() };
                Some(Sandbox::start(&settings)?)
            }
            Subject::Host(_) => None,
        };
        for _ in 0..times {
            for fixture in fixtures {
                if interrupted() {
                    return Ok(score);
                }
                bar.set_message(format!("{}, {}", self.name(), fixture.name));
                let held = match (self, &sandbox) {
                    (Subject::Host(host), _) => host.attack(fixture)?,
                    (_, Some(sandbox)) => {
                        assess(sandbox, fixture, Manner::default()).map_or_else(Held::No, |()| Held::Yes)
                    }
                    (Subject::Sandbox(..), None) => continue,
                };
                score.add(fixture, held);
                bar.inc(1);
            }
        }
        Ok(score)
    }
}

/// Does something while so many threads do nothing but keep processors busy.
fn under_load<T>(threads: usize, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !is_over.load(Relaxed) {
                    spin_loop();
                }
            });
        }
        let done = work();
        is_over.store(true, Relaxed);
        done
    })
}
