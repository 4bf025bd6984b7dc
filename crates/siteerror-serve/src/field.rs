//! The small grammar of field lines: tokens, names and values, hosts, and the control characters that may stand in none of them.

use crate::defect::{Defect, shown};

/// Which bytes a token may have (RFC 9110 §5.6.2).
const TOKEN: [bool; 256] = table(b"!#$%&'*+-.^_`|~");

/// Which bytes a name of a host may have besides escapes (RFC 3986 §3.2.2).
const NAME: [bool; 256] = table(b"-._~!$&'()*+,;=");

/// All letters and digits, and these.
pub(crate) const fn table(others: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut index = 0;
    while index < others.len() {
        table[others[index] as usize] = true;
        index += 1;
    }
    table
}

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
    let mut end = run(&NAME, value, 0);
    if value.get(end) == Some(&b'%') {
        end = value
            .iter()
            .position(|byte| *byte == b':')
            .unwrap_or(value.len());
        if !is_name(&value[..end]) {
            return false;
        }
    } else if value.first() == Some(&b'[') {
        let Some(close) = value.iter().position(|byte| *byte == b']') else {
            return false;
        };
        if !is_literal(&value[1..close]) {
            return false;
        }
        end = close + 1;
    }
    match &value[end..] {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// What stands in brackets (RFC 3986 §3.2.2): an IPv6 address, or one of a future version.
fn is_literal(inner: &[u8]) -> bool {
    let is_future = matches!(inner.first(), Some(b'v' | b'V'));
    if is_future {
        return inner
            .iter()
            .all(|byte| is_name_byte(*byte) || *byte == b':');
    }
    let address = str::from_utf8(inner).map(str::parse::<std::net::Ipv6Addr>);
    matches!(address, Ok(Ok(_)))
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
    NAME[usize::from(byte)]
}

/// Where a run of certain bytes ends, four at a time.
pub(crate) fn run(table: &[bool; 256], bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let (fours, _) = bytes[from..].as_chunks::<4>();
    let is_in = |byte: &u8| table[usize::from(*byte)];
    for [first, second, third, fourth] in fours {
        if !(is_in(first) & is_in(second) & is_in(third) & is_in(fourth)) {
            break;
        }
        at += 4;
    }
    while bytes.get(at).is_some_and(is_in) {
        at += 1;
    }
    at
}

/// One in each byte of a word.
const ONES: u64 = u64::MAX / 0xff;
/// The highest bit of each byte of a word.
const HIGHS: u64 = ONES << 7;

/// Where a token ends, eight bytes at a time as long as they are letters and dashes, as most are.
pub(crate) fn token_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(word) = word_at(bytes, at) {
        let others = !letters_and_dashes(word) & HIGHS;
        if others != 0 {
            at += first_byte(others);
            break;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| is_token(*byte)) {
        at += 1;
    }
    at
}

/// The first control character at or after a position, eight bytes at a time.
pub(crate) fn control_from(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(word) = word_at(bytes, at) {
        // In each mask the lowest bit set is true: a borrow disturbs only the bytes above one that matches.
        let low = word.wrapping_sub(ONES * 0x20) & !word;
        let deleted = word ^ (ONES * 0x7f);
        let deleted = deleted.wrapping_sub(ONES) & !deleted;
        let found = (low | deleted) & HIGHS;
        if found != 0 {
            return Some(at + first_byte(found));
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .position(|byte| *byte < b' ' || *byte == 0x7f)
        .map(|found| at + found)
}

/// The eight bytes at a position, the first one lowest.
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*word))
}

/// The highest bit of each byte that is a letter or a dash.
fn letters_and_dashes(word: u64) -> u64 {
    let lows = word & !HIGHS;
    // Both cases of a letter differ in this bit alone. No sum reaches the next byte.
    let lower = lows | (ONES * 0x20);
    let from_a = lower + ONES * (0x80 - 0x61);
    let past_z = lower + ONES * (0x80 - 0x7b);
    let dash = word ^ (ONES * 0x2d);
    let is_dash = !((dash & !HIGHS) + !HIGHS) & !dash;
    (from_a & !past_z & !word) | is_dash
}

/// Which byte of a word has the lowest bit that is set.
fn first_byte(bits: u64) -> usize {
    bits.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_end_at_the_same_byte_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for at in 0..20 {
                let mut bytes = *b"Content-Type-Options-";
                bytes[at] = byte;
                // RFC 9110 §5.6.2: `tchar`.
                let is_tchar = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
                let end = if is_tchar { bytes.len() } else { at };
                assert_eq!(token_end(&bytes, 0), end, "{byte} at {at}");
                let is_control = byte < 0x20 || byte == 0x7f;
                assert_eq!(
                    control_from(&bytes, 0),
                    is_control.then_some(at),
                    "{byte} at {at}"
                );
            }
        }
    }
}
