//! Makes bytes as told, right or wrong: nothing is checked, since breaking the rules on purpose is what some callers are for. And shows bytes to people.

use std::fmt;

/// A head: the start line, field lines, the empty line, all ended by CRLF.
///
/// ```
/// use siteerror_wire::write;
///
/// let head = write::head("HTTP/1.1 204 No Content", [("ETag", "\"1\"")]);
/// assert_eq!(head, b"HTTP/1.1 204 No Content\r\nETag: \"1\"\r\n\r\n");
/// ```
pub fn head<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    start_line: impl AsRef<[u8]>,
    fields: impl IntoIterator<Item = (N, V)>,
) -> Vec<u8> {
    let mut bytes = start_line.as_ref().to_vec();
    bytes.extend_from_slice(b"\r\n");
    bytes.extend(section(fields));
    bytes
}

/// A header or trailer section: field lines and the empty line.
pub fn section<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    fields: impl IntoIterator<Item = (N, V)>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in fields {
        bytes.extend_from_slice(name.as_ref());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_ref());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// One chunk: RFC 9112 §7.1. Of no data it would be the last, so it is nothing then.
pub fn chunk(data: &[u8]) -> Vec<u8> {
    if data.is_empty() {
        return Vec::new();
    }
    let mut bytes = format!("{:x}\r\n", data.len()).into_bytes();
    bytes.extend_from_slice(data);
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// The end of chunked content: the chunk of size zero and the trailer section.
pub fn last_chunk<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    trailers: impl IntoIterator<Item = (N, V)>,
) -> Vec<u8> {
    [b"0\r\n".as_slice(), &section(trailers)].concat()
}

/// Chunked content with its end, in chunks of at most so many bytes; zero counts as one.
pub fn chunked<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    content: &[u8],
    chunk_bytes: usize,
    trailers: impl IntoIterator<Item = (N, V)>,
) -> Vec<u8> {
    let mut bytes: Vec<u8> = content.chunks(chunk_bytes.max(1)).flat_map(chunk).collect();
    bytes.extend(last_chunk(trailers));
    bytes
}

/// Bytes for people, in one line: CR, LF and tab as `\r`, `\n` and `\t`, a backslash doubled, and as `\xNN` whatever is no text or could play tricks with
/// the text around it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a [u8]);

/// Bytes for people, a line of theirs in a line of its own: like [`Shown`], with a line break after each LF.
#[derive(Debug, Clone, Copy)]
pub struct ShownLines<'a>(pub &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nearly all that is shown is plain, and goes out in one piece.
        let plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'\\';
        if self.0.iter().all(plain)
            && let Ok(text) = std::str::from_utf8(self.0)
        {
            return f.write_str(text);
        }
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                show(character, f)?;
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02X}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for ShownLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split_inclusive(|byte| *byte == b'\n') {
            Shown(line).fmt(f)?;
            if line.ends_with(b"\n") {
                f.write_str("\n")?;
            }
        }
        Ok(())
    }
}

fn show(character: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match character {
        '\r' => f.write_str("\\r"),
        '\n' => f.write_str("\\n"),
        '\t' => f.write_str("\\t"),
        '\\' => f.write_str("\\\\"),
        character if character.is_control() || is_trick(character) => {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                write!(f, "\\x{byte:02X}")?;
            }
            Ok(())
        }
        character => write!(f, "{character}"),
    }
}

/// Characters that are not seen, or that turn the text around them: soft hyphen, Arabic letter mark, zero widths, line and paragraph separators, the marks
/// of direction, the byte order mark, annotations and tags.
fn is_trick(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    )
}
