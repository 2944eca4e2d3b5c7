//! One worker process, as its supervisor sees it: started, asked under a deadline, and buried.

mod looks;
mod patience;

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use deem_core::{Cancellation, Exceeded, Execution, InternalError, Isolation, Limits, Outcome, Rules, Submission};
use deem_wire::frame;
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::looks::Looks;
use self::patience::{Patiently, Stop};
use crate::probe::{Probe, Probed};
use crate::protocol::{self, Done, Hello, Loaded, Request, Start, Tried};
use crate::status::{Phase, Status};
use crate::wall::MissingLayer;
use crate::worker::{self, AS_WORKER};

/// For how long a worker may be busy with itself: starting, compiling, taking in what it is sent.
const OWN_TIME: Duration = Duration::from_secs(20);

/// A worker is sent cases ahead until they take so much, in bytes. It is less than a socket holds.
const AHEAD: usize = 32 << 10;

/// How much is kept of what a worker that died had written, in bytes: V8 says why it gives up, and then prints tables.
const LAST_WORDS: usize = 4 << 10;

pub(crate) struct Process {
    child: Child,
    channel: UnixStream,
    status: Status,
    stderr: Option<ChildStderr>,
    /// From when it is ready.
    looks: Option<Looks>,
    /// How many cases it was sent, and how many of those it has answered; what the others take, in bytes, one by one.
    sent: u64,
    answered: u64,
    unanswered: VecDeque<usize>,
    memory: MemorySeen,
    missing: Vec<MissingLayer>,
    /// How many submissions it was given.
    loads: u32,
}

/// What a worker's data and stacks were seen to be, in bytes.
#[derive(Clone, Copy, Default)]
struct MemorySeen {
    /// When the submission was loaded.
    loaded: u64,
    /// The most at any look at the case.
    most: u64,
}

/// The end of a worker from outside, or for no reason to be seen.
pub(crate) struct Death {
    pub(crate) how: String,
    /// Whether a case was under way.
    pub(crate) in_case: bool,
}

/// What came of a case.
pub(crate) enum Answer {
    Done {
        execution: Box<Execution>,
        is_spent: bool,
    },
    /// The worker is dead, and that is the case's doing.
    Fatal(Execution),
    /// The worker is dead, and that is not known to be the case's doing, which may not even have begun.
    Died(Death),
}

impl Process {
    /// Starts the current program as a worker, and waits until it is ready.
    pub(crate) fn start(start: &Start) -> io::Result<Process> {
        // V8's, which the first worker makes: it has run nothing then.
        static SNAPSHOT: OnceLock<Vec<u8>> = OnceLock::new();
        let snapshot = SNAPSHOT.get().map_or(&[][..], Vec::as_slice);
        let (channel, theirs) = UnixStream::pair()?;
        let status = Status::new()?;
        // The program may be replaced on disk meanwhile: the link is to the one that runs.
        let mut child = Command::new("/proc/self/exe")
            .arg(AS_WORKER)
            .env_clear()
            .env("TZ", "UTC")
            .current_dir("/")
            .stdin(OwnedFd::from(theirs))
            .stdout(status.other_end()?)
            .stderr(Stdio::piped())
            // Ctrl-C is for who started the run, and decides what becomes of it.
            .process_group(0)
            .spawn()?;
        let stderr = child.stderr.take();
        let mut process = Process {
            child,
            channel,
            status,
            stderr,
            looks: None,
            sent: 0,
            answered: 0,
            unanswered: VecDeque::new(),
            memory: MemorySeen::default(),
            missing: Vec::new(),
            loads: 0,
        };
        // Where the worker does not take in what it is sent.
        process.channel.set_write_timeout(Some(OWN_TIME))?;
        let hello = process.send(start, snapshot).and_then(|()| process.receive(protocol::LONGEST_SNAPSHOT));
        let (hello, made): (Hello, _) = hello.map_err(|error| process.unready(error))?;
        process.looks = Some(Looks::at(process.child.id(), hello.thread)?);
        process.missing = hello.missing;
        if !made.is_empty() {
            let _ = SNAPSHOT.set(made); // one is as good as another
        }
        Ok(process)
    }

    /// What it could not put between itself and the kernel.
    pub(crate) fn missing(&self) -> &[MissingLayer] {
        &self.missing
    }

