//! What the playground does not do to a client: endless heads, drips, bombs in every coding, connections that end at each place.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use siteerror_check::{Checker, Content, Kind, Limits, Options, Phase, Report};
use siteerror_guard::Policy;
use tokio::io::AsyncWriteExt;
use tokio::time::sleep;

use super::support::{End, answering, check, limits, request, serve, settings};

fn answer(fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n{fields}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 5,
        ..brotli::enc::BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters).expect("memory takes all");
    out
}

/// RFC 8878 §3.1.1: a frame of one RLE block after another, each of 128 KiB; `window` is the descriptor byte.
fn zstd(blocks: usize, window: u8) -> Vec<u8> {
    let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, window];
    for index in 0..blocks {
        let last = u32::from(index + 1 == blocks);
        // Block_Header: Last_Block, Block_Type 1 (RLE), Block_Size, little-endian in three bytes.
        let header = last | 1 << 1 | (128 * 1024) << 3;
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.push(b'a');
    }
    frame
}

/// The same of one raw block.
fn zstd_raw(text: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, WINDOW_128_KIB];
    let size = u32::try_from(text.len()).expect("a short text");
    frame.extend_from_slice(&(1 | size << 3).to_le_bytes()[..3]);
    frame.extend_from_slice(text);
    frame
}

/// A skippable frame: RFC 8878 §3.1.2.
const SKIPPABLE: &[u8] = b"\x50\x2A\x4D\x18\x03\x00\x00\x00xyz";

/// `Window_Descriptor` of RFC 8878 §3.1.1.1.2: exponent 7 in the upper five bits is 128 KiB.
const WINDOW_128_KIB: u8 = 7 << 3;
/// Exponent 14 is 16 MiB, more than the 8 MiB of RFC 9659.
const WINDOW_16_MIB: u8 = 14 << 3;

const ZEROS: &[u8] = &[0; 6 * 1024 * 1024];

