//! Workers that somebody has taken over: whatever they say, every case of their submission has one verdict, in time, and the
//! supervisor lives.
//!
//! A rogue worker is this program, which sees by its supervisor's arguments that it is to be one. It speaks the protocol as
//! `src/protocol.rs` describes it, as far as it likes.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileExt as _;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::{Duration, Instant};

use deem_core::{Limits, Outcome, Usage};
use deem_sandbox::Sandbox;
use serde::Serialize;

/// What a rogue worker does when it is given a case; the first one, where it does not say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It sends a frame of a gigabyte, and means to go on sending.
    SendsAGigabyte,
    /// It sends what is no frame.
    SendsNonsense,
    /// It answers as if for the case after.
    AnswersForAnother,
    /// It answers twice.
    AnswersTwice,
    /// It says that it returned, without a value.
    ReturnsNothing,
    /// It returns bytes that are no value.
    ReturnsNonsense,
    /// It says that it has written sixteen megabytes to the console.
    WritesMegabytes,
    /// It does not answer.
    NeverAnswers,
    /// It says that it is in another case, and ends.
    BlamesAnother,
    /// It ends in its case.
    Exits,
    /// It reads where there is no memory, or so it seems.
    Segfaults,
    /// It ends before it was asked anything.
    EndsAtTheStart,
    /// It says nonsense before it was asked anything.
    StartsWithNonsense,
}

impl Kind {
    pub(crate) const ALL: [Kind; 13] = [
        Kind::SendsAGigabyte,
        Kind::SendsNonsense,
        Kind::AnswersForAnother,
        Kind::AnswersTwice,
        Kind::ReturnsNothing,
        Kind::ReturnsNonsense,
        Kind::WritesMegabytes,
        Kind::NeverAnswers,
        Kind::BlamesAnother,
        Kind::Exits,
        Kind::Segfaults,
        Kind::EndsAtTheStart,
        Kind::StartsWithNonsense,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::SendsAGigabyte => "sends_a_gigabyte",
            Kind::SendsNonsense => "sends_nonsense",
            Kind::AnswersForAnother => "answers_for_another_case",
            Kind::AnswersTwice => "answers_twice",
            Kind::ReturnsNothing => "returns_nothing",
            Kind::ReturnsNonsense => "returns_nonsense",
            Kind::WritesMegabytes => "writes_megabytes",
            Kind::NeverAnswers => "never_answers",
            Kind::BlamesAnother => "blames_another_case",
            Kind::Exits => "exits_in_a_case",
            Kind::Segfaults => "segfaults_in_a_case",
            Kind::EndsAtTheStart => "ends_at_the_start",
            Kind::StartsWithNonsense => "starts_with_nonsense",
        }
    }

    /// What the supervisor must make of its first case.
    fn verdict_on_first(self) -> &'static str {
        match self {
            Kind::SendsAGigabyte | Kind::SendsNonsense => "IE: a worker's reply cannot be read",
            Kind::AnswersForAnother => "IE: a worker answered for another case",
            Kind::AnswersTwice | Kind::WritesMegabytes => "7",
            Kind::ReturnsNothing | Kind::ReturnsNonsense => "IE: a worker's value cannot be read",
            Kind::NeverAnswers => "stopped at the limit of 300ms of wall time",
            Kind::BlamesAnother => "IE: the worker exited with code 9, and so did another before it",
            Kind::Exits => "crashed: the worker exited with code 9",
            Kind::Segfaults => "crashed: the worker was ended by signal 11",
            Kind::EndsAtTheStart => "not ready: no worker could be started: the worker exited with code 9",
            Kind::StartsWithNonsense => "not ready: no worker could be started: a frame of ",
        }
    }
}

/// The argument that makes this program a supervisor of rogue workers; the kind's name comes after it.
const AS_SUPERVISOR: &str = "--supervise-rogue";

pub(crate) fn check(kind: Kind) {
    let started = Instant::now();
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).args([AS_SUPERVISOR, kind.name()]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}: {said}", output.status);
    let lines: Vec<&str> = said.lines().collect();
    let expected = kind.verdict_on_first();
    assert!(lines[0].starts_with(expected), "{said}, and not {expected}");
    if !expected.starts_with("not ready") {
        assert_eq!(lines.len(), 3, "each case has one verdict: {said}");
    }
    if kind == Kind::AnswersTwice {
        assert!(lines[1].starts_with("IE: a worker answered for another case"), "{said}");
    }
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
}

pub(crate) fn supervise_if_asked() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some(AS_SUPERVISOR) {
        return;
    }
    let is_silent = arguments.next().as_deref() == Some(Kind::NeverAnswers.name());
    let sandbox = Sandbox::start(&super::settings(1)).unwrap();
    let submission = super::submission("function f(n) { return n }");
    // Who answers may take as long as a busy machine wants.
    let wall = if is_silent { Duration::from_millis(300) } else { Duration::from_secs(60) };
    let limits = Limits { wall, ..Limits::time(Duration::from_secs(10)) };
    match deem_core::Executor::prepare(&sandbox, &submission, &limits.into()) {
        Err(error) => say(&format!("not ready: {error}")),
        Ok(deem_core::Prepared::CompileError(exception)) => say(&format!("CE: {exception}")),
        Ok(deem_core::Prepared::Ready(mut session)) => {
            for execution in super::run(&mut *session, [0.0, 1.0, 2.0]) {
                assert!(execution.console.text().len() <= 64 << 10);
                match execution.result {
                    Ok(Outcome::Returned(value)) => say(&value.to_string()),
                    Ok(outcome) => say(&outcome.to_string()),
                    Err(error) => say(&format!("IE: {error}")),
                }
            }
        }
    }
    std::process::exit(0);
}

