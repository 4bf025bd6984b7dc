//! Faults of content codings: the framing is right, and what is in the frame is not what the label says.

use std::io::Write as _;
use std::sync::LazyLock;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderValue;
use http::header::CONTENT_ENCODING;

use super::Deed::Ask;
use super::{Fault, ONE, Right, Versions};
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::Outcome;

/// `hello` and a line end as gzip (RFC 1952): header, one stored block (RFC 1951 §3.2.4), checksum, and length.
const HELLO: &[u8] =
    b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x06\0\xf9\xffhello\n\x20\x30\x3a\x36\x06\0\0\0";

/// [`HELLO`] as gzip once more, stored like the first time.
const HELLO_TWICE: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x1d\0\xe2\xff\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x06\0\xf9\xffhello\n\x20\x30\x3a\x36\x06\0\0\0\xda\x24\x58\x14\x1d\0\0\0";

/// How many bytes the bomb has once it is decoded.
const BOMB: usize = 8 * 1024 * 1024;

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "gzip-bad-checksum",
        title: "Gzip with a wrong checksum",
        about: "All of the content can be decoded, but the CRC-32 at its end is that of something else.",
        rule: "The field holds the checksum of the data. A decoder has to check the header of a member; it “need not examine any other part of the header or trailer” (§2.3.1.2).",
        source: "RFC 1952 §2.3.1.2",
        right: Right::Either,
        client: "Most report damaged content, some hand it out. Those that hand it out should not do so as if they had checked it.",
        versions: Versions::Both,
        deed: Ask(|_| {
            answer(
                Some("gzip"),
                b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x06\0\xf9\xffhello\n\xde\xad\xbe\xef\x06\0\0\0",
            )
        }),
        ..ONE
    },
    Fault {
        name: "gzip-truncated",
        title: "Gzip that stops in the middle",
        about: "The length fits the bytes, but the compressed data ends after the first three letters of five.",
        rule: "A member is compressed data, then CRC32 and ISIZE; this one has neither, and its last block is not whole. HTTP sees a complete message.",
        source: "RFC 1952 §2.2, §2.3, RFC 1951 §3.2.4",
        right: Right::Refuse,
        client: "It reports that the content cannot be decoded, even though not a byte of the message is missing.",
        versions: Versions::Both,
        deed: Ask(|_| {
            answer(
                Some("gzip"),
                b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x06\0\xf9\xffhel",
            )
        }),
        ..ONE
    },
    Fault {
        name: "gzip-label-on-text",
        title: "Plain text labelled as gzip",
        about: "Content-Encoding says gzip; the content is the text `hello`.",
        rule: "A decoder must check the two identification bytes of the format and give an error if they are wrong.",
        source: "RFC 1952 §2.3.1.2, RFC 9110 §8.4",
        right: Right::Refuse,
        client: "It reports the label. Showing the text after all is kind to this server, and leaves the next one with the same mistake.",
        versions: Versions::Both,
        deed: Ask(|_| answer(Some("gzip"), b"hello\n")),
        ..ONE
    },
    Fault {
        name: "gzip-without-label",
        title: "Gzip without a label",
        about: "The content is compressed, its type says text, and Content-Encoding is missing.",
        rule: "Whoever applies codings MUST list them. What is not listed is part of the representation, so recipients have nothing to undo.",
        source: "RFC 9110 §8.4",
        right: Right::Accept,
        client: "It hands the bytes out as they are, unreadable. To guess a coding from the first bytes is not its task.",
        versions: Versions::Both,
        deed: Ask(|_| answer(None, HELLO)),
        ..ONE
    },
    Fault {
        name: "brotli-labelled-gzip",
        title: "Brotli labelled as gzip",
        about: "The label is gzip and the bytes are Brotli, as when a cache mixes up its variants.",
        rule: "The first two bytes of gzip are 1F and 8B; these are not, and a compliant decompressor has to notice.",
        source: "RFC 1952 §2.3.1, §2.3.1.2, RFC 7932 §9",
        right: Right::Refuse,
        client: "It gives a decoding error, and does not try one coding after the other until something fits.",
        versions: Versions::Both,
        deed: Ask(|_| answer(Some("gzip"), b"\x8b\x02\x80hello\n\x03")),
        ..ONE
    },
    Fault {
        name: "gzip-twice-labelled-once",
        title: "Gzip applied twice and named once",
        about: "A server compresses what its application had compressed already, and the label is still `gzip`.",
        rule: "Codings are listed in the order in which they were applied; one name is undone once.",
        source: "RFC 9110 §8.4",
        right: Right::Accept,
        client: "It decodes once and hands out gzip. Going on until the result is text would be to invent a label.",
        versions: Versions::Both,
        deed: Ask(|_| answer(Some("gzip"), HELLO_TWICE)),
        ..ONE
    },
    Fault {
        name: "deflate-raw",
        title: "Deflate without its wrapper",
        about: "Content-Encoding says deflate, and the compressed data comes bare, without the header and checksum of zlib.",
        rule: "The coding is the zlib format around a deflate stream. A note admits that some implementations leave the wrapper out.",
        source: "RFC 9110 §8.4.1.2",
        right: Right::Either,
        client: "It reports a missing wrapper, or knows this old mistake and decodes the data in spite of it.",
        versions: Versions::Both,
        deed: Ask(|_| answer(Some("deflate"), b"\x01\x06\0\xf9\xffhello\n")),
        ..ONE
    },
    Fault {
        name: "decompression-bomb",
        title: "A decompression bomb, a small one",
        about: "Some 8 KiB of gzip become 8 MiB of zeros, a thousand times as much.",
        rule: "Recipients ought to limit the extent to which they process what a peer sends; for the size of decoded content there is no number.",
        source: "RFC 9110 §17.5",
        right: Right::Either,
        client: "It may take 8 MiB. It has a limit on decoded bytes, though, and one on compressed bytes alone is none.",
        versions: Versions::Both,
        deed: Ask(|_| Box::pin(std::future::ready(bomb()))),
        ..ONE
    },
];

fn answer(coding: Option<&'static str>, content: &'static [u8]) -> crate::scenario::Later<'static> {
    let mut reply = Reply::ok(TEXT, Bytes::from_static(content));
    if let Some(coding) = coding {
        reply = reply.fixed(CONTENT_ENCODING, coding);
    }
    Box::pin(std::future::ready(Ok(reply)))
}

fn bomb() -> Outcome {
    static ZEROS: LazyLock<Option<Bytes>> = LazyLock::new(|| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let piece = [0; 64 * 1024];
        for _ in 0..BOMB / piece.len() {
            encoder.write_all(&piece).ok()?;
        }
        encoder.finish().ok().map(Bytes::from)
    });
    let content = ZEROS
        .clone()
        .ok_or_else(|| Refusal::new("internal-error", 500, "the bomb could not be built"))?;
    Ok(Reply::ok(BINARY, content).field(CONTENT_ENCODING, HeaderValue::from_static("gzip")))
}

/// The media type of bytes of no kind.
const BINARY: &str = "application/octet-stream";
