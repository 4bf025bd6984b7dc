//! nginx. The behaviour was read in its source and documentation, and measured with version 1.22.1.

use super::{Deed, Rule, VendorCode, Verdict, by, through};
use crate::gateway::{Trouble, Upstream};

const SPECIAL: &str = "nginx/nginx, src/http/ngx_http_special_response.c";
const CORE: &str = "nginx/nginx.org, xml/en/docs/http/ngx_http_core_module.xml";
const SSL: &str = "nginx/nginx.org, xml/en/docs/http/ngx_http_ssl_module.xml, Error Processing";
const REQUEST: &str = "nginx/nginx, src/http/ngx_http_request.c";
const UPSTREAM: &str = "nginx/nginx.org, xml/en/docs/http/ngx_http_upstream_module.xml; measured";

pub(super) static CODES: &[VendorCode] = &[
    VendorCode {
        code: "200",
        name: "OK",
        on_the_wire: "200",
        about: "The good twin: the same gateway in front of an upstream that answers.",
        source: "RFC 9110 §15.3.1",
        causes: &[through(Upstream::Good), through(Upstream::Slow)],
    },
    VendorCode {
        code: "400",
        name: "Bad Request",
        on_the_wire: "400",
        about: "Besides what is malformed, four internal codes reach a client as 400: 494, 495, 496 and 497. Only the page and the error log tell them apart.",
        source: SPECIAL,
        causes: &[
            by("long-field", Deed::Rule(Rule::LongField, 400)),
            by("no-certificate", Deed::Rule(Rule::NoCertificate, 400)),
            by("plain-http", Deed::Rule(Rule::NoTls, 400)),
        ],
    },
    VendorCode {
        code: "408",
        name: "Request Time-out",
        on_the_wire: "the connection closes without a byte",
        about: "The log says 408 where a request did not arrive in time. The client is told nothing: the connection just closes. Here the content has two seconds to arrive.",
        source: REQUEST,
        causes: &[by("slow-content", Deed::CloseUnlessContent)],
    },
    VendorCode {
        code: "413",
        name: "Request Entity Too Large",
        on_the_wire: "413",
        about: "The announced content is larger than client_max_body_size, 1 MB unless changed. The answer comes before the content is read.",
        source: CORE,
        causes: &[by("large-content", Deed::Rule(Rule::LargeContent, 413))],
    },
    VendorCode {
        code: "414",
        name: "Request-URI Too Large",
        on_the_wire: "414",
        about: "The request line does not fit one of large_client_header_buffers, 8 KB unless changed; the limit is lower here.",
        source: CORE,
        causes: &[by("long-target", Deed::Rule(Rule::LongTarget, 414))],
    },
    VendorCode {
        code: "421",
        name: "Misdirected Request",
        on_the_wire: "421",
        about: "Host selects another server block than the name of the TLS handshake did, and that block wants client certificates.",
        source: REQUEST,
        causes: &[by("other-host", Deed::Rule(Rule::OtherHost, 421))],
    },
    VendorCode {
        code: "444",
        name: "No Response",
        on_the_wire: "the connection closes without a byte; with ?reset=1 it is reset",
        about: "An instruction of the configuration, not a status: `return 444` closes the connection. With reset_timedout_connection it is a reset instead.",
        source: "nginx/nginx.org, xml/en/docs/http/ngx_http_rewrite_module.xml, return",
        causes: &[by("return", Deed::Close)],
    },
    VendorCode {
        code: "494",
        name: "Request Header Or Cookie Too Large",
        on_the_wire: "400",
        about: "The internal number for fields that fit no buffer. The client gets a 400, and the log says 400 too. The limit is lower here.",
        source: SPECIAL,
        causes: &[by("long-field", Deed::Rule(Rule::LongField, 400))],
    },
    VendorCode {
        code: "495",
        name: "SSL Certificate Error",
        on_the_wire: "400",
        about: "The internal number for a client certificate that does not verify. The handshake is done all the same, and the client gets a 400 inside of it. \
                The listener client-certificate-as-nginx of /tls does it for real.",
        source: SSL,
        causes: &[by(
            "wrong-certificate",
            Deed::Answer(
                400,
                "A client certificate that does not verify would be answered so; the listener client-certificate-as-nginx of /tls looks at real ones.",
            ),
        )],
    },
    VendorCode {
        code: "496",
        name: "SSL Certificate Required",
        on_the_wire: "400",
        about: "The internal number for a client that showed no certificate where one is demanded. The handshake is done all the same, and the client gets a 400 inside of it.",
        source: SSL,
        causes: &[by("no-certificate", Deed::Rule(Rule::NoCertificate, 400))],
    },
    VendorCode {
        code: "497",
        name: "HTTP Request Sent to HTTPS Port",
        on_the_wire: "400",
        about: "The internal number for plain HTTP on a port that speaks TLS. The client gets a 400 in plain HTTP. The listener good of /tls does the same.",
        source: SSL,
        causes: &[by("plain-http", Deed::Rule(Rule::NoTls, 400))],
    },
    VendorCode {
        code: "499",
        name: "Client Closed Request",
        on_the_wire: "nothing: the client has left",
        about: "The client went away before any of the answer was there. Nobody receives a 499; the log has it. Leave early, with `trace=NAME` in the query, and read /trace/NAME.",
        source: "nginx/nginx, src/http/ngx_http_request.h",
        causes: &[by("leave", Deed::Wait)],
    },
    VendorCode {
        code: "502",
        name: "Bad Gateway",
        on_the_wire: "502",
        about: "No usable answer came from the upstream: it refused, closed, or reset the connection, or sent a field that is invalid, or more of them than fit its buffer.",
        source: UPSTREAM,
        causes: &[
            through(Upstream::Refuses),
            through(Upstream::ClosesWithoutAByte),
            through(Upstream::Resets),
            through(Upstream::InvalidHeader),
            through(Upstream::LargeHead),
        ],
    },
    VendorCode {
        code: "503",
        name: "Service Temporarily Unavailable",
        on_the_wire: "503",
        about: "Mainly the answer of limit_req and limit_conn. Here the limit is one request a second for each `id` of the query.",
        source: "nginx/nginx.org, xml/en/docs/http/ngx_http_limit_req_module.xml, limit_req_status",
        causes: &[by("too-soon", Deed::Rule(Rule::TooSoon, 503))],
    },
    VendorCode {
        code: "504",
        name: "Gateway Time-out",
        on_the_wire: "504",
        about: "The upstream took the connection and did not answer within proxy_read_timeout, or did not take it within proxy_connect_timeout. Both are a second here.",
        source: UPSTREAM,
        causes: &[
            through(Upstream::NeverAnswers),
            through(Upstream::QueueFull),
        ],
    },
    VendorCode {
        code: "009",
        name: "(HTTP/0.9 response)",
        on_the_wire: "the upstream's text, without status line and fields",
        about: "What the log says where an upstream's answer had no status line. Version 1.22 passes the text on as it is, as an answer of HTTP/0.9 was.",
        source: "nginx/nginx, src/http/modules/ngx_http_log_module.c; measured",
        causes: &[through(Upstream::GarbageStatusLine)],
    },
];

/// What nginx makes of trouble with an upstream. It does not judge an upstream's certificate unless told to.
pub(super) fn verdict(trouble: Trouble) -> Verdict {
    match trouble {
        Trouble::NotHttp => Verdict::Bare,
        other => other.into(),
    }
}
