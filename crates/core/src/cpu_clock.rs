use std::io;
use std::mem::MaybeUninit;
use std::time::Duration;

/// The processor time of one thread, as any thread may read it.
#[derive(Clone, Copy)]
pub(crate) struct CpuClock(libc::clockid_t);

impl CpuClock {
    /// The clock of the current thread.
    pub(crate) fn of_this_thread() -> io::Result<CpuClock> {
        let mut id = MaybeUninit::uninit();
        // SAFETY: `id` is writable, and `pthread_self` is a thread that runs (this one).
        match unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), id.as_mut_ptr()) } {
            // SAFETY: the call succeeded, and so has written it.
            0 => Ok(CpuClock(unsafe { id.assume_init() })),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }

    /// How much the thread has used so far; zero once it has ended.
    pub(crate) fn now(self) -> Duration {
        let mut time = MaybeUninit::<libc::timespec>::zeroed();
        // SAFETY: `time` is writable. A clock whose thread has ended is an error, and then it stays zero, which is a
        // timespec.
        let time = unsafe {
            libc::clock_gettime(self.0, time.as_mut_ptr());
            time.assume_init()
        };
        Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_while_its_thread_does_and_not_while_that_sleeps() {
        let clock = CpuClock::of_this_thread().unwrap();
        let before = clock.now();
        while clock.now() == before {}
        let (used, slept) = (clock.now(), Duration::from_millis(200));
        std::thread::sleep(slept);
        assert!(clock.now() - used < slept / 2);
        let (of_another, seen) = std::thread::spawn(|| {
            let clock = CpuClock::of_this_thread().unwrap();
            (clock, clock.now())
        })
        .join()
        .unwrap();
        assert!(seen < used + slept, "another thread has a clock of its own");
        of_another.now(); // its thread has ended: no more than nothing is known of it
    }
}
