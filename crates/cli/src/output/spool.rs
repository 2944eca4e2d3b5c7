//! Where the cases of a report are kept whose beginning is known when they are done.

use std::io::{self, Read, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

/// A file that is in memory while it is small.
pub(super) struct Spool(SpooledTempFile);

/// How much is kept in memory.
pub(super) const MOST_KEPT: usize = 8 << 20;

impl Default for Spool {
    fn default() -> Spool {
        Spool(SpooledTempFile::new(MOST_KEPT))
    }
}

fn unkept(error: io::Error) -> io::Error {
    let folder = std::env::temp_dir();
    io::Error::new(error.kind(), format!("its cases cannot be kept in {}: {error}", folder.display()))
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(unkept)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(unkept)
    }
}

impl Read for Spool {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes).map_err(unkept)
    }
}

impl Seek for Spool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to).map_err(unkept)
    }
}
