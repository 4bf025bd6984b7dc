//! An exchange over HTTP/1.1: one write, then reads until the message or the connection ends, each with its deadline.

use std::io;

use siteerror_wire::exchange::Collector;
use siteerror_wire::framing::HeadOnly;
use siteerror_wire::{Asked, Closing, End, Framing, Gravity, Received, RequestHead, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::{Outcome, Scratch, fault_of};
use crate::dial::{Io, tls_fault};
use crate::failure::{Fault, Kind, Phase};
use crate::limits::Limits;

/// What came of the head so far.
pub(crate) trait Heads {
    /// Something new may be in it.
    fn look(&mut self, so_far: &Received);
}

/// When the hop began, and when everything ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) began: Instant,
    pub(crate) end: Instant,
}

/// Sends a request and reads what comes.
pub(crate) async fn exchange(
    stream: &mut Io,
    request: RequestHead,
    scratch: &mut Scratch,
    limits: &Limits,
    span: Span,
    heads: &mut impl Heads,
) -> Outcome {
    let mut collector = Collector::new(Asked::from(&request), limits.wire);
    let written = write(stream, &request, scratch, limits, span).await;
    let mut ended = Ended::default();
    match written {
        Err(fault) if fault.kind == Kind::Timeout => ended.fault = Some(fault),
        // A server may answer before it closes, so what it said is read also when not all could be written.
        written => {
            read(
                stream,
                &mut collector,
                scratch,
                limits,
                span,
                heads,
                &mut ended,
            )
            .await;
            ended.fault = ended.fault.or(written
                .err()
                .filter(|_| collector.so_far().timings.first_byte.is_none()));
        }
    }
    if ended.closing.is_none() {
        look_after_end(stream, &mut collector, scratch, limits, span, &mut ended).await;
    }
    let closing = match ended.closing {
        Some(closing) if ended.fault.is_none() => closing,
        _ => Closing::Broken,
    };
    let received = collector.finish(closing, span.began.elapsed());
    let reusable = ended.closing.is_none() && ended.fault.is_none() && can_go_on(&received);
    let fault = fault_of(&received, ended.fault);
    Outcome {
        request,
        received,
        fault,
        reusable,
        close_notify: ended.close_notify,
    }
}

/// How reading ended.
#[derive(Debug, Default)]
struct Ended {
    /// None while the connection is open.
    closing: Option<Closing>,
    close_notify: Option<bool>,
    fault: Option<Fault>,
}

async fn write(
    stream: &mut Io,
    request: &RequestHead,
    scratch: &mut Scratch,
    limits: &Limits,
    span: Span,
) -> Result<(), Fault> {
    scratch.write.clear();
    scratch.write.extend_from_slice(request.start_line());
    scratch.write.extend_from_slice(request.fields().as_bytes());
    let deadline = (Instant::now() + limits.time.first_byte).min(span.end);
    let bytes = &scratch.write;
    let send = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    match scratch.timer.until(deadline, send).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(broken(&error, stream, Phase::FirstByte)),
        Err(_) if deadline == span.end => Err(Fault::timeout(Phase::Total)),
        Err(_) => Err(Fault::timeout(Phase::FirstByte)),
    }
}

async fn read(
    stream: &mut Io,
    collector: &mut Collector,
    scratch: &mut Scratch,
    limits: &Limits,
    span: Span,
    heads: &mut impl Heads,
    ended: &mut Ended,
) {
    let mut phase = Phase::FirstByte;
    let mut phase_end = Instant::now() + limits.time.first_byte;
    let mut interims = 0;
    loop {
        let deadline = phase_end.min(span.end);
        let reading = stream.read(&mut scratch.read);
        let Ok(got) = scratch.timer.until(deadline, reading).await else {
            let phase = if deadline == span.end {
                Phase::Total
            } else {
                phase
            };
            ended.fault = Some(Fault::timeout(phase));
            return;
        };
        let bytes = match got {
            Ok(0) => {
                ended.closing = Some(Closing::Orderly);
                ended.close_notify = stream.is_tls().then_some(true);
                return;
            }
            Ok(count) => scratch.read.get(..count).unwrap_or_default(),
            // This is how rustls says that `close_notify` is missing.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                ended.closing = Some(Closing::Broken);
                ended.close_notify = Some(false);
                return;
            }
            Err(error) => {
                ended.closing = Some(Closing::Broken);
                ended.fault = Some(broken(&error, stream, phase));
                return;
            }
        };
        let now = Instant::now();
        let done = collector.push(bytes, now - span.began).is_some();
        let so_far = collector.so_far();
        heads.look(so_far);
        if done {
            return;
        }
        if collector.framing().is_some() {
            phase = Phase::Body;
            phase_end = now + limits.time.between_reads;
        } else if so_far.interims.len() > interims {
            // RFC 9110 §15.2: work goes on, so the wait for the final response begins anew. Their number is limited.
            interims = so_far.interims.len();
            phase = Phase::FirstByte;
            phase_end = now + limits.time.first_byte;
        } else if phase == Phase::FirstByte {
            phase = Phase::Headers;
            phase_end = now + limits.time.head;
        }
    }
}

/// Bytes after a message that must not have any come a moment later, if they do.
async fn look_after_end(
    stream: &mut Io,
    collector: &mut Collector,
    scratch: &mut Scratch,
    limits: &Limits,
    span: Span,
    ended: &mut Ended,
) {
    let bare = matches!(
        collector.framing(),
        Some(Framing::HeadOnly(
            HeadOnly::Head | HeadOnly::NoContent | HeadOnly::NotModified
        ))
    );
    let wait = limits.time.after_end;
    if !bare || wait.is_zero() || ended.fault.is_some() {
        return;
    }
    let now = Instant::now();
    let deadline = (now + wait).min(span.end);
    let reading = stream.read(&mut scratch.read);
    match scratch.timer.until(deadline, reading).await {
        Ok(Ok(0)) => ended.closing = Some(Closing::Orderly),
        Ok(Ok(count)) => {
            let bytes = scratch.read.get(..count).unwrap_or_default();
            collector.push(bytes, now - span.began);
        }
        Ok(Err(_)) => ended.closing = Some(Closing::Broken),
        Err(_) => {}
    }
}

/// RFC 9112 §9.3 and §9.6: whether the connection may carry another request. Where anything is fishy it may not.
fn can_go_on(received: &Received) -> bool {
    let Some(response) = &received.response else {
        return false;
    };
    let closes = || {
        let fields = response.head.fields();
        fields.named("connection").any(|line| {
            siteerror_wire::field::list(&line.value())
                .any(|option| option.eq_ignore_ascii_case(b"close"))
        })
    };
    received.end == End::Complete
        && response.head.version() == Version::HTTP_11
        && received.unread_bytes == 0
        && received
            .defects
            .worst()
            .is_none_or(|worst| worst < Gravity::Wrong)
        && !closes()
}

/// What a broken connection is called. An alert of TLS after the handshake comes here too: TLS 1.3 refuses a missing client certificate so late.
fn broken(error: &io::Error, stream: &Io, phase: Phase) -> Fault {
    let told = stream.is_tls()
        && error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>);
    if told {
        return tls_fault(error, phase);
    }
    Fault::of(Kind::ConnectionReset, phase)
}
