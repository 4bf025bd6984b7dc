//! What holds for any bytes, cut anywhere.

use proptest::prelude::*;
use siteerror_wire::{
    Asked, Closing, Event, Finished, Limits, RequestReader, ResponseReader, read_request,
    read_response,
};

/// Small, so that random bytes reach them.
const TIGHT: Limits = Limits {
    start_line_bytes: 40,
    field_line_bytes: 40,
    head_bytes: 120,
    fields: 4,
    interims: 2,
    body_bytes: 60,
    chunk_line_bytes: 12,
    chunk_size_digits: 8,
    trailer_bytes: 40,
};

/// Pieces of messages, right and wrong, in any order: random bytes alone never get past the first line.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        10 => prop::sample::select(vec![
            &b"HTTP/1.1 200 OK\r\n"[..], b"HTTP/1.1 204 \r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n",
            b"HTTP/1.0 200\n", b"HTTP/1.1 42 x\r\n", b"HTTP/1.1 101 x\r\n", b"GET / HTTP/1.1\r\n",
            b"POST /a b HTTP/1.1\n", b"Host: a\r\n", b"Content-Length: 5\r\n", b"Content-Length: 7\n",
            b"Content-Length: x\r\n", b"Transfer-Encoding: chunked\r\n",
            b"Transfer-Encoding: gzip, chunked;a=b\r\n", b"Transfer-Encoding: chunked, gzip\r\n",
            b" folded\r\n", b"\t\r\n", b"no colon\r\n", b"A : b\r\n", b": \r\n", b"A: \0\r\r\n",
            b"\r\n", b"\n", b"\r", b"\r\r\n", b"5\r\nhello\r\n", b"5;a=b\nhello\n", b"0\r\n", b"0\r\n\r\n",
            b"fffffffff\r\n", b"1;aaaaaaaa", b"A: aaaaaaaaaaaaaaaaaaaa", b"zz\r\n", b"hello", b"Trailer: x\r\n", b"\x16\x03\x01",
            b"\0\0\x06\x04\0\0\0\0\0", b"HTT", b"\x16",
        ]).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => soup(), 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

fn asked() -> impl Strategy<Value = Asked> {
    (
        prop::sample::select(vec!["GET", "HEAD", "CONNECT"]),
        any::<bool>(),
    )
        .prop_map(|(method, upgrade)| Asked {
            upgrade,
            ..Asked::by(method)
        })
}

fn limits() -> impl Strategy<Value = Limits> {
    prop::sample::select(vec![Limits::default(), TIGHT])
}

fn closing() -> impl Strategy<Value = Closing> {
    prop::sample::select(vec![Closing::Orderly, Closing::Broken])
}

/// Feeds a reader piece by piece. Neighbours of a kind are joined, since cutting them means nothing.
fn feed(
    bytes: &[u8],
    cuts: &[usize],
    mut push: impl FnMut(&[u8]) -> Vec<Event>,
    finish: impl FnOnce() -> Finished,
) -> Finished {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.sort_unstable();
    let mut events = Vec::new();
    let mut start = 0;
    for cut in cuts.into_iter().chain([bytes.len()]) {
        events.extend(push(&bytes[start..cut]));
        start = cut;
    }
    let finished = finish();
    events.extend(finished.events);
    let mut joined: Vec<Event> = Vec::new();
    for event in events {
        match (joined.last_mut(), event) {
            (Some(Event::Content(last)), Event::Content(next))
            | (Some(Event::ChunkFrame(last)), Event::ChunkFrame(next))
            | (Some(Event::Unread(last)), Event::Unread(next)) => last.extend(next),
            (_, event) => joined.push(event),
        }
    }
    Finished {
        events: joined,
        ..finished
    }
}

