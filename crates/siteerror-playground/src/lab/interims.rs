//! Steps about what comes before the answer: interim responses, and content that the server has not asked for yet.

use std::time::Duration;

use http::StatusCode;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT};
use http_body_util::BodyExt as _;
use siteerror_serve::{Ending, Incoming};
use tokio::time::{Instant, timeout};

use super::course::{Fetch, Step};
use super::raw::{fine, head, must_be_read, proof};
use super::{Finding, Seen, Turn};
use crate::call::Call;
use crate::limits;
use crate::reply::Reply;
use crate::scenario::Outcome;

/// The path that the 103 hints at.
const HINTED: &str = "hinted";
/// How long the interim response 100 is held back.
const HELD_BACK: Duration = Duration::from_millis(400);
/// How long the lab waits for more of the content of a request.
const SILENCE: Duration = Duration::from_secs(2);
/// How long it reads after a 413 at most.
const READING: Duration = Duration::from_secs(8);
/// Content of which clients ask first whether it is wanted: curl does beyond 1 MiB.
const ASKED_FIRST: usize = 1_500_000;
/// Content that no socket buffers take in whole.
const LARGE: usize = 16 * 1024 * 1024;
/// Below this, all of the content may have been under way before the answer came.
const IN_BUFFERS: u64 = 12 * 1024 * 1024;

pub(super) static STEPS: &[Step] = &[
    Step {
        id: "early-hints",
        title: "103, then 200",
        about: "Sends 103 with a Link to preload, and then the answer.",
        right: "It passes over the interim response, or makes use of it, and takes the 200 for its answer. To be able to read it is a MUST.",
        judged: "By whether the URL in the answer is fetched: a client that takes the 103 for the answer has no content. So does Python 3.11, and with it requests and urllib3.",
        source: "RFC 9110 §15.2, RFC 8297 §2",
        fetches: &[Fetch::get("").then_follow()],
        reads: false,
        play: |call, turn| Box::pin(interim(call, turn, 103)),
        judge: passed_hints,
    },
    Step {
        id: "continue-unasked",
        title: "100 that nobody asked for",
        about: "Sends 100 to a request that has no content, and then the answer.",
        right: "It passes over it: it MUST be able to read one or more interim responses, even if it does not expect one.",
        judged: "By whether the URL in the answer is fetched. The fetch of Node 20 fails here.",
        source: "RFC 9110 §15.2",
        fetches: &[Fetch::get("").then_follow()],
        reads: false,
        play: |call, turn| Box::pin(interim(call, turn, 100)),
        judge: |seen| {
            must_be_read(
                seen,
                "It read the answer behind the 100.",
                "It did not read the answer behind the 100.",
            )
        },
    },
    Step {
        id: "expect",
        title: "Content that is held back until it is wanted",
        about: "Takes 1.5 MB of content. If the client says `Expect: 100-continue`, the 100 comes after 400 ms.",
        right: "With large content it may ask first. Then it waits a while for the 100, sends all of the content when it comes, and sends it at last even if none comes.",
        judged: "By when the content begins, and whether all of it comes. curl asks beyond 1 MiB and waits a second.",
        source: "RFC 9110 §10.1.1",
        fetches: &[Fetch::post("", ASKED_FIRST)],
        reads: true,
        play: |call, turn| Box::pin(wanted(call, turn)),
        judge: waited,
    },
    Step {
        id: "too-large",
        title: "413 in the middle of sending",
        about: "Answers 16 MiB of content with 413 as soon as the head is there, and goes on reading slowly to see whether more comes.",
        right: "It watches for an answer while it sends. When it sees that the content is not wanted, it stops, and tells its caller about the 413.",
        judged: "By how much of the content comes. With less than 12 MiB nobody can tell: it may have been on its way already. curl, Go and Node stop; requests, urllib3 and httpx go on. HTTP/1.1 only.",
        source: "RFC 9112 §9.5, RFC 9110 §15.5.14",
        fetches: &[Fetch::post("", LARGE)],
        reads: true,
        play: |call, turn| Box::pin(unwanted(call, turn)),
        judge: ceased,
    },
];

