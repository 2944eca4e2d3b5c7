//! Workers under code that ends them, and under who kills them; and supervisors under workers that somebody has taken over.

mod rogue;
mod starved;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deem_core::{
    Bytes, Case, Checker, Confirmation, Entry, Exceeded, Execution, Executor, Isolation, Limits, Outcome, Prepared,
    Rules, Session, Submission, Value, judge,
};
use deem_sandbox::{Layer, Level, Probe, Probed, Sandbox, Settings, Walls, prove, serve_if_worker};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    rogue::serve_if_rogue();
    serve_if_worker();
    rogue::supervise_if_asked();
    starved::starve_if_asked();
    if std::env::args().nth(1).is_some_and(|arg| arg == AS_SUPERVISOR) {
        return supervise_without_end();
    }
    let test = |name: &str, run: fn()| {
        Trial::test(name, move || {
            run();
            Ok::<(), Failed>(())
        })
    };
    let mut trials = vec![
        test("cases_come_back_in_order_with_what_they_wrote", cases_come_back_in_order_with_what_they_wrote),
        test("a_syntax_error_is_one", a_syntax_error_is_one),
        test("the_longest_source_compiles_in_time_and_a_longer_one_not_at_all", the_longest_source_compiles),
        test("code_that_nothing_interrupts_is_over_soon_after_its_limit", code_that_nothing_interrupts_is_over),
        test("code_that_makes_v8_abort_costs_its_own_case", code_that_makes_v8_abort_costs_its_own_case),
        test("a_worker_that_is_killed_costs_no_case", a_worker_that_is_killed_costs_no_case),
        test("workers_that_end_while_they_wait_cost_no_case", workers_that_end_while_they_wait),
        test("nothing_is_allowed_in_a_worker_that_is_allowed_here", nothing_is_allowed_in_a_worker),
        test("who_runs_one_submission_starts_workers_for_one", who_runs_one_submission),
        test("each_layer_of_the_wall_holds_by_itself", each_layer_holds_by_itself),
        test("a_worker_gets_a_second_submission_only_where_that_is_accepted", a_worker_gets_a_second_submission),
        test("what_is_fresh_for_each_case_is_the_callers_choice", what_is_fresh_for_each_case),
        test("what_is_not_right_in_a_frozen_realm_is_run_again_in_a_fresh_one", a_frozen_realm_is_confirmed),
        test("no_worker_outlives_a_supervisor_that_is_killed", no_worker_outlives_a_supervisor_that_is_killed),
        test("no_worker_outlives_its_sandbox", no_worker_outlives_its_sandbox),
    ];
    trials.extend(rogue::Kind::ALL.map(|kind| {
        Trial::test(format!("a_worker_that_{}", kind.name()), move || {
            rogue::check(kind);
            Ok(())
        })
    }));
    trials.push(test("who_has_no_descriptors_left_loses_no_case", starved::who_has_no_descriptors_left_loses_no_case));
    trials.push(test("who_may_start_no_processes_loses_no_case", starved::who_may_start_no_processes_loses_no_case));
    // One after the other: some of them kill, or count, all workers that there are.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    libtest_mimic::run(&arguments, trials).exit();
}

/// Processor time decides, so that it does not matter how busy the machine is.
const LIMITS: Limits =
    Limits { wall: Duration::from_secs(60), heap: Bytes::mib(64), ..Limits::time(Duration::from_millis(500)) };

/// With the layers that there are: Landlock is younger than some kernels that are in use.
fn settings(threads: usize) -> Settings {
    Settings { threads, walls: Walls::AsPossible, ..Settings::default() }
}

fn session(sandbox: &Sandbox, source: &str) -> Box<dyn Session> {
    session_within(LIMITS, sandbox, source)
}

fn submission(source: &str) -> Submission {
    Submission::new(source, Entry::function("f").unwrap())
}

fn session_within(limits: Limits, sandbox: &Sandbox, source: &str) -> Box<dyn Session> {
    match sandbox.prepare(&submission(source), &Rules::from(limits)).unwrap() {
        Prepared::Ready(session) => session,
        Prepared::CompileError(exception) => panic!("{exception}"),
    }
}

fn run(session: &mut dyn Session, args: impl IntoIterator<Item = f64>) -> Vec<Execution> {
    let cases = args.into_iter().map(|arg| {
        Arc::new(Case { id: arg.to_string(), args: vec![Value::from(arg)], expected: Value::Undefined.into() })
    });
    let mut executions = Vec::new();
    session.run(&mut cases.into_iter(), &mut |_: Arc<Case>, execution| {
        executions.push(execution);
        ControlFlow::Continue(())
    });
    executions
}

