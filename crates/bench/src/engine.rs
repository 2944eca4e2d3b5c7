//! Engines: an executor with its settings, by name, from `engines.toml`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use deem_core::{Engine as V8, Executor, Pool};
use deem_sandbox::{Sandbox, Settings, Walls};
use deem_spawn::{Processes, Runtime, RuntimeError};
use serde::{Deserialize, Serialize};

/// An engine, as `engines.toml` has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EngineDefinition {
    /// What definitions and tables call it. Unique.
    pub name: String,
    /// Which executor it is.
    pub executor: ExecutorKind,
    /// What is fresh for each case.
    pub isolation: Isolation,
    /// For subprocesses, the runtime on PATH, if it is not `node`.
    pub program: Option<String>,
    /// What makes that runtime evaluate the next argument, if it is not node's `-e`.
    #[serde(default)]
    pub evaluate: Vec<String>,
}

/// The executors that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecutorKind {
    /// `deem-core`: V8 isolates in this process.
    Core,
    /// `deem-sandbox`: V8 isolates in worker processes.
    Sandbox,
    /// `deem-spawn`: subprocesses.
    Spawn,
}

/// What is fresh for each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// A process.
    Process,
    /// A V8 isolate.
    Isolate,
    /// A realm in an isolate that is reused.
    Realm,
    /// A `vm` context in a process that is reused.
    Context,
    /// What a case could change of a realm that is reused.
    Frozen,
    /// Nothing.
    Shared,
}

/// An engine that can be used here and now.
pub struct Engine {
    /// Its name.
    pub name: String,
    /// What is fresh for each case.
    pub isolation: Isolation,
    /// The version of what runs the JavaScript, such as `node 20.20.2`: the receipt that it is there.
    pub version: String,
    kind: Kind,
}

enum Kind {
    Core(V8, deem_core::Isolation),
    Sandbox(V8, deem_core::Isolation),
    Spawn(Runtime, deem_spawn::Isolation),
}

/// Reads `engines.toml`.
///
/// # Errors
/// If it cannot be read, with the line and field, or names an engine twice.
pub fn load(file: &Path) -> Result<Vec<EngineDefinition>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        engine: Vec<EngineDefinition>,
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let File { engine: engines } = toml::from_str(&text).with_context(|| file.display().to_string())?;
    for (index, engine) in engines.iter().enumerate() {
        if engines[..index].iter().any(|other| other.name == engine.name) {
            bail!("{}: two engines are named {:?}", file.display(), engine.name);
        }
    }
    Ok(engines)
}

impl EngineDefinition {
    /// Finds the engine on this machine; where it is not installed, or too old, says so.
    ///
    /// # Errors
    /// If there is no such engine on any machine: its executor does not have its isolation.
    pub fn find(&self) -> Result<Result<Engine, RuntimeError>> {
        let kind = match self.executor {
            ExecutorKind::Core => Kind::Core(V8::new()?, self.in_isolates()?),
            ExecutorKind::Sandbox => Kind::Sandbox(V8::new()?, self.in_isolates()?),
            ExecutorKind::Spawn => {
                let isolation = match self.isolation {
                    Isolation::Process => deem_spawn::Isolation::Process,
                    Isolation::Context => deem_spawn::Isolation::Context,
                    Isolation::Shared => deem_spawn::Isolation::Shared,
                    _ => bail!("{:?}: isolation: the spawn executor has process, context and shared", self.name),
                };
                let runtime = match &self.program {
                    None => Runtime::node(),
                    Some(program) => {
                        let evaluate: Vec<&str> = self.evaluate.iter().map(String::as_str).collect();
                        Runtime::other(program, &evaluate)
                    }
                };
                match runtime {
                    Ok(runtime) => Kind::Spawn(runtime, isolation),
                    Err(why) => return Ok(Err(why)),
                }
            }
        };
        let version = match &kind {
            Kind::Core(v8, _) | Kind::Sandbox(v8, _) => {
                format!("deem {}, V8 {}", env!("CARGO_PKG_VERSION"), v8.v8_version())
            }
            Kind::Spawn(runtime, _) => {
                format!("{} {}", self.program.as_deref().unwrap_or("node"), runtime.version())
            }
        };
        Ok(Ok(Engine { name: self.name.clone(), isolation: self.isolation, version, kind }))
    }

    fn in_isolates(&self) -> Result<deem_core::Isolation> {
        Ok(match self.isolation {
            Isolation::Isolate => deem_core::Isolation::Isolate,
            Isolation::Realm => deem_core::Isolation::Realm,
            Isolation::Frozen => deem_core::Isolation::Frozen,
            Isolation::Shared => deem_core::Isolation::Shared,
            Isolation::Process | Isolation::Context => {
                bail!("{:?}: isolation: in isolates there are isolate, realm, frozen and shared", self.name)
            }
        })
    }
}

impl Engine {
    /// The executor, with this many threads.
    ///
    /// # Errors
    /// If threads cannot be started.
    pub fn executor(&self, threads: usize) -> Result<Box<dyn Executor>> {
        Ok(match &self.kind {
            Kind::Core(v8, isolation) => Box::new(Pool::new(v8, threads, *isolation)?),
            Kind::Sandbox(_, isolation) => {
                let settings =
                    Settings { threads, walls: Walls::AsPossible, isolation: *isolation, ..Settings::default() };
                Box::new(Sandbox::start(&settings)?)
            }
            Kind::Spawn(runtime, isolation) => Box::new(Processes::new(runtime, threads, *isolation)),
        })
    }
}

impl Isolation {
    /// What is fresh for each case, for a table.
    pub fn fresh(self) -> &'static str {
        match self {
            Isolation::Process => "process",
            Isolation::Isolate => "isolate",
            Isolation::Realm => "realm",
            Isolation::Context => "vm context",
            Isolation::Frozen => "what it changes",
            Isolation::Shared => "nothing",
        }
    }
}
