//! Any status code, with the reason phrase, fields, content and delay that the URL asks for.

mod interims;

use std::borrow::Cow;

use http::header::{
    ALLOW, CONTENT_RANGE, CONTENT_TYPE, LOCATION, PROXY_AUTHENTICATE, RETRY_AFTER, UPGRADE,
    WWW_AUTHENTICATE,
};
use http::{HeaderName, HeaderValue};
use rand::RngExt as _;

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply, field_name};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

/// Where a teapot says more; clients of the dialect look for it.
const MORE_INFO: HeaderName = HeaderName::from_static("x-more-info");

pub(crate) static SCENARIOS: &[Scenario] = &[Scenario {
    id: "status",
    path: "/status/{codes}",
    methods: Methods::Registered,
    family: Family::Status,
    title: "Any status code",
    about: "Answers with the code, and with whatever else the URL asks for. A list such as `200,503` picks one at random, weights such as \
            `200:9,503:1` say how often; with a seed the picks repeat. A code from 100 to 199 goes out as a real interim response, before a 200.",
    parameters: &[
        Parameter::path(
            "codes",
            Kind::Text,
            "A code from 100 to 999, or a comma-separated list of them, each with an optional weight after a colon.",
        ),
        Parameter::query(
            "reason",
            Kind::Text,
            "The reason phrase, where HTTP/1.1 still has one.",
        ),
        Parameter::query(
            "header",
            Kind::Text,
            "A field as `Name: value`; may be repeated.",
        ),
        Parameter::query("body", Kind::Text, "The content, as it is."),
        Parameter::query(
            "type",
            Kind::Text,
            "The media type of that content; without it, plain text.",
        ),
        Parameter::query(
            "delay",
            Kind::Seconds {
                limit: limits::DELAY,
            },
            "How long the answer is held back.",
        ),
        Parameter::query(
            "interim",
            Kind::Text,
            "Interim responses that go ahead: codes with commas between them, each with `@` and its time in milliseconds, such as `103@0,102@400`.",
        ),
        Parameter::query(
            "seed",
            Kind::Text,
            "Makes the picks from a list repeatable.",
        ),
        Parameter::query(
            "n",
            Kind::Integer {
                min: 0,
                max: 1_000_000,
                limit: None,
            },
            "With a seed: which pick of the series, counted from 0.",
        ),
    ],
    example: "/status/503?header=Retry-After:%202&body=back%20soon",
    answers: &[],
    media_type: "",
    source: "httpbin, go-httpbin; the parameters are ours",
    play: Play::Wait(|call| Box::pin(status(call))),
}];

async fn status(call: &mut Call) -> Outcome {
    let choices = choices(call.path("codes"))?;
    let code = pick(call, &choices);
    let because = if code < 200 {
        Cow::Owned(format!(
            "{code} went ahead of this answer, as an interim response."
        ))
    } else if choices.len() == 1 {
        Cow::Borrowed("You asked for this code.")
    } else {
        Cow::Owned(format!(
            "{code} was picked from the {} codes that you listed.",
            choices.len()
        ))
    };
    let delay = call.seconds("delay").unwrap_or_default();
    match call.query("interim") {
        Some(script) if !script.is_empty() => interims::send(call, script, delay).await?,
        _ => call.pause(delay).await?,
    }
    let reply = if code < 200 {
        interim(call, code).await?
    } else {
        with_usual_fields(Reply::number(code)?, call)
    };
    composed(reply.because(because), call)
}

/// The codes of a list with their weights.
fn choices(list: &str) -> Result<Vec<(u16, f64)>, Refusal> {
    let refuse = |what: &str| Refusal::parameter("codes", list, what);
    let most = usize::try_from(limits::CHOICES.max).unwrap_or(usize::MAX);
    let count = list.split(',').count();
    if count > most {
        return Err(Refusal::limit(limits::CHOICES, count));
    }
    if count == 1 && list.contains(':') {
        return Err(refuse("a weight needs another code to be weighed against"));
    }
    let mut choices = Vec::with_capacity(count);
    for item in list.split(',') {
        let (code, weight) = match item.split_once(':') {
            Some((code, weight)) => (code, weight.parse::<f64>().ok()),
            None => (item, Some(1.0)),
        };
        let code = (code.len() == 3)
            .then(|| code.parse::<u16>().ok())
            .flatten()
            .filter(|code| (100..=999).contains(code))
            .ok_or_else(|| refuse("a status code has three digits, from 100 to 999"))?;
        let weight = weight
            .filter(|weight| weight.is_finite() && *weight >= 0.0)
            .ok_or_else(|| refuse("a weight is a number that is not negative"))?;
        choices.push((code, weight));
    }
    if !choices
        .iter()
        .map(|(_, weight)| weight)
        .sum::<f64>()
        .is_normal()
    {
        return Err(refuse(
            "at least one weight is above 0, and their sum is a number",
        ));
    }
    Ok(choices)
}

