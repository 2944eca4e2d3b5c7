//! The command line's grammar.

use std::path::PathBuf;
use std::time::Duration;

use anstream::ColorChoice;
use clap::builder::RangedU64ValueParser;
use clap::{ArgMatches, Args, Parser, Subcommand, ValueEnum};
use deem_core::{Bytes, InvalidLimits, Limits};

/// Judges JavaScript: runs a solution on the cases of a suite, each in a fresh realm, and says what came of it.
///
/// Exit codes: 0 every case is AC; 1 some case is not, or the solution does not compile; 2 an argument, a suite or a solution
/// cannot be used; 3 deem failed, or a checker did; 130 interrupted.
#[derive(Parser)]
#[command(
    name = "deem",
    version,
    propagate_version = true,
    after_help = "Examples:
  deem run sum.js --suite suites/sum      judge a solution on a suite
  deem run suites                         judge the solutions that suites ship
  deem verify suites                      do they all get the verdicts that they must get?
  deem import canonical-data.json leap    make a suite of what is in another format
  deem doctor                             does the sandbox hold here?

`deem run --help` has more."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colours. NO_COLOR and CLICOLOR_FORCE are heeded.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Messages")]
    pub(crate) color: Color,
    /// Say the result and nothing else.
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Messages")]
    pub(crate) quiet: bool,
    /// Say more: with what it is run, and what every case took.
    #[arg(short, long, global = true, help_heading = "Messages")]
    pub(crate) verbose: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Run(Box<Run>),
    Verify(Verify),
    Import(Import),
    /// Show whether deem works here, and whether the sandbox's walls hold, by trying.
    ///
    /// Exit codes: 0 all is as it must be; 1 something is not.
    Doctor,
    /// Print a JSON Schema.
    Schema {
        /// Of what.
        of: SchemaOf,
    },
    /// Print a shell's completions: `deem completions bash > ~/.local/share/bash-completion/completions/deem`.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page: `deem man | man -l -`, or with a command's name that of the command.
    Man {
        /// The command.
        command: Option<String>,
    },
}

/// Judge a solution on a suite; without --suite, judge the solutions that suites ship.
///
/// A suite is a folder with a suite.toml and a cases.jsonl. Cases run in worker processes that have no files, no network and
/// few system calls, so a solution may be hostile.
#[derive(Args)]
#[command(after_help = "Examples:
  deem run sum.js --suite suites/sum                   judge sum.js on a suite
  deem run sum.js --suite suites/sum --case 57         only the 57th case; or by its id, or `--case 'big-*'`
  cat sum.js | deem run - --suite suites/sum           from standard input
  cat sum.ts | deem run - --ext ts --suite suites/sum  the same in TypeScript
  deem run sum.js --suite suites/sum --watch           again whenever a file changes
  deem run sum.js --suite suites/sum --cpu-ms 500 --fail-fast
  deem run sum.js --suite suites/sum --format json | jq .verdict
  deem run sum.js --suite suites/sum --format human --format json -o report.json
  deem run suites                                      every suite below a folder, with its own solutions
  deem run problems.jsonl/two-sum                      a problem of a list, with its own solution

Exit codes: 0 every case is AC; 1 some case is not, or the solution does not compile; 2 an argument, a suite or a solution
cannot be used; 3 deem failed, or a checker did; 130 interrupted.")]
pub(crate) struct Run {
    /// A .js or .cjs file, an .mjs file (an ES module), the same in TypeScript (.ts, .cts, .mts), or `-` for standard input. Without --suite: a suite, a folder of suites, a list of problems, or one of them, such as problems.jsonl/two-sum.
    pub(crate) solution: PathBuf,
    /// The suite: its folder; or a problem in a list of problems, such as problems.jsonl/two-sum.
    #[arg(short, long, value_name = "PATH")]
    pub(crate) suite: Option<PathBuf>,
    /// The function to call, if not the suite's.
    #[arg(long, value_name = "NAME", requires = "suite")]
    pub(crate) entry: Option<String>,
    /// Take the solution for a file with this ending. Default: as its name ends, else js.
    #[arg(long = "ext", value_name = "ENDING", requires = "suite")]
    pub(crate) ending: Option<Ending>,
    /// Only these cases: an id, a number from 1, or a pattern for ids such as `big-*`. Repeatable.
    #[arg(short, long = "case", value_name = "CASE")]
    pub(crate) cases: Vec<String>,
    /// Take -0 for another number than 0 wherever values are compared, as suites do whose checker says `signed-zero = true`.
    #[arg(long)]
    pub(crate) signed_zero: bool,
    /// Stop at the first case that is not AC; those after it are SK.
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Judge again whenever the solution or the suite changes, until Ctrl-C.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Run every case on another runtime, too, and tell where it does something else. Verdicts are deem's.
    ///
    /// A solution has there all that node has: files, network, processes.
    #[arg(long, value_name = "RUNTIME")]
    pub(crate) compare: Option<Other>,
    /// Where Math.random starts, in every case alike. Default: as the suite says, else 0.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// Look into doubts however long that takes: whether answers depend on the cases before, or on Math.random.
    ///
    /// Up to 200 of the cases are run twice more, from another seed, and in another order in one realm. That changes no verdict.
    /// Without this, it is done where it takes less than a tenth of the run's time.
    #[arg(long)]
    pub(crate) doubts: bool,
    /// How many failures are shown whole.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    pub(crate) failures: usize,
    #[command(flatten)]
    pub(crate) engine: Engine,
    #[command(flatten)]
    pub(crate) limits: LimitOptions,
    /// How to report. Repeatable, each with its -o; what has none goes to standard output, where people read unless told
    /// otherwise.
    #[arg(long = "format", value_name = "FORMAT", help_heading = "Reports")]
    pub(crate) formats: Vec<Format>,
    /// Write the report of the --format before it to this file, once it is complete; `-` is standard output.
    #[arg(short, long = "output", value_name = "FILE", help_heading = "Reports")]
    pub(crate) outputs: Vec<PathBuf>,
}

