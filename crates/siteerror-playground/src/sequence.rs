//! Sequences of answers that stand whole in a URL: what is played next, and what a client made of it.

mod report;
mod script;

use std::sync::Arc;
use std::time::Instant;

pub(crate) use report::{Report, Verdict};
pub(crate) use script::{Play, Script, Step};

use crate::bounded::Weigh;
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

impl Weigh for Sequence {
    /// The text of a script stands there twice, whole and in its steps. Steps that are the same one are neighbours.
    fn bytes(&self) -> usize {
        let texts = |attempt: &Attempt| {
            let texts = [&attempt.idempotency_key, &attempt.content];
            let texts = texts.into_iter().flatten().map(String::len);
            texts.sum::<usize>() + attempt.method.len()
        };
        let attempts = self.attempts.iter().map(texts).sum::<usize>();
        let mut before: Option<&Arc<Step>> = None;
        let steps = self.script.steps.iter().map(|step| {
            let is_known = before.is_some_and(|before| Arc::ptr_eq(before, step));
            before = Some(step);
            if is_known {
                size_of::<usize>()
            } else {
                step.bytes()
            }
        });
        2 * self.source.len()
            + steps.sum::<usize>()
            + self.attempts.capacity() * size_of::<Attempt>()
            + attempts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_weighs_its_text_and_not_what_the_text_stands_for() {
        let weight = |text: &str| {
            let script = Script::parse(text, |_| false).expect("it can be read");
            Sequence::new(text.to_owned(), script).bytes()
        };
        let long = "x".repeat(7000);
        let (once, often) = (format!("200;body={long}"), format!("200*100;body={long}"));
        assert!(weight(&once) > 14_000);
        assert!(weight(&often) < weight(&once) + 1000);
        // Fields take more than their text.
        let fields = format!("200{}", ";a=b".repeat(50));
        assert!(weight(&fields) > 50 * 64);
    }
}
