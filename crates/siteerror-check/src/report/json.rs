//! The JSON of a report. The shape is the one that is written down for users; a test holds it.

mod tls;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use siteerror_catalog::{Code, catalog};
use siteerror_guard::show::mask_field;
use siteerror_lint::Finding;
use siteerror_wire::{Fields, ResponseHead, Version};

use tls::TlsView;

use super::Report;
use crate::content::Content;
use crate::failure::Failure;
use crate::hop::{Hop, Timings};
use crate::probe::{self, Probed};

#[derive(Serialize)]
pub(super) struct View<'a> {
    url: &'a str,
    final_url: &'a str,
    status: Option<u16>,
    ok: bool,
    attempts: u32,
    requests: u32,
    explanation: Option<Explanation>,
    hops: Hops<'a>,
    error: Option<ErrorView<'a>>,
    findings: &'a [Finding],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    probes: Vec<ProbeView<'a>>,
    retry_after_s: Option<u64>,
    /// When an earlier run found it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Explanation {
    code: u16,
    title: &'static str,
    text: &'static str,
    href: Href,
}

/// `/404`.
struct Href(u16);

impl Serialize for Href {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("/{}", self.0))
    }
}

impl Explanation {
    fn of(status: u16) -> Option<Self> {
        let code: &'static Code = catalog().number(status)?;
        Some(Self {
            code: status,
            title: code.title(),
            text: code.summary,
            href: Href(status),
        })
    }
}

impl<'a> View<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let status = report.status();
        Self {
            url: &report.url,
            final_url: report.final_url(),
            status,
            ok: report.is_ok(),
            attempts: report.attempts,
            requests: report.requests,
            explanation: status.and_then(Explanation::of),
            hops: Hops {
                hops: &report.hops,
                now_unix_s: report.now_unix_s,
            },
            error: report.failure.as_ref().map(ErrorView::of),
            findings: &report.findings,
            probes: report.probes.iter().map(ProbeView::of).collect(),
            retry_after_s: report.retry_after_s,
            cached_at: report
                .recalled
                .as_ref()
                .and_then(|recalled| Timestamp::from_second(recalled.at_unix_s).ok()),
        }
    }
}

#[derive(Serialize)]
struct ProbeView<'a> {
    probe: &'static str,
    method: &'static str,
    status: Option<u16>,
    error: Option<ErrorView<'a>>,
}

impl<'a> ProbeView<'a> {
    fn of(probed: &'a Probed) -> Self {
        Self {
            probe: probed.probe.name(),
            method: probe::method(probed.probe),
            status: probed.hop.status(),
            error: probed.failure.as_ref().map(ErrorView::of),
        }
    }
}

#[derive(Serialize)]
struct ErrorView<'a> {
    kind: &'static str,
    hop: usize,
    phase: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    text: &'a str,
}

impl<'a> ErrorView<'a> {
    fn of(failure: &'a Failure) -> Self {
        Self {
            kind: failure.kind.name(),
            hop: failure.hop,
            phase: failure.phase.map(crate::Phase::name),
            rule: failure.rule.as_deref(),
            text: &failure.text,
        }
    }
}

struct Hops<'a> {
    hops: &'a [Hop],
    now_unix_s: i64,
}

impl Serialize for Hops<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.hops
                .iter()
                .map(|hop| HopView::of(hop, self.now_unix_s)),
        )
    }
}

#[derive(Serialize)]
struct HopView<'a> {
    url: &'a str,
    method: &'a str,
    status: Option<u16>,
    reason: Option<Text<'a>>,
    version: Option<Cow<'static, str>>,
    location: Option<&'a str>,
    interim: Interims<'a>,
    headers: Headers<'a>,
    address: Option<SocketAddr>,
    timing_ms: TimingView,
    body: Option<BodyView<'a>>,
    tls: Option<TlsView<'a>>,
}

