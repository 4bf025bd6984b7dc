//! What is wrong with the message itself, or with where it was sent: most of it is found before any path is looked up. RFC 9112, RFC 9110 §15.5.

use http::header::{CONTENT_LENGTH, HOST};
use http::request::Parts;
use http::{StatusCode, Version};

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask, parts, raw, send};
use crate::refusal::{Refusal, shown};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const BOTH: Methods = Methods::Only(&["GET", "POST"]);
const PLAIN: &[&str] = &["Content-Type: text/plain"];

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 400,
        rule: "Send a message that breaks the grammar of HTTP, such as one with two Hosts, or content that is not what it claims to be.",
        source: "RFC 9110 §15.5.1; RFC 9112 §2.2, §3.2, §6.3, §7.1",
        note: "The first is about this path; the others are turned down on every path, by the reader of messages, and the connection ends.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(anything(call, rest))),
        provocations: &[
            Deed::of(
                400,
                &[send("POST {try}", &["Content-Type: application/json"], "{\"open\": ")],
            )
            .about("JSON that ends too early."),
            Deed::of(
                400,
                &[raw("GET {try} HTTP/1.1\r\nHost: {host}\r\nHost: elsewhere.example\r\n\r\n")],
            )
            .about("Two Hosts: nobody knows which one is meant."),
            Deed::of(400, &[raw("GET {try} HTTP/1.1\r\n\r\n")]).about("No Host at all."),
            Deed::of(
                400,
                &[raw(
                    "POST {try} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n{\"a\":1}\r\n0\r\n\r\n",
                )],
            )
            .about("A chunk whose size is a word."),
            Deed::of(
                400,
                &[raw("GET {try} HTTP/1.1\r\nHost: {host}\r\nX-Bare: a\rb\r\n\r\n")],
            )
            .about("A carriage return that ends no line."),
            Deed::of(
                400,
                &[raw(
                    "POST {try} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                )],
            )
            .about("Two statements of where the content ends."),
        ],
        twin: Deed::of(
            200,
            &[send("POST {try}", &["Content-Type: application/json"], "{\"open\": false}")],
        ),
    },
    Cause {
        code: 408,
        rule: "Begin a request and do not go on: the head has 10 seconds to arrive, and content may pause for as long and no longer.",
        source: "RFC 9110 §15.5.9",
        note: "A connection on which no request has begun is closed in silence instead.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(anything(call, rest))),
        provocations: &[
            Deed::of(408, &[raw("GET {try} HTTP/1.1\r\nHost: {host}\r\n")])
                .about("A head whose empty line never comes.")
                .command("(printf 'GET {try} HTTP/1.1\\r\\nHost: {host}\\r\\n'; sleep 15) | {socket}"),
            Deed::of(
                408,
                &[raw(
                    "POST {try} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nand then",
                )],
            )
            .about("Content that stops in the middle.")
            .command("(printf 'POST {try} HTTP/1.1\\r\\nHost: {host}\\r\\nContent-Type: text/plain\\r\\nContent-Length: 100\\r\\n\\r\\nand then'; sleep 15) | {socket}"),
        ],
        twin: Deed::of(200, &[send("POST {try}", PLAIN, "all of it")]),
    },
    Cause {
        code: 411,
        rule: "Send content whose length is not said beforehand, in chunks: this path takes only what comes with Content-Length.",
        source: "RFC 9110 §8.6, §15.5.12",
        note: "Chunks are fine everywhere else.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(measured(call, rest))),
        provocations: &[Deed::of(
            411,
            &[raw(
                "POST {try} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            )],
        )
        .command("curl -i --http1.1 -H 'Transfer-Encoding: chunked' -H 'Content-Type: text/plain' --data-raw 'hello' '{origin}{try}'")],
        twin: Deed::of(200, &[send("POST {try}", PLAIN, "hello")]),
    },
    Cause {
        code: 413,
        rule: "Announce content of more than 1 MiB: the length alone is enough, and not a byte of the content is read.",
        source: "RFC 9110 §15.5.14",
        note: "Content in chunks is refused once it has grown too large. With `Expect: 100-continue` nothing need be sent in vain.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(anything(call, rest))),
        provocations: &[Deed::of(
            413,
            &[raw(
                "POST {try} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n",
            )],
        )
        .command("head -c 1048577 /dev/zero | curl -i -H 'Content-Type: text/plain' -H 'Expect: 100-continue' --data-binary @- '{origin}{try}'")],
        twin: Deed::of(
            200,
            &[send(
                "POST {try}",
                &["Content-Type: text/plain", "Expect: 100-continue"],
                "just a little",
            )],
        ),
    },
    Cause {
        code: 414,
        rule: "Ask with a request target of more than 8 KiB, on any path: it is turned down while it is read, before anybody looks where it leads.",
        source: "RFC 9110 §15.5.15; RFC 9112 §3",
        note: "What makes a target so long is mostly a form sent with GET, or a redirect that adds to itself.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Before("Your target is short enough."),
        provocations: &[Deed::of(414, &[ask("GET {try}?{9000*a}", &[])])
            .command("curl -i \"{origin}{try}?$(printf '%09000d' 0)\"")],
        twin: Deed::of(200, &[ask("GET {try}?{2000*a}", &[])])
            .command("curl -i \"{origin}{try}?$(printf '%02000d' 0)\""),
    },
    Cause {
        code: 421,
        rule: "Send a request for a host whose name ends in `.invalid`: such names are nobody's, so this server cannot be the one that answers for them.",
        source: "RFC 9110 §7.4, §15.5.20; RFC 6761 §6.4",
        note: "This holds on every path. The names of RFC 2606 that are for examples, such as example.com, are nobody's server either, and get the code here.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Now(authoritative),
        provocations: &[Deed::of(
            421,
            &[raw("GET {try} HTTP/1.1\r\nHost: elsewhere.invalid\r\nConnection: close\r\n\r\n")],
        )
        .command("curl -i -H 'Host: elsewhere.invalid' '{origin}{try}'")],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
    Cause {
        code: 431,
        rule: "Send field lines of more than 16 KiB together, or more than 100 of them, on any path: the reader of messages gives up before it knows what you want.",
        source: "RFC 6585 §5",
        note: "Most often it is cookies that have piled up.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Before("Your fields are small enough, and few."),
        provocations: &[
            Deed::of(431, &[ask("GET {try}", &["X-Long: {17000*a}"])])
                .command("curl -i -H \"X-Long: $(printf '%017000d' 0)\" '{origin}{try}'"),
            Deed::of(
                431,
                &[raw("GET {try} HTTP/1.1\r\nHost: {host}\r\n{101*X-Many: a\r\n}Connection: close\r\n\r\n")],
            )
            .about("Small ones, but too many.")
            .command("curl -i $(for n in $(seq 101); do printf -- '-H X-Many:a '; done) '{origin}{try}'"),
        ],
        twin: Deed::of(200, &[ask("GET {try}", &["X-Long: {5000*a}"])])
            .command("curl -i -H \"X-Long: $(printf '%05000d' 0)\" '{origin}{try}'"),
    },
    Cause {
        code: 505,
        rule: "End the request line in HTTP/3.0: there is such a version, but it has no request lines, and whoever reads them here knows version 1 alone.",
        source: "RFC 9110 §2.5, §15.6.6",
        note: "A minor version above 1 is no mistake: HTTP/1.9 is answered as HTTP/1.1.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Before("Your version is one that is spoken here."),
        provocations: &[Deed::of(505, &[raw("GET {try} HTTP/3.0\r\nHost: {host}\r\n\r\n")])],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
];

/// Turns down what went astray, on every path.
///
/// # Errors
///
/// For a host that nobody can be.
pub(crate) fn directed(parts: &Parts, is_tls: bool) -> Result<(), Refusal> {
    let host = host(parts);
    // RFC 6761 §6.4.
    let top = host.rsplit('.').next().unwrap_or_default();
    if top.eq_ignore_ascii_case("invalid") {
        return Err(misdirected(&host.to_ascii_lowercase()));
    }
    secured(parts, is_tls)
}

/// RFC 9110 §7.4: what is asked of a scheme that came in another way MUST be rejected. In HTTP/2 the scheme is that of the client, whatever
/// gateway stands before us, so it is believed.
fn secured(parts: &Parts, is_tls: bool) -> Result<(), Refusal> {
    let scheme = match parts.uri.scheme_str() {
        Some(scheme) if parts.version < Version::HTTP_2 => scheme,
        _ => return Ok(()),
    };
    if scheme == "http" || (scheme == "https" && is_tls) {
        return Ok(());
    }
    Err(Refusal::new(
        "misdirected",
        421,
        format!(
            "you asked for a URI of the scheme `{}`, which is not what this connection is for",
            shown(scheme)
        ),
    )
    .hint("RFC 9110 section 7.4; a proxy for https is asked for a tunnel, with CONNECT"))
}

/// The name in the target URI, without port and final dot.
fn host(parts: &Parts) -> &str {
    let authority = parts
        .uri
        .authority()
        .map(http::uri::Authority::as_str)
        .or_else(|| parts.headers.get(HOST)?.to_str().ok())
        .unwrap_or_default();
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    };
    name.trim_end_matches('.')
}

fn misdirected(host: &str) -> Refusal {
    Refusal::new(
        "misdirected",
        421,
        format!("you asked for `{}`, a name that no server has", shown(host)),
    )
    .hint("the name is reserved (RFC 2606, RFC 6761), so the request took a wrong turn on its way")
}

fn authoritative(call: &mut Call, rest: &str) -> Outcome {
    // RFC 2606 §2 and §3.
    const RESERVED: [&str; 4] = ["example", "example.com", "example.net", "example.org"];
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let host = host(&call.parts).to_ascii_lowercase();
    let is_reserved = RESERVED.iter().any(|name| {
        host.strip_suffix(name)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    if is_reserved {
        return Err(misdirected(&host));
    }
    Ok(Reply::ok(TEXT, format!("Here is {host}.\n"))
        .because("You asked for a name that may well be this server's."))
}

/// Takes whatever comes, if it is what it claims to be.
async fn anything(call: &mut Call, rest: &str) -> Outcome {
    if let Some(reply) = parts::is_counter(call, rest)? {
        return Ok(reply);
    }
    let is_json = call
        .header("content-type")
        .is_some_and(|media_type| media_type.starts_with("application/json"));
    if is_json {
        parts::read_json(call).await?;
        return Ok(Reply::ok(TEXT, "That was JSON.\n").because("Your JSON is JSON."));
    }
    let content = call.content().await?;
    Ok(Reply::ok(TEXT, format!("{} bytes came.\n", content.len()))
        .because("All of the content came, and in time."))
}

async fn measured(call: &mut Call, rest: &str) -> Outcome {
    if let Some(reply) = parts::is_counter(call, rest)? {
        return Ok(reply);
    }
    if !call.parts.headers.contains_key(CONTENT_LENGTH) {
        return Ok(Reply::status(StatusCode::LENGTH_REQUIRED).because(
            "Your content came without a Content-Length, so its end was not known from the start.",
        ));
    }
    let content = call.content().await?;
    Ok(Reply::ok(TEXT, format!("{} bytes came.\n", content.len()))
        .because("Its length was known from the start."))
}
