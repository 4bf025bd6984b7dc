//! Where clients are sent, how often, and how long they are asked to wait.

mod chain;
mod location;
mod refresh;
mod retry_after;
mod target;

use crate::rule::{Look, Row};

/// The codes that send a client on by themselves.
const AUTOMATIC: &[u16] = &[301, 302, 303, 307, 308];
const LOCATION: &[&str] = &["location"];

const fn row(id: &'static str, look: Look) -> Row {
    Row { id, look }
}

pub(super) static ROWS: &[Row] = &[
    row(
        "redirect-without-location",
        Look::Code(AUTOMATIC, location::missing),
    ),
    row("location-empty", Look::Field(LOCATION, location::empty)),
    row(
        "location-multiple",
        Look::Field(LOCATION, location::more_than_one),
    ),
    row("location-bad-uri", Look::Field(LOCATION, location::bad_uri)),
    row(
        "location-not-ascii",
        Look::Field(LOCATION, location::not_ascii),
    ),
    row(
        "location-meaningless",
        Look::Field(LOCATION, location::meaningless),
    ),
    row(
        "201-location-fragment",
        Look::Code(&[201], location::fragment_of_created),
    ),
    row("redirect-userinfo", Look::Field(LOCATION, target::userinfo)),
    row(
        "redirect-downgrade",
        Look::Code(AUTOMATIC, target::downgrade),
    ),
    row(
        "redirect-to-self",
        Look::Code(&[301, 302, 307, 308], target::itself),
    ),
    row("redirect-chain-long", Look::Chain(chain::long)),
    row("redirect-sets-cookie", Look::Chain(chain::sets_cookie)),
    row("refresh-header", Look::Field(&["refresh"], refresh::header)),
    row(
        "meta-refresh",
        Look::Field(&["content-type"], refresh::meta),
    ),
    row(
        "retry-after-bad",
        Look::Field(&["retry-after"], retry_after::bad),
    ),
];
