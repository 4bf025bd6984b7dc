//! Conditions and ranges: what a client knows already, and the part that it wants. RFC 9110 §13 and §14.

use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, ETAG, HeaderName, IF_RANGE, RANGE,
};
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;

use crate::call::Call;
use crate::causes::items::{self, Demand, PLAIN, value};
use crate::causes::tags::{self, Judgement};
use crate::causes::{Ask, Cause, Deed, Rule, Seen, ask, send};
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
        rule: "Change an item without saying which version you mean to change: here every change needs If-Match or If-None-Match, so that nobody undoes what he has not seen.",
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
const ALPHABET_TAG: &str = "\"alphabet\"";

/// What a Range field asks of a document.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// It asks for nothing that is understood.
    Whole,
    /// From the first to the last, both included.
    Bytes(usize, usize),
    /// It asks for nothing that there is.
    Nothing,
}

/// RFC 9110 §14.1.2. Of several ranges none is taken: the whole is always right.
fn part(range: &str, length: usize) -> Part {
    let Some((unit, set)) = range.split_once('=') else {
        return Part::Whole;
    };
    let Some((first, last)) = set.trim().split_once('-') else {
        return Part::Whole;
    };
    let number = |text: &str| -> Option<usize> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // So many digits that it does not fit is just very far.
        Some(text.parse().unwrap_or(usize::MAX))
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    match (number(first), number(last)) {
        (None, Some(0)) if first.is_empty() => Part::Nothing,
        (None, Some(count)) if first.is_empty() => {
            Part::Bytes(length.saturating_sub(count), length - 1)
        }
        (Some(first), Some(last)) if last < first => Part::Whole,
        (Some(_), None) if !last.is_empty() => Part::Whole,
        (Some(first), _) if first >= length => Part::Nothing,
        (Some(first), last) => Part::Bytes(first, last.unwrap_or(length - 1).min(length - 1)),
        _ => Part::Whole,
    }
}

fn alphabet(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let range = call
        .header(RANGE.as_str())
        // §14.2: a Range in anything but GET is ignored.
        .filter(|_| call.parts.method == Method::GET)
        // §13.1.5: it holds only for the version of If-Range.
        .filter(|_| {
            call.header(IF_RANGE.as_str())
                .is_none_or(|tag| tag == ALPHABET_TAG)
        });
    let reply = match range.map(|range| (range, part(range, ALPHABET.len()))) {
        Some((range, Part::Bytes(first, last))) => Reply::status(StatusCode::PARTIAL_CONTENT)
            .with(TEXT, &ALPHABET.as_bytes()[first..=last])
            .field(
                CONTENT_RANGE,
                value(&format!("bytes {first}-{last}/{}", ALPHABET.len()))?,
            )
            .because(format!(
                "Your Range was `{range}`, which is bytes {first} to {last} of {}.",
                ALPHABET.len()
            )),
        Some((range, Part::Nothing)) => Reply::status(StatusCode::RANGE_NOT_SATISFIABLE)
            .field(
                CONTENT_RANGE,
                value(&format!("bytes */{}", ALPHABET.len()))?,
            )
            .because(format!(
                "Your Range was `{range}`, and the document has the bytes 0 to {}.",
                ALPHABET.len() - 1
            )),
        Some((_, Part::Whole)) | None => {
            Reply::ok(TEXT, ALPHABET).because("No Range applied, so this is the whole document.")
        }
    };
    Ok(reply
        .field(ETAG, HeaderValue::from_static(ALPHABET_TAG))
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
    if tags::judge(headers, Some(&current)) == Judgement::Match {
        return Ok(Reply::status(StatusCode::NOT_MODIFIED)
            .field(ETAG, value(&current)?)
            .because("Nothing was added since the version that you have."));
    }
    let known = (1..ENTRIES.len()).rev().find(|version| {
        wants_feed && tags::judge(headers, Some(&format!("\"{version}\""))) == Judgement::Match
    });
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

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 9110 §14.1.2 has these cases in words, for a document of 10000 bytes.
    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (range, expected) in [
            ("bytes=0-499", Part::Bytes(0, 499)),
            ("bytes=500-999", Part::Bytes(500, 999)),
            ("bytes=-500", Part::Bytes(9500, 9999)),
            ("bytes=9500-", Part::Bytes(9500, 9999)),
            ("bytes=-20000", Part::Bytes(0, 9999)),
            ("BYTES=0-0", Part::Bytes(0, 0)),
            (
                "bytes=9999-99999999999999999999999",
                Part::Bytes(9999, 9999),
            ),
            ("bytes=10000-", Part::Nothing),
            ("bytes=99999999999999999999999-", Part::Nothing),
            ("bytes=-0", Part::Nothing),
            ("bytes=5-2", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=1-x", Part::Whole),
            ("lines=1-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes", Part::Whole),
        ] {
            assert_eq!(part(range, 10_000), expected, "{range}");
        }
    }
}
