//! Codes that each ask for one thing of their own: 201, 207, 226, 415, 451, 511.

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

pub(super) fn created_where(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.method() == Some(b"POST") && !subject.has("location") {
        findings.field(
            "location",
            "POST created something, and the answer does not say where it is: Location is missing",
        );
    }
}

pub(super) fn multistatus(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.method() == Some(b"HEAD") {
        return;
    }
    let value = subject.fields().get("content-type").unwrap_or_default();
    let xml = ["application/xml", "text/xml"]
        .iter()
        .any(|known| subject.is_type(known));
    if !xml {
        let sent = match value.as_ref() {
            b"" => "nothing that says so".to_owned(),
            value => format!("`{}`", quoted(value)),
        };
        findings.field(
            "content-type",
            format!("The results of a 207 are in an XML document, and {sent} came"),
        );
    } else if let Some(content) = subject.beginning(4096) {
        // A document in UTF-16 has a zero byte beside each letter.
        let found = content
            .windows(b"multistatus".len())
            .any(|word| word == b"multistatus");
        if !found && !content.contains(&0) {
            findings.hit(
                "The content of this 207 has no multistatus element, in which the results would be",
            );
        }
    }
}

pub(super) fn im_used_without_etag(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.has("etag") {
        findings.field(
            "etag",
            "This 226 does not say which version comes out when the change is applied: ETag is missing",
        );
    }
}

pub(super) fn im_used_unasked(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.asked_with("a-im") == Some(false) {
        findings.hit(
            "226 sends a manipulated instance, and the request had no A-IM that would allow one",
        );
    }
}

pub(super) fn im_elsewhere(subject: &Subject<'_>, findings: &mut Findings) {
    let code = subject.code();
    if code == 226 {
        return;
    }
    if let Some(line) = subject.lines("im").next() {
        findings.line(
            line,
            format!("IM says that the content is manipulated, and {code} says that it is not; only 226 goes with it"),
        );
    }
}

pub(super) fn accept_encoding(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.asked_with("content-encoding") != Some(false) {
        return;
    }
    if let Some(line) = subject.lines("accept-encoding").next() {
        findings.line(
            line,
            "Accept-Encoding blames the content coding for this 415, and the request had none",
        );
    }
}

pub(super) fn blocked_by(subject: &Subject<'_>, findings: &mut Findings) {
    let named = subject
        .lines("link")
        .any(|line| has_relation(&line.value(), b"blocked-by"));
    if !named {
        findings.field(
            "link",
            "This 451 does not say who blocks: no Link has the relation blocked-by",
        );
    }
}

/// Whether a parameter `rel`, outside of angle brackets, names a relation: RFC 8288 §3.3.
fn has_relation(value: &[u8], relation: &[u8]) -> bool {
    let mut rest = value;
    while let Some(end) = rest.iter().position(|byte| *byte == b'>') {
        let after = rest.get(end.saturating_add(1)..).unwrap_or_default();
        let (parameters, next) = until_bracket(after);
        let (_, parameters) = siteerror_wire::field::parameters(parameters);
        let found = parameters.iter().any(|parameter| {
            let value = parameter.value.as_deref().unwrap_or_default();
            parameter.name.eq_ignore_ascii_case(b"rel")
                && value
                    .split(u8::is_ascii_whitespace)
                    .any(|name| name.eq_ignore_ascii_case(relation))
        });
        if found {
            return true;
        }
        rest = next;
    }
    false
}

/// Parts at the `<` of the next link; the comma before it is left out.
fn until_bracket(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut quoted = false;
    let next = bytes.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b'<' && !quoted
    });
    let (one, rest) = bytes.split_at(next.unwrap_or(bytes.len()));
    let one = one.trim_ascii_end();
    (one.strip_suffix(b",").unwrap_or(one), rest)
}

pub(super) fn login_here(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("www-authenticate") {
        findings.line(
            line,
            "The challenge of a 511 looks as if it came from the site that was asked for, and browsers would send a password there",
        );
    }
    let Some(content) = subject.beginning(64 * 1024) else {
        return;
    };
    let lower = content.to_ascii_lowercase();
    let asks = [
        b"type=\"password\"".as_slice(),
        b"type='password'",
        b"type=password",
    ];
    if asks
        .iter()
        .any(|form| lower.windows(form.len()).any(|text| text == *form))
    {
        findings.hit("The login form is in the 511 itself, where it looks like one of the site that was asked for");
    }
}
