//! Every fixture of the corpus on every executor, one named test each: what its head says must come of each case, and a case
//! after an attack must be as it is alone.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use deem_bench::corpus::{self, Expected, Fixture};
use deem_core::{Bytes, Case, Engine, Execution, Executor, Limits, Outcome, Pool, Prepared, Rules, Verdict};
use deem_sandbox::{Sandbox, Settings, Walls, serve_if_worker};
use deem_spawn::{Processes, Runtime};
use libtest_mimic::{Arguments, Failed, Trial};

/// Processor time decides, so that it does not matter how busy the machine is.
fn rules(fixture: &Fixture) -> Rules {
    let cpu = Duration::from_millis(if fixture.fills_memory() { 5_000 } else { 250 });
    let time = Limits { wall: Duration::from_secs(60), ..Limits::time(cpu) };
    let (memory, output) = (Bytes::mib(64), Bytes::mib(1));
    Limits { heap: memory, external: memory, output, ..time }.into()
}

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
                trials
                    .push(Trial::test(name, move || check(&*kind.executor(&engine, &sandbox, &node)?, kind, &fixture)));
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
    const ALL: [Kind; 7] = [
        Kind::Isolates(deem_core::Isolation::Realm),
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

    fn is_node(self) -> bool {
        matches!(self, Kind::Node(_))
    }

    fn expected(self, fixture: &Fixture, index: usize) -> &Expected {
        if self.is_node() { fixture.expected_on_node(index) } else { &fixture.cases[index].1 }
    }

    /// Whether the executor's own code is out of the program's reach.
    fn is_apart(self) -> bool {
        !matches!(self, Kind::Node(deem_spawn::Isolation::Process | deem_spawn::Isolation::Shared))
    }

    fn is_shared(self) -> bool {
        matches!(self, Kind::Isolates(deem_core::Isolation::Shared) | Kind::Node(deem_spawn::Isolation::Shared))
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Isolates(deem_core::Isolation::Realm) => "realm-per-case",
            Kind::Isolates(deem_core::Isolation::Isolate) => "isolate-per-case",
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

fn check(executor: &dyn Executor, kind: Kind, fixture: &Fixture) -> Result<(), Failed> {
    let together = run(executor, kind, fixture, |_| true)?;
    // Cases that share a realm see what those before have left there, but for what ended abnormally.
    let may_be_marked = |index: usize| kind.is_shared() && index > 0 && !together[..index].iter().any(is_abnormal);
    for (index, execution) in together.iter().enumerate() {
        let (case, expected) = (&fixture.cases[index].0, kind.expected(fixture, index));
        if !(expected.includes(execution) || may_be_marked(index) && execution.result.is_ok()) {
            let args: Vec<String> = case.args.iter().map(|arg| arg.to_json()).collect();
            return Err(format!("case {} ({}): {}; not {expected}", case.id, args.join(", "), text(execution)).into());
        }
    }
    // Alone, each clean case must be what it was after the attack.
    let is_clean = |case: &Case| case.args.first().is_some_and(|arg| arg.to_json() == "false");
    let mut alone = run(executor, kind, fixture, is_clean)?.into_iter();
    for (index, execution) in together.iter().enumerate() {
        let (case, _) = &fixture.cases[index];
        if !is_clean(case) {
            continue;
        }
        let alone = alone.next().ok_or("a case is missing")?;
        let same = execution.result == alone.result && execution.console == alone.console;
        if !same && !may_be_marked(index) {
            return Err(format!("case {}: {}; alone: {}", case.id, text(execution), text(&alone)).into());
        }
    }
    Ok(())
}

fn is_abnormal(execution: &Execution) -> bool {
    matches!(&execution.result, Ok(Outcome::Exceeded(_) | Outcome::Crashed(_)) | Err(_))
}

fn text(execution: &Execution) -> String {
    match &execution.result {
        Ok(outcome) => outcome.to_string(),
        Err(error) => format!("IE: {error}"),
    }
}

fn run(
    executor: &dyn Executor,
    kind: Kind,
    fixture: &Fixture,
    chosen: impl Fn(&Case) -> bool,
) -> Result<Vec<Execution>, Failed> {
    let mut session = match executor.prepare(&fixture.submission, &rules(fixture))? {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => {
            let mut expected = (0..fixture.cases.len()).map(|index| kind.expected(fixture, index));
            let all = expected.all(|expected| expected.may_be(Verdict::CompileError));
            return if all { Ok(Vec::new()) } else { Err(format!("it does not compile: {exception}").into()) };
        }
    };
    let mut cases = fixture.cases.iter().map(|(case, _)| case.clone()).filter(|case| chosen(case));
    let mut executions = Vec::new();
    session.run(&mut cases, &mut |_: Arc<Case>, execution: Execution| {
        executions.push(execution);
        ControlFlow::Continue(())
    });
    Ok(executions)
}
