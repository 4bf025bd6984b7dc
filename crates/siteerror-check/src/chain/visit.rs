//! One hop: the name is looked up, every address judged, a connection found or made, and one exchange had.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use siteerror_guard::{JudgedAddr, Target};
use siteerror_wire::{
    Connection as Carried, End, Exchange, Protocol, Received, Request, Scheme, Version,
};
use tokio::time::Instant;

use super::{Job, refused};
use crate::check::HttpVersion;
use crate::content;
use crate::dial::{self, Alpn, Hello, Io};
use crate::failure::{Fault, Kind, Phase};
use crate::hop::http1::{self, Heads, Span};
use crate::hop::{Hop, Outcome, Scratch, http2};
use crate::hosts::House;
use crate::observe::{Observer, Progress};
use crate::pool::{Connection, Speech};
use crate::request::{self, Ask};
use crate::resolve::LookupError;

/// What is asked at a hop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<'a> {
    pub(crate) target: &'a Target,
    pub(crate) method: &'a str,
    pub(crate) secrets: bool,
    pub(crate) cookie: Option<&'a str>,
    pub(crate) extra: &'a [(&'a str, &'a str)],
    pub(crate) index: usize,
}

/// Does it. What is learnt stands in the hop, also if it ends early.
pub(crate) async fn visit(
    job: Job<'_>,
    visit: &Visit<'_>,
    hop: &mut Hop,
    requests: &mut u32,
    scratch: &mut Scratch,
    observer: &mut impl Observer,
) -> Option<Fault> {
    let began = Instant::now();
    let span = Span {
        began,
        end: job.end,
    };
    let tried = go(job, visit, hop, requests, span, scratch, observer).await;
    hop.timings.total = began.elapsed();
    tried.err()
}

async fn go(
    job: Job<'_>,
    visit: &Visit<'_>,
    hop: &mut Hop,
    requests: &mut u32,
    span: Span,
    scratch: &mut Scratch,
    observer: &mut impl Observer,
) -> Result<(), Fault> {
    let addresses = addresses(job, place(job, visit), hop, span, scratch).await?;
    observer.see(Progress::Resolved {
        hop: visit.index,
        addresses: addresses.len(),
    });
    let mut connection = job.pool.take(visit.target, &addresses).await;
    loop {
        let reused = connection.is_some();
        let mut line = match connection.take() {
            Some(line) => line,
            None => connect(job, visit, &addresses, hop, span, scratch, observer).await?,
        };
        hop.address = Some(line.address);
        if reused {
            hop.tls.clone_from(&line.tls);
            observer.see(Progress::Connected {
                hop: visit.index,
                address: line.address,
                reused,
            });
        }
        let outcome = speak(job, visit, &mut line, span, scratch, observer).await;
        // The server closed it while it waited: RFC 9112 §9.3.1 lets a client try again on a new one.
        if reused
            && outcome.received.end == End::Nothing
            && outcome.fault.as_ref().is_some_and(is_stale)
        {
            continue;
        }
        *requests = requests.saturating_add(1);
        return finish(job, visit, hop, line, outcome);
    }
}

/// Where to connect: to the target, or to the proxy before it.
fn place<'a>(job: Job<'a>, visit: &Visit<'a>) -> &'a Target {
    job.checker.proxy.as_ref().unwrap_or(visit.target)
}

/// What a connection that was closed while it waited looks like.
fn is_stale(fault: &Fault) -> bool {
    matches!(
        fault.kind,
        Kind::EmptyResponse | Kind::ConnectionReset | Kind::H2Protocol
    )
}

