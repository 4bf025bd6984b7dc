//! Caches, validators and ranges, and fields of the client's own.

mod fields;
mod ranges;

use http::header::{CACHE_CONTROL, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{Method, StatusCode};

use super::echo::Seen;
use crate::call::Call;
use crate::conditions::{self, Verdict};
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const IF_MATCH_FIELD: Parameter = Parameter::header(
    "If-Match",
    "Entity tags, or `*`. Where none is the current one, the answer is 412; weak tags never are.",
);
const IF_NONE_MATCH_FIELD: Parameter = Parameter::header(
    "If-None-Match",
    "Entity tags, or `*`. Where one is the current one, GET and HEAD get 304, other methods 412.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "cache",
        path: "/cache",
        methods: Methods::Registered,
        family: Family::Caching,
        title: "304 for every condition",
        about: "Shows the request, with Last-Modified and an entity tag. A GET that has If-Modified-Since or If-None-Match, whatever their value, gets 304.",
        parameters: &[
            Parameter::header("If-Modified-Since", "Any value brings a 304."),
            Parameter::header(
                "If-None-Match",
                "Any value brings a 304, or 412 for methods other than GET and HEAD.",
            ),
        ],
        example: "/cache",
        answers: &[200, 304, 412],
        media_type: "application/json",
        source: "httpbin, go-httpbin",
        play: Play::Now(cache),
    },
    Scenario {
        id: "cache-for",
        path: "/cache/{n}",
        methods: Methods::Registered,
        family: Family::Caching,
        title: "Fresh for some seconds",
        about: "Shows the request, and tells caches for how many seconds they may answer in place of this server.",
        parameters: &[Parameter::path(
            "n",
            Kind::Integer {
                min: 0,
                // RFC 9111 §1.2.2: the number that caches put in place of one that they cannot hold.
                max: 2_147_483_648,
                limit: None,
            },
            "Seconds.",
        )],
        example: "/cache/60",
        answers: &[200],
        media_type: "application/json",
        source: "httpbin, go-httpbin",
        play: Play::Now(cache_for),
    },
    Scenario {
        id: "etag",
        path: "/etag/{etag}",
        methods: Methods::Registered,
        family: Family::Caching,
        title: "An entity tag of your own",
        about: "Shows the request under the entity tag that you name, and honours If-Match and If-None-Match in the order of RFC 9110 §13.2.2.",
        parameters: &[
            Parameter::path(
                "etag",
                Kind::Text,
                "What stands between the quotes of the tag.",
            ),
            IF_MATCH_FIELD,
            IF_NONE_MATCH_FIELD,
        ],
        example: "/etag/v1",
        answers: &[200, 304, 412],
        media_type: "application/json",
        source: "httpbin, go-httpbin; RFC 9110 §13",
        play: Play::Now(etag),
    },
    Scenario {
        id: "range",
        path: "/range/{n}",
        methods: Methods::Registered,
        family: Family::Caching,
        title: "Content that can be had in parts",
        about: "Sends the alphabet over and over, as many bytes as you ask. A GET may ask for one part of it or several, and make that depend on the entity tag.",
        parameters: &[
            Parameter::path(
                "n",
                Kind::Integer {
                    min: 1,
                    max: 0,
                    limit: Some(limits::BYTES),
                },
                "Bytes of the whole.",
            ),
            Parameter::query(
                "duration",
                Kind::Seconds {
                    limit: limits::DELAY,
                },
                "Time over which the bytes are spread.",
            ),
            Parameter::query(
                "chunk_size",
                Kind::Integer {
                    min: 1,
                    max: 0,
                    limit: Some(limits::BYTES),
                },
                "Bytes that leave together.",
            ),
            Parameter::header("Range", "Parts in bytes, such as `bytes=0-4,-5`."),
            Parameter::header(
                "If-Range",
                "An entity tag: where it is not the current one, the whole is sent.",
            ),
            IF_MATCH_FIELD,
            IF_NONE_MATCH_FIELD,
        ],
        example: "/range/1024",
        answers: &[200, 206, 304, 412, 416],
        media_type: "application/octet-stream, multipart/byteranges",
        source: "httpbin, go-httpbin; RFC 9110 §14",
        play: Play::Wait(|call| Box::pin(ranges::range(call))),
    },
    Scenario {
        id: "response-headers",
        path: "/response-headers",
        methods: Methods::Registered,
        family: Family::Caching,
        title: "Fields of your own",
        about: "Sends every pair of the query as a field of the response, and shows them as JSON. A Content-Type takes the place of ours; fields that frame a message are refused.",
        parameters: &[],
        example: "/response-headers?Cache-Control=no-store&X-Tea=milk",
        answers: &[200],
        media_type: "application/json",
        source: "httpbin, go-httpbin",
        play: Play::Now(fields::response_headers),
    },
];

