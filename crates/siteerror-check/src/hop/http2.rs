//! An exchange over HTTP/2. The h2 crate speaks; what the peer may do is bounded by its settings and by [`super::frames`].

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, RecvStream};
use http::{HeaderMap, Request, Uri};
use siteerror_guard::Target;
use siteerror_wire::exchange::{Interim, Timings};
use siteerror_wire::framing::Limit;
use siteerror_wire::{Body, Defects, End, Fields, Received, RequestHead, Response, ResponseHead};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::frames::{Metered, Verdict};
use super::http1::{Heads, Span};
use super::{Outcome, Scratch};
use crate::dial::Io;
use crate::failure::{Fault, Kind, Phase};
use crate::limits::Limits;
use crate::request::authority;

/// A connection that many exchanges may share.
#[derive(Debug)]
pub(crate) struct Line {
    send: SendRequest<Bytes>,
    verdict: Verdict,
    /// Ends the connection when the last one lets go of it.
    driver: Arc<Driver>,
    /// Whether it came from one that can be found by all.
    shared: bool,
}

/// Exchanges at a time on one connection, where its server allows as many: RFC 9113 §6.5.2 recommends that servers allow a hundred.
const MOST_STREAMS: usize = 100;

#[derive(Debug)]
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// RFC 9113 §3.4: each side begins with its settings.
pub(crate) async fn begin(
    stream: Io,
    scratch: &mut Scratch,
    limits: &Limits,
    end: Instant,
) -> Result<Line, Fault> {
    let (metered, verdict) = Metered::new(stream, limits.http2);
    let window = u32::try_from(limits.wire.body_bytes).unwrap_or(u32::MAX >> 1);
    let window = window.clamp(64 * 1024, 16 * 1024 * 1024);
    let mut builder = h2::client::Builder::new();
    builder
        .enable_push(false)
        .initial_window_size(window)
        .initial_connection_window_size(window.saturating_mul(2))
        .max_header_list_size(limits.http2.header_list_bytes)
        .max_concurrent_reset_streams(16)
        .max_send_buffer_size(64 * 1024);
    let deadline = (Instant::now() + limits.time.first_byte).min(end);
    let shaken = scratch
        .timer
        .until(deadline, builder.handshake(metered))
        .await;
    match shaken {
        Ok(Ok((send, connection))) => {
            let driver = tokio::spawn(async move {
                // How it ends is told to every stream on it.
                let _ = connection.await;
            });
            Ok(Line {
                send,
                verdict,
                driver: Arc::new(Driver(driver)),
                shared: false,
            })
        }
        Ok(Err(error)) => Err(fault(&error, &verdict, Phase::FirstByte)),
        Err(_) if deadline == end => Err(Fault::timeout(Phase::Total)),
        Err(_) => Err(Fault::timeout(Phase::FirstByte)),
    }
}

impl Line {
    /// Whether it can take another request.
    pub(crate) fn is_open(&self) -> bool {
        !self.driver.0.is_finished()
    }

    /// Whether it stays where it was found.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared
    }

    /// The same connection for one more exchange, if there is room on it.
    pub(crate) fn share(&self) -> Option<Self> {
        let most = self.send.current_max_send_streams().min(MOST_STREAMS);
        // One of its owners is whoever shares it.
        let under_way = Arc::strong_count(&self.driver).saturating_sub(1);
        (under_way < most).then(|| Self {
            send: self.send.clone(),
            verdict: Arc::clone(&self.verdict),
            driver: Arc::clone(&self.driver),
            shared: true,
        })
    }
}

