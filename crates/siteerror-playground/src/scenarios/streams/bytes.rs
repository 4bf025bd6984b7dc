//! Bytes: stars that drip, and random ones.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, HeaderValue};
use rand_chacha::rand_core::Rng as _;

use super::OCTETS;
use crate::call::Call;
use crate::pace::Pace;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::Outcome;

pub(super) async fn drip(call: &mut Call) -> Outcome {
    /// As many pieces as a drip is at most cut into.
    const MOST_DROPS: usize = 1000;
    static STARS: [u8; 16 * 1024] = [b'*'; 16 * 1024];
    let length = call.count("numbytes").unwrap_or(10);
    let code = call
        .integer("code")
        .and_then(|code| u16::try_from(code).ok());
    let reply = Reply::number(code.unwrap_or(200))?;
    let delay = call.seconds("delay").unwrap_or_default();
    let duration = call.seconds("duration").unwrap_or(Duration::from_secs(2));
    let pace = Pace::new(call, delay, duration)?;
    pace.begin(call).await?;
    // RFC 9110 §15.3.5, §15.3.6 and §15.4.5: these have no content.
    if matches!(reply.status.as_u16(), 204 | 205 | 304) {
        return Ok(reply.because("A response with this status has no content, so nothing drips."));
    }
    let drops = if pace.is_instant() {
        length.div_ceil(STARS.len())
    } else {
        length.min(MOST_DROPS)
    };
    // A thousandth of the most that may be asked still fits into the stars that there are.
    let (size, rest) = (length / drops, length % drops);
    let pieces = pace.spread(drops, move |drop| {
        let size = if drop < rest { size + 1 } else { size };
        Bytes::from_static(STARS.get(..size).unwrap_or(&STARS))
    });
    Ok(reply
        .with_pieces(OCTETS, pieces)
        .field(CONTENT_LENGTH, HeaderValue::from(length)))
}

pub(super) fn random(call: &mut Call) -> Outcome {
    Ok(Reply::ok(OCTETS, random_bytes(call)?))
}

/// The bytes of a seed, the same wherever they are sent.
fn random_bytes(call: &Call) -> Result<Bytes, Refusal> {
    let count = call.count("n").unwrap_or(0);
    call.shared.room.ask(count)?;
    let mut bytes = vec![0; count];
    call.random_in("bytes").fill_bytes(&mut bytes);
    Ok(bytes.into())
}

pub(super) async fn stream_bytes(call: &mut Call) -> Outcome {
    let size = call.count("chunk_size").unwrap_or(10 * 1024).max(1);
    let delay = call.seconds("delay").unwrap_or_default();
    let pace = Pace::new(call, delay, call.seconds("duration").unwrap_or_default())?;
    pace.begin(call).await?;
    let bytes = call.shared.room.house(random_bytes(call)?)?;
    let pieces = pace.spread(bytes.len().div_ceil(size), move |index| {
        let from = index * size;
        bytes.slice(from..(from + size).min(bytes.len()))
    });
    Ok(Reply::status(StatusCode::OK).with_pieces(OCTETS, pieces))
}
