//! Every executor on every suite and solution, one named test each.
//!
//! Node is the oracle: on warm node, with a fresh context for each case, every solution must get the verdict that its
//! suite states; every other executor must do on each case exactly what node did.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use deem_bench::agree::Behaviour;
use deem_core::{Case, Engine, Executor, Limits, Pool, Rules, Solution, Suite, suite};
use deem_sandbox::{Sandbox, Settings, Walls, serve_if_worker};
use deem_spawn::{Processes, Runtime};
use libtest_mimic::{Arguments, Failed, Trial};

/// Spawning node for each case is slow: this many cases of a suite are run so, spread over it.
const SPAWNED_CASES: usize = 16;

fn main() {
    serve_if_worker();
    // V8 wants the main thread.
    let engine = Engine::new().expect("V8 starts");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut trials = vec![Trial::test("fixtures/are-generated", {
        let generator = root.join("fixtures/generate.mjs");
        move || generated(&generator)
    })];
    let suites = suite::load(&root.join("fixtures")).expect("the fixtures are sound");
    let executors = Arc::new(Executors::new(&engine));
    for suite in suites {
        let suite = Arc::new(suite);
        for index in 0..suite.solutions.len() {
            let oracle = Arc::new(Oracle::default());
            let name = format!("{}/{}", suite.name, suite.solutions[index].name);
            trials.push(Trial::test(format!("node-warm/{name}"), {
                let (executors, suite, oracle) = (executors.clone(), suite.clone(), oracle.clone());
                move || verdict(oracle.ask(&executors, &suite, index)?, &suite, &suite.solutions[index])
            }));
            for executor in executors.others.keys().copied() {
                trials.push(Trial::test(format!("{executor}/{name}"), {
                    let (executors, suite, oracle) = (executors.clone(), suite.clone(), oracle.clone());
                    move || agrees(&executors, executor, &suite, index, oracle.ask(&executors, &suite, index)?)
                }));
            }
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

struct Executors {
    oracle: Box<dyn Executor + Send + Sync>,
    others: HashMap<&'static str, Box<dyn Executor + Send + Sync>>,
}

impl Executors {
    fn new(engine: &Engine) -> Executors {
        use deem_core::Isolation::*;
        let node = Runtime::node().expect("node is installed");
        let isolates = |isolation| -> Box<dyn Executor + Send + Sync> {
            Box::new(Pool::new(engine, 2, isolation).expect("threads start"))
        };
        let processes =
            |isolation| -> Box<dyn Executor + Send + Sync> { Box::new(Processes::new(&node, 2, isolation)) };
        Executors {
            oracle: processes(deem_spawn::Isolation::Context),
            others: HashMap::from([
                ("isolate-per-case", isolates(Isolate)),
                ("realm-per-case", isolates(Realm)),
                ("frozen-realm", isolates(Frozen)),
                ("shared-realm", isolates(Shared)),
                (
                    "sandbox",
                    Box::new(
                        Sandbox::start(&Settings { threads: 2, walls: Walls::AsPossible, ..Settings::default() })
                            .expect("threads start"),
                    ),
                ),
                ("node-spawned", processes(deem_spawn::Isolation::Process)),
                ("node-shared", processes(deem_spawn::Isolation::Shared)),
            ]),
        }
    }
}

/// What the oracle said of one solution: asked once, by whichever test comes first.
#[derive(Default)]
struct Oracle(OnceLock<Result<Behaviour, String>>);

impl Oracle {
    fn ask(&self, executors: &Executors, suite: &Suite, solution: usize) -> Result<&Behaviour, Failed> {
        let asked = self.0.get_or_init(|| {
            let submission = &suite.solutions[solution].submission;
            Behaviour::of(&*executors.oracle, submission, &suite.cases, &rules(suite)).map_err(|e| e.to_string())
        });
        asked.as_ref().map_err(|error| error.clone().into())
    }
}

/// The tests run beside each other on few processors, and a process may have to start within the limit.
fn rules(suite: &Suite) -> Rules {
    let time = suite.rules.limits.cpu.max(std::time::Duration::from_secs(30));
    Rules { limits: Limits { cpu: time, wall: time, ..suite.rules.limits }, ..suite.rules }
}

fn verdict(behaviour: &Behaviour, suite: &Suite, solution: &Solution) -> Result<(), Failed> {
    let (found, first) = behaviour.verdict(&suite.cases, &suite.checker);
    if found == solution.verdict { Ok(()) } else { Err(format!("{found}, not {}: {first}", solution.verdict).into()) }
}

fn agrees(executors: &Executors, name: &str, suite: &Suite, solution: usize, oracle: &Behaviour) -> Result<(), Failed> {
    let every = if name == "node-spawned" { suite.cases.len().div_ceil(SPAWNED_CASES) } else { 1 };
    let cases: Vec<Arc<Case>> = suite.cases.iter().step_by(every).cloned().collect();
    let oracle = match oracle {
        Behaviour::Ran(outcomes) => Behaviour::Ran(outcomes.iter().step_by(every).cloned().collect()),
        error => error.clone(),
    };
    let submission = &suite.solutions[solution].submission;
    let behaviour = Behaviour::of(&*executors.others[name], submission, &cases, &rules(suite))?;
    behaviour.difference(&oracle, &cases, &suite.checker).map_or(Ok(()), |difference| Err(difference.into()))
}

fn generated(generator: &Path) -> Result<(), Failed> {
    let output = std::process::Command::new("node").arg(generator).arg("--check").output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}
