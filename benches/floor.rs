//! The floor under a realm per case: a bare `v8::Context`, bind and run, on an isolate of the same kind, with nothing of
//! deem around it; and what `node:vm` takes for the same. Then a whole case: by `node:vm`, with a limit of time, arguments that are
//! given and an answer that is read; and by deem, with all its limits, and its globals. In processor time, all threads', in turns.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use deem_benches::{SUM, case, is_bench, rank, sum};
use deem_core::{Cancellation, Engine, Isolate, Isolation, Limits, Rules};
use deno_core::v8;
use rustix::time::{ClockId, clock_gettime};

/// Runs so many cases, and says what processor time they took.
type Run = Box<dyn FnMut(u32) -> Result<Duration>>;

/// What a row is called, and what makes it.
type Row = (&'static str, fn() -> Result<Run>);

/// [`SUM`] of twenty integers, as the value of a script.
fn script() -> String {
    format!("{SUM} sum([{}])", (1..=20).map(|n| n.to_string()).collect::<Vec<_>>().join(","))
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn timed(mut one: impl FnMut() + 'static) -> Run {
    Box::new(move |cases| {
        let started = now();
        (0..cases).for_each(|_| one());
        Ok(now() - started)
    })
}

fn bare() -> Result<Run> {
    let params = v8::CreateParams::default().heap_limits(0, Limits::default().heap.0);
    let mut isolate = v8::Isolate::new(params);
    let script = {
        v8::scope!(let scope, &mut isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let source = v8::String::new(scope, &script()).context("the source is short")?;
        let script = v8::Script::compile(scope, source, None).context("the source compiles")?;
        let script = script.get_unbound_script(scope);
        v8::Global::new(scope, script)
    };
    // The script's handle goes before the isolate does.
    let mut held = (script, isolate);
    Ok(timed(move || {
        let (script, isolate) = &mut held;
        v8::scope!(let scope, isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let script = v8::Local::new(scope, &*script).bind_to_current_context(scope);
        let sum = script.run(scope).expect("the script runs");
        assert_eq!(sum.int32_value(scope), Some(210));
    }))
}

fn realm() -> Result<Run> {
    let engine = Engine::new()?;
    let (program, case) = (sum(&engine)?, case(20));
    let mut isolate = Isolate::new(&engine, &Limits::default())?;
    let (rules, cancellation) = (Rules::default(), Cancellation::default());
    Ok(timed(move || {
        let execution = isolate.run(&program, &case.args, &rules, Isolation::Realm, &cancellation);
        assert!(deem_benches::is_right(&case, &execution), "{execution:?}");
    }))
}

/// A context, and a script in it whose value is the answer.
const NODE_BARE: &str = "
const script = new vm.Script(`${sum} sum([${numbers}])`);
const one = () => script.runInContext(vm.createContext());";

/// A context that is given arguments as text, and a program, a call and an answer as text within a limit of time.
const NODE_CASE: &str = "
const [define, call] = [sum, 'JSON.stringify(sum(...JSON.parse(args)))'].map((source) => new vm.Script(source));
const args = JSON.stringify([numbers]);
const timeout = 10_000;
const one = () => {
  const context = vm.createContext({ args });
  define.runInContext(context, { timeout });
  return JSON.parse(call.runInContext(context, { timeout }));
};";

/// Reads how many, and writes how many microseconds of processor time that took.
const NODE: &str = "
require('readline').createInterface({ input: process.stdin }).on('line', (cases) => {
  const started = process.cpuUsage();
  for (let i = 0; i < cases; i++) if (one() !== 210) throw new Error('a wrong sum');
  const { user, system } = process.cpuUsage(started);
  console.log(user + system);
});";

fn node(one: &str) -> Result<Run> {
    let given =
        "const vm = require('vm'); const sum = process.argv[1], numbers = Array.from({ length: 20 }, (_, i) => i + 1);";
    let mut command = Command::new("node");
    command.args(["-e", &format!("{given}{one}{NODE}"), SUM]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().context("node, which the barometer needs as well")?;
    let mut asked: ChildStdin = child.stdin.take().context("a pipe")?;
    let mut answers: BufReader<ChildStdout> = BufReader::new(child.stdout.take().context("a pipe")?);
    Ok(Box::new(move |cases| {
        writeln!(asked, "{cases}")?; // it ends when this pipe does
        let mut line = String::new();
        answers.read_line(&mut line)?;
        Ok(Duration::from_micros(line.trim().parse().context("what node measured")?))
    }))
}

fn main() -> Result<()> {
    // deem's snapshot is made before there is an isolate of another one.
    sum(&Engine::new()?)?;
    let rows: [Row; 4] = [
        ("bare context, bind, run", bare),
        ("node:vm, context, run", || node(NODE_BARE)),
        ("node:vm, a case", || node(NODE_CASE)),
        ("deem, realm per case", realm),
    ];
    let (rounds, cases) = if is_bench() { (20, 2_000) } else { (1, 1) };
    let mut taken = rows.map(|_| Vec::new());
    for _ in 0..rounds {
        // Made anew, for a thread has one isolate at a time.
        for ((_, make), taken) in rows.iter().zip(&mut taken) {
            let mut run = make()?;
            run(cases / 4)?; // meanwhile heaps grow, and V8 compiles
            taken.push(run(cases)? / cases);
        }
    }
    println!("a case in a context of its own, medians of {rounds} rounds of {cases} in turns, processor time:");
    let medians = taken.map(|taken| rank(&taken, 0.5));
    for ((name, _), median) in rows.iter().zip(medians) {
        println!("  {name:24} {median:.1?}");
    }
    let [bare, node_bare, node_case, deem] = medians;
    println!("deem's case takes {:.2} times what the bare context does;", deem.div_duration_f64(bare));
    let [context, case] = [node_bare, node_case].map(|node| node.div_duration_f64(deem));
    println!("a context of node:vm takes {context:.2} times what deem's case does, and a case there {case:.2} times");
    Ok(())
}
