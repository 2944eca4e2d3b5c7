//! A run as data: what was measured, on what, by which command, with the raw samples.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::definition::{Block, LeftOut};
use crate::engine::Isolation;
use crate::machine::Machine;
use crate::measure::{Row, State};
use crate::statistics::Summary;

/// How many samples of a row a record keeps: of more, every n-th.
const KEPT: usize = 1_000;

/// A run of the barometer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// When it began (RFC 3339).
    pub started: String,
    /// The command.
    pub command: String,
    /// Why it ended early, if it did.
    pub partial: Option<String>,
    /// What it ran on.
    pub machine: Machine,
    /// The tables.
    pub blocks: Vec<BlockRecord>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockRecord {
    /// Its title.
    pub title: String,
    /// Its rows.
    pub rows: Vec<RowRecord>,
    /// What is not in it, and why.
    pub left_out: Vec<LeftOut>,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowRecord {
    /// The numbers.
    #[serde(flatten)]
    pub result: RowResult,
    /// The engine's version.
    pub version: String,
    /// How many threads it had.
    pub threads: usize,
    /// Wall time around each case, in nanoseconds: of all samples, every `samples_ns_every`-th.
    pub samples_ns: Vec<u64>,
    /// See `samples_ns`.
    pub samples_ns_every: usize,
    /// For each turn, the number of cases and the wall time in nanoseconds.
    pub turns: Vec<(usize, u64)>,
}

/// One row, as `bench.json` has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowResult {
    /// The engine.
    pub engine: String,
    /// The suite.
    pub benchmark: String,
    /// What is fresh for each case.
    pub isolation: Isolation,
    /// Whether there was a thread for each processor, and not just one.
    pub parallel: bool,
    /// How many cases were timed.
    pub samples: usize,
    /// Wall time around a case: the median.
    pub median_ns: Option<u64>,
    /// Wall time around a case: one in a hundred takes longer.
    pub p99_ns: Option<u64>,
    /// Cases done in a second of wall time, all threads together: the median over the turns.
    pub cases_per_s: Option<f64>,
    /// How many times the cases per second of node spawned per case, on the same suite and with as many threads.
    pub vs_node_spawn: Option<f64>,
    /// Whether every value that was returned, then and while measuring, was right.
    pub verified: bool,
    /// What was wrong.
    pub failure: Option<String>,
}

impl BlockRecord {
    /// The table of what was measured so far.
    pub fn new(block: &Block, rows: &[Row<'_>]) -> BlockRecord {
        let mut records: Vec<RowRecord> = rows.iter().map(RowRecord::new).collect();
        let baseline = |of: &RowRecord| {
            let base = records.iter().find(|base| {
                base.is_node_spawn() && base.result.benchmark == of.result.benchmark && base.threads == of.threads
            });
            base.and_then(|base| base.result.cases_per_s)
        };
        let ratios: Vec<Option<f64>> =
            records.iter().map(|row| Some(row.result.cases_per_s? / baseline(row)?)).collect();
        for (row, ratio) in records.iter_mut().zip(ratios) {
            row.result.vs_node_spawn = ratio;
        }
        BlockRecord { title: block.title.clone(), rows: records, left_out: block.left_out.clone() }
    }
}

impl RowRecord {
    fn new(row: &Row<'_>) -> RowRecord {
        let definition = row.definition;
        let summary = if matches!(row.state, State::Failed(_)) { None } else { Summary::of(&row.samples) };
        let every = row.samples.len().div_ceil(KEPT).max(1);
        RowRecord {
            result: RowResult {
                engine: definition.engine.name.clone(),
                benchmark: definition.suite.name.clone(),
                isolation: definition.engine.isolation,
                parallel: definition.threads > 1,
                samples: row.samples.len(),
                median_ns: summary.map(|summary| nanos(summary.median)),
                p99_ns: summary.map(|summary| nanos(summary.p99)),
                cases_per_s: summary.and_then(|_| cases_per_second(&row.turns)),
                vs_node_spawn: None,
                verified: row.state == State::Verified,
                failure: match &row.state {
                    State::Failed(why) => Some(why.clone()),
                    State::Unverified | State::Verified => None,
                },
            },
            version: definition.engine.version.clone(),
            threads: definition.threads,
            samples_ns: row.samples.iter().step_by(every).copied().map(nanos).collect(),
            samples_ns_every: every,
            turns: row.turns.iter().map(|&(cases, wall)| (cases, nanos(wall))).collect(),
        }
    }

    fn is_node_spawn(&self) -> bool {
        self.result.isolation == Isolation::Process && self.version.starts_with("node ")
    }
}

fn cases_per_second(turns: &[(usize, Duration)]) -> Option<f64> {
    let mut rates: Vec<f64> = turns.iter().map(|(cases, wall)| *cases as f64 / wall.as_secs_f64()).collect();
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied()
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// If there is none, or it is not one of this version of deem.
    pub fn read(file: &Path) -> Result<Record> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("cannot read {}: `just bench` writes one", file.display()))?;
        serde_json::from_str(&text).with_context(|| file.display().to_string())
    }

    /// Writes `bench.json`, the results alone, and `record.json`, everything, into a folder.
    ///
    /// # Errors
    /// If the disk does not take them. What was there is whole then.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let results: Vec<&RowResult> =
            self.blocks.iter().flat_map(|block| &block.rows).map(|row| &row.result).collect();
        replace(&folder.join("bench.json"), &serde_json::to_string_pretty(&results)?)?;
        replace(&folder.join("record.json"), &serde_json::to_string(self)?)
    }

    /// Keeps the record for good, under its date; returns the file's name. A record that is kept is never overwritten.
    ///
    /// # Errors
    /// If it was cut short, or the disk does not take it.
    pub fn keep(&self, folder: &Path) -> Result<String> {
        if let Some(why) = &self.partial {
            bail!("this record is partial ({why}): run `just bench` to its end");
        }
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let text = serde_json::to_string(self)?;
        let date = self.started.split('T').next().unwrap_or_default();
        for number in 1.. {
            let name = format!("{date}.{number}.json");
            let file = folder.join(&name);
            match fs::read(&file) {
                Ok(kept) if kept == text.as_bytes() => return Ok(name),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    replace(&file, &text)?;
                    return Ok(name);
                }
                Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
            }
        }
        unreachable!("there is always a next number")
    }
}

/// Writes a file as a whole or not at all.
///
/// # Errors
/// If the disk does not take it.
pub fn replace(file: &Path, text: &str) -> Result<()> {
    let new = file.with_extension("new");
    let written = fs::write(&new, text).and_then(|()| fs::rename(&new, file));
    written.with_context(|| format!("cannot write {}", file.display()))
}
