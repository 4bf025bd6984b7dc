//! Whether a chain goes on, and how: RFC 9110 §15.4, and the rules of redirects for a client that strangers use.

use siteerror_guard::show::mask_url;
use siteerror_guard::{Guard, Reason, Refusal, Rule, Target, Verdict};

use siteerror_wire::write::Shown;

use crate::failure::{Fault, Kind, Phase};
use crate::hop::Hop;

/// Where a hop leads.
pub(super) enum Step {
    /// Nowhere.
    Stay,
    /// To a target that is allowed.
    Go(Box<Target>),
    /// To something that is no place.
    Bad(Fault),
    /// To a place where we do not go.
    Refused { refusal: Refusal, url: String },
}

/// Only these are followed; what else has a Location is reported.
const FOLLOWED: [u16; 5] = [301, 302, 303, 307, 308];

/// Decides.
pub(super) fn next(guard: &Guard, from: &Target, hop: &Hop, fault: Option<&Fault>) -> Step {
    // What is wrong with the content of a redirect is nothing to where it leads.
    if fault.is_some_and(|fault| fault.phase != Some(Phase::Body)) {
        return Step::Stay;
    }
    let Some(head) = hop.head().filter(|head| head.is_complete()) else {
        return Step::Stay;
    };
    if !head.status().is_some_and(|code| FOLLOWED.contains(&code)) {
        return Step::Stay;
    }
    let mut lines = head.fields().named("location");
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Step::Stay;
    };
    let location = line.value();
    let bad = |kind: Kind, text: String| {
        Step::Bad(Fault {
            kind,
            phase: None,
            rule: None,
            text,
        })
    };
    match guard.location(from, &location) {
        Ok(target) => Step::Go(Box::new(target)),
        Err(refusal) => match (refusal.reason, refusal.rule, refusal.verdict) {
            // RFC 9110 §10.2.2 has no empty Location; there is nowhere to go, and the linter says so.
            (Reason::LocationEmpty, ..) => Step::Stay,
            (Reason::RedirectUrlTooLong, ..) => bad(
                Kind::RedirectUrlTooLong,
                Kind::RedirectUrlTooLong.text().to_owned(),
            ),
            (_, Rule::S2, _) => bad(Kind::RedirectScheme, Kind::RedirectScheme.text().to_owned()),
            (reason, _, Verdict::Invalid) => {
                let text = format!("{}: {}", Kind::RedirectInvalid.text(), reason.text());
                bad(Kind::RedirectInvalid, text)
            }
            _ => Step::Refused {
                refusal,
                url: resolved(from, &location),
            },
        },
    }
}

/// What Location says, as it may be shown, where it leads nowhere.
pub(super) fn said(hop: &Hop) -> Option<String> {
    let line = hop.head()?.fields().named("location").next()?;
    Some(shown(&Shown(&line.value()).to_string()))
}

/// Where a refused Location would have led.
fn resolved(from: &Target, location: &[u8]) -> String {
    let text = String::from_utf8_lossy(location);
    let joined = from.url().join(text.trim());
    joined.map_or_else(|_| mask_url(&text), |url| shown(url.as_str()))
}

/// A URL as it may be shown.
pub(crate) fn shown(url: &str) -> String {
    // Credentials stand before `@`, and parameters have a value.
    if url.contains(['@', '=']) {
        return mask_url(url);
    }
    url.to_owned()
}

/// RFC 9110 §15.4.2 and §15.4.3: "a user agent MAY change the request method from POST to GET"; all of them do. §15.4.4: 303 asks for GET, or HEAD.
pub(super) fn change_method(status: u16, method: &mut String) {
    let to_get = match status {
        301 | 302 => method == "POST",
        303 => method != "GET" && method != "HEAD",
        _ => false,
    };
    if to_get {
        "GET".clone_into(method);
    }
}
