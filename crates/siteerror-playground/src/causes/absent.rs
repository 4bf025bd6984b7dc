//! Registered codes that no rule here can send and mean it, with the reason why.

use crate::causes::{Cause, never};

pub(super) static CAUSES: &[Cause] = &[
    never(
        104,
        "It announces uploads that can be resumed, which this server has not, so sending it would promise what is not kept.",
        "draft-ietf-httpbis-resumable-upload §5",
        "Its registration is temporary, as long as the draft that defines it is one. {prefix}/status/104 sends it to whoever wants to see what a client makes of an interim response that it does not know.",
    ),
    never(
        305,
        "It told a client to use the proxy that the response named, and any server could have done so: it is deprecated, because a proxy is not for a response to choose.",
        "RFC 9110 §15.4.6; RFC 7231, Appendix B",
        "Clients ignore it. To see yours do so, ask {prefix}/status/305.",
    ),
    never(
        306,
        "It is defined by no specification in force: an earlier version of HTTP had it, nobody uses it any more, and the number stays reserved.",
        "RFC 9110 §15.4.7",
        "Where nothing is meant, no rule can be met. {prefix}/status/306 sends the number alone.",
    ),
];
