//! Where a response may send clients.

use http::HeaderName;
use http::header::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use super::origin::check_reach;
use crate::call::Call;
use crate::refusal::{Refusal, shown};
use crate::reply::field_value;

/// What the client called this server; nothing if it did not say.
pub(super) fn origin(call: &Call) -> Option<String> {
    let origin = call.origin();
    (!origin.ends_with("//")).then_some(origin)
}

/// A field that a client chose, with its value. Those that send clients elsewhere lead only where redirects may.
///
/// # Errors
///
/// If the value cannot stand in a field, leads to another server that is not on the list, or would hold for more than the playground.
pub(crate) fn checked_field(
    call: &Call,
    name: &HeaderName,
    value: &str,
) -> Result<HeaderValue, Refusal> {
    check_reach(call, name, value)?;
    match name.as_str() {
        "location" => check_target(call, value),
        "refresh" => check_refresh(call, value),
        _ => field_value(name.as_str(), value),
    }
}

/// What does not belong into a URI as it is (RFC 3986 §2); `%` stays, since what is encoded already is not encoded again.
const NOT_IN_A_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The field value for a target to which a response may send clients. It is judged after parsing it as a browser does, never by how its text begins; and what
/// browsers and RFC 3986 read differently is not sent at all, since some client would end up where nobody looked.
///
/// # Errors
///
/// If it leads to another server that is not on the list, is neither http nor https, or is ambiguous.
pub(in crate::scenarios) fn check_target(
    call: &Call,
    target: &str,
) -> Result<HeaderValue, Refusal> {
    let refuse = |what: &str| {
        Err(Refusal::new(
            "target-not-allowed",
            403,
            format!("a redirect to `{}` is not sent: {what}", shown(target)),
        )
        .hint("targets on this server always work; whoever runs it can list other origins"))
    };
    if target.chars().any(char::is_control) {
        return Err(Refusal::parameter(
            "Location",
            target,
            "a target has no CR, LF, NUL, tab or other control characters",
        ));
    }
    if target.trim() != target {
        return refuse("some clients drop the space around it, others do not");
    }
    if let Some(what) = ambiguity(target) {
        return refuse(what);
    }
    let base = origin(call).and_then(|origin| Url::parse(&origin).ok());
    let Some(base) = base.and_then(|base| base.join(call.parts.uri.path()).ok()) else {
        return refuse("this request does not say by which name it called this server");
    };
    let Ok(url) = base.join(target) else {
        return refuse("it is no URL");
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("only http and https are");
    }
    if url.path().starts_with("//") && authority(target).is_none() {
        return refuse(
            "once its dots are resolved, its path begins with two slashes, and may be taken for a host",
        );
    }
    let is_listed = call
        .shared
        .options
        .redirect_origins
        .iter()
        .filter_map(|origin| Url::parse(origin).ok())
        .any(|origin| origin.origin() == url.origin());
    if url.origin() != base.origin() && !is_listed {
        return refuse("it leads to another server");
    }
    let encoded = utf8_percent_encode(target, NOT_IN_A_URI).to_string();
    field_value("Location", &encoded)
}

/// The scheme of a target if it has one, and what follows it up to the query.
fn split(target: &str) -> (Option<&str>, &str) {
    let path_end = target.find(['?', '#']).unwrap_or(target.len());
    let (before_query, _) = target.split_at(path_end);
    match before_query.split_once(':') {
        Some((scheme, rest)) if !scheme.contains('/') => (Some(scheme), rest),
        _ => (None, before_query),
    }
}

/// What of a target names a host.
fn authority(target: &str) -> Option<&str> {
    let (_, after_scheme) = split(target);
    after_scheme.strip_prefix("//")?.split('/').next()
}

/// In what way clients would read a target differently, if they would.
fn ambiguity(target: &str) -> Option<&'static str> {
    let (scheme, after_scheme) = split(target);
    if scheme.is_some_and(|scheme| scheme.contains('\\')) || after_scheme.contains('\\') {
        return Some("browsers take its backslash for a slash, others do not");
    }
    let authority = authority(target);
    if scheme.is_some() && authority.is_none() {
        return Some("a URL with a scheme has two slashes after it");
    }
    let authority = authority?;
    if authority.is_empty() {
        return Some("it has two slashes and then no host");
    }
    if authority.contains('@') {
        return Some("it has a user name in front of the host");
    }
    let is_plain = authority
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    (!is_plain).then_some("its host is not written in plain ASCII")
}

/// The value of a Refresh field, `5` or `5; url=/get`. No RFC has it, but browsers follow it as they follow Location.
fn check_refresh(call: &Call, value: &str) -> Result<HeaderValue, Refusal> {
    let refuse = |what: &str| Err(Refusal::parameter("Refresh", value, what));
    let digits = value
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(value.len());
    let (time, rest) = value.split_at(digits);
    if time.is_empty() {
        return refuse("it begins with a number of seconds");
    }
    if rest.is_empty() {
        return field_value("Refresh", value);
    }
    let Some(target) = rest
        .strip_prefix(';')
        .map(|rest| rest.trim_start_matches(' '))
        .filter(|rest| {
            rest.get(..4)
                .is_some_and(|word| word.eq_ignore_ascii_case("url="))
        })
        .and_then(|rest| rest.get(4..))
    else {
        return refuse("it is written as `5; url=/get`");
    };
    if target.is_empty() || target.starts_with(['"', '\'', ' ', '=']) {
        return refuse("its URL stands there without quotes and spaces");
    }
    let mut written = format!("{time}; url=").into_bytes();
    written.extend_from_slice(check_target(call, target)?.as_bytes());
    HeaderValue::from_bytes(&written)
        .map_err(|_| Refusal::parameter("Refresh", value, "it is no field value"))
}
