//! What a worker says of the case under way in a way that outlives it: a page of memory that both processes have as a file.
//!
//! Its size is sealed, so that neither can take it from the other; writing to it allocates nothing and takes no lock.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt as _;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// How large it is, in bytes. A worker may write no file that is larger.
pub(crate) const SIZE: u64 = 64;

pub(crate) struct Status(File);

/// Where a worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Between cases.
    Idle,
    /// In the case of this number.
    Running(u64),
    /// In the case of this number, which has met its heap's limit.
    OutOfMemory(u64),
}

// The number of the case in 8 bytes, and after them a byte each for these.
const AT_RUNNING: u64 = 8;
const AT_OUT_OF_MEMORY: u64 = 9;

impl Status {
    pub(crate) fn new() -> io::Result<Status> {
        let file = File::from(memfd_create("deem-status", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
        file.set_len(SIZE)?;
        fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
        Ok(Status(file))
    }

    pub(crate) fn other_end(&self) -> io::Result<OwnedFd> {
        self.0.try_clone().map(OwnedFd::from)
    }

    pub(crate) fn from_other_end(file: OwnedFd) -> Status {
        Status(file.into())
    }

    pub(crate) fn begin(&self, case: u64) -> io::Result<()> {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&case.to_le_bytes());
        bytes[AT_RUNNING as usize] = 1;
        self.0.write_all_at(&bytes, 0)
    }

    pub(crate) fn end(&self) -> io::Result<()> {
        self.0.write_all_at(&[0], AT_RUNNING)
    }

    pub(crate) fn out_of_memory(&self) {
        // The worker is about to die: it is all the same whether it can say why.
        let _ = self.0.write_all_at(&[1], AT_OUT_OF_MEMORY);
    }

    /// What the worker said last. Every byte of it is the worker's word, and no more.
    pub(crate) fn phase(&self) -> io::Result<Phase> {
        let mut bytes = [0; 10];
        self.0.read_exact_at(&mut bytes, 0)?;
        let [number @ .., running, out_of_memory] = bytes;
        let case = u64::from_le_bytes(number);
        Ok(match (running, out_of_memory) {
            (0, _) => Phase::Idle,
            (_, 0) => Phase::Running(case),
            _ => Phase::OutOfMemory(case),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_end_writes_the_other_reads() {
        let ours = Status::new().unwrap();
        let theirs = Status::from_other_end(ours.other_end().unwrap());
        assert_eq!(ours.phase().unwrap(), Phase::Idle);
        theirs.begin(1 << 40).unwrap();
        assert_eq!(ours.phase().unwrap(), Phase::Running(1 << 40));
        theirs.out_of_memory();
        assert_eq!(ours.phase().unwrap(), Phase::OutOfMemory(1 << 40));
        theirs.begin(7).unwrap();
        assert_eq!(ours.phase().unwrap(), Phase::Running(7));
        theirs.end().unwrap();
        assert_eq!(ours.phase().unwrap(), Phase::Idle);
    }

    #[test]
    fn neither_end_can_make_it_shorter_or_longer() {
        let ours = Status::new().unwrap();
        let theirs = File::from(ours.other_end().unwrap());
        for size in [0, SIZE - 1, SIZE + 1] {
            assert_eq!(theirs.set_len(size).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        }
        assert_eq!(ours.phase().unwrap(), Phase::Idle);
    }
}
