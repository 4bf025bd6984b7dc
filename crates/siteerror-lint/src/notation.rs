//! How examples are written in a page, and made into bytes again: text as people read it, with what cannot be seen as escapes.
//!
//! Lines of a head end in CRLF, lines of content in LF, without saying so. `\r`, `\n`, `\t`, `\\` and `\xNN` are bytes; a line that ends in `\n` ends just as
//! it says, and one that ends in a single backslash does not end at all.

/// The bytes of an example.
///
/// # Errors
///
/// An escape that nobody knows, in words.
pub(crate) fn read(block: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut in_head = true;
    let mut interim = false;
    let mut at_start = true;
    for line in block.lines() {
        if at_start {
            interim = line
                .split(' ')
                .nth(1)
                .is_some_and(|code| code.starts_with('1') && code != "101" && code.len() == 3);
            at_start = false;
        }
        let (text, open) = match line.strip_suffix('\\') {
            Some(text) if !text.ends_with('\\') => (text, true),
            _ => (line, false),
        };
        unescape(text, &mut bytes)?;
        let ended = open || line.ends_with("\\n");
        if !ended {
            bytes.extend_from_slice(if in_head { b"\r\n" } else { b"\n" });
        }
        if in_head && (line.is_empty() || line == "\\n" || line == "\\r\\n") {
            in_head = interim;
            at_start = true;
        }
    }
    Ok(bytes)
}

fn unescape(text: &str, bytes: &mut Vec<u8>) -> Result<(), String> {
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        let mut letters = escape.chars();
        let byte = match letters.next() {
            Some('r') => b'\r',
            Some('n') => b'\n',
            Some('t') => b'\t',
            Some('\\') => b'\\',
            Some('x') => {
                let digits: String = letters.by_ref().take(2).collect();
                u8::from_str_radix(&digits, 16).map_err(|_| format!("`\\x{digits}` is no byte"))?
            }
            other => return Err(format!("`\\{}` is no escape", other.unwrap_or(' '))),
        };
        bytes.push(byte);
        rest = letters.as_str();
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(())
}
