//! Redirects. They lead to this server, or to an origin on the list of whoever runs it.

use http::header::{HeaderValue, LOCATION};
use http::{HeaderName, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use crate::call::Call;
use crate::limits;
use crate::refusal::{Refusal, shown};
use crate::reply::{Reply, field_value};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const N: Parameter = Parameter::path(
    "n",
    Kind::Integer {
        min: 1,
        max: 100,
        limit: Some(limits::REDIRECTS),
    },
    "How many redirects there are before the end of the chain, which is /get.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "redirect",
        path: "/redirect/{n}",
        methods: Methods::Registered,
        family: Family::Redirects,
        title: "A chain of redirects",
        about: "Answers with 302 and a Location that is one redirect nearer to /get. It shows how far a client follows, and what it does at its limit.",
        parameters: &[
            N,
            Parameter::query(
                "absolute",
                Kind::Flag,
                "Whether every Location is a whole URL, with scheme and host.",
            ),
        ],
        example: "/redirect/3",
        answers: &[302],
        media_type: "",
        source: "httpbin, go-httpbin",
        play: Play::Now(redirect),
    },
    Scenario {
        id: "relative-redirect",
        path: "/relative-redirect/{n}",
        methods: Methods::Registered,
        family: Family::Redirects,
        title: "A chain of relative redirects",
        about: "Every Location is a path alone, which the client resolves against the URL that it asked for (RFC 9110 §10.2.2).",
        parameters: &[N],
        example: "/relative-redirect/2",
        answers: &[302],
        media_type: "",
        source: "httpbin, go-httpbin",
        play: Play::Now(relative),
    },
    Scenario {
        id: "absolute-redirect",
        path: "/absolute-redirect/{n}",
        methods: Methods::Registered,
        family: Family::Redirects,
        title: "A chain of absolute redirects",
        about: "Every Location is a whole URL. Its host is the one that the client named, so a wrong Host field shows in it.",
        parameters: &[N],
        example: "/absolute-redirect/2",
        answers: &[302],
        media_type: "",
        source: "httpbin, go-httpbin",
        play: Play::Now(absolute),
    },
    Scenario {
        id: "redirect-to",
        path: "/redirect-to",
        methods: Methods::Registered,
        family: Family::Redirects,
        title: "A redirect to a place of your own",
        about: "Answers with the status and the Location that you ask for. Send a POST to it with 307 or 308, which keep the method, and with 303, which does not. \
                It leads to this server, or to an origin that whoever runs it has listed.",
        parameters: &[
            Parameter::query(
                "url",
                Kind::Text,
                "Where it leads. A path is one of this playground.",
            )
            .must(),
            Parameter::query(
                "status_code",
                Kind::Integer {
                    min: 300,
                    max: 399,
                    limit: None,
                },
                "The status, 302 unless given.",
            ),
        ],
        example: "/redirect-to?url=/post&status_code=307",
        answers: &[307],
        media_type: "",
        source: "httpbin, go-httpbin",
        play: Play::Now(redirect_to),
    },
];

fn redirect(call: &mut Call) -> Outcome {
    if call.flag("absolute") {
        absolute(call)
    } else {
        relative(call)
    }
}

fn relative(call: &mut Call) -> Outcome {
    let target = next(call, "/relative-redirect");
    chained(call, &target)
}

fn absolute(call: &mut Call) -> Outcome {
    let target = next(call, "/absolute-redirect");
    let target = match origin(call) {
        Some(origin) => format!("{origin}{target}"),
        // HTTP/1.0 without Host: nobody said what this server is called, and a path is right under every name.
        None => target,
    };
    chained(call, &target)
}

/// The path of the next link of a chain.
fn next(call: &Call, path: &str) -> String {
    match call.count("n").unwrap_or(1) {
        0 | 1 => call.here("/get"),
        n => call.here(&format!("{path}/{}", n - 1)),
    }
}

fn chained(call: &Call, target: &str) -> Outcome {
    let left = call.count("n").unwrap_or(1) - 1;
    let target = field_value("Location", target)?;
    Ok(Reply::status(StatusCode::FOUND)
        .field(LOCATION, target)
        .because(match left {
            0 => "This is the last redirect of the chain.".to_owned(),
            1 => "One more redirect follows.".to_owned(),
            _ => format!("{left} more redirects follow."),
        }))
}

fn redirect_to(call: &mut Call) -> Outcome {
    let url = call.query("url").unwrap_or_default();
    if url.is_empty() {
        return Err(Refusal::parameter("url", url, "a redirect leads somewhere"));
    }
    let checked = check_target(call, url)?;
    let target = if url.starts_with('/') && !url.starts_with("//") {
        let path = checked.to_str().unwrap_or_default();
        field_value("url", &call.here(path))?
    } else {
        checked
    };
    let status = call
        .integer("status_code")
        .and_then(|status| u16::try_from(status).ok())
        .unwrap_or(302);
    Ok(Reply::number(status)?
        .field(LOCATION, target)
        .because("You asked to be sent there."))
}

