//! The barometer's command line. `just` calls it; `--help` explains it.

mod commands;
mod interrupt;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Measures what a case costs, by what is fresh for it: verifies every engine first, then measures them in turns.
///
/// Results go to standard output, progress to standard error. Run it from the project's root, or with --benches and
/// --fixtures.
///
/// Exit codes: 0 all rows are right; 1 a row or an agreement failed; 2 a file or an argument is wrong; 130 interrupted.
#[derive(Parser)]
#[command(
    version,
    after_help = "Examples:
  deem-bench run --quick        every row in half a minute
  deem-bench verify             every row once, nothing timed
  deem-bench report             put the last run's table into README.md
  deem-bench agree fixtures     does every executor make the same of every solution?
  deem-bench attack             what of the hostile corpus holds, where?"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Verify every row, measure it, print the table, and write bench.json and record.json.
    Run {
        #[command(flatten)]
        places: Places,
        /// Fewer cases, shorter turns: about half a minute.
        #[arg(long)]
        quick: bool,
        /// The folder that bench.json and record.json are written to.
        #[arg(long, default_value = "target/deem")]
        out: PathBuf,
    },
    /// Run every case of every row once and compare the values; nothing is timed.
    Verify {
        #[command(flatten)]
        places: Places,
    },
    /// Put a record's table into the README, and keep the record.
    Report {
        /// The record.
        #[arg(default_value = "target/deem/record.json")]
        record: PathBuf,
        /// The file to put it into, between the lines <!-- BEGIN: table --> and <!-- END: table -->.
        #[arg(long, default_value = "README.md")]
        readme: PathBuf,
        /// The folder that records are kept in.
        #[arg(long, default_value = "benches/records")]
        keep: PathBuf,
    },
    /// Run every solution of the suites in fresh realms, in the frozen one and on warm node, and compare what comes of each case.
    Agree {
        /// A suite's folder, a folder of suites, or a .jsonl list of problems.
        suites: PathBuf,
    },
    /// Run the hostile corpus in sandboxes and in hosts that run code in their own process, and count what holds.
    Attack(commands::attack::Options),
    /// Be the host that runs a job in this process, for `attack`.
    #[command(hide = true)]
    AttackHost,
}

#[derive(Args)]
struct Places {
    /// The folder with engines.toml and definitions/.
    #[arg(long, default_value = "benches")]
    benches: PathBuf,
    /// The folder with the suites that definitions name.
    #[arg(long, default_value = "fixtures")]
    fixtures: PathBuf,
}

fn main() -> ExitCode {
    deem_sandbox::serve_if_worker();
    // V8 wants to be initialised on the main thread before any other thread starts.
    let done = deem_core::Engine::new().map_err(Into::into).and_then(|_| {
        interrupt::listen()?;
        match Cli::parse().command {
            Command::Run { places, quick, out } => commands::run(&places.benches, &places.fixtures, quick, &out),
            Command::Verify { places } => commands::verify(&places.benches, &places.fixtures),
            Command::Report { record, readme, keep } => commands::report(&record, &readme, &keep),
            Command::Agree { suites } => commands::agree(&suites),
            Command::Attack(options) => commands::attack::run(&options),
            Command::AttackHost => deem_bench::attack::host::serve().map(|()| ExitCode::SUCCESS),
        }
    });
    done.unwrap_or_else(|error| {
        // Whoever read the results has read enough (`| head`).
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        #[expect(clippy::print_stderr, reason = "this is the binary")]
        {
            eprintln!("deem-bench: {}", format!("{error:#}").trim_end());
        }
        ExitCode::from(2)
    })
}