fn returned(number: f64) -> Result<Outcome, deem_core::InternalError> {
    Ok(Outcome::Returned(Value::from(number)))
}

fn cases_come_back_in_order_with_what_they_wrote() {
    let sandbox = Sandbox::start(&settings(2)).unwrap();
    let mut session = session(&sandbox, "function f(n) { console.log('case', n); return n * 2 }");
    for (n, execution) in run(&mut *session, (0..200).map(f64::from)).into_iter().enumerate() {
        assert_eq!(execution.result, returned(2.0 * n as f64));
        assert_eq!(execution.console.text(), format!("case {n}\n"));
        assert!(execution.usage.cpu.is_some() && execution.usage.heap.is_some(), "{:?}", execution.usage);
    }
}

fn a_syntax_error_is_one() {
    let submission = Submission::new("function f( {", Entry::function("f").unwrap());
    match Sandbox::start(&settings(1)).unwrap().prepare(&submission, &Rules::default()).unwrap() {
        Prepared::CompileError(exception) => assert_eq!(exception.name, "SyntaxError"),
        Prepared::Ready(_) => panic!("it compiled"),
    }
}

fn the_longest_source_compiles() {
    let sandbox = Sandbox::start(&settings(1)).unwrap();
    let function = "function f(n) { return [n].map((n) => { const g = () => n; return g() + (() => n)(); })[0] }\n";
    let most = Submission::MOST_SOURCE.0;
    let longest = function.repeat(most / function.len());
    session(&sandbox, &longest); // it compiles, and in time
    let longer = format!("{longest}{}", " ".repeat(most - longest.len() + 1));
    match sandbox.prepare(&submission(&longer), &Rules::default()).unwrap() {
        Prepared::CompileError(exception) => assert_eq!(exception.message, "the source is longer than 1 MiB"),
        Prepared::Ready(_) => panic!("it compiled"),
    }
}

fn code_that_nothing_interrupts_is_over() {
    let sandbox = Sandbox::start(&settings(1)).unwrap();
    let source = "function f(n) { if (n === 1) [].forEach.call({ length: 2 ** 53 - 1 }, () => {}); return n }";
    let mut session = session(&sandbox, source);
    let executions = run(&mut *session, [0.0, 1.0, 2.0]);
    let results: Vec<_> = executions.into_iter().map(|execution| execution.result).collect();
    // And not by its wall time, which is long.
    assert_eq!(results, [returned(0.0), Ok(Outcome::Exceeded(Exceeded::Cpu(LIMITS.cpu))), returned(2.0)]);
}

fn code_that_makes_v8_abort_costs_its_own_case() {
    // It takes its time until there is no memory left.
    const LIMITS: Limits =
        Limits { wall: Duration::from_secs(600), heap: Bytes::mib(64), ..Limits::time(Duration::from_secs(20)) };
    let sandbox = Sandbox::start(&settings(2)).unwrap();
    let source = "function f(n) { return n % 10 === 9 ? Array(1e9).fill(0).length : n }";
    let mut session = session_within(LIMITS, &sandbox, source);
    for (n, execution) in run(&mut *session, (0..30).map(f64::from)).into_iter().enumerate() {
        let exceeded = Ok(Outcome::Exceeded(Exceeded::Heap(LIMITS.heap)));
        assert_eq!(execution.result, if n % 10 == 9 { exceeded } else { returned(n as f64) }, "case {n}");
    }
}

fn children() -> Vec<i32> {
    children_of("self")
}

fn children_of(process: &str) -> Vec<i32> {
    let mut all = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let children = std::fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default();
        all.extend(children.split_whitespace().map(|pid| pid.parse::<i32>().unwrap()));
    }
    all
}

fn strike(pid: i32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    let _ = rustix::process::kill_process(pid, signal); // it may have ended by itself
}

fn a_worker_that_is_killed_costs_no_case() {
    let sandbox = Sandbox::start(&settings(2)).unwrap();
    let source = "function f(n) { for (let i = 0; i < 1e6; i++) n = (n * 31 + i) % 1000; return n }";
    let mut session = session(&sandbox, source);
    let calm: Vec<_> = run(&mut *session, (0..10).map(f64::from)).into_iter().map(|done| done.result).collect();
    assert!(calm.iter().all(|result| matches!(result, Ok(Outcome::Returned(_)))));
    for round in 0..20 {
        // Once in a run, while cases are under way: so none meets it twice.
        let strike_once = (0..10).inspect(|n| {
            if *n == 5 {
                let workers = children();
                strike(workers[round % workers.len()], rustix::process::Signal::KILL);
            }
        });
        let stormy: Vec<_> =
            run(&mut *session, strike_once.map(f64::from)).into_iter().map(|done| done.result).collect();
        assert_eq!(stormy, calm, "in run {round}");
    }
}

