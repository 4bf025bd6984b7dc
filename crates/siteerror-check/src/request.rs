//! The request that a hop sends. Written from what was judged, never from what was typed: target, Host and SNI all come from the parsed URL.

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use siteerror_guard::Target;
use siteerror_guard::options::stays_with_origin;
use siteerror_wire::{RequestHead, Version};

use crate::check::Options;

/// What asks. Whoever has a page that explains these visits gives the User-Agent of [`introduction`], as one of the fields of [`Options`].
pub const USER_AGENT: &str = concat!("siteerror/", env!("CARGO_PKG_VERSION"));

/// The longest URL that a User-Agent carries.
const LONGEST_PAGE: usize = 200;

/// What asks, with the URL of a page that explains why: `siteerror/1.0 (+https://example.com/check)`. None where it is no absolute `http` or `https` URL of up to
/// 200 bytes that can stand in a comment (RFC 9110 §5.6.5), or where it has a user name in it.
pub fn introduction(page: &str) -> Option<String> {
    let url = url::Url::parse(page).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_plain = url.username().is_empty() && url.password().is_none();
    let text = url.as_str();
    let fits = text.len() <= LONGEST_PAGE && !text.contains(['(', ')', '\\']);
    (is_web && is_plain && fits).then(|| format!("{USER_AGENT} (+{text})"))
}

/// The codings that can be decoded here.
const ACCEPT_ENCODING: &str = "gzip, deflate, br, zstd";

/// What a hop adds to the options.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) target: &'a Target,
    pub(crate) method: &'a str,
    /// Whether user name and password of the URL may be sent.
    pub(crate) credentials: bool,
    /// Whether fields that stay with their origin may be sent.
    pub(crate) secrets: bool,
    /// The proxy that gets the request and passes it on; none where there is none, or a tunnel.
    pub(crate) proxy: Option<&'a Target>,
    /// What the jar says.
    pub(crate) cookie: Option<&'a str>,
    /// Fields of a probe; they replace others of their name.
    pub(crate) extra: &'a [(&'a str, &'a str)],
}

/// The head for HTTP/1.1 or HTTP/2.
pub(crate) fn head(ask: &Ask<'_>, options: &Options, version: Version) -> RequestHead {
    let url = ask.target.url();
    let host = authority(ask.target);
    let credentials = ask
        .target
        .credentials()
        .filter(|_| ask.credentials)
        .map(|credentials| basic(credentials.user(), credentials.password()));
    let mut fields: Vec<(&str, &str)> = Vec::with_capacity(8);
    let given = |name: &str| {
        let named = |(field, _): &&(String, String)| field.eq_ignore_ascii_case(name);
        options.fields.iter().find(named).is_some()
            || ask
                .extra
                .iter()
                .any(|(field, _)| field.eq_ignore_ascii_case(name))
    };
    if !given("host") && version != Version::HTTP_2 {
        fields.push(("Host", &host));
    }
    for (name, value) in [
        ("User-Agent", USER_AGENT),
        ("Accept", "*/*"),
        ("Accept-Encoding", ACCEPT_ENCODING),
    ] {
        if !given(name) {
            fields.push((name, value));
        }
    }
    if let Some(credentials) = credentials.as_deref().filter(|_| !given("authorization")) {
        fields.push(("Authorization", credentials));
    }
    for (name, value) in &options.fields {
        let secret = stays_with_origin(name);
        let replaced = ask
            .extra
            .iter()
            .any(|(field, _)| field.eq_ignore_ascii_case(name));
        if (ask.secrets || !secret) && !replaced {
            fields.push((name, value));
        }
    }
    fields.extend(
        ask.extra
            .iter()
            .copied()
            .filter(|(_, value)| !value.is_empty()),
    );
    if let Some(cookie) = ask.cookie {
        fields.push(("Cookie", cookie));
    }
    // RFC 9112 §3.2.2: a proxy gets the whole of it.
    let begin = match ask.proxy {
        Some(_) => url::Position::BeforeScheme,
        None => url::Position::BeforePath,
    };
    let path = &url[begin..url::Position::AfterQuery];
    let for_proxy = ask.proxy.and_then(proxy_authorization);
    if let Some(credentials) = &for_proxy {
        fields.push(("Proxy-Authorization", credentials));
    }
    if version == Version::HTTP_2 {
        // RFC 9113 §8.2.1: names are in lower case.
        let fields = fields
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), *value));
        RequestHead::of(ask.method, path, version, fields)
    } else {
        RequestHead::of(ask.method, path, version, fields.iter().copied())
    }
}

/// Host and port as the Host field says them: RFC 9110 §7.2, without the port that the scheme implies.
pub(crate) fn authority(target: &Target) -> String {
    let url = target.url();
    url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
}

/// What a proxy wants to know: RFC 9110 §11.7.2.
pub(crate) fn proxy_authorization(proxy: &Target) -> Option<String> {
    let credentials = proxy.credentials()?;
    Some(basic(credentials.user(), credentials.password()))
}

/// RFC 7617 §2.
fn basic(user: &[u8], password: &[u8]) -> String {
    let pair = [user, b":", password].concat();
    format!("Basic {}", BASE64.encode(pair))
}

#[cfg(test)]
mod tests {
    use super::{USER_AGENT, basic, introduction};

    #[test]
    fn an_introduction_is_a_product_and_a_comment() {
        let expected = format!("{USER_AGENT} (+https://example.com/check)");
        assert_eq!(introduction("https://example.com/check"), Some(expected));
        for wrong in [
            "",
            "example.com",
            "mailto:a@example.com",
            "https://u:p@example.com/",
            "https://example.com/(x)",
            "https://example.com/?)",
        ] {
            assert_eq!(introduction(wrong), None, "{wrong}");
        }
        assert_eq!(
            introduction(&format!("https://x/{}", "a".repeat(200))),
            None
        );
        // What would end the field is encoded by the parser, or dropped by it.
        let odd = introduction("https://example.com/a b\r\nX: y").expect("it can be read");
        assert!(!odd.contains(['\r', '\n']), "{odd}");
    }

    #[test]
    fn credentials_are_written_as_in_rfc_7617() {
        // RFC 7617 §2: user-id "Aladdin", password "open sesame".
        assert_eq!(
            basic(b"Aladdin", b"open sesame"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }
}
