//! What stands after the first semicolon.

use siteerror_wire::connection::Scheme;
use siteerror_wire::field::DateForm;
use siteerror_wire::write::Shown;

use super::cookie::{Cookie, cookies};
use crate::finding::Findings;
use crate::subject::Subject;
use crate::values;

pub(super) fn samesite_none_insecure(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        let none = cookie
            .attribute("samesite")
            .is_some_and(|value| value.eq_ignore_ascii_case(b"none"));
        if none && !cookie.is_secure() {
            let name = cookie.shown();
            findings.line(
                cookie.line,
                format!("{name} has SameSite=None and no Secure, so Chrome and others drop it"),
            );
        }
    }
}

pub(super) fn prefix_bad(subject: &Subject<'_>, findings: &mut Findings) {
    // Clients compare the prefix without regard to case: draft-ietf-httpbis-rfc6265bis §5.7.
    let has = |cookie: &Cookie<'_>, prefix: &[u8]| {
        let start = cookie.name.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    for cookie in cookies(subject) {
        let host = has(&cookie, b"__Host-");
        if !host && !has(&cookie, b"__Secure-") {
            continue;
        }
        let over_http = subject.scheme() == Some(Scheme::Http);
        let lacks = if !cookie.is_secure() {
            Some("it has no Secure")
        } else if over_http {
            Some("it came over http")
        } else if host
            && cookie
                .attribute("domain")
                .is_some_and(|domain| !domain.is_empty())
        {
            Some("it has a Domain")
        } else if host && cookie.attribute("path") != Some(b"/") {
            Some("its Path is not /")
        } else {
            None
        };
        if let Some(lacks) = lacks {
            let name = cookie.shown();
            findings.line(cookie.line, format!("Clients drop {name}: its prefix promises more than the line keeps, since {lacks}"));
        }
    }
}

pub(super) fn not_secure(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.scheme() != Some(Scheme::Https) {
        return;
    }
    for cookie in cookies(subject) {
        if !cookie.is_secure() && !cookie.is_removal() {
            let name = cookie.shown();
            findings.line(cookie.line, format!("{name} was set over https without Secure, so the browser also sends it over plain http"));
        }
    }
}

pub(super) fn not_httponly(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        if cookie.attribute("httponly").is_none() && !cookie.is_removal() {
            let name = cookie.shown();
            findings.line(
                cookie.line,
                format!("Scripts can read {name}: it has no HttpOnly"),
            );
        }
    }
}

pub(super) fn expires_bad(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        let Some(value) = cookie.attribute("expires") else {
            continue;
        };
        // RFC 6265 §4.1.1: `sane-cookie-date`, which is the form that HTTP-date prefers. Clients read many others (§5.1.1), each in its own way.
        let form = values::date(value).map(siteerror_wire::field::HttpDate::form);
        if form != Some(DateForm::Imf) {
            let (name, value) = (cookie.shown(), Shown(value.get(..60).unwrap_or(value)));
            findings.line(cookie.line, format!("{name} expires `{value}`, which is no date of the form `Wed, 09 Jun 2027 10:18:14 GMT`"));
        }
    }
}

pub(super) fn duplicate(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        let twice = cookie
            .attributes
            .iter()
            .enumerate()
            .find(|(index, (name, _))| {
                cookie.attributes[..*index]
                    .iter()
                    .any(|(other, _)| other == name)
            });
        if let Some((_, (attribute, _))) = twice {
            let (name, attribute) = (
                cookie.shown(),
                Shown(attribute.get(..40).unwrap_or(attribute)),
            );
            findings.line(
                cookie.line,
                format!(
                    "{name} has the attribute `{attribute}` more than once, and the last one counts"
                ),
            );
        }
    }
}

pub(super) fn max_age(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        let Some(value) = cookie.attribute("max-age") else {
            continue;
        };
        let digits = value.strip_prefix(b"-").unwrap_or(value);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            let (name, value) = (cookie.shown(), Shown(value.get(..40).unwrap_or(value)));
            findings.line(
                cookie.line,
                format!(
                    "The Max-Age of {name}, `{value}`, is no number of seconds, so clients skip it"
                ),
            );
        }
    }
}
