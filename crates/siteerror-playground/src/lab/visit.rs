//! What the lab remembers of a request: enough to judge by, and nothing that belongs to anybody but the lab.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE,
    EXPECT, HeaderName, IF_NONE_MATCH, TE, TRANSFER_ENCODING, USER_AGENT,
};
use siteerror_serve::EventKind;

use crate::call::Call;

/// The user that the lab asks for.
pub(crate) const USER: &str = "lab";
/// The password that goes with it; it protects nothing.
pub(crate) const PASSWORD: &str = "course";
/// The cookie that the lab sets.
pub(crate) const CAKE: &str = "lab=cake";

/// Fields whose values are remembered.
const FIELDS: [HeaderName; 10] = [
    ACCEPT,
    ACCEPT_ENCODING,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    IF_NONE_MATCH,
    TE,
    TRANSFER_ENCODING,
    USER_AGENT,
];

/// Characters of a value that are kept.
const MOST: usize = 100;

/// A request.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are facts that have nothing to do with each other"
)]
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) at: Instant,
    /// The id of the step.
    pub(crate) step: &'static str,
    /// What follows the step in the path.
    pub(crate) rest: String,
    pub(crate) query: String,
    pub(crate) method: String,
    pub(crate) version: &'static str,
    pub(crate) host: String,
    pub(crate) connection: u64,
    /// The index of the request on its connection.
    pub(crate) request: u64,
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) credentials: Credentials,
    /// Whether the lab's cookie came with it.
    pub(crate) has_cookie: bool,
    pub(crate) has_idempotency_key: bool,
    /// Whether the request line had a fragment; only looked at where it matters.
    pub(crate) has_fragment: bool,
    pub(crate) content: Content,
    /// How long the answer asked the client to wait.
    pub(crate) wait: Option<Duration>,
    /// Whether the connection ended with it by our doing.
    pub(crate) is_last: bool,
    /// Whether the answer was broken on purpose, so that the client has nothing to go by.
    pub(crate) is_broken: bool,
    /// What only a step knows about its answer, as a time or a count.
    pub(crate) measured: Option<u64>,
}

/// What came as `Authorization`. The values themselves are never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credentials {
    None,
    /// Those of the lab.
    Right,
    Other,
}

/// The content of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) bytes: u64,
    /// Stands for the bytes, to tell whether they are the same as another time.
    pub(crate) digest: u64,
    /// Whether its end came.
    pub(crate) is_whole: bool,
}

impl Visit {
    pub(crate) fn of(call: &Call, step: &'static str, rest: &str, at: Instant) -> Self {
        let headers = &call.parts.headers;
        let short = |text: &str| -> String {
            let printed = text.chars().filter(|character| !character.is_control());
            printed.take(MOST).collect()
        };
        let fields = FIELDS.iter().filter_map(|name| {
            let value = all(headers, name)?;
            Some((known(name), short(&value)))
        });
        Self {
            at,
            step,
            rest: short(rest),
            query: short(call.parts.uri.query().unwrap_or_default()),
            method: call.parts.method.as_str().chars().take(40).collect(),
            version: match call.parts.version {
                http::Version::HTTP_2 => "HTTP/2",
                http::Version::HTTP_10 => "HTTP/1.0",
                _ => "HTTP/1.1",
            },
            host: short(call.authority()),
            connection: call.connection.id,
            request: call.connection.request,
            fields: fields.collect(),
            credentials: credentials(headers),
            has_cookie: all(headers, &COOKIE)
                .is_some_and(|cookies| cookies.split([';', ',']).any(|pair| pair.trim() == CAKE)),
            has_idempotency_key: headers.contains_key("idempotency-key"),
            has_fragment: has_fragment(call),
            content: Content::default(),
            wait: None,
            is_last: false,
            is_broken: false,
            measured: None,
        }
    }

    /// What it takes of the memory, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [&self.rest, &self.query, &self.method, &self.host];
        let values = self.fields.iter().map(|(_, value)| value);
        let texts = texts.into_iter().chain(values).map(String::len);
        size_of::<Self>() + self.fields.len() * size_of::<(&str, String)>() + texts.sum::<usize>()
    }

    /// The value of a remembered field.
    pub(crate) fn field(&self, name: &HeaderName) -> Option<&str> {
        let mut fields = self.fields.iter();
        let (_, value) = fields.find(|(known, _)| *known == name.as_str())?;
        Some(value)
    }

    /// Whether the list in a remembered field has an item whose weight is not 0 (RFC 9110 §12.4.2).
    pub(crate) fn lists(&self, name: &HeaderName, item: &str) -> bool {
        let mut items = self.field(name).unwrap_or_default().split(',');
        items.any(|listed| {
            let (token, weight) = listed.split_once(';').unwrap_or((listed, "q=1"));
            let weight = weight.trim().to_ascii_lowercase();
            token.trim().eq_ignore_ascii_case(item)
                && weight.strip_prefix("q=").and_then(|q| q.parse().ok()) != Some(0.0)
        })
    }

    /// Whether it came on a connection that had a request before.
    pub(crate) const fn is_on_used_connection(&self) -> bool {
        self.request > 0
    }

    /// Milliseconds since another.
    pub(crate) fn ms_since(&self, other: &Self) -> u64 {
        let time = self.at.saturating_duration_since(other.at);
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
    }

    /// RFC 9110 §9.2.2.
    pub(crate) fn is_idempotent(&self) -> bool {
        matches!(
            self.method.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" | "QUERY"
        )
    }
}

