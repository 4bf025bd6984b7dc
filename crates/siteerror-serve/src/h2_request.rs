//! What is asked of a request on HTTP/2 before its handler sees it. The library has looked at everything that makes a message malformed in itself.

use http::header::{HOST, HeaderMap};
use http::uri::{Authority, Scheme};
use http::{Method, Request, Uri};

use crate::defect::{Defect, shown};
use crate::field::is_authority;
use crate::options::Limits;

/// What a field counts beyond its name and its value (RFC 9113 §6.5.2).
const FIELD_OVERHEAD: usize = 32;

/// Looks at a head, and completes its target by the field Host if the target names no authority.
pub(crate) fn judge<T>(
    request: &mut Request<T>,
    limits: &Limits,
    is_tls: bool,
) -> Result<(), Defect> {
    if target(request).len() > limits.target_bytes {
        return Err(Defect::TargetTooLong(limits.target_bytes));
    }
    let headers = request.headers();
    if headers.len() > limits.fields {
        return Err(Defect::TooManyFields(limits.fields));
    }
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + FIELD_OVERHEAD)
        .sum();
    if bytes > limits.fields_bytes {
        return Err(Defect::FieldsTooLarge(limits.fields_bytes));
    }
    // RFC 9113 §8.3.1: `*` is the path of OPTIONS alone. §8.5: CONNECT names a host and a port.
    let has_form = match *request.method() {
        Method::OPTIONS => true,
        Method::CONNECT => request.uri().port_u16().is_some_and(|port| port > 0),
        _ => request.uri().path() != "*",
    };
    if !has_form {
        return Err(Defect::Target(shown(target(request).as_bytes())));
    }
    let host = host(headers)?;
    let Some(authority) = request.uri().authority().map(Authority::as_str) else {
        let host = host.ok_or(Defect::AuthorityMissing)?;
        complete(request, host, is_tls);
        return Ok(());
    };
    // RFC 9113 §8.3.1: ":authority" MUST NOT include the deprecated userinfo subcomponent.
    if authority.is_empty() || !is_authority(authority.as_bytes()) {
        return Err(Defect::Authority(shown(authority.as_bytes())));
    }
    match host {
        Some(host) if !is_same(authority, host.as_str(), is_tls) => Err(Defect::AuthorityAndHost(
            shown(authority.as_bytes()),
            shown(host.as_str().as_bytes()),
        )),
        _ => Ok(()),
    }
}

/// The target as it stands in `:path`, or in `:authority` for CONNECT.
pub(crate) fn target<T>(request: &Request<T>) -> &str {
    let uri = request.uri();
    match uri.path_and_query() {
        Some(path) if request.method() != Method::CONNECT => path.as_str(),
        _ => uri.authority().map_or("", Authority::as_str),
    }
}

fn host(headers: &HeaderMap) -> Result<Option<Authority>, Defect> {
    let mut hosts = headers.get_all(HOST).iter();
    let Some(host) = hosts.next() else {
        return Ok(None);
    };
    if hosts.next().is_some() {
        return Err(Defect::HostRepeated);
    }
    let host = host.as_bytes();
    Authority::try_from(host)
        .ok()
        .filter(|authority| is_authority(authority.as_str().as_bytes()))
        .map(Some)
        .ok_or_else(|| Defect::Host(shown(host)))
}

/// RFC 9113 §8.3.1: the values "need to be normalized to compare them", which for hosts is the case and the usual port (RFC 3986 §6.2).
fn is_same(authority: &str, host: &str, is_tls: bool) -> bool {
    let usual = if is_tls { ":443" } else { ":80" };
    let plain = |text: &str| {
        let text = text.strip_suffix(usual).unwrap_or(text);
        text.strip_suffix(':').unwrap_or(text).to_ascii_lowercase()
    };
    plain(authority) == plain(host)
}

fn complete<T>(request: &mut Request<T>, host: Authority, is_tls: bool) {
    let mut parts = request.uri().clone().into_parts();
    parts.authority = Some(host);
    if parts.path_and_query.is_some() {
        parts.scheme = Some(if is_tls { Scheme::HTTPS } else { Scheme::HTTP });
    }
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}
