//! A network, mounts, message queues and names of one's own.

use nix::sched::{CloneFlags, unshare};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

/// Moves this process, which must have one thread, into namespaces of its own, where nothing is, and takes from it what it may
/// do there.
pub(super) fn raise() -> Result<(), String> {
    // No namespace of processes: a process that has left its own one cannot start threads any more (unshare(2)).
    let all = CloneFlags::CLONE_NEWUSER
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS
        | CloneFlags::CLONE_NEWCGROUP;
    unshare(all).map_err(|error| format!("a namespace is refused: {}", error.desc()))?;
    // Who makes a user namespace may do everything in it, which opens parts of the kernel that others do not reach.
    let none = CapabilitySet::empty();
    let none = CapabilitySets { effective: none, permitted: none, inheritable: none };
    set_capabilities(None, none).map_err(|error| format!("capabilities cannot be given up: {error}"))
}
