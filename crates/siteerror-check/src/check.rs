//! The whole journey of one URL: chain, probes, findings, report.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use siteerror_guard::{Guard, Policy, Target};
use siteerror_wire::field::RetryAfter;
use tokio::time::{Instant, sleep};

use crate::chain::{self, Chain, Job, Start};
use crate::content::Hash;
use crate::dial::{Roots, TlsClient, TrustError};
use crate::failure::{Fault, Phase};
use crate::hop::{Hop, Scratch};
use crate::hosts::{Guest, Hosts, House};
use crate::judge::judge;
use crate::limits::Limits;
use crate::observe::Observer;
use crate::pool::Pool;
use crate::probe::{self, Probed};
use crate::report::Report;
use crate::resolve::Resolver;

/// What a checker is made of.
#[derive(Debug)]
pub struct Settings {
    /// Who judges.
    pub guard: Guard,
    /// Who knows addresses.
    pub resolver: Resolver,
    /// Where checks stop.
    pub limits: Limits,
    /// Whom to trust.
    pub roots: Roots,
    /// The proxy that everything goes through: a target that the guard let pass, of scheme `http`. It looks names up itself, so that what they lead to is not
    /// judged; only the local policy may have one.
    pub proxy: Option<Target>,
    /// What time it is, in seconds since 1970: for certificates, dates and cookies.
    pub clock: Clock,
}

/// Tells the time, in seconds since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// Asks a function.
    pub fn new(now_unix_s: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_unix_s))
    }

    /// Always the same time.
    pub fn fixed(now_unix_s: i64) -> Self {
        Self::new(move || now_unix_s)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Why a checker cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The roots cannot be used.
    #[error("the certificates to trust cannot be used")]
    Trust(#[from] TrustError),
    /// Strangers would reach through a proxy what the guard keeps them from.
    #[error("a proxy is for the local policy only")]
    ProxyForStrangers,
    /// What is spoken to the proxy itself is plain HTTP/1.1.
    #[error("the proxy must have an `http` URL")]
    ProxyScheme,
}

/// Which versions of HTTP may be spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/2 where the server agrees to it in the TLS handshake, otherwise HTTP/1.1.
    #[default]
    Any,
    /// HTTP/1.1 only: the bytes of heads are seen as they are.
    Http1,
    /// HTTP/2 only; without TLS by prior knowledge (RFC 9113 §3.3).
    Http2,
}

/// How to check. The default is a GET that follows redirects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that somebody may turn, and none depends on another"
)]
pub struct Options {
    /// The method of the first request.
    pub method: String,
    /// Fields to send; they replace ours of the same name.
    pub fields: Vec<(String, String)>,
    /// Redirects to follow, at most 20.
    pub max_redirects: usize,
    /// Whether a jar is kept for the time of the check.
    pub cookies: bool,
    /// Whether to go on behind a certificate that does not hold. Nothing secret is sent then.
    pub insecure: bool,
    /// Which versions of HTTP.
    pub version: HttpVersion,
    /// Whether the extra requests are made that [`crate::probe`] describes.
    pub probes: bool,
    /// How often to try again what may work a moment later: failures that pass, 429, 502, 503 and 504.
    pub retries: u32,
    /// Whether content is hashed.
    pub hash: Hash,
    /// Whether bodies stay in the report of one who may see them; strangers never may.
    pub keep_bodies: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            method: "GET".to_owned(),
            fields: Vec::new(),
            max_redirects: 10,
            cookies: false,
            insecure: false,
            version: HttpVersion::Any,
            probes: false,
            retries: 0,
            hash: Hash::Sha256,
            keep_bodies: false,
        }
    }
}

/// Checks URLs. A clone is the same checker: its names, limits and trust are shared.
#[derive(Debug, Clone)]
pub struct Checker(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) guard: Guard,
    pub(crate) resolver: Arc<Resolver>,
    pub(crate) limits: Limits,
    pub(crate) tls: Arc<TlsClient>,
    pub(crate) proxy: Option<Target>,
    pub(crate) clock: Clock,
}

impl Inner {
    pub(crate) fn now_unix_s(&self) -> i64 {
        (self.clock.0)()
    }
}

/// Connections that one check keeps: redirects and probes often stay with a host.
pub(crate) const KEPT_BY_ONE: usize = 8;

/// The longest that a retry waits, whatever Retry-After says: a check is something that somebody waits for.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// The first wait before a retry; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

impl Checker {
    /// Makes a checker.
    ///
    /// # Errors
    ///
    /// If the roots to trust cannot be read, or the proxy cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        if let Some(proxy) = &settings.proxy {
            if settings.guard.policy() == Policy::Public {
                return Err(SetupError::ProxyForStrangers);
            }
            if proxy.scheme() != "http" {
                return Err(SetupError::ProxyScheme);
            }
        }
        let tls = TlsClient::new(&settings.roots)?;
        Ok(Self(Arc::new(Inner {
            guard: settings.guard,
            resolver: Arc::new(settings.resolver),
            limits: settings.limits,
            proxy: settings.proxy,
            tls: Arc::new(tls),
            clock: settings.clock,
        })))
    }

    /// The limits that hold.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Who judges.
    pub fn guard(&self) -> &Guard {
        &self.0.guard
    }

    /// Checks one URL. Whatever its server does is in the report; dropping the future ends the check.
    pub async fn check(
        &self,
        url: &str,
        options: &Options,
        observer: &mut impl Observer,
    ) -> Report {
        let mut scratch = Scratch::new();
        let end = Instant::now() + self.0.limits.time.total;
        let mut attempts = 1_u32;
        loop {
            let pool = Pool::new(KEPT_BY_ONE);
            let start = Start {
                url,
                target: self.0.guard.url(url),
            };
            let job = Job {
                checker: &self.0,
                options,
                pool: &pool,
                end,
                house: None,
            };
            let (mut report, _) = attempt(job, start, &mut scratch, observer).await;
            report.attempts = attempts;
            let wait = wait(&report, attempts);
            let room = Instant::now() + wait < end;
            if attempts > options.retries || !report.may_pass() || !room {
                return report;
            }
            attempts = attempts.saturating_add(1);
            sleep(wait).await;
        }
    }
}

