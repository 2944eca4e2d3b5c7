use rustix::process::{Pid, Signal, kill_process_group};

/// Kills the processes that this one has started, each of which leads a group of its own: for whoever ends at once, for one of node's in
/// an endless loop would never notice that it is alone.
pub fn kill_children() {
    let parent_is_this = |id: &Pid| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // `id (name) state parent ..`, and the name may be anything
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
        parent == Some(&std::process::id().to_string())
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?));
    for child in ids.filter(parent_is_this) {
        let _ = kill_process_group(child, Signal::KILL); // it may have gone by itself
    }
}