/// The judged addresses of a target.
async fn addresses(
    job: Job<'_>,
    target: &Target,
    hop: &mut Hop,
    span: Span,
    scratch: &mut Scratch,
) -> Result<Vec<JudgedAddr>, Fault> {
    let guard = &job.checker.guard;
    let Some(name) = target.name() else {
        // The host is an address, which was judged with the URL.
        return Ok(target.judged().into_iter().collect());
    };
    let asked = Instant::now();
    let deadline = (asked + job.checker.limits.time.dns).min(span.end);
    let looked = scratch
        .timer
        .until(deadline, job.checker.resolver.look_up(name))
        .await;
    hop.timings.dns = Some(asked.elapsed());
    let found = match looked {
        Ok(found) => found,
        Err(_) if deadline == span.end => return Err(Fault::timeout(Phase::Total)),
        Err(_) => return Err(Fault::timeout(Phase::Dns)),
    };
    let found = found.map_err(|error| match error {
        LookupError::NotFound | LookupError::NoAddress => {
            Fault::new(Kind::DnsNotFound, Phase::Dns, error.to_string())
        }
        LookupError::Timeout => Fault::timeout(Phase::Dns),
        LookupError::Failed(why) => Fault::new(
            Kind::DnsFailure,
            Phase::Dns,
            format!("{}: {why}", Kind::DnsFailure.text()),
        ),
    })?;
    guard.answers(target, &found).map_err(refused)
}

/// A new connection.
async fn connect(
    job: Job<'_>,
    visit: &Visit<'_>,
    addresses: &[JudgedAddr],
    hop: &mut Hop,
    span: Span,
    scratch: &mut Scratch,
    observer: &mut impl Observer,
) -> Result<Connection, Fault> {
    let limits = &job.checker.limits;
    let began = Instant::now();
    let (mut tcp, address) = dial::connect(addresses, &limits.time, &mut scratch.timer, span.end)
        .await
        .inspect_err(|_| {
            // Which one was tried, where there was no choice.
            if let [only] = addresses {
                hop.address = Some(only.socket());
            }
        })?;
    hop.address = Some(address);
    if let (Some(proxy), "https") = (&job.checker.proxy, visit.target.scheme()) {
        let timer = &mut scratch.timer;
        dial::tunnel(&mut tcp, proxy, visit.target, limits, timer, span.end).await?;
    }
    hop.timings.connect = Some(began.elapsed());
    observer.see(Progress::Connected {
        hop: visit.index,
        address,
        reused: false,
    });
    let (io, tls, distrust) = if visit.target.scheme() == "https" {
        secure(job, visit, tcp, hop, span, scratch, observer).await?
    } else {
        (Io::Plain(tcp), None, None)
    };
    let chosen = tls.as_ref().and_then(|tls| tls.alpn.as_deref());
    let http2 = match job.options.version {
        HttpVersion::Http1 => false,
        // What is spoken to a proxy is HTTP/1.1.
        HttpVersion::Http2 if tls.is_none() && job.checker.proxy.is_some() => false,
        HttpVersion::Any => chosen == Some("h2"),
        HttpVersion::Http2 if tls.is_some() && chosen != Some("h2") => {
            let text = "the server did not agree to speak HTTP/2";
            return Err(Fault::new(Kind::H2Protocol, Phase::Tls, text));
        }
        HttpVersion::Http2 => true,
    };
    let speech = if http2 {
        Speech::Http2(http2::begin(io, scratch, limits, span.end).await?)
    } else {
        Speech::Http1(io)
    };
    Ok(Connection {
        speech,
        address,
        tls,
        distrust,
    })
}

type Secured = (Io, Option<Arc<siteerror_wire::Tls>>, Option<Fault>);

async fn secure(
    job: Job<'_>,
    visit: &Visit<'_>,
    tcp: tokio::net::TcpStream,
    hop: &mut Hop,
    span: Span,
    scratch: &mut Scratch,
    observer: &mut impl Observer,
) -> Result<Secured, Fault> {
    let began = Instant::now();
    let alpn = match job.options.version {
        HttpVersion::Any => Alpn::Both,
        HttpVersion::Http1 => Alpn::Http1,
        HttpVersion::Http2 => Alpn::Http2,
    };
    let hello = Hello {
        host: visit.target.host_text(),
        alpn,
        now_unix_s: job.checker.now_unix_s(),
    };
    let limits = &job.checker.limits;
    let timer = &mut scratch.timer;
    let shaken = job
        .checker
        .tls
        .handshake(tcp, hello, limits, timer, span.end)
        .await;
    let tls = shaken.tls.map(Arc::new);
    hop.tls.clone_from(&tls);
    let stream = shaken.stream?;
    hop.timings.tls = Some(began.elapsed());
    if let Some(tls) = &hop.tls {
        observer.see(Progress::Secured {
            hop: visit.index,
            tls,
        });
    }
    if let Some(distrust) = &shaken.distrust
        && !job.options.insecure
    {
        return Err(distrust.clone());
    }
    Ok((Io::Tls(stream), tls, shaken.distrust))
}