fn response(
    bytes: &[u8],
    cuts: &[usize],
    asked: Asked,
    limits: Limits,
    closing: Closing,
) -> Finished {
    let reader = std::cell::RefCell::new(Some(ResponseReader::new(asked, limits)));
    feed(
        bytes,
        cuts,
        |piece| reader.borrow_mut().as_mut().expect("a reader").push(piece),
        || reader.take().expect("a reader").finish(closing),
    )
}

fn request(bytes: &[u8], cuts: &[usize], limits: Limits) -> Finished {
    let reader = std::cell::RefCell::new(Some(RequestReader::new(limits)));
    feed(
        bytes,
        cuts,
        |piece| reader.borrow_mut().as_mut().expect("a reader").push(piece),
        || reader.take().expect("a reader").finish(Closing::Orderly),
    )
}

fn written(finished: &Finished) -> Vec<u8> {
    let events = finished.events.iter();
    events
        .flat_map(|event| event.bytes().into_owned())
        .collect()
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(any::<usize>(), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_response_cut_anywhere_is_the_same(bytes in bytes(), cuts in cuts(), asked in asked(), limits in limits(), closing in closing()) {
        let whole = response(&bytes, &[], asked, limits, closing);
        prop_assert_eq!(&whole, &response(&bytes, &cuts, asked, limits, closing));
        let each: Vec<usize> = (0..=bytes.len()).collect();
        prop_assert_eq!(&whole, &response(&bytes, &each, asked, limits, closing));
        prop_assert_eq!(written(&whole), bytes);
    }

    #[test]
    fn a_request_cut_anywhere_is_the_same(bytes in bytes(), cuts in cuts(), limits in limits()) {
        let whole = request(&bytes, &[], limits);
        prop_assert_eq!(&whole, &request(&bytes, &cuts, limits));
        let each: Vec<usize> = (0..=bytes.len()).collect();
        prop_assert_eq!(&whole, &request(&bytes, &each, limits));
        prop_assert_eq!(written(&whole), bytes);
    }

    #[test]
    fn what_is_read_is_written_as_it_came(bytes in bytes(), asked in asked(), limits in limits(), closing in closing()) {
        let received = read_response(&bytes, asked, limits, closing);
        prop_assert_eq!(received.to_bytes(), &bytes[..]);
        let received = read_request(&bytes, limits);
        let request = received.request.map(|request| request.to_bytes()).unwrap_or_default();
        prop_assert_eq!([request, received.unread].concat(), bytes);
    }

    #[test]
    fn every_defect_lies_within_the_bytes(bytes in bytes(), asked in asked(), limits in limits(), closing in closing()) {
        let received = read_response(&bytes, asked, limits, closing);
        for defect in &received.defects {
            prop_assert!(defect.offset <= bytes.len() as u64, "{defect}");
        }
        // Everything that views can ask for.
        for (_, value) in received.response.iter().flat_map(|response| response.head.fields().iter()) {
            let _ = siteerror_wire::field::parameters(&value);
            let _ = siteerror_wire::field::list(&value).count();
            let _ = siteerror_wire::field::RetryAfter::parse(&value, 0);
            let _ = siteerror_wire::write::Shown(&value).to_string();
        }
    }

    #[test]
    fn a_field_value_never_ends_reading(value in prop::collection::vec(any::<u8>(), 0..60), now in any::<i64>()) {
        let _ = siteerror_wire::field::parameters(&value);
        let _ = siteerror_wire::field::list(&value).count();
        let _ = siteerror_wire::field::unquote(&value);
        if let Some(after) = siteerror_wire::field::RetryAfter::parse(&value, now) {
            let _ = after.wait(now);
        }
    }

    #[test]
    fn an_old_date_never_ends_reading(day in "(Sun|Mon)day", number in "[0-9]{2}", month in "(Jan|Feb|Dec)", year in "[0-9]{2}", now in any::<i64>()) {
        let value = format!("{day}, {number}-{month}-{year} 00:00:00 GMT");
        let _ = siteerror_wire::field::HttpDate::parse(value.as_bytes(), now);
    }
}
