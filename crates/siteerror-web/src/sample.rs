//! A response that somebody hands in to be looked at, by a form, the API or the command line, and what the linter says of it.

use serde::Serialize;
use siteerror_lint::{Finding, Severity};
use siteerror_wire::field::HttpDate;

/// Two-digit years of obsolete dates are read as of the beginning of 2026: nobody hands in a response from another half of a century.
const BEGIN_OF_2026: i64 = 1_767_225_600;

/// A response, and what is known about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// The bytes of the response, perhaps with interim responses before it.
    pub response: Vec<u8>,
    /// The request that it answers; empty if nobody knows.
    pub request: Vec<u8>,
    /// The URL that was asked for.
    pub url: Option<String>,
    /// When it came, in seconds since 1970.
    pub received_at_unix_s: Option<i64>,
}

/// What the linter says of a [`Sample`].
#[derive(Debug, Clone)]
pub struct Linted {
    /// What was looked at.
    pub sample: Sample,
    /// The status code of the last response in it; none if three digits are not there.
    pub status: Option<u16>,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// Whether it was read as the answer to a HEAD, since its content was not handed in as it was sent.
    pub as_head: bool,
}

/// What was handed in holds no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no HTTP response in it: {0}")]
pub struct NoResponse(String);

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Breaks a MUST, or recipients fail.
    pub error: usize,
    /// Breaks a SHOULD, or is known to hurt.
    pub warn: usize,
    /// Worth knowing.
    pub info: usize,
}

/// A date as `Date` fields have it, in seconds since 1970.
pub fn http_date(text: &str) -> Option<i64> {
    HttpDate::parse(text.trim().as_bytes(), BEGIN_OF_2026).map(HttpDate::unix_s)
}

impl Sample {
    /// The same as it was before it became text: lines of the head end in CRLF, the empty line after it is there, and content has the line ends with which
    /// it is as long as `Content-Length` says.
    #[must_use]
    pub fn pasted(mut self) -> Self {
        self.response = restored(&self.response);
        if !self.request.is_empty() {
            self.request = restored(&self.request);
        }
        self
    }

    /// Looks at it.
    ///
    /// # Errors
    ///
    /// If there is no response in it.
    pub fn lint(self) -> Result<Linted, NoResponse> {
        self.look(false)
    }

    /// Looks at what was pasted. Where its content is missing or was decoded by the tool that showed it, and no request says why, it is read as the answer
    /// to a HEAD.
    ///
    /// # Errors
    ///
    /// If there is no response in it.
    pub fn lint_pasted(self) -> Result<Linted, NoResponse> {
        let mut sample = self.pasted();
        let (head, content) = parted(&sample.response);
        let as_head = sample.request.is_empty() && !is_as_sent(head, content);
        if as_head {
            let length = head.len();
            sample.response.truncate(length);
        }
        sample.look(as_head)
    }

    fn look(self, as_head: bool) -> Result<Linted, NoResponse> {
        let request = if as_head {
            b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        } else {
            self.request.as_slice()
        };
        let mut text = siteerror_lint::read(&self.response, request, self.url.as_deref());
        text.received_at_unix_s = self.received_at_unix_s;
        let received = &text.received;
        let last = received.response.as_ref().map(|response| &response.head);
        let Some(head) = last.or_else(|| Some(&received.interims.last()?.head)) else {
            let why = match received.defects.gravest() {
                Some(defect) => defect.to_string(),
                None => "it is empty".to_owned(),
            };
            return Err(NoResponse(why));
        };
        let status = head.status();
        let mut findings = text.lint();
        if is_later(&self.response) {
            // Lines of HTTP/2 are how a tool writes frames down: there are no bytes to point at.
            for finding in &mut findings {
                finding.place.bytes = None;
            }
        }
        Ok(Linted {
            sample: self,
            status,
            findings,
            as_head,
        })
    }
}

impl Linted {
    /// How many findings there are of each severity.
    pub fn counts(&self) -> Counts {
        let count = |severity| {
            let of_it = self
                .findings
                .iter()
                .filter(|finding| finding.rule.severity == severity);
            of_it.count()
        };
        Counts {
            error: count(Severity::Error),
            warn: count(Severity::Warn),
            info: count(Severity::Info),
        }
    }
}

impl Serialize for Linted {
    /// `status`, `findings`, `counts` (`error`, `warn`, `info`).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut row = serializer.serialize_struct("Linted", 3)?;
        row.serialize_field("status", &self.status)?;
        row.serialize_field("findings", &self.findings)?;
        row.serialize_field("counts", &self.counts())?;
        row.end()
    }
}

