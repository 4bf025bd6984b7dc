//! The WebSocket, frame by frame.

use siteerror_playground::Spawned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::ask::{connect, playground, send};

/// The example of RFC 6455 section 1.3.
const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Final text, final binary, close, ping: the first byte of a frame (RFC 6455 section 5.2).
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;

async fn open(playground: &Spawned, query: &str) -> TcpStream {
    let mut stream = connect(playground).await;
    let request = format!(
        "GET /websocket/echo{query} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\
         Sec-WebSocket-Version: 13\r\n{KEY}\r\nSec-WebSocket-Protocol: chat, superchat\r\n\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is taken");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("the head comes"));
    }
    let head = String::from_utf8(head)
        .expect("it is text")
        .to_ascii_lowercase();
    assert!(
        head.starts_with("http/1.1 101 switching protocols\r\n"),
        "{head}"
    );
    for field in [
        "upgrade: websocket\r\n".to_owned(),
        "connection: upgrade\r\n".to_owned(),
        format!("sec-websocket-accept: {}\r\n", ACCEPT.to_ascii_lowercase()),
    ] {
        assert!(head.contains(&field), "{field} in {head}");
    }
    // RFC 6455 section 4.2.2: a protocol that is not spoken is not answered.
    assert!(!head.contains("sec-websocket-protocol"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    stream
}

/// A masked frame.
fn frame(first: u8, content: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u16::try_from(content.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | content.len().to_le_bytes()[0]),
        Ok(length) => {
            frame.push(0xfe);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(0xff);
            frame.extend((content.len() as u64).to_be_bytes());
        }
    }
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    frame.extend(mask);
    frame.extend(
        content
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    frame
}

/// The first byte and the content of the next frame, which is not masked.
async fn next(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let first = stream.read_u8().await.expect("a frame comes");
    let length = match stream.read_u8().await.expect("a length comes") {
        126 => u64::from(stream.read_u16().await.expect("a length comes")),
        127 => stream.read_u64().await.expect("a length comes"),
        length => {
            assert!(length < 126, "a server does not mask");
            u64::from(length)
        }
    };
    let mut content = vec![0; usize::try_from(length).expect("it fits")];
    stream
        .read_exact(&mut content)
        .await
        .expect("the content comes");
    (first, content)
}

#[tokio::test]
async fn messages_come_back() {
    let playground = playground().await;
    let mut stream = open(&playground, "").await;
    let large = vec![b'x'; 100_000];
    for (first, content) in [
        (TEXT, b"Hello".as_slice()),
        (BINARY, b"\x00\xff"),
        (TEXT, b""),
        (BINARY, &large),
    ] {
        stream
            .write_all(&frame(first, content))
            .await
            .expect("it is taken");
        assert_eq!(next(&mut stream).await, (first, content.to_vec()));
    }
    // Two fragments that split a letter are one message (RFC 6455 section 5.6).
    let mut pieces = frame(0x01, b"gr\xc3");
    pieces.extend(frame(PING, b"p"));
    pieces.extend(frame(0x80, b"\xbc"));
    stream.write_all(&pieces).await.expect("it is taken");
    assert_eq!(next(&mut stream).await, (0x8a, b"p".to_vec()));
    assert_eq!(next(&mut stream).await, (TEXT, "grü".as_bytes().to_vec()));
    stream
        .write_all(&frame(CLOSE, b"\x03\xe8bye"))
        .await
        .expect("it is taken");
    assert_eq!(next(&mut stream).await, (CLOSE, b"\x03\xe8bye".to_vec()));
    assert_eq!(stream.read(&mut [0]).await.expect("the end comes"), 0);
}

#[tokio::test]
async fn a_small_fragment_size_cuts_the_answer() {
    let playground = playground().await;
    let mut stream = open(&playground, "?max_fragment_size=4&max_message_size=10").await;
    let mut pieces = frame(0x01, b"abcd");
    pieces.extend(frame(0x80, b"efg"));
    stream.write_all(&pieces).await.expect("it is taken");
    assert_eq!(next(&mut stream).await, (0x01, b"abcd".to_vec()));
    assert_eq!(next(&mut stream).await, (0x80, b"efg".to_vec()));
}

/// The codes of RFC 6455 section 7.4.1 for what breaks a rule of sections 5 and 8.1.
#[tokio::test]
async fn broken_frames_are_closed_with_their_code() {
    let playground = playground().await;
    let mut unmasked = frame(TEXT, b"");
    unmasked[1] = 0;
    unmasked.truncate(2);
    for (what, query, bytes, code) in [
        ("not masked", "", unmasked, 1002_u16),
        ("a reserved bit", "", frame(0xc1, b"a"), 1002),
        ("an unknown opcode", "", frame(0x83, b"a"), 1002),
        ("an unknown control opcode", "", frame(0x8b, b"a"), 1002),
        ("nothing to continue", "", frame(0x80, b"a"), 1002),
        ("a ping in fragments", "", frame(0x09, b"a"), 1002),
        ("a ping of 126 bytes", "", frame(PING, &[b'a'; 126]), 1002),
        ("a close of one byte", "", frame(CLOSE, b"\x03"), 1002),
        (
            "a message inside another",
            "",
            [frame(0x01, b"a"), frame(TEXT, b"b")].concat(),
            1002,
        ),
        ("no UTF-8", "", frame(TEXT, b"\xff"), 1007),
        (
            "a large frame",
            "?max_fragment_size=4",
            frame(TEXT, b"abcde"),
            1009,
        ),
        (
            "a large message",
            "?max_fragment_size=4&max_message_size=5",
            [frame(0x01, b"abcd"), frame(0x80, b"ef")].concat(),
            1009,
        ),
    ] {
        let mut stream = open(&playground, query).await;
        stream.write_all(&bytes).await.expect("it is taken");
        let (first, content) = next(&mut stream).await;
        assert_eq!(first, CLOSE, "{what}");
        assert_eq!(content[..2], code.to_be_bytes(), "{what}");
        assert!(content.len() <= 125, "{what}");
    }
}

#[tokio::test]
async fn a_bad_handshake_is_refused() {
    let playground = playground().await;
    let upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
    let version = "Sec-WebSocket-Version: 13";
    for (fields, status) in [
        (vec![], 426),
        (vec!["Upgrade: websocket", version, KEY], 426),
        (vec!["Connection: Upgrade", version, KEY], 426),
        (
            vec!["Connection: Upgrade", "Upgrade: h2c", version, KEY],
            426,
        ),
        (
            [&upgrade[..], &["Sec-WebSocket-Version: 8", KEY]].concat(),
            426,
        ),
        ([&upgrade[..], &[KEY]].concat(), 426),
        ([&upgrade[..], &[version]].concat(), 400),
        ([&upgrade[..], &[version, KEY, KEY]].concat(), 400),
        (
            [&upgrade[..], &[version, "Sec-WebSocket-Key: abc"]].concat(),
            400,
        ),
        (
            [&upgrade[..], &[version, "Sec-WebSocket-Key: AAAA"]].concat(),
            400,
        ),
    ] {
        let answer = send(&playground, "GET /websocket/echo", &fields, &[]).await;
        assert_eq!(answer.status, status, "{fields:?}");
        if status == 426 {
            assert_eq!(answer.field("upgrade"), "websocket", "{fields:?}");
            let names_version =
                fields.contains(&"Upgrade: websocket") && fields.contains(&"Connection: Upgrade");
            let expected = if names_version { "13" } else { "" };
            assert_eq!(
                answer.field("sec-websocket-version"),
                expected,
                "{fields:?}"
            );
        }
    }
    for query in [
        "max_message_size=0",
        "max_message_size=1048577",
        "max_fragment_size=x",
        "max_fragment_size=6&max_message_size=5",
    ] {
        let answer = send(
            &playground,
            &format!("GET /websocket/echo?{query}"),
            &[],
            &[],
        )
        .await;
        assert_eq!(answer.status, 400, "{query}");
    }
    let head = send(
        &playground,
        "HEAD /websocket/echo",
        &[&upgrade[..], &[version, KEY]].concat(),
        &[],
    )
    .await;
    assert_eq!(head.status, 426);
    let post = send(&playground, "POST /websocket/echo", &[], &[]).await;
    assert_eq!(post.status, 405);
}

/// The clock stands still but for what waits for it.
#[tokio::test]
async fn a_silent_socket_is_closed() {
    let playground = playground().await;
    let mut stream = open(&playground, "").await;
    tokio::time::pause();
    let (first, content) = next(&mut stream).await;
    assert_eq!((first, &content[..2]), (CLOSE, &1008_u16.to_be_bytes()[..]));
    assert_eq!(&content[2..], b"websocket_idle_s: at most 60");
}