/// Sends a request and reads what comes.
pub(crate) async fn exchange(
    line: &mut Line,
    target: &Target,
    request: RequestHead,
    scratch: &mut Scratch,
    limits: &Limits,
    span: Span,
    heads: &mut impl Heads,
) -> Outcome {
    let mut received = Received {
        interims: Vec::new(),
        response: None,
        unread: Vec::new(),
        unread_bytes: 0,
        end: End::Nothing,
        framing: None,
        defects: Defects::default(),
        timings: Timings::default(),
    };
    let spoken = speak(
        line,
        target,
        &request,
        scratch,
        limits,
        span,
        heads,
        &mut received,
    )
    .await;
    received.timings.end = span.began.elapsed();
    let fault = spoken.err();
    Outcome {
        request,
        reusable: fault.is_none() && line.is_open(),
        received,
        fault,
        close_notify: None,
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "what an exchange needs, passed on whole"
)]
async fn speak(
    line: &mut Line,
    target: &Target,
    head: &RequestHead,
    scratch: &mut Scratch,
    limits: &Limits,
    span: Span,
    heads: &mut impl Heads,
    received: &mut Received,
) -> Result<(), Fault> {
    let verdict = line.verdict.clone();
    let broken = |error: &h2::Error, phase| fault(error, &verdict, phase);
    let late = |deadline: Instant, phase| {
        Fault::timeout(if deadline == span.end {
            Phase::Total
        } else {
            phase
        })
    };
    let asked = request(target, head).ok_or_else(|| {
        Fault::new(
            Kind::InvalidUrl,
            Phase::FirstByte,
            "the request cannot be written as HTTP/2",
        )
    })?;

    let mut deadline = (Instant::now() + limits.time.first_byte).min(span.end);
    let ready = poll_fn(|cx| line.send.poll_ready(cx));
    let ready = scratch.timer.until(deadline, ready).await;
    ready
        .map_err(|_| late(deadline, Phase::FirstByte))?
        .map_err(|error| broken(&error, Phase::FirstByte))?;
    let (mut response, _) = line
        .send
        .send_request(asked, true)
        .map_err(|error| broken(&error, Phase::FirstByte))?;

    let response = loop {
        let next = scratch
            .timer
            .until(deadline, next_head(&mut response))
            .await;
        let next = next.map_err(|_| late(deadline, Phase::FirstByte))?;
        let now = Instant::now();
        let at = now - span.began;
        received.timings.first_byte.get_or_insert(at);
        match next.map_err(|error| broken(&error, Phase::FirstByte))? {
            Next::Interim(interim) => {
                let head = interim_head(&interim);
                received.interims.push(Interim { head, at });
                heads.look(received);
                if received.interims.len() > limits.wire.interims {
                    received.end = End::Limit(Limit::Interims);
                    return Err(Fault::of(Kind::TooManyInterim, Phase::Headers));
                }
                deadline = (now + limits.time.first_byte).min(span.end);
            }
            Next::Final(response) => {
                received.timings.head = Some(at);
                break response;
            }
        }
    };
    let (parts, mut body) = response.into_parts();
    let head = ResponseHead::of_http2(parts.status.as_u16(), lines(&parts.headers));
    received.response = Some(Response {
        head,
        body: Body::default(),
    });
    received.end = End::InContent;
    heads.look(received);
    if parts.headers.len() > limits.wire.fields {
        return Err(Fault::new(
            Kind::HeadersTooLarge,
            Phase::Headers,
            "more header lines than the limit allows",
        ));
    }

    let mut content = Vec::new();
    let read = read_body(&mut body, &mut content, scratch, limits, span, &verdict).await;
    let (trailers, result) = match read {
        Ok(Whole::Truncated) => {
            received.end = End::Limit(Limit::Body);
            (None, Ok(()))
        }
        Ok(Whole::Complete(trailers)) => {
            received.end = End::Complete;
            (trailers.map(|map| Fields::of(0, lines(&map))), Ok(()))
        }
        Err(fault) => (None, Err(fault)),
    };
    if let Some(response) = &mut received.response {
        response.body = Body::of(content, trailers);
    }
    result
}

enum Next {
    Interim(http::Response<()>),
    Final(http::Response<RecvStream>),
}

/// The next interim response, or the final one.
async fn next_head(response: &mut ResponseFuture) -> Result<Next, h2::Error> {
    use std::future::Future;
    use std::pin::Pin;
    poll_fn(|cx| {
        if let Poll::Ready(Some(interim)) = response.poll_informational(cx) {
            return Poll::Ready(interim.map(Next::Interim));
        }
        Pin::new(&mut *response)
            .poll(cx)
            .map(|response| response.map(Next::Final))
    })
    .await
}

enum Whole {
    Complete(Option<HeaderMap>),
    Truncated,
}

