//! Every fault of the playground, and the failure that it is. A fault that is not in the table fails the test, so the table grows with the playground.

use std::time::Duration;

use siteerror_check::{Checker, HttpVersion, Kind, Options, Phase};
use siteerror_guard::Policy;
use siteerror_playground::{Versions, faults};

use super::support::{limits, settings};

/// A fault that ends well: what is wrong with it is for the linter to say.
const FINE: Option<(Kind, Phase)> = None;

fn failure(kind: Kind, phase: Phase) -> Option<(Kind, Phase)> {
    Some((kind, phase))
}

/// What the vocabulary of failures says about each fault.
fn expected(name: &str) -> Option<Option<(Kind, Phase)>> {
    use Kind as K;
    use Phase as P;
    Some(match name {
        // Where a message ends is clear, and what is in it too.
        "body-on-204" | "chunked-204" | "body-on-205" | "body-on-304" | "body-on-head"
        | "extra-response" | "close-delimited" => FINE,
        "last-chunk-unfinished" | "chunk-lines-bare-lf" | "trailer-with-framing" => FINE,
        "early-answer-then-reset" | "drip-head" => FINE,
        "gzip-without-label" | "gzip-twice-labelled-once" | "deflate-raw" => FINE,
        "bare-lf"
        | "obs-fold"
        | "space-before-field"
        | "space-before-colon"
        | "field-without-colon"
        | "field-without-name"
        | "field-name-with-space"
        | "value-8-bit" => FINE,
        "continue-unasked" | "interim-with-length" => FINE,
        "length-too-short" | "two-lengths-equal" | "length-list-equal" => FINE,
        "status-without-reason"
        | "status-without-space"
        | "status-000"
        | "status-999"
        | "version-minor"
        | "version-major"
        | "version-lower-case"
        | "empty-lines-first" => FINE,
        "length-and-chunked" | "transfer-coding-identity" | "chunked-to-http10" => FINE,
        "h2-go-away" => FINE,
        // Chunks.
        // A Content-Length beyond 64 bits is a number all the same, and more than what came.
        "last-chunk-missing" | "close-in-chunk" | "chunk-size-too-large" | "length-overflow" => {
            failure(K::BodyTruncated, P::Body)
        }
        "chunk-size-too-small"
        | "chunk-size-not-hex"
        | "chunk-size-negative"
        | "chunk-size-prefixed"
        | "chunk-size-overflow"
        | "chunk-size-empty"
        | "chunk-without-crlf"
        | "chunk-extension-huge" => failure(K::BadChunk, P::Body),
        // Connections.
        "close-without-a-byte" => failure(K::EmptyResponse, P::FirstByte),
        "reset-before-headers" => failure(K::ConnectionReset, P::FirstByte),
        // Without LF no line ever ends.
        "bare-cr-lines" | "close-in-status-line" | "close-in-head" | "interim-then-nothing" => {
            failure(K::ConnectionClosed, P::Headers)
        }
        "reset-after-headers" | "reset-in-content" | "reset-unannounced" => {
            failure(K::ConnectionReset, P::Body)
        }
        "stall-in-head" => failure(K::Timeout, P::Headers),
        "stall-in-content" => failure(K::Timeout, P::Body),
        // Content.
        "gzip-bad-checksum" | "gzip-truncated" | "gzip-label-on-text" | "brotli-labelled-gzip" => {
            failure(K::DecodeFailed, P::Body)
        }
        "decompression-bomb" => failure(K::DecompressionBomb, P::Body),
        // Fields.
        "bare-cr-in-value" | "nul-in-value" => failure(K::BadHeader, P::Headers),
        "head-endless" | "field-64k" | "fields-1000" => failure(K::HeadersTooLarge, P::Headers),
        // Interim responses.
        "interims-100" => failure(K::TooManyInterim, P::Headers),
        "switching-unasked" => failure(K::UnexpectedUpgrade, P::Headers),
        "interim-with-content" => failure(K::BadStatusLine, P::FirstByte),
        // Framing.
        "length-too-long" => failure(K::BodyTruncated, P::Body),
        "length-with-plus"
        | "length-negative"
        | "length-hex"
        | "length-with-space"
        | "length-empty"
        | "two-lengths-differing"
        | "length-list-differing"
        | "transfer-coding-unknown"
        | "chunked-not-last"
        | "chunked-twice"
        | "chunked-in-http10" => failure(K::BadFraming, P::Headers),
        // Status lines.
        "status-two-digits" | "status-four-digits" => failure(K::BadStatusLine, P::Headers),
        "version-missing" | "garbage-first" | "http-0-9" | "tls-first" => {
            failure(K::BadStatusLine, P::FirstByte)
        }
        // HTTP/2.
        "h2-reset"
        | "h2-refused-stream"
        | "h2-length-too-long"
        | "h2-length-too-short"
        | "h2-length-without-data" => failure(K::H2Protocol, P::Body),
        _ => return None,
    })
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
            Checker::new(settings(Policy::Local, limits)).expect("the roots are built in");
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
            (None, None) => true,
            (Some((kind, phase)), Some((found, at))) => {
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
    let checker = Checker::new(settings(Policy::Local, limits())).expect("the roots are built in");
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
        let expected = match fault.name {
            "reset-in-content" => Some(Kind::H2Protocol),
            "switching-unasked" => Some(Kind::H2Protocol),
            name => expected(name).expect("in the table").map(|(kind, _)| kind),
        };
        assert_eq!(found, expected, "{}: {:?}", fault.name, report.failure);
    }
}
