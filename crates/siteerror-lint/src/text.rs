//! A response as text: from a file, a form, the output of `curl -i`. Read as it is, byte for byte.

use siteerror_wire::connection::{Connection, Protocol, Scheme};
use siteerror_wire::{
    Asked, Closing, Limits, Received, Request, ResponseHead, read_request, read_response,
};

use crate::finding::Finding;
use crate::linter::lint;
use crate::subject::Given;

/// A response that was read from text, with what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What came.
    pub received: Received,
    /// What was asked.
    pub request: Option<Request>,
    /// What it came over, as far as the text and the URL tell.
    pub connection: Connection,
    /// The URL.
    pub url: Option<String>,
    /// When it came, in seconds since 1970.
    pub received_at_unix_s: Option<i64>,
}

/// Reads a response, perhaps with interim responses before it. A text that begins with `HTTP/2` or `HTTP/3`, as tools print it, is no HTTP/1.1 message and
/// is not judged as one. `request` may be empty.
///
/// ```
/// let text = siteerror_lint::read(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n", b"", None);
/// let found = text.lint();
/// assert!(found.iter().any(|finding| finding.rule.id == "405-without-allow"));
/// ```
pub fn read(response: &[u8], request: &[u8], url: Option<&str>) -> Text {
    let limits = Limits {
        body_bytes: u64::MAX,
        ..Limits::default()
    };
    let request = read_request(request, limits).request;
    let asked = request
        .as_ref()
        .map_or_else(|| Asked::by("GET"), |request| Asked::from(&request.head));
    let later = [b"HTTP/2".as_slice(), b"HTTP/3"]
        .into_iter()
        .any(|name| response.starts_with(name));
    let received = if later {
        read_later(response, asked, limits)
    } else {
        read_response(response, asked, limits, Closing::Orderly)
    };
    let scheme = url.and_then(|url| {
        let (scheme, _) = url.split_once("://")?;
        [("http", Scheme::Http), ("https", Scheme::Https)]
            .into_iter()
            .find_map(|(name, known)| scheme.eq_ignore_ascii_case(name).then_some(known))
    });
    Text {
        received,
        request,
        connection: Connection {
            protocol: if later {
                Protocol::Http2
            } else {
                Protocol::Http1
            },
            scheme,
            ..Connection::default()
        },
        url: url.map(ToOwned::to_owned),
        received_at_unix_s: None,
    }
}

impl Text {
    /// What the rules find in it.
    pub fn lint(&self) -> Vec<Finding> {
        lint(self.given(), 0)
    }

    /// It as a linter takes it.
    pub fn given(&self) -> Given<'_> {
        Given {
            received: &self.received,
            request: self.request.as_ref(),
            connection: Some(&self.connection),
            url: self.url.as_deref(),
            received_at_unix_s: self.received_at_unix_s,
            whole: true,
            decoded: None,
        }
    }
}

/// Lines that stand for an HTTP/2 or HTTP/3 response: read with the status line of HTTP/1.1, whose defects are then none of theirs.
fn read_later(response: &[u8], asked: Asked, limits: Limits) -> Received {
    let space = response.iter().position(|byte| *byte == b' ');
    let rest = space
        .and_then(|space| response.get(space..))
        .unwrap_or_default();
    let text = [b"HTTP/1.1", rest].concat();
    let mut received = read_response(&text, asked, limits, Closing::Orderly);
    received.defects = siteerror_wire::Defects::default();
    if let Some(response) = &mut received.response {
        let fields: Vec<_> = response
            .head
            .fields()
            .iter()
            .map(|(name, value)| (name.to_vec(), value.into_owned()))
            .collect();
        response.head = ResponseHead::of_http2(response.head.status().unwrap_or_default(), fields);
    }
    received
}
