//! A supervisor that the system gives nothing any more.

use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use deem_core::{Execution, Outcome};
use deem_sandbox::Sandbox;
use rustix::process::{Resource, Rlimit, getrlimit, getuid, setrlimit};

/// What there is no more of: the argument that makes this program run cases without, the limit, and what the kernel then says.
struct Lack {
    argument: &'static str,
    resource: Resource,
    most: u64,
    says: &'static str,
}

const DESCRIPTORS: Lack = Lack {
    argument: "--starve-of-descriptors",
    resource: Resource::Nofile,
    most: 3,
    says: "no worker could be started: Too many open files",
};

const PROCESSES: Lack = Lack {
    argument: "--starve-of-processes",
    resource: Resource::Nproc,
    most: 1,
    says: "no worker could be started: Resource temporarily unavailable",
};

/// A user whom nobody is: the limit of processes counts all that a user has, and binds everybody but root.
const NOBODY_ELSE: u32 = 54_321;

pub(crate) fn who_has_no_descriptors_left_loses_no_case() {
    check(Command::new("/proc/self/exe").arg(DESCRIPTORS.argument));
}

pub(crate) fn who_may_start_no_processes_loses_no_case() {
    // By a link that does not ask who may enter the folders above it.
    let mut command = Command::new("/proc/self/exe");
    if getuid().is_root() {
        command.uid(NOBODY_ELSE).gid(NOBODY_ELSE);
    }
    check(command.arg(PROCESSES.argument));
}

fn check(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| {
        panic!("this cannot be shown here, for root has as many processes as it likes, and may not become another user: {error}")
    });
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "whole again\n");
}

pub(crate) fn starve_if_asked() {
    let argument = std::env::args().nth(1);
    if let Some(lack) = [DESCRIPTORS, PROCESSES].iter().find(|lack| argument.as_deref() == Some(lack.argument)) {
        starve(lack);
    }
}

fn starve(lack: &Lack) -> ! {
    let sandbox = Sandbox::start(&super::settings(1)).unwrap();
    let source = "function f(n) { if (n % 2 === 1) [].forEach.call({ length: 2 ** 53 - 1 }, () => {}); return n }";
    let mut session = super::session(&sandbox, source);
    super::run(&mut *session, [0.0]);
    let before = getrlimit(lack.resource);
    // Every other case ends its worker, and no other one can be started.
    setrlimit(lack.resource, Rlimit { current: Some(lack.most), ..before }).unwrap();
    let started = Instant::now();
    let executions = super::run(&mut *session, (0..12).map(f64::from));
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!(executions.len(), 12, "each has one verdict");
    let mut failed = 0;
    for (n, execution) in executions.iter().enumerate() {
        match &execution.result {
            Ok(Outcome::Returned(value)) => assert_eq!(*value, deem_core::Value::from(n as f64)),
            Ok(Outcome::Exceeded(_)) => assert_eq!(n % 2, 1, "{execution:?}"),
            Err(error) => {
                failed += 1;
                assert!(error.to_string().contains(lack.says), "{error}");
            }
            other => panic!("case {n}: {other:?}"),
        }
    }
    assert!(failed > 0 && matches!(executions[0], Execution { result: Ok(_), .. }), "{executions:?}");
    // It comes back by itself.
    setrlimit(lack.resource, before).unwrap();
    super::wait_for(|| {
        let executions = super::run(&mut *session, [0.0, 1.0, 2.0, 3.0, 4.0]);
        executions.iter().all(|execution| execution.result.is_ok()).then_some(())
    });
    #[expect(clippy::print_stdout, reason = "this is a program of its own here")]
    {
        println!("whole again");
    }
    std::process::exit(0);
}
