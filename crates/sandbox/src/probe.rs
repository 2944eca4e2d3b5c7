//! Whether the wall holds, by trying.

use std::io;
use std::net::{TcpListener, UdpSocket};

use serde::{Deserialize, Serialize};

use crate::wall::Layer;

/// Something that a worker must not be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Probe {
    /// Read a file that everybody may read.
    ReadFile,
    /// Make a file where everybody may.
    WriteFile,
    /// List a folder.
    ListFolder,
    /// Send by the machine's own network.
    SendDatagram,
    /// Listen on the machine's own network.
    Listen,
    /// Start a process.
    StartProcess,
    /// Ask whether its parent is alive, which takes the right to send it signals.
    SignalParent,
    /// Make a file that has no name.
    MakeMemoryFile,
}

/// What became of a [`Probe`] in a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// It was refused, with this error.
    Refused(String),
    /// The worker was ended for it, like this.
    Ended(String),
    /// It worked: there is a hole in the wall.
    Allowed,
}

/// What was tried in a worker that has only one [`Layer`], and outside of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The layer.
    pub layer: Layer,
    /// What was tried.
    pub probe: Probe,
    /// What became of it in the worker.
    pub inside: Probed,
    /// Why it does not work outside either, where it does not: then it proves nothing.
    pub outside: Result<(), String>,
}

impl Proof {
    /// Whether it worked outside, and not inside.
    pub fn holds(&self) -> bool {
        self.inside != Probed::Allowed && self.outside.is_ok()
    }
}

impl Layer {
    /// What this layer, without any other, keeps a worker from.
    pub fn probes(self) -> &'static [Probe] {
        match self {
            Layer::Namespaces => &[Probe::SendDatagram],
            Layer::Landlock => {
                &[Probe::ReadFile, Probe::WriteFile, Probe::ListFolder, Probe::Listen, Probe::SignalParent]
            }
            Layer::Seccomp => &Probe::ALL,
        }
    }
}

impl Probe {
    /// All of them.
    pub const ALL: [Probe; 8] = [
        Probe::ReadFile,
        Probe::WriteFile,
        Probe::ListFolder,
        Probe::SendDatagram,
        Probe::Listen,
        Probe::StartProcess,
        Probe::SignalParent,
        Probe::MakeMemoryFile,
    ];

    /// What is tried, for a person: `read a file`.
    pub fn describe(self) -> &'static str {
        match self {
            Probe::ReadFile => "read a file",
            Probe::WriteFile => "write a file",
            Probe::ListFolder => "list a folder",
            Probe::SendDatagram => "send a datagram",
            Probe::Listen => "listen on a port",
            Probe::StartProcess => "start a process",
            Probe::SignalParent => "signal its parent",
            Probe::MakeMemoryFile => "make a file in memory",
        }
    }

    /// Tries it, here. It leaves nothing behind.
    ///
    /// # Errors
    /// If it cannot be done, as the kernel says it.
    pub fn attempt(self) -> io::Result<()> {
        match self {
            Probe::ReadFile => std::fs::read("/proc/self/mounts").map(drop),
            Probe::WriteFile => {
                let file = std::env::temp_dir().join(format!("deem-probe-{}", std::process::id()));
                std::fs::write(&file, "")?;
                std::fs::remove_file(file)
            }
            Probe::ListFolder => std::fs::read_dir("/").map(drop),
            Probe::SendDatagram => {
                let socket = UdpSocket::bind("127.0.0.1:0")?;
                socket.send_to(b"deem", socket.local_addr()?).map(drop)
            }
            Probe::Listen => TcpListener::bind("127.0.0.1:0").map(drop),
            Probe::StartProcess => std::process::Command::new("/bin/true").status().map(drop),
            Probe::SignalParent => match rustix::process::getppid() {
                Some(parent) => Ok(rustix::process::test_kill_process(parent)?),
                None => Err(io::Error::other("it has no parent")),
            },
            Probe::MakeMemoryFile => {
                Ok(rustix::fs::memfd_create("deem-probe", rustix::fs::MemfdFlags::CLOEXEC).map(drop)?)
            }
        }
    }
}