    /// Whether nobody has ended or halted it meanwhile.
    pub(crate) fn is_well(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None)) && !self.is_halted()
    }

    /// Has it try what must not work.
    pub(crate) fn probe(mut self, probe: Probe) -> io::Result<Probed> {
        self.send(&Request::Probe(probe), &[])?;
        match self.receive::<Tried>(0) {
            Ok((Ok(()), _)) => Ok(Probed::Allowed),
            Ok((Err(why), _)) => Ok(Probed::Refused(why)),
            Err(_) => Ok(Probed::Ended(self.bury()?.0)),
        }
    }

    /// Has it compile a submission, whose cases it then runs.
    pub(crate) fn load(&mut self, submission: &Submission, rules: &Rules) -> io::Result<Loaded> {
        let load = Request::Load { submission: submission.clone(), rules: *rules };
        self.loads += 1;
        let loaded = self.send(&load, &[]).and_then(|()| self.receive(0)).map(|(loaded, _)| loaded);
        self.memory = MemorySeen { loaded: self.data(), most: 0 };
        loaded.map_err(|error| self.unready(error))
    }

    /// How many submissions it was given.
    pub(crate) fn loads(&self) -> u32 {
        self.loads
    }

    /// How many cases it was sent and has not answered.
    pub(crate) fn in_flight(&self) -> usize {
        self.unanswered.len()
    }

    /// Whether a case of so many bytes can be sent ahead: the worker does not read while it answers, and must not have to.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.unanswered.iter().sum::<usize>() + bytes <= AHEAD
    }

    /// Sends a case, which it runs after those that it was sent before.
    pub(crate) fn send_case(&mut self, isolation: Isolation, args: &[u8]) {
        self.sent += 1;
        self.unanswered.push_back(args.len());
        // Should it fail, the worker has ended, which shows when it is to answer.
        let _ = self.send(&Request::Case { number: self.sent, isolation }, args);
    }

    /// Waits for the first case that it has not answered.
    pub(crate) fn run(&mut self, rules: &Rules, cancellation: &Cancellation) -> Answer {
        let started = Instant::now();
        let mut answer = self.answer(rules, cancellation);
        if let Answer::Fatal(execution) = &mut answer {
            execution.usage.wall = started.elapsed(); // the worker cannot say it any more
        }
        answer
    }

    fn answer(&mut self, rules: &Rules, cancellation: &Cancellation) -> Answer {
        let limits = &rules.limits;
        self.answered += 1;
        self.unanswered.pop_front();
        // A value has passed the limit of output as V8 wrote it; the same as written here may be somewhat longer.
        let room = limits.output.0.saturating_mul(4).saturating_add(1 << 20);
        self.memory.most = self.memory.loaded;
        let mut reply = Patiently::new(self, limits.cpu, limits.wall, cancellation);
        let received = frame::receive::<Done>(&mut reply, room);
        if let Some(stop) = reply.stop.take() {
            self.kill();
            let had_no_memory = matches!(self.status.phase(), Ok(Phase::OutOfMemory(case)) if case == self.answered);
            return Answer::Fatal(match stop {
                Stop::Cpu | Stop::Wall if had_no_memory => {
                    Execution::of(Ok(Outcome::Exceeded(Exceeded::Heap(limits.heap))))
                }
                Stop::Cpu => Execution::of(Ok(Outcome::Exceeded(Exceeded::Cpu(limits.cpu)))),
                Stop::Wall => Execution::of(Ok(Outcome::Exceeded(Exceeded::Wall(limits.wall)))),
                Stop::Cancelled => failed("cancelled"),
                Stop::Halted => {
                    let in_case = matches!(self.status.phase(), Ok(Phase::Running(case)) if case == self.answered);
                    return Answer::Died(Death { how: "the worker was stopped (SIGSTOP)".to_owned(), in_case });
                }
                Stop::Stalled => failed("a worker did not finish its reply"),
            });
        }
        match received {
            Ok((done, _)) if done.number != self.answered => {
                self.kill();
                Answer::Fatal(failed("a worker answered for another case"))
            }
            Ok((done, values)) => done.answer(&values),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                self.kill();
                Answer::Fatal(failed(&format!("a worker's reply cannot be read: {error}")))
            }
            Err(_) => self.obituary(limits),
        }
    }

    fn cpu(&self) -> Duration {
        self.looks.as_ref().map_or(Duration::ZERO, Looks::cpu)
    }

    fn is_halted(&self) -> bool {
        self.looks.as_ref().is_some_and(Looks::is_halted)
    }

    fn data(&self) -> u64 {
        self.looks.as_ref().map_or(0, Looks::data)
    }

    /// Whether it may have died for want of memory without a word: an allocation of C++'s that fails ends the process. Tables are
    /// made twice as large when they are full, so that with the old one it would be three times as much; and the last look may
    /// have been before the time before that.
    fn was_large(&self, limits: &Limits) -> bool {
        self.memory.most.saturating_sub(self.memory.loaded) > worker::allowance(limits) / 6
    }

    /// What a worker died of whose channel is closed.
    fn obituary(&mut self, limits: &Limits) -> Answer {
        let (how, status) = match self.bury() {
            Ok(buried) => buried,
            Err(error) => return Answer::Died(Death { how: error.to_string(), in_case: true }),
        };
        match self.status.phase() {
            Ok(Phase::Running(case)) if case == self.answered => {}
            Ok(Phase::OutOfMemory(case)) if case == self.answered => {
                return Answer::Fatal(Execution::of(Ok(Outcome::Exceeded(Exceeded::Heap(limits.heap)))));
            }
            _ => return Answer::Died(Death { how, in_case: false }),
        }
        // The words of V8, of C++ and of Rust where they get no memory.
        let starved = ["out of memory", "bad_alloc", "memory allocation of"].iter().any(|words| how.contains(words));
        let fatal = |outcome| Answer::Fatal(Execution::of(Ok(outcome)));
        match status.signal() {
            Some(4..=6 | 9) if self.was_large(limits) => fatal(Outcome::Exceeded(Exceeded::Heap(limits.heap))),
            _ if starved => fatal(Outcome::Exceeded(Exceeded::Heap(limits.heap))),
            // Nothing that a case does sends that signal, unless the kernel has run out of memory on its account.
            Some(9 | 15) => Answer::Died(Death { how, in_case: true }),
            _ => fatal(Outcome::Crashed(how)),
        }
    }

    /// How it ended, and what it said last.
    fn bury(&mut self) -> io::Result<(String, ExitStatus)> {
        // Were it alive after all, having closed its channel, it would be waited for.
        self.kill();
        let status = self.child.wait()?;
        let mut words = Vec::new();
        if let Some(stderr) = self.stderr.take() {
            let _ = stderr.take(LAST_WORDS as u64).read_to_end(&mut words); // what could be read is there
        }
        let words = String::from_utf8_lossy(&words);
        let lines = || words.lines().map(str::trim).filter(|line| !line.is_empty());
        let said = ["FATAL ERROR", "# Fatal", "memory allocation of"];
        let line = lines().find(|line| said.iter().any(|said| line.starts_with(said))).or_else(|| lines().next());
        let how = match (status.code(), status.signal()) {
            (Some(code), _) => format!("the worker exited with code {code}"),
            (None, Some(9)) => "the worker was killed (SIGKILL)".to_owned(),
            (None, Some(31)) => "the worker made a system call that it must not make (SIGSYS)".to_owned(),
            (None, Some(signal)) => format!("the worker was ended by signal {signal}"),
            (None, None) => "the worker ended".to_owned(),
        };
        Ok((line.map_or_else(|| how.clone(), |line| format!("{how}: {line}")), status))
    }

    /// Why it is not ready, in more words than the channel has.
    fn unready(&mut self, error: io::Error) -> io::Error {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
                self.bury().map_or_else(|error| error, |(how, _)| io::Error::other(how))
            }
            _ => error,
        }
    }

    fn send(&mut self, head: &impl Serialize, values: &[u8]) -> io::Result<()> {
        frame::send(&mut self.channel, head, values)
    }

    /// What it answers without there being a case, with values of no more than `room` bytes.
    fn receive<T: DeserializeOwned>(&mut self, room: usize) -> io::Result<(T, Vec<u8>)> {
        let cancellation = Cancellation::default();
        let mut reply = Patiently::new(self, OWN_TIME, OWN_TIME, &cancellation);
        let received = frame::receive(&mut reply, room);
        match reply.stop {
            Some(Stop::Halted) => Err(io::Error::other("the worker was stopped (SIGSTOP)")),
            Some(_) => {
                let why = format!("the worker was not ready in {OWN_TIME:?}");
                Err(io::Error::new(io::ErrorKind::TimedOut, why))
            }
            None => received,
        }
    }

    fn kill(&mut self) {
        let _ = self.child.kill(); // it has ended already
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        let _ = self.child.wait(); // waited for before, or gone
    }
}

impl Done {
    fn answer(self, values: &[u8]) -> Answer {
        let (console, usage, is_spent) = (self.console(), self.usage, self.is_spent);
        let result = match self.result {
            Ok(told) => told.outcome(values).ok_or_else(|| InternalError("a worker's value cannot be read".to_owned())),
            Err(why) => Err(InternalError(why)),
        };
        let is_spent = is_spent || result.is_err();
        Answer::Done { execution: Box::new(Execution { result, usage, console }), is_spent }
    }
}

fn failed(why: &str) -> Execution {
    Execution::of(Err(InternalError(why.to_owned())))
}
