//! Field lines: their syntax, and the fields that no other group looks at.

mod connection;
mod known;
mod lifecycle;
mod lines;
mod link;
mod list;
mod ratelimit;
mod repeated;
mod software;
mod structured;

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

const LINK: &[&str] = &["link"];

pub(super) static ROWS: &[Row] = &[
    row("field-repeated", Look::Always(repeated::repeated)),
    defect("field-name-space", &[D::FieldNameSpace], lines::name_space),
    defect("field-name-bad", &[D::FieldNameBad], lines::name_bad),
    defect("field-malformed", &[D::FieldMalformed], lines::malformed),
    defect("field-value-control", lines::CONTROLS, lines::control),
    row("field-value-not-ascii", Look::Always(lines::not_ascii)),
    defect("obs-fold", &[D::ObsFold], lines::folded),
    defect("bare-cr", &[D::BareCr], lines::bare_cr),
    defect(
        "space-before-first-field",
        &[D::SpaceBeforeFirstField],
        lines::space_first,
    ),
    row(
        "field-deprecated",
        Look::Field(known::DEPRECATED_NAMES, known::deprecated),
    ),
    row(
        "request-field-in-response",
        Look::Field(known::OF_REQUESTS, known::of_requests),
    ),
    row(
        "field-leaks-software",
        Look::Field(software::TALKATIVE, software::leaks),
    ),
    row(
        "server-syntax",
        Look::Field(&["server"], software::server_syntax),
    ),
    row(
        "structured-field-bad",
        Look::Field(structured::NAMES, structured::bad),
    ),
    row(
        "list-empty-element",
        Look::Field(list::LIST_NAMES, list::empty_element),
    ),
    row(
        "parameter-whitespace",
        Look::Field(list::PARAMETERS, list::parameter_space),
    ),
    row(
        "accept-ranges-syntax",
        Look::Field(&["accept-ranges"], list::accept_ranges),
    ),
    row(
        "connection-end-to-end-field",
        Look::Field(&["connection"], connection::end_to_end),
    ),
    row(
        "keep-alive-not-listed",
        Look::Field(&["keep-alive"], connection::keep_alive),
    ),
    row("via-syntax", Look::Field(&["via"], connection::via)),
    row("link-bad", Look::Field(LINK, link::bad)),
    row("link-rel", Look::Field(LINK, link::without_rel)),
    row("link-rel-repeated", Look::Field(LINK, link::rel_repeated)),
    row(
        "link-parameter-repeated",
        Look::Field(LINK, link::parameter_repeated),
    ),
    row("link-rev", Look::Field(LINK, link::rev)),
    row(
        "deprecation-date",
        Look::Field(&["deprecation"], lifecycle::deprecation),
    ),
    row(
        "sunset-before-deprecation",
        Look::Field(&["sunset"], lifecycle::sunset_first),
    ),
    row(
        "sunset-past",
        Look::Field(&["sunset"], lifecycle::sunset_past),
    ),
    row(
        "ratelimit-syntax",
        Look::Field(&["ratelimit"], ratelimit::limit),
    ),
    row(
        "ratelimit-policy-syntax",
        Look::Field(&["ratelimit-policy"], ratelimit::policy),
    ),
    row(
        "ratelimit-retry-after",
        Look::Field(&["ratelimit"], ratelimit::retry_after),
    ),
];