/// Behaviours that are one answer.
fn answers() -> Vec<(&'static str, Vec<u8>, End)> {
    use End::{Fails, Fine};
    use Kind as K;
    use Phase as P;
    let coded =
        |coding: &str, body: &[u8]| answer(&format!("Content-Encoding: {coding}\r\n"), body);
    let text = b"hello, hello, hello";
    vec![
        ("gzip", coded("gzip", &gzip(text)), Fine),
        ("x-gzip", coded("x-gzip", &gzip(text)), Fine),
        ("two gzip members", coded("gzip", &[gzip(text), gzip(text)].concat()), Fine),
        ("deflate", coded("deflate", &zlib(text)), Fine),
        ("raw deflate", coded("deflate", &deflate(text)), Fine),
        ("br", coded("br", &brotli(text)), Fine),
        ("zstd", coded("zstd", &zstd_raw(text)), Fine),
        ("two zstd frames and one to skip", coded("zstd", &[&zstd_raw(text), SKIPPABLE, &zstd_raw(text)].concat()), Fine),
        ("two codings", coded("deflate, gzip", &gzip(&zlib(text))), Fine),
        ("identity counts for nothing", coded("identity, gzip, identity, br", &brotli(&gzip(text))), Fine),
        ("an unknown coding", coded("rot13", text), Fine),
        ("a coding of nothing", coded("gzip", b""), Fine),
        ("three codings", coded("gzip, gzip, gzip", &gzip(&gzip(&gzip(text)))), Fails(K::TooManyCodings, P::Body)),
        ("three codings in three lines", answer("Content-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Encoding: br\r\n", text), Fails(K::TooManyCodings, P::Body)),
        ("gzip bomb", coded("gzip", &gzip(ZEROS)), Fails(K::DecompressionBomb, P::Body)),
        ("deflate bomb", coded("deflate", &zlib(ZEROS)), Fails(K::DecompressionBomb, P::Body)),
        ("raw deflate bomb", coded("deflate", &deflate(ZEROS)), Fails(K::DecompressionBomb, P::Body)),
        ("br bomb", coded("br", &brotli(ZEROS)), Fails(K::DecompressionBomb, P::Body)),
        ("zstd bomb", coded("zstd", &zstd(64, WINDOW_128_KIB)), Fails(K::DecompressionBomb, P::Body)),
        ("bomb in a bomb", coded("gzip, gzip", &gzip(&gzip(ZEROS))), Fails(K::DecompressionBomb, P::Body)),
        ("a bomb beneath br", coded("gzip, br", &brotli(&gzip(ZEROS))), Fails(K::DecompressionBomb, P::Body)),
        ("zstd asks for 16 MiB", coded("zstd", &zstd(1, WINDOW_16_MIB)), Fails(K::DecodeFailed, P::Body)),
        ("zstd cut", coded("zstd", &zstd(3, WINDOW_128_KIB)[..8]), Fails(K::DecodeFailed, P::Body)),
        ("br cut", coded("br", &brotli(text)[..6]), Fails(K::DecodeFailed, P::Body)),
        ("br of text", coded("br", text), Fails(K::DecodeFailed, P::Body)),
        ("deflate of text", coded("deflate", b"\x00\x00 not deflate"), Fails(K::DecodeFailed, P::Body)),
        ("more than 1 MiB", answer("", &vec![b'a'; 2 * 1024 * 1024]), Fine),
        ("a long status line", [b"HTTP/1.1 200 ".as_slice(), &[b'a'; 9000], b"\r\n\r\n"].concat(), Fails(K::BadStatusLine, P::Headers)),
        ("a long header line", answer(&format!("A: {}\r\n", "a".repeat(17_000)), text), Fails(K::HeadersTooLarge, P::Headers)),
        ("64 KiB of headers", answer(&format!("A: {}\r\n", "a".repeat(16_000)).repeat(5), text), Fails(K::HeadersTooLarge, P::Headers)),
        ("201 headers", answer(&"A: b\r\n".repeat(200), text), Fails(K::HeadersTooLarge, P::Headers)),
        ("200 headers", answer(&"A: b\r\n".repeat(199), text), Fine),
        ("ten interim responses", [b"HTTP/1.1 102 Processing\r\n\r\n".repeat(10), answer("", text)].concat(), Fine),
        ("eleven interim responses", [b"HTTP/1.1 102 Processing\r\n\r\n".repeat(11), answer("", text)].concat(), Fails(K::TooManyInterim, P::Headers)),
        (
            "long trailers",
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: {}\r\n\r\n", "a".repeat(9000)).into_bytes(),
            Fails(K::HeadersTooLarge, P::Body),
        ),
        (
            "a chunk size of 17 digits",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000001\r\na\r\n0\r\n\r\n".to_vec(),
            Fails(K::BadChunk, P::Body),
        ),
        ("an HTTP/2 frame", b"\x00\x00\x00\x04\x00\x00\x00\x00\x00".to_vec(), Fails(K::BadStatusLine, P::FirstByte)),
        ("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), Fails(K::BadStatusLine, P::FirstByte)),
        ("only line ends", b"\r\n\r\n\r\n".to_vec(), Fails(K::EmptyResponse, P::FirstByte)),
        ("204 with a length", b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n".to_vec(), Fine),
        ("HTTP/1.0 until close", b"HTTP/1.0 200 OK\r\n\r\nhello".to_vec(), Fine),
    ]
}

#[tokio::test]
async fn answers_come_to_what_they_should() {
    let mut wrong = Vec::new();
    for (name, bytes, end) in answers() {
        let address = answering(bytes).await;
        let report = check(&format!("http://{address}/")).await;
        let found = report
            .failure
            .as_ref()
            .map(|failure| (failure.kind, failure.phase));
        let expected = match end {
            End::Fine => None,
            End::Fails(kind, phase) => Some((kind, Some(phase))),
        };
        if found != expected {
            wrong.push(format!(
                "{name}: expected {expected:?}, found {:?}",
                report.failure
            ));
        }
        // A failure of the body leaves the status as it came.
        if let End::Fails(_, Phase::Body) = end
            && report.status() != Some(200)
        {
            wrong.push(format!("{name}: the status is lost"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn content(report: &Report) -> &Content {
    report.hops[0].content.as_ref().expect("content")
}

#[tokio::test]
async fn every_coding_leads_to_the_same_content() {
    let text = b"<!DOCTYPE html><title> A &amp;\n B </title>";
    for (coding, body) in [
        ("gzip", gzip(text)),
        ("deflate", zlib(text)),
        ("deflate", deflate(text)),
        ("br", brotli(text)),
    ] {
        let address = answering(answer(&format!("Content-Encoding: {coding}\r\n"), &body)).await;
        let report = check(&format!("http://{address}/")).await;
        let content = content(&report);
        assert_eq!(content.bytes, body.len() as u64);
        assert_eq!(content.decoded_bytes, text.len() as u64);
        assert_eq!(content.title.as_deref(), Some("A & B"));
        assert_eq!(content.sniffed, Some("text/html"));
        assert_eq!(content.codings, [coding]);
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_truncated_and_no_failure() {
    let address = answering(answer("", &vec![b'a'; 2 * 1024 * 1024])).await;
    let report = check(&format!("http://{address}/")).await;
    let content = content(&report);
    assert_eq!(
        (content.bytes, content.truncated, content.sha256),
        (1024 * 1024, true, None)
    );
}

/// Behaviours that take time, or do something to the connection.
#[tokio::test]
async fn slow_servers_and_broken_connections_end_with_their_phase() {
    type Case = (&'static str, std::net::SocketAddr, Kind, Phase);
    let silent = serve(|mut stream| async move {
        request(&mut stream).await;
        sleep(Duration::from_secs(30)).await;
    })
    .await;
    let endless = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while stream.write_all(b"A: b\r\n").await.is_ok() {}
    })
    .await;
    let drip = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while stream.write_all(b"A").await.is_ok() {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let stall = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi")
            .await;
        sleep(Duration::from_secs(30)).await;
    })
    .await;
    let interim = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n").await;
        sleep(Duration::from_secs(30)).await;
    })
    .await;
    let closes = serve(|stream| async move { drop(stream) }).await;
    let closes_after_request = serve(|mut stream| async move {
        request(&mut stream).await;
    })
    .await;
    let resets = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream.set_zero_linger();
    })
    .await;
    let resets_in_head = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nA: b").await;
        sleep(Duration::from_millis(50)).await;
        let _ = stream.set_zero_linger();
    })
    .await;
    let cases: Vec<Case> = vec![
        ("silent", silent, Kind::Timeout, Phase::FirstByte),
        (
            "endless head",
            endless,
            Kind::HeadersTooLarge,
            Phase::Headers,
        ),
        ("dripping head", drip, Kind::Timeout, Phase::Headers),
        ("stalling body", stall, Kind::Timeout, Phase::Body),
        (
            "nothing after an interim response",
            interim,
            Kind::Timeout,
            Phase::FirstByte,
        ),
        (
            "closes after the request",
            closes_after_request,
            Kind::EmptyResponse,
            Phase::FirstByte,
        ),
        ("resets", resets, Kind::ConnectionReset, Phase::FirstByte),
        (
            "resets in the head",
            resets_in_head,
            Kind::ConnectionReset,
            Phase::Headers,
        ),
    ];
    let mut wrong = Vec::new();
    for (name, address, kind, phase) in cases {
        let report = check(&format!("http://{address}/")).await;
        let found = report
            .failure
            .as_ref()
            .map(|failure| (failure.kind, failure.phase));
        if found != Some((kind, Some(phase))) {
            wrong.push(format!("{name}: found {:?}", report.failure));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    // With a request under way, a close can be seen as either.
    let report = check(&format!("http://{closes}/")).await;
    let kind = report.failure.expect("a failure").kind;
    assert!(
        matches!(kind, Kind::EmptyResponse | Kind::ConnectionReset),
        "{kind}"
    );
}

#[tokio::test]
async fn a_deadline_beats_a_server_that_sends_a_byte_now_and_then() {
    let address = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            .await;
        while stream.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let mut limits: Limits = limits();
    limits.time.total = Duration::from_millis(600);
    let checker = Checker::new(settings(Policy::Local, &limits)).expect("the roots are built in");
    let report = checker
        .check(&format!("http://{address}/"), &Options::default(), &mut ())
        .await;
    let failure = report.failure.as_ref().expect("a failure");
    assert_eq!(
        (failure.kind, failure.phase),
        (Kind::Timeout, Some(Phase::Total))
    );
    assert_eq!(report.status(), Some(200));
}

#[tokio::test]
async fn bytes_after_a_message_without_content_are_seen_though_they_come_late() {
    let address = serve(|mut stream| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
        sleep(Duration::from_millis(10)).await;
        let _ = stream.write_all(b"surprise").await;
        sleep(Duration::from_millis(200)).await;
    })
    .await;
    let report = check(&format!("http://{address}/")).await;
    let received = &report.hops[0]
        .exchange
        .as_ref()
        .expect("an exchange")
        .received;
    assert!(
        received
            .defects
            .has(siteerror_wire::DefectKind::NoContentWithContent)
    );
    assert_eq!(report.failure, None);
}
