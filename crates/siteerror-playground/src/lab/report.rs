//! The course and the report as they are shown: as JSON, as a page, and for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use askama::Template;
use http::header::{ACCEPT, ACCEPT_ENCODING, TE, USER_AGENT};
use serde::Serialize;

use super::course::{Fetch, steps};
use super::visit::{PASSWORD, USER};
use super::whole::{CHECKS, connection_count};
use super::{Finding, Seen, Step, Visit};
use crate::sequence::Verdict;

/// How to go through the course.
const HOW: &str = "Fetch these URLs in this order with one client, in its usual way and with its usual settings. Set what a fetch says to set and nothing else, \
                   and go on when one fails. Where it says to follow, fetch next the URL in the first line of the answer, unless the fetch failed. \
                   Then read the report. Take a new name for another run.";

/// The course under a name.
#[derive(Debug, Serialize, Template)]
#[template(path = "lab.html")]
pub(crate) struct CourseView {
    id: String,
    how: &'static str,
    report: String,
    steps: Vec<StepView>,
}

#[derive(Debug, Serialize)]
struct StepView {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    right: &'static str,
    judged: &'static str,
    source: &'static str,
    fetches: Vec<FetchView>,
}

#[derive(Debug, Serialize)]
struct FetchView {
    method: &'static str,
    url: String,
    /// Fields to set.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'static str, &'static str>,
    /// Bytes of content to send.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_bytes: Option<usize>,
    /// How long to wait before.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_ms: Option<u64>,
    /// What to give to the client for whoever challenges it.
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<CredentialsView>,
    /// Whether to fetch next the URL in the first line of the answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    follow: bool,
}

#[derive(Debug, Serialize)]
struct CredentialsView {
    user: &'static str,
    password: &'static str,
}

impl CourseView {
    /// `base` is the URL of the lab, without a slash at its end.
    pub(crate) fn new(id: &str, base: &str) -> Self {
        let fetch = |step: &Step, fetch: &Fetch| {
            let slash = if fetch.rest.is_empty() { "" } else { "/" };
            FetchView {
                method: fetch.method,
                url: format!("{base}/{}{slash}{}", step.id, fetch.rest),
                fields: fetch.fields.iter().copied().collect(),
                content_bytes: (fetch.content > 0).then_some(fetch.content),
                wait_ms: (fetch.wait_ms > 0).then_some(fetch.wait_ms),
                credentials: fetch.has_credentials.then_some(CredentialsView {
                    user: USER,
                    password: PASSWORD,
                }),
                follow: fetch.follow,
            }
        };
        Self {
            id: id.to_owned(),
            how: HOW,
            report: format!("{base}/report"),
            steps: steps()
                .map(|step| StepView {
                    id: step.id,
                    title: step.title,
                    about: step.about,
                    right: step.right,
                    judged: step.judged,
                    source: step.source,
                    fetches: step.fetches.iter().map(|one| fetch(step, one)).collect(),
                })
                .collect(),
        }
    }

    /// For a terminal: a line a fetch. Writing to memory does not fail, here as below.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{HOW}\n\n");
        for step in &self.steps {
            let _ = writeln!(text, "# {}", step.title);
            for fetch in &step.fetches {
                let _ = writeln!(text, "{} {}{}", fetch.method, fetch.url, fetch.words());
            }
        }
        let _ = writeln!(text, "\nGET {}", self.report);
        text
    }
}

impl FetchView {
    /// What there is to do besides.
    fn words(&self) -> String {
        let mut words = String::new();
        if let Some(wait_ms) = self.wait_ms {
            let _ = write!(words, ", after a pause of {wait_ms} ms");
        }
        for (name, value) in &self.fields {
            let _ = write!(words, ", with {name}: {value}");
        }
        if let Some(bytes) = self.content_bytes {
            let _ = write!(words, ", with {bytes} bytes of content");
        }
        if let Some(CredentialsView { user, password }) = &self.credentials {
            let _ = write!(words, ", as the user {user} with the password {password}");
        }
        if self.follow {
            words.push_str(", then the URL in its first line");
        }
        words
    }
}

/// What became of a client in the lab.
#[derive(Debug, Serialize, Template)]
#[template(path = "lab-report.html")]
pub(crate) struct Report {
    id: String,
    course: String,
    /// Requests that came.
    requests: usize,
    connections: usize,
    good: usize,
    bad: usize,
    /// Steps that the client took and that tell nothing.
    open: usize,
    /// Steps that nobody came to.
    not_visited: usize,
    announces: Announces,
    whole: Vec<Judged>,
    steps: Vec<Judged>,
}

