//! Caches, validators and ranges, and fields of the client's own.

use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use http::{HeaderName, Method, StatusCode};
use serde_json::{Map, Value};

use super::echoed::echoed;
use super::redirects::checked_field;
use crate::call::Call;
use crate::conditions::{self, Part, Selection, Verdict};
use crate::limits;
use crate::pace::Pace;
use crate::refusal::Refusal;
use crate::reply::{JSON, Reply, field_name};
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
        media_type: "application/octet-stream",
        source: "httpbin, go-httpbin; RFC 9110 §14",
        play: Play::Wait(|call| Box::pin(range(call))),
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
        play: Play::Now(response_headers),
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
    Reply::json(&echoed(call))
        .fixed(ETAG, TAG)
        .because("The request has neither If-None-Match nor If-Modified-Since.")
        .chosen(LAST_MODIFIED, &modified)
}

fn cache_for(call: &mut Call) -> Outcome {
    let seconds = call.integer("n").unwrap_or(0);
    Reply::json(&echoed(call)).chosen(CACHE_CONTROL, &format!("public, max-age={seconds}"))
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
        None => Reply::json(&echoed(call)).chosen(ETAG, &quoted(etag)),
    }
}

fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

/// The answer that the preconditions demand instead of the representation, if they do. RFC 9110 §15.4.5: a 304 has the fields that the 200 would have had for caches.
fn conditional(call: &Call, etag: &str) -> Result<Option<Reply>, Refusal> {
    let verdict = conditions::judge(&call.parts.method, &call.parts.headers, etag.as_bytes());
    let told = |name: &str| crate::refusal::shown(call.header(name).unwrap_or_default());
    let (status, because) = match verdict {
        Verdict::Perform => return Ok(None),
        Verdict::NotModified => (
            StatusCode::NOT_MODIFIED,
            format!(
                "Your If-None-Match was {} and the entity tag is \"{etag}\".",
                told("if-none-match")
            ),
        ),
        Verdict::Failed(field) => (
            StatusCode::PRECONDITION_FAILED,
            format!(
                "Your {field} was {} and the entity tag is \"{etag}\".",
                told(field)
            ),
        ),
    };
    let reply = Reply::status(status).because(because);
    reply.chosen(ETAG, &quoted(etag)).map(Some)
}

async fn range(call: &mut Call) -> Outcome {
    let length = call.count("n").unwrap_or(1);
    let etag = format!("range{length}");
    if let Some(reply) = conditional(call, &etag)? {
        return Ok(reply);
    }
    let selection = conditions::select(
        &call.parts.method,
        &call.parts.headers,
        etag.as_bytes(),
        length,
    );
    let mut reply = Reply::status(StatusCode::OK);
    let content = match selection {
        Selection::Nothing => {
            reply.status = StatusCode::RANGE_NOT_SATISFIABLE;
            let told = crate::refusal::shown(call.header("range").unwrap_or_default());
            reply = reply.fixed(ACCEPT_RANGES, "bytes").because(format!(
                "Your Range was {told} and there are {length} bytes, counted from 0."
            ));
            return reply.chosen(CONTENT_RANGE, &format!("bytes */{length}"));
        }
        Selection::Whole => alphabet(Part {
            first: 0,
            last: length - 1,
        }),
        Selection::Parts(parts) => {
            reply.status = StatusCode::PARTIAL_CONTENT;
            if let [only] = parts.as_slice() {
                reply = reply.chosen(CONTENT_RANGE, &content_range(*only, length))?;
                alphabet(*only)
            } else {
                let content = byteranges(&parts, length);
                reply = paced(call, reply, content, BYTERANGES).await?;
                return reply
                    .fixed(ACCEPT_RANGES, "bytes")
                    .chosen(ETAG, &quoted(&etag));
            }
        }
    };
    let reply = paced(call, reply, content, "application/octet-stream").await?;
    reply
        .fixed(ACCEPT_RANGES, "bytes")
        .chosen(ETAG, &quoted(&etag))
}

