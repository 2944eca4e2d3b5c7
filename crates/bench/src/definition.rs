//! Definitions: which engines are measured on which suites, from `definitions/*.toml`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use deem_core::{Suite, suite};
use serde::Deserialize;

use crate::engine::{self, Engine};

/// Rows that are measured in turn, and stand in one table.
pub struct Block {
    /// The table's title.
    pub title: String,
    /// The rows, in the order of the table.
    pub rows: Vec<RowDefinition>,
    /// The engines that are not here, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// One engine on one suite.
pub struct RowDefinition {
    /// The engine.
    pub engine: std::rc::Rc<Engine>,
    /// The suite.
    pub suite: std::rc::Rc<Suite>,
    /// The name of the solution that is run.
    pub solution: String,
    /// How many threads: 1, or as many as there are processors.
    pub threads: usize,
}

/// An engine that a block asks for and that cannot be used here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LeftOut {
    /// Its name.
    pub engine: String,
    /// Why.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    block: Vec<BlockTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockTable {
    title: String,
    rows: Vec<RowsTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowsTable {
    suite: String,
    #[serde(default = "right")]
    solution: String,
    #[serde(default)]
    parallel: bool,
    engines: Vec<String>,
}

fn right() -> String {
    "right".to_owned()
}

/// Reads the engines, the definitions below `benches` and the suites below `fixtures` that they name.
///
/// # Errors
/// At the first file that is missing or broken, and where a definition names an engine, a suite or a solution that there
/// is not.
pub fn load(benches: &Path, fixtures: &Path) -> Result<Vec<Block>> {
    let file = benches.join("engines.toml");
    let engines = engine::load(&file)?;
    let found = engines.iter().map(|engine| Ok(engine.find()?.map(std::rc::Rc::new)));
    let found = found.collect::<Result<Vec<_>>>().with_context(|| file.display().to_string())?;

    let folder = benches.join("definitions");
    let listed = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    if files.is_empty() {
        bail!("{}: no definition here, a .toml file with [[block]]s", folder.display());
    }

    let mut blocks = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let File { block: tables } = toml::from_str(&text).with_context(|| file.display().to_string())?;
        for table in tables {
            let (mut rows, mut left_out) = (Vec::new(), Vec::new());
            for RowsTable { suite, solution, parallel, engines: names } in table.rows {
                let at = || format!("{}: block {:?}", file.display(), table.title);
                let loaded = suite::load(&fixtures.join(&suite)).with_context(at)?;
                let [loaded] = <[Suite; 1]>::try_from(loaded)
                    .map_err(|suites| anyhow::anyhow!("{}: {suite} is a folder of {} suites", at(), suites.len()))?;
                let loaded = std::rc::Rc::new(Suite { name: suite.clone(), ..loaded });
                if !loaded.solutions.iter().any(|each| each.name == solution) {
                    bail!("{}: the suite {suite} has no solution {solution:?}", at());
                }
                for name in names {
                    let Some(index) = engines.iter().position(|engine| engine.name == name) else {
                        bail!("{}: engines.toml has no engine {name:?}", at());
                    };
                    match &found[index] {
                        Ok(engine) => rows.push(RowDefinition {
                            engine: engine.clone(),
                            suite: loaded.clone(),
                            solution: solution.clone(),
                            threads: if parallel { num_cpus::get() } else { 1 },
                        }),
                        Err(_) if left_out.iter().any(|other: &LeftOut| other.engine == name) => {}
                        Err(why) => left_out.push(LeftOut { engine: name, why: why.to_string() }),
                    }
                }
            }
            blocks.push(Block { title: table.title, rows, left_out });
        }
    }
    Ok(blocks)
}
