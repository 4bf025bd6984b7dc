//! Steps about the content of answers: coded, broken, cut short, and left away.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, TRAILER, VARY};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;
use siteerror_serve::Ending;

use super::course::{Fetch, Step};
use super::raw::{fine, head, must_be_read, must_not_be_read, proof};
use super::{Finding, Seen, Turn};
use crate::call::Call;
use crate::reply::{Reply, TEXT};
use crate::scenario::Outcome;
use crate::sequence::Verdict;

/// Bytes that follow the URL in an answer that is cut short.
const FILLER: usize = 4096;
/// Bytes of the answer without a head.
const HEADLESS: usize = 64 * 1024;
/// Bytes that HEAD is told about.
const TOLD: usize = 1000;
/// Milliseconds after which a client seems to have waited for content that never comes.
const WAITED_MS: u64 = 3000;

const SUM: HeaderName = HeaderName::from_static("lab-sum");

pub(super) static STEPS: &[Step] = &[
    Step {
        id: "gzip",
        title: "Content coded with gzip",
        about: "Codes its answer with gzip if Accept-Encoding has it, and leaves it as it is otherwise.",
        right: "It announces the codings that it can undo, and none else, and undoes them.",
        judged: "By whether the URL in the answer is fetched.",
        source: "RFC 9110 §8.4.1.3, RFC 9110 §12.5.3",
        fetches: &[Fetch::get("").then_follow()],
        reads: false,
        play: |call, turn| Box::pin(async move { Ok(coded(call, &turn, false)) }),
        judge: undone,
    },
    Step {
        id: "gzip-bad-sum",
        title: "Content whose checksum is wrong",
        about: "The same coding, whoever asks, but the CRC-32 at its end is not that of the content.",
        right: "It reports damaged content, or hands it out knowing that it did not check: a decoder “need not examine any other part of the header or trailer”.",
        judged: "By whether the URL in the answer is fetched: then it was taken; and by how often the client tries. curl, Go, Node and Python report it.",
        source: "RFC 1952 §2.3.1.2",
        fetches: &[Fetch::get("").then_follow()],
        reads: false,
        play: |call, turn| Box::pin(async move { Ok(coded(call, &turn, true)) }),
        judge: unchecked,
    },
    Step {
        id: "truncated",
        title: "Content that is cut short",
        about: "Announces 4 KB more than it sends, and then the connection ends in order.",
        right: "It reports that the message is incomplete, and does not hand over what came as if it were all. It may try again by itself.",
        judged: "By whether the URL in the answer is fetched: then it was taken for whole; and by how often the client tries. urllib3 tries four times.",
        source: "RFC 9112 §8",
        fetches: &[Fetch::get("").then_follow()],
        reads: false,
        play: |call, turn| Box::pin(truncated(call, turn)),
        judge: |seen| {
            must_not_be_read(
                seen,
                "It did not take a part for the whole.",
                "It took what came for the whole.",
            )
        },
    },
    Step {
        id: "chunked",
        title: "Chunks with extensions and a trailer",
        about: "Sends its answer in chunks of different sizes, with extensions that nobody knows, and a trailer field at the end.",
        right: "It ignores the extensions, as it MUST, and keeps the trailer apart from the header fields or drops it.",
        judged: "By whether the URL in the answer is fetched.",
        source: "RFC 9112 §7.1.1, RFC 9112 §7.1.2",
        fetches: &[Fetch::get("").then_follow()],
        reads: false,
        play: |call, turn| Box::pin(chunked(call, turn)),
        judge: |seen| must_be_read(seen, "It read all chunks.", "It did not read the chunks."),
    },
    Step {
        id: "no-head",
        title: "Bytes without a head",
        about: "Sends 64 KiB of text with no status line before it, as servers did before HTTP/1.0.",
        right: "It reports that this is no answer, and closes the connection: it cannot know what it got.",
        judged: "By whether the URL in it is fetched: then it was taken for an answer. HTTP/1.1 only.",
        source: "RFC 9112 §2.1, RFC 9112 §4",
        fetches: &[Fetch::get("").then_follow()],
        reads: false,
        play: |call, turn| Box::pin(headless(call, turn)),
        judge: |seen| {
            must_not_be_read(
                seen,
                "It did not take bytes without a head for an answer.",
                "It took bytes without a head for an answer.",
            )
        },
    },
    Step {
        id: "head",
        title: "HEAD, and a length without content",
        about: "Answers HEAD with Content-Length: 1000 and no content, as a GET would have it. A GET follows.",
        right: "It knows that no content follows an answer to HEAD, and uses the connection for the next request.",
        judged: "By when the next request comes, and on which connection. The fetch of Node 20 takes another one.",
        source: "RFC 9110 §9.3.2, RFC 9112 §6.3",
        fetches: &[Fetch::head(""), Fetch::get("next")],
        reads: false,
        play: |_, _| Box::pin(async move { Ok(fine(".".repeat(TOLD))) }),
        judge: no_content,
    },
];

