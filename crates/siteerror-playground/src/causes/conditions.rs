//! Conditions and ranges: what a client knows already, and the part that it wants. RFC 9110 §13 and §14.

use http::StatusCode;
use http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, ETAG, HeaderName, RANGE};
use serde_json::json;

use crate::call::Call;
use crate::causes::demands::Demand;
use crate::causes::items::{self, PLAIN, value};
use crate::causes::{Ask, Cause, Deed, Rule, Seen, ask, send};
use crate::conditions::{Selection, Verdict, judge, select};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const PUT: Ask = send("PUT {try}/{id}", PLAIN, "first");

const GET_ONLY: Methods = Methods::Only(&["GET"]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 206,
        rule: "Ask with Range for bytes of a document that has 26 of them, and exactly those come, with Content-Range to say which.",
        source: "RFC 9110 §14.2, §15.3.7",
        note: "Range means something for GET alone. With If-Range, the part comes only while the document is the one that you have a part of, and else the whole.",
        seen: Seen::Final,
        methods: GET_ONLY,
        play: Rule::Now(alphabet),
        provocations: &[
            Deed::of(206, &[ask("GET {try}", &["Range: bytes=0-4"])]),
            Deed::of(206, &[ask("GET {try}", &["Range: bytes=-3"])]).about("The last three."),
            Deed::of(206, &[ask("GET {try}", &["Range: bytes=20-99"])])
                .about("A range that begins inside and ends beyond is cut at the end."),
        ],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
    Cause {
        code: 226,
        rule: "Ask for a list with `A-IM: feed` and the tag of the version that you have, and only what was added since then comes; IM says how it was made.",
        source: "RFC 3229 §10.4.1",
        note: "The list is at version \"5\", with an entry for each. Without A-IM, or with a tag from elsewhere, the whole list comes.",
        seen: Seen::Final,
        methods: GET_ONLY,
        play: Rule::Now(feed),
        provocations: &[Deed::of(
            226,
            &[ask("GET {try}", &["A-IM: feed", "If-None-Match: \"3\""])],
        )],
        twin: Deed::of(200, &[ask("GET {try}", &["If-None-Match: \"3\""])]),
    },
    Cause {
        code: 304,
        rule: "Read an item with If-None-Match naming the version that it is at: what you have is still right, so nothing is sent again.",
        source: "RFC 9110 §13.1.2, §15.4.5",
        note: "Versions are counted from \"1\". The comparison is weak: W/\"1\" counts as well.",
        seen: Seen::Final,
        methods: items::METHODS,
        play: Rule::Wait(|call, rest| Box::pin(items::play(call, rest, Demand::Nothing))),
        provocations: &[Deed::of(
            304,
            &[PUT, ask("GET {try}/{id}", &["If-None-Match: \"1\""])],
        )],
        twin: Deed::of(
            200,
            &[
                PUT,
                send("PUT {try}/{id}", PLAIN, "second"),
                ask("GET {try}/{id}", &["If-None-Match: \"1\""]),
            ],
        ),
    },
    Cause {
        code: 412,
        rule: "Change an item with If-Match naming a version that it has left behind: the condition is false, so the change is not made.",
        source: "RFC 9110 §13.1.1, §15.5.13",
        note: "If-Match is judged before If-None-Match, so a read whose If-Match fails gets this code even where the other condition alone would give 304.",
        seen: Seen::Final,
        methods: items::METHODS,
        play: Rule::Wait(|call, rest| Box::pin(items::play(call, rest, Demand::Nothing))),
        provocations: &[
            Deed::of(
                412,
                &[
                    PUT,
                    send("PUT {try}/{id}", PLAIN, "second"),
                    send(
                        "PUT {try}/{id}",
                        &["Content-Type: text/plain", "If-Match: \"1\""],
                        "third",
                    ),
                ],
            ),
            Deed::of(
                412,
                &[
                    PUT,
                    send(
                        "PUT {try}/{id}",
                        &["Content-Type: text/plain", "If-None-Match: *"],
                        "mine",
                    ),
                ],
            )
            .about("Make it only if nobody has, and somebody has."),
        ],
        twin: Deed::of(
            204,
            &[
                PUT,
                send(
                    "PUT {try}/{id}",
                    &["Content-Type: text/plain", "If-Match: \"1\""],
                    "second",
                ),
            ],
        ),
    },
    Cause {
        code: 416,
        rule: "Ask for a range that begins past the end of a document with 26 bytes; Content-Range tells how long it really is.",
        source: "RFC 9110 §14.1.2, §15.5.17",
        note: "A Range that is not well-formed, or in a unit other than bytes, is ignored instead: then the whole comes, with 200.",
        seen: Seen::Final,
        methods: GET_ONLY,
        play: Rule::Now(alphabet),
        provocations: &[
            Deed::of(416, &[ask("GET {try}", &["Range: bytes=26-"])]),
            Deed::of(416, &[ask("GET {try}", &["Range: bytes=-0"])])
                .about("The last no bytes at all."),
        ],
        twin: Deed::of(206, &[ask("GET {try}", &["Range: bytes=25-"])]),
    },
    Cause {
        code: 428,
        rule: "Change an item without saying which version you mean to change: here every change needs If-Match or If-None-Match, so that nobody undoes what they have not seen.",
        source: "RFC 6585 §3",
        note: "The answer names the condition that would do.",
        seen: Seen::Final,
        methods: items::METHODS,
        play: Rule::Wait(|call, rest| Box::pin(items::play(call, rest, Demand::Condition))),
        provocations: &[Deed::of(428, &[PUT])],
        twin: Deed::of(
            201,
            &[send(
                "PUT {try}/{id}",
                &["Content-Type: text/plain", "If-None-Match: *"],
                "first",
            )],
        ),
    },
];

