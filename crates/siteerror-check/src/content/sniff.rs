//! What bytes look like, by the signatures of the MIME sniffing standard, and the title of a page.

/// A signature: where it stands, and the bytes.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1A\n", "image/png"),
    (0, b"\xFF\xD8\xFF", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1A\x45\xDF\xA3", "video/webm"),
    (0, b"OggS\x00", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wave"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1F\x8B\x08", "application/gzip"),
    (0, b"Rar!\x1A\x07", "application/x-rar-compressed"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"\x00asm", "application/wasm"),
    (0, b"%!PS-Adobe-", "application/postscript"),
];

/// MIME sniffing standard §7.1: tags that begin HTML, followed by a space or `>`.
const HTML: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
];

/// The type that bytes look like.
pub(super) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    for (at, signature, kind) in SIGNATURES {
        if bytes
            .get(*at..)
            .is_some_and(|rest| rest.starts_with(signature))
        {
            return Some(kind);
        }
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = text.trim_ascii_start();
    let begins = |word: &str| {
        text.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    let html = |tag: &&&str| begins(tag) && matches!(text.get(tag.len()), Some(b' ' | b'>'));
    if HTML.iter().find(html).is_some() || begins("<!--") {
        return Some("text/html");
    }
    if begins("<?xml") {
        return Some("text/xml");
    }
    if matches!(text.first(), Some(b'{' | b'[')) && is_text(bytes) {
        return Some("application/json");
    }
    if bytes.is_empty() {
        return None;
    }
    Some(if is_text(bytes) {
        "text/plain"
    } else {
        "application/octet-stream"
    })
}

/// MIME sniffing standard §5: binary data bytes, by value. A table, since every body of a job goes through it.
const BINARY: [bool; 256] = {
    let mut binary = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        binary[byte] = !matches!(byte, 0x09 | 0x0A | 0x0C | 0x0D | 0x1B);
        byte += 1;
    }
    binary
};

fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..1445).unwrap_or(bytes);
    !head
        .iter()
        .fold(false, |any, byte| any | BINARY[usize::from(*byte)])
}

/// The text of the first `title` element, spaces collapsed; none if it has none.
pub(super) fn title(bytes: &[u8], most: usize) -> Option<String> {
    let open = find_tag(bytes, b"<title")?;
    let after = open.checked_add(6)?;
    if !matches!(
        bytes.get(after),
        Some(b'>' | b' ' | b'\t' | b'\r' | b'\n' | b'/')
    ) {
        return None;
    }
    let inside = bytes.get(after..)?.iter().position(|byte| *byte == b'>')?;
    let rest = bytes.get(after.checked_add(inside)?.checked_add(1)?..)?;
    let end = find_tag(rest, b"</title").unwrap_or(rest.len());
    let text = String::from_utf8_lossy(rest.get(..end)?);
    let mut title = String::new();
    for (count, word) in text.split_whitespace().enumerate() {
        if count > 0 {
            title.push(' ');
        }
        title.push_str(word);
    }
    let title: String = unescape(&title).chars().take(most).collect();
    (!title.is_empty()).then_some(title)
}

/// The character references that titles have.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let named = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let character = named.and_then(|(name, _)| reference(name));
        if let (Some((_, left)), Some(character)) = (named, character) {
            out.push(character);
            rest = left;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = match hex {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).filter(|character| !character.is_control());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "copy" => '©',
        "reg" => '®',
        "middot" => '·',
        "bull" => '•',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "laquo" => '«',
        "raquo" => '»',
        _ => return None,
    })
}

/// Where a tag begins, in whatever case.
fn find_tag(bytes: &[u8], tag: &[u8]) -> Option<usize> {
    let mut from = 0_usize;
    loop {
        let rest = bytes.get(from..)?;
        let at = from.checked_add(rest.iter().position(|byte| *byte == b'<')?)?;
        let here = bytes.get(at..)?;
        if here
            .get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
        {
            return Some(at);
        }
        from = at.checked_add(1)?;
    }
}
