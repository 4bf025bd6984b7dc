//! Redirects. They lead to this server, or to an origin on the list of whoever runs it.

mod origin;
mod target;

use http::StatusCode;
use http::header::LOCATION;

pub(super) use self::origin::check_cookie;
pub(super) use self::target::check_target;
pub(crate) use self::target::checked_field;
use self::target::origin;
use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
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
        answers: &[],
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
