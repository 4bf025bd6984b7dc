//! Cloudflare. The number of an error of the 1xxx kind stands in the page, and is never the status code.

use super::{Deed, Rule, VendorCode, Verdict, by, through};
use crate::gateway::{Trouble, Upstream};

macro_rules! five {
    ($page:literal) => {
        concat!(
            "cloudflare/cloudflare-docs, src/content/docs/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/",
            $page,
            ".mdx"
        )
    };
}

const FOUR: &str = "cloudflare/cloudflare-docs, src/content/docs/support/troubleshooting/http-status-codes/4xx-client-error.mdx";
const THOUSANDS: &str = "cloudflare/cloudflare-docs, src/content/docs/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors.mdx";

/// An error of the 1xxx kind, with the status that carries it.
macro_rules! thousand {
    ($code:literal, $name:literal, $status:literal, $carried:literal, $about:literal) => {
        VendorCode {
            code: $code,
            name: $name,
            on_the_wire: $carried,
            about: $about,
            source: THOUSANDS,
            causes: &[by(
                "shown",
                Deed::Answer(
                    $status,
                    concat!(
                        "Error ",
                        $code,
                        " (",
                        $name,
                        "), shown in an answer with status ",
                        $status,
                        ": ",
                        $about
                    ),
                ),
            )],
        }
    };
}

