//! Every limit of a check, in one place. They hold while reading, before memory is taken; each names the failure that it leads to.

use std::time::Duration;

/// Where a check stops. [`Limits::default`] is what strangers get; the person at a terminal may raise them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long things may take: `timeout`.
    pub time: Deadlines,
    /// Heads, chunks and body as sent: `bad-status-line`, `headers-too-large`, `too-many-interim`, `bad-chunk`. Reaching the limit of the body is no failure: it is truncated.
    pub wire: siteerror_wire::Limits,
    /// What a body may become when it is decoded: `decompression-bomb`, `too-many-codings`.
    pub decoding: Decoding,
    /// How far redirects are followed: `too-many-redirects`, `redirect-url-too-long`.
    pub redirects: Redirects,
    /// What a lookup may give: `dns-failure`.
    pub names: Names,
    /// Certificates that a server may send: `tls-bad-certificate`. TLS itself bounds them at 64 KiB.
    pub certificates: usize,
    /// What an HTTP/2 peer may do: `h2-protocol`.
    pub http2: Http2,
    /// What the cookie jar of one check keeps.
    pub cookies: Cookies,
}

/// How long the parts of a check may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// The whole check, all hops and probes.
    pub total: Duration,
    /// A lookup.
    pub dns: Duration,
    /// A connection, over all addresses.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// From the request to the first byte.
    pub first_byte: Duration,
    /// From the first byte to the end of the head. A deadline, since a drip of bytes would reset an idle timer for ever.
    pub head: Duration,
    /// Between two reads of a body; the whole is bounded by `total`.
    pub between_reads: Duration,
    /// How long a second address waits for the first one: RFC 8305 §5 recommends 250 ms.
    pub next_address: Duration,
    /// How long to look for bytes after a message that must not have any (an answer to HEAD, a 204, a 304). Zero does not wait.
    pub after_end: Duration,
}

/// What decoding may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoding {
    /// Bytes after decoding, of each of the stacked codings.
    pub bytes: u64,
    /// So many times what was read, at most…
    pub ratio: u64,
    /// …once more than this came out.
    pub ratio_from_bytes: u64,
    /// Codings stacked on each other.
    pub codings: usize,
    /// The window of zstd, which is memory that the sender asks us to take. RFC 9659 §3: 8 MiB for content codings.
    pub zstd_window_bytes: u64,
    /// Characters of a title that are kept.
    pub title_characters: usize,
}

/// How far redirects go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirects {
    /// Redirects followed.
    pub hops: usize,
    /// Bytes of a Location.
    pub location_bytes: usize,
}

/// What a lookup may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// Addresses of one name.
    pub addresses: usize,
    /// Aliases on the way to them.
    pub aliases: usize,
    /// Names whose answers are kept at a time.
    pub cached: usize,
    /// The longest that an answer is kept, whatever it says.
    pub longest_ttl: Duration,
}

/// What an HTTP/2 peer may do on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Http2 {
    /// CONTINUATION frames in a row.
    pub continuations: u32,
    /// Bytes of a header list: RFC 9113 §6.5.2.
    pub header_list_bytes: u32,
    /// SETTINGS and PING frames in a second.
    pub settings_and_pings_a_second: u32,
    /// `RST_STREAM` frames in a second.
    pub resets_a_second: u32,
    /// Streams at a time, when many checks share a connection.
    pub streams: usize,
}

/// What the jar keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    /// Cookies in all.
    pub count: usize,
    /// Bytes of name and value of one.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Deadlines {
                total: Duration::from_secs(30),
                dns: Duration::from_secs(5),
                connect: Duration::from_secs(5),
                tls: Duration::from_secs(5),
                first_byte: Duration::from_secs(10),
                head: Duration::from_secs(10),
                between_reads: Duration::from_secs(5),
                next_address: Duration::from_millis(250),
                after_end: Duration::from_millis(50),
            },
            wire: siteerror_wire::Limits::default(),
            decoding: Decoding {
                bytes: 4 * 1024 * 1024,
                ratio: 100,
                ratio_from_bytes: 64 * 1024,
                codings: 2,
                zstd_window_bytes: 8 * 1024 * 1024,
                title_characters: 200,
            },
            redirects: Redirects {
                hops: 10,
                location_bytes: 8192,
            },
            names: Names {
                addresses: 64,
                aliases: 8,
                cached: 10_000,
                longest_ttl: Duration::from_mins(5),
            },
            certificates: 10,
            http2: Http2 {
                continuations: 8,
                header_list_bytes: 64 * 1024,
                settings_and_pings_a_second: 20,
                resets_a_second: 50,
                streams: 100,
            },
            cookies: Cookies {
                count: 50,
                bytes: 4096,
            },
        }
    }
}
