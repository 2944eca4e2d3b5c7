//! System calls: only those that V8 and the standard library need to compute.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

/// Filters the system calls of all threads of this process.
pub(super) fn raise() -> Result<(), String> {
    let killed = KILLED.iter().map(|call| (*call, Vec::new()));
    let allowed = ALLOWED.iter().map(|call| (*call, Vec::new())).chain([threads_only()?, signals_to_itself_only()?]);
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

/// What the whole corpus needs, V8's threads when they start and end, and what is called on ways that it does not take, and gives
/// nobody anything: after a signal, in a panic, at the end.
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
    only(libc::SYS_clone, condition)
}

/// An abort is a signal to a thread of one's own process.
fn signals_to_itself_only() -> Result<(i64, Vec<SeccompRule>), String> {
    let itself = u64::from(std::process::id());
    only(libc::SYS_tgkill, SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, itself))
}

fn only(
    call: i64,
    condition: Result<SeccompCondition, seccompiler::BackendError>,
) -> Result<(i64, Vec<SeccompRule>), String> {
    let rule = condition.and_then(|condition| SeccompRule::new(vec![condition])).map_err(|error| error.to_string())?;
    Ok((call, vec![rule]))
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
