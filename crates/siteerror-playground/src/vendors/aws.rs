//! The load balancers of AWS, by the last texts of their guides that were public: those of the Application Load Balancer are of June 2023.

use super::{Deed, Rule, VendorCode, Verdict, by, through};
use crate::gateway::{Trouble, Upstream};

const GUIDE: &str = "awsdocs/elb-application-load-balancers-user-guide, doc_source/load-balancer-troubleshooting.md";
const CLASSIC_GUIDE: &str =
    "awsdocs/elb-classic-load-balancers-user-guide, doc_source/ts-elb-error-message.md";

pub(super) static APPLICATION: &[VendorCode] = &[
    VendorCode {
        code: "200",
        name: "OK",
        on_the_wire: "200",
        about: "The good twin: the same gateway in front of a target that answers.",
        source: "RFC 9110 §15.3.1",
        causes: &[
            through(Upstream::Good),
            through(Upstream::Slow),
            through(Upstream::LargeHead),
        ],
    },
    VendorCode {
        code: "000",
        name: "(connection ended without a status)",
        on_the_wire: "GOAWAY, and no answer; HTTP/2 only",
        about: "Over HTTP/2, a compressed field was too long, or a connection carried more than 10,000 requests: the balancer sends GOAWAY and closes, and the log says 000.",
        source: GUIDE,
        causes: &[by("go-away", Deed::GoAway)],
    },
    VendorCode {
        code: "400",
        name: "Bad Request",
        on_the_wire: "400",
        about: "The request is malformed, or a field line is longer than 16 KB. The limit is lower here.",
        source: GUIDE,
        causes: &[by("long-field", Deed::Rule(Rule::LongField, 400))],
    },
    VendorCode {
        code: "401",
        name: "Unauthorized",
        on_the_wire: "401",
        about: "The rule that authenticates users denied this one, or the login took too long.",
        source: GUIDE,
        causes: &[by(
            "denied",
            Deed::Answer(401, "A rule that authenticates users would deny so."),
        )],
    },
    VendorCode {
        code: "403",
        name: "Forbidden",
        on_the_wire: "403",
        about: "The web application firewall in front of the balancer blocked the request.",
        source: GUIDE,
        causes: &[by(
            "blocked",
            Deed::Answer(403, "A firewall in front of the balancer would refuse so."),
        )],
    },
    VendorCode {
        code: "405",
        name: "Method Not Allowed",
        on_the_wire: "405",
        about: "The method was TRACE.",
        source: GUIDE,
        causes: &[by("trace", Deed::Rule(Rule::Trace, 405))],
    },
    VendorCode {
        code: "408",
        name: "Request Timeout",
        on_the_wire: "408, and the connection closes",
        about: "The client sent nothing before the idle timeout. Here the content has two seconds to arrive.",
        source: GUIDE,
        causes: &[by("slow-content", Deed::AnswerUnlessContent(408))],
    },
    VendorCode {
        code: "413",
        name: "Payload Too Large",
        on_the_wire: "413",
        about: "The target is a Lambda function, and the content is larger than 1 MB.",
        source: GUIDE,
        causes: &[by("large-content", Deed::Rule(Rule::LargeContent, 413))],
    },
    VendorCode {
        code: "414",
        name: "URI Too Long",
        on_the_wire: "414",
        about: "URL or query are too large. The limit is lower here.",
        source: GUIDE,
        causes: &[by("long-target", Deed::Rule(Rule::LongTarget, 414))],
    },
    VendorCode {
        code: "460",
        name: "(client closed the connection)",
        on_the_wire: "nothing: the client has left",
        about: "The client left while the balancer still waited for the target: the counterpart of nginx's 499. Leave early, with `trace=NAME` in the query, and read /trace/NAME.",
        source: GUIDE,
        causes: &[by("leave", Deed::Wait)],
    },
    VendorCode {
        code: "463",
        name: "(too many X-Forwarded-For addresses)",
        on_the_wire: "463",
        about: "X-Forwarded-For holds more than 30 addresses.",
        source: GUIDE,
        causes: &[by("many-forwarded", Deed::Rule(Rule::ManyForwarded, 463))],
    },
    VendorCode {
        code: "464",
        name: "(protocol and target group do not match)",
        on_the_wire: "464",
        about: "The version of the request does not fit the target group. The one here speaks gRPC, which needs HTTP/2.",
        source: GUIDE,
        causes: &[by("http1", Deed::Rule(Rule::NotHttp2, 464))],
    },
    VendorCode {
        code: "500",
        name: "Internal Server Error",
        on_the_wire: "500",
        about: "The firewall's rules could not be evaluated, or the identity provider could not be reached.",
        source: GUIDE,
        causes: &[by(
            "provider",
            Deed::Answer(
                500,
                "A balancer whose identity provider cannot be reached would answer so.",
            ),
        )],
    },
    VendorCode {
        code: "502",
        name: "Bad Gateway",
        on_the_wire: "502",
        about: "The target refused, reset or closed the connection, answered malformed or with more than 32 KB of fields, or failed at TLS.",
        source: GUIDE,
        causes: &[
            through(Upstream::ClosesKeptAlive),
            through(Upstream::ClosesWithoutAByte),
            through(Upstream::Refuses),
            through(Upstream::Resets),
            through(Upstream::GarbageStatusLine),
            through(Upstream::HugeHead),
            through(Upstream::TlsRefuses),
        ],
    },
    VendorCode {
        code: "503",
        name: "Service Unavailable",
        on_the_wire: "503",
        about: "The target group has no registered targets.",
        source: GUIDE,
        causes: &[by(
            "no-targets",
            Deed::Answer(
                503,
                "The target group is empty, so there was nobody to ask.",
            ),
        )],
    },
    VendorCode {
        code: "504",
        name: "Gateway Timeout",
        on_the_wire: "504",
        about: "The target did not take the connection, did not answer in time, or announced more bytes than it sent.",
        source: GUIDE,
        causes: &[
            through(Upstream::NeverAnswers),
            through(Upstream::QueueFull),
            through(Upstream::GzipWrongLength),
        ],
    },
    VendorCode {
        code: "561",
        name: "Unauthorized",
        on_the_wire: "561",
        about: "The identity provider returned an error for this user. A client that does not know the code treats it as a 500 (RFC 9110 §15).",
        source: GUIDE,
        causes: &[by(
            "provider",
            Deed::Answer(
                561,
                "An identity provider that returns an error would make the balancer answer so.",
            ),
        )],
    },
];

