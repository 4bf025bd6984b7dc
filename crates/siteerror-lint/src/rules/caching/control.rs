//! The directives of Cache-Control.

use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::{self, Directive};

/// Directives whose argument is a number of seconds: RFC 9111 §5.2.2, RFC 5861.
const SECONDS: &[&str] = &[
    "max-age",
    "s-maxage",
    "stale-while-revalidate",
    "stale-if-error",
];

/// Directives that have no argument: RFC 9111 §5.2.2, RFC 8246.
const BARE: &[&str] = &[
    "no-store",
    "no-transform",
    "must-revalidate",
    "proxy-revalidate",
    "must-understand",
    "public",
    "immutable",
];

/// Directives that speak of requests only: RFC 9111 §5.2.1.
const REQUEST: &[&str] = &["max-stale", "min-fresh", "only-if-cached"];

fn shown(text: &str) -> String {
    let end = text.char_indices().nth(60).map_or(text.len(), |(at, _)| at);
    Shown(text.get(..end).unwrap_or_default().as_bytes()).to_string()
}

fn is_seconds(argument: Option<&str>) -> bool {
    argument.is_some_and(|argument| values::delta_seconds(argument.as_bytes()).is_some())
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for directive in subject
        .directives()
        .iter()
        .filter(|directive| !directive.fits)
    {
        let text = shown(&directive.text);
        findings.line(
            directive.line,
            format!("`{text}` is no directive, so caches skip it or take it for another"),
        );
    }
}

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    for directive in subject.directives() {
        if SECONDS.contains(&directive.name.as_ref()) && !is_seconds(directive.argument.as_deref())
        {
            let text = shown(&directive.text);
            findings.line(directive.line, format!("`{text}` has no number of seconds, and caches are encouraged to treat the response as stale"));
        }
    }
}

pub(super) fn quoted_delta(subject: &Subject<'_>, findings: &mut Findings) {
    for directive in subject.directives() {
        let seconds =
            SECONDS.contains(&directive.name.as_ref()) && is_seconds(directive.argument.as_deref());
        if seconds && directive.quoted {
            let text = shown(&directive.text);
            findings.line(
                directive.line,
                format!("The number in `{text}` stands in quotes, where it has to stand without"),
            );
        }
    }
}

pub(super) fn unquoted_field_names(subject: &Subject<'_>, findings: &mut Findings) {
    for directive in subject.directives() {
        let names_fields = ["no-cache", "private"].contains(&directive.name.as_ref());
        if names_fields && directive.fits && !directive.is_bare() && !directive.quoted {
            let text = shown(&directive.text);
            findings.line(
                directive.line,
                format!(
                    "The field name in `{text}` stands without quotes, which not every cache reads"
                ),
            );
        }
    }
}

pub(super) fn unexpected_argument(subject: &Subject<'_>, findings: &mut Findings) {
    for directive in subject.directives() {
        if BARE.contains(&directive.name.as_ref()) && directive.fits && !directive.is_bare() {
            let (text, name) = (shown(&directive.text), &directive.name);
            findings.line(
                directive.line,
                format!("`{text}` gives an argument to a directive that has none, `{name}`"),
            );
        }
    }
}

pub(super) fn request_directive(subject: &Subject<'_>, findings: &mut Findings) {
    for directive in subject.directives() {
        if REQUEST.contains(&directive.name.as_ref()) {
            let text = shown(&directive.text);
            findings.line(
                directive.line,
                format!("`{text}` is for requests and means nothing in a response"),
            );
        }
    }
}

pub(super) fn duplicate(subject: &Subject<'_>, findings: &mut Findings) {
    let all = subject.directives();
    for (index, directive) in all.iter().enumerate() {
        let before = all
            .iter()
            .take(index)
            .find(|other| other.name == directive.name);
        if let Some(before) = before.filter(|_| directive.fits) {
            let (first, second) = (shown(&before.text), shown(&directive.text));
            findings.line(directive.line, format!("`{first}` and `{second}`: a cache takes the first, or takes the response for stale"));
        }
    }
}

fn find<'a, 'b>(all: &'b [Directive<'a>], name: &str) -> Option<&'b Directive<'a>> {
    all.iter()
        .find(|directive| directive.name == name && directive.fits)
}

pub(super) fn conflict(subject: &Subject<'_>, findings: &mut Findings) {
    let all = subject.directives();
    // Qualified by field names, it is about those fields only.
    let private = find(all, "private").filter(|directive| directive.is_bare());
    if let Some(private) = private {
        if find(all, "public").is_some() {
            findings.line(private.line, "`public` and `private` together: shared caches take the stricter one and store nothing");
        }
        if find(all, "s-maxage").is_some() {
            findings.line(private.line, "`s-maxage` speaks to shared caches, and `private` keeps them from storing the response at all");
        }
    }
    let Some(no_store) = find(all, "no-store") else {
        return;
    };
    // RFC 9111 §5.2.2.3: `must-understand` comes with `no-store` on purpose.
    if find(all, "must-understand").is_some() {
        return;
    }
    let stored = all.iter().find(|directive| match directive.name.as_ref() {
        // A freshness of nothing contradicts nothing: many send it for caches that are older than no-store.
        "max-age" | "s-maxage" => {
            directive
                .argument
                .as_deref()
                .and_then(|seconds| values::delta_seconds(seconds.as_bytes()))
                > Some(0)
        }
        "public" | "immutable" => true,
        _ => false,
    });
    if let Some(stored) = stored {
        let text = shown(&stored.text);
        findings.line(
            no_store.line,
            format!("`no-store` forbids what `{text}` is about, and wins"),
        );
    }
}

pub(super) fn must_understand_no_store(subject: &Subject<'_>, findings: &mut Findings) {
    let all = subject.directives();
    if let Some(directive) = find(all, "must-understand")
        && find(all, "no-store").is_none()
    {
        findings.line(directive.line, "`must-understand` stands without `no-store`, so caches that don't know it store the response all the same");
    }
}

pub(super) fn immutable_without_freshness(subject: &Subject<'_>, findings: &mut Findings) {
    let all = subject.directives();
    let fresh = ["max-age", "s-maxage"]
        .iter()
        .any(|name| find(all, name).is_some());
    if let Some(directive) = find(all, "immutable")
        && !fresh
        && !subject.has("expires")
    {
        findings.line(
            directive.line,
            "`immutable` counts while the response is fresh, and nothing says for how long that is",
        );
    }
}