/// Judge every solution that suites ship, and fail if one gets another verdict than it is marked with.
///
/// That is how a suite is tested: its wrong solutions must be found out, and its right ones must not be.
#[derive(Args)]
#[command(after_help = "Examples:
  deem verify suites                every suite below the folder
  deem verify suites/sum -v         one suite, with every solution's verdict

Exit codes: 0 all verdicts are as marked; 1 one is not; 2 a suite is broken; 3 deem failed, or a checker did; 130 interrupted.")]
pub(crate) struct Verify {
    /// A suite, a folder of suites, a list of problems, or one of them, such as problems.jsonl/two-sum.
    pub(crate) suites: PathBuf,
    /// Take -0 for another number than 0 wherever values are compared, as suites do whose checker says `signed-zero = true`.
    #[arg(long)]
    pub(crate) signed_zero: bool,
    #[command(flatten)]
    pub(crate) engine: Engine,
}

/// Write what is in another format as suites of deem's own, and say what could not be carried.
///
/// `deem run` and `deem verify` read other formats as they are: this is for whoever wants to change a suite, or add to it.
#[derive(Args)]
#[command(after_help = formats_help())]
pub(crate) struct Import {
    /// The file or folder; or a problem in a file, such as problems.jsonl/two-sum.
    pub(crate) from: PathBuf,
    /// The folder that is made; where there are several suites, the folder above theirs.
    pub(crate) to: PathBuf,
    /// The format, where it is not to be recognised.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<deem_core::suite::Format>,
}

fn formats_help() -> String {
    let names: Vec<String> = deem_core::suite::Format::ALL.iter().map(ToString::to_string).collect();
    format!(
        "Formats: {}\n\nExamples:\n  deem import canonical-data.json suites/leap\n  deem import batch.json suites --format judge0",
        names.join(", ")
    )
}

/// What runs the cases.
#[derive(Args)]
#[command(next_help_heading = "Engine")]
pub(crate) struct Engine {
    /// How many cases run at a time, up to 1024. Default: one for each processor.
    #[arg(long, value_name = "NUMBER", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub(crate) threads: Option<usize>,
    /// What is fresh for each case, and what holds it.
    #[arg(long, value_name = "LEVEL", default_value = "sandbox")]
    pub(crate) isolation: Isolation,
    /// What submissions to a sandbox share.
    #[arg(long, value_name = "LEVEL", default_value = "strict")]
    pub(crate) level: Level,
    /// What a sandbox must have around it.
    #[arg(long, value_name = "WHICH", env = "DEEM_WALLS", default_value = "all")]
    pub(crate) walls: Walls,
}