fn pick(call: &Call, choices: &[(u16, f64)]) -> u16 {
    if let [(only, _)] = choices {
        return *only;
    }
    let total: f64 = choices.iter().map(|(_, weight)| weight).sum();
    let mut random = call.random();
    for _ in 0..call.count("n").unwrap_or(0) {
        random.random::<f64>();
    }
    let mut point = random.random::<f64>() * total;
    for (code, weight) in choices {
        point -= weight;
        if point < 0.0 {
            return *code;
        }
    }
    choices
        .iter()
        .rfind(|(_, weight)| *weight > 0.0)
        .map_or(200, |(code, _)| *code)
}

/// A real interim response. 101 cannot be one without an upgrade: what follows it would be another protocol.
async fn interim(call: &Call, code: u16) -> Outcome {
    if code == 101 {
        return Err(Refusal::parameter(
            "codes",
            "101",
            "switching protocols needs a protocol to switch to",
        )
        .hint(format!(
            "{} switches to WebSocket",
            call.here("/websocket/echo")
        )));
    }
    send_interim(call, code).await?;
    Reply::number(200)
}

/// Sends one, named as the catalog names it, with a link to its page.
async fn send_interim(call: &Call, code: u16) -> Result<(), Refusal> {
    // RFC 9110 §15.2: an HTTP/1.0 client is never sent one.
    if call.parts.version < http::Version::HTTP_11 {
        return Err(Refusal::new(
            "version-not-possible",
            400,
            "HTTP/1.0 has no interim responses",
        ));
    }
    let name = siteerror_catalog::catalog()
        .number(code)
        .map_or("", |code| code.name);
    let link = format!("<{}>; rel=\"describedby\"", call.shared.page(code));
    call.wire
        .interim(code, name, &[("Link", &link)])
        .await
        .map_err(|error| Refusal::new("version-not-possible", 400, error.to_string()))
}

/// The fields without which a response with this code would break a MUST, or be of no use to a client. RFC 9110 §15.
pub(super) fn with_usual_fields(reply: Reply, call: &Call) -> Reply {
    match reply.status.as_u16() {
        // RFC 9110 §15.4: a redirect says where to.
        301 | 302 | 303 | 305 | 307 | 308 => {
            let target = call.here("/redirect/1");
            match HeaderValue::from_str(&target) {
                Ok(target) => reply.field(LOCATION, target),
                Err(_) => reply,
            }
        }
        401 => reply.fixed(WWW_AUTHENTICATE, super::auth::BASIC),
        405 => reply.fixed(ALLOW, "GET, HEAD"),
        407 => reply.fixed(PROXY_AUTHENTICATE, super::auth::BASIC),
        416 => reply.fixed(CONTENT_RANGE, "bytes */1024"),
        418 => reply.fixed(MORE_INFO, "http://tools.ietf.org/html/rfc2324"),
        426 => reply
            .fixed(UPGRADE, "websocket")
            .fixed(http::header::CONNECTION, "upgrade"),
        429 | 503 => reply.fixed(RETRY_AFTER, "1"),
        _ => reply,
    }
}

/// With the reason phrase, fields and content that the query asks for.
pub(super) fn composed(mut reply: Reply, call: &Call) -> Outcome {
    if let Some(reason) = call.query("reason") {
        let phrase = hyper::ext::ReasonPhrase::try_from(reason.as_bytes()).map_err(|_| {
            Refusal::parameter(
                "reason",
                reason,
                "a reason phrase has no control characters",
            )
        })?;
        reply.reason = Some(phrase);
    }
    if let Some(body) = call.query("body") {
        // RFC 9110 §6.4.1, and §15.3.6 for 205.
        if matches!(reply.status.as_u16(), 204 | 205 | 304) {
            return Err(Refusal::parameter(
                "body",
                body,
                format!("a response with {} has no content", reply.status.as_u16()),
            )
            .hint("one that has it all the same is a fault: see /faults"));
        }
        reply = reply.with(crate::reply::TEXT, body.to_owned());
    }
    if let Some(media_type) = call.query("type") {
        if matches!(reply.content, Content::Unset) {
            reply.content = Content::Whole(bytes::Bytes::new());
        }
        reply
            .headers
            .insert(CONTENT_TYPE, crate::reply::media_type("type", media_type)?);
    }
    let most = usize::try_from(limits::FIELDS_ASKED.max).unwrap_or(usize::MAX);
    let asked = call.queries("header").count();
    if asked > most {
        return Err(Refusal::limit(limits::FIELDS_ASKED, asked));
    }
    let mut named: Vec<HeaderName> = Vec::new();
    for field in call.queries("header") {
        let (name, value) = field.split_once(':').ok_or_else(|| {
            Refusal::parameter("header", field, "a field is written as `Name: value`")
        })?;
        let name = field_name(name.trim())?;
        let value = super::redirects::checked_field(call, &name, value.trim())?;
        // The first of a name takes the place of what the code usually comes with; the next ones stand beside it.
        if named.contains(&name) {
            reply.headers.append(name, value);
        } else {
            reply.headers.insert(name.clone(), value);
            named.push(name);
        }
    }
    Ok(reply)
}
