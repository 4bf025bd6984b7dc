//! Exchanges put together with the times that are given in.

use std::time::Duration;

use siteerror_wire::exchange::Collector;
use siteerror_wire::write::{chunked, head};
use siteerror_wire::{
    Asked, Closing, DefectKind, Defects, End, Framing, Gravity, Limits, Version, read_request,
};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn pieces_become_a_response_with_its_times() {
    let mut collector = Collector::new(Asked::by("GET"), Limits::default());
    assert_eq!(collector.push(b"", ms(1)), None);
    assert_eq!(collector.push(b"HTTP/1.1 103 Early ", ms(2)), None);
    assert_eq!(collector.push(b"Hints\r\n\r\nHTTP/1.1 200", ms(3)), None);
    assert_eq!(collector.so_far().interims.len(), 1);
    assert_eq!(
        collector.push(b" OK\r\nContent-Length: 4\r\n\r\nab", ms(5)),
        None
    );
    assert_eq!(collector.push(b"cd", ms(8)), Some(End::Complete));
    assert!(collector.defects().is_empty());
    let received = collector.finish(Closing::Orderly, ms(13));

    let interim = received.interims.first().expect("an interim response");
    assert_eq!((interim.head.status(), interim.at), (Some(103), ms(3)));
    let response = received.response.expect("a response");
    assert_eq!(response.head.status(), Some(200));
    assert_eq!(response.head.reason(), b"OK");
    assert_eq!(response.head.version(), Version::HTTP_11);
    assert_eq!(&*response.body.content(), b"abcd");
    assert_eq!(received.framing, Some(Framing::Length(4)));
    let timings = received.timings;
    assert_eq!(timings.first_byte, Some(ms(2)));
    assert_eq!(timings.head, Some(ms(5)));
    assert_eq!(timings.end, ms(8));
}

#[test]
fn without_a_byte_there_are_no_times_but_the_end() {
    let collector = Collector::new(Asked::by("GET"), Limits::default());
    let received = collector.finish(Closing::Broken, ms(7));
    assert_eq!(received.end, End::Nothing);
    assert_eq!(received.timings.first_byte, None);
    assert_eq!(received.timings.head, None);
    assert_eq!(received.timings.end, ms(7));
}

#[test]
fn how_to_read_a_response_follows_from_its_request() {
    let asked = |text: &str| {
        let received = read_request(text.as_bytes(), Limits::default());
        Asked::from(&received.request.expect("a request").head)
    };
    assert_eq!(
        asked("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Asked::by("HEAD")
    );
    // RFC 9112 §3.1: the method is case-sensitive.
    assert_eq!(
        asked("head / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Asked::by("GET")
    );
    let old = asked("GET / HTTP/1.0\r\nUpgrade: x\r\n\r\n");
    assert_eq!(old.version, Version::HTTP_10);
    assert!(old.upgrade);
}

#[test]
fn pieces_of_a_body_are_its_chunks() {
    let mut collector = Collector::new(Asked::by("GET"), Limits::default());
    collector.push(
        &head("HTTP/1.1 200 OK", [("Transfer-Encoding", "chunked")]),
        ms(0),
    );
    for byte in chunked(b"abcdefg", 3, [("X", "y")]) {
        collector.push(&[byte], ms(1));
    }
    let received = collector.finish(Closing::Orderly, ms(2));
    let body = received.response.expect("a response").body;
    let pieces: Vec<&[u8]> = body.pieces().collect();
    assert_eq!(pieces, [&b"abc"[..], b"def", b"g"]);
    assert_eq!(body.content_bytes(), 7);
    let trailers = body.trailers().expect("a last chunk came");
    assert_eq!(trailers.get("x").as_deref(), Some(&b"y"[..]));
}

#[test]
fn the_worst_defect_tells_whether_to_give_up() {
    let worst = |text: &str| {
        let mut collector = Collector::new(Asked::by("GET"), Limits::default());
        collector.push(text.as_bytes(), ms(0));
        Defects::worst(&collector.finish(Closing::Orderly, ms(0)).defects)
    };
    assert_eq!(worst("HTTP/1.1 200 OK\r\n\r\n"), None);
    assert_eq!(worst("HTTP/1.1 200\n\n"), Some(Gravity::Wrong));
    assert_eq!(worst("HTTP/1.1 42 OK\r\n\r\n"), Some(Gravity::Fatal));
    assert_eq!(worst("hello"), Some(Gravity::Fatal));
    assert_eq!(worst(""), Some(Gravity::Fatal));
}

#[test]
fn of_bytes_that_are_no_message_enough_are_kept() {
    let mut collector = Collector::new(Asked::by("GET"), Limits::default());
    for _ in 0..70 {
        collector.push(&[b'x'; 1024], ms(0));
    }
    let received = collector.finish(Closing::Orderly, ms(0));
    assert_eq!(received.unread.len(), 64 * 1024);
    assert_eq!(received.unread_bytes, 70 * 1024);
}

/// RFC 9112 §2.2: a CR before the line end is ignored, but a second one makes the line something.
#[test]
fn a_first_line_of_cr_alone_is_no_empty_line() {
    let received = read_request(b"\r\r\n", Limits::default());
    assert_eq!(received.end, End::InHead);
    assert!(received.defects.has(DefectKind::BareCr));
    let request = received.request.expect("a first line came");
    assert_eq!(request.to_bytes(), b"\r\r\n");
}
