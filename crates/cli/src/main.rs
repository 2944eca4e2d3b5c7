//! The command line of deem: `--help` explains it.

mod args;
mod bar;
mod borderline;
mod commands;
mod comparison;
mod doubts;
mod engine;
mod interrupt;
mod judging;
mod output;
mod remedy;
mod rerun;
mod selection;
mod submission;
mod suites;

use std::process::ExitCode;

use anyhow::Result;
use args::{Cli, Command};
use clap::{CommandFactory as _, FromArgMatches as _};
use output::{Unwritten, Verbosity};

/// The exit code of what ends because nobody reads it, as shells have it.
const UNREAD: u8 = 141;

fn main() -> ExitCode {
    deem_sandbox::serve_if_worker();
    deem_typescript::serve_if_stripping();
    command().unwrap_or_else(|error| {
        if error.downcast_ref().is_some_and(Unwritten::is_unread) {
            return ExitCode::from(UNREAD);
        }
        complain(&error);
        ExitCode::from(if error.is::<Unwritten>() { 3 } else { 2 })
    })
}

fn command() -> Result<ExitCode> {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    cli.color.choice().write_global();
    let verbosity = match (cli.quiet, cli.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    match &cli.command {
        Command::Run(run) => {
            interrupt::listen()?;
            let of_run = matches.subcommand().map(|(_, matches)| matches);
            let reports = args::reports(run, of_run.unwrap_or(&matches)).map_err(anyhow::Error::msg)?;
            commands::run(run, &reports, verbosity)
        }
        Command::Verify(verify) => {
            interrupt::listen()?;
            commands::verify(verify, verbosity)
        }
        Command::Import(options) => commands::import(options),
        Command::Doctor => commands::doctor(),
        Command::Schema { of } => commands::schema(*of),
        Command::Completions { shell } => commands::completions(*shell),
        Command::Man { command } => commands::man(command.as_deref()),
    }
}

/// Says what is wrong, on standard error.
#[expect(clippy::print_stderr, reason = "this is the binary")]
fn complain(error: &anyhow::Error) {
    eprintln!("deem: {}", format!("{error:#}").trim_end());
}

/// Says what is no result, on standard error.
#[expect(clippy::print_stderr, reason = "this is the binary")]
fn say(what: &str) {
    eprintln!("{what}");
}
