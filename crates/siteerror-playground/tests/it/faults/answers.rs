//! Faults that are answers of their own: content that its label does not fit, interim responses without measure, and content that is cut.

use super::rows::End;
use super::{until_end, without_dates};
use crate::ask::{Answer, get, playground};

/// The faults that are tested here.
pub(crate) const NAMES: [&str; 11] = [
    "gzip-bad-checksum",
    "gzip-truncated",
    "gzip-label-on-text",
    "gzip-without-label",
    "brotli-labelled-gzip",
    "gzip-twice-labelled-once",
    "deflate-raw",
    "decompression-bomb",
    "interims-100",
    "continue-unasked",
    "reset-in-content",
];

/// RFC 1952 §2.3: a member with one stored block (RFC 1951 §3.2.4).
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("it is short");
    let mut member = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    member.push(1);
    member.extend_from_slice(&length.to_le_bytes());
    member.extend_from_slice(&(!length).to_le_bytes());
    member.extend_from_slice(content);
    member.extend_from_slice(&crc32(content).to_le_bytes());
    member.extend_from_slice(&u32::from(length).to_le_bytes());
    member
}

/// RFC 1952 §8.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1 == 1;
            crc >>= 1;
            if carry {
                crc ^= 0xedb8_8320;
            }
        }
    }
    !crc
}

#[tokio::test]
async fn content_and_label_disagree_as_told() {
    let good = gzip(b"hello\n");
    let trailer = good.len() - 8;
    let bad_checksum = [
        &good[..trailer],
        &[0xde, 0xad, 0xbe, 0xef],
        &good[trailer + 4..],
    ]
    .concat();
    let rows: [(&str, &str, Vec<u8>); 7] = [
        ("gzip-bad-checksum", "gzip", bad_checksum),
        ("gzip-truncated", "gzip", good[..10 + 5 + 3].to_vec()),
        ("gzip-label-on-text", "gzip", b"hello\n".to_vec()),
        ("gzip-without-label", "", good.clone()),
        // RFC 7932 §9.1 and §9.2: window of 22 bits, an uncompressed meta-block of 6 bytes, and an empty last one.
        (
            "brotli-labelled-gzip",
            "gzip",
            [&[0x8b, 0x02, 0x80], &b"hello\n"[..], &[0x03]].concat(),
        ),
        ("gzip-twice-labelled-once", "gzip", gzip(&good)),
        ("deflate-raw", "deflate", good[10..trailer].to_vec()),
    ];
    let playground = playground().await;
    for (name, coding, content) in rows {
        let answer = get(&playground, &format!("/fault/{name}")).await;
        assert_eq!(answer.status, 200, "{name}");
        assert_eq!(answer.field("content-encoding"), coding, "{name}");
        assert_eq!(
            answer.field("content-length"),
            content.len().to_string(),
            "{name}"
        );
        assert_eq!(answer.content, content, "{name}");
        let link = format!("</faults/{name}>; rel=\"describedby\"");
        assert!(
            answer.fields.contains(&("link".to_owned(), link)),
            "{:?}",
            answer.fields
        );
    }
}

#[tokio::test]
async fn what_is_labelled_brotli_is_brotli() {
    let playground = playground().await;
    let answer = get(&playground, "/fault/brotli-labelled-gzip").await;
    let mut decoded = Vec::new();
    brotli::BrotliDecompress(&mut answer.content.as_slice(), &mut decoded).expect("it is brotli");
    assert_eq!(decoded, b"hello\n");
}

#[tokio::test]
async fn the_bomb_is_small_before_and_bounded_after() {
    let playground = playground().await;
    let answer = get(&playground, "/fault/decompression-bomb").await;
    assert_eq!(answer.field("content-encoding"), "gzip");
    assert!(answer.content.len() <= 1024 * 1024);
    let mut gunzip = flate2::read::GzDecoder::new(answer.content.as_slice());
    let mut decoded = Vec::new();
    std::io::Read::read_to_end(&mut gunzip, &mut decoded).expect("it is gzip");
    assert_eq!(decoded.len(), 8 * 1024 * 1024);
    assert!(decoded.iter().all(|byte| *byte == 0));
}

#[tokio::test]
async fn interim_responses_come_before_the_final_one() {
    let playground = playground().await;
    for (name, first, count) in [
        (
            "interims-100",
            "HTTP/1.1 103 Early Hints\r\nLink: </1.css>; rel=preload; as=style",
            100,
        ),
        ("continue-unasked", "HTTP/1.1 100 Continue", 1),
    ] {
        let request = format!("GET /fault/{name} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let (answer, end) = until_end(&playground, request.as_bytes()).await;
        assert_eq!(end, End::InOrder, "{name}");
        let text = String::from_utf8(without_dates(&answer)).expect("it is text");
        let heads: Vec<&str> = text.split("\r\n\r\n").collect();
        assert_eq!(heads.len(), count + 2, "{name}");
        assert_eq!(heads[0], first, "{name}");
        assert!(heads[count].starts_with("HTTP/1.1 200 OK\r\n"), "{name}");
        assert!(
            heads[..count]
                .iter()
                .all(|head| head.starts_with(&first[..12])),
            "{name}"
        );
    }
}

#[tokio::test]
async fn content_is_cut_after_as_many_bytes_as_asked() {
    let playground = playground().await;
    for (query, after) in [
        ("", 512),
        ("?after=0", 0),
        ("?after=1", 1),
        ("?after=100000", 100_000),
    ] {
        let request = format!("GET /fault/reset-in-content{query} HTTP/1.1\r\nHost: a\r\n\r\n");
        let (answer, end) = until_end(&playground, request.as_bytes()).await;
        assert_eq!(end, End::Reset, "{query}");
        let answer = Answer::parse(&answer);
        assert_eq!(answer.status, 200, "{query}");
        assert_eq!(
            answer.field("content-length"),
            (after + 1024).to_string(),
            "{query}"
        );
        assert_eq!(answer.content.len(), after, "{query}");
    }
}
