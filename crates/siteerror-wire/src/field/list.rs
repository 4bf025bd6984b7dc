//! Lists, quoted strings and parameters, as most fields are built from them.

use std::borrow::Cow;

pub(crate) use crate::message::trim;

/// Whether bytes are a token: RFC 9110 §5.6.2.
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| is_tchar(*byte))
}

/// One comparison of ranges and bits, not a search: it is asked of every byte of every name.
fn is_tchar(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'^'..=b'z' | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'|' | b'~')
}

/// The elements of a comma-separated list, without whitespace around them and without empty ones: RFC 9110 §5.6.1.2.
///
/// A comma inside a quoted string does not part. A string that is not closed reaches to the end.
///
/// ```
/// let elements: Vec<_> = siteerror_wire::field::list(b"foo , ,\"a,b\",bar").collect();
/// assert_eq!(elements, [&b"foo"[..], b"\"a,b\"", b"bar"]);
/// ```
pub fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    parts(value, b',').filter(|element| !element.is_empty())
}

/// One name with its value, after a semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// The name as sent; RFC 9110 §5.6.6: case does not matter.
    pub name: &'a [u8],
    /// The value, without quotes; none if there is no `=`.
    pub value: Option<Cow<'a, [u8]>>,
}

/// Parts `text/html; charset=utf-8` into what stands before the first semicolon, and the parameters: RFC 9110 §5.6.6. Empty parameters are left out.
///
/// Whitespace around `=` is not allowed and read all the same; a value in broken quotes stays as it is.
pub fn parameters(element: &[u8]) -> (&[u8], Vec<Parameter<'_>>) {
    let mut parts = parts(element, b';');
    let first = parts.next().unwrap_or_default();
    let parameters = parts.filter(|part| !part.is_empty()).map(|part| {
        let mut halves = part.splitn(2, |byte| *byte == b'=');
        let name = trim(halves.next().unwrap_or_default());
        let value = halves
            .next()
            .map(trim)
            .map(|value| unquote(value).map_or(Cow::Borrowed(value), Cow::Owned));
        Parameter { name, value }
    });
    (first, parameters.collect())
}

/// What a quoted string says: RFC 9110 §5.6.4. None if the bytes are not exactly one quoted string.
pub fn unquote(bytes: &[u8]) -> Option<Vec<u8>> {
    let inner = bytes.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut said = Vec::with_capacity(inner.len());
    let mut inner = inner.iter().copied();
    while let Some(byte) = inner.next() {
        match byte {
            b'"' => return None,
            b'\\' => said.push(inner.next().filter(|next| is_text(*next))?),
            byte if is_text(byte) => said.push(byte),
            _ => return None,
        }
    }
    Some(said)
}

/// Tab, space, visible ASCII and bytes from 0x80 up.
fn is_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~' | 0x80..)
}

/// Parts at a separator outside quoted strings, each without whitespace around it.
fn parts(value: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    value
        .split(move |byte| {
            if escaped {
                escaped = false;
            } else if quoted && *byte == b'\\' {
                escaped = true;
            } else if *byte == b'"' {
                quoted = !quoted;
            } else {
                return !quoted && *byte == separator;
            }
            false
        })
        .map(trim)
}
