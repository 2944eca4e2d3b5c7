//! Every fixture of the corpus on every executor, one named test each: what its head says must come of each case, and a case
//! after an attack must be as it is alone.

use std::path::Path;
use std::sync::Arc;

use deem_bench::attack::{Manner, assess};
use deem_bench::corpus;
use deem_core::{Engine, Executor, Pool};
use deem_sandbox::{Sandbox, Settings, Walls, serve_if_worker};
use deem_spawn::{Processes, Runtime};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    serve_if_worker();
    let engine = Engine::new().expect("V8 starts");
    let node = Runtime::node().expect("node is installed");
    let sandbox = Sandbox::start(&Settings { threads: 1, walls: Walls::AsPossible, ..Settings::default() })
        .expect("threads start");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut trials = Vec::new();
    for folder in ["hostile", "semantics"] {
        for fixture in corpus::load(&root.join(folder)).expect("the corpus is sound") {
            let fixture = Arc::new(fixture);
            for kind in Kind::ALL {
                if fixture.process_only.is_some() && !kind.is_in_processes()
                    || fixture.apart.is_some() && !kind.is_apart()
                {
                    continue;
                }
                let (fixture, engine, sandbox, node) = (fixture.clone(), engine.clone(), sandbox.clone(), node.clone());
                let name = format!("{}/{folder}/{}", kind.name(), fixture.name);
                trials.push(Trial::test(name, move || {
                    Ok(assess(&*kind.executor(&engine, &sandbox, &node)?, &fixture, kind.manner())?)
                }));
            }
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Isolates(deem_core::Isolation),
    Sandbox,
    Node(deem_spawn::Isolation),
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::Isolates(deem_core::Isolation::Realm),
        Kind::Isolates(deem_core::Isolation::Frozen),
        Kind::Isolates(deem_core::Isolation::Isolate),
        Kind::Isolates(deem_core::Isolation::Shared),
        Kind::Sandbox,
        Kind::Node(deem_spawn::Isolation::Process),
        Kind::Node(deem_spawn::Isolation::Context),
        Kind::Node(deem_spawn::Isolation::Shared),
    ];

    fn is_in_processes(self) -> bool {
        matches!(self, Kind::Sandbox | Kind::Node(_))
    }

    fn manner(self) -> Manner {
        let is_shared =
            matches!(self, Kind::Isolates(deem_core::Isolation::Shared) | Kind::Node(deem_spawn::Isolation::Shared));
        Manner { is_node: matches!(self, Kind::Node(_)), is_shared }
    }

    /// Whether the executor's own code is out of the program's reach.
    fn is_apart(self) -> bool {
        !matches!(self, Kind::Node(deem_spawn::Isolation::Process | deem_spawn::Isolation::Shared))
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Isolates(deem_core::Isolation::Realm) => "realm-per-case",
            Kind::Isolates(deem_core::Isolation::Isolate) => "isolate-per-case",
            Kind::Isolates(deem_core::Isolation::Frozen) => "frozen-realm",
            Kind::Isolates(deem_core::Isolation::Shared) => "shared-realm",
            Kind::Sandbox => "sandbox",
            Kind::Node(deem_spawn::Isolation::Process) => "node-spawned",
            Kind::Node(deem_spawn::Isolation::Context) => "node-warm",
            Kind::Node(deem_spawn::Isolation::Shared) => "node-shared",
        }
    }

    fn executor(self, engine: &Engine, sandbox: &Sandbox, node: &Runtime) -> Result<Box<dyn Executor>, Failed> {
        Ok(match self {
            Kind::Isolates(isolation) => Box::new(Pool::new(engine, 1, isolation)?),
            Kind::Sandbox => Box::new(sandbox.clone()),
            Kind::Node(isolation) => Box::new(Processes::new(node, 1, isolation)),
        })
    }
}
