//! Caching: freshness, validators, dates, and what a cache may think of all of them.

mod control;
mod dates;
mod freshness;
mod validators;
mod vary;

use crate::rule::{Look, Row};
use crate::subject::DATED;

const CONTROL: &[&str] = &["cache-control"];

pub(super) static ROWS: &[Row] = &[
    Row {
        id: "cache-control-syntax",
        look: Look::Field(CONTROL, control::syntax),
    },
    Row {
        id: "cache-control-bad",
        look: Look::Field(CONTROL, control::bad),
    },
    Row {
        id: "cache-control-quoted-delta",
        look: Look::Field(CONTROL, control::quoted_delta),
    },
    Row {
        id: "cache-control-unquoted-field-names",
        look: Look::Field(CONTROL, control::unquoted_field_names),
    },
    Row {
        id: "cache-control-unexpected-argument",
        look: Look::Field(CONTROL, control::unexpected_argument),
    },
    Row {
        id: "cache-control-request-directive",
        look: Look::Field(CONTROL, control::request_directive),
    },
    Row {
        id: "cache-control-duplicate",
        look: Look::Field(CONTROL, control::duplicate),
    },
    Row {
        id: "cache-control-conflict",
        look: Look::Field(CONTROL, control::conflict),
    },
    Row {
        id: "must-understand-no-store",
        look: Look::Field(CONTROL, control::must_understand_no_store),
    },
    Row {
        id: "immutable-without-freshness",
        look: Look::Field(CONTROL, control::immutable_without_freshness),
    },
    Row {
        id: "date-missing",
        look: Look::Always(dates::missing),
    },
    Row {
        id: "date-bad",
        look: Look::Field(&["date", "last-modified", "sunset"], dates::bad),
    },
    Row {
        id: "date-obsolete",
        look: Look::Field(DATED, dates::obsolete),
    },
    Row {
        id: "http-date-day-name",
        look: Look::Field(DATED, dates::day_name),
    },
    Row {
        id: "expires-bad",
        look: Look::Field(&["expires"], dates::expires_bad),
    },
    Row {
        id: "clock-skew",
        look: Look::Field(&["date"], dates::clock_skew),
    },
    Row {
        id: "last-modified-future",
        look: Look::Field(&["last-modified"], dates::last_modified_future),
    },
    Row {
        id: "etag-bad",
        look: Look::Field(&["etag"], validators::etag_bad),
    },
    Row {
        id: "validator-missing",
        look: Look::Code(&[200], validators::missing),
    },
    Row {
        id: "vary-star",
        look: Look::Field(&["vary"], vary::star),
    },
    Row {
        id: "vary-syntax",
        look: Look::Field(&["vary"], vary::syntax),
    },
    Row {
        id: "vary-accept-encoding",
        look: Look::Field(&["content-encoding"], vary::accept_encoding),
    },
    Row {
        id: "age-bad",
        look: Look::Field(&["age"], freshness::age_bad),
    },
    Row {
        id: "heuristic-freshness-implicit",
        look: Look::Always(freshness::implicit),
    },
    Row {
        id: "uncacheable-status-from-cache",
        look: Look::Code(freshness::NEVER_STORED, freshness::from_cache),
    },
    Row {
        id: "uncacheable-status-marked-cacheable",
        look: Look::Code(freshness::NEVER_STORED, freshness::marked_cacheable),
    },
    Row {
        id: "cache-status-hit-and-fwd",
        look: Look::Field(&["cache-status"], freshness::hit_and_fwd),
    },
];