async fn interim(call: &mut Call, turn: Turn, status: u16) -> Outcome {
    if !turn.rest.is_empty() {
        return Ok(fine("Read.\n"));
    }
    let name = siteerror_catalog::catalog()
        .number(status)
        .map_or("", |code| code.name);
    let link = format!(
        "<{}>; rel=preload; as=style",
        super::raw::below(call, HINTED)
    );
    let fields = [("Link", link.as_str())];
    let fields: &[(&str, &str)] = if status == 103 { &fields } else { &[] };
    // HTTP/1.0 has none: then the answer comes alone.
    let _ = call.wire.interim(status, name, fields).await;
    Ok(fine(proof(call)))
}

fn passed_hints(seen: &Seen<'_>) -> Finding {
    let finding = must_be_read(
        seen,
        "It read the answer behind the 103.",
        "It did not read the answer behind the 103.",
    );
    match seen.at(HINTED).count() {
        0 => finding,
        count => finding.number("preloaded", count),
    }
}

/// Reads content and counts it, until it ends, fails, or pauses for too long; whether its end came.
async fn count(content: &mut Incoming, bytes: &mut u64) -> bool {
    loop {
        match timeout(SILENCE, content.frame()).await {
            Ok(Some(Ok(frame))) => {
                let size = frame.data_ref().map_or(0, bytes::Bytes::len);
                *bytes = bytes.saturating_add(size as u64);
                if *bytes > limits::LAB_CONTENT.max {
                    return false;
                }
            }
            Ok(None) => return true,
            Ok(Some(Err(_))) | Err(_) => return false,
        }
    }
}

fn asks_first(call: &Call) -> bool {
    call.header(EXPECT.as_str())
        .is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
}

async fn wanted(call: &mut Call, turn: Turn) -> Outcome {
    let _hold = call.hold()?;
    let Some(mut content) = call.content.take() else {
        return Ok(fine("There was no content.\n"));
    };
    let (mut bytes, mut is_whole, mut came) = (0, false, None);
    if asks_first(call) {
        call.wire.withhold_continue();
        let began = Instant::now();
        if let Ok(first) = timeout(HELD_BACK, content.frame()).await {
            came = u64::try_from(began.elapsed().as_millis()).ok();
            match first {
                Some(Ok(frame)) => bytes = frame.data_ref().map_or(0, bytes::Bytes::len) as u64,
                Some(Err(_)) => {}
                None => is_whole = true,
            }
        } else {
            // A client that has left does not send anything, which is what is seen below.
            let _ = call.wire.interim(100, "Continue", &[]).await;
        }
    }
    // Bytes that come one by one would never be too late.
    let reading = Duration::from_secs(limits::CONTENT_TIME.max);
    is_whole = is_whole
        || timeout(reading, count(&mut content, &mut bytes))
            .await
            .unwrap_or(false);
    turn.note(call, |visit| {
        visit.content.bytes = bytes;
        visit.content.is_whole = is_whole;
        visit.measured = came;
    });
    Ok(fine(format!("{bytes} bytes came.\n")))
}

fn waited(seen: &Seen<'_>) -> Finding {
    let Some(visit) = seen.first("") else {
        return Finding::nobody();
    };
    let asked = visit.field(&EXPECT).is_some();
    let finding = match (asked, visit.measured) {
        (_, _) if !visit.content.is_whole && !seen.is_over() => return Finding::waiting(),
        (_, _) if !visit.content.is_whole && asked && visit.content.bytes == 0 => {
            Finding::bad("It asked first, and then sent nothing, though the 100 came.")
        }
        (_, _) if !visit.content.is_whole => Finding::bad("Its content did not come to its end."),
        (_, _) if visit.content.bytes == 0 => {
            Finding::open("It came without content, of which it could have asked.")
        }
        (false, _) => Finding::open(
            "It sent the content without asking first, as nearly all clients do unless they are told to.",
        ),
        (true, None) => Finding::good("It asked first, waited for the 100, and then sent all of the content."),
        (true, Some(after)) => Finding::open(format!(
            "It asked first and began to send after {after} ms, before the 100 came. It need not wait for any specific time, but then it asks for nothing."
        ))
        .number("content_after_ms", after),
    };
    finding.number("content_bytes", visit.content.bytes)
}

