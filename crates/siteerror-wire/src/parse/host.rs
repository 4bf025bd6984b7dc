//! Judges the Host of a request.

use crate::defect::{DefectKind as D, Defects};
use crate::message::{RequestHead, Version, at};

/// RFC 9112 §3.2: exactly one Host in a request of HTTP/1.1 or later; RFC 9110 §7.2: `uri-host [ ":" port ]`.
pub(crate) fn judge_host(head: &RequestHead, defects: &mut Defects) {
    let mut lines = head.fields.named("host");
    let Some(first) = lines.next() else {
        if matches!(head.version, Version::Http(1, 1..)) {
            defects.note(D::HostMissing, head.fields.offset());
        }
        return;
    };
    if let Some(second) = lines.next() {
        defects.note(D::HostMultiple, second.offset());
    }
    if !is_host(&first.value()) {
        defects.note(D::HostBad, first.offset());
    }
}

/// Whether the bytes are a host of RFC 3986 §3.2.2 with an optional port. The inside of brackets is not looked into.
fn is_host(value: &[u8]) -> bool {
    let (bracketed, rest) = match value.strip_prefix(b"[") {
        Some(inside) => {
            let Some(end) = inside.iter().position(|byte| *byte == b']') else {
                return false;
            };
            let inside_fits =
                |byte: &u8| byte.is_ascii_alphanumeric() || b":.-_~!$&'()*+,;=".contains(byte);
            if end == 0 || !at(inside, &(0..end)).iter().all(inside_fits) {
                return false;
            }
            (true, at(inside, &(end.saturating_add(1)..inside.len())))
        }
        None => (false, value),
    };
    let mut halves = rest.splitn(2, |byte| *byte == b':');
    let name = halves.next().unwrap_or_default();
    let port = halves.next().unwrap_or_default();
    let name_fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(byte);
    (!bracketed || name.is_empty())
        && name.iter().all(name_fits)
        && port.iter().all(u8::is_ascii_digit)
}
