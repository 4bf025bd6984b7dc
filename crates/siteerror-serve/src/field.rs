//! The small grammar of field lines: tokens, names and values, hosts, and the control characters that may stand in none of them.

use crate::defect::{Defect, shown};

/// Which bytes a token may have (RFC 9110 §5.6.2).
const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let text = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut index = 0;
    while index < text.len() {
        table[text[index] as usize] = true;
        index += 1;
    }
    table
};

pub(crate) fn is_token(byte: u8) -> bool {
    TOKEN[usize::from(byte)]
}

/// Name and value of a field line (RFC 9112 §5).
pub(crate) fn split_field(line: &[u8]) -> Result<(&[u8], &[u8]), Defect> {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return Err(Defect::LineFolding);
    }
    let length = line
        .iter()
        .position(|byte| !is_token(*byte))
        .unwrap_or(line.len());
    let (name, rest) = line.split_at(length);
    match rest {
        [b':', value @ ..] if !name.is_empty() => Ok((name, value.trim_ascii())),
        [] => Err(Defect::FieldLine(shown(line))),
        [b' ' | b'\t', ..] if rest.trim_ascii_start().first() == Some(&b':') => {
            Err(Defect::SpaceBeforeColon(shown(name)))
        }
        _ => match line.iter().position(|byte| *byte == b':') {
            Some(colon) => Err(Defect::FieldName(shown(&line[..colon]))),
            None => Err(Defect::FieldLine(shown(line))),
        },
    }
}

/// `uri-host [ ":" port ]` of RFC 9110 §7.2, which may be empty.
pub(crate) fn is_authority(value: &[u8]) -> bool {
    let (host, port) = if value.first() == Some(&b'[') {
        let Some(end) = value.iter().position(|byte| *byte == b']') else {
            return false;
        };
        // RFC 3986 §3.2.2: an IPv6 address, or one of a future version.
        let inner = &value[1..end];
        let is_future = matches!(inner.first(), Some(b'v' | b'V'))
            && inner
                .iter()
                .all(|byte| is_name_byte(*byte) || *byte == b':');
        let address = str::from_utf8(inner).map(str::parse::<std::net::Ipv6Addr>);
        if !is_future && !matches!(address, Ok(Ok(_))) {
            return false;
        }
        (&b""[..], &value[end + 1..])
    } else {
        let colon = value
            .iter()
            .position(|byte| *byte == b':')
            .unwrap_or(value.len());
        value.split_at(colon)
    };
    is_name(host)
        && match port {
            [] => true,
            [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
            _ => false,
        }
}

/// `reg-name` of RFC 3986 §3.2.2, of which an IPv4 address is a special case.
fn is_name(name: &[u8]) -> bool {
    let mut bytes = name.iter();
    while let Some(byte) = bytes.next() {
        let is_fine = match byte {
            b'%' => {
                bytes.next().is_some_and(u8::is_ascii_hexdigit)
                    && bytes.next().is_some_and(u8::is_ascii_hexdigit)
            }
            byte => is_name_byte(*byte),
        };
        if !is_fine {
            return false;
        }
    }
    true
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

/// The first control character at or after a position, eight bytes at a time.
pub(crate) fn control_from(bytes: &[u8], from: usize) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGHS: u64 = ONES << 7;
    let (words, rest) = bytes[from..].as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // In each mask the lowest bit set is true: a borrow disturbs only the bytes above one that matches.
        let low = word.wrapping_sub(ONES * 0x20) & !word;
        let deleted = word ^ (ONES * 0x7f);
        let deleted = deleted.wrapping_sub(ONES) & !deleted;
        let found = (low | deleted) & HIGHS;
        if found != 0 {
            return Some(from + index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let before = bytes.len() - rest.len();
    rest.iter()
        .position(|byte| *byte < b' ' || *byte == 0x7f)
        .map(|at| before + at)
}