impl<'a> HopView<'a> {
    fn of(hop: &'a Hop, now_unix_s: i64) -> Self {
        let head = hop.head();
        Self {
            url: &hop.url,
            method: &hop.method,
            status: hop.status(),
            reason: head.map(|head| Text(head.reason())),
            version: head.map(version),
            location: hop.location.as_deref(),
            interim: Interims(hop),
            headers: Headers(head.map(ResponseHead::fields)),
            address: hop.address,
            timing_ms: TimingView::of(&hop.timings),
            body: hop.content.as_ref().map(BodyView::of),
            tls: hop.tls.as_ref().map(|tls| TlsView::of(tls, now_unix_s)),
        }
    }
}

/// `1.1`, or what stands in its place.
fn version(head: &ResponseHead) -> Cow<'static, str> {
    match head.version() {
        Version::Http(1, 1) => "1.1".into(),
        Version::Http(1, 0) => "1.0".into(),
        Version::Http(2, 0) if head.start_line().starts_with(b"HTTP/2 ") => "2".into(),
        Version::Http(major, minor) => format!("{major}.{minor}").into(),
        Version::Unreadable => "unreadable".into(),
    }
}

/// Bytes as text: what is no UTF-8 stands there as `\xNN`.
struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    fn text(&self) -> Cow<'a, str> {
        if let Ok(text) = std::str::from_utf8(self.0) {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(self.0.len());
        for chunk in self.0.utf8_chunks() {
            text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\x{byte:02X}");
            }
        }
        Cow::Owned(text)
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

/// Name and value of each field line, in order, as sent.
struct Headers<'a>(Option<&'a Fields>);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        if let Some(fields) = self.0 {
            for (name, value) in fields.iter() {
                if is_masked(name) {
                    let (name, value) = (Text(name).text(), Text(&value).text());
                    list.serialize_element(&(&name, mask_field(&name, &value)))?;
                } else {
                    list.serialize_element(&(Text(name), Text(&value)))?;
                }
            }
        }
        list.end()
    }
}

/// Fields of a response in which secrets may stand.
fn is_masked(name: &[u8]) -> bool {
    [
        &b"set-cookie"[..],
        b"location",
        b"content-location",
        b"authorization",
        b"cookie",
        b"referer",
    ]
    .iter()
    .any(|masked| name.eq_ignore_ascii_case(masked))
}

struct Interims<'a>(&'a Hop);

impl Serialize for Interims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Interim<'a> {
            status: Option<u16>,
            headers: Headers<'a>,
        }
        let interims = self
            .0
            .exchange
            .iter()
            .flat_map(|exchange| &exchange.received.interims);
        serializer.collect_seq(interims.map(|interim| Interim {
            status: interim.head.status(),
            headers: Headers(Some(interim.head.fields())),
        }))
    }
}

#[derive(Serialize)]
struct TimingView {
    dns: Option<f64>,
    connect: Option<f64>,
    tls: Option<f64>,
    ttfb: Option<f64>,
    total: f64,
}

impl TimingView {
    fn of(timings: &Timings) -> Self {
        Self {
            dns: timings.dns.map(ms),
            connect: timings.connect.map(ms),
            tls: timings.tls.map(ms),
            ttfb: timings.first_byte.map(ms),
            total: ms(timings.total),
        }
    }
}

/// Milliseconds, to the microsecond.
fn ms(duration: Duration) -> f64 {
    let micros = u32::try_from(duration.as_micros()).unwrap_or(u32::MAX);
    f64::from(micros) / 1000.0
}

#[derive(Serialize)]
struct BodyView<'a> {
    bytes: u64,
    decoded_bytes: u64,
    truncated: bool,
    sha256: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sniffed: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

impl<'a> BodyView<'a> {
    fn of(content: &'a Content) -> Self {
        Self {
            bytes: content.bytes,
            decoded_bytes: content.decoded_bytes,
            truncated: content.truncated,
            sha256: content.sha256.map(Hex),
            sniffed: content.sniffed,
            title: content.title.as_deref(),
        }
    }
}

/// A hash in hexadecimal digits.
struct Hex([u8; 32]);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            if let [high, low] = pair {
                *high = DIGITS[usize::from(byte >> 4)];
                *low = DIGITS[usize::from(byte & 15)];
            }
        }
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}
