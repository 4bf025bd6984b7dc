//! What is shown, in every format: all of a check as plain data, and its JSON. The types that serialize are promises: keys never change their meaning.

mod json;

use serde::Serialize;
use siteerror_guard::Warning;
use siteerror_lint::Finding;
use siteerror_wire::Body;

use crate::failure::{Failure, Kind};
use crate::hop::Hop;
use crate::probe::Probed;

/// All that a check found out.
#[derive(Debug, Clone)]
pub struct Report {
    /// The URL as it was given, its secrets masked.
    pub url: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Requests that were sent in the last attempt, probes included.
    pub requests: u32,
    /// The responses of the chain, the final one last; the last one may be an attempt that failed.
    pub hops: Vec<Hop>,
    /// What ended the check early.
    pub failure: Option<Failure>,
    /// What came of the requests besides the chain, if they were asked for.
    pub probes: Vec<Probed>,
    /// What the guard would have a person know about the URLs, with their hops.
    pub warnings: Vec<(usize, Warning)>,
    /// What the linter found. Findings are never failures.
    pub findings: Vec<Finding>,
    /// Seconds that Retry-After of the last response asks for, from when it came.
    pub retry_after_s: Option<u64>,
    /// What an earlier run found, where this one did not ask.
    pub recalled: Option<Recalled>,
    /// When it was made, in seconds since 1970.
    pub now_unix_s: i64,
}

/// A result of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    /// The final status.
    pub status: u16,
    /// The last URL.
    pub final_url: String,
    /// When it was found out, in seconds since 1970.
    pub at_unix_s: i64,
}

impl Report {
    /// The status code of the last hop; none if that hop gave none.
    pub fn status(&self) -> Option<u16> {
        match &self.recalled {
            Some(recalled) => Some(recalled.status),
            None => self.hops.last()?.status(),
        }
    }

    /// The URL of the last hop.
    pub fn final_url(&self) -> &str {
        match (&self.recalled, self.hops.last()) {
            (Some(recalled), _) => &recalled.final_url,
            (None, Some(hop)) => &hop.url,
            (None, None) => &self.url,
        }
    }

    /// Whether nothing failed and the final status is below 400.
    pub fn is_ok(&self) -> bool {
        self.failure.is_none() && self.status().is_some_and(|status| status < 400)
    }

    /// Whether it may be another result a moment later.
    pub fn may_pass(&self) -> bool {
        match &self.failure {
            Some(failure) => failure.kind.is_transient(),
            // RFC 9110 §15.6.3 to §15.6.5 and RFC 6585 §4.
            None => matches!(self.status(), Some(429 | 502 | 503 | 504)),
        }
    }

    /// Whether the guard refused something: then trying again is no use.
    pub fn is_blocked(&self) -> bool {
        self.failure
            .as_ref()
            .is_some_and(|failure| failure.kind == Kind::Blocked)
    }

    /// Adds the JSON object of `vocabulary` to a text, without a line end. It is made of hundreds of small pieces, which are put together in memory: a writer
    /// would be asked for each of them.
    pub fn append_json(&self, text: &mut Vec<u8>) {
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(text, &json::View::of(self));
    }

    /// The same as a text of its own.
    pub fn to_json(&self) -> String {
        let mut bytes = Vec::new();
        self.append_json(&mut bytes);
        // JSON is text.
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Lets go of bodies: what is told about them stays.
    pub fn drop_bodies(&mut self) {
        let probes = self.probes.iter_mut().map(|probed| &mut probed.hop);
        for hop in self.hops.iter_mut().chain(probes) {
            if let Some(content) = &mut hop.content {
                content.beginning = Vec::new();
            }
            let Some(exchange) = &mut hop.exchange else {
                continue;
            };
            exchange.received.unread = Vec::new();
            if let Some(response) = &mut exchange.received.response {
                let trailers = response.body.trailers().cloned();
                response.body = Body::of(Vec::new(), trailers);
            }
        }
    }
}

/// A report, serialized as the JSON object that [`append_json`](Self::append_json) adds.
impl Serialize for Report {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::View::of(self).serialize(serializer)
    }
}
