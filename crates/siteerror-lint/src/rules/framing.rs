//! Where a message begins and ends, and what travels where nothing should.

mod chunks;
mod coding;
mod ending;
mod http2;
mod length;
mod no_content;
mod status_line;

use siteerror_wire::DefectKind as D;

use crate::finding::Findings;
use crate::rule::{Look, Row};
use crate::subject::Subject;

const fn row(id: &'static str, look: Look) -> Row {
    Row { id, look }
}

const fn defect(
    id: &'static str,
    kinds: &'static [D],
    look: fn(&Subject<'_>, &mut Findings),
) -> Row {
    row(id, Look::Defect(kinds, look))
}

const LENGTH: &[&str] = &["content-length"];
const CODING: &[&str] = &["transfer-encoding"];

/// Rules under `Always` look at the phrase, or at something that a glance tells is not there.
pub(super) static ROWS: &[Row] = &[
    defect(
        "status-line-malformed",
        status_line::MALFORMED,
        status_line::malformed,
    ),
    defect(
        "http-version-unexpected",
        &[D::VersionUnexpected],
        status_line::version_unexpected,
    ),
    row(
        "reason-misleading",
        Look::Always(status_line::reason_misleading),
    ),
    row(
        "reason-not-ascii",
        Look::Always(status_line::reason_not_ascii),
    ),
    defect(
        "reason-control",
        &[D::ReasonControl],
        status_line::reason_control,
    ),
    row("204-with-content", Look::Code(&[204], no_content::in_204)),
    row("205-with-content", Look::Code(&[205], no_content::in_205)),
    row("304-with-content", Look::Code(&[304], no_content::in_304)),
    row("head-with-content", Look::Always(no_content::in_head)),
    defect(
        "interim-with-content",
        &[D::InterimWithContent],
        no_content::in_interim,
    ),
    row(
        "interim-with-framing",
        Look::Interim(no_content::framed_interim),
    ),
    row(
        "content-length-forbidden",
        Look::Always(no_content::length_forbidden),
    ),
    row(
        "transfer-coding-forbidden",
        Look::Always(no_content::coding_forbidden),
    ),
    row(
        "connect-2xx-framing-fields",
        Look::Field(
            &["content-length", "transfer-encoding"],
            no_content::in_connect,
        ),
    ),
    row("content-length-bad", Look::Field(LENGTH, length::bad)),
    row(
        "content-length-multiple",
        Look::Field(LENGTH, length::multiple),
    ),
    row(
        "content-length-differs",
        Look::Field(LENGTH, length::differs),
    ),
    row(
        "content-length-mismatch",
        Look::Field(LENGTH, length::mismatch),
    ),
    defect(
        "length-and-chunked",
        &[D::LengthAndChunked],
        length::with_coding,
    ),
    row(
        "transfer-coding-unknown",
        Look::Field(CODING, coding::unknown),
    ),
    defect(
        "transfer-coding-identity",
        &[D::TransferCodingIdentity],
        coding::identity,
    ),
    defect(
        "transfer-coding-chunked-twice",
        &[D::TransferCodingChunkedTwice],
        coding::chunked_twice,
    ),
    defect(
        "transfer-coding-chunked-not-last",
        &[D::TransferCodingChunkedNotLast],
        coding::chunked_not_last,
    ),
    row(
        "transfer-coding-unchunked",
        Look::Field(CODING, coding::unchunked),
    ),
    defect(
        "transfer-coding-parameters",
        &[D::TransferCodingParameters],
        coding::chunked_parameters,
    ),
    defect(
        "transfer-coding-in-http10",
        &[D::TransferCodingInHttp10],
        coding::in_http10,
    ),
    defect(
        "transfer-coding-to-http10",
        &[D::TransferCodingToHttp10],
        coding::to_http10,
    ),
    defect("chunked-body-syntax", chunks::MALFORMED, chunks::malformed),
    defect(
        "chunked-body-complete",
        &[D::LastChunkMissing, D::TrailerEndMissing],
        chunks::incomplete,
    ),
    row("trailer-forbidden", Look::Always(chunks::trailer_forbidden)),
    row(
        "trailer-not-announced",
        Look::Always(chunks::trailer_unannounced),
    ),
    defect("extra-data", &[D::ExtraData], ending::extra_data),
    defect("bare-lf", &[D::BareLf], ending::bare_lf),
    row("tls-no-close-notify", Look::Tls(ending::no_close_notify)),
    row(
        "http2-connection-specific-field",
        Look::Field(http2::CONNECTION_FIELDS, http2::connection_field),
    ),
    row("http2-101", Look::Code(&[101], http2::switching)),
];

/// A number of bytes, for a sentence.
fn count(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    }
}
