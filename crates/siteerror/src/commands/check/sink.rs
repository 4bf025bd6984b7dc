//! Where results go: standard output, or a file that is there all at once or not at all.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::plan::Mistake;

/// Written at once.
const BUFFER: usize = 1 << 16;

/// A way out.
#[derive(Debug)]
pub(super) enum Sink {
    Standard(BufWriter<io::Stdout>),
    File(BufWriter<NamedTempFile>, PathBuf),
    /// Such as a pipe or a device, which cannot be replaced.
    Special(BufWriter<std::fs::File>),
}

impl Sink {
    /// Opens it.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Mistake> {
        let Some(path) = path else {
            return Ok(Self::Standard(BufWriter::with_capacity(
                BUFFER,
                io::stdout(),
            )));
        };
        let cannot = |error: io::Error| {
            let what = format!("cannot write `{}` (--output): {error}", path.display());
            (what, None)
        };
        let is_special = std::fs::metadata(path).is_ok_and(|found| !found.is_file());
        if is_special {
            let file = std::fs::OpenOptions::new().write(true).open(path);
            return Ok(Self::Special(BufWriter::new(file.map_err(cannot)?)));
        }
        let file = beside(path).map_err(cannot)?;
        Ok(Self::File(
            BufWriter::with_capacity(BUFFER, file),
            path.to_owned(),
        ))
    }

    /// Lets what was written be seen.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Standard(mut out) => out.flush(),
            Self::Special(mut out) => out.flush(),
            Self::File(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(path).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }

    /// Whether results are seen as they come.
    pub(super) const fn is_standard(&self) -> bool {
        matches!(self, Self::Standard(_))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(out, _) => out.write(bytes),
            Self::Special(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(out, _) => out.flush(),
            Self::Special(out) => out.flush(),
        }
    }
}

/// A file in the folder of another, whose place it will take, readable as new files are.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".siteerror-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The process's mask is taken off, as with any new file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

/// Replaces a file at once.
pub(super) fn replace<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> Result<(), E>,
) -> Result<(), E> {
    let mut out = BufWriter::new(beside(path)?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
