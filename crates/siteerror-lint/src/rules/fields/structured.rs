//! Structured fields: RFC 9651. One mistake anywhere, and recipients ignore the whole field, or take the message for malformed (§4.2).

use sfv::visitor::Ignored;
use sfv::{BareItem, Item, Parser};

use super::known::{names, row};
use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// What a field is by its definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Dictionary,
    /// An item, and what it has to be.
    Item(Bare),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bare {
    Boolean,
    Token,
    Date,
}

/// Fields of responses that are defined as structured. `RateLimit` and `RateLimit-Policy` have rules of their own.
const FIELDS: [(&str, Kind); 36] = [
    ("accept-ch", Kind::List),
    ("accept-query", Kind::List),
    ("accept-signature", Kind::Dictionary),
    ("cache-group-invalidation", Kind::List),
    ("cache-groups", Kind::List),
    ("cache-status", Kind::List),
    ("capsule-protocol", Kind::Item(Bare::Boolean)),
    ("cdn-cache-control", Kind::Dictionary),
    ("content-digest", Kind::Dictionary),
    ("critical-ch", Kind::List),
    ("cross-origin-embedder-policy", Kind::Item(Bare::Token)),
    (
        "cross-origin-embedder-policy-report-only",
        Kind::Item(Bare::Token),
    ),
    ("cross-origin-opener-policy", Kind::Item(Bare::Token)),
    (
        "cross-origin-opener-policy-report-only",
        Kind::Item(Bare::Token),
    ),
    ("deprecation", Kind::Item(Bare::Date)),
    ("document-policy", Kind::Dictionary),
    ("document-policy-report-only", Kind::Dictionary),
    ("incremental", Kind::Item(Bare::Boolean)),
    ("integrity-policy", Kind::Dictionary),
    ("integrity-policy-report-only", Kind::Dictionary),
    ("link-template", Kind::List),
    ("no-vary-search", Kind::Dictionary),
    ("origin-agent-cluster", Kind::Item(Bare::Boolean)),
    ("permissions-policy", Kind::Dictionary),
    ("permissions-policy-report-only", Kind::Dictionary),
    ("priority", Kind::Dictionary),
    ("proxy-status", Kind::List),
    ("reporting-endpoints", Kind::Dictionary),
    ("repr-digest", Kind::Dictionary),
    ("signature", Kind::Dictionary),
    ("signature-input", Kind::Dictionary),
    ("speculation-rules", Kind::List),
    ("supports-loading-mode", Kind::List),
    ("use-as-dictionary", Kind::Dictionary),
    ("want-content-digest", Kind::Dictionary),
    ("want-repr-digest", Kind::Dictionary),
];

pub(super) static NAMES: &[&str] = &names(&FIELDS);

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.fields().lines() {
        let Some(kind) = row(&FIELDS, line) else {
            continue;
        };
        let name = line.name().unwrap_or_default();
        let text = std::str::from_utf8(name).unwrap_or_default();
        let lines = || subject.fields().named(text);
        if lines()
            .next()
            .is_some_and(|first| first.offset() < line.offset())
        {
            continue;
        }
        // RFC 9651 §4.2: the lines of a field are read as one value.
        let value = subject.value(text).unwrap_or_default();
        let Some(why) = fault(&value, kind) else {
            continue;
        };
        let alone = lines().find(|line| fault(&line.value(), kind).is_some());
        let place = alone.or_else(|| lines().last()).unwrap_or(line);
        let what = match kind {
            Kind::List => "list",
            Kind::Dictionary => "dictionary",
            Kind::Item(Bare::Boolean) => "boolean, `?1` or `?0`",
            Kind::Item(Bare::Token) => "token",
            Kind::Item(Bare::Date) => "date, such as `@1767225600`",
        };
        let (name, value) = (Quoted(name), Quoted(&value));
        findings.line(
            place,
            format!("{name} is a structured {what}, and {value} is none ({why}): recipients ignore the field"),
        );
    }
}

/// Why a value is not what it should be.
fn fault(value: &[u8], kind: Kind) -> Option<String> {
    let bare = match kind {
        Kind::List => {
            return Parser::new(value)
                .parse_list_with_visitor(Ignored)
                .err()
                .map(|error| error.to_string());
        }
        Kind::Dictionary => {
            return Parser::new(value)
                .parse_dictionary_with_visitor(Ignored)
                .err()
                .map(|error| error.to_string());
        }
        Kind::Item(bare) => bare,
    };
    let item: Item = match Parser::new(value).parse() {
        Ok(item) => item,
        Err(error) => return Some(error.to_string()),
    };
    let fits = matches!(
        (bare, &item.bare_item),
        (Bare::Boolean, BareItem::Boolean(_))
            | (Bare::Token, BareItem::Token(_))
            | (Bare::Date, BareItem::Date(_))
    );
    let found = match item.bare_item {
        BareItem::Decimal(_) => "a decimal",
        BareItem::Integer(_) => "an integer",
        BareItem::String(_) => "a string",
        BareItem::ByteSequence(_) => "a byte sequence",
        BareItem::Boolean(_) => "a boolean",
        BareItem::Token(_) => "a token",
        BareItem::Date(_) => "a date",
        BareItem::DisplayString(_) => "a display string",
    };
    (!fits).then(|| format!("it is {found}"))
}