async fn read_body(
    body: &mut RecvStream,
    content: &mut Vec<u8>,
    scratch: &mut Scratch,
    limits: &Limits,
    span: Span,
    verdict: &Verdict,
) -> Result<Whole, Fault> {
    let room = usize::try_from(limits.wire.body_bytes).unwrap_or(usize::MAX);
    loop {
        let deadline = (Instant::now() + limits.time.between_reads).min(span.end);
        let late = || {
            Fault::timeout(if deadline == span.end {
                Phase::Total
            } else {
                Phase::Body
            })
        };
        let data = scratch
            .timer
            .until(deadline, body.data())
            .await
            .map_err(|_| late())?;
        let Some(data) = data else {
            let trailers = scratch.timer.until(deadline, body.trailers()).await;
            let trailers = trailers.map_err(|_| late())?;
            return trailers
                .map(Whole::Complete)
                .map_err(|error| fault(&error, verdict, Phase::Body));
        };
        let data = data.map_err(|error| fault(&error, verdict, Phase::Body))?;
        let left = room.saturating_sub(content.len());
        content.extend_from_slice(data.get(..left).unwrap_or(&data));
        if data.len() > left {
            return Ok(Whole::Truncated);
        }
        // A window that is not given back only stops the peer.
        let _ = body.flow_control().release_capacity(data.len());
    }
}

fn request(target: &Target, head: &RequestHead) -> Option<Request<()>> {
    let path = std::str::from_utf8(head.target()).ok()?;
    let uri = Uri::builder()
        .scheme(target.url().scheme())
        .authority(authority(target))
        .path_and_query(path)
        .build()
        .ok()?;
    let mut request = Request::builder().method(head.method()).uri(uri);
    for (name, value) in head.fields().iter() {
        // RFC 9113 §8.2.2: fields of the connection have no place here.
        let connection = [
            &b"connection"[..],
            b"keep-alive",
            b"upgrade",
            b"transfer-encoding",
            b"proxy-connection",
        ];
        if !connection.contains(&name) {
            request = request.header(name, value.as_ref());
        }
    }
    request.body(()).ok()
}

fn interim_head(interim: &http::Response<()>) -> ResponseHead {
    ResponseHead::of_http2(interim.status().as_u16(), lines(interim.headers()))
}

fn lines(map: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    map.iter()
        .map(|(name, value)| (name.as_ref(), value.as_bytes()))
}

/// What an error of HTTP/2 is called.
fn fault(error: &h2::Error, verdict: &Verdict, phase: Phase) -> Fault {
    if let Some(why) = verdict.get() {
        return Fault::new(Kind::H2Protocol, phase, *why);
    }
    if let Some(io) = error.get_io() {
        return match io.kind() {
            io::ErrorKind::UnexpectedEof if phase == Phase::Body => {
                Fault::of(Kind::BodyTruncated, phase)
            }
            io::ErrorKind::UnexpectedEof => Fault::of(Kind::EmptyResponse, phase),
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                Fault::of(Kind::ConnectionReset, phase)
            }
            _ if io
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>) =>
            {
                crate::dial::tls_fault(io, phase)
            }
            _ => Fault::new(Kind::H2Protocol, phase, error.to_string()),
        };
    }
    let who = if error.is_remote() {
        "the server"
    } else {
        "we"
    };
    let did = if error.is_go_away() {
        "closed the connection with GOAWAY"
    } else if error.is_reset() {
        "reset the stream"
    } else {
        "found the protocol broken"
    };
    let reason = error.reason().map_or("", name_of);
    let text = match reason {
        "" => error.to_string(),
        reason => format!("{who} {did}: {reason}"),
    };
    Fault::new(Kind::H2Protocol, phase, text)
}

/// RFC 9113 §7.
fn name_of(reason: Reason) -> &'static str {
    match reason {
        Reason::NO_ERROR => "NO_ERROR",
        Reason::PROTOCOL_ERROR => "PROTOCOL_ERROR",
        Reason::INTERNAL_ERROR => "INTERNAL_ERROR",
        Reason::FLOW_CONTROL_ERROR => "FLOW_CONTROL_ERROR",
        Reason::SETTINGS_TIMEOUT => "SETTINGS_TIMEOUT",
        Reason::STREAM_CLOSED => "STREAM_CLOSED",
        Reason::FRAME_SIZE_ERROR => "FRAME_SIZE_ERROR",
        Reason::REFUSED_STREAM => "REFUSED_STREAM",
        Reason::CANCEL => "CANCEL",
        Reason::COMPRESSION_ERROR => "COMPRESSION_ERROR",
        Reason::CONNECT_ERROR => "CONNECT_ERROR",
        Reason::ENHANCE_YOUR_CALM => "ENHANCE_YOUR_CALM",
        Reason::INADEQUATE_SECURITY => "INADEQUATE_SECURITY",
        Reason::HTTP_1_1_REQUIRED => "HTTP_1_1_REQUIRED",
        _ => "",
    }
}
