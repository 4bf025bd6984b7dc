//! The rules, group by group. A rule is a row in the table of its group, a function near it, and a page in Markdown beside them.

mod caching;
mod certificate;
mod content;
mod cookies;
mod fields;
mod framing;
mod probes;
mod redirects;
mod security;
mod status;

use crate::rule::Row;

/// All tables, in the order of [`Group::ALL`](crate::Group::ALL).
pub(crate) static TABLES: &[&[Row]] = &[
    framing::ROWS,
    status::ROWS,
    redirects::ROWS,
    fields::ROWS,
    content::ROWS,
    caching::ROWS,
    cookies::ROWS,
    security::ROWS,
    certificate::ROWS,
    probes::ROWS,
];