fn coded(call: &Call, turn: &Turn, is_wrong: bool) -> Reply {
    if !turn.rest.is_empty() {
        return fine("Read.\n");
    }
    let text = proof(call);
    let mut has_gzip = is_wrong;
    turn.note(call, |visit| {
        has_gzip |=
            visit.lists(&ACCEPT_ENCODING, "gzip") || visit.lists(&ACCEPT_ENCODING, "x-gzip");
        visit.is_broken = is_wrong;
    });
    if !has_gzip {
        return fine(text).fixed(VARY, "Accept-Encoding");
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(text.as_bytes());
    let mut content = encoder.finish().unwrap_or_default();
    if is_wrong {
        // RFC 1952 §2.3: the last eight bytes are the CRC-32 and the size.
        let sum = content.len().saturating_sub(8);
        if let Some(byte) = content.get_mut(sum) {
            *byte = !*byte;
        }
    }
    Reply::ok(TEXT, content)
        .fixed(CONTENT_ENCODING, "gzip")
        .fixed(CACHE_CONTROL, "no-store")
        .fixed(VARY, "Accept-Encoding")
}

fn undone(seen: &Seen<'_>) -> Finding {
    let Some(start) = seen.first("") else {
        return Finding::nobody();
    };
    if !start.lists(&ACCEPT_ENCODING, "gzip") && !start.lists(&ACCEPT_ENCODING, "x-gzip") {
        return Finding::open("It does not announce gzip, so the answer was not coded.");
    }
    must_be_read(
        seen,
        "It announces gzip, and undid it.",
        "It announces gzip, and did not undo it.",
    )
}

fn unchecked(seen: &Seen<'_>) -> Finding {
    let finding = must_not_be_read(seen, "It did not take content with a wrong checksum.", "");
    if finding.verdict == Verdict::Bad {
        // RFC 1952 §2.3.1.2 leaves it to the decoder.
        return Finding::open("It took the content without looking at its checksum, which it may.")
            .number("requests", seen.at("").count());
    }
    finding
}

async fn truncated(call: &mut Call, turn: Turn) -> Outcome {
    if !turn.rest.is_empty() {
        return Ok(fine("Read.\n"));
    }
    let mut text = proof(call);
    let sent = text.len();
    text.push_str(&".".repeat(FILLER));
    turn.note(call, |visit| {
        visit.is_broken = true;
        visit.is_last = visit.version != "HTTP/2";
    });
    // A client that has left gets nothing in any case.
    let _ = call.wire.truncate(sent, Ending::Fin).await;
    Ok(fine(text))
}

async fn chunked(call: &mut Call, turn: Turn) -> Outcome {
    if !turn.rest.is_empty() {
        return Ok(fine("Read.\n"));
    }
    let text = proof(call);
    if call.parts.version != http::Version::HTTP_11 {
        let mut trailers = HeaderMap::new();
        trailers.insert(SUM, HeaderValue::from_static("0"));
        let frames = [Frame::data(Bytes::from(text)), Frame::trailers(trailers)];
        return Ok(Reply::status(http::StatusCode::OK)
            .with_frames(TEXT, stream::iter(frames))
            .fixed(TRAILER, "Lab-Sum")
            .fixed(CACHE_CONTROL, "no-store"));
    }
    turn.note(call, |visit| visit.is_last = true);
    let fields = [
        ("Content-Type", TEXT),
        ("Transfer-Encoding", "chunked"),
        ("Trailer", "Lab-Sum"),
        ("Connection", "close"),
    ];
    let mut answer = head(call, 200, &fields);
    let bytes = text.as_bytes();
    let (one, rest) = bytes.split_at(bytes.len().min(1));
    let (two, three) = rest.split_at(rest.len().min(10));
    for (index, chunk) in [one, two, three].into_iter().enumerate() {
        let extension = ["", ";lab=1", ";lab;note=\"a;b\""][index];
        answer.extend_from_slice(format!("{:X}{extension}\r\n", chunk.len()).as_bytes());
        answer.extend_from_slice(chunk);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"000;last\r\nLab-Sum: 0\r\n\r\n");
    // A client that has left gets nothing in any case.
    let _ = call.wire.raw(&answer).await;
    let _ = call.wire.close(Ending::Fin).await;
    Ok(fine(""))
}

async fn headless(call: &mut Call, turn: Turn) -> Outcome {
    if !turn.rest.is_empty() || call.is_http2() {
        return Ok(fine("It cannot be done over HTTP/2.\n"));
    }
    let _hold = call.hold()?;
    turn.note(call, |visit| {
        visit.is_broken = true;
        visit.is_last = true;
    });
    let mut text = proof(call);
    text.push_str(&"No head, and no end in sight.\n".repeat(HEADLESS / 30));
    // A client that has left gets nothing in any case.
    let _ = call.wire.raw(text.as_bytes()).await;
    let _ = call.wire.close(Ending::Fin).await;
    Ok(fine(""))
}

fn no_content(seen: &Seen<'_>) -> Finding {
    let Some(head) = seen.at("").find(|visit| visit.method == "HEAD") else {
        return match seen.first("") {
            None => Finding::nobody(),
            Some(visit) => {
                Finding::open(format!("It came with {} and not with HEAD.", visit.method))
            }
        };
    };
    let Some(next) = seen.first("next").or_else(|| seen.after()) else {
        return Finding::waiting();
    };
    let after = next.ms_since(head);
    let finding = if after > WAITED_MS {
        Finding::bad(format!(
            "The next request came after {after} ms: it seems to have waited for content."
        ))
    } else if next.connection == head.connection {
        Finding::good("The next request came at once, and on the same connection.")
    } else {
        Finding::open("The next request came at once, but on another connection.")
    };
    finding.number("next_after_ms", after)
}

#[cfg(test)]
mod tests {
    use super::super::visit::tests::{judged, visit};
    use crate::sequence::Verdict::{Bad, Good, Open};

    #[test]
    fn what_is_announced_is_undone() {
        let mut start = visit("gzip", "", 0);
        let next = visit("plain", "", 5);
        assert_eq!(judged("gzip", &[start.clone(), next.clone()]).0, Open);
        start
            .fields
            .push(("accept-encoding", "br, gzip".to_owned()));
        assert_eq!(judged("gzip", &[start.clone(), next]).0, Bad);
        assert_eq!(judged("gzip", &[start, visit("gzip", "read", 5)]).0, Good);
    }

    #[test]
    fn broken_answers_are_not_taken() {
        for (step, taken) in [("gzip-bad-sum", Open), ("truncated", Bad), ("no-head", Bad)] {
            let mut start = visit(step, "", 0);
            let next = visit("end", "", 9);
            let (verdict, seen) = judged(step, &[start.clone(), next]);
            assert_eq!(verdict, Open);
            assert!(seen.ends_with("cannot be done."));
            start.is_broken = true;
            assert_eq!(judged(step, &[start.clone()]).0, Open);
            let visits = [start.clone(), visit(step, "read", 5)];
            assert_eq!(judged(step, &visits).0, taken);
            let visits = [start.clone(), start, visit("plain", "", 5)];
            assert_eq!(judged(step, &visits).0, Good);
        }
    }

    #[test]
    fn nothing_follows_an_answer_to_head() {
        for (connection, at, verdict) in [(1, 10, Good), (2, 10, Open), (1, 5000, Bad)] {
            let mut head = visit("head", "", 0);
            "HEAD".clone_into(&mut head.method);
            let mut next = visit("head", "next", at);
            next.connection = connection;
            assert_eq!(judged("head", &[head, next]).0, verdict);
        }
    }
}
