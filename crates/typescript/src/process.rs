//! The process that strips.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use deem_case::{Exception, Submission};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::{error, strip_here};

/// The argument that makes a program strip types.
const AS_STRIPPER: &str = "--deem-strip-types";

/// How long a source may take. One of any size that people write takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much memory it may take, in bytes; and the stack that it is parsed on is a part of that.
const MEMORY: u64 = 2 << 30;
const STACK: usize = 512 << 20;

/// The exit code where the source is no TypeScript, and why is on standard output.
const REFUSED: i32 = 65;

/// Becomes the process that strips types, and never returns, if [`strip`] has started this process to be that. To be called first
/// thing in `main`.
pub fn serve_if_stripping() {
    if std::env::args_os().nth(1).is_some_and(|arg| arg == AS_STRIPPER) {
        std::process::exit(serve().unwrap_or(1));
    }
}

fn serve() -> io::Result<i32> {
    setrlimit(Resource::As, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) })?;
    let mut source = String::new();
    io::stdin().read_to_string(&mut source)?;
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || strip_here(&source))?;
    let stripped = thread.join().map_err(|_| io::Error::other("the parser has failed"))?;
    match stripped {
        Ok(stripped) => io::stdout().write_all(stripped.as_bytes()).map(|()| 0),
        Err(exception) => Ok(serde_json::to_writer(io::stdout(), &exception).map(|()| REFUSED)?),
    }
}

/// The source without its types.
///
/// # Errors
/// If it is not TypeScript, or has what is more than types; or is longer than [`Submission::MOST_SOURCE`], nested too deeply, or
/// takes longer than five seconds to parse. It is what the program's compile error is.
pub fn strip(source: &str) -> Result<String, Exception> {
    Submission::new(source, deem_case::Entry::Completion).check()?;
    strip_apart(source).unwrap_or_else(|failure| Err(error(format!("its types cannot be taken away: {failure}"))))
}

fn strip_apart(source: &str) -> io::Result<Result<String, Exception>> {
    let mut child = Command::new("/proc/self/exe")
        .arg(AS_STRIPPER)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (status, said) = std::thread::scope(|threads| {
        // It may have ended before it has read everything, which is its exit code's to say.
        threads.spawn(move || stdin.map(|mut stdin| stdin.write_all(source.as_bytes())));
        let said = threads.spawn(move || {
            let mut said = Vec::new();
            stdout.map(|mut stdout| stdout.read_to_end(&mut said)).transpose().map(|_| said)
        });
        let status = wait(&mut child);
        (status, said.join().unwrap_or_else(|_| Err(io::Error::other("panicked"))))
    });
    let refused = |why: &str| Ok(Err(error(why.to_owned())));
    match status?.map(|status| status.code()) {
        Some(Some(0)) => Ok(Ok(String::from_utf8(said?).map_err(io::Error::other)?)),
        Some(Some(REFUSED)) => Ok(Err(serde_json::from_slice(&said?)?)),
        Some(Some(code)) => Err(io::Error::other(format!("the parser exited with code {code}"))),
        Some(None) => refused("it is nested too deeply to be parsed"),
        None => refused("it takes longer than five seconds to parse"),
    }
}

/// How the process ends; `None` if it had to be ended.
fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let since = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if since.elapsed() >= PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}
