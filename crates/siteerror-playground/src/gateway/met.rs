//! What the gateway met, and how it judges what came.

use std::time::Duration;

use bytes::Bytes;
use siteerror_wire::exchange::Received;
use siteerror_wire::framing::Limit;
use siteerror_wire::{Closing, DefectKind, End, Gravity};

use super::dial::Limits;

/// What the gateway met.
#[derive(Debug)]
pub(crate) enum Met {
    /// An answer that can be passed on.
    Answer(Answer),
    /// Something else.
    Failure(Failure),
}

/// An answer of an upstream.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) trouble: Trouble,
    /// What happened, as a sentence without its full stop.
    pub(crate) detail: String,
    /// What came instead of HTTP.
    pub(crate) bytes: Bytes,
}

/// The kinds of failures that gateways tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Refused,
    Unreachable,
    ConnectTimeout,
    /// The handshake of TLS failed before there was a certificate to judge.
    Handshake,
    /// The certificate does not verify.
    Certificate,
    /// The connection ended in order before an answer.
    Closed,
    /// The connection was reset, or broke in another way.
    Reset,
    /// What came does not begin like HTTP.
    NotHttp,
    /// What came is HTTP with something in it that a gateway cannot take.
    Malformed,
    HeadTooLarge,
    ResponseTimeout,
    /// Less content came than was announced.
    Short,
}

/// A failure without bytes.
pub(super) fn failed(trouble: Trouble, detail: impl Into<String>) -> Failure {
    Failure {
        trouble,
        detail: detail.into(),
        bytes: Bytes::new(),
    }
}

/// What a careful gateway makes of what came.
pub(super) fn judge(
    received: Received,
    closing: Closing,
    limits: Limits,
) -> Result<Answer, Failure> {
    let broke = closing == Closing::Broken;
    let gravest = received
        .defects
        .gravest()
        .map(|defect| defect.to_string())
        .unwrap_or_default();
    match received.end {
        End::Nothing if broke => {
            return Err(failed(
                Trouble::Reset,
                "The upstream reset the connection before its answer",
            ));
        }
        End::Nothing => {
            return Err(failed(
                Trouble::Closed,
                "The upstream closed the connection without sending a byte",
            ));
        }
        End::NotHttp(_) => {
            let mut failure = failed(
                Trouble::NotHttp,
                "The upstream sent something that does not begin like HTTP",
            );
            failure.bytes = received.unread.into();
            return Err(failure);
        }
        End::Limit(Limit::Head | Limit::FieldLine | Limit::Fields | Limit::StartLine) => {
            return Err(failed(
                Trouble::HeadTooLarge,
                format!(
                    "The head of the upstream's answer is larger than {} bytes",
                    limits.head_bytes
                ),
            ));
        }
        _ => {}
    }
    let cannot_be_taken = [
        DefectKind::FieldValueNul,
        DefectKind::FieldNameBad,
        DefectKind::FieldMalformed,
    ]
    .into_iter()
    .any(|kind| received.defects.has(kind));
    if received.end == End::InContent {
        return Err(failed(
            Trouble::Short,
            "The upstream announced more content than it sent",
        ));
    }
    if cannot_be_taken || received.defects.worst() == Some(Gravity::Fatal) {
        return Err(failed(
            Trouble::Malformed,
            format!("The upstream's answer is malformed: {gravest}"),
        ));
    }
    match received.response {
        Some(response) => Ok(Answer {
            status: response.head.status().unwrap_or_default(),
            content: response.body.content().into_owned().into(),
        }),
        None => Err(failed(
            Trouble::Closed,
            "The upstream closed the connection before its answer",
        )),
    }
}

/// A time in the words of a sentence.
pub(super) fn shown(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}
