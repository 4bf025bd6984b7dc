//! Which failure a received message is. The linter says what is wrong with a message; this says what makes it useless.

use siteerror_wire::framing::{Foreign, Limit};
use siteerror_wire::{DefectKind as D, End, Framing, Received};

use crate::failure::{Fault, Kind, Phase};

/// Defects of a head that make recipients read different things: what a line says cannot be trusted.
const UNSAFE_LINES: [D; 2] = [D::FieldValueNul, D::BareCr];

/// Defects that leave the end of a message open.
const UNSAFE_FRAMING: [D; 7] = [
    D::ContentLengthBad,
    D::ContentLengthDiffers,
    D::TransferCodingBad,
    D::TransferCodingUnknown,
    D::TransferCodingChunkedTwice,
    D::TransferCodingChunkedNotLast,
    D::TransferCodingInHttp10,
];

/// The failure of a message, and `broken`, what the connection did to it.
pub(crate) fn fault_of(received: &Received, broken: Option<Fault>) -> Option<Fault> {
    let found = match received.end {
        End::Nothing => {
            return Some(
                broken.unwrap_or_else(|| Fault::of(Kind::EmptyResponse, Phase::FirstByte)),
            );
        }
        End::NotHttp(foreign) => return Some(not_http(foreign)),
        End::InHead | End::AfterInterim => {
            if let Some(fault) = status_line(received) {
                return Some(fault);
            }
            let closed = || Fault::of(Kind::ConnectionClosed, Phase::Headers);
            return Some(broken.unwrap_or_else(closed));
        }
        End::Limit(limit) => of_limit(limit, received),
        End::BadChunk => Some(Fault::of(Kind::BadChunk, Phase::Body)),
        End::InContent => {
            Some(broken.unwrap_or_else(|| Fault::of(Kind::BodyTruncated, Phase::Body)))
        }
        End::Switched if received.defects.has(D::UnexpectedUpgrade) => {
            Some(Fault::of(Kind::UnexpectedUpgrade, Phase::Headers))
        }
        // Whatever the connection did after the end of the message is nothing to it.
        End::Complete | End::Switched | End::Unframed => None,
    };
    // What is wrong with the head comes before what is wrong with the body.
    status_line(received)
        .or_else(|| header(received))
        .or_else(|| framing(received))
        .or(found)
}

fn status_line(received: &Received) -> Option<Fault> {
    let bad = [D::StatusNotThreeDigits, D::VersionBad]
        .into_iter()
        .find(|kind| received.defects.has(*kind));
    // `http/1.1 200` is read, and said; a version that is none at all is not HTTP.
    let bad = bad.filter(|kind| match kind {
        D::VersionBad => received
            .response
            .as_ref()
            .is_some_and(|response| response.head.version() == siteerror_wire::Version::Unreadable),
        _ => true,
    })?;
    Some(Fault::new(Kind::BadStatusLine, Phase::Headers, bad.text()))
}

fn header(received: &Received) -> Option<Fault> {
    let head_end = received.response.as_ref().map(|response| {
        let head = &response.head;
        let bytes = head
            .start_line()
            .len()
            .saturating_add(head.fields().as_bytes().len());
        head.offset()
            .saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX))
    })?;
    let bad = received
        .defects
        .iter()
        .find(|defect| UNSAFE_LINES.contains(&defect.kind) && defect.offset < head_end)?;
    Some(Fault::new(Kind::BadHeader, Phase::Headers, bad.kind.text()))
}

fn framing(received: &Received) -> Option<Fault> {
    // Where the head is all there is, nothing is open.
    if let Some(Framing::HeadOnly(_) | Framing::Tunnel | Framing::Upgrade) = received.framing {
        return None;
    }
    let bad = UNSAFE_FRAMING
        .into_iter()
        .find(|kind| received.defects.has(*kind))?;
    // RFC 9112 §6.1: Transfer-Encoding overrides Content-Length, so a bad length beside it leaves nothing open.
    if received.framing == Some(Framing::Chunked)
        && matches!(bad, D::ContentLengthBad | D::ContentLengthDiffers)
    {
        return None;
    }
    Some(Fault::new(Kind::BadFraming, Phase::Headers, bad.text()))
}

fn of_limit(limit: Limit, received: &Received) -> Option<Fault> {
    let head_done = received.framing.is_some();
    let phase = if head_done {
        Phase::Body
    } else {
        Phase::Headers
    };
    Some(match limit {
        // What was read is enough: the body counts as truncated.
        Limit::Body => return None,
        Limit::StartLine => Fault::new(
            Kind::BadStatusLine,
            phase,
            "the status line is over the limit",
        ),
        Limit::FieldLine => Fault::new(
            Kind::HeadersTooLarge,
            phase,
            "a header line is over the limit",
        ),
        Limit::Fields => Fault::new(
            Kind::HeadersTooLarge,
            phase,
            "more header lines than the limit allows",
        ),
        Limit::Head => Fault::of(Kind::HeadersTooLarge, phase),
        Limit::Trailers => Fault::new(
            Kind::HeadersTooLarge,
            phase,
            "the trailer section is over the limit",
        ),
        Limit::Interims => Fault::of(Kind::TooManyInterim, Phase::Headers),
        Limit::ChunkLine => Fault::new(
            Kind::BadChunk,
            phase,
            "the line of a chunk size is over the limit",
        ),
    })
}

fn not_http(foreign: Foreign) -> Fault {
    let text = match foreign {
        Foreign::Tls => "a TLS record came: this port speaks https",
        Foreign::Http2 => "an HTTP/2 frame came: this port does not speak HTTP/1.1",
        Foreign::Other => "what came does not begin like an HTTP/1 message",
    };
    Fault::new(Kind::BadStatusLine, Phase::FirstByte, text)
}
