//! Slow and long answers: held back, dripped, streamed, with trailers, or failing at random.

mod live;

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header::{CONTENT_LENGTH, HeaderValue, TE, TRAILER};
use http::{HeaderMap, HeaderName, StatusCode};
use http_body::Frame;
use rand::RngExt as _;
use rand_chacha::rand_core::Rng as _;

use super::echoed::echoed_whole;
use crate::call::Call;
use crate::limits;
use crate::pace::Pace;
use crate::refusal::Refusal;
use crate::reply::{JSON, Reply, TEXT, field_name, field_value};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const OCTETS: &str = "application/octet-stream";

const DELAY: Parameter = Parameter::query(
    "delay",
    Kind::Seconds {
        limit: limits::DELAY,
    },
    "Time before the answer begins.",
);
const DURATION: Parameter = Parameter::query(
    "duration",
    Kind::Seconds {
        limit: limits::DELAY,
    },
    "Time from the first piece to the last. Together with the delay it stays within the limit.",
);
const JITTER: Parameter = Parameter::query(
    "jitter",
    Kind::Share,
    "By which share of a step pieces may come early or late.",
);
const SEED: Parameter = Parameter::query(
    "seed",
    Kind::Integer {
        min: i64::MIN,
        max: i64::MAX,
        limit: None,
    },
    "A number that makes the random ones repeatable.",
);
const BYTES: Parameter = Parameter::path(
    "n",
    Kind::Integer {
        min: 0,
        max: 0,
        limit: Some(limits::BYTES),
    },
    "How many bytes.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "delay",
        path: "/delay/{delay}",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "An answer held back",
        about: "Reads the whole request, waits, and then shows it. Not a byte is sent before that, so it tries the timeout of a client for the first one.",
        parameters: &[Parameter::path(
            "delay",
            Kind::Seconds {
                limit: limits::DELAY,
            },
            "How long, in seconds or with a unit.",
        )],
        example: "/delay/100ms",
        answers: &[200],
        media_type: "application/json",
        source: "httpbin, go-httpbin",
        play: Play::Wait(|call| Box::pin(delay(call))),
    },
    Scenario {
        id: "drip",
        path: "/drip",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "Content drop by drop",
        about: "Sends the head after a delay, and then stars one after another, until their announced number is reached. It tries the timeout between two bytes.",
        parameters: &[
            DURATION,
            DELAY,
            Parameter::query(
                "numbytes",
                Kind::Integer {
                    min: 1,
                    max: 0,
                    limit: Some(limits::DRIP),
                },
                "How many stars, 10 unless given.",
            ),
            Parameter::query(
                "code",
                Kind::Integer {
                    min: 200,
                    max: 999,
                    limit: None,
                },
                "The status, 200 unless given.",
            ),
        ],
        example: "/drip?duration=100ms&numbytes=5",
        answers: &[200],
        media_type: OCTETS,
        source: "httpbin, go-httpbin",
        play: Play::Wait(|call| Box::pin(drip(call))),
    },
    Scenario {
        id: "stream",
        path: "/stream/{n}",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "Lines of JSON",
        about: "Shows the request once a line, each with its number, in chunks. More lines than the limit are cut to it, and a field says so.",
        parameters: &[
            Parameter::path(
                "n",
                Kind::Integer {
                    min: 0,
                    max: 0,
                    limit: Some(limits::STREAM),
                },
                "How many lines.",
            ),
            DURATION,
            DELAY,
            JITTER,
        ],
        example: "/stream/3",
        answers: &[200],
        media_type: "application/json",
        source: "httpbin, go-httpbin; the pace is ours",
        play: Play::Wait(|call| Box::pin(live::stream(call))),
    },
    Scenario {
        id: "jsonl",
        path: "/jsonl",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "JSON Lines at a pace",
        about: "Shows the request once a line, spread over a time, as services that answer word by word do.",
        parameters: &[
            Parameter::query(
                "count",
                Kind::Integer {
                    min: 1,
                    max: 0,
                    limit: Some(limits::LINES),
                },
                "How many lines, 10 unless given.",
            ),
            DURATION,
            DELAY,
            JITTER,
        ],
        example: "/jsonl?count=3",
        answers: &[200],
        media_type: "application/x-ndjson",
        source: "go-httpbin",
        play: Play::Wait(|call| Box::pin(live::jsonl(call))),
    },
    Scenario {
        id: "sse",
        path: "/sse",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "Server-sent events",
        about: "Sends pings that are numbered from 0, in the format that EventSource reads, spread over five seconds unless another time is given.",
        parameters: &[
            Parameter::query(
                "count",
                Kind::Integer {
                    min: 1,
                    max: 0,
                    limit: Some(limits::EVENTS),
                },
                "How many events, 10 unless given.",
            ),
            DURATION,
            DELAY,
            JITTER,
        ],
        example: "/sse?count=3&duration=100ms",
        answers: &[200],
        media_type: "text/event-stream",
        source: "go-httpbin",
        play: Play::Wait(|call| Box::pin(live::sse(call))),
    },
    Scenario {
        id: "bytes",
        path: "/bytes/{n}",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "Random bytes",
        about: "So many random bytes with their length announced. With a seed they are the same every time.",
        parameters: &[BYTES, SEED],
        example: "/bytes/64?seed=1",
        answers: &[200],
        media_type: OCTETS,
        source: "httpbin, go-httpbin",
        play: Play::Now(|call| Ok(Reply::ok(OCTETS, random_bytes(call)))),
    },
    Scenario {
        id: "stream-bytes",
        path: "/stream-bytes/{n}",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "Random bytes in chunks",
        about: "The bytes that /bytes sends for the same seed, without a length in front, in chunks of the size that you ask for.",
        parameters: &[
            BYTES,
            SEED,
            Parameter::query(
                "chunk_size",
                Kind::Integer {
                    min: 1,
                    max: 0,
                    limit: Some(limits::BYTES),
                },
                "Bytes of a chunk, 10240 unless given.",
            ),
            DURATION,
            DELAY,
        ],
        example: "/stream-bytes/64?seed=1&chunk_size=16",
        answers: &[200],
        media_type: OCTETS,
        source: "httpbin, go-httpbin; the pace is ours",
        play: Play::Wait(|call| Box::pin(stream_bytes(call))),
    },
    Scenario {
        id: "trailers",
        path: "/trailers",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "Trailer fields",
        about: "Shows the request, and sends every pair of the query as a trailer field after the content. Over HTTP/1.1 they are sent to clients that say `TE: trailers`, as \
                RFC 9110 §6.5.1 has it.",
        parameters: &[Parameter::header(
            "TE",
            "Over HTTP/1.1, `trailers` says that you want them.",
        )],
        example: "/trailers?X-Checksum=42",
        answers: &[200],
        media_type: "application/json",
        source: "go-httpbin",
        play: Play::Wait(|call| Box::pin(trailers(call))),
    },
    Scenario {
        id: "unstable",
        path: "/unstable",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "An endpoint that fails at times",
        about: "Answers with 500 as often as you ask, and with 200 otherwise. It is for trying out retries; with a seed the outcome is the same every time.",
        parameters: &[
            Parameter::query(
                "failure_rate",
                Kind::Share,
                "The share of requests that fail, 0.5 unless given.",
            ),
            SEED,
        ],
        example: "/unstable?failure_rate=0.5",
        answers: &[200, 500],
        media_type: "",
        source: "go-httpbin",
        play: Play::Now(unstable),
    },
];

