//! What each command does.

mod doctor;
mod import;
mod run;
mod verify;
mod watch;

pub(crate) use doctor::doctor;
pub(crate) use import::import;
pub(crate) use run::run;
pub(crate) use verify::{Verified, verify};

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::CommandFactory as _;
use deem_core::Verdict;

use crate::args::{Cli, SchemaOf};
use crate::interrupt::{self, interrupted};
use crate::output;

pub(crate) fn schema(of: SchemaOf) -> Result<ExitCode> {
    let schema = match of {
        SchemaOf::Report => output::schema().to_value(),
        SchemaOf::Suite => deem_core::suite::schema(),
    };
    print(&format!("{}\n", serde_json::to_string_pretty(&schema)?))
}

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "deem", &mut script);
    print(&String::from_utf8(script)?)
}

pub(crate) fn man(command: Option<&str>) -> Result<ExitCode> {
    let mut deem = Cli::command();
    deem.build(); // so that a command knows its whole name
    let page = match command {
        None => &deem,
        Some(name) => match deem.find_subcommand(name) {
            Some(command) => command,
            None => {
                let known: Vec<&str> = deem.get_subcommands().map(clap::Command::get_name).collect();
                bail!("there is no command {name:?}: there are {}", known.join(", "));
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page.clone()).render(&mut text)?;
    print(&String::from_utf8(text)?)
}

fn print(text: &str) -> Result<ExitCode> {
    output::print(text)?;
    Ok(ExitCode::SUCCESS)
}

/// The exit code of these verdicts: see the help.
fn exit_code(verdicts: &[Verdict]) -> u8 {
    if interrupted() {
        interrupt::EXIT_CODE
    } else if verdicts.contains(&Verdict::InternalError) {
        3
    } else {
        u8::from(verdicts.iter().any(|verdict| *verdict != Verdict::Accepted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_failed_is_in_the_exit_code() {
        use Verdict::{Accepted, CompileError, InternalError, WrongAnswer};
        assert_eq!(exit_code(&[Accepted, Accepted]), 0);
        assert_eq!(exit_code(&[Accepted, WrongAnswer]), 1);
        assert_eq!(exit_code(&[CompileError]), 1);
        assert_eq!(exit_code(&[WrongAnswer, InternalError]), 3);
    }
}
