//! Checks that strangers ask for: what they may choose, how many there can be, and what is kept for a minute. The checking itself is for `siteerror-check`.

mod agents;
mod ask;
mod buckets;
pub(crate) mod live;

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lru::LruCache;
use siteerror_check::{Checker, Hosts, Kind, Observer, Report};
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub(crate) use self::agents::{AGENTS, Agent, OWN_AGENT};
pub(crate) use self::ask::{Ask, METHODS, Pair};
use self::buckets::Buckets;

/// Checks that run at a time, whoever asks. Each holds at most 1 MiB of a body, and as much again while it is decoded.
const AT_A_TIME: usize = 64;
/// Checks at a time at one host, and the time between two that begin there.
const AT_A_HOST: usize = 2;
const HOST_GAP: Duration = Duration::from_secs(1);
/// Whoever would have to wait longer than this for a host is told to come back.
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// The longest that a host is left alone because it said so.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How long a finished check is good for everybody.
const KEPT_FOR: Duration = Duration::from_mins(1);
const KEPT: NonZeroUsize = NonZeroUsize::new(256).expect("it is not zero");
/// Reports whose heads are larger are not kept: a hundred of them would be much memory.
const KEPT_HEADS: usize = 64 * 1024;

/// Checks URLs for strangers. A clone shares everything.
#[derive(Debug, Clone)]
pub struct Checks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    checker: Checker,
    /// The User-Agent that names us and the page that explains us, if there is one.
    introduction: Option<String>,
    hosts: Hosts,
    clients: Buckets,
    running: Semaphore,
    kept: Mutex<LruCache<String, Kept>>,
}

#[derive(Debug)]
struct Kept {
    report: Arc<Report>,
    at: Instant,
}

/// A report, and how old it is.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub(crate) report: Arc<Report>,
    pub(crate) age: Duration,
}

/// Why there is no check now, and when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Busy {
    pub(crate) what: &'static str,
    pub(crate) wait: Duration,
}

impl Checks {
    /// Lets strangers use a checker. Its guard should be one for strangers. With a page, the User-Agent of each visit names it, so that whoever is visited can
    /// find out why.
    pub fn new(checker: Checker, page: Option<&str>) -> Self {
        Self(Arc::new(Inner {
            checker,
            introduction: page.and_then(siteerror_check::introduction),
            hosts: Hosts::new(AT_A_HOST, HOST_GAP),
            clients: Buckets::default(),
            running: Semaphore::new(AT_A_TIME),
            kept: Mutex::new(LruCache::new(KEPT)),
        }))
    }

    /// Checks, or serves what somebody got a moment ago for the same.
    pub(crate) async fn run(
        &self,
        ask: &Ask,
        client: Option<IpAddr>,
        observer: &mut impl Observer,
    ) -> Result<Checked, Busy> {
        if let Some(kept) = self.kept(ask) {
            return Ok(kept);
        }
        let inner = &*self.0;
        let mut options = ask.options();
        if let Some(introduction) = &inner.introduction
            && !options
                .fields
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("user-agent"))
        {
            let field = ("User-Agent".to_owned(), introduction.clone());
            options.fields.push(field);
        }
        let guard = inner.checker.guard();
        let judged = guard.url(&ask.url).and_then(|target| {
            guard
                .request(&options.method, &options.fields)
                .map(|()| target)
        });
        let Ok(target) = judged else {
            // A refusal opens no socket, so that it costs nobody anything.
            let report = inner.checker.check(&ask.url, &options, observer).await;
            return Ok(fresh(report));
        };
        let host = target.host_text();
        let wait = inner.hosts.wait(host);
        if wait > LONGEST_WAIT {
            let what = "this host was asked a lot a moment ago, or asked to be left alone";
            return Err(Busy { what, wait });
        }
        if let Err(wait) = inner.clients.take(client) {
            let what = "too many checks from your address";
            return Err(Busy { what, wait });
        }
        let Ok(_running) = inner.running.try_acquire() else {
            let what = "too many checks are running";
            let wait = Duration::from_secs(2);
            return Err(Busy { what, wait });
        };
        let checking = inner
            .checker
            .check_among(&inner.hosts, &ask.url, &options, observer);
        let mut report = checking.await;
        if let Some(failure) = &mut report.failure
            && failure.kind == Kind::DnsFailure
        {
            // The words of a resolver may name it, and it is none of a stranger's business.
            Kind::DnsFailure.text().clone_into(&mut failure.text);
        }
        if matches!(report.status(), Some(429 | 503))
            && let Some(seconds) = report.retry_after_s
            && let Ok(last) = guard.url(report.final_url())
        {
            let pause = Duration::from_secs(seconds).min(LONGEST_PAUSE);
            inner.hosts.pause(last.host_text(), pause);
        }
        let checked = fresh(report);
        self.keep(ask, &checked.report);
        Ok(checked)
    }

    fn kept(&self, ask: &Ask) -> Option<Checked> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(&ask.key())?;
        let age = found.at.elapsed();
        (age < KEPT_FOR).then(|| Checked {
            report: Arc::clone(&found.report),
            age,
        })
    }

    fn keep(&self, ask: &Ask, report: &Arc<Report>) {
        // What must be masked is not kept, and what is large neither.
        if ask.has_secrets() || heads(report) > KEPT_HEADS {
            return;
        }
        let kept = Kept {
            report: Arc::clone(report),
            at: Instant::now(),
        };
        let mut all = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.put(ask.key(), kept);
    }
}

fn fresh(report: Report) -> Checked {
    Checked {
        report: Arc::new(report),
        age: Duration::ZERO,
    }
}

/// Bytes of all heads in a report.
fn heads(report: &Report) -> usize {
    let probes = report.probes.iter().map(|probed| &probed.hop);
    let exchanges = report.hops.iter().chain(probes);
    exchanges
        .filter_map(|hop| Some(&hop.exchange.as_ref()?.received))
        .map(|received| {
            let interims = received.interims.iter().map(|interim| &interim.head);
            let last = received.response.iter().map(|response| &response.head);
            interims
                .chain(last)
                .map(|head| head.fields().as_bytes().len())
                .sum::<usize>()
        })
        .sum()
}