async fn delay(call: &mut Call) -> Outcome {
    let delay = call.seconds("delay").unwrap_or_default();
    let echo = echoed_whole(call).await?;
    call.pause(delay).await?;
    let told = format!("You asked for {} seconds of waiting.", delay.as_secs_f64());
    Ok(Reply::json(&echo).because(told))
}

async fn drip(call: &mut Call) -> Outcome {
    /// As many pieces as a drip is at most cut into.
    const MOST_DROPS: usize = 1000;
    static STARS: [u8; 16 * 1024] = [b'*'; 16 * 1024];
    let length = call.count("numbytes").unwrap_or(10);
    let code = call
        .integer("code")
        .and_then(|code| u16::try_from(code).ok());
    let reply = Reply::number(code.unwrap_or(200))?;
    let delay = call.seconds("delay").unwrap_or_default();
    let duration = call.seconds("duration").unwrap_or(Duration::from_secs(2));
    let pace = Pace::new(call, delay, duration)?;
    pace.begin().await;
    // RFC 9110 §15.3.5, §15.3.6 and §15.4.5: these have no content.
    if matches!(reply.status.as_u16(), 204 | 205 | 304) {
        return Ok(reply.because("A response with this status has no content, so nothing drips."));
    }
    let drops = if pace.is_instant() {
        length.div_ceil(STARS.len())
    } else {
        length.min(MOST_DROPS)
    };
    // A thousandth of the most that may be asked still fits into the stars that there are.
    let (size, rest) = (length / drops, length % drops);
    let pieces = pace.spread(drops, move |drop| {
        let size = if drop < rest { size + 1 } else { size };
        Bytes::from_static(STARS.get(..size).unwrap_or(&STARS))
    });
    Ok(reply
        .with_pieces(OCTETS, pieces)
        .field(CONTENT_LENGTH, HeaderValue::from(length)))
}