const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz";
const ALPHABET_TAG: &[u8] = b"alphabet";

fn alphabet(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let length = ALPHABET.len();
    let headers = &call.parts.headers;
    let range = crate::refusal::shown(call.header(RANGE.as_str()).unwrap_or_default());
    let reply = match select(&call.parts.method, headers, ALPHABET_TAG, length) {
        Selection::Parts(ref parts) if let [part] = parts.as_slice() => {
            let (first, last) = (part.first, part.last);
            Reply::status(StatusCode::PARTIAL_CONTENT)
                .with(TEXT, &ALPHABET.as_bytes()[first..=last])
                .field(
                    CONTENT_RANGE,
                    value(&format!("bytes {first}-{last}/{length}"))?,
                )
                .because(format!(
                    "Your Range was `{range}`, which is bytes {first} to {last} of {length}."
                ))
        }
        Selection::Nothing => Reply::status(StatusCode::RANGE_NOT_SATISFIABLE)
            .field(CONTENT_RANGE, value(&format!("bytes */{length}"))?)
            .because(format!(
                "Your Range was `{range}`, and the document has the bytes 0 to {}.",
                length - 1
            )),
        Selection::Parts(_) | Selection::Whole => Reply::ok(TEXT, ALPHABET)
            .because("No Range applied that is for one part, so this is the whole document."),
    };
    Ok(reply
        .field(ETAG, value("\"alphabet\"")?)
        .fixed(ACCEPT_RANGES, "bytes"))
}

/// What was added to the list, oldest first.
const ENTRIES: [&str; 5] = ["ash", "birch", "cedar", "dogwood", "elm"];

fn feed(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let headers = &call.parts.headers;
    let current = format!("\"{}\"", ENTRIES.len());
    let wants_feed = headers
        .get_all("a-im")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|item| item.split(';').next())
        .any(|item| item.trim().eq_ignore_ascii_case("feed"));
    let is_known = |version: usize| {
        let verdict = judge(&call.parts.method, headers, version.to_string().as_bytes());
        verdict == Verdict::NotModified
    };
    if is_known(ENTRIES.len()) {
        return Ok(Reply::status(StatusCode::NOT_MODIFIED)
            .field(ETAG, value(&current)?)
            .because("Nothing was added since the version that you have."));
    }
    let known = (1..ENTRIES.len())
        .rev()
        .find(|version| wants_feed && is_known(*version));
    let Some(known) = known else {
        return Ok(Reply::json(&json!({ "entries": ENTRIES }))
            .field(ETAG, value(&current)?)
            .because("This is the whole list: without `A-IM: feed` and a tag that it once had, there is no telling what is new to you."));
    };
    Ok(Reply::status(StatusCode::IM_USED)
        .with_json(&json!({ "entries": &ENTRIES[known..] }))
        .fixed(HeaderName::from_static("im"), "feed")
        .field(ETAG, value(&current)?)
        .field(
            HeaderName::from_static("delta-base"),
            value(&format!("\"{known}\""))?,
        )
        // A cache that does not know the code must not take a part for the whole.
        .fixed(CACHE_CONTROL, "no-store")
        .because(format!(
            "You have version \"{known}\" and take feeds, so here is what came after it, up to {current}."
        )))
}