/// What a client says about itself.
#[derive(Debug, Default, Serialize)]
struct Announces {
    version: Option<&'static str>,
    user_agent: Option<String>,
    accept: Option<String>,
    accept_encoding: Option<String>,
    te: Option<String>,
}

#[derive(Debug, Serialize)]
struct Judged {
    id: &'static str,
    title: &'static str,
    verdict: Verdict,
    seen: String,
    numbers: BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<&'static str>,
    source: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requests: Vec<VisitView>,
}

#[derive(Debug, Serialize)]
struct VisitView {
    /// Since the first request of all.
    at_ms: u64,
    method: String,
    /// Below the path of the step.
    path: String,
    version: &'static str,
    connection: u64,
    /// The index of the request on its connection.
    request: u64,
    content_bytes: u64,
}

impl Report {
    /// Of the requests of a lab, in the order in which they came.
    pub(crate) fn new(id: &str, course: String, visits: &[Visit]) -> Self {
        let of_steps: Vec<Judged> = steps().map(|step| Judged::step(step, visits)).collect();
        let whole: Vec<Judged> = CHECKS
            .iter()
            .map(|check| {
                let Finding {
                    verdict,
                    seen,
                    numbers,
                } = (check.judge)(visits);
                Judged {
                    id: check.id,
                    title: check.title,
                    verdict,
                    seen,
                    numbers: numbers.into_iter().collect(),
                    right: None,
                    source: check.source,
                    requests: Vec::new(),
                }
            })
            .collect();
        let visited = of_steps.iter().filter(|step| !step.requests.is_empty());
        let visited: Vec<&Judged> = visited.chain(&whole).collect();
        let count = |verdict| {
            let of_verdict = visited.iter().filter(|step| step.verdict == verdict);
            of_verdict.count()
        };
        let field = |name| {
            let value = visits.first().and_then(|visit| visit.field(name));
            value.map(str::to_owned)
        };
        Self {
            id: id.to_owned(),
            course,
            requests: visits.len(),
            connections: connection_count(visits),
            good: count(Verdict::Good),
            bad: count(Verdict::Bad),
            open: count(Verdict::Open),
            not_visited: of_steps.len() + whole.len() - visited.len(),
            announces: Announces {
                version: visits.first().map(|visit| visit.version),
                user_agent: field(&USER_AGENT),
                accept: field(&ACCEPT),
                accept_encoding: field(&ACCEPT_ENCODING),
                te: field(&TE),
            },
            whole,
            steps: of_steps,
        }
    }

    /// For a terminal.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "The lab {}: {} good, {} bad, {} open, {} not visited; {} requests on {} connections\n\n",
            self.id,
            self.good,
            self.bad,
            self.open,
            self.not_visited,
            self.requests,
            self.connections
        );
        for judged in self.steps.iter().chain(&self.whole) {
            let mark = judged.mark();
            let _ = write!(text, "{mark}  {}: {}", judged.id, judged.seen);
            for (name, number) in &judged.numbers {
                let _ = write!(text, " {name}={number}");
            }
            let _ = writeln!(text, " ({})", judged.source);
        }
        text
    }
}

impl Judged {
    fn step(step: &'static Step, visits: &[Visit]) -> Self {
        let seen = Seen::new(visits, step);
        let finding = (step.judge)(&seen);
        let requests = seen.all().map(|visit| VisitView {
            at_ms: visits.first().map_or(0, |first| visit.ms_since(first)),
            method: visit.method.clone(),
            path: visit.rest.clone(),
            version: visit.version,
            connection: visit.connection,
            request: visit.request,
            content_bytes: visit.content.bytes,
        });
        Self {
            id: step.id,
            title: step.title,
            verdict: finding.verdict,
            seen: finding.seen,
            numbers: finding.numbers.into_iter().collect(),
            right: Some(step.right),
            source: step.source,
            requests: requests.collect(),
        }
    }

    /// The verdict, of one width.
    fn mark(&self) -> &'static str {
        match self.verdict {
            Verdict::Good => "good",
            Verdict::Bad => "BAD ",
            Verdict::Open => "open",
        }
    }
}
