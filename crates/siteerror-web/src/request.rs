//! What a request must be like before anything is looked up: RFC 9112, section 3.2.

use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use http::{Method, Version};

/// Says what is wrong with a request's target or `Host`.
pub(crate) fn check(parts: &Parts) -> Result<(), &'static str> {
    let target = parts.uri.path();
    let is_asterisk = target == "*";
    if is_asterisk && parts.method != Method::OPTIONS {
        return Err("`*` as a request target is for OPTIONS only");
    }
    if !is_asterisk && !target.starts_with('/') && parts.method != Method::CONNECT {
        return Err("a request target begins with a slash");
    }
    let mut hosts = parts.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => Err("a request has one `Host` field, this one has several"),
        (None, None) if parts.version == Version::HTTP_11 && parts.uri.host().is_none() => {
            Err("an HTTP/1.1 request has a `Host` field, this one has none")
        }
        (Some(host), None) if !is_authority(host.as_bytes()) => {
            Err("`Host` is a host name or address, with a port or without")
        }
        _ => Ok(()),
    }
}

/// RFC 9110 §7.2: a uri-host with an optional port, and no user name. It may be empty.
fn is_authority(host: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(host) else {
        return false;
    };
    if text.is_empty() {
        return true;
    }
    let port = text
        .rsplit_once(':')
        .filter(|(_, port)| !port.contains(']'))
        .map_or("", |(_, port)| port);
    let has_port = port.is_empty() || port.parse::<u16>().is_ok();
    has_port && !text.contains(['@', ',', ' ', '/']) && Authority::try_from(host).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_and_addresses() {
        for right in [
            "",
            "example.com",
            "example.com:80",
            "example.com:",
            "127.0.0.1:4040",
            "[::1]",
            "[::1]:4040",
            "a_b",
        ] {
            assert!(is_authority(right.as_bytes()), "{right}");
        }
        for wrong in [
            "a b",
            "http://x/",
            "a@b",
            "x:99999999",
            "[::1",
            "a,b",
            "x:y",
        ] {
            assert!(!is_authority(wrong.as_bytes()), "{wrong}");
        }
    }
}
