//! Every fault of the playground, and the failure that it is. A fault that is not in the table fails the test, so the table grows with the playground.

use std::time::Duration;

use siteerror_check::{Checker, HttpVersion, Kind, Options, Phase};
use siteerror_guard::Policy;
use siteerror_playground::{Versions, faults};

use super::support::{End, limits, settings};

/// What the vocabulary of failures says about each fault.
const TABLE: &[(End, &[&str])] = &[
    // Where a message ends is clear, and what is in it too; what is wrong with it is for the linter to say.
    (
        End::Fine,
        &[
            "body-on-204",
            "chunked-204",
            "body-on-205",
            "body-on-304",
            "body-on-head",
            "extra-response",
            "close-delimited",
            "last-chunk-unfinished",
            "chunk-lines-bare-lf",
            "trailer-with-framing",
            "early-answer-then-reset",
            "drip-head",
            "gzip-without-label",
            "gzip-twice-labelled-once",
            "deflate-raw",
            "bare-lf",
            "obs-fold",
            "space-before-field",
            "space-before-colon",
            "field-without-colon",
            "field-without-name",
            "field-name-with-space",
            "value-8-bit",
            "continue-unasked",
            "interim-with-length",
            "length-too-short",
            "two-lengths-equal",
            "length-list-equal",
            "status-without-reason",
            "status-without-space",
            "status-000",
            "status-999",
            "version-minor",
            "version-major",
            "version-lower-case",
            "empty-lines-first",
            "length-and-chunked",
            "transfer-coding-identity",
            "chunked-to-http10",
            "h2-go-away",
        ],
    ),
    // Connections.
    (
        End::Fails(Kind::EmptyResponse, Phase::FirstByte),
        &["close-without-a-byte"],
    ),
    (
        End::Fails(Kind::ConnectionReset, Phase::FirstByte),
        &["reset-before-headers"],
    ),
    // Without LF no line ever ends.
    (
        End::Fails(Kind::ConnectionClosed, Phase::Headers),
        &[
            "close-in-status-line",
            "close-in-head",
            "interim-then-nothing",
            "bare-cr-lines",
        ],
    ),
    (
        End::Fails(Kind::ConnectionReset, Phase::Body),
        &[
            "reset-after-headers",
            "reset-in-content",
            "reset-unannounced",
        ],
    ),
    (
        End::Fails(Kind::Timeout, Phase::Headers),
        &["stall-in-head"],
    ),
    (
        End::Fails(Kind::Timeout, Phase::Body),
        &["stall-in-content"],
    ),
    // Status lines, interim responses and fields.
    (
        End::Fails(Kind::BadStatusLine, Phase::Headers),
        &["status-two-digits", "status-four-digits"],
    ),
    (
        End::Fails(Kind::BadStatusLine, Phase::FirstByte),
        &[
            "version-missing",
            "garbage-first",
            "http-0-9",
            "tls-first",
            "interim-with-content",
        ],
    ),
    (
        End::Fails(Kind::TooManyInterim, Phase::Headers),
        &["interims-100"],
    ),
    (
        End::Fails(Kind::UnexpectedUpgrade, Phase::Headers),
        &["switching-unasked"],
    ),
    (
        End::Fails(Kind::BadHeader, Phase::Headers),
        &["bare-cr-in-value", "nul-in-value"],
    ),
    (
        End::Fails(Kind::HeadersTooLarge, Phase::Headers),
        &["head-endless", "field-64k", "fields-1000"],
    ),
    // Framing and content.
    (
        End::Fails(Kind::BadFraming, Phase::Headers),
        &[
            "length-with-plus",
            "length-negative",
            "length-hex",
            "length-with-space",
            "length-empty",
            "two-lengths-differing",
            "length-list-differing",
            "transfer-coding-unknown",
            "chunked-not-last",
            "chunked-twice",
            "chunked-in-http10",
        ],
    ),
    (
        End::Fails(Kind::BadChunk, Phase::Body),
        &[
            "chunk-size-too-small",
            "chunk-size-not-hex",
            "chunk-size-negative",
            "chunk-size-prefixed",
            "chunk-size-overflow",
            "chunk-size-empty",
            "chunk-without-crlf",
            "chunk-extension-huge",
        ],
    ),
    // A Content-Length beyond 64 bits is a number all the same, and more than what came.
    (
        End::Fails(Kind::BodyTruncated, Phase::Body),
        &[
            "last-chunk-missing",
            "close-in-chunk",
            "chunk-size-too-large",
            "length-too-long",
            "length-overflow",
        ],
    ),
    (
        End::Fails(Kind::DecodeFailed, Phase::Body),
        &[
            "gzip-bad-checksum",
            "gzip-truncated",
            "gzip-label-on-text",
            "brotli-labelled-gzip",
        ],
    ),
    (
        End::Fails(Kind::DecompressionBomb, Phase::Body),
        &["decompression-bomb"],
    ),
    // HTTP/2.
    (
        End::Fails(Kind::H2Protocol, Phase::Body),
        &[
            "h2-reset",
            "h2-refused-stream",
            "h2-length-too-long",
            "h2-length-too-short",
            "h2-length-without-data",
        ],
    ),
];

