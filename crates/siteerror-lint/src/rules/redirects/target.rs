//! Where a Location leads: down to http, back to where it came from, in with a password.

use std::borrow::Cow;

use fluent_uri::Uri;
use siteerror_wire::connection::Scheme;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::{quoted, resolve};

pub(super) fn userinfo(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("location") {
        let value = line.value();
        let Some(authority) = authority(&value) else {
            continue;
        };
        let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
            continue;
        };
        let (who, host) = authority.split_at(at);
        let host = quoted(host.strip_prefix(b"@").unwrap_or(host));
        let what = if who.contains(&b':') {
            "a user name and a password"
        } else {
            "a user name"
        };
        findings.line(
            line,
            format!("Location carries {what} for `{host}`, where every log and proxy on the way can read it"),
        );
    }
}

/// What stands between `//` and the path, also where the rest is no URI.
fn authority(value: &[u8]) -> Option<&[u8]> {
    let start = value.windows(2).position(|two| two == b"//")?;
    let before = value.get(..start)?;
    let leads = before.is_empty()
        || before
            .strip_suffix(b":")
            .is_some_and(|scheme| scheme.iter().all(u8::is_ascii_alphanumeric));
    let rest = value.get(start.checked_add(2)?..)?;
    let end = rest.iter().position(|byte| b"/?#".contains(byte));
    leads.then(|| rest.get(..end.unwrap_or(rest.len())).unwrap_or_default())
}

pub(super) fn downgrade(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.scheme() != Some(Scheme::Https) {
        return;
    }
    for line in subject.lines("location") {
        let value = line.value();
        if value
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"http:"))
        {
            let value = quoted(&value);
            findings.line(
                line,
                format!("https leads to `{value}`: the next request can be read and changed by anybody on the way"),
            );
        }
    }
}

pub(super) fn itself(subject: &Subject<'_>, findings: &mut Findings) {
    if !matches!(subject.method(), None | Some(b"GET" | b"HEAD")) || subject.has("set-cookie") {
        return;
    }
    let Some(line) = subject.lines("location").next() else {
        return;
    };
    let value = line.value();
    let Some(location) = std::str::from_utf8(&value).ok().filter(|it| !it.is_empty()) else {
        return;
    };
    // A request alone does not tell its scheme; then the one of Location has to do, and `/a` leads from `/a` to itself whatever the scheme.
    let known = subject.scheme().map(|scheme| match scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    });
    let scheme = known.unwrap_or_else(|| {
        let http = location
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("http:"));
        if http { "http" } else { "https" }
    });
    let Some(asked) = asked_for(subject, scheme) else {
        return;
    };
    let same = resolve(&asked, location)
        .and_then(|target| comparable(&target))
        .is_some_and(|target| comparable(&asked) == Some(target));
    if same {
        let value = quoted(&value);
        let unless = if known.is_none() && location.contains("://") {
            ", if it came by the same scheme"
        } else {
            ""
        };
        findings.line(
            line,
            format!("`{value}` is the address that was just asked for{unless}: a client goes round until it gives up"),
        );
    }
}

/// The URI of the request: by its target and Host, else the one that is known from elsewhere.
fn asked_for<'a>(subject: &Subject<'a>, scheme: &str) -> Option<Cow<'a, str>> {
    let Some(request) = subject.given.request else {
        return subject.given.url.map(Cow::Borrowed);
    };
    let target = std::str::from_utf8(request.head.target()).ok()?;
    if !target.starts_with('/') {
        return Some(Cow::Borrowed(target));
    }
    let host = request.head.fields().get("host")?;
    let host = std::str::from_utf8(&host).ok()?;
    Some(Cow::Owned(format!("{scheme}://{host}{target}")))
}

/// A URI in the form in which two that mean the same are equal: RFC 3986 §6.2.2 and §6.2.3, without its fragment.
fn comparable(uri: &str) -> Option<String> {
    let uri = Uri::parse(uri).ok()?;
    let bare = uri.strip_fragment().normalize();
    if !bare.path().is_empty() {
        return Some(bare.to_string());
    }
    let text = bare.to_string();
    let (before, query) = text
        .split_once('?')
        .map_or((text.as_str(), None), |(before, query)| {
            (before, Some(query))
        });
    Some(match query {
        Some(query) => format!("{before}/?{query}"),
        None => format!("{before}/"),
    })
}
