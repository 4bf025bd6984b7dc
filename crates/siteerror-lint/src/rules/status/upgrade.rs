//! Upgrade, and the two codes that cannot do without it: 101 and 426. HTTP/2 has neither the field nor the switch.

use siteerror_wire::connection::Protocol;
use siteerror_wire::field;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

pub(super) fn switched_to_nothing(subject: &Subject<'_>, findings: &mut Findings) {
    if names_none(subject) {
        findings.field(
            "upgrade",
            "The connection switches, and nothing says to which protocol: Upgrade is missing or empty",
        );
    }
}

pub(super) fn required_without_name(subject: &Subject<'_>, findings: &mut Findings) {
    if names_none(subject) {
        findings.field(
            "upgrade",
            "This 426 does not say which protocol would do: Upgrade is missing or empty",
        );
    }
}

pub(super) fn unrequested(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.given.request.is_none() || subject.protocol() != Protocol::Http1 {
        return;
    }
    let Some(offered) = subject.asked("upgrade") else {
        findings.hit("The server switches protocols, and the request offered none");
        return;
    };
    for line in subject.lines("upgrade") {
        let value = line.value();
        for protocol in field::list(&value) {
            // RFC 9110 §7.8: recipients compare names without case.
            if !field::list(&offered).any(|offer| offer.eq_ignore_ascii_case(protocol)) {
                let (protocol, offered) = (quoted(protocol), quoted(&offered));
                findings.line(
                    line,
                    format!(
                        "The server switches to `{protocol}`, and the request offered `{offered}`"
                    ),
                );
            }
        }
    }
}

pub(super) fn not_in_connection(subject: &Subject<'_>, findings: &mut Findings) {
    if names_none(subject) || subject.protocol() != Protocol::Http1 {
        return;
    }
    let listed = subject.lines("connection").any(|line| {
        field::list(&line.value()).any(|option| option.eq_ignore_ascii_case(b"upgrade"))
    });
    if let Some(line) = subject.lines("upgrade").next()
        && !listed
    {
        findings.line(
            line,
            "Upgrade is there and Connection does not list it, so a proxy passes on what was meant for the next hop alone",
        );
    }
}

fn names_none(subject: &Subject<'_>) -> bool {
    subject.protocol() == Protocol::Http1
        && !subject
            .lines("upgrade")
            .any(|line| field::list(&line.value()).next().is_some())
}