/// What the client called this server; nothing if it did not say.
fn origin(call: &Call) -> Option<String> {
    let origin = call.origin();
    (!origin.ends_with("//")).then_some(origin)
}

/// A field that a client chose, with its value. Those that send clients elsewhere lead only where redirects may.
///
/// # Errors
///
/// If the value cannot stand in a field, or leads to another server that is not on the list.
pub(crate) fn checked_field(
    call: &Call,
    name: &HeaderName,
    value: &str,
) -> Result<HeaderValue, Refusal> {
    match name.as_str() {
        "location" => check_target(call, value),
        "refresh" => check_refresh(call, value),
        _ => field_value(name.as_str(), value),
    }
}

/// What does not belong into a URI as it is (RFC 3986 §2); `%` stays, since what is encoded already is not encoded again.
const NOT_IN_A_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The field value for a target to which a response may send clients. It is judged after parsing it as a browser does, never by how its text begins; and what
/// browsers and RFC 3986 read differently is not sent at all, since some client would end up where nobody looked.
///
/// # Errors
///
/// If it leads to another server that is not on the list, is neither http nor https, or is ambiguous.
pub(super) fn check_target(call: &Call, target: &str) -> Result<HeaderValue, Refusal> {
    let refuse = |what: &str| {
        Err(Refusal::new(
            "target-not-allowed",
            403,
            format!("a redirect to `{}` is not sent: {what}", shown(target)),
        )
        .hint("targets on this server always work; whoever runs it can list other origins"))
    };
    if target.chars().any(char::is_control) {
        return Err(Refusal::parameter(
            "Location",
            target,
            "a target has no CR, LF, NUL, tab or other control characters",
        ));
    }
    if target.trim() != target {
        return refuse("some clients drop the space around it, others do not");
    }
    if let Some(what) = ambiguity(target) {
        return refuse(what);
    }
    let base = origin(call).and_then(|origin| Url::parse(&origin).ok());
    let Some(base) = base.and_then(|base| base.join(call.parts.uri.path()).ok()) else {
        return refuse("this request does not say by which name it called this server");
    };
    let Ok(url) = base.join(target) else {
        return refuse("it is no URL");
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("only http and https are");
    }
    let is_listed = call
        .shared
        .options
        .redirect_origins
        .iter()
        .filter_map(|origin| Url::parse(origin).ok())
        .any(|origin| origin.origin() == url.origin());
    if url.origin() != base.origin() && !is_listed {
        return refuse("it leads to another server");
    }
    let encoded = utf8_percent_encode(target, NOT_IN_A_URI).to_string();
    field_value("Location", &encoded)
}

/// In what way clients would read a target differently, if they would.
fn ambiguity(target: &str) -> Option<&'static str> {
    let path_end = target.find(['?', '#']).unwrap_or(target.len());
    let (before_query, _) = target.split_at(path_end);
    if before_query.contains('\\') {
        return Some("browsers take its backslash for a slash, others do not");
    }
    let (scheme, after_scheme) = match before_query.split_once(':') {
        Some((scheme, rest)) if !scheme.contains('/') => (Some(scheme), rest),
        _ => (None, before_query),
    };
    let authority = after_scheme.strip_prefix("//");
    if scheme.is_some() && authority.is_none() {
        return Some("a URL with a scheme has two slashes after it");
    }
    let authority = authority?.split('/').next().unwrap_or_default();
    if authority.is_empty() {
        return Some("it has two slashes and then no host");
    }
    if authority.contains('@') {
        return Some("it has a user name in front of the host");
    }
    let is_plain = authority
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    (!is_plain).then_some("its host is not written in plain ASCII")
}

/// The value of a Refresh field, `5` or `5; url=/get`. No RFC has it, but browsers follow it as they follow Location.
fn check_refresh(call: &Call, value: &str) -> Result<HeaderValue, Refusal> {
    let refuse = |what: &str| Err(Refusal::parameter("Refresh", value, what));
    let digits = value
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(value.len());
    let (time, rest) = value.split_at(digits);
    if time.is_empty() {
        return refuse("it begins with a number of seconds");
    }
    if rest.is_empty() {
        return field_value("Refresh", value);
    }
    let Some(target) = rest
        .strip_prefix(';')
        .map(|rest| rest.trim_start_matches(' '))
        .filter(|rest| {
            rest.get(..4)
                .is_some_and(|word| word.eq_ignore_ascii_case("url="))
        })
        .and_then(|rest| rest.get(4..))
    else {
        return refuse("it is written as `5; url=/get`");
    };
    if target.is_empty() || target.starts_with(['"', '\'', ' ', '=']) {
        return refuse("its URL stands there without quotes and spaces");
    }
    let mut written = format!("{time}; url=").into_bytes();
    written.extend_from_slice(check_target(call, target)?.as_bytes());
    HeaderValue::from_bytes(&written)
        .map_err(|_| Refusal::parameter("Refresh", value, "it is no field value"))
}
