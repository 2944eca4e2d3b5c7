//! The second wall: what a worker may ask of the kernel, should its code get out of V8.
//!
//! Each layer holds by itself. Files and the network are Landlock's, which must be up before there is a second thread; system
//! calls are filtered once V8 has started, for all threads.

use std::collections::BTreeMap;
use std::io;

use landlock::{ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus, Scope};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};

/// What stands between a worker and the kernel's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layer {
    /// No files by name, no connections, no signals to others: Landlock, of Linux 5.13, whole since 6.12.
    Landlock,
    /// No system calls but those of a running program that computes: seccomp, by a list of what is allowed.
    Seccomp,
}

/// How much of the wall there must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Walls {
    /// Every [`Layer`]: where the kernel has not got one, no worker starts. The default.
    #[default]
    All,
    /// Those that the kernel has; [`Sandbox::missing`](crate::Sandbox::missing) says which it has not.
    AsPossible,
}

impl Walls {
    /// # Errors
    /// If a layer is missing that there must be: says which, and what to do.
    pub(crate) fn suffice(self, missing: &[MissingLayer]) -> Result<(), String> {
        match (self, missing.first()) {
            (Walls::All, Some(MissingLayer { layer, why })) => {
                Err(format!("{layer:?}, of the second wall: {why}; Walls::AsPossible does without"))
            }
            _ => Ok(()),
        }
    }
}

/// A layer that a worker does not have, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingLayer {
    /// Which.
    pub layer: Layer,
    /// What the kernel said.
    pub why: String,
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

/// Puts files, connections and signals out of reach, of this thread and of those that it will start. To be called before there is
/// another one.
pub(crate) fn raise_landlock() -> Result<(), String> {
    // All that the newest kernels know; of an older one, what it has, which is then not the whole layer.
    let abi = ABI::V6;
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create);
    let status = rules.and_then(|rules| rules.restrict_self()).map_err(|error| error.to_string())?;
    match status.ruleset {
        RulesetStatus::FullyEnforced => Ok(()),
        RulesetStatus::PartiallyEnforced => {
            Err("the kernel has only part of it (it is whole since Linux 6.12)".to_owned())
        }
        RulesetStatus::NotEnforced => Err("the kernel does not have it".to_owned()),
    }
}

/// Leaves all threads of this process only the system calls that V8 and the standard library need to compute.
pub(crate) fn raise_seccomp() -> Result<(), String> {
    let killed = KILLED.iter().map(|call| (*call, Vec::new()));
    let allowed = ALLOWED.iter().map(|call| (*call, Vec::new())).chain([threads_only()?]);
    let filters = [
        filter(killed, SeccompAction::Allow, SeccompAction::KillProcess),
        // The C library then starts threads by the older call, whose arguments can be looked at.
        filter([(libc::SYS_clone3, Vec::new())], SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32)),
        // The last one, for it allows no further filter.
        filter(allowed, DENY, SeccompAction::Allow),
    ];
    for filter in filters {
        seccompiler::apply_filter_all_threads(&filter?).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// What is on no list fails, and the program can go on: the standard libraries try things.
const DENY: SeccompAction = SeccompAction::Errno(libc::EPERM as u32);

/// What the whole corpus needs, and V8's threads when they start and end.
const ALLOWED: &[i64] = &[
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_clone3,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_poll,
    libc::SYS_ppoll,
    // Setting limits is for whoever may raise them, and a worker's are at their highest.
    libc::SYS_prlimit64,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_read,
    libc::SYS_recvfrom,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sendto,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    // An abort is a signal to oneself; Landlock keeps signals to others.
    libc::SYS_tgkill,
    libc::SYS_write,
    libc::SYS_writev,
];

/// What no program that computes ever calls: whoever does is not V8 any more.
const KILLED: &[i64] = &[
    libc::SYS_accept4,
    libc::SYS_add_key,
    libc::SYS_bind,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_connect,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_init_module,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_kill,
    libc::SYS_listen,
    libc::SYS_mount,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_perf_event_open,
    libc::SYS_personality,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_setns,
    libc::SYS_socket,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

/// `clone`, if what it makes is a thread of this process.
fn threads_only() -> Result<(i64, Vec<SeccompRule>), String> {
    let thread = libc::CLONE_THREAD as u64;
    let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(thread), thread);
    let rule = condition.and_then(|condition| SeccompRule::new(vec![condition])).map_err(|error| error.to_string())?;
    Ok((libc::SYS_clone, vec![rule]))
}

fn filter(
    calls: impl IntoIterator<Item = (i64, Vec<SeccompRule>)>,
    others: SeccompAction,
    listed: SeccompAction,
) -> Result<BpfProgram, String> {
    let calls: BTreeMap<_, _> = calls.into_iter().collect();
    let arch = std::env::consts::ARCH.try_into().map_err(|error: seccompiler::BackendError| error.to_string())?;
    let filter = SeccompFilter::new(calls, others, listed, arch).map_err(|error| error.to_string())?;
    filter.try_into().map_err(|error: seccompiler::BackendError| error.to_string())
}

/// Something that a worker must not be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Probe {
    /// Read a file that everybody may read.
    ReadFile,
    /// Make a file where everybody may.
    WriteFile,
    /// List a folder.
    ListFolder,
    /// Make a socket.
    Socket,
    /// Start a process.
    StartProcess,
    /// Ask whether its parent is alive, which takes the right to send it signals.
    SignalParent,
    /// Make a file that has no name.
    MakeMemoryFile,
}

impl Probe {
    /// All of them.
    pub const ALL: [Probe; 7] = [
        Probe::ReadFile,
        Probe::WriteFile,
        Probe::ListFolder,
        Probe::Socket,
        Probe::StartProcess,
        Probe::SignalParent,
        Probe::MakeMemoryFile,
    ];

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
            Probe::Socket => std::net::UdpSocket::bind("127.0.0.1:0").map(drop),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_layer_is_an_error_unless_less_is_accepted() {
        let missing = [MissingLayer { layer: Layer::Landlock, why: "the kernel does not have it".to_owned() }];
        let why = Walls::All.suffice(&missing).unwrap_err();
        assert_eq!(why, "Landlock, of the second wall: the kernel does not have it; Walls::AsPossible does without");
        assert_eq!(Walls::AsPossible.suffice(&missing), Ok(()));
        assert_eq!(Walls::All.suffice(&[]), Ok(()));
    }
}
