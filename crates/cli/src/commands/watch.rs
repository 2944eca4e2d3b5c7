use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context as _, Result};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::interrupt::interrupted;

/// How long nothing must change before it is looked at: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(80);

/// How often it is looked whether somebody has pressed Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(50);

/// Files that are watched.
pub(super) struct Watch {
    changes: Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    pub(super) fn start(paths: &[PathBuf]) -> Result<Watch> {
        let (tell, changes) = channel();
        let wanted: Vec<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        let is_wanted = move |changed: &Path| wanted.iter().any(|path| changed.starts_with(path));
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let is_change = event.is_ok_and(|event| {
                !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| is_wanted(path))
            });
            if is_change {
                let _ = tell.send(()); // nobody waits any more
            }
        })
        .context("--watch")?;
        for path in paths {
            let path = path.canonicalize().with_context(|| format!("--watch: {}", path.display()))?;
            // Of a file its folder: editors put a new file in its place.
            let (path, mode) = match path.parent() {
                Some(folder) if path.is_file() => (folder.to_owned(), RecursiveMode::NonRecursive),
                _ => (path, RecursiveMode::Recursive),
            };
            watcher.watch(&path, mode).with_context(|| format!("--watch: {}", path.display()))?;
        }
        Ok(Watch { changes, _watcher: watcher })
    }

    /// Waits for a change, and until it is over. False if interrupted.
    pub(super) fn wait(&mut self) -> bool {
        loop {
            if interrupted() {
                return false;
            }
            match self.changes.recv_timeout(PATIENCE) {
                Ok(()) => break,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        while self.changes.recv_timeout(QUIET).is_ok() {}
        true
    }
}