fn workers_that_end_while_they_wait() {
    let sandbox = Sandbox::start(&settings(7)).unwrap();
    while children().len() < 8 {
        std::thread::sleep(Duration::from_millis(5));
    }
    for (index, worker) in children().into_iter().enumerate() {
        // The last one may still be starting.
        strike(worker, if index % 2 == 1 { rustix::process::Signal::KILL } else { rustix::process::Signal::STOP });
    }
    let executions = run(&mut *session(&sandbox, "function f(n) { return n }"), (0..50).map(f64::from));
    assert!(executions.iter().enumerate().all(|(n, execution)| execution.result == returned(n as f64)));
}

fn nothing_is_allowed_in_a_worker() {
    let sandbox = Sandbox::start(&settings(1)).unwrap();
    // Landlock is younger than some kernels that are in use; filters of system calls are not, and they alone refuse all of these.
    let missing = sandbox.missing().unwrap();
    assert!(missing.iter().all(|missing| missing.layer != Layer::Seccomp), "{missing:?}");
    for probe in Probe::ALL {
        probe.attempt().unwrap_or_else(|error| panic!("{probe:?}, here: {error}"));
        let probed = sandbox.probe(probe).unwrap();
        match probe {
            Probe::SendDatagram | Probe::Listen | Probe::SignalParent => {
                assert!(matches!(&probed, Probed::Ended(how) if how.contains("SIGSYS")), "{probe:?}: {probed:?}");
            }
            _ => assert!(
                matches!(&probed, Probed::Refused(why) if why.contains("denied") || why.contains("permitted")),
                "{probe:?}: {probed:?}"
            ),
        }
    }
}

fn who_runs_one_submission() {
    let sandbox = Sandbox::start(&Settings { is_ahead: false, ..settings(2) }).unwrap();
    let source = "function f(n) { if (n === 7) [].forEach.call({ length: 2 ** 53 - 1 }, () => {}); return n }";
    let mut session = session(&sandbox, source);
    run(&mut *session, (0..7).map(f64::from));
    std::thread::sleep(Duration::from_millis(300)); // for more to be started, were they
    assert_eq!(children().len(), 3);
    // What a case ends is replaced as ever, and another submission has workers as well.
    let executions = run(&mut *session, (5..10).map(f64::from));
    assert!(matches!(executions[2].result, Ok(Outcome::Exceeded(_))));
    assert!(
        executions.iter().enumerate().all(|(at, execution)| at == 2 || execution.result == returned(at as f64 + 5.0))
    );
    let mut other = self::session(&sandbox, "function f(n) { return -n }");
    assert_eq!(run(&mut *other, [1.0])[0].result, returned(-1.0));
}

fn each_layer_holds_by_itself() {
    let missing = Sandbox::start(&settings(1)).unwrap().missing().unwrap();
    for layer in Layer::ALL {
        match missing.iter().find(|missing| missing.layer == layer) {
            Some(missing) => assert!(layer != Layer::Seccomp, "{missing}"),
            None => {
                let proofs = prove(layer).unwrap();
                assert!(!proofs.is_empty() && proofs.iter().all(deem_sandbox::Proof::holds), "{proofs:#?}");
            }
        }
    }
}

fn a_worker_gets_a_second_submission() {
    for (level, is_reused) in [(Level::Strict, false), (Level::Balanced, true)] {
        let sandbox = Sandbox::start(&Settings { level, ..settings(1) }).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for turn in 0..12 {
            let mut session = session(&sandbox, &format!("function f(n) {{ return n + {turn} }}"));
            assert_eq!(run(&mut *session, [1.0, 2.0])[1].result, returned(f64::from(turn) + 2.0));
            seen.extend(children());
        }
        // A submission takes two, and two wait.
        assert_eq!(seen.len() < 12, is_reused, "{level:?}: {seen:?}");
    }
}

fn what_is_fresh_for_each_case() {
    let counts = |isolation| {
        let sandbox = Sandbox::start(&Settings { isolation, ..settings(1) }).unwrap();
        let source =
            "let count = 0; function f() { globalThis.seen = (globalThis.seen ?? 0) + 1; return ++count + seen }";
        let executions = run(&mut *session(&sandbox, source), [0.0; 4]);
        executions.into_iter().map(|execution| execution.result).collect::<Vec<_>>()
    };
    assert_eq!(counts(Isolation::Realm), [2.0; 4].map(returned));
    assert_eq!(counts(Isolation::Isolate), [2.0; 4].map(returned));
    assert_eq!(counts(Isolation::Shared), [2.0, 4.0, 6.0, 8.0].map(returned));
}

