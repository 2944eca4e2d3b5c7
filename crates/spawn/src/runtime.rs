use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};

use deem_case::{Bytes, Limits, Rules};

/// A JavaScript runtime that is installed here.
#[derive(Clone, Debug)]
pub struct Runtime {
    pub(crate) program: OsString,
    /// What makes the program evaluate the next argument: `-e` for node.
    pub(crate) evaluate: Vec<String>,
    /// Whether it takes node's options, those of limits and of modules.
    pub(crate) is_node: bool,
    version: String,
}

/// Node runs on a main thread, whose stack the system usually limits to 8 MiB: beyond that the process would crash.
const NODE_STACK: Bytes = Bytes::mib(7);

/// Why a runtime cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuntimeError {
    /// There is no such program.
    #[error("{program} is not installed, or not on PATH")]
    Missing {
        /// The program's name.
        program: String,
    },
    /// It does not answer `--version` as a runtime does.
    #[error("{program} --version: {detail}")]
    Broken {
        /// The program's name.
        program: String,
        /// What it said, or why it said nothing.
        detail: String,
    },
    /// It is too old.
    #[error("{program} {found} is too old: version {least} or newer is needed")]
    TooOld {
        /// The program's name.
        program: String,
        /// Its version.
        found: String,
        /// The least major version that will do.
        least: u32,
    },
}

impl Runtime {
    /// The first version of node that is known to work.
    const LEAST_NODE: u32 = 20;

    /// The `node` on PATH.
    ///
    /// # Errors
    /// If there is none, or it is older than version 20.
    pub fn node() -> Result<Runtime, RuntimeError> {
        Runtime::find_node("node")
    }

    fn find_node(program: &str) -> Result<Runtime, RuntimeError> {
        let node = Runtime::other(program, &["-e"])?;
        match node.version.split('.').next().and_then(|major| major.parse::<u32>().ok()) {
            Some(major) if major >= Runtime::LEAST_NODE => Ok(Runtime { is_node: true, ..node }),
            _ => {
                let (program, found) = (program.to_owned(), node.version);
                Err(RuntimeError::TooOld { program, found, least: Runtime::LEAST_NODE })
            }
        }
    }

    /// Another runtime on PATH that has node's built-in modules; `evaluate` are the arguments that make it evaluate the
    /// next one, such as `eval` for deno, `-e` for bun.
    ///
    /// # Errors
    /// If there is none, or it does not say its version.
    pub fn other(program: &str, evaluate: &[&str]) -> Result<Runtime, RuntimeError> {
        let broken = |detail: String| RuntimeError::Broken { program: program.to_owned(), detail };
        let asked = Command::new(program).arg("--version").stdin(Stdio::null()).output();
        let output = asked.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => RuntimeError::Missing { program: program.to_owned() },
            _ => broken(error.to_string()),
        })?;
        if !output.status.success() {
            return Err(broken(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim())));
        }
        // `v20.20.2`, `1.2.3`, or `deno 2.5.6 (stable, ..)`
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut words = text.split_whitespace().map(|word| word.trim_start_matches('v'));
        let version = words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        Ok(Runtime {
            program: program.into(),
            evaluate: evaluate.iter().map(|&arg| arg.to_owned()).collect(),
            is_node: false,
            version: version.ok_or_else(|| broken(format!("{:?} names no version", text.trim())))?.to_owned(),
        })
    }

    /// The options by which node holds the rules.
    pub(crate) fn options(&self, rules: &Rules, module: bool) -> Vec<String> {
        if !self.is_node {
            return Vec::new();
        }
        let mut options = vec![format!("--max-old-space-size={}", rules.limits.heap.0 >> 20)];
        if rules.limits.stack != Limits::default().stack {
            options.push(format!("--stack-size={}", rules.limits.stack.min(NODE_STACK).0 >> 10));
        }
        if !rules.eval {
            options.push("--disallow-code-generation-from-strings".to_owned());
        }
        if module {
            options.push("--experimental-vm-modules".to_owned());
        }
        options
    }

    /// The version, without a leading `v`, such as `20.20.2`.
    pub fn version(&self) -> &str {
        &self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[track_caller]
    fn check_refused(script: &str, message: &str) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("node");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let error = Runtime::find_node(program.to_str().unwrap()).unwrap_err().to_string();
        assert_eq!(error.replace(program.to_str().unwrap(), "node"), message);
    }

    #[test]
    fn an_unusable_node_is_named_with_what_is_wrong() {
        check_refused("echo v18.20.4", "node 18.20.4 is too old: version 20 or newer is needed");
        check_refused("echo hello", "node --version: \"hello\" names no version");
        check_refused("echo no >&2; exit 3", "node --version: exit status: 3: no");
        let error = Runtime::find_node("no-such-runtime").unwrap_err();
        assert_eq!(error.to_string(), "no-such-runtime is not installed, or not on PATH");
    }
}
