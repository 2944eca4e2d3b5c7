//! Stops cases: one thread for all isolates.
//!
//! Each isolate has a [`Post`]. A case arms it, and disarms it when its result has been read. The watchdog terminates
//! only what it finds armed, and to be stopped, under the post's own lock: a late kill finds the post disarmed, or armed
//! by the next case with a later deadline, and does nothing. It fires again until disarmed, for something else may cancel
//! a termination.
//!
//! A case is stopped for one [`Cause`], the first. Some are found on the case's own thread, and where no lock may be taken:
//! that is what `Post::stop` is for. Whoever cancels has the watchdog look; and a case that was cancelled before it was armed
//! finds that out itself.
//!
//! Arming must cost next to nothing. So it wakes the watchdog only if the deadline is sooner than the watchdog's own
//! plan: with equal limits that is one wake-up in a limit's time. And it seldom reads the thread's processor clock, which
//! is a system call, but goes by a recent reading. Processor time never runs ahead of wall time: a case's clock is read
//! when it could be over its limit at the earliest, and again after what it then has left.
//!
//! `rounds` and `post` use what `crate::sync` has, and nothing else of this crate: `tests/watchdog_model.rs` compiles them
//! once more, on loom's.

mod post;
mod rounds;
#[cfg(test)]
mod tests;

pub(crate) use post::{Cause, Post};
pub(crate) use rounds::Watchdog;
