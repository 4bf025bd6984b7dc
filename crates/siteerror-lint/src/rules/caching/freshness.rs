//! How long a response may be used again, and what caches say of it.

use siteerror_catalog::catalog;
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values;

/// RFC 6585 §3 to §6: "Responses with the … status code MUST NOT be stored by a cache."
pub(super) const NEVER_STORED: &[u16] = &[428, 429, 431, 511];

pub(super) fn age_bad(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("age") {
        let value = line.value();
        if values::delta_seconds(&value).is_none() {
            let value = Shown(value.get(..40).unwrap_or(&value)).to_string();
            findings.line(
                line,
                format!("`Age: {value}` is no number of seconds, so caches ignore it"),
            );
        }
    }
}

pub(super) fn implicit(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.has("cache-control") || subject.has("expires") {
        return;
    }
    let reads = subject
        .method()
        .is_none_or(|method| [b"GET".as_slice(), b"HEAD"].contains(&method));
    let code = subject.code();
    let cacheable = catalog()
        .number(code)
        .is_some_and(|code| code.facts.heuristically_cacheable);
    if reads && cacheable {
        findings.hit(format!(
            "Nothing says how long this {code} may be kept, so each cache picks a time of its own"
        ));
    }
}

pub(super) fn from_cache(subject: &Subject<'_>, findings: &mut Findings) {
    let code = subject.code();
    for line in subject.lines("age") {
        if values::delta_seconds(&line.value()) > Some(0) {
            findings.line(
                line,
                format!("Age says that this {code} comes from a cache, which must not store one"),
            );
        }
    }
    for line in subject.lines("cache-status") {
        let hit = members(&line.value()).iter().any(|member| member.hit);
        if hit {
            findings.line(
                line,
                format!(
                    "Cache-Status says that this {code} was a hit, and a cache must not store one"
                ),
            );
        }
    }
}

pub(super) fn marked_cacheable(subject: &Subject<'_>, findings: &mut Findings) {
    let code = subject.code();
    let keeps = subject
        .directives()
        .iter()
        .find(|directive| match directive.name.as_ref() {
            "public" => true,
            "max-age" | "s-maxage" => {
                let seconds = directive.argument.as_deref();
                seconds.and_then(|seconds| values::delta_seconds(seconds.as_bytes())) > Some(0)
            }
            _ => false,
        });
    if let Some(directive) = keeps {
        let text = Shown(directive.text.as_bytes()).to_string();
        findings.line(
            directive.line,
            format!("`{text}` invites caches to keep a {code}, which they must not"),
        );
    }
}

/// A cache in Cache-Status: RFC 9211 §2.
struct Member {
    hit: bool,
    fwd: bool,
}

/// The members; none if the field does not parse, which is another rule's to say.
fn members(value: &[u8]) -> Vec<Member> {
    let Ok(list) = sfv::Parser::new(value).parse::<sfv::List>() else {
        return Vec::new();
    };
    list.iter()
        .filter_map(|entry| match entry {
            sfv::ListEntry::Item(item) => Some(Member {
                hit: item
                    .params
                    .get("hit")
                    .is_some_and(|hit| *hit != sfv::BareItem::Boolean(false)),
                fwd: item.params.contains_key("fwd"),
            }),
            sfv::ListEntry::InnerList(_) => None,
        })
        .collect()
}

pub(super) fn hit_and_fwd(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("cache-status") {
        if members(&line.value())
            .iter()
            .any(|member| member.hit && member.fwd)
        {
            findings.line(line, "A cache says that it had the response (`hit`) and that it asked for it (`fwd`): only one can be so");
        }
    }
}
