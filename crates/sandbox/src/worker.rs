//! A worker, from inside: one thread with an isolate, which runs what it is sent.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt as _;
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

use deem_core::{
    Cancellation, CompileError, Engine, Execution, Isolate, Isolation, Limits, Program, Rules, Submission, Usage,
};
use deem_wire::frame;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal, setrlimit};

use crate::protocol::{self, Done, Hello, LONGEST_SNAPSHOT, Loaded, Request, Start, Told, Tried};
use crate::status::{self, Status};
use crate::wall::{self, MissingLayer};

/// The argument that makes a program a worker.
pub(crate) const AS_WORKER: &str = "--deem-worker";

/// The stack of the thread that runs cases, in bytes: what JavaScript may have of it, and room for C++ and Rust.
const STACK: usize = Limits::MOST_STACK.0 + (4 << 20);

/// What V8 may take for itself once a submission is loaded, in bytes: compilers' zones, serializers, tables.
const OWN_MEMORY: u64 = 128 << 20;

/// Becomes a worker, and never returns, if the supervisor has started this process to be one. To be called first thing in `main`,
/// on a thread without any other beside it.
pub fn serve_if_worker() {
    if std::env::args_os().nth(1).is_some_and(|arg| arg == AS_WORKER) {
        let served = serve();
        if let Err(error) = &served {
            let _ = writeln!(io::stderr(), "deem's worker: {error}"); // for whoever reads a dead worker's last words
        }
        std::process::exit(served.is_err().into());
    }
}

struct Worker {
    engine: Engine,
    start: Start,
    channel: UnixStream,
    statm: File,
    loaded: Option<(Program, Rules)>,
    isolate: Option<Isolate>,
}

/// Where V8 says that it has no memory, which may be on any thread, and in the middle of anything.
static STATUS: OnceLock<Status> = OnceLock::new();

/// Runs what is sent until the supervisor closes the channel.
fn serve() -> io::Result<()> {
    let mut channel = UnixStream::from(take(rustix::stdio::stdin(), rustix::stdio::dup2_stdin)?);
    let status = take(rustix::stdio::stdout(), rustix::stdio::dup2_stdout)?;
    let _ = STATUS.set(Status::from_other_end(status));
    limit_resources()?;
    deem_core::on_out_of_memory(|| STATUS.get().map_or((), Status::out_of_memory));
    // What takes files is done while there are files: rustix reads the size of a page from one, and keeps it.
    let statm = File::open("/proc/self/statm")?;
    data_of(&statm)?;
    let (start, snapshot) = frame::receive::<Start>(&mut channel, LONGEST_SNAPSHOT)?;
    let missing = wall::raise_before_threads(&start.layers);
    die_with_supervisor()?;
    let (engine, made) = engine(snapshot).map_err(io::Error::other)?;
    let leash = channel.try_clone()?;
    std::thread::Builder::new().name("deem-leash".to_owned()).spawn(move || heed(&leash))?;
    let thread = std::thread::Builder::new().name("deem-cases".to_owned()).stack_size(STACK);
    let worker = move || Worker { engine, start, channel, statm, loaded: None, isolate: None };
    let cases = thread.spawn(move || worker().answer_all(missing, &made))?;
    cases.join().unwrap_or_else(|_| Err(io::Error::other("panicked")))
}

/// The engine, and its snapshot, if it had to be made.
fn engine(snapshot: Vec<u8>) -> Result<(Engine, Vec<u8>), deem_core::Error> {
    if snapshot.is_empty() {
        let engine = Engine::new()?;
        let made = engine.snapshot()?;
        return Ok((engine, made));
    }
    Ok((Engine::with_snapshot(snapshot)?, Vec::new()))
}

