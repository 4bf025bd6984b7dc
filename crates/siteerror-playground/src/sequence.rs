//! Sequences of answers that stand whole in a URL: what is played next, and what a client made of it.

mod report;
mod script;

use std::time::Instant;

pub(crate) use report::{Report, Verdict};
pub(crate) use script::{Play, Script, Step};

use crate::limits;

/// What is remembered of a sequence: where it stands, and who came when.
#[derive(Debug)]
pub(crate) struct Sequence {
    /// The script as it stood in the URL. Another script under the same name starts anew.
    pub(crate) source: String,
    pub(crate) script: Script,
    pub(crate) attempts: Vec<Attempt>,
    /// Attempts that came, those no longer remembered too.
    pub(crate) count: usize,
}

/// One request for a sequence.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) at: Instant,
    pub(crate) method: String,
    /// The index of the step that answered it.
    pub(crate) step: usize,
    /// Seconds that the answer asked the client to wait.
    pub(crate) retry_after_s: Option<u64>,
    pub(crate) idempotency_key: Option<String>,
    /// A short digest of the content.
    pub(crate) content: Option<String>,
    /// The connection that it came on.
    pub(crate) connection: u64,
}

impl Sequence {
    pub(crate) const fn new(source: String, script: Script) -> Self {
        Self {
            source,
            script,
            attempts: Vec::new(),
            count: 0,
        }
    }

    /// The index of the step that is next. The last one stays.
    pub(crate) fn next(&self) -> usize {
        self.count.min(self.script.steps.len().saturating_sub(1))
    }

    /// Remembers an attempt; of too many, the first stays and the oldest after it goes.
    pub(crate) fn note(&mut self, attempt: Attempt) {
        self.count = self.count.saturating_add(1);
        if self.attempts.len() >= usize::try_from(limits::ATTEMPTS.max).unwrap_or(usize::MAX) {
            self.attempts.remove(1);
        }
        self.attempts.push(attempt);
    }
}
