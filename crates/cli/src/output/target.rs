use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anstream::AutoStream;
use anstream::adapter::strip_str;
use tempfile::NamedTempFile;

/// Where a report is written to.
pub(crate) enum Target {
    /// Standard output, with colours where they are wanted.
    Stdout(AutoStream<io::Stdout>),
    /// A file that gets its name when it is complete.
    File(BufWriter<NamedTempFile>, PathBuf),
    /// What is there already and no file, such as a pipe.
    Device(BufWriter<File>),
}

impl Target {
    pub(crate) fn stdout() -> Target {
        Target::Stdout(AutoStream::auto(io::stdout()))
    }

    /// # Errors
    /// If nothing can be written there.
    pub(crate) fn file(path: &Path) -> io::Result<Target> {
        // A link stays one: what it leads to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match std::fs::metadata(&path) {
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => {
                let file = OpenOptions::new().write(true).open(&path)?;
                return Ok(Target::Device(BufWriter::new(file)));
            }
            _ => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::metadata(folder)?;
        // As any file that a program makes: for whom, says the umask.
        let readable = std::fs::Permissions::from_mode(0o666);
        let temporary = tempfile::Builder::new().prefix(".deem-").permissions(readable).tempfile_in(folder);
        // Without the temporary file's own name, which says nothing to anybody.
        let temporary = temporary.map_err(|error| io::Error::from(error.kind()))?;
        Ok(Target::File(BufWriter::new(temporary), path))
    }

    /// Writes text that has colours in it: they are left out where nobody wants them.
    ///
    /// # Errors
    /// As of any writing.
    pub(crate) fn write_styled(&mut self, text: &str) -> io::Result<()> {
        match self {
            Target::Stdout(stdout) => stdout.write_all(text.as_bytes())?,
            _ => write!(self, "{}", strip_str(text))?,
        }
        self.flush()
    }

    /// # Errors
    /// If something of it could not be written.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Target::Stdout(mut stdout) => stdout.flush(),
            Target::Device(file) => file.into_inner().map(drop).map_err(io::IntoInnerError::into_error),
            Target::File(file, path) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(path).map(drop).map_err(|error| error.error)
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        match self {
            Target::Stdout(stdout) => stdout.write(text),
            Target::File(file, _) => file.write(text),
            Target::Device(file) => file.write(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Stdout(stdout) => stdout.flush(),
            Target::File(file, _) => file.flush(),
            Target::Device(file) => file.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_finished_and_not_before() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("report.json");
        std::fs::write(&path, "old")?;
        let mut target = Target::file(&path)?;
        target.write_all(b"new")?;
        assert_eq!(std::fs::read_to_string(&path)?, "old");
        target.finish()?;
        assert_eq!(std::fs::read_to_string(&path)?, "new");
        let mut target = Target::file(&path)?;
        target.write_all(b"half")?;
        drop(target);
        assert_eq!(std::fs::read_to_string(&path)?, "new");
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 1, "nothing else is left");
        Ok(())
    }

    #[test]
    fn a_link_stays_a_link() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "old")?;
        std::os::unix::fs::symlink(&file, &link)?;
        let mut target = Target::file(&link)?;
        target.write_all(b"new")?;
        target.finish()?;
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file)?, "new");
        Ok(())
    }

    #[test]
    fn a_full_disk_is_an_error_and_a_folder_is_one() -> io::Result<()> {
        let mut target = Target::file(Path::new("/dev/full"))?;
        target.write_all(b"new")?;
        assert_eq!(target.finish().map_err(|error| error.kind()), Err(io::ErrorKind::StorageFull));
        assert!(Target::file(Path::new("/")).is_err());
        assert!(Target::file(Path::new("/no-such-folder/report.json")).is_err());
        Ok(())
    }
}