impl Worker {
    fn answer_all(&mut self, mut missing: Vec<MissingLayer>, made: &[u8]) -> io::Result<()> {
        // Most submissions have these limits: their isolate need not be waited for.
        self.isolate_for(&Limits::default()).map_err(io::Error::other)?;
        missing.extend(wall::raise_before_code(&self.start.layers));
        let hello = Hello { missing, thread: rustix::thread::gettid().as_raw_nonzero().get() };
        frame::send(&mut self.channel, &hello, made)?;
        loop {
            match frame::receive(&mut self.channel, u32::MAX as usize) {
                Ok((Request::Load { submission, rules }, _)) => {
                    let loaded = self.load(&submission, rules);
                    frame::send(&mut self.channel, &loaded, &[])?;
                }
                Ok((Request::Case { number, isolation }, args)) => self.case(number, isolation, &args)?,
                Ok((Request::Probe(probe), _)) => {
                    let tried: Tried = probe.attempt().map_err(|error| error.to_string());
                    frame::send(&mut self.channel, &tried, &[])?;
                }
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn load(&mut self, submission: &Submission, rules: Rules) -> Loaded {
        if self.loaded.take().is_some() {
            self.isolate = None; // no two submissions share one
            if let Err(error) = setrlimit(Resource::Data, Rlimit { current: None, maximum: None }) {
                return Loaded::Failed(error.to_string());
            }
        }
        match self.engine.compile(submission) {
            Ok(program) => {
                self.loaded = Some((program, rules));
                let ready = self.isolate_for(&rules.limits).map(|_| ());
                let is_reused = self.start.is_reused;
                let ready = ready.and_then(|()| {
                    limit_memory(&self.statm, &rules.limits, is_reused).map_err(|error| error.to_string())
                });
                ready.map_or_else(Loaded::Failed, |()| Loaded::Ready)
            }
            Err(CompileError::Syntax(exception)) => Loaded::CompileError(exception),
            Err(CompileError::Engine(error)) => Loaded::Failed(error.to_string()),
        }
    }

    fn isolate_for(&mut self, limits: &Limits) -> Result<&mut Isolate, String> {
        if self.isolate.as_ref().is_some_and(|isolate| !isolate.has_limits(limits)) {
            self.isolate = None; // before there is another one: a thread has one at a time
        }
        match &mut self.isolate {
            Some(isolate) => Ok(isolate),
            none => {
                let make = match self.start.isolation {
                    Isolation::Isolate => Isolate::for_one_case,
                    Isolation::Realm | Isolation::Frozen | Isolation::Shared => Isolate::new,
                };
                Ok(none.insert(make(&self.engine, limits).map_err(|error| error.to_string())?))
            }
        }
    }

    fn case(&mut self, number: u64, isolation: Isolation, args: &[u8]) -> io::Result<()> {
        let status = STATUS.get().ok_or_else(|| io::Error::other("no status page"))?;
        status.begin(number)?;
        let (execution, is_spent) = self.run(isolation, args).unwrap_or_else(|why| (failed(why), true));
        let Execution { result, usage, console } = execution;
        let (result, values) = match result.map(Told::of) {
            Ok((told, value)) => {
                (Ok(told), value.and_then(|value| protocol::write_values(&[value])).unwrap_or_default())
            }
            Err(error) => (Err(error.0), Vec::new()),
        };
        let (omitted, console) = (console.omitted(), console.text().to_owned());
        let done = Done { number, result, usage, console, omitted, is_spent };
        frame::send(&mut self.channel, &done, &values)?;
        status.end()
    }

    /// Runs a case; also says whether the isolate must get no further one.
    fn run(&mut self, isolation: Isolation, args: &[u8]) -> Result<(Execution, bool), String> {
        let args = protocol::read_values(args).ok_or("the arguments cannot be read")?;
        let (program, rules) = self.loaded.clone().ok_or("there is no submission yet")?;
        let isolate = self.isolate_for(&rules.limits)?;
        let execution = isolate.run(&program, &args, &rules, isolation, &Cancellation::default());
        let is_spent = isolate.is_condemned();
        if isolation == Isolation::Isolate {
            self.isolate = None; // it was that case's
        }
        Ok((execution, is_spent))
    }
}

fn failed(why: String) -> Execution {
    Execution { usage: Usage::default(), ..Execution::of(Err(deem_core::InternalError(why))) }
}

/// Takes a standard stream away, which the supervisor has made something else, and puts `/dev/null` in its place.
fn take(stream: impl std::os::fd::AsFd, put: fn(OwnedFd) -> rustix::io::Result<()>) -> io::Result<OwnedFd> {
    let taken = stream.as_fd().try_clone_to_owned()?;
    let null = File::options().read(true).write(true).open("/dev/null")?;
    put(null.into())?;
    Ok(taken)
}

/// Ends the process with its supervisor, whatever its other threads are in.
fn heed(leash: &UnixStream) {
    let hung_up = PollFlags::HUP | PollFlags::RDHUP | PollFlags::ERR;
    loop {
        let mut fds = [PollFd::new(leash, PollFlags::RDHUP)];
        if poll(&mut fds, None).is_ok() && fds[0].revents().intersects(hung_up) {
            std::process::abort(); // `exit` would wait for V8's threads
        }
    }
}

/// How much memory a worker gets beyond what it has when it has loaded a submission, in bytes.
pub(crate) fn allowance(limits: &Limits) -> u64 {
    // V8 goes some way beyond its limit before it gives up, and needs some memory for everything else.
    2 * limits.heap.0 as u64 + limits.external.0 as u64 + OWN_MEMORY
}

/// How large a process's data and stacks are, in bytes, by its `statm` (proc_pid_statm(5)).
pub(crate) fn data_of(statm: &File) -> io::Result<u64> {
    let mut bytes = [0; 256];
    let length = statm.read_at(&mut bytes, 0)?;
    let numbers = std::str::from_utf8(&bytes[..length]).ok();
    let pages = numbers.and_then(|numbers| numbers.split(' ').nth(5)?.parse::<u64>().ok());
    let pages = pages.ok_or_else(|| io::Error::other("statm has no such number"))?;
    Ok(pages * rustix::param::page_size() as u64)
}

/// From here on the process gets only so much more memory: what V8's limits do not count (buffers that can be resized,
/// WebAssembly's memories, what V8's own C++ allocates) is counted by the kernel.
fn limit_memory(statm: &File, limits: &Limits, is_reused: bool) -> io::Result<()> {
    let limit = Some(data_of(statm)? + allowance(limits));
    // For the next submission it may have to be raised.
    let maximum = if is_reused { None } else { limit };
    Ok(setrlimit(Resource::Data, Rlimit { current: limit, maximum })?)
}

/// Should the thread that started this process end without a word, so does this. To be called when credentials do not change any
/// more, with which the kernel forgets it (PR_SET_PDEATHSIG(2const)).
fn die_with_supervisor() -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // Nobody may look into it or trace it but who may do so with every process.
    Ok(rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

fn limit_resources() -> io::Result<()> {
    let at_most = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::Fsize, at_most(status::SIZE))?;
    Ok(())
}
