//! Set-Cookie, and what makes a client drop it or a thief glad.

mod attributes;
mod cookie;
mod line;

use crate::rule::{Look, Row};

const SET_COOKIE: &[&str] = &["set-cookie"];

pub(super) static ROWS: &[Row] = &[
    Row {
        id: "cookie-samesite-none-insecure",
        look: Look::Field(SET_COOKIE, attributes::samesite_none_insecure),
    },
    Row {
        id: "cookie-prefix-bad",
        look: Look::Field(SET_COOKIE, attributes::prefix_bad),
    },
    Row {
        id: "cookie-not-secure",
        look: Look::Field(SET_COOKIE, attributes::not_secure),
    },
    Row {
        id: "cookie-not-httponly",
        look: Look::Field(SET_COOKIE, attributes::not_httponly),
    },
    Row {
        id: "cookie-too-large",
        look: Look::Field(SET_COOKIE, line::too_large),
    },
    Row {
        id: "cookie-expires-bad",
        look: Look::Field(SET_COOKIE, attributes::expires_bad),
    },
    Row {
        id: "set-cookie-syntax",
        look: Look::Field(SET_COOKIE, line::syntax),
    },
    Row {
        id: "set-cookie-combined",
        look: Look::Field(SET_COOKIE, line::combined),
    },
    Row {
        id: "set-cookie-duplicate-name",
        look: Look::Field(SET_COOKIE, line::duplicate_name),
    },
    Row {
        id: "set-cookie-duplicate-attribute",
        look: Look::Field(SET_COOKIE, attributes::duplicate),
    },
    Row {
        id: "set-cookie-max-age",
        look: Look::Field(SET_COOKIE, attributes::max_age),
    },
];
