//! HEAD beside GET.

use siteerror_wire::write::Shown;

use crate::chain::{Probe, Probes};
use crate::finding::Findings;

/// Fields that describe the resource or the selected representation, and so are the same for both. RFC 9110 §9.3.2 lets a HEAD leave out what is only known once
/// the content is made, so a field that is missing is no difference.
const SAME: &[&str] = &[
    "content-type",
    "content-language",
    "content-location",
    "etag",
    "last-modified",
    "cache-control",
    "accept-ranges",
    "location",
];

pub(super) fn differs(probes: &Probes<'_>, findings: &mut Findings) {
    let Some(head) = probes.answer(Probe::Head) else {
        return;
    };
    let (get_code, head_code) = (probes.base.code(), head.code());
    if get_code != head_code {
        findings.hit(format!(
            "GET is answered with {get_code} and HEAD with {head_code}"
        ));
        return;
    }
    for name in SAME {
        if let (Some(get), Some(head)) = (probes.base.value(name), head.value(name))
            && get != head
        {
            let (get, head) = (Shown(&get), Shown(&head));
            findings.field(
                name,
                format!("GET says `{name}: {get}` and HEAD says `{head}`"),
            );
        }
    }
    let coding = "content-encoding";
    let length = "content-length";
    if probes.base.value(coding) == head.value(coding)
        && let (Some(get), Some(head)) = (probes.base.value(length), head.value(length))
        && get != head
    {
        let (get, head) = (Shown(&get), Shown(&head));
        findings.field(
            length,
            format!("GET has a Content-Length of {get} and HEAD one of {head}"),
        );
    }
}