/// One exchange on a connection.
async fn speak(
    job: Job<'_>,
    visit: &Visit<'_>,
    line: &mut Connection,
    span: Span,
    scratch: &mut Scratch,
    observer: &mut impl Observer,
) -> Outcome {
    // Nothing secret goes to whom the certificate does not vouch for.
    let trusted = line.distrust.is_none();
    let ask = Ask {
        target: visit.target,
        method: visit.method,
        credentials: trusted,
        proxy: job
            .checker
            .proxy
            .as_ref()
            .filter(|_| visit.target.scheme() == "http"),
        secrets: trusted && visit.secrets,
        cookie: visit.cookie.filter(|_| trusted),
        extra: visit.extra,
    };
    let mut watch = Watcher {
        observer,
        hop: visit.index,
        interims: 0,
        head: false,
    };
    let mut limits = job.checker.limits;
    if job.house.is_some_and(House::hurries) {
        // Among many URLs nobody waits for bytes that should not come.
        limits.time.after_end = Duration::ZERO;
    }
    let limits = &limits;
    match &mut line.speech {
        Speech::Http1(io) => {
            let request = request::head(&ask, job.options, Version::HTTP_11);
            http1::exchange(io, request, scratch, limits, span, &mut watch).await
        }
        Speech::Http2(line) => {
            let request = request::head(&ask, job.options, Version::HTTP_2);
            http2::exchange(
                line,
                visit.target,
                request,
                scratch,
                limits,
                span,
                &mut watch,
            )
            .await
        }
    }
}

/// Writes down what came, and gives the connection back if it is still good.
fn finish(
    job: Job<'_>,
    visit: &Visit<'_>,
    hop: &mut Hop,
    line: Connection,
    outcome: Outcome,
) -> Result<(), Fault> {
    let Outcome {
        request,
        received,
        fault,
        reusable,
        close_notify,
    } = outcome;
    let protocol = match line.speech {
        Speech::Http1(_) => Protocol::Http1,
        Speech::Http2(_) => Protocol::Http2,
    };
    let carried = carried(visit.target, protocol, line.address, hop, close_notify);
    hop.timings.first_byte = received.timings.first_byte;
    if reusable {
        job.pool.give(visit.target, line);
    }
    let decoded = content_of(job, &received, hop);
    hop.exchange = Some(Exchange {
        request: Request {
            head: request,
            body: siteerror_wire::Body::default(),
        },
        received,
        connection: carried,
    });
    fault.or(decoded).map_or(Ok(()), Err)
}

fn content_of(job: Job<'_>, received: &Received, hop: &mut Hop) -> Option<Fault> {
    received.response.as_ref()?;
    let (content, fault) = content::look(received, &job.checker.limits.decoding, job.options.hash);
    hop.content = Some(content);
    fault
}

fn carried(
    target: &Target,
    protocol: Protocol,
    address: SocketAddr,
    hop: &Hop,
    close_notify: Option<bool>,
) -> Carried {
    let scheme = match target.scheme() {
        "https" => Scheme::Https,
        _ => Scheme::Http,
    };
    Carried {
        protocol,
        scheme: Some(scheme),
        address: Some(address),
        tls: hop.tls.clone(),
        close_notify,
    }
}

/// Tells an observer what is new of heads.
struct Watcher<'a, O> {
    observer: &'a mut O,
    hop: usize,
    interims: usize,
    head: bool,
}

impl<O: Observer> Heads for Watcher<'_, O> {
    fn look(&mut self, so_far: &Received) {
        for interim in so_far.interims.iter().skip(self.interims) {
            self.observer.see(Progress::Interim {
                hop: self.hop,
                head: &interim.head,
            });
        }
        self.interims = so_far.interims.len();
        if let (false, Some(response)) = (self.head, &so_far.response) {
            self.head = true;
            self.observer.see(Progress::Head {
                hop: self.hop,
                head: &response.head,
            });
        }
    }
}
