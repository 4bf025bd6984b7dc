//! Reading the head of a request as far as its framing and its faults go: what it means is for hyper and the handler. It reads the same bytes once,
//! however they are cut, and takes nothing that hyper would refuse.

mod meaning;

use std::ops::Range;

use crate::defect::{Defect, shown};
use crate::field::{control_from, is_authority, is_token, run, table, token_end};
use crate::options::Limits;

/// Bytes of a method: the longest one registered, `UPDATEREDIRECTREF`, has 17.
const METHOD_BYTES: usize = 64;
/// What a request line has besides method and target: two spaces, the version, the end of the line.
const LINE_REST: usize = 12;
/// The method that has a form of target to itself.
const CONNECT: &[u8] = b"CONNECT";
/// The longest URI that the type for it can hold.
const URI_BYTES: usize = 65_534;
/// A head that is being read. All positions count from its first byte.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// Where the line begins that is being read.
    line: usize,
    /// How far that line was looked at.
    seen: usize,
    /// Where the field lines begin; 0 within the request line.
    fields_from: usize,
    fields: usize,
    target: Range<usize>,
    minor: u8,
    hosts: Hosts,
    length: Option<u64>,
    coding: Coding,
    /// What it says about the connection, from `says`.
    says: u8,
}

/// What a head can say about what follows it.
mod says {
    pub(super) const CLOSE: u8 = 1;
    pub(super) const KEEP_ALIVE: u8 = 1 << 1;
    pub(super) const UPGRADE: u8 = 1 << 2;
    pub(super) const CONNECT: u8 = 1 << 3;
}

#[derive(Debug, Clone, Default)]
enum Hosts {
    #[default]
    None,
    One,
    Wrong(String),
    More,
}

#[derive(Debug, Clone, Default)]
enum Coding {
    #[default]
    None,
    Chunked,
    /// Not `chunked` at the end, or twice.
    Wrong(String),
    /// One that nobody here understands, and `chunked` after it.
    Unknown(String),
    /// The same, with nothing after it so far.
    UnknownLast(String),
}

/// How the end of the content is found (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(u64),
    Chunked,
}

/// What may follow a message on its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Message,
    /// Another protocol, if the response says so.
    Perhaps,
    Nothing,
}

/// Which bytes of an origin-form target need no second look (RFC 3986 §3.3, §3.4).
const PLAIN: [bool; 256] = table(b"/?:@-._~!$&'()*+,;=%");

