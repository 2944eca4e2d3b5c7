//! Measures things in turns, so that what the machine does meanwhile is done to all of them.

use std::time::Duration;

use super::thread_time;

/// What is measured.
pub type Call = Box<dyn FnMut()>;

/// Of each the processor time of a call, round by round. It is made for each round anew, and dropped before the next one is
/// made: a thread has one isolate at a time, and a process isolates of one snapshot.
pub fn in_turns<const N: usize>(makes: [fn() -> Call; N], rounds: usize, calls: u32) -> [Vec<Duration>; N] {
    let mut taken = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (make, taken) in makes.iter().zip(&mut taken) {
            let mut call = make();
            (0..calls).for_each(|_| call()); // meanwhile V8 compiles
            let started = thread_time::now();
            (0..calls).for_each(|_| call());
            taken.push((thread_time::now() - started) / calls);
        }
    }
    taken
}