impl Checker {
    /// Checks one URL among many that strangers choose: at the door of every host it waits for its turn, also for a host that a redirect leads to. There are no
    /// retries, and the wait counts as time of the check.
    pub async fn check_among(
        &self,
        hosts: &Hosts,
        url: &str,
        options: &Options,
        observer: &mut impl Observer,
    ) -> Report {
        let mut scratch = Scratch::new();
        let pool = Pool::new(KEPT_BY_ONE);
        let guest = Guest::new(hosts);
        let end = Instant::now() + self.0.limits.time.total;
        let mut job = Job {
            checker: &self.0,
            options,
            pool: &pool,
            end,
            house: None,
        };
        let start = Start {
            url,
            target: self.0.guard.url(url).and_then(|target| {
                self.0.guard.request(&options.method, &options.fields)?;
                Ok(target)
            }),
        };
        if let Ok(target) = &start.target {
            let entering = guest.go(target.host_text());
            if scratch.timer.until(end, entering).await.is_err() {
                return late(url, self.0.now_unix_s());
            }
            job.house = Some(House::Guest(&guest));
        }
        attempt(job, start, &mut scratch, observer).await.0
    }
}

/// A check that did not get to its host in time.
fn late(url: &str, now_unix_s: i64) -> Report {
    Report {
        url: chain::shown(url),
        attempts: 1,
        requests: 0,
        hops: Vec::new(),
        failure: Some(Fault::timeout(Phase::Total).at(0)),
        probes: Vec::new(),
        warnings: Vec::new(),
        findings: Vec::new(),
        retry_after_s: None,
        recalled: None,
        now_unix_s,
    }
}

/// One attempt, and the host where it ended.
pub(crate) async fn attempt(
    job: Job<'_>,
    start: Start<'_>,
    scratch: &mut Scratch,
    observer: &mut impl Observer,
) -> (Report, Option<String>) {
    let url = start.url;
    let mut chain = chain::follow(job, start, scratch, observer).await;
    let probes = if job.options.probes {
        probes(job, &mut chain, scratch).await
    } else {
        Vec::new()
    };
    let host = chain.host.take();
    let loops_to = chain.loops_to;
    let mut report = report(job, url, chain, probes);
    report.findings = judge(&report, loops_to);
    let public = job.checker.guard.policy() == Policy::Public;
    if public || !job.options.keep_bodies {
        report.drop_bodies();
    }
    (report, host)
}

/// A look that is for us alone: nothing of it is shown.
pub(crate) fn look<'a>(
    job: Job<'a>,
    start: Start<'a>,
    scratch: &'a mut Scratch,
) -> Pin<Box<dyn Future<Output = Report> + Send + 'a>> {
    Box::pin(async move {
        let url = start.url;
        let chain = chain::follow(job, start, scratch, &mut ()).await;
        report(job, url, chain, Vec::new())
    })
}

/// Probes go where a GET was answered well: elsewhere they would tell nothing.
async fn probes(job: Job<'_>, chain: &mut Chain, scratch: &mut Scratch) -> Vec<Probed> {
    let (Some((target, secrets)), Some(first)) = (&chain.last, chain.hops.last()) else {
        return Vec::new();
    };
    let good = first.method == "GET" && matches!(first.status(), Some(200..300));
    if !good || chain.failure.is_some() {
        return Vec::new();
    }
    let index = chain.hops.len().saturating_sub(1);
    probe::probe(
        job,
        target,
        first,
        index,
        *secrets,
        &mut chain.requests,
        scratch,
    )
    .await
}

fn report(job: Job<'_>, url: &str, chain: Chain, probes: Vec<Probed>) -> Report {
    let now = job.checker.now_unix_s();
    let last = chain.hops.last();
    Report {
        url: chain::shown(url),
        attempts: 1,
        requests: chain.requests,
        retry_after_s: last.and_then(|hop| retry_after(hop, now)),
        probes,
        warnings: chain.warnings,
        findings: Vec::new(),
        recalled: None,
        now_unix_s: now,
        failure: chain.failure,
        hops: chain.hops,
    }
}

/// How long to wait before the next attempt: RFC 9110 §10.2.3, otherwise longer each time.
pub(crate) fn wait(report: &Report, attempts: u32) -> Duration {
    if let Some(seconds) = report.retry_after_s {
        return Duration::from_secs(seconds).min(LONGEST_WAIT);
    }
    let doublings = attempts.saturating_sub(1).min(6);
    FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT)
}

/// What Retry-After of a final response comes to, in seconds from now.
fn retry_after(hop: &Hop, now_unix_s: i64) -> Option<u64> {
    let line = hop.head()?.fields().named("retry-after").next()?;
    let when = RetryAfter::parse(&line.value(), now_unix_s)?;
    Some(when.wait(now_unix_s).as_secs())
}