pub(super) static CODES: &[VendorCode] = &[
    VendorCode {
        code: "200",
        name: "OK",
        on_the_wire: "200",
        about: "The good twin: the same gateway in front of an upstream that answers, in plain HTTP, slowly, with 20 KB of fields, or over TLS.",
        source: "RFC 9110 §15.3.1",
        causes: &[
            through(Upstream::Good),
            through(Upstream::Slow),
            through(Upstream::LargeHead),
            through(Upstream::TlsGood),
        ],
    },
    VendorCode {
        code: "403",
        name: "Forbidden",
        on_the_wire: "403",
        about: "Either the edge refused, by a rule or a check of the client, or the origin did. Whose page it is tells which.",
        source: FOUR,
        causes: &[by(
            "edge",
            Deed::Answer(
                403,
                "A rule at the edge would refuse with this code, before the origin is asked.",
            ),
        )],
    },
    VendorCode {
        code: "409",
        name: "Conflict",
        on_the_wire: "409",
        about: "The status that carries errors of the DNS kind: 1001, 1018 and 1023.",
        source: FOUR,
        causes: &[by(
            "1001",
            Deed::Answer(
                409,
                "Error 1001: the host cannot be resolved within the network.",
            ),
        )],
    },
    VendorCode {
        code: "413",
        name: "Payload Too Large",
        on_the_wire: "413",
        about: "The content is larger than the plan allows, whatever the origin allows. The limit is lower here.",
        source: FOUR,
        causes: &[by("large-content", Deed::Rule(Rule::LargeContent, 413))],
    },
    VendorCode {
        code: "414",
        name: "URI Too Long",
        on_the_wire: "414",
        about: "The URL is longer than the edge takes. The limit is lower here.",
        source: FOUR,
        causes: &[by("long-target", Deed::Rule(Rule::LongTarget, 414))],
    },
    VendorCode {
        code: "429",
        name: "Too Many Requests",
        on_the_wire: "429",
        about: "A rate limit of the site's owner; its page shows 1015. Here it is one request a second for each `id` of the query.",
        source: FOUR,
        causes: &[by("too-soon", Deed::Rule(Rule::TooSoon, 429))],
    },
    VendorCode {
        code: "499",
        name: "Client Closed Request",
        on_the_wire: "nothing: the client has left",
        about: "As in nginx: the visitor left before the answer. It is seen in logs only. Leave early, with `trace=NAME` in the query, and read /trace/NAME.",
        source: "cloudflare/cloudflare-docs, src/content/docs/support/troubleshooting/http-status-codes/4xx-client-error/error-499.mdx",
        causes: &[by("leave", Deed::Wait)],
    },
    VendorCode {
        code: "502",
        name: "Bad Gateway",
        on_the_wire: "502",
        about: "From the origin, or from the edge, where the origin sends gzip of a wrong length.",
        source: five!("error-502-504"),
        causes: &[
            through(Upstream::GzipWrongLength),
            through(Upstream::Answers502),
        ],
    },
    VendorCode {
        code: "503",
        name: "Service Temporarily Unavailable",
        on_the_wire: "503",
        about: "Normally the origin's own answer, passed on; else a data centre has a problem.",
        source: five!("error-503"),
        causes: &[by(
            "edge",
            Deed::Answer(503, "An edge without room would answer so."),
        )],
    },
    VendorCode {
        code: "504",
        name: "Gateway Timeout",
        on_the_wire: "504",
        about: "The origin answered 504 itself, and the edge passes it on. An origin that is slow gives 524 instead.",
        source: five!("error-502-504"),
        causes: &[through(Upstream::Answers504)],
    },
    VendorCode {
        code: "520",
        name: "Web Server Returns an Unknown Error",
        on_the_wire: "520",
        about: "The origin was reached, and what came back was empty, malformed, or more than 128 KB of fields.",
        source: five!("error-520"),
        causes: &[
            through(Upstream::ClosesWithoutAByte),
            through(Upstream::GarbageStatusLine),
            through(Upstream::HugeHead),
        ],
    },
    VendorCode {
        code: "521",
        name: "Web Server Is Down",
        on_the_wire: "521",
        about: "The origin refused the TCP connection.",
        source: five!("error-521"),
        causes: &[through(Upstream::Refuses)],
    },
    VendorCode {
        code: "522",
        name: "Connection Timed Out",
        on_the_wire: "522",
        about: "The origin did not answer the TCP handshake in time: 19 seconds there, one here.",
        source: five!("error-522"),
        causes: &[through(Upstream::QueueFull)],
    },
    VendorCode {
        code: "523",
        name: "Origin Is Unreachable",
        on_the_wire: "523",
        about: "There is no route to the origin's address.",
        source: five!("error-523"),
        causes: &[through(Upstream::Unreachable)],
    },
    VendorCode {
        code: "524",
        name: "A Timeout Occurred",
        on_the_wire: "524",
        about: "The origin took the request and did not answer in time: 120 seconds there, one here.",
        source: five!("error-524"),
        causes: &[through(Upstream::NeverAnswers)],
    },
    VendorCode {
        code: "525",
        name: "SSL Handshake Failed",
        on_the_wire: "525",
        about: "The TLS handshake with the origin failed: it refused, closed the connection, or does not speak TLS.",
        source: five!("error-525"),
        causes: &[
            through(Upstream::TlsRefuses),
            through(Upstream::TlsCloses),
            through(Upstream::TlsPlainHttp),
        ],
    },
    VendorCode {
        code: "526",
        name: "Invalid SSL Certificate",
        on_the_wire: "526",
        about: "The handshake works, and the origin's certificate does not verify, in the mode Full (strict).",
        source: five!("error-526"),
        causes: &[
            through(Upstream::TlsSelfSigned),
            through(Upstream::TlsExpired),
            through(Upstream::TlsWrongHost),
            through(Upstream::TlsUntrustedRoot),
        ],
    },
    VendorCode {
        code: "527",
        name: "Railgun Error",
        on_the_wire: "527",
        about: "The connection to the origin's Railgun listener broke. Railgun was withdrawn, so nothing is left that could cause it.",
        source: "an older text of Cloudflare's article on 5xx errors; the present one no longer lists it",
        causes: &[by(
            "literal",
            Deed::Answer(
                527,
                "A literal 527: Railgun was withdrawn, and nothing is left that could cause it.",
            ),
        )],
    },
    VendorCode {
        code: "530",
        name: "(see the 1xxx error in the page)",
        on_the_wire: "530, with the number of a 1xxx error in the page",
        about: "The status that carries 1016, where the origin's host name does not resolve, and 1033, where a tunnel has no other end.",
        source: five!("error-530"),
        causes: &[
            by(
                "1016",
                Deed::Answer(
                    530,
                    "Error 1016, carried by 530: the origin's host name does not resolve.",
                ),
            ),
            by(
                "1033",
                Deed::Answer(
                    530,
                    "Error 1033, carried by 530: the host is a tunnel, and nothing is connected at its other end.",
                ),
            ),
        ],
    },
    thousand!(
        "1001",
        "DNS resolution error",
        409,
        "409",
        "The host cannot be resolved within the network."
    ),
    thousand!(
        "1013",
        "HTTP hostname and TLS SNI mismatch",
        403,
        "403",
        "Host and the name of the TLS handshake differ."
    ),
    thousand!(
        "1015",
        "You are being rate limited",
        429,
        "429",
        "A rate limit of the site's owner was hit."
    ),
    thousand!(
        "1016",
        "Origin DNS error",
        530,
        "530",
        "The origin's host name does not resolve."
    ),
    thousand!(
        "1018",
        "Could not find host",
        409,
        "409",
        "The domain is not yet known at the edge."
    ),
    thousand!(
        "1020",
        "Access denied",
        403,
        "403",
        "A firewall rule of the site's owner, of a kind that is deprecated, refused the request."
    ),
    thousand!(
        "1023",
        "Could not find host",
        409,
        "409",
        "The configuration of the host is wrong, or has not arrived everywhere."
    ),
    thousand!(
        "1033",
        "Argo Tunnel error",
        530,
        "530",
        "The host is a tunnel, and nothing is connected at its other end."
    ),
    thousand!(
        "1101",
        "Rendering error",
        500,
        "500",
        "A Worker raised an exception that nobody caught."
    ),
    thousand!(
        "1102",
        "Rendering error",
        503,
        "503",
        "A Worker used more processor time than it may."
    ),
];

/// What the edge makes of trouble with an origin.
pub(super) fn verdict(trouble: Trouble) -> Verdict {
    Verdict::Answer(match trouble {
        Trouble::Refused => 521,
        Trouble::ConnectTimeout => 522,
        Trouble::Unreachable => 523,
        Trouble::ResponseTimeout => 524,
        Trouble::Handshake => 525,
        Trouble::Certificate => 526,
        Trouble::Short => 502,
        Trouble::Closed
        | Trouble::Reset
        | Trouble::NotHttp
        | Trouble::Malformed
        | Trouble::HeadTooLarge => 520,
    })
}