/// What a solution is, by how its file's name ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ending {
    /// JavaScript, a script.
    Js,
    /// JavaScript, an ES module.
    Mjs,
    /// As js.
    Cjs,
    /// TypeScript, a script.
    Ts,
    /// TypeScript, an ES module.
    Mts,
    /// As ts.
    Cts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Isolation {
    /// A realm in a worker process that has no files, no network and few system calls.
    Sandbox,
    /// The same, but cases first have one realm that none can change. What is not AC there is run again in a fresh one, which decides.
    SandboxFrozen,
    /// A realm in this process. For solutions that you trust, as are those below.
    Realm,
    /// As sandbox-frozen, but in this process.
    Frozen,
    /// An isolate in this process.
    Isolate,
    /// Nothing: all cases run in one realm, in this process.
    Shared,
    /// A vm context in a warm node process. A program has node's own modules there, not only those that read and write.
    Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Nothing: no two of them are ever in the same process.
    Strict,
    /// Processes, one after the other.
    Balanced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Walls {
    /// Every layer, but for namespaces. What is missing is a warning in the report.
    All,
    /// Those that this system has.
    AsPossible,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// One JSON document: see `deem schema report`.
    Json,
    /// A JSON object a line: one for each case as it is done, and a summary.
    Jsonl,
    /// JUnit's XML, for CI servers.
    Junit,
    /// One file for a browser, that needs nothing else.
    Html,
    /// Annotations of GitHub's Actions.
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Other {
    /// Warm processes of the node on PATH.
    Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// Of what `--format json` writes.
    Report,
    /// Of a suite in one file.
    Suite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    /// Wherever it goes.
    Always,
    /// Nowhere.
    Never,
}

impl Ending {
    /// As it is written on the command line, and at the end of a file's name.
    pub(crate) fn name(self) -> String {
        name(self)
    }
}

impl Isolation {
    /// As it is written on the command line.
    pub(crate) fn name(self) -> String {
        name(self)
    }
}

fn name(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

impl Color {
    pub(crate) fn choice(self) -> ColorChoice {
        match self {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// What a case may use, in place of what the suite allows.
#[derive(Args)]
#[command(next_help_heading = "Limits of a case, in place of the suite's")]
pub(crate) struct LimitOptions {
    /// Processor time. Unless it is given, too, wall time is three times this, and a second.
    #[arg(long, value_name = "MS")]
    cpu_ms: Option<u64>,
    /// Wall-clock time.
    #[arg(long, value_name = "MS")]
    wall_ms: Option<u64>,
    /// JavaScript's heap.
    #[arg(long, value_name = "MIB")]
    heap_mib: Option<usize>,
    /// Array buffers.
    #[arg(long, value_name = "MIB")]
    external_mib: Option<usize>,
    /// The console and the answer.
    #[arg(long, value_name = "KIB")]
    output_kib: Option<usize>,
    /// The stack.
    #[arg(long, value_name = "KIB")]
    stack_kib: Option<usize>,
}

impl LimitOptions {
    /// They as they were given, to be given again.
    pub(crate) fn given(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let count = |given: Option<usize>| given.map(|count| count as u64);
        let all = [
            ("--cpu-ms", self.cpu_ms),
            ("--wall-ms", self.wall_ms),
            ("--heap-mib", count(self.heap_mib)),
            ("--external-mib", count(self.external_mib)),
            ("--output-kib", count(self.output_kib)),
            ("--stack-kib", count(self.stack_kib)),
        ];
        all.into_iter().filter_map(|(option, given)| Some((option, given?)))
    }

    /// These limits, but for those that are given here.
    ///
    /// # Errors
    /// If nothing could run under one of them.
    pub(crate) fn over(&self, suites: Limits) -> Result<Limits, InvalidLimits> {
        let by_cpu = self.cpu_ms.map(|ms| Limits::time(Duration::from_millis(ms)));
        Limits {
            cpu: by_cpu.map_or(suites.cpu, |limits| limits.cpu),
            wall: self.wall_ms.map(Duration::from_millis).or(by_cpu.map(|limits| limits.wall)).unwrap_or(suites.wall),
            heap: self.heap_mib.map_or(suites.heap, Bytes::mib),
            external: self.external_mib.map_or(suites.external, Bytes::mib),
            output: self.output_kib.map_or(suites.output, Bytes::kib),
            stack: self.stack_kib.map_or(suites.stack, Bytes::kib),
        }
        .check()
    }
}

/// Which format goes where, by the order of the options: an -o is for the --format before it. `None` is standard output.
///
/// # Errors
/// If an -o has no --format, or two formats go to standard output.
pub(crate) fn reports(run: &Run, matches: &ArgMatches) -> Result<Vec<(Format, Option<PathBuf>)>, String> {
    let indices = |of: &str| matches.indices_of(of).map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    let formats = run.formats.iter().copied().zip(indices("formats"));
    let mut reports: Vec<(Format, usize, Option<PathBuf>)> =
        formats.map(|(format, index)| (format, index, None)).collect();
    for (file, index) in run.outputs.iter().zip(indices("outputs")) {
        let before = reports.iter_mut().rev().find(|(_, format_index, _)| *format_index < index);
        match before {
            Some((_, _, place @ None)) => *place = (file.as_os_str() != "-").then(|| file.clone()),
            _ => {
                return Err(format!(
                    "-o {}: give the --format that it is for before it, such as --format json",
                    file.display()
                ));
            }
        }
    }
    let mut reports: Vec<_> = reports.into_iter().map(|(format, _, file)| (format, file)).collect();
    match reports.iter().filter(|(_, file)| file.is_none()).count() {
        // Who has a report written to a file wants to see something, too.
        0 => reports.insert(0, (Format::Human, None)),
        1 => {}
        _ => return Err("two formats for standard output: give all but one of them an -o FILE".to_owned()),
    }
    Ok(reports)
}