async fn unwanted(call: &mut Call, turn: Turn) -> Outcome {
    let because = "This step takes no content, to see whether the client stops.";
    let Some(mut content) = call.content.take().filter(|_| !call.is_http2()) else {
        return Ok(Reply::status(StatusCode::PAYLOAD_TOO_LARGE).because(because));
    };
    let _hold = call.hold()?;
    call.wire.withhold_continue();
    let text = "Too much. Please stop.\n";
    let length = text.len().to_string();
    let fields = [
        (CONTENT_LENGTH.as_str(), length.as_str()),
        (http::header::CONTENT_TYPE.as_str(), crate::reply::TEXT),
        (CONNECTION.as_str(), "close"),
    ];
    let mut answer = head(call, 413, &fields);
    answer.extend_from_slice(text.as_bytes());
    let has_left = call.wire.raw(&answer).await.is_ok();
    // What is not read fills the buffers: then a client that looks sees the answer before it can send all.
    tokio::time::sleep(HELD_BACK).await;
    let mut bytes = 0;
    let is_whole = timeout(READING, count(&mut content, &mut bytes))
        .await
        .unwrap_or(false);
    turn.note(call, |visit| {
        visit.content.bytes = bytes;
        visit.content.is_whole = is_whole;
        visit.measured = Some(u64::from(has_left));
        visit.is_last = true;
    });
    // Where the connection is gone already, nothing is left to close.
    let _ = call.wire.close(Ending::Fin).await;
    Ok(Reply::status(StatusCode::PAYLOAD_TOO_LARGE))
}

fn ceased(seen: &Seen<'_>) -> Finding {
    let Some(visit) = seen.first("") else {
        return Finding::nobody();
    };
    let bytes = visit.content.bytes;
    let announced = visit
        .field(&CONTENT_LENGTH)
        .and_then(|length| length.parse::<u64>().ok());
    let again = seen.all().count();
    let finding = if visit.version == "HTTP/2" {
        Finding::open("Over HTTP/2 the server cannot go on reading once it has answered.")
    } else if visit.measured.is_none() {
        return Finding::open("The server is still looking whether more comes.");
    } else if visit.measured == Some(0) {
        Finding::open("It had left before the answer did.")
    } else if !visit.content.is_whole {
        Finding::good(match announced {
            Some(announced) => {
                format!("It stopped: of the {announced} bytes that it had announced, {bytes} came.")
            }
            None => format!("It stopped before the end of its content: {bytes} bytes came."),
        })
    } else if bytes < IN_BUFFERS {
        Finding::open(format!(
            "All {bytes} bytes came, which may have been on their way before the answer was there: send 16 MiB."
        ))
    } else {
        Finding::bad(format!(
            "It went on until all {bytes} bytes were sent, with the 413 before its eyes."
        ))
    };
    finding
        .number("content_bytes", bytes)
        .number("requests", again)
}

#[cfg(test)]
mod tests {
    use super::super::visit::tests::{judged, visit};
    use crate::lab::Content;
    use crate::sequence::Verdict::{Bad, Good, Open};

    #[test]
    fn an_interim_response_is_no_answer() {
        for step in ["early-hints", "continue-unasked"] {
            let visits = [visit(step, "", 0), visit(step, "read", 1)];
            assert_eq!(judged(step, &visits).0, Good);
            let visits = [visit(step, "", 0), visit("plain", "", 1)];
            assert_eq!(judged(step, &visits).0, Bad);
            assert_eq!(judged(step, &visits[..1]).0, Open);
        }
    }

    #[test]
    fn who_asks_first_waits() {
        for (expect, measured, bytes, is_whole, verdict) in [
            (true, None, 1000, true, Good),
            (true, Some(3), 1000, true, Open),
            (false, None, 1000, true, Open),
            (true, None, 0, false, Bad),
            (false, None, 10, false, Bad),
        ] {
            let mut asked = visit("expect", "", 0);
            if expect {
                asked.fields.push(("expect", "100-continue".to_owned()));
            }
            asked.measured = measured;
            asked.content = Content {
                bytes,
                digest: 0,
                is_whole,
            };
            let visits = [asked, visit("end", "", 1)];
            assert_eq!(judged("expect", &visits).0, verdict, "{bytes} {measured:?}");
        }
    }

    #[test]
    fn who_sees_a_413_stops() {
        for (bytes, is_whole, left, verdict) in [
            (0, false, true, Good),
            (3_000_000, false, true, Good),
            (16 * 1024 * 1024, true, true, Bad),
            (1000, true, true, Open),
            (1000, false, false, Open),
        ] {
            let mut visit = visit("too-large", "", 0);
            visit.content = Content {
                bytes,
                digest: 0,
                is_whole,
            };
            visit.measured = Some(u64::from(left));
            assert_eq!(judged("too-large", &[visit]).0, verdict, "{bytes}");
        }
    }
}
