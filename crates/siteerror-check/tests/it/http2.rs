//! HTTP/2 peers that flood or break the rules, in frames by hand: RFC 9113 §4.1.

use siteerror_check::{Checker, HttpVersion, Kind, Options, Report};
use siteerror_guard::Policy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::support::{limits, serve, settings};

fn frame(kind: u8, flags: u8, stream: u32, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len())
        .expect("a short frame")
        .to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend_from_slice(content);
    frame
}

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

/// Greets, waits for the request, then sends bytes.
async fn after_request(bytes: Vec<u8>) -> Report {
    let address = serve(move |mut stream| {
        let bytes = bytes.clone();
        async move {
            let _ = stream.write_all(&frame(SETTINGS, 0, 0, &[])).await;
            // The preface, SETTINGS and HEADERS come at once, or soon one after another.
            let mut seen = Vec::new();
            let mut buffer = [0; 4096];
            while !seen.windows(2).any(|pair| pair == [HEADERS, 5]) {
                match stream.read(&mut buffer).await {
                    Ok(0) | Err(_) => return,
                    Ok(count) => seen.extend_from_slice(&buffer[..count]),
                }
            }
            let _ = stream.write_all(&bytes).await;
            while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
        }
    })
    .await;
    let checker = Checker::new(settings(Policy::Local, &limits())).expect("the roots are built in");
    let options = Options {
        version: HttpVersion::Http2,
        ..Options::default()
    };
    checker
        .check(&format!("http://{address}/"), &options, &mut ())
        .await
}

/// `:status: 200` from the static table: RFC 7541, appendix A, index 8.
const STATUS_200: [u8; 1] = [0x88];

#[tokio::test]
async fn a_plain_answer_in_frames_is_read() {
    let report = after_request(frame(HEADERS, 5, 1, &STATUS_200)).await;
    assert_eq!((report.status(), report.failure), (Some(200), None));
}

#[tokio::test]
async fn floods_and_broken_rules_end_as_h2_protocol() {
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "SETTINGS flood",
            frame(SETTINGS, 0, 0, &[]).repeat(40),
            "flood of SETTINGS",
        ),
        (
            "PING flood",
            frame(PING, 0, 0, &[0; 8]).repeat(40),
            "flood of SETTINGS and PING",
        ),
        (
            "RST_STREAM flood",
            frame(RST_STREAM, 0, 1, &[0, 0, 0, 8]).repeat(80),
            "",
        ),
        (
            "CONTINUATION flood",
            [
                frame(HEADERS, 1, 1, &STATUS_200),
                frame(CONTINUATION, 0, 1, &[]).repeat(20),
            ]
            .concat(),
            "flood of CONTINUATION",
        ),
        (
            "GOAWAY",
            frame(GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 11]),
            "ENHANCE_YOUR_CALM",
        ),
        (
            "a reset stream",
            frame(RST_STREAM, 0, 1, &[0, 0, 0, 7]),
            "REFUSED_STREAM",
        ),
        ("DATA before HEADERS", frame(0, 1, 1, b"hello"), ""),
        (
            "a frame that is too long",
            [&[0xFF, 0xFF, 0xFF, HEADERS, 4, 0, 0, 0, 1][..], &[0; 64]].concat(),
            "",
        ),
        ("broken compression", frame(HEADERS, 5, 1, &[0xFF; 16]), ""),
        ("no status", frame(HEADERS, 5, 1, &[0x5F, 0x00]), ""),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, text) in cases {
        let report = after_request(bytes).await;
        match &report.failure {
            Some(failure) if failure.kind == Kind::H2Protocol && failure.text.contains(text) => {}
            other => wrong.push(format!("{name}: {other:?}")),
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_header_list_over_the_limit_is_refused() {
    // Literal fields without indexing (RFC 7541 §6.2.2), each of 16,000 bytes, in frames of at most 16,384.
    let field = || {
        let mut bytes = vec![0x00, 1, b'a', 0x7F];
        // RFC 7541 §5.1: 16,000 less 127 in groups of seven bits.
        let mut rest = 16_000_u32 - 127;
        while rest >= 128 {
            bytes.push(u8::try_from(rest % 128).expect("seven bits") | 0x80);
            rest /= 128;
        }
        bytes.push(u8::try_from(rest).expect("seven bits"));
        bytes.extend(std::iter::repeat_n(b'b', 16_000));
        bytes
    };
    let mut bytes = frame(HEADERS, 1, 1, &[&STATUS_200[..], &field()].concat());
    for _ in 0..4 {
        bytes.extend(frame(CONTINUATION, 0, 1, &field()));
    }
    bytes.extend(frame(CONTINUATION, 4, 1, &field()));
    let report = after_request(bytes).await;
    assert_eq!(report.failure.expect("a failure").kind, Kind::H2Protocol);
}

#[tokio::test]
async fn a_server_that_speaks_http1_is_told_apart() {
    let address =
        super::support::answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    let checker = Checker::new(settings(Policy::Local, &limits())).expect("the roots are built in");
    let options = Options {
        version: HttpVersion::Http2,
        ..Options::default()
    };
    let report = checker
        .check(&format!("http://{address}/"), &options, &mut ())
        .await;
    assert_eq!(report.failure.expect("a failure").kind, Kind::H2Protocol);
}
