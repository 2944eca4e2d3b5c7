//! A supervisor that the system gives nothing any more.

use std::process::Command;
use std::time::{Duration, Instant};

use deem_core::{Execution, Outcome};
use deem_sandbox::Sandbox;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The argument that makes this program run cases without descriptors.
const AS_STARVED: &str = "--starve";

pub(crate) fn who_has_no_descriptors_left_loses_no_case() {
    let output = Command::new(std::env::current_exe().unwrap()).arg(AS_STARVED).output().unwrap();
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "whole again\n");
}

pub(crate) fn starve_if_asked() {
    if std::env::args().nth(1).as_deref() != Some(AS_STARVED) {
        return;
    }
    let sandbox = Sandbox::start(&super::settings(1)).unwrap();
    let source = "function f(n) { if (n % 2 === 1) [].forEach.call({ length: 2 ** 53 - 1 }, () => {}); return n }";
    let mut session = super::session(&sandbox, source);
    super::run(&mut *session, [0.0]);
    let before = getrlimit(Resource::Nofile);
    // Every other case ends its worker, and no other one can be started.
    setrlimit(Resource::Nofile, Rlimit { current: Some(3), ..before }).unwrap();
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
                assert!(error.to_string().contains("no worker could be started: Too many open files"), "{error}");
            }
            other => panic!("case {n}: {other:?}"),
        }
    }
    assert!(failed > 0 && matches!(executions[0], Execution { result: Ok(_), .. }), "{executions:?}");
    // It comes back by itself.
    setrlimit(Resource::Nofile, before).unwrap();
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
