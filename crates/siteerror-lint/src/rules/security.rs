//! Fields that protect, and the mistakes that make them protect nothing.

mod cors;
mod frames;
mod host;
mod hsts;
mod policy;
mod sniff;

use crate::rule::{Look, Row};

const HSTS: &[&str] = &["strict-transport-security"];

pub(super) static ROWS: &[Row] = &[
    Row {
        id: "nosniff-bad",
        look: Look::Field(&["x-content-type-options"], sniff::nosniff_bad),
    },
    Row {
        id: "hsts-over-http",
        look: Look::Field(HSTS, hsts::over_http),
    },
    Row {
        id: "hsts-bad",
        look: Look::Field(HSTS, hsts::bad),
    },
    Row {
        id: "hsts-short",
        look: Look::Field(HSTS, hsts::short),
    },
    Row {
        id: "hsts-syntax",
        look: Look::Field(HSTS, hsts::syntax),
    },
    Row {
        id: "hsts-duplicate-directive",
        look: Look::Field(HSTS, hsts::duplicate_directive),
    },
    Row {
        id: "hsts-repeated",
        look: Look::Field(HSTS, hsts::repeated),
    },
    Row {
        id: "hsts-includesubdomains-value",
        look: Look::Field(HSTS, hsts::includesubdomains_value),
    },
    Row {
        id: "csp-unsafe",
        look: Look::Field(&["content-security-policy"], policy::csp_unsafe),
    },
    Row {
        id: "xfo-obsolete",
        look: Look::Field(&["x-frame-options"], frames::xfo_obsolete),
    },
    Row {
        id: "referrer-policy-unsafe",
        look: Look::Field(&["referrer-policy"], policy::referrer_unsafe),
    },
    Row {
        id: "cors-wildcard-credentials",
        look: Look::Field(
            &["access-control-allow-credentials"],
            cors::wildcard_credentials,
        ),
    },
    Row {
        id: "cors-origin-bad",
        look: Look::Field(&["access-control-allow-origin"], cors::origin_bad),
    },
    Row {
        id: "host-idn-confusable",
        look: Look::Always(host::idn_confusable),
    },
];
