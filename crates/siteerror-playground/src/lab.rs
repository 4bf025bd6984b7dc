//! The client lab: a course of requests that a client makes in its usual way, what the server remembers of them, and what it can tell from that alone.

mod caching;
mod carrying;
mod closings;
mod content;
mod course;
mod interims;
mod raw;
mod redirects;
mod report;
mod retries;
mod visit;
mod whole;

use std::time::Instant;

pub(crate) use course::{Step, find};
pub(crate) use report::{CourseView, Report};
pub(crate) use visit::{Content, Visit};

use crate::bounded::Weigh;
use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::sequence::Verdict;

/// What is remembered under a name.
#[derive(Debug, Default)]
pub(crate) struct Lab {
    /// Requests in the order in which they came; they are refused once there are too many, so that none is ever missing between two others.
    pub(crate) visits: Vec<Visit>,
}

/// A request on its way through a step.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    /// Its index among all of the lab.
    number: usize,
    /// How many requests for the same path came before it.
    pub(crate) before: usize,
    /// What follows the step in the path; empty at its start.
    pub(crate) rest: String,
}

/// What a step is judged by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    visits: &'a [Visit],
    step: &'static Step,
}

/// What can be told of a client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) verdict: Verdict,
    /// What was seen, in whole sentences.
    pub(crate) seen: String,
    pub(crate) numbers: Vec<(&'static str, u64)>,
}

impl Weigh for Lab {
    fn bytes(&self) -> usize {
        self.visits.iter().map(Visit::bytes).sum()
    }
}

impl Turn {
    /// Remembers a request before anything is answered.
    ///
    /// # Errors
    ///
    /// If the lab had as many as it may.
    pub(crate) fn begin(call: &Call, step: &'static Step, rest: String) -> Result<Self, Refusal> {
        let now = Instant::now();
        let most = usize::try_from(limits::LAB_REQUESTS.max).unwrap_or(usize::MAX);
        let id = call.path("id");
        call.shared.labs.with_or(id, now, Lab::default, |lab| {
            if lab.visits.len() >= most {
                let here = call.here(&format!("/lab/{id}"));
                return Err(Refusal::limit(limits::LAB_REQUESTS, most + 1)
                    .hint(format!("DELETE {here} begins anew")));
            }
            let mut of_path = lab.visits.iter().filter(|visit| visit.step == step.id);
            let before = of_path.by_ref().filter(|visit| visit.rest == rest).count();
            let number = lab.visits.len();
            lab.visits.push(Visit::of(call, step.id, &rest, now));
            Ok(Self {
                number,
                before,
                rest,
            })
        })
    }

    /// Adds to what is remembered of the request. A lab that was forgotten meanwhile stays forgotten.
    pub(crate) fn note(&self, call: &Call, change: impl FnOnce(&mut Visit)) {
        call.shared
            .labs
            .with(call.path("id"), Instant::now(), |lab| {
                if let Some(visit) = lab.and_then(|lab| lab.visits.get_mut(self.number)) {
                    change(visit);
                }
            });
    }
}

impl<'a> Seen<'a> {
    pub(crate) const fn new(visits: &'a [Visit], step: &'static Step) -> Self {
        Self { visits, step }
    }

    /// Every request of the step.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'a Visit> + use<'a> {
        let id = self.step.id;
        self.visits.iter().filter(move |visit| visit.step == id)
    }

    /// Requests for a path of the step.
    pub(crate) fn at(&self, rest: &'static str) -> impl Iterator<Item = &'a Visit> + use<'a> {
        self.all().filter(move |visit| visit.rest == rest)
    }

    /// The first request for a path of the step.
    pub(crate) fn first(&self, rest: &'static str) -> Option<&'a Visit> {
        self.at(rest).next()
    }

    /// The first request for another step after the last one for this.
    pub(crate) fn after(&self) -> Option<&'a Visit> {
        let id = self.step.id;
        let last = self.visits.iter().rposition(|visit| visit.step == id)?;
        self.visits.get(last + 1)
    }

    /// Whether the client has gone on, so that what did not come will not come.
    pub(crate) fn is_over(&self) -> bool {
        self.after().is_some()
    }
}

impl Finding {
    pub(crate) fn good(seen: impl Into<String>) -> Self {
        Self::new(Verdict::Good, seen)
    }

    pub(crate) fn bad(seen: impl Into<String>) -> Self {
        Self::new(Verdict::Bad, seen)
    }

    pub(crate) fn open(seen: impl Into<String>) -> Self {
        Self::new(Verdict::Open, seen)
    }

    /// Nobody came.
    pub(crate) fn nobody() -> Self {
        Self::open("Nobody has asked for it yet.")
    }

    /// Something is still to come, or the client is not one that goes on.
    pub(crate) fn waiting() -> Self {
        Self::open("The client has not gone on to another step yet, so something may still come.")
    }

    pub(crate) fn number(mut self, name: &'static str, number: impl TryInto<u64>) -> Self {
        self.numbers
            .push((name, number.try_into().unwrap_or(u64::MAX)));
        self
    }

    fn new(verdict: Verdict, seen: impl Into<String>) -> Self {
        Self {
            verdict,
            seen: seen.into(),
            numbers: Vec::new(),
        }
    }
}
