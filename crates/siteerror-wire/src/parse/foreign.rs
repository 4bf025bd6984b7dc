//! Tells from the first bytes of a line whether HTTP/1 begins here. Nothing is decided before the bytes allow it, so that pieces make no difference.

use crate::framing::Foreign;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sniff {
    /// Too few bytes to say.
    More,
    Http,
    Foreign(Foreign),
}

/// Judges the beginning of a status line; `whole` if no more bytes belong to the line.
pub(crate) fn response(line: &[u8], whole: bool) -> Sniff {
    const NAME: &[u8] = b"HTTP/";
    let seen = line.get(..NAME.len()).unwrap_or(line);
    match line.first() {
        None => Sniff::More,
        Some(0x14..=0x17) => tls(line, whole),
        Some(0) => http2(line, whole),
        Some(_) => match NAME.get(..seen.len()) {
            // In the wrong case it is a defect, and still no other protocol.
            Some(name) if seen.eq_ignore_ascii_case(name) => {
                if seen.len() == NAME.len() {
                    Sniff::Http
                } else if whole {
                    Sniff::Foreign(Foreign::Other)
                } else {
                    Sniff::More
                }
            }
            _ => Sniff::Foreign(Foreign::Other),
        },
    }
}

/// Judges the beginning of a request line. Anything could be a method, except a TLS record.
pub(crate) fn request(line: &[u8], whole: bool) -> Sniff {
    match line.first() {
        None => Sniff::More,
        Some(0x16) => tls(line, whole),
        Some(_) => Sniff::Http,
    }
}

/// RFC 8446 §5.1: a content type from 20 to 23, then the version, 3 and 0 to 4.
fn tls(line: &[u8], whole: bool) -> Sniff {
    match line {
        [_, 3, 0..=4, ..] => Sniff::Foreign(Foreign::Tls),
        [_] | [_, 3] if !whole => Sniff::More,
        _ => Sniff::Foreign(Foreign::Other),
    }
}

/// RFC 9113 §3.4: a server speaks first by a SETTINGS frame: three bytes of length, type 4, flags, and stream 0 in four bytes.
fn http2(line: &[u8], whole: bool) -> Sniff {
    match line {
        [0, _, _, 4, _, 0, 0, 0, 0, ..] => Sniff::Foreign(Foreign::Http2),
        line if line.len() < 9 && !whole => Sniff::More,
        _ => Sniff::Foreign(Foreign::Other),
    }
}
