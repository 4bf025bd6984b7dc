//! A fault on its way out: its bytes in place of the answer, or what it asks of the connection.

use std::time::Duration;

use http::header::LINK;
use http::{HeaderValue, StatusCode};
use siteerror_serve::Ending;

use super::{Deed, Fault, Piece, Versions};
use crate::call::{Call, seconds};
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Kind, Outcome, Parameter};

/// After how much content a fault in the middle of it happens.
pub(crate) const AFTER: Parameter = Parameter::query(
    "after",
    Kind::Integer {
        min: 0,
        max: i64::MAX,
        limit: Some(limits::BYTES),
    },
    "For faults in the middle of the content: after how many bytes of it.",
);

/// Which error code HTTP/2 gives.
pub(crate) const CODE: Parameter = Parameter::query(
    "code",
    Kind::Integer {
        min: 0,
        max: u32::MAX as i64,
        limit: None,
    },
    "For resets and GOAWAY of HTTP/2: the error code (RFC 9113 section 7).",
);

/// How long a fault that stalls does so.
pub(crate) const PAUSE: Parameter = Parameter::query(
    "pause",
    Kind::Seconds {
        limit: limits::DELAY,
    },
    "For faults that are slow: how long the pause is, or each of them.",
);

/// At most so much of a repeated piece is given to the connection at a time.
const PORTION: usize = 64 * 1024;

/// Breaks the answer to a call.
///
/// # Errors
///
/// If the version of HTTP in use cannot carry the fault, a parameter has a value that it cannot have, or the connection is gone.
pub(crate) async fn play(fault: &'static Fault, call: &mut Call) -> Outcome {
    let fits = match fault.versions {
        Versions::Both => true,
        Versions::One | Versions::OneWithTls => !call.is_http2(),
        Versions::Two => call.is_http2(),
    };
    if !fits {
        return Err(Refusal::new(
            "version-not-possible",
            400,
            format!(
                "`{}` cannot be played over {:?}",
                fault.name, call.parts.version
            ),
        )
        .hint("each fault of /faults lists the versions of HTTP that can carry it"));
    }
    if fault.versions == Versions::OneWithTls && call.connection.tls.is_none() {
        return Err(Refusal::new(
            "version-not-possible",
            400,
            format!("`{}` cannot be played without TLS", fault.name),
        )
        .hint("ask over https: what this fault leaves out is a word of TLS, and without TLS nothing is missing"));
    }
    let page = call.here(&format!("/faults/{}", fault.name));
    if !matches!(fault.deed, Deed::Unread(..)) {
        call.content().await?;
    }
    match fault.deed {
        Deed::Ask(ask) => {
            let mut reply = ask(call).await?;
            if let Ok(link) = HeaderValue::from_str(&describedby(&page)) {
                reply.headers.append(LINK, link);
            }
            Ok(reply)
        }
        Deed::Script(pieces, ending) | Deed::Unread(pieces, ending) => {
            script(pieces, ending, &page, call).await
        }
    }
}

/// Sends a script in place of the answer.
async fn script(pieces: &'static [Piece], ending: Ending, page: &str, call: &Call) -> Outcome {
    let pause = asked(call, &PAUSE)?.and_then(seconds);
    let count: u32 = pieces.iter().map(Piece::pauses).sum();
    if let Some(total) = pause.and_then(|pause| pause.checked_mul(count))
        && total > Duration::from_secs(limits::DELAY.max)
    {
        return Err(Refusal::limit(limits::DELAY, total.as_secs_f64())
            .hint(format!("there are {count} pauses, and they count together")));
    }
    let _hold = call.hold()?;
    for piece in pieces {
        send(piece, pause, page, call)
            .await
            .map_err(|error| gone(&error))?;
    }
    call.wire
        .close(ending)
        .await
        .map_err(|error| gone(&error))?;
    // Nothing of this leaves: the connection has ended in its place.
    Ok(Reply::status(StatusCode::OK))
}

async fn send(
    piece: &Piece,
    pause: Option<Duration>,
    page: &str,
    call: &Call,
) -> Result<(), siteerror_serve::Refused> {
    match piece {
        Piece::Bytes(bytes) => call.wire.raw(bytes).await?,
        Piece::Repeat(bytes, times) => {
            let most = (PORTION / bytes.len().max(1)).max(1);
            let mut left = *times;
            while left > 0 {
                let count = left.min(most);
                call.wire.raw(&bytes.repeat(count)).await?;
                left -= count;
            }
        }
        Piece::Fields => {
            let fields = format!(
                "Date: {}\r\nLink: {}\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: sandbox\r\nAccess-Control-Allow-Origin: *\r\n",
                httpdate::fmt_http_date(call.now()),
                describedby(page)
            );
            call.wire.raw(fields.as_bytes()).await?;
        }
        Piece::Pause(time) => tokio::time::sleep(pause.unwrap_or(*time)).await,
        Piece::Drip(bytes, time) => {
            for byte in bytes.chunks(1) {
                call.wire.raw(byte).await?;
                tokio::time::sleep(pause.unwrap_or(*time)).await;
            }
        }
    }
    Ok(())
}

impl Piece {
    /// How many pauses it makes.
    fn pauses(&self) -> u32 {
        match self {
            Self::Bytes(_) | Self::Repeat(..) | Self::Fields => 0,
            Self::Pause(_) => 1,
            Self::Drip(bytes, _) => u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        }
    }
}

fn describedby(page: &str) -> String {
    format!("<{page}>; rel=\"describedby\"")
}

/// A parameter of the query. Sequences play faults too, and their table does not name it: so it is checked here.
fn asked<'a>(call: &'a Call, parameter: &Parameter) -> Result<Option<&'a str>, Refusal> {
    let value = call.query(parameter.name);
    if let Some(value) = value {
        parameter.check(value)?;
    }
    Ok(value)
}

/// [`AFTER`], or what holds without it.
pub(super) fn after(call: &Call, otherwise: usize) -> Result<usize, Refusal> {
    Ok(asked(call, &AFTER)?
        .and_then(|after| after.parse().ok())
        .unwrap_or(otherwise))
}

/// [`CODE`], or what holds without it.
pub(super) fn code(call: &Call, otherwise: u32) -> Result<u32, Refusal> {
    Ok(asked(call, &CODE)?
        .and_then(|code| code.parse().ok())
        .unwrap_or(otherwise))
}

/// The connection could not do it; if it is gone, nobody reads this.
pub(super) fn gone(error: &dyn std::error::Error) -> Refusal {
    Refusal::new("version-not-possible", 400, error.to_string())
}

/// Lets a part of the content out and then resets the connection, or over HTTP/2 the stream.
pub(super) async fn cut(call: &Call, after: usize) -> Result<(), Refusal> {
    call.wire
        .truncate(after, Ending::Reset)
        .await
        .map_err(|error| gone(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::faults;

    #[test]
    fn a_fault_names_the_parameters_that_change_something() {
        let known = [AFTER.name, CODE.name, PAUSE.name];
        for fault in faults() {
            let names = fault.parameters;
            assert!(
                names.iter().all(|name| known.contains(name)),
                "{}",
                fault.name
            );
            if let Deed::Script(pieces, _) | Deed::Unread(pieces, _) = fault.deed {
                let pauses: u32 = pieces.iter().map(Piece::pauses).sum();
                assert_eq!(names.contains(&PAUSE.name), pauses > 0, "{}", fault.name);
            }
            // Whoever reads the words learns of the parameter.
            for name in names {
                assert!(fault.about.contains(&format!("`{name}`")), "{}", fault.name);
            }
        }
    }
}
