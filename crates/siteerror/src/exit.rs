//! How a run can end. The numbers are a promise; `--help` lists them.

use std::process::ExitCode;

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done.
    Fine = 0,
    /// It was done, and the answer is no: nothing found, or something that must not be.
    Found = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Stopped early, with partial results written.
    Stopped = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
