//! The head of a request as it was sent, byte for byte: order, case and repeats of the fields, which parsers forget.

use siteerror_serve::EventKind;

use crate::call::Call;

/// The head with its empty line, if the connection kept it. HTTP/2 has none: it compresses fields, and their names have no case.
pub(super) fn head(call: &Call) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for event in call.wire.recording()?.events() {
        if let EventKind::Received(piece) = event.kind {
            bytes.extend_from_slice(&piece);
            if let Some(end) = end(&bytes) {
                bytes.truncate(end);
                return Some(bytes);
            }
        }
    }
    None
}

/// Where the empty line ends. RFC 9112 §2.2: a line may end with LF alone, and empty lines may stand in front of a request.
fn end(bytes: &[u8]) -> Option<usize> {
    let start = bytes.iter().position(|byte| !b"\r\n".contains(byte))?;
    let mut is_empty = false;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'\n' if is_empty => return Some(at + 1),
            b'\n' => is_empty = true,
            b'\r' => {}
            _ => is_empty = false,
        }
    }
    None
}

/// The field lines of a head, in their order.
pub(super) fn fields(head: &[u8]) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    head.trim_ascii_start()
        .split(|byte| *byte == b'\n')
        .skip(1)
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at(colon);
            Some((text(name), text(value[1..].trim_ascii())))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_with_its_empty_line() {
        for (bytes, expected) in [
            ("GET / HTTP/1.1\r\nA: b\r\n\r\nrest", Some(24)),
            ("\r\nGET / HTTP/1.1\nA: b\n\nrest", Some(23)),
            ("GET / HTTP/1.1\r\nA: b\r\n", None),
            ("\r\n\r\n", None),
            ("", None),
        ] {
            assert_eq!(end(bytes.as_bytes()), expected, "{bytes:?}");
        }
        let fields = fields(b"GET / HTTP/1.1\r\nb:  1 \r\nA: 2:3\r\nb:\r\n\r\n");
        let expected = [("b", "1"), ("A", "2:3"), ("b", "")];
        assert!(
            fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .eq(expected)
        );
    }
}