pub(super) static CLASSIC: &[VendorCode] = &[
    VendorCode {
        code: "200",
        name: "OK",
        on_the_wire: "200",
        about: "The good twin: the same gateway in front of an instance that answers.",
        source: "RFC 9110 §15.3.1",
        causes: &[through(Upstream::Good)],
    },
    VendorCode {
        code: "400",
        name: "BAD_REQUEST",
        on_the_wire: "400",
        about: "The request is malformed. The playground refuses such requests on every path, before any endpoint sees them.",
        source: CLASSIC_GUIDE,
        causes: &[by(
            "malformed",
            Deed::Answer(400, "A malformed request would be answered so."),
        )],
    },
    VendorCode {
        code: "405",
        name: "METHOD_NOT_ALLOWED",
        on_the_wire: "405",
        about: "The name of the method is longer than 127 characters; the limit is lower here.",
        source: CLASSIC_GUIDE,
        causes: &[by("long-method", Deed::Rule(Rule::LongMethod, 405))],
    },
    VendorCode {
        code: "408",
        name: "Request Timeout",
        on_the_wire: "408, and the connection closes",
        about: "The client never finished its request. Here the content has two seconds to arrive.",
        source: CLASSIC_GUIDE,
        causes: &[by("slow-content", Deed::AnswerUnlessContent(408))],
    },
    VendorCode {
        code: "502",
        name: "Bad Gateway",
        on_the_wire: "502",
        about: "The balancer cannot read the instance's answer.",
        source: CLASSIC_GUIDE,
        causes: &[
            through(Upstream::GarbageStatusLine),
            through(Upstream::InvalidHeader),
        ],
    },
    VendorCode {
        code: "503",
        name: "Service Unavailable",
        on_the_wire: "503",
        about: "No instance is registered or healthy, or there is no room at the balancer.",
        source: CLASSIC_GUIDE,
        causes: &[by(
            "no-instances",
            Deed::Answer(
                503,
                "There is no instance behind the balancer, so there was nobody to ask.",
            ),
        )],
    },
    VendorCode {
        code: "504",
        name: "Gateway Timeout",
        on_the_wire: "504",
        about: "The instance did not answer within the idle timeout, or closed the connection.",
        source: CLASSIC_GUIDE,
        causes: &[
            through(Upstream::NeverAnswers),
            through(Upstream::ClosesWithoutAByte),
        ],
    },
];

/// What the Application Load Balancer makes of trouble with a target. It does not judge a target's certificate.
pub(super) fn application_verdict(trouble: Trouble) -> Verdict {
    match trouble {
        Trouble::Short => Verdict::Answer(504),
        other => other.into(),
    }
}

/// What the Classic Load Balancer makes of trouble with an instance.
pub(super) fn classic_verdict(trouble: Trouble) -> Verdict {
    match trouble {
        Trouble::Closed => Verdict::Answer(504),
        other => other.into(),
    }
}
