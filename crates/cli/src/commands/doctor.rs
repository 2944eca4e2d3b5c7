//! Does deem work here, and do its walls hold? What is found is shown by trying.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use deem_core::{Case, Checker, Engine, Entry, InternalError, Pool, Rules, Submission, Value, Verdict, judge};
use deem_sandbox::{Layer, MissingLayer, Probed, Proof, Sandbox, Settings, Walls, prove};
use deem_spawn::Runtime;

/// How many findings there were of what must be otherwise.
#[derive(Default)]
struct Findings {
    bad: usize,
}

pub(crate) fn doctor() -> Result<ExitCode> {
    let mut findings = Findings::default();
    findings.facts()?;
    let started = Instant::now();
    let settings = Settings { threads: 1, walls: Walls::AsPossible, ..Settings::default() };
    let sandbox = Sandbox::start(&settings)?;
    match sandbox.missing() {
        Ok(missing) => {
            findings.good("sandbox", format!("its first worker was ready in {:.0?}", rounded(started.elapsed())))?;
            findings.case(&sandbox)?;
            for layer in Layer::ALL {
                findings.layer(layer, &missing)?;
            }
        }
        Err(error) => findings.bad("sandbox", error)?,
    }
    Ok(if findings.end()? { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

impl Findings {
    fn facts(&mut self) -> Result<()> {
        self.good("deem", format!("{}, V8 {}", env!("CARGO_PKG_VERSION"), Engine::V8_VERSION))?;
        let kernel = rustix::system::uname();
        let (name, release) = (kernel.sysname().to_string_lossy(), kernel.release().to_string_lossy());
        self.good("system", format!("{name} {release}, {}", std::env::consts::ARCH))?;
        // Two threads of one core share it: times are steadier with no more threads than cores.
        let (threads, cores) = (Pool::default_threads(), num_cpus::get_physical());
        self.good("processors", format!("{threads} for this process, of {cores} cores"))?;
        match Runtime::node() {
            Ok(node) => self.good("node", node.version())?,
            Err(error) => self.note("node", format!("{error} (only --isolation node and --compare node need it)"))?,
        }
        Ok(())
    }

    /// Whether a case comes out of a sandbox as it must.
    fn case(&mut self, sandbox: &Sandbox) -> Result<()> {
        let judged = || -> Result<Verdict, InternalError> {
            let entry = Entry::function("twice").map_err(|error| InternalError(error.to_string()))?;
            let submission = Submission::new("const twice = (n) => n * 2", entry);
            let case = Case { id: "1".into(), args: vec![Value::from(21)], expected: Value::from(42).into() };
            Ok(judge(sandbox, &submission, &[Arc::new(case)], &Checker::Exact, &Rules::default())?.verdict)
        };
        let started = Instant::now();
        match judged() {
            Ok(Verdict::Accepted) => {
                self.good("a case", format!("compiled, run and judged in {:.1?}", rounded(started.elapsed())))?;
            }
            Ok(verdict) => self.bad("a case", format!("{verdict}, and must be AC"))?,
            Err(error) => self.bad("a case", error)?,
        }
        Ok(())
    }

    fn layer(&mut self, layer: Layer, missing: &[MissingLayer]) -> Result<()> {
        if let Some(missing) = missing.iter().find(|missing| missing.layer == layer) {
            let why = &missing.why;
            if missing.is_partial {
                self.note(layer, format!("a part of it: {why}. The others hold what it does not"))?;
            } else if layer.is_optional() {
                self.note(layer, format!("not here: {why}. The others hold without it"))?;
            } else {
                let way_out = "`deem run` refuses to start; --walls as-possible does without";
                self.bad(layer, format!("not here: {why}. {way_out}"))?;
            }
            return Ok(());
        }
        let proofs = match prove(layer) {
            Ok(proofs) => proofs,
            Err(error) => {
                self.bad(layer, error)?;
                return Ok(());
            }
        };
        for proof in proofs {
            self.proof(&proof)?;
        }
        Ok(())
    }

    fn proof(&mut self, proof: &Proof) -> io::Result<()> {
        let tried = proof.probe.describe();
        match (&proof.inside, &proof.outside) {
            (Probed::Allowed, _) => self.bad(proof.layer, format!("{tried}: a worker can")),
            (_, Err(why)) => {
                self.note(proof.layer, format!("{tried}: proves nothing, for it fails outside as well: {why}"))
            }
            (Probed::Refused(how) | Probed::Ended(how), Ok(())) => self.good(proof.layer, format!("{tried}: {how}")),
        }
    }

    fn good(&mut self, of: impl Display, what: impl Display) -> io::Result<()> {
        line("ok", AnsiColor::Green, of, what)
    }

    /// What is as well as it can be here.
    fn note(&mut self, of: impl Display, what: impl Display) -> io::Result<()> {
        line("note", AnsiColor::Yellow, of, what)
    }

    fn bad(&mut self, of: impl Display, what: impl Display) -> io::Result<()> {
        self.bad += 1;
        line("BAD", AnsiColor::Red, of, what)
    }

    /// Says how it all is, and whether that is well.
    fn end(&self) -> io::Result<bool> {
        let mut stdout = anstream::stdout();
        match self.bad {
            0 => writeln!(stdout, "\ndeem works here, and every wall that must be there holds.")?,
            1 => writeln!(stdout, "\n1 thing is not as it must be.")?,
            more => writeln!(stdout, "\n{more} things are not as they must be.")?,
        }
        Ok(self.bad == 0)
    }
}

fn line(how: &str, color: AnsiColor, of: impl Display, what: impl Display) -> io::Result<()> {
    let style = Style::new().fg_color(Some(color.into())).bold();
    let of = of.to_string();
    writeln!(anstream::stdout(), "{style}{how:<4}{style:#}  {of:<10}  {what}")
}

/// Times in microseconds are noise here.
fn rounded(time: Duration) -> Duration {
    Duration::from_micros(time.as_micros() as u64 / 100 * 100)
}
