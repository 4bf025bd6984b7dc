//! Slow and long answers: held back, dripped, streamed, with trailers, or failing at random.

mod bytes;
mod live;
mod trailing;

use http::StatusCode;
use rand::RngExt as _;

use super::echo;
use crate::call::Call;
use crate::limits;
use crate::reply::{Reply, TEXT};
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
        answers: &[],
        media_type: OCTETS,
        source: "httpbin, go-httpbin",
        play: Play::Wait(|call| Box::pin(bytes::drip(call))),
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
        play: Play::Now(bytes::random),
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
        play: Play::Wait(|call| Box::pin(bytes::stream_bytes(call))),
    },
    Scenario {
        id: "trailers",
        path: "/trailers",
        methods: Methods::Registered,
        family: Family::Streams,
        title: "Trailer fields",
        about: "Shows the request, and sends every pair of the query as a trailer field after the content. Whoever reads HTTP/1.1 finds them behind the last chunk.",
        parameters: &[Parameter::header(
            "TE",
            "`trailers` says that you want them. Without it they come all the same, and the connection ends after them.",
        )],
        example: "/trailers?X-Checksum=42",
        answers: &[200],
        media_type: "application/json",
        source: "go-httpbin",
        play: Play::Wait(|call| Box::pin(trailing::trailers(call))),
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
    let content = echo::Content::read(call).await?;
    call.pause(delay).await?;
    let told = format!("You asked for {} seconds of waiting.", delay.as_secs_f64());
    let seen = echo::Seen::of(call).with_content(call, &content);
    Ok(seen.reply().because(told))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the table holds functions of one type"
)]
fn unstable(call: &mut Call) -> Outcome {
    let rate = call.share("failure_rate").unwrap_or(0.5);
    let because = format!("The share of requests that fail here is {rate}.");
    let reply = if call.random().random::<f64>() < rate {
        Reply::status(StatusCode::INTERNAL_SERVER_ERROR)
    } else {
        Reply::ok(TEXT, "")
    };
    Ok(reply.because(because))
}
