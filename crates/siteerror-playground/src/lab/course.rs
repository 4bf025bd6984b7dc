//! The course: its steps in their order, and what a client does at each.

use super::{Finding, Seen, Turn};
use crate::call::Call;
use crate::scenario::Later;

use super::{caching, carrying, closings, content, interims, redirects, retries, whole};

/// A step of the course.
#[derive(Debug)]
pub(crate) struct Step {
    /// The stable name, which is its path too.
    pub(crate) id: &'static str,
    /// A few words.
    pub(crate) title: &'static str,
    /// What the server does.
    pub(crate) about: &'static str,
    /// What a right client does.
    pub(crate) right: &'static str,
    /// What the server can see of that.
    pub(crate) judged: &'static str,
    /// Where it is written.
    pub(crate) source: &'static str,
    /// What the client is to fetch, in order.
    pub(crate) fetches: &'static [Fetch],
    /// Whether the content of requests is read by the step itself.
    pub(crate) reads: bool,
    pub(crate) play: for<'a> fn(&'a mut Call, Turn) -> Later<'a>,
    pub(crate) judge: fn(&Seen<'_>) -> Finding,
}

/// Something to fetch, with the usual settings of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fetch {
    pub(crate) method: &'static str,
    /// What stands below the path of the step.
    pub(crate) rest: &'static str,
    /// Fields to set.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    /// Bytes of content to send, whatever they are.
    pub(crate) content: usize,
    /// How long to wait before.
    pub(crate) wait_ms: u64,
    /// Whether the client is given the user and the password of the lab.
    pub(crate) has_credentials: bool,
    /// Whether to fetch next the URL that the answer has in its first line; not if the fetch failed.
    pub(crate) follow: bool,
}

/// The shelves of the course, in order.
pub(crate) static COURSE: &[&[Step]] = &[
    whole::STEPS,
    redirects::STEPS,
    carrying::STEPS,
    interims::STEPS,
    content::STEPS,
    caching::STEPS,
    retries::STEPS,
    closings::STEPS,
    whole::END,
];

/// The step of a name.
pub(crate) fn find(id: &str) -> Option<&'static Step> {
    steps().find(|step| step.id == id)
}

/// All steps, in order.
pub(crate) fn steps() -> impl Iterator<Item = &'static Step> {
    COURSE.iter().copied().flatten()
}

impl Fetch {
    pub(super) const fn get(rest: &'static str) -> Self {
        Self {
            method: "GET",
            rest,
            fields: &[],
            content: 0,
            wait_ms: 0,
            has_credentials: false,
            follow: false,
        }
    }

    pub(super) const fn post(rest: &'static str, content: usize) -> Self {
        let mut fetch = Self::get(rest);
        fetch.method = "POST";
        fetch.content = content;
        fetch
    }

    pub(super) const fn head(rest: &'static str) -> Self {
        let mut fetch = Self::get(rest);
        fetch.method = "HEAD";
        fetch
    }

    pub(super) const fn with(mut self, fields: &'static [(&'static str, &'static str)]) -> Self {
        self.fields = fields;
        self
    }

    pub(super) const fn after_ms(mut self, wait_ms: u64) -> Self {
        self.wait_ms = wait_ms;
        self
    }

    pub(super) const fn as_user(mut self) -> Self {
        self.has_credentials = true;
        self
    }

    pub(super) const fn then_follow(mut self) -> Self {
        self.follow = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_step_is_whole() {
        let mut ids = BTreeSet::new();
        for step in steps() {
            assert!(ids.insert(step.id), "`{}` stands twice", step.id);
            assert!(crate::call::is_name(step.id), "{}", step.id);
            for words in [step.about, step.right, step.judged] {
                assert!(words.ends_with('.'), "`{}`: {words}", step.id);
            }
            assert!(step.source.contains("RFC "), "`{}`", step.id);
            assert!(!step.fetches.is_empty(), "`{}`", step.id);
            let fresh = (step.judge)(&Seen::new(&[], step));
            assert_eq!(fresh, Finding::nobody(), "`{}`", step.id);
        }
        assert!(ids.len() >= 20);
    }
}
