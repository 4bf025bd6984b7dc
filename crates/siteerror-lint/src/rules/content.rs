//! What the content is: its type, its coding, its language, and what an error should say.

mod coding;
mod disposition;
mod explanation;
mod kind;
mod language;
mod location;
mod problem;

use crate::rule::{Look, Row};

const CODING: &[&str] = &["content-encoding"];
const KIND: &[&str] = &["content-type"];

pub(super) static ROWS: &[Row] = &[
    Row {
        id: "content-type-missing",
        look: Look::Always(kind::missing),
    },
    Row {
        id: "content-type-bad",
        look: Look::Field(KIND, kind::bad),
    },
    Row {
        id: "content-type-list",
        look: Look::Field(KIND, kind::list),
    },
    Row {
        id: "content-type-mismatch",
        look: Look::Field(KIND, kind::mismatch),
    },
    Row {
        id: "charset-unknown",
        look: Look::Field(KIND, kind::charset_unknown),
    },
    Row {
        id: "charset-missing",
        look: Look::Field(KIND, kind::charset_missing),
    },
    Row {
        id: "content-encoding-syntax",
        look: Look::Field(CODING, coding::syntax),
    },
    Row {
        id: "content-encoding-identity",
        look: Look::Field(CODING, coding::identity),
    },
    Row {
        id: "content-coding-unknown",
        look: Look::Field(CODING, coding::unknown),
    },
    Row {
        id: "content-coding-unasked",
        look: Look::Field(CODING, coding::unasked),
    },
    Row {
        id: "content-coding-alias",
        look: Look::Field(CODING, coding::alias),
    },
    Row {
        id: "content-encoding-gzip-mismatch",
        look: Look::Field(CODING, coding::gzip_mismatch),
    },
    Row {
        id: "deflate-raw",
        look: Look::Field(CODING, coding::deflate_raw),
    },
    Row {
        id: "content-language-syntax",
        look: Look::Field(&["content-language"], language::syntax),
    },
    Row {
        id: "content-location-bad",
        look: Look::Field(&["content-location"], location::bad),
    },
    Row {
        id: "content-disposition-syntax",
        look: Look::Field(&["content-disposition"], disposition::syntax),
    },
    Row {
        id: "content-disposition-duplicate",
        look: Look::Field(&["content-disposition"], disposition::duplicate),
    },
    Row {
        id: "disposition-path",
        look: Look::Field(&["content-disposition"], disposition::path),
    },
    Row {
        id: "error-without-explanation",
        look: Look::Always(explanation::error),
    },
    Row {
        id: "300-without-alternatives",
        look: Look::Code(&[300], explanation::alternatives),
    },
    Row {
        id: "problem-json-object",
        look: Look::Field(KIND, problem::object),
    },
    Row {
        id: "problem-json-status",
        look: Look::Field(KIND, problem::status),
    },
    Row {
        id: "problem-json-member-type",
        look: Look::Field(KIND, problem::member_type),
    },
];
