//! A small proxy: it asks for credentials, changes what passes through, and connects to nobody. RFC 9110 §7.7 and §11.7.

use base64::Engine as _;
use http::header::{CACHE_CONTROL, ETAG, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, VIA};
use http::{HeaderValue, StatusCode};

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 203,
        rule: "Read a text through our proxy, which sets it in capitals on the way: what you get is not what the origin sent, and the code admits it.",
        source: "RFC 9110 §7.7, §15.3.4",
        note: "A request in absolute form is one to a proxy. With `Cache-Control: no-transform` it keeps its hands off, and the origin's own 200 comes through.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET"]),
        play: Rule::Now(transformed),
        provocations: &[Deed::of(203, &[ask("GET {origin}{try}", &[])])],
        twin: Deed::of(
            200,
            &[ask("GET {origin}{try}", &["Cache-Control: no-transform"])],
        ),
    },
    Cause {
        code: 407,
        rule: "Send a request in absolute form, as one does to a proxy, without Proxy-Authorization: this proxy wants to know who asks.",
        source: "RFC 9110 §11.7, §15.5.8; RFC 9112 §3.2.2",
        note: "Any name and password will do. It connects to nobody, whatever host you name: what it passes on is a text of its own.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET"]),
        play: Rule::Now(guarded),
        provocations: &[Deed::of(407, &[ask("GET {origin}{try}", &[])])],
        twin: Deed::of(
            200,
            &[ask(
                "GET {origin}{try}",
                &["Proxy-Authorization: Basic bWU6c2VjcmV0"],
            )],
        ),
    },
];

/// What the origin has.
const ORIGINAL: &str = "This is the text as its origin has it.\n";

/// Whether the request is one to a proxy. In HTTP/2 every request names its authority, so none can be told to be.
fn is_for_proxy(call: &Call) -> bool {
    !call.is_http2() && call.parts.uri.authority().is_some()
}

/// The answer of the origin behind the proxy.
fn origin() -> Reply {
    Reply::ok(TEXT, ORIGINAL).fixed(ETAG, "\"original\"")
}

fn transformed(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    if !is_for_proxy(call) {
        return Ok(origin().because("You asked the origin itself, without a proxy in between."));
    }
    let via = HeaderValue::from_static("1.1 playground");
    let hands_off = call.header(CACHE_CONTROL.as_str()).is_some_and(|control| {
        control
            .split(',')
            .any(|directive| directive.trim().eq_ignore_ascii_case("no-transform"))
    });
    if hands_off {
        return Ok(origin()
            .field(VIA, via)
            .because("You said no-transform, so the proxy passed on what the origin sent."));
    }
    // RFC 9110 §8.8.3: other bytes need another tag, and this proxy makes none.
    Ok(Reply::status(StatusCode::NON_AUTHORITATIVE_INFORMATION)
        .with(TEXT, ORIGINAL.to_uppercase())
        .field(VIA, via)
        .because("The proxy set the origin's text in capitals."))
}

fn guarded(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    if !is_for_proxy(call) {
        return Ok(
            origin().because("A request in this form is for the server itself, not for a proxy.")
        );
    }
    let who = call
        .header(PROXY_AUTHORIZATION.as_str())
        .and_then(credentials);
    let Some((who, _)) = who else {
        return Ok(Reply::status(StatusCode::PROXY_AUTHENTICATION_REQUIRED)
            .fixed(PROXY_AUTHENTICATE, "Basic realm=\"playground proxy\"")
            .because("You asked for a proxy, and did not tell it who you are."));
    };
    Ok(origin().fixed(VIA, "1.1 playground").because(format!(
        "The proxy let `{}` through.",
        crate::refusal::shown(&who)
    )))
}

/// Name and password of Basic credentials, if they are whole. RFC 7617 §2.
pub(super) fn credentials(field: &str) -> Option<(String, String)> {
    let (scheme, token) = field.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(token.trim())
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
