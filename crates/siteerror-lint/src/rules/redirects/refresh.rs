//! Refresh: the field, and the element that stands for it. Both are read as the HTML standard says, in its shared declarative refresh steps.

use memchr::memchr2_iter;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

/// A 511 must not look like an answer of the site that was asked for, and a redirect would: RFC 6585 §6.1 shows one with a meta element.
const NETWORK_AUTHENTICATION_REQUIRED: u16 = 511;

pub(super) fn header(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.code() == NETWORK_AUTHENTICATION_REQUIRED {
        return;
    }
    for line in subject.lines("refresh") {
        let value = line.value();
        if let Some(target) = target(&value) {
            let target = quoted(target);
            findings.line(
                line,
                format!("Refresh sends browsers to `{target}`; all other clients take this response for the answer"),
            );
        }
    }
}

/// The element belongs into the head of a page, and pages that only send people on are short. Every page is looked at, so the look has to be too.
const MOST: usize = 4 * 1024;

pub(super) fn meta(subject: &Subject<'_>, findings: &mut Findings) {
    let page = subject.is_type("text/html") || subject.is_type("application/xhtml+xml");
    if !page || subject.code() == NETWORK_AUTHENTICATION_REQUIRED {
        return;
    }
    let Some(content) = subject.beginning(MOST) else {
        return;
    };
    if !has_http_equiv(&content) {
        return;
    }
    let mut head = Head { rest: &content };
    let leads = head.find_map(|content| Some(quoted(target(content)?)));
    if let Some(target) = leads {
        findings.hit(format!(
            "A meta element sends browsers to `{target}`; all other clients take this page for the answer"
        ));
    }
}

/// Whether there is an `http-equiv` at all, found by its rarest letter: most pages have none, and end here.
fn has_http_equiv(content: &[u8]) -> bool {
    const NAME: &[u8] = b"http-equiv";
    const BEFORE_Q: usize = 6;
    memchr2_iter(b'q', b'Q', content).any(|at| {
        let start = at.checked_sub(BEFORE_Q);
        start
            .and_then(|start| content.get(start..)?.get(..NAME.len()))
            .is_some_and(|word| word.eq_ignore_ascii_case(NAME))
    })
}

/// Where a value of Refresh leads; none if it is no value, or says no address and so only reloads.
fn target(value: &[u8]) -> Option<&[u8]> {
    let rest = value.trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = rest.get(digits..)?;
    let fraction = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
    let fractions = rest.iter().take_while(fraction).count();
    (digits > 0 || fractions > 0).then_some(())?;
    let rest = rest.get(fractions..)?;
    let parts = rest
        .first()
        .is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b';' | b','));
    parts.then_some(())?;
    let rest = rest.trim_ascii_start();
    let rest = match rest {
        [b';' | b',', rest @ ..] => rest.trim_ascii_start(),
        rest => rest,
    };
    let named = rest
        .get(..3)
        .filter(|name| name.eq_ignore_ascii_case(b"url"))
        .and_then(|_| rest.get(3..)?.trim_ascii_start().strip_prefix(b"="))
        .map_or(rest, |rest| rest.trim_ascii_start());
    let address = match named {
        [quote @ (b'"' | b'\''), rest @ ..] => {
            let end = rest.iter().position(|byte| byte == quote);
            rest.get(..end.unwrap_or(rest.len()))?
        }
        address => address,
    };
    let address = address.trim_ascii();
    (!address.is_empty()).then_some(address)
}

/// Goes through the head of a page and gives the `content` of every `meta` with `http-equiv=refresh`. What stands in comments and scripts is no element,
/// and what is in `noscript` is for browsers that have no scripts.
struct Head<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Head<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let start = self.rest.iter().position(|byte| *byte == b'<')?;
            self.rest = self.rest.get(start.checked_add(1)?..)?;
            if self.rest.starts_with(b"!--") {
                self.rest = after(self.rest, b"-->")?;
                continue;
            }
            let end = self
                .rest
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
            let name = self.rest.get(..end.unwrap_or(self.rest.len()))?;
            let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
            if is(b"body") {
                return None;
            }
            if is(b"meta") {
                let (attributes, rest) = Attributes::read(self.rest.get(name.len()..)?);
                self.rest = rest;
                if let Some(content) = attributes.refresh() {
                    return Some(content);
                }
                continue;
            }
            for (raw, end) in RAW {
                if is(raw) {
                    self.rest = after(self.rest, end)?;
                    break;
                }
            }
        }
    }
}

/// Elements whose content is not looked at, and how they end.
const RAW: [(&[u8], &[u8]); 4] = [
    (b"script", b"</script"),
    (b"style", b"</style"),
    (b"title", b"</title"),
    (b"noscript", b"</noscript"),
];

/// What follows a text, in any case. The text begins with no letter, so that its first byte can be looked for.
fn after<'a>(mut bytes: &'a [u8], text: &[u8]) -> Option<&'a [u8]> {
    let first = text.first()?;
    loop {
        let start = bytes.iter().position(|byte| byte == first)?;
        bytes = bytes.get(start..)?;
        if bytes.get(..text.len())?.eq_ignore_ascii_case(text) {
            return bytes.get(text.len()..);
        }
        bytes = bytes.get(1..)?;
    }
}

/// The two attributes that matter.
#[derive(Default)]
struct Attributes<'a> {
    http_equiv: Option<&'a [u8]>,
    content: Option<&'a [u8]>,
}

impl<'a> Attributes<'a> {
    /// Reads up to the end of the tag, and gives what follows.
    fn read(mut rest: &'a [u8]) -> (Self, &'a [u8]) {
        let mut found = Self::default();
        let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
        loop {
            let blanks = rest.iter().take_while(|byte| blank(byte)).count();
            rest = rest.get(blanks..).unwrap_or_default();
            let length = rest
                .iter()
                .take_while(|byte| !blank(byte) && !matches!(byte, b'>' | b'='))
                .count();
            let (name, after) = rest.split_at(length);
            rest = after.trim_ascii_start();
            let mut value: &[u8] = b"";
            if let Some(after) = rest.strip_prefix(b"=") {
                let after = after.trim_ascii_start();
                let (taken, left) = attribute_value(after);
                value = taken;
                rest = left;
            } else if name.is_empty() {
                let left = rest.strip_prefix(b">").unwrap_or_default();
                return (found, left);
            }
            // Of attributes with the same name, the first counts.
            if name.eq_ignore_ascii_case(b"http-equiv") {
                found.http_equiv.get_or_insert(value);
            } else if name.eq_ignore_ascii_case(b"content") {
                found.content.get_or_insert(value);
            }
        }
    }

    fn refresh(&self) -> Option<&'a [u8]> {
        let refresh = self
            .http_equiv
            .is_some_and(|name| name.eq_ignore_ascii_case(b"refresh"));
        self.content.filter(|_| refresh)
    }
}

/// A value in quotes or without, and what follows it.
fn attribute_value(bytes: &[u8]) -> (&[u8], &[u8]) {
    if let [quote @ (b'"' | b'\''), rest @ ..] = bytes {
        let end = rest.iter().position(|byte| byte == quote);
        let (value, rest) = rest.split_at(end.unwrap_or(rest.len()));
        return (value, rest.get(1..).unwrap_or_default());
    }
    let end = bytes
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || *byte == b'>');
    bytes.split_at(end.unwrap_or(bytes.len()))
}
