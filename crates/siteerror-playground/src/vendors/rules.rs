//! Mistakes in a request that make a vendor's server answer with a code of its own.

use std::time::{Duration, Instant};

use http::header::{CONTENT_LENGTH, HOST};

use crate::bounded::{Remembered, Weigh};
use crate::call::Call;
use crate::limits;

/// The longest field line and request target that these endpoints take: less than vendors do, since the playground itself refuses more than 16 KB.
pub(crate) const LINE_BYTES: usize = 1024;

/// The largest content: the default of nginx, and the limit of a Lambda function behind a load balancer.
pub(crate) const CONTENT_BYTES: u64 = 1024 * 1024;

/// The longest method.
pub(crate) const METHOD_BYTES: usize = 32;

/// Addresses that X-Forwarded-For may hold.
pub(crate) const FORWARDED: usize = 30;

/// When the last request of each name was let through.
#[derive(Debug)]
pub(crate) struct Rates(Remembered<Option<Instant>>);

impl Weigh for Option<Instant> {}

impl Rates {
    /// With nobody known.
    pub(crate) fn new() -> Self {
        Self(Remembered::new(limits::RATES))
    }

    /// Whether a request comes within a second of the last that was let through.
    fn too_soon(&self, id: &str, now: Instant) -> bool {
        self.0.with_or(
            id,
            now,
            || None,
            |last| {
                let is_soon = last.is_some_and(|last| {
                    now.saturating_duration_since(last) < Duration::from_secs(1)
                });
                if !is_soon {
                    *last = Some(now);
                }
                is_soon
            },
        )
    }
}

/// A mistake that a request can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A field line that is too long.
    LongField,
    /// A request target that is too long.
    LongTarget,
    /// Content that is too large by its own announcement.
    LargeContent,
    /// More addresses in X-Forwarded-For than the balancer takes.
    ManyForwarded,
    /// A version of HTTP that the upstream does not speak.
    NotHttp2,
    /// The method TRACE.
    Trace,
    /// A method with a name that is too long: 127 characters there, fewer here, since the playground itself takes 64.
    LongMethod,
    /// No client certificate.
    NoCertificate,
    /// No TLS.
    NoTls,
    /// A Host that is not the name of the handshake.
    OtherHost,
    /// The second request of the same `id` within a second.
    TooSoon,
}

impl Rule {
    /// What is wrong with the request, if it is.
    pub(crate) fn broken_by(self, call: &Call) -> Option<String> {
        let broken = match self {
            Self::LongField => {
                let longest = call
                    .parts
                    .headers
                    .iter()
                    .map(|(name, value)| name.as_str().len() + 2 + value.len())
                    .max()?;
                (longest > LINE_BYTES).then(|| format!("A field line of your request has {longest} bytes, and this endpoint takes {LINE_BYTES}"))
            }
            Self::LongTarget => {
                let length = call
                    .parts
                    .uri
                    .path_and_query()
                    .map_or(0, |target| target.as_str().len());
                (length > LINE_BYTES).then(|| format!("Your request target has {length} bytes, and this endpoint takes {LINE_BYTES}"))
            }
            Self::LargeContent => {
                let announced = call.header(CONTENT_LENGTH.as_str())?.parse::<u64>().ok()?;
                (announced > CONTENT_BYTES).then(|| format!("Your request announces {announced} bytes of content, and this endpoint takes {CONTENT_BYTES}"))
            }
            Self::ManyForwarded => {
                let lines = call.parts.headers.get_all("x-forwarded-for");
                let addresses: usize = lines
                    .iter()
                    .filter_map(|line| line.to_str().ok())
                    .map(|line| line.split(',').count())
                    .sum();
                (addresses > FORWARDED).then(|| format!("X-Forwarded-For holds {addresses} addresses, and the balancer takes {FORWARDED}"))
            }
            Self::NotHttp2 => (!call.is_http2()).then(|| {
                "The target group speaks gRPC, so HTTP/2, and your request came in HTTP/1.1"
                    .to_owned()
            }),
            Self::Trace => {
                (call.parts.method == http::Method::TRACE).then(|| "The method is TRACE".to_owned())
            }
            Self::LongMethod => {
                let length = call.parts.method.as_str().len();
                (length > METHOD_BYTES).then(|| {
                    format!(
                        "The name of the method has {length} characters, and this endpoint takes {METHOD_BYTES}"
                    )
                })
            }
            Self::NoCertificate => {
                let given = call
                    .connection
                    .tls
                    .as_ref()
                    .map_or(0, |tls| tls.client_certificates);
                (given == 0)
                    .then(|| "Your client showed no certificate on this connection".to_owned())
            }
            Self::NoTls => call
                .connection
                .tls
                .is_none()
                .then(|| "Your request came in plain HTTP".to_owned()),
            Self::OtherHost => {
                let asked = call.connection.tls.as_ref()?.sni.as_deref()?;
                let host = call
                    .parts
                    .uri
                    .host()
                    .or_else(|| call.header(HOST.as_str()).map(without_port))?;
                (!host.eq_ignore_ascii_case(asked)).then(|| {
                    "Host is not the name that your client asked for in the TLS handshake"
                        .to_owned()
                })
            }
            Self::TooSoon => {
                let id = call.query("id").unwrap_or_default();
                call.shared.rates.too_soon(id, Instant::now()).then(|| "This is the second request of this id within a second, and the limit is one".to_owned())
            }
        };
        broken.map(|mut sentence| {
            sentence.push('.');
            sentence
        })
    }

    /// What to send to break it.
    pub(crate) const fn how(self) -> &'static str {
        match self {
            Self::LongField => "send a field line of more than 1024 bytes, such as a large Cookie",
            Self::LongTarget => "make the request target longer than 1024 bytes",
            Self::LargeContent => "announce more than 1048576 bytes in Content-Length",
            Self::ManyForwarded => "send X-Forwarded-For with more than 30 addresses",
            Self::NotHttp2 => "ask in HTTP/1.1",
            Self::Trace => "use the method TRACE",
            Self::LongMethod => "use a method with a name of more than 32 characters",
            Self::NoCertificate => "show no client certificate",
            Self::NoTls => "ask in plain HTTP",
            Self::OtherHost => "ask over TLS, with a Host that is not the name of the handshake",
            Self::TooSoon => "ask twice within a second, with the same id",
        }
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