impl Head {
    /// Reads on in `bytes`, which begin where the head does; gives the length of the head once it is whole.
    pub(crate) fn advance(
        &mut self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Option<usize>, Defect> {
        if self.is_untouched() {
            self.usual_request_line(bytes, limits);
        }
        loop {
            if self.fields_from > 0
                && self.seen == self.line
                && let Some((colon, end)) = usual_field(bytes, self.line)
            {
                let name = &bytes[self.line..colon];
                self.line = end + 2;
                self.seen = self.line;
                self.field_bytes(self.line, limits)?;
                self.field(name, &bytes[colon + 1..end], limits)?;
                continue;
            }
            let Some((end, next)) = self.line_end(bytes)? else {
                break;
            };
            let line = self.line..end;
            self.line = next;
            self.seen = next;
            if self.fields_from == 0 {
                self.request_line(bytes, line, limits)?;
                self.fields_from = next;
            } else if line.is_empty() {
                return self.whole().map(|()| Some(next));
            } else {
                self.field_bytes(next, limits)?;
                self.field_line(&bytes[line], limits)?;
            }
        }
        if self.fields_from > 0 {
            // A CR may begin the empty line, which is no field line.
            let is_last = bytes[self.line..] == *b"\r";
            self.field_bytes(if is_last { self.line } else { bytes.len() }, limits)?;
        } else if bytes.len() > METHOD_BYTES + limits.target_bytes + LINE_REST {
            let method = bytes.iter().position(|byte| *byte == b' ');
            return Err(match method {
                Some(0..=METHOD_BYTES) => Defect::TargetTooLong(limits.target_bytes),
                _ => Defect::MethodTooLong(METHOD_BYTES),
            });
        }
        Ok(None)
    }

    /// Whether none of its bytes was looked at.
    pub(crate) fn is_untouched(&self) -> bool {
        self.seen == 0 && self.line == 0
    }

    /// The field lines of a whole head, with the empty line after them, if they say nothing of its framing and its connection.
    pub(crate) fn plain_fields<'a>(&self, head: &'a [u8]) -> Option<&'a [u8]> {
        let is_plain = self.minor > 0
            && self.says & !says::CONNECT == 0
            && self.length.is_none()
            && matches!(self.coding, Coding::None);
        is_plain.then(|| &head[self.fields_from..])
    }

    /// Where the target stands, once the head is whole.
    pub(crate) fn target(&self) -> Range<usize> {
        self.target.clone()
    }

    /// Where the minor version stands if it is above 1: such a request is one of HTTP/1.1 for us (RFC 9110 §6.2).
    pub(crate) fn newer(&self) -> Option<usize> {
        (self.minor > 1).then_some(self.target.end + " HTTP/1.".len())
    }

    pub(crate) fn framing(&self) -> Framing {
        match (&self.coding, self.length) {
            (Coding::Chunked, _) => Framing::Chunked,
            (_, length) => Framing::Length(length.unwrap_or(0)),
        }
    }

    pub(crate) fn next(&self) -> Next {
        if self.says(says::CONNECT) || (self.says(says::UPGRADE) && self.minor > 0) {
            Next::Perhaps
        } else {
            self.next_message()
        }
    }

    /// What may follow if no other protocol does (RFC 9112 §9.3).
    pub(crate) fn next_message(&self) -> Next {
        if self.says(says::CLOSE) || (self.minor == 0 && !self.says(says::KEEP_ALIVE)) {
            Next::Nothing
        } else {
            Next::Message
        }
    }

    fn says(&self, what: u8) -> bool {
        self.says & what != 0
    }

    /// Where the text of the line being read ends, and where the next line begins.
    fn line_end(&mut self, bytes: &[u8]) -> Result<Option<(usize, usize)>, Defect> {
        loop {
            let Some(at) = control_from(bytes, self.seen) else {
                self.seen = bytes.len();
                return Ok(None);
            };
            self.seen = at;
            match bytes[at] {
                b'\t' => self.seen = at + 1,
                // RFC 9112 §2.2: a recipient may recognise a single LF as the end of a line.
                b'\n' => return Ok(Some((at, at + 1))),
                b'\r' => match bytes.get(at + 1) {
                    Some(b'\n') => return Ok(Some((at, at + 2))),
                    Some(_) => return Err(Defect::BareCr),
                    None => return Ok(None),
                },
                byte => return Err(Defect::Control(byte)),
            }
        }
    }

    /// Takes the request line of a usual request, to be quick about it, and gives where its field lines begin; leaves any other to
    /// [`Self::advance`].
    pub(crate) fn usual_request_line(&mut self, bytes: &[u8], limits: &Limits) -> Option<usize> {
        const END: &[u8] = b" HTTP/1.1\r\n";
        let method = token_end(bytes, 0);
        if !(1..=METHOD_BYTES).contains(&method)
            || !bytes[method..].starts_with(b" /")
            || bytes[..method] == *CONNECT
        {
            return None;
        }
        let target = method + 1..run(&PLAIN, bytes, method + 1);
        if !bytes[target.end..].starts_with(END)
            || target.len() > limits.target_bytes.min(URI_BYTES)
        {
            return None;
        }
        self.line = target.end + END.len();
        self.seen = self.line;
        self.fields_from = self.line;
        self.target = target;
        self.minor = 1;
        Some(self.line)
    }

    fn request_line(
        &mut self,
        bytes: &[u8],
        at: Range<usize>,
        limits: &Limits,
    ) -> Result<(), Defect> {
        let line = &bytes[at];
        let wrong = || Defect::RequestLine(shown(line));
        let method_end = line
            .iter()
            .position(|byte| !is_token(*byte))
            .unwrap_or(line.len());
        if line.get(method_end) != Some(&b' ') {
            let method = line.split(|byte| *byte == b' ').next().unwrap_or(line);
            return Err(if method.len() == line.len() {
                wrong()
            } else {
                Defect::Method(shown(method))
            });
        }
        if method_end == 0 {
            return Err(wrong());
        }
        if method_end > METHOD_BYTES {
            return Err(Defect::MethodTooLong(METHOD_BYTES));
        }
        let rest = &line[method_end + 1..];
        let mut length = rest
            .iter()
            .position(|byte| !PLAIN[usize::from(*byte)])
            .unwrap_or(rest.len());
        let is_plain = rest.get(length) == Some(&b' ') && rest.first() == Some(&b'/');
        if !is_plain {
            length += rest[length..]
                .iter()
                .position(|byte| *byte == b' ')
                .unwrap_or(rest.len() - length);
        }
        let (target, version) = rest.split_at(length);
        if target.len() > limits.target_bytes.min(URI_BYTES) {
            return Err(Defect::TargetTooLong(limits.target_bytes.min(URI_BYTES)));
        }
        let Some(version) = version.strip_prefix(b" ") else {
            return Err(wrong());
        };
        // RFC 9112 §2.3: the name and two single digits.
        let [
            b'H',
            b'T',
            b'T',
            b'P',
            b'/',
            major @ b'0'..=b'9',
            b'.',
            minor @ b'0'..=b'9',
        ] = version
        else {
            return Err(wrong());
        };
        if target.is_empty() {
            return Err(wrong());
        }
        if *major != b'1' {
            return Err(Defect::Version(shown(version)));
        }
        let is_connect = line[..method_end] == *CONNECT;
        if (!is_plain || is_connect) && !is_target(&line[..method_end], target) {
            return Err(Defect::Target(shown(target)));
        }
        if is_connect {
            self.says |= says::CONNECT;
        }
        self.target = method_end + 1..method_end + 1 + length;
        self.minor = *minor - b'0';
        Ok(())
    }

    fn field_bytes(&self, end: usize, limits: &Limits) -> Result<(), Defect> {
        if end - self.fields_from > limits.fields_bytes {
            return Err(Defect::FieldsTooLarge(limits.fields_bytes));
        }
        Ok(())
    }
}

/// Whether a target has a form that goes with its method (RFC 9112 §3.2): a path, a whole URI, `host:port` for CONNECT, or `*` for OPTIONS.
fn is_target(method: &[u8], target: &[u8]) -> bool {
    let Ok(uri) = http::Uri::try_from(target) else {
        return false;
    };
    if method == CONNECT {
        // RFC 9110 §9.3.6: "A server MUST reject a CONNECT request that targets an empty or invalid port number".
        return is_authority(target) && uri.port_u16().is_some_and(|port| port > 0);
    }
    match target {
        b"*" => method == b"OPTIONS",
        [b'/', ..] => true,
        // RFC 9110 §4.2.4: userinfo is an error.
        _ => {
            let authority = uri.authority().map_or("", |authority| authority.as_str());
            uri.scheme().is_some() && !authority.is_empty() && is_authority(authority.as_bytes())
        }
    }
}

/// Where the colon of a whole and usual field line is, and where the line ends; none for any other.
fn usual_field(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let colon = token_end(bytes, from);
    if colon == from || bytes.get(colon) != Some(&b':') {
        return None;
    }
    let end = control_from(bytes, colon + 1)?;
    bytes[end..].starts_with(b"\r\n").then_some((colon, end))
}
