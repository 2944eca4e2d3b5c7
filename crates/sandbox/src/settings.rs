use deem_core::{Isolation, Pool};

use crate::wall::Walls;

/// How a [`Sandbox`](crate::Sandbox) runs submissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// So many cases of a submission run at a time, each in a worker (at least one). Default: one for each processor that this
    /// process may use.
    pub threads: usize,
    /// What workers must have around them. Default: all.
    pub walls: Walls,
    /// What submissions share. Default: nothing.
    pub level: Level,
    /// What is fresh for each case of a submission. Default: a realm. Where it is a frozen one that all cases have, outcomes are
    /// [provisional](deem_core::Session::is_provisional), and the same workers make them final in fresh realms.
    pub isolation: Isolation,
    /// Whether workers are started for the next submission while one runs, which costs that one some time. Default: they are.
    pub is_ahead: bool,
}

/// What submissions share with those before them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Nothing: no two submissions ever are in the same process. The default.
    #[default]
    Strict,
    /// Workers that have done their cases without anything unusual take up to 32 submissions, one after the other, each in an
    /// isolate of its own: for submissions that trust each other's authors not to attack V8.
    Balanced,
}

impl Level {
    /// How many submissions a worker takes.
    pub(crate) fn submissions(self) -> u32 {
        match self {
            Level::Strict => 1,
            Level::Balanced => 32,
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            threads: Pool::default_threads(),
            walls: Walls::default(),
            level: Level::default(),
            isolation: Isolation::default(),
            is_ahead: true,
        }
    }
}