/// Whether content that was pasted can be what was sent. What is compressed does not survive being text, and tools take content out of its chunks.
fn is_as_sent(head: &[u8], content: &[u8]) -> bool {
    let announced = field(head, "transfer-encoding").is_some()
        || field(head, "content-length").is_some_and(|length| length != "0");
    if content.is_empty() {
        return !announced;
    }
    let is_compressed = field(head, "content-encoding")
        .is_some_and(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let is_chunked = field(head, "transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().ends_with("chunked"));
    let size: &[u8] = content
        .split(|byte| matches!(byte, b'\r' | b';' | b' '))
        .next()
        .unwrap_or_default();
    let is_size = (1..=16).contains(&size.len()) && size.iter().all(u8::is_ascii_hexdigit);
    let is_decoded = is_compressed && std::str::from_utf8(content).is_ok();
    !is_decoded && (!is_chunked || is_size)
}

/// Whether a text is a response of HTTP/2 or HTTP/3 as tools print it.
pub(crate) fn is_later(response: &[u8]) -> bool {
    response.starts_with(b"HTTP/2") || response.starts_with(b"HTTP/3")
}

/// A message that was pasted, with the line ends that it came with.
fn restored(text: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(text.len() + text.len() / 16);
    let start = text.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    for byte in text.get(start.unwrap_or(text.len())..).unwrap_or_default() {
        if *byte == b'\n' && message.last() != Some(&b'\r') {
            message.push(b'\r');
        }
        message.push(*byte);
    }
    if message.is_empty() {
        return message;
    }
    if find_empty_line(&message).is_none() {
        let end = if message.ends_with(b"\r\n") {
            b"\r\n".as_slice()
        } else {
            b"\r\n\r\n"
        };
        message.extend_from_slice(end);
        return message;
    }
    let (head, content) = parted(&message);
    let length = field(head, "content-length").and_then(|length| length.parse::<usize>().ok());
    let Some(length) = length.filter(|length| *length != content.len()) else {
        return message;
    };
    let with_lf: Vec<u8> = content
        .iter()
        .enumerate()
        .filter(|(index, byte)| **byte != b'\r' || content.get(index + 1) != Some(&b'\n'))
        .map(|(_, byte)| *byte)
        .collect();
    let shorter = |content: &[u8], end: &[u8]| content.strip_suffix(end).map(<[u8]>::to_vec);
    let with_lf_shorter = shorter(&with_lf, b"\n");
    let candidates = [Some(with_lf), shorter(content, b"\r\n"), with_lf_shorter];
    match candidates
        .into_iter()
        .flatten()
        .find(|content| content.len() == length)
    {
        Some(content) => [head, &content].concat(),
        None => message,
    }
}

/// The heads of a message whose lines end in CRLF, interim responses among them, and what follows the last one.
fn parted(message: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    while let Some(rest) = message.get(start..) {
        let Some(end) = find_empty_line(rest) else {
            break;
        };
        let status = rest.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let is_interim =
            rest.starts_with(b"HTTP/") && status.starts_with(b"1") && !status.starts_with(b"101");
        start += end;
        if !is_interim || start >= message.len() {
            return message.split_at(start.min(message.len()));
        }
    }
    (message, &[])
}

/// Where a head ends: after its empty line.
fn find_empty_line(message: &[u8]) -> Option<usize> {
    let at = message
        .windows(4)
        .position(|window| window == b"\r\n\r\n")?;
    Some(at + 4)
}

/// The value of the last line of a field, in heads whose lines end in CRLF.
fn field<'a>(heads: &'a [u8], name: &str) -> Option<&'a str> {
    let lines = heads.split(|byte| *byte == b'\n').rev();
    lines
        .filter_map(|line| std::str::from_utf8(line).ok())
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pasted(text: &str) -> String {
        String::from_utf8(restored(text.as_bytes())).expect("it was text")
    }

    #[test]
    fn heads_get_their_line_ends_back() {
        assert_eq!(
            pasted("\nHTTP/1.1 204 No Content\nETag: \"1\"\n\n"),
            "HTTP/1.1 204 No Content\r\nETag: \"1\"\r\n\r\n"
        );
        assert_eq!(
            pasted("HTTP/1.1 204 No Content"),
            "HTTP/1.1 204 No Content\r\n\r\n"
        );
        assert_eq!(
            pasted("HTTP/1.1 204 No Content\r\n"),
            "HTTP/1.1 204 No Content\r\n\r\n"
        );
        assert_eq!(pasted("\r\n\n"), "");
    }

    #[test]
    fn content_gets_the_line_ends_that_its_length_tells() {
        let head = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
        for content in ["a\r\nb\r\n", "a\nb\n"] {
            assert_eq!(pasted(&format!("{head}{content}")), format!("{head}a\nb\n"));
        }
        // Four bytes with CRLF.
        assert_eq!(pasted(&format!("{head}a\nb")), format!("{head}a\r\nb"));
        assert_eq!(
            pasted(&format!("{head}abcd\n")),
            format!("{head}abcd"),
            "an editor added a line end"
        );
        assert_eq!(
            pasted(&format!("{head}a\nb\nc")),
            format!("{head}a\r\nb\r\nc")
        );
    }

    #[test]
    fn a_head_alone_is_the_answer_to_a_head_request() {
        let sample = |text: &str| Sample {
            response: text.as_bytes().to_vec(),
            ..Sample::default()
        };
        let head = "HTTP/1.1 200 OK\nContent-Length: 400\nContent-Type: text/plain";
        let linted = sample(head).lint_pasted().expect("a response");
        assert!(linted.as_head);
        assert_eq!(linted.status, Some(200));
        assert_eq!(linted.counts().error, 0, "{:?}", linted.findings);
        for tool in [
            "Transfer-Encoding: chunked\n\n<p>out of its chunks",
            "Content-Encoding: gzip\nContent-Length: 9\n\n<p>decoded",
        ] {
            let linted = sample(&format!(
                "HTTP/1.1 200 OK\nContent-Type: text/plain\n{tool}"
            ));
            let linted = linted.lint_pasted().expect("a response");
            assert!(linted.as_head, "{tool}");
            assert_eq!(linted.counts().error, 0, "{:?}", linted.findings);
        }
        let chunks = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nab\n0\n\n";
        assert!(!sample(chunks).lint_pasted().expect("a response").as_head);
        let cut = sample(&format!("{head}\n\nnot all"))
            .lint_pasted()
            .expect("a response");
        assert!(!cut.as_head);
        assert_eq!(cut.counts().error, 1, "{:?}", cut.findings);
    }

    #[test]
    fn what_is_no_response_is_said_to_be_none() {
        for text in ["", "hello\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"] {
            let sample = Sample {
                response: text.as_bytes().to_vec(),
                ..Sample::default()
            };
            assert!(sample.lint_pasted().is_err(), "{text:?}");
        }
    }
}