fn expected(name: &str) -> Option<End> {
    let row = TABLE.iter().find(|(_, names)| names.contains(&name));
    row.map(|(end, _)| *end)
}

#[tokio::test]
async fn every_fault_of_the_playground_has_its_kind_and_phase() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let mut wrong = Vec::new();
    let mut tried = 0;
    for fault in faults() {
        if fault.versions == Versions::OneWithTls {
            // Its place is among the faults of TLS.
            continue;
        }
        let Some(expected) = expected(fault.name) else {
            wrong.push(format!("{}: not in the table", fault.name));
            continue;
        };
        let mut limits = limits();
        if fault.name == "drip-head" {
            // Its seventeen bytes are 100 ms apart.
            limits.time.head = Duration::from_secs(10);
        }
        let checker =
            Checker::new(settings(Policy::Local, &limits)).expect("the roots are built in");
        let options = Options {
            method: fault.method.to_owned(),
            version: match fault.versions {
                Versions::Two => HttpVersion::Http2,
                _ => HttpVersion::Http1,
            },
            ..Options::default()
        };
        let report = checker
            .check(
                &playground.url(&format!("/fault/{}", fault.name)),
                &options,
                &mut (),
            )
            .await;
        let found = report
            .failure
            .as_ref()
            .map(|failure| (failure.kind, failure.phase));
        let same = match (expected, found) {
            (End::Fine, None) => true,
            (End::Fails(kind, phase), Some((found, at))) => {
                // Whether a stream of HTTP/2 ends before or after its head is a matter of frames.
                kind == found && (at == Some(phase) || kind == Kind::H2Protocol)
            }
            _ => false,
        };
        if !same {
            let text = report.failure.map(|failure| failure.text);
            wrong.push(format!(
                "{}: expected {expected:?}, found {found:?} ({text:?}), status {:?}",
                fault.name,
                report.hops.first().and_then(siteerror_check::Hop::status)
            ));
        }
        tried += 1;
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(tried >= 90, "{tried} faults");
}

#[tokio::test]
async fn faults_of_content_are_the_same_over_http2() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let checker = Checker::new(settings(Policy::Local, &limits())).expect("the roots are built in");
    for fault in faults().filter(|fault| fault.versions == Versions::Both) {
        let options = Options {
            version: HttpVersion::Http2,
            ..Options::default()
        };
        let report = checker
            .check(
                &playground.url(&format!("/fault/{}", fault.name)),
                &options,
                &mut (),
            )
            .await;
        let found = report.failure.as_ref().map(|failure| failure.kind);
        let expected = match (fault.name, expected(fault.name).expect("in the table")) {
            // RFC 9113 §8.6 has no 101, and a reset is one of a stream.
            ("reset-in-content" | "switching-unasked", _) => Some(Kind::H2Protocol),
            (_, End::Fails(kind, _)) => Some(kind),
            (_, End::Fine) => None,
        };
        assert_eq!(found, expected, "{}: {:?}", fault.name, report.failure);
    }
}
