//! What status codes ask for: fields that must come with them, requests that must have come before them.

mod allow;
mod asked;
mod byteranges;
mod challenge;
mod code;
mod content_range;
mod not_modified;
mod rare;
mod upgrade;

use siteerror_wire::DefectKind;

use crate::rule::{Look, Row};

/// Both fields that hold challenges.
const CHALLENGES: &[&str] = &["www-authenticate", "proxy-authenticate"];

const fn row(id: &'static str, look: Look) -> Row {
    Row { id, look }
}

pub(super) static ROWS: &[Row] = &[
    // The code itself.
    row("status-unregistered", Look::Always(code::unregistered)),
    row("status-out-of-range", Look::Always(code::out_of_range)),
    row(
        "status-code-three-digits",
        Look::Defect(&[DefectKind::StatusNotThreeDigits], code::three_digits),
    ),
    row("status-deprecated", Look::Code(&[305], code::deprecated)),
    row("status-reserved", Look::Code(&[306, 418], code::reserved)),
    // Interim responses and switching.
    row("100-unasked", Look::Interim(code::hundred_unasked)),
    row(
        "interim-to-http10",
        Look::Defect(&[DefectKind::InterimToHttp10], code::interim_to_http10),
    ),
    row(
        "101-without-upgrade",
        Look::Code(&[101], upgrade::switched_to_nothing),
    ),
    row(
        "101-unrequested-protocol",
        Look::Code(&[101], upgrade::unrequested),
    ),
    row(
        "426-without-upgrade",
        Look::Code(&[426], upgrade::required_without_name),
    ),
    row(
        "upgrade-connection-option",
        Look::Field(&["upgrade"], upgrade::not_in_connection),
    ),
    // Success.
    row("created-by-safe-method", Look::Code(&[201], asked::created)),
    row("201-post-location", Look::Code(&[201], rare::created_where)),
    row("207-multistatus", Look::Code(&[207], rare::multistatus)),
    row("226-etag", Look::Code(&[226], rare::im_used_without_etag)),
    row("226-a-im", Look::Code(&[226], rare::im_used_unasked)),
    row("im-status", Look::Field(&["im"], rare::im_elsewhere)),
    row(
        "delete-success-status",
        Look::Code(&[201, 205, 206, 208, 226], asked::delete),
    ),
    row("options-allow", Look::Code(&[200, 204], allow::options)),
    // Parts.
    row("206-unasked", Look::Code(&[206], asked::range_to_send)),
    row("206-method", Look::Code(&[206], asked::partial)),
    row(
        "206-if-range-weak",
        Look::Code(&[206], byteranges::if_range),
    ),
    row(
        "206-without-content-range",
        Look::Code(&[206], content_range::missing),
    ),
    row(
        "206-length-vs-range",
        Look::Code(&[206], content_range::length),
    ),
    row(
        "206-multipart-boundary",
        Look::Code(&[206], byteranges::no_boundary),
    ),
    row(
        "206-multipart-content-range",
        Look::Code(&[206], byteranges::range_in_head),
    ),
    row(
        "206-part-content-range",
        Look::Code(&[206], byteranges::part_without_range),
    ),
    row(
        "206-multipart-for-single-range",
        Look::Code(&[206], byteranges::one_range_asked),
    ),
    row("416-unasked", Look::Code(&[416], asked::range_to_refuse)),
    row(
        "416-content-range",
        Look::Code(&[416], content_range::of_416),
    ),
    row(
        "content-range-syntax",
        Look::Field(&["content-range"], content_range::syntax),
    ),
    row(
        "content-range-values",
        Look::Field(&["content-range"], content_range::values),
    ),
    row(
        "content-range-form",
        Look::Field(&["content-range"], content_range::form),
    ),
    row(
        "content-range-meaningless",
        Look::Field(&["content-range"], content_range::meaningless),
    ),
    // Conditions.
    row(
        "304-unconditional",
        Look::Code(&[304], not_modified::unconditional),
    ),
    row("304-method", Look::Code(&[304], not_modified::method)),
    row("304-etag", Look::Code(&[304], not_modified::without_etag)),
    row(
        "304-representation-metadata",
        Look::Code(&[304], not_modified::metadata),
    ),
    row("412-unasked", Look::Code(&[412], asked::precondition)),
    row("417-unasked", Look::Code(&[417], asked::expectation)),
    row(
        "425-without-early-data",
        Look::Code(&[425], asked::early_data),
    ),
    // Challenges.
    row(
        "401-without-www-authenticate",
        Look::Code(&[401], challenge::missing),
    ),
    row(
        "407-without-proxy-authenticate",
        Look::Code(&[407], challenge::missing_of_proxy),
    ),
    row(
        "challenge-syntax",
        Look::Field(CHALLENGES, challenge::syntax),
    ),
    row(
        "challenge-duplicate-parameter",
        Look::Field(CHALLENGES, challenge::parameter_twice),
    ),
    row(
        "realm-quoted",
        Look::Field(CHALLENGES, challenge::realm_unquoted),
    ),
    row(
        "basic-realm",
        Look::Field(CHALLENGES, challenge::basic_without_realm),
    ),
    row("511-challenge", Look::Code(&[511], rare::login_here)),
    // What is allowed, and why not.
    row("405-without-allow", Look::Code(&[405], allow::missing)),
    row("405-lists-method", Look::Code(&[405], allow::lists_method)),
    row("allow-syntax", Look::Field(&["allow"], allow::syntax)),
    row(
        "415-accept-encoding",
        Look::Code(&[415], rare::accept_encoding),
    ),
    row("451-blocked-by", Look::Code(&[451], rare::blocked_by)),
];
