//! Bytes as told, and bytes for people.

use siteerror_wire::write::{Shown, ShownLines, chunk, chunked, head, last_chunk};

const NONE: [(&str, &str); 0] = [];

#[test]
fn heads_are_written_as_told() {
    assert_eq!(
        head("HTTP/1.1 42 Answer", [("A", "b"), ("a", "c\r\nd: e")]),
        b"HTTP/1.1 42 Answer\r\nA: b\r\na: c\r\nd: e\r\n\r\n"
    );
    assert_eq!(
        head(b"GET / HTTP/1.1", [(b"X", b"\xff\0")]),
        b"GET / HTTP/1.1\r\nX: \xff\0\r\n\r\n"
    );
}

#[test]
fn chunks() {
    assert_eq!(chunk(b"hello, world!!!!"), b"10\r\nhello, world!!!!\r\n");
    assert_eq!(chunk(b""), b"");
    assert_eq!(last_chunk(NONE), b"0\r\n\r\n");
    assert_eq!(last_chunk([("A", "b")]), b"0\r\nA: b\r\n\r\n");
    assert_eq!(chunked(b"abc", 2, NONE), b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    assert_eq!(chunked(b"ab", 0, NONE), b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
}

#[test]
fn people_see_every_byte() {
    let check = |bytes: &[u8], text: &str| assert_eq!(Shown(bytes).to_string(), text);
    check(b"A: b\r\n\t\\", "A: b\\r\\n\\t\\\\");
    check(b"\0\x1b[31m\x7f", "\\x00\\x1B[31m\\x7F");
    check("für ✓".as_bytes(), "für ✓");
    check(b"f\xfcr", "f\\xFCr");
    // A mark that turns the text around it.
    check("a\u{202E}b".as_bytes(), "a\\xE2\\x80\\xAEb");
    check("\u{85}".as_bytes(), "\\xC2\\x85");
    assert_eq!(ShownLines(b"A\r\nB\nC").to_string(), "A\\r\\n\nB\\n\nC");
}