fn say(line: &str) {
    #[expect(clippy::print_stdout, reason = "this is a program of its own here")]
    {
        println!("{line}");
    }
}

/// Becomes a rogue worker if the supervisor was asked for one.
pub(crate) fn serve_if_rogue() {
    if std::env::args().nth(1).as_deref() != Some("--deem-worker") {
        return;
    }
    let parent = rustix::process::getppid().unwrap().as_raw_nonzero();
    let arguments = std::fs::read_to_string(format!("/proc/{parent}/cmdline")).unwrap_or_default();
    let mut arguments = arguments.split('\0').skip_while(|argument| *argument != AS_SUPERVISOR);
    if let Some(name) = arguments.nth(1) {
        let kind = *Kind::ALL.iter().find(|kind| kind.name() == name).unwrap();
        let _ = Rogue::new().serve(kind); // it ends when its supervisor does
        std::process::exit(9);
    }
}

struct Rogue {
    channel: UnixStream,
    status: File,
}

/// As `src/protocol.rs` has it.
#[derive(Serialize)]
struct Done {
    number: u64,
    result: Result<Told, String>,
    usage: Usage,
    console: String,
    omitted: usize,
    is_spent: bool,
}

#[derive(Serialize)]
enum Told {
    Returned,
}

impl Rogue {
    fn new() -> Rogue {
        let channel = UnixStream::from(io::stdin().as_fd().try_clone_to_owned().unwrap());
        let status = File::from(io::stdout().as_fd().try_clone_to_owned().unwrap());
        Rogue { channel, status }
    }

    fn serve(&mut self, kind: Kind) -> io::Result<()> {
        self.read_frame()?;
        match kind {
            Kind::EndsAtTheStart => return Ok(()),
            Kind::StartsWithNonsense => self.channel.write_all(&[0xff; 64])?,
            _ => self.write_frame(&[0, 0], &[])?, // no thread of this number, no layer missing
        }
        self.read_frame()?;
        self.write_frame(&[0], &[])?; // the submission is loaded
        for number in 1.. {
            self.read_frame()?;
            let mut page = [0; 10];
            page[..8].copy_from_slice(&(number + u64::from(kind == Kind::BlamesAnother)).to_le_bytes());
            page[8] = 1;
            self.status.write_all_at(&page, 0)?;
            self.answer(kind, number)?;
        }
        Ok(())
    }

    fn answer(&mut self, kind: Kind, number: u64) -> io::Result<()> {
        match kind {
            Kind::SendsAGigabyte => {
                self.channel.write_all(&[0, 0, 0, 0x40, 0, 0, 0, 0x40])?;
                loop {
                    self.channel.write_all(&[0; 4096])?;
                }
            }
            Kind::SendsNonsense => self.write_frame(&[0xff; 100], &[0xff; 100]),
            Kind::AnswersForAnother => self.done(number + 1, "", &seven()),
            Kind::AnswersTwice => {
                self.done(number, "", &seven())?;
                self.done(number, "", &seven())
            }
            Kind::ReturnsNothing => self.done(number, "", &[]),
            Kind::ReturnsNonsense => self.done(number, "", &[1, 3, 0xff, 0xff, 0xff]),
            Kind::WritesMegabytes => self.done(number, &"x".repeat(16 << 20), &seven()),
            Kind::NeverAnswers => loop {
                std::thread::sleep(Duration::from_secs(1));
            },
            // Once is not enough: Rust's handler, which is for stacks, lets the second one through.
            Kind::Segfaults => loop {
                rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::SEGV)?;
            },
            Kind::BlamesAnother | Kind::Exits | Kind::EndsAtTheStart | Kind::StartsWithNonsense => {
                std::process::exit(9)
            }
        }
    }

    fn done(&mut self, number: u64, console: &str, values: &[u8]) -> io::Result<()> {
        let (result, usage, console) = (Ok(Told::Returned), Usage::default(), console.to_owned());
        let done = Done { number, result, usage, console, omitted: 0, is_spent: false };
        self.write_frame(&postcard::to_stdvec(&done).unwrap(), values)
    }

    fn read_frame(&mut self) -> io::Result<()> {
        let mut lengths = [0; 8];
        self.channel.read_exact(&mut lengths)?;
        let [a, b, c, d, e, f, g, h] = lengths;
        let length = u64::from(u32::from_le_bytes([a, b, c, d])) + u64::from(u32::from_le_bytes([e, f, g, h]));
        io::copy(&mut (&self.channel).take(length), &mut io::sink()).map(drop)
    }

    fn write_frame(&mut self, head: &[u8], values: &[u8]) -> io::Result<()> {
        let lengths = [head, values].map(|part| (part.len() as u32).to_le_bytes());
        self.channel.write_all(lengths.as_flattened())?;
        self.channel.write_all(head)?;
        self.channel.write_all(values)
    }
}

/// The values of a frame that has the number 7.
fn seven() -> Vec<u8> {
    let seven = deem_wire::encode(&deem_core::Value::from(7)).unwrap();
    postcard::to_stdvec(&vec![seven]).unwrap()
}