/// A name as it is kept: one of the table.
fn known(name: &HeaderName) -> &'static str {
    const NAMES: [&str; 10] = [
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "if-none-match",
        "te",
        "transfer-encoding",
        "user-agent",
    ];
    NAMES
        .iter()
        .find(|known| **known == name.as_str())
        .expect("the two tables list the same names")
}

/// All lines of a field as one (RFC 9110 §5.3), bounded before it is joined.
fn all(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> = headers
        .get_all(name)
        .iter()
        .take(8)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

pub(super) fn credentials(headers: &HeaderMap) -> Credentials {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Credentials::None;
    };
    let pair = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        // RFC 9110 §11.1: the scheme is case-insensitive.
        let is_basic = scheme.eq_ignore_ascii_case("basic");
        STANDARD
            .decode(is_basic.then_some(token)?.trim_ascii())
            .ok()
    });
    if pair.is_some_and(|pair| pair == format!("{USER}:{PASSWORD}").into_bytes()) {
        Credentials::Right
    } else {
        Credentials::Other
    }
}

/// RFC 9110 §7.1: a fragment is no part of the target URI that is sent. The HTTP library takes it away, so only the bytes tell.
fn has_fragment(call: &Call) -> bool {
    let Some(recording) = call.wire.recording() else {
        return false;
    };
    let events = recording.events();
    let mut head = events.iter().filter_map(|event| match &event.kind {
        EventKind::Received(bytes) => Some(bytes.iter()),
        _ => None,
    });
    head.by_ref()
        .flatten()
        .take_while(|byte| **byte != b'\n')
        .any(|byte| *byte == b'#')
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use super::super::course::find;
    use super::super::{Finding, Seen};
    use super::*;
    use crate::sequence::Verdict;

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);

    /// A GET on the first connection, so many milliseconds after the start.
    pub(crate) fn visit(step: &str, rest: &str, at_ms: u64) -> Visit {
        Visit {
            at: *START + Duration::from_millis(at_ms),
            step: find(step).expect("it is in the course").id,
            rest: rest.to_owned(),
            query: String::new(),
            method: "GET".to_owned(),
            version: "HTTP/1.1",
            host: "127.0.0.1:80".to_owned(),
            connection: 1,
            request: 0,
            fields: Vec::new(),
            credentials: Credentials::None,
            has_cookie: false,
            has_idempotency_key: false,
            has_fragment: false,
            content: Content::default(),
            wait: None,
            is_last: false,
            is_broken: false,
            measured: None,
        }
    }

    /// What a step makes of requests.
    pub(crate) fn judged(step: &str, visits: &[Visit]) -> (Verdict, String) {
        let step = find(step).expect("it is in the course");
        let Finding { verdict, seen, .. } = (step.judge)(&Seen::new(visits, step));
        (verdict, seen)
    }

    #[test]
    fn a_weight_of_nothing_is_no_item() {
        let mut visit = visit("plain", "", 0);
        let list = "gzip;q=0, deflate, BR;q=0.5, zstd; q=0.000".to_owned();
        visit.fields.push(("accept-encoding", list));
        // RFC 9110 §12.4.2: a weight of 0 means "not acceptable".
        for (coding, listed) in [
            ("gzip", false),
            ("deflate", true),
            ("br", true),
            ("zstd", false),
            ("identity", false),
        ] {
            assert_eq!(visit.lists(&ACCEPT_ENCODING, coding), listed, "{coding}");
        }
    }

    #[test]
    fn credentials_are_judged_and_not_kept() {
        let told = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            credentials(&headers)
        };
        assert_eq!(credentials(&HeaderMap::new()), Credentials::None);
        // echo -n lab:course | base64
        assert_eq!(told("Basic bGFiOmNvdXJzZQ=="), Credentials::Right);
        assert_eq!(told("basic bGFiOmNvdXJzZQ=="), Credentials::Right);
        assert_eq!(told("Basic bGFiOng="), Credentials::Other);
        assert_eq!(told("Bearer bGFiOmNvdXJzZQ=="), Credentials::Other);
        assert_eq!(told("Basic"), Credentials::Other);
    }
}
