//! Counts the frames that an HTTP/2 peer sends, beneath the h2 crate: what RFC 9113 §10.5 calls a denial-of-service consideration ends the connection here
//! before it costs anything. Nothing is changed or held back.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use crate::dial::Io;
use crate::limits::Http2;

/// RFC 9113 §4.1: length, type, flags, stream.
const HEAD_BYTES: usize = 9;

const RST_STREAM: u8 = 0x3;
const SETTINGS: u8 = 0x4;
const PING: u8 = 0x6;
const CONTINUATION: u8 = 0x9;
const ACK: u8 = 0x1;

/// Why the connection was given up; set once.
pub(crate) type Verdict = Arc<OnceLock<&'static str>>;

/// A stream whose incoming frames are counted.
#[derive(Debug)]
pub(crate) struct Metered {
    inner: Io,
    limits: Http2,
    verdict: Verdict,
    /// The head of the frame that is coming.
    head: [u8; HEAD_BYTES],
    filled: usize,
    /// Bytes of the frame's content that are still to come.
    rest: usize,
    continuations: u32,
    controls: Window,
    resets: Window,
}

/// Counts within a second.
#[derive(Debug)]
struct Window {
    since: Instant,
    count: u32,
}

impl Window {
    fn count(&mut self, now: Instant) -> u32 {
        if now - self.since >= Duration::from_secs(1) {
            self.since = now;
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.count
    }
}

impl Metered {
    pub(crate) fn new(inner: Io, limits: Http2) -> (Self, Verdict) {
        let verdict = Verdict::default();
        let window = || Window {
            since: Instant::now(),
            count: 0,
        };
        let metered = Self {
            inner,
            limits,
            verdict: Arc::clone(&verdict),
            head: [0; HEAD_BYTES],
            filled: 0,
            rest: 0,
            continuations: 0,
            controls: window(),
            resets: window(),
        };
        (metered, verdict)
    }

    fn take(&mut self, mut bytes: &[u8]) -> Result<(), &'static str> {
        while !bytes.is_empty() {
            if self.rest > 0 {
                let skipped = self.rest.min(bytes.len());
                self.rest -= skipped;
                bytes = bytes.get(skipped..).unwrap_or_default();
                continue;
            }
            let wanted = HEAD_BYTES - self.filled;
            let taken = wanted.min(bytes.len());
            let (now, later) = bytes.split_at(taken);
            if let Some(place) = self.head.get_mut(self.filled..self.filled + taken) {
                place.copy_from_slice(now);
            }
            self.filled += taken;
            bytes = later;
            if self.filled == HEAD_BYTES {
                self.filled = 0;
                self.judge()?;
            }
        }
        Ok(())
    }

    fn judge(&mut self) -> Result<(), &'static str> {
        let [a, b, c, kind, flags, ..] = self.head;
        self.rest = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
        match kind {
            CONTINUATION => {
                self.continuations += 1;
                if self.continuations > self.limits.continuations {
                    return Err("a flood of CONTINUATION frames");
                }
            }
            // What acknowledges a frame of ours is no work that the peer makes up.
            SETTINGS | PING
                if flags & ACK == 0
                    && self.controls.count(Instant::now())
                        > self.limits.settings_and_pings_a_second =>
            {
                return Err("a flood of SETTINGS and PING frames");
            }
            RST_STREAM if self.resets.count(Instant::now()) > self.limits.resets_a_second => {
                return Err("a flood of RST_STREAM frames");
            }
            _ => {}
        }
        if kind != CONTINUATION {
            self.continuations = 0;
        }
        Ok(())
    }
}

impl AsyncRead for Metered {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        match Pin::new(&mut this.inner).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => {
                let bytes = buf.filled().get(before..).unwrap_or_default();
                let judged = this.take(bytes);
                Poll::Ready(judged.map_err(|why| {
                    this.verdict.get_or_init(|| why);
                    io::Error::other(why)
                }))
            }
            other => other,
        }
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
