use std::process::ExitCode;

use anyhow::Result;

use crate::args;
use crate::output::Verbosity;

pub(crate) fn verify(_: &args::Verify, _: Verbosity) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