fn cache(call: &mut Call) -> Outcome {
    const TAG: &str = "\"cache\"";
    let headers = &call.parts.headers;
    let reads = matches!(call.parts.method, Method::GET | Method::HEAD);
    if headers.contains_key(IF_NONE_MATCH) && !reads {
        return Ok(Reply::status(StatusCode::PRECONDITION_FAILED)
            .fixed(ETAG, TAG)
            .because("If-None-Match always matches here, and a method other than GET and HEAD is not performed then."));
    }
    if reads && (headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MODIFIED_SINCE)) {
        return Ok(Reply::status(StatusCode::NOT_MODIFIED)
            .fixed(ETAG, TAG)
            .because(
                "The request has a condition, and here every condition means that nothing changed.",
            ));
    }
    let modified = httpdate::fmt_http_date(call.now());
    Seen::of(call)
        .reply()
        .fixed(ETAG, TAG)
        .because("The request has neither If-None-Match nor If-Modified-Since.")
        .chosen(LAST_MODIFIED, &modified)
}

fn cache_for(call: &mut Call) -> Outcome {
    let seconds = call.integer("n").unwrap_or(0);
    Seen::of(call)
        .reply()
        .chosen(CACHE_CONTROL, &format!("public, max-age={seconds}"))
}

fn etag(call: &mut Call) -> Outcome {
    let etag = call.path("etag");
    if !conditions::is_opaque_tag(etag.as_bytes()) {
        return Err(Refusal::parameter(
            "etag",
            etag,
            "an entity tag has no quotes, spaces or control characters between its quotes (RFC 9110 section 8.8.3)",
        ));
    }
    match conditional(call, etag)? {
        Some(reply) => Ok(reply),
        None => Seen::of(call).reply().chosen(ETAG, &quoted(etag)),
    }
}

fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

/// The answer that the preconditions demand instead of the representation, if they do. RFC 9110 §15.4.5: a 304 has the fields that the 200 would have had for caches.
fn conditional(call: &Call, etag: &str) -> Result<Option<Reply>, Refusal> {
    let verdict = conditions::judge(&call.parts.method, &call.parts.headers, etag.as_bytes());
    let (status, because) = match verdict {
        Verdict::Perform => return Ok(None),
        Verdict::NotModified => (
            StatusCode::NOT_MODIFIED,
            format!(
                "Your If-None-Match was {} and the entity tag is \"{etag}\".",
                told(call, "if-none-match")
            ),
        ),
        Verdict::Failed(field) => (
            StatusCode::PRECONDITION_FAILED,
            format!(
                "Your {field} was {} and the entity tag is \"{etag}\".",
                told(call, field)
            ),
        ),
    };
    let reply = Reply::status(status).because(because);
    reply.chosen(ETAG, &quoted(etag)).map(Some)
}

/// A field as it arrived, where it is not too long to repeat.
fn told<'a>(call: &'a Call, name: &str) -> &'a str {
    const MOST: usize = 200;
    let value = call.header(name).filter(|value| value.len() <= MOST);
    value.unwrap_or("another one")
}