/// The bytes of a seed, the same wherever they are sent.
fn random_bytes(call: &Call) -> Bytes {
    let mut bytes = vec![0; call.count("n").unwrap_or(0)];
    call.random_in("bytes").fill_bytes(&mut bytes);
    bytes.into()
}

async fn stream_bytes(call: &mut Call) -> Outcome {
    let size = call.count("chunk_size").unwrap_or(10 * 1024).max(1);
    let delay = call.seconds("delay").unwrap_or_default();
    let pace = Pace::new(call, delay, call.seconds("duration").unwrap_or_default())?;
    pace.begin().await;
    let bytes = random_bytes(call);
    let pieces = pace.spread(bytes.len().div_ceil(size), move |index| {
        let from = index * size;
        bytes.slice(from..(from + size).min(bytes.len()))
    });
    Ok(Reply::status(StatusCode::OK).with_pieces(OCTETS, pieces))
}

async fn trailers(call: &mut Call) -> Outcome {
    let most = usize::try_from(limits::FIELDS_ASKED.max).unwrap_or(usize::MAX);
    if call.query.len() > most {
        return Err(Refusal::limit(limits::FIELDS_ASKED, call.query.len()));
    }
    let mut fields = HeaderMap::new();
    for (name, value) in &call.query {
        let parsed = field_name(name)?;
        if NOT_IN_TRAILERS.contains(&parsed.as_str()) {
            return Err(Refusal::parameter(
                "trailer",
                name,
                "what this field says is needed before the content, so it is no trailer field (RFC 9110 section 6.5.1)",
            ));
        }
        let value = field_value(parsed.as_str(), value)?;
        fields.append(parsed, value);
    }
    let mut json = serde_json::to_vec_pretty(&echoed_whole(call).await?).expect("it is plain data");
    json.push(b'\n');
    let mut reply = Reply::status(StatusCode::OK);
    let wants = call.is_http2() || wants_trailers(call);
    if wants {
        let names: Vec<&str> = fields.keys().map(HeaderName::as_str).collect();
        if !names.is_empty() {
            reply = reply.chosen(TRAILER, &names.join(", "))?;
        }
        reply = reply.because("You said that you want trailer fields.");
    } else {
        reply = reply.because(
            "Over HTTP/1.1, trailer fields go to those who send TE: trailers, and you did not.",
        );
        fields.clear();
    }
    let content = stream::once(async { Frame::data(Bytes::from(json)) });
    let trailers = stream::iter((!fields.is_empty()).then(|| Frame::trailers(fields)));
    Ok(reply.with_frames(JSON, content.chain(trailers)))
}

/// RFC 9110 §6.5.1: fields for framing, routing, authentication, request modifiers, response controls and content format do not come after the content. Those that
/// frame the message are refused wherever a client chooses fields.
const NOT_IN_TRAILERS: [&str; 22] = [
    "age",
    "authorization",
    "cache-control",
    "content-encoding",
    "content-range",
    "content-type",
    "date",
    "expect",
    "expires",
    "host",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "retry-after",
    "set-cookie",
    "te",
    "vary",
    "warning",
    "www-authenticate",
];

/// RFC 9110 §10.1.4: `TE: trailers` says that they are not thrown away on the way.
fn wants_trailers(call: &Call) -> bool {
    let mut lines = call.parts.headers.get_all(TE).iter();
    lines.any(|line| {
        let text = line.to_str().unwrap_or_default();
        text.split(',')
            .any(|item| item.trim().eq_ignore_ascii_case("trailers"))
    })
}

fn unstable(call: &mut Call) -> Outcome {
    let rate = call.share("failure_rate").unwrap_or(0.5);
    let because = format!("The share of requests that fail here is {rate}.");
    let reply = if call.random().random::<f64>() < rate {
        Reply::status(StatusCode::INTERNAL_SERVER_ERROR)
    } else {
        Reply::ok(TEXT, Bytes::new())
    };
    Ok(reply.because(because))
}