/// With content at the pace that the query asks for.
async fn paced(call: &Call, reply: Reply, content: Vec<u8>, media_type: &'static str) -> Outcome {
    let duration = call.seconds("duration").unwrap_or_default();
    let pace = Pace::new(call, Duration::ZERO, duration)?;
    pace.begin().await;
    let content = Bytes::from(content);
    if pace.is_instant() {
        return Ok(reply.with(media_type, content));
    }
    let length = content.len();
    let size = call
        .count("chunk_size")
        .unwrap_or(length.div_ceil(100))
        .max(1);
    let pieces = pace.spread(length.div_ceil(size), move |index| {
        let from = index * size;
        content.slice(from..(from + size).min(length))
    });
    Ok(reply
        .with_pieces(media_type, pieces)
        .field(CONTENT_LENGTH, HeaderValue::from(length)))
}

/// Bytes of the alphabet, over and over.
fn alphabet(part: Part) -> Vec<u8> {
    let letters = (b'a'..=b'z').cycle().skip(part.first % 26);
    letters.take(part.last - part.first + 1).collect()
}

fn content_range(part: Part, length: usize) -> String {
    format!("bytes {}-{}/{length}", part.first, part.last)
}

/// It cannot stand in the content, which is letters in lower case.
const BOUNDARY: &str = "PART-OF-THE-ALPHABET";
const BYTERANGES: &str = "multipart/byteranges; boundary=PART-OF-THE-ALPHABET";

/// RFC 9110 §14.6.
fn byteranges(parts: &[Part], length: usize) -> Vec<u8> {
    let mut content = Vec::new();
    for part in parts {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Type: application/octet-stream\r\nContent-Range: {}\r\n\r\n",
            content_range(*part, length)
        );
        content.extend_from_slice(head.as_bytes());
        content.extend(alphabet(*part));
        content.extend_from_slice(b"\r\n");
    }
    content.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    content
}

fn response_headers(call: &mut Call) -> Outcome {
    let most = usize::try_from(limits::FIELDS_ASKED.max).unwrap_or(usize::MAX);
    if call.query.len() > most {
        return Err(Refusal::limit(limits::FIELDS_ASKED, call.query.len()));
    }
    let mut reply = Reply::status(StatusCode::OK);
    let mut shown: Vec<(String, Vec<String>)> = Vec::new();
    let mut typed: Option<HeaderValue> = None;
    for (typed_name, value) in &call.query {
        let name: HeaderName = field_name(typed_name)?;
        let checked = checked_field(call, &name, value)?;
        if name == CONTENT_TYPE {
            shown.retain(|(known, _)| !known.eq_ignore_ascii_case(typed_name));
            typed = Some(checked);
        } else {
            reply.headers.append(name, checked);
        }
        match shown.iter_mut().find(|(known, _)| known == typed_name) {
            Some((_, values)) => values.push(value.clone()),
            None => shown.push((typed_name.clone(), vec![value.clone()])),
        }
    }
    let mut object: Map<String, Value> = shown
        .into_iter()
        .map(|(name, values)| match <[String; 1]>::try_from(values) {
            Ok([only]) => (name, only.into()),
            Err(values) => (name, values.into()),
        })
        .collect();
    let media_type = match typed {
        Some(media_type) => media_type,
        None => {
            object.insert("Content-Type".to_owned(), JSON.into());
            HeaderValue::from_static(JSON)
        }
    };
    let content = with_own_length(object);
    Ok(reply
        .with(JSON, content)
        .field(CONTENT_TYPE, media_type)
        .because("You asked for these fields."))
}

/// The object as JSON with its own length inside: it grows until it says what it is.
fn with_own_length(mut object: Map<String, Value>) -> Vec<u8> {
    let mut length = 0;
    loop {
        object.insert("Content-Length".to_owned(), length.to_string().into());
        object.sort_keys();
        let mut json = serde_json::to_vec_pretty(&object).expect("it is plain data");
        json.push(b'\n');
        if json.len() <= length {
            return json;
        }
        length = json.len();
    }
}
