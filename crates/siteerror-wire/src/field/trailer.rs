//! Which fields may come after the content.

/// RFC 9110 §6.5.1: fields of "message framing, routing, authentication, request modifiers, response controls, or content format" come too late after
/// the content. RFC 6265 §3 sets cookies in the header section.
const NO_TRAILERS: &[&str] = &[
    "age",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "cookie",
    "expect",
    "expires",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "retry-after",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "www-authenticate",
];

/// Whether a field of this name may be a trailer, as far as it is known: RFC 9110 §6.5.1. An unknown one may, since only its definition could forbid it.
pub fn may_be_trailer(name: &[u8]) -> bool {
    !NO_TRAILERS
        .iter()
        .any(|no| name.eq_ignore_ascii_case(no.as_bytes()))
}
