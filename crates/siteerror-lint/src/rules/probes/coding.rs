//! Content codings, and what negotiation has to tell caches.

use siteerror_wire::field;
use siteerror_wire::write::Shown;

use crate::chain::{Probe, Probes};
use crate::finding::Findings;
use crate::subject::Subject;

/// Text below this is not worth a coding: it fits into one packet either way.
const WORTH_BYTES: usize = 1400;

/// The first exchange, and all others that asked for the same by GET and got it.
fn gets<'a, 'b>(probes: &'b Probes<'a>) -> impl Iterator<Item = &'b Subject<'a>> {
    let others = probes
        .answers
        .iter()
        .filter(|answer| answer.probe != Probe::Head && answer.probe != Probe::Range)
        .map(|answer| &answer.subject);
    std::iter::once(&probes.base)
        .chain(others)
        .filter(|subject| subject.code() == 200)
}

/// The codings, in lower case; empty for none.
fn coding(subject: &Subject<'_>) -> String {
    let value = subject.value("content-encoding").unwrap_or_default();
    String::from_utf8_lossy(&value).to_ascii_lowercase()
}

pub(super) fn etag_not_varied(probes: &Probes<'_>, findings: &mut Findings) {
    let strong = |subject: &Subject<'_>| {
        let tag = subject.value("etag")?;
        tag.starts_with(b"\"").then(|| tag.into_owned())
    };
    let Some(tag) = strong(&probes.base) else {
        return;
    };
    let first = coding(&probes.base);
    let other = gets(probes)
        .find(|subject| strong(subject).as_ref() == Some(&tag) && coding(subject) != first);
    if let Some(other) = other {
        let other = coding(other);
        let name = |coding: &str| match coding {
            "" => "without a coding".to_owned(),
            coding => format!("in {}", Shown(coding.as_bytes())),
        };
        let (tag, first, other) = (Shown(&tag), name(&first), name(&other));
        findings.field(
            "etag",
            format!("`{tag}` stands for the bytes {first} and for those {other}, which differ"),
        );
    }
}

/// What was negotiated, by which request field, and in which response field it shows.
const NEGOTIATED: &[(Probe, &str, &str)] = &[
    (Probe::Identity, "accept-encoding", "content-encoding"),
    (Probe::Coded, "accept-encoding", "content-encoding"),
    (Probe::Language, "accept-language", "content-language"),
    (Probe::Accept, "accept", "content-type"),
];

pub(super) fn vary_missing(probes: &Probes<'_>, findings: &mut Findings) {
    let base = &probes.base;
    let vary = base.value("vary").unwrap_or_default();
    let mut told: Vec<&str> = Vec::new();
    for (probe, asked, shown) in NEGOTIATED {
        let Some(answer) = probes.answer(*probe) else {
            continue;
        };
        let negotiates =
            (base.code(), answer.code()) == (200, 200) && base.value(shown) != answer.value(shown);
        let says = field::list(&vary)
            .any(|name| name == b"*" || name.eq_ignore_ascii_case(asked.as_bytes()));
        if negotiates && !says && !told.contains(asked) {
            told.push(asked);
            findings.field(
                "vary",
                format!("`{shown}` changes with `{asked}`, and Vary does not name it, so a cache mixes the answers up"),
            );
        }
    }
}

pub(super) fn missing(probes: &Probes<'_>, findings: &mut Findings) {
    let offered = gets(probes).find(|subject| {
        let codings = subject.asked("accept-encoding").unwrap_or_default();
        field::list(&codings).any(|coding| {
            let coding = field::parameters(coding).0.to_ascii_lowercase();
            [b"gzip".as_slice(), b"br", b"zstd"].contains(&coding.as_slice())
        })
    });
    let Some(subject) = offered else { return };
    let kind = subject.value("content-type").unwrap_or_default();
    let cache = subject.value("cache-control").unwrap_or_default();
    let kept = field::list(&cache).any(|directive| directive.eq_ignore_ascii_case(b"no-transform"));
    let response = subject.given.received.response.as_ref();
    let bytes = response.map_or(0, |response| response.body.content_bytes());
    if !subject.has("content-encoding") && !kept && is_text(&kind) && bytes >= WORTH_BYTES {
        let kind = Shown(&kind);
        findings.field(
            "content-encoding",
            format!(
                "{bytes} bytes of `{kind}` came without a coding, although the request took one"
            ),
        );
    }
}

fn is_text(kind: &[u8]) -> bool {
    let essence = field::parameters(kind).0.to_ascii_lowercase();
    essence.starts_with(b"text/")
        || essence.ends_with(b"+json")
        || essence.ends_with(b"+xml")
        || [
            b"application/json".as_slice(),
            b"application/xml",
            b"application/javascript",
            b"application/wasm",
        ]
        .contains(&essence.as_slice())
}

pub(super) fn larger(probes: &Probes<'_>, findings: &mut Findings) {
    let sizes = |subject: &Subject<'_>| Some((coding(subject), subject.content()?.len()));
    let all: Vec<(String, usize)> = gets(probes).filter_map(sizes).collect();
    let Some((_, plain)) = all.iter().find(|(coding, _)| coding.is_empty()) else {
        return;
    };
    let worst = all
        .iter()
        .find(|(coding, bytes)| !coding.is_empty() && bytes > plain);
    if let Some((coding, bytes)) = worst {
        let coding = Shown(coding.as_bytes());
        findings.field(
            "content-encoding",
            format!("{coding} makes {bytes} bytes of what would be {plain} without it"),
        );
    }
}