fn a_frozen_realm_is_confirmed() {
    let sandbox = Sandbox::start(&Settings { isolation: Isolation::Frozen, ..settings(2) }).unwrap();
    let case = |(n, expected): (u32, f64)| {
        let (args, expected) = (vec![Value::from(f64::from(n))], Value::from(expected).into());
        Arc::new(Case { id: n.to_string(), args, expected })
    };
    let judged = |source: &str, expected: &[f64]| {
        let cases: Vec<_> = (0..).zip(expected.iter().copied()).map(case).collect();
        let report = judge(&sandbox, &submission(source), &cases, &Checker::Exact, &LIMITS.into()).unwrap();
        (report.cases.iter().map(|case| case.verdict.code()).collect::<Vec<_>>(), report.confirmation.unwrap())
    };
    let right = judged("function f(n) { return n }", &[0.0, 1.0, 2.0]);
    assert_eq!(right, (vec!["AC"; 3], Confirmation::default()));
    // One of them ends its worker, both times.
    let mistaken =
        "function f(n) { if (n === 2) [].forEach.call({ length: 2 ** 53 - 1 }, () => {}); return n === 1 ? null : n }";
    let (verdicts, confirmation) = judged(mistaken, &[0.0, 1.0, 2.0, 3.0]);
    assert_eq!(verdicts, ["AC", "WA", "TLE", "AC"]);
    assert_eq!(confirmation, Confirmation { again: 2, differing: 0, is_switched: false });

    // Whatever comes of what a case leaves behind, the verdicts are those of fresh realms: 2 each time.
    let counting =
        "let count = 0; function f() { globalThis.seen = (globalThis.seen ?? 0) + 1; return ++count + seen }";
    assert_eq!(judged(counting, &[2.0; 100]).0, ["AC"; 100]);
    assert_eq!(judged(counting, &[2.0, 4.0, 6.0, 8.0]).0, ["AC", "WA", "WA", "WA"]);
    for isolation in [Isolation::Realm, Isolation::Isolate, Isolation::Shared, Isolation::Frozen] {
        let sandbox = Sandbox::start(&Settings { isolation, ..settings(1) }).unwrap();
        assert_eq!(session(&sandbox, counting).is_provisional(), isolation == Isolation::Frozen, "{isolation:?}");
    }
}

fn no_worker_outlives_its_sandbox() {
    let sandbox = Sandbox::start(&settings(2)).unwrap();
    let mut session = session(&sandbox, "function f(n) { return n }");
    run(&mut *session, [1.0]);
    drop((session, sandbox));
    assert_eq!(children(), Vec::<i32>::new(), "waited for, and gone");
}

/// The argument that makes this program a supervisor whose case never ends.
const AS_SUPERVISOR: &str = "--supervise-without-end";

fn supervise_without_end() {
    let sandbox = Sandbox::start(&settings(1)).unwrap();
    let limits = Limits::time(Duration::from_secs(3600));
    let source = "function f() { [].forEach.call({ length: 2 ** 53 - 1 }, () => {}) }";
    run(&mut *session_within(limits, &sandbox, source), [0.0]);
}

fn no_worker_outlives_a_supervisor_that_is_killed() {
    let program = std::env::current_exe().unwrap();
    let mut supervisor = std::process::Command::new(program).arg(AS_SUPERVISOR).spawn().unwrap();
    let is_busy = |worker: &i32| {
        let task = std::fs::read_to_string(format!("/proc/{worker}/stat")).unwrap_or_default();
        // User time, in hundredths of a second: more than it takes to start.
        task.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(11)?.parse::<u64>().ok()).unwrap_or(0) > 50
    };
    let workers = wait_for(|| {
        let workers = children_of(&supervisor.id().to_string());
        workers.iter().any(is_busy).then_some(workers)
    });
    supervisor.kill().unwrap();
    supervisor.wait().unwrap();
    let exists = |worker: &&i32| {
        let stat = std::fs::read_to_string(format!("/proc/{worker}/stat")).unwrap_or_default();
        !stat.is_empty() && !stat.contains(") Z ")
    };
    wait_for(|| workers.iter().find(exists).is_none().then_some(()));
}

fn wait_for<T>(mut condition: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(met) = condition() {
            return met;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}
