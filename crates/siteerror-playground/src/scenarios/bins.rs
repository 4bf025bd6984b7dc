//! Request bins, which keep what arrives, and mocks, which give an answer that was saved.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CACHE_CONTROL, LOCATION};
use http::{HeaderValue, StatusCode};
use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::keep::{KeepError, Place};
use crate::limits::{self, Limit};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::saved::Saved;
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const BINS: &str = "bin";
const MOCKS: &str = "mock";

const BIN: Parameter = Parameter::path(
    "id",
    Kind::Name,
    "The name of the bin. Whoever knows it can read what it keeps.",
);
const MOCK: Parameter = Parameter::path("id", Kind::Name, "The name of the mock.");
const REST: Parameter = Parameter::path(
    "rest",
    Kind::Text,
    "Anything more: it is kept with the request, and changes nothing.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "bin-create",
        path: "/bins",
        methods: Methods::Only(&["POST"]),
        family: Family::Instruments,
        title: "A new request bin",
        about: "Makes a bin under a name that nobody can guess, and says where requests go and where to read them. The content may be a saved answer as JSON, as for a mock: \
                then the bin gives that one.",
        parameters: &[],
        example: "/bins",
        answers: &[201],
        media_type: "application/json",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(create_bin(call))),
    },
    Scenario {
        id: "bin-put",
        path: "/bins/{id}",
        methods: Methods::Only(&["PUT"]),
        family: Family::Instruments,
        title: "A request bin by a name of your own",
        about: "Makes a bin under the name in the path, or changes the answer that it gives; what it keeps already stays.",
        parameters: &[BIN],
        example: "/bins/readme",
        answers: &[200, 201],
        media_type: "application/json",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(put_bin(call))),
    },
    Scenario {
        id: "bin-requests",
        path: "/bins/{id}",
        methods: Methods::Only(&["GET"]),
        family: Family::Instruments,
        title: "What a bin keeps",
        about: "The requests that arrived in a bin, the oldest first: method, target, fields, content, and when. Content that is no text comes as Base64.",
        parameters: &[BIN],
        example: "/bins/readme",
        answers: &[200, 404],
        media_type: "application/json",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(show_bin(call))),
    },
    Scenario {
        id: "bin-remove",
        path: "/bins/{id}",
        methods: Methods::Only(&["DELETE"]),
        family: Family::Instruments,
        title: "Throw a bin away",
        about: "Takes a bin away, with everything that it keeps.",
        parameters: &[BIN],
        example: "/bins/readme",
        answers: &[204, 404],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(remove(call, BINS, limits::BINS))),
    },
    Scenario {
        id: "bin",
        path: "/bin/{id}",
        methods: Methods::Any,
        family: Family::Instruments,
        title: "Where requests for a bin go",
        about: "Keeps the request, whatever it is, and answers as the bin was told to, or with the number under which the request is kept. Webhooks point here.",
        parameters: &[BIN],
        example: "/bin/readme",
        answers: &[],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(arrive(call))),
    },
    Scenario {
        id: "bin-below",
        path: "/bin/{id}/{*rest}",
        methods: Methods::Any,
        family: Family::Instruments,
        title: "The same, below a path",
        about: "As the bin itself, for clients that put paths of their own behind a base address.",
        parameters: &[BIN, REST],
        example: "/bin/readme/orders/7",
        answers: &[],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(arrive(call))),
    },
    Scenario {
        id: "mock-put",
        path: "/mocks/{id}",
        methods: Methods::Only(&["PUT"]),
        family: Family::Instruments,
        title: "Save an answer",
        about: "Saves an answer as JSON under a name: `status`, `reason`, `headers` (a value or a list by name), `body` or `body_base64`, `delay` such as 250ms, or a `fault` by \
                name. All of them may be left out.",
        parameters: &[MOCK],
        example: "/mocks/readme",
        answers: &[200, 201],
        media_type: "application/json",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(put_mock(call))),
    },
    Scenario {
        id: "mock-show",
        path: "/mocks/{id}",
        methods: Methods::Only(&["GET"]),
        family: Family::Instruments,
        title: "A saved answer, as it was saved",
        about: "The JSON of a saved answer, to look at or to put back later.",
        parameters: &[MOCK],
        example: "/mocks/readme",
        answers: &[200, 404],
        media_type: "application/json",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(show_mock(call))),
    },
    Scenario {
        id: "mock-remove",
        path: "/mocks/{id}",
        methods: Methods::Only(&["DELETE"]),
        family: Family::Instruments,
        title: "Forget a saved answer",
        about: "Takes the saved answer of this name away.",
        parameters: &[MOCK],
        example: "/mocks/readme",
        answers: &[204, 404],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(remove(call, MOCKS, limits::MOCKS))),
    },
    Scenario {
        id: "mock",
        path: "/mock/{id}",
        methods: Methods::Any,
        family: Family::Instruments,
        title: "A saved answer, given",
        about: "Gives the answer that was saved under this name, whatever the method and the content of the request are.",
        parameters: &[MOCK],
        example: "/mock/readme",
        answers: &[],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(play_mock(call))),
    },
    Scenario {
        id: "mock-below",
        path: "/mock/{id}/{*rest}",
        methods: Methods::Any,
        family: Family::Instruments,
        title: "The same answer, below a path",
        about: "As the saved answer itself, for clients that add paths to the address that they are given.",
        parameters: &[MOCK, REST],
        example: "/mock/readme/users/1",
        answers: &[],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(play_mock(call))),
    },
];

/// A request as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Arrived {
    at: String,
    method: String,
    target: String,
    version: String,
    origin: Option<String>,
    headers: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

fn place<'a>(call: &Call, kind: &'static str, most: Limit, id: &'a str) -> Place<'a> {
    Place {
        kind,
        most: usize::try_from(most.max).unwrap_or(usize::MAX),
        id,
        now: call.now(),
    }
}

/// When something that is used now goes.
fn until(now: SystemTime) -> SystemTime {
    now + Duration::from_secs(limits::SAVED.max)
}

fn refuse(error: &KeepError, most: Limit) -> Refusal {
    match error {
        KeepError::Full => Refusal::limit(most, most.max + 1),
        KeepError::Missing => Refusal::new("not-found", 404, error.to_string()),
        KeepError::Broken(_) => {
            tracing::error!(%error, "the playground cannot keep anything: {error}");
            Refusal::new(
                "internal-error",
                500,
                "it cannot be kept; the log of the server says why",
            )
        }
    }
}

fn missing(call: &Call, what: &str, create: &str) -> Refusal {
    Refusal::new(
        "not-found",
        404,
        format!(
            "there is no {what} `{}`, or it was not used for too long",
            call.path("id")
        ),
    )
    .hint(format!(
        "make one: {create} {}",
        call.here(&format!("/{what}s/{}", call.path("id")))
    ))
}

async fn create_bin(call: &mut Call) -> Outcome {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let saved = saved(call).await?;
    let mut random = call.shared.random();
    let id: String = (0..20)
        .map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())]))
        .collect();
    make_bin(call, &id, saved, StatusCode::CREATED).await
}

async fn put_bin(call: &mut Call) -> Outcome {
    let saved = saved(call).await?;
    let id = call.path("id").to_owned();
    let is_there = call
        .shared
        .keep
        .get(place(call, BINS, limits::BINS, &id))
        .await;
    let status = match is_there.map_err(|error| refuse(&error, limits::BINS))? {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    };
    make_bin(call, &id, saved, status).await
}

/// The saved answer in the content of the request, as JSON again; `null` where there is none.
async fn saved(call: &mut Call) -> Result<Vec<u8>, Refusal> {
    let content = call.content().await?;
    if content.is_empty() {
        return Ok(b"null".to_vec());
    }
    Ok(serde_json::to_vec(&Saved::parse(&content)?).expect("it is plain data"))
}

async fn make_bin(call: &Call, id: &str, saved: Vec<u8>, status: StatusCode) -> Outcome {
    let place = place(call, BINS, limits::BINS, id);
    call.shared
        .keep
        .put(place, saved, until(place.now))
        .await
        .map_err(|error| refuse(&error, limits::BINS))?;
    let inspect = call.here(&format!("/bins/{id}"));
    let location = HeaderValue::from_str(&inspect).map_err(|_| {
        Refusal::new(
            "internal-error",
            500,
            "the path of a bin has plain characters only",
        )
    })?;
    let reply = Reply::status(status).with_json(&json!({
        "id": id,
        "url": format!("{}{}", call.origin(), call.here(&format!("/bin/{id}"))),
        "inspect": format!("{}{inspect}", call.origin()),
        "kept_s": limits::SAVED.max,
    }));
    Ok(reply.field(LOCATION, location))
}

async fn arrive(call: &mut Call) -> Outcome {
    let id = call.path("id").to_owned();
    let place = place(call, BINS, limits::BINS, &id);
    let saved = call
        .shared
        .keep
        .get(place)
        .await
        .map_err(|error| refuse(&error, limits::BINS))?;
    let Some(saved) = saved else {
        return Err(missing(call, "bin", "PUT"));
    };
    let content = call.content().await?;
    let arrived = arrived(call, &content);
    let item = serde_json::to_vec(&arrived).expect("it is plain data");
    let most = usize::try_from(limits::BIN_REQUESTS.max).unwrap_or(usize::MAX);
    let keep = &call.shared.keep;
    let number = match keep.put(place, saved.clone(), until(place.now)).await {
        Ok(()) => keep.add(place, item, most).await,
        Err(error) => Err(error),
    };
    let number = number.map_err(|error| refuse(&error, limits::BINS))?;
    match serde_json::from_slice::<Option<Saved>>(&saved) {
        Ok(Some(saved)) => saved.play(call).await,
        _ => Ok(Reply::json(&json!({
            "kept": number,
            "inspect": format!("{}{}", call.origin(), call.here(&format!("/bins/{id}"))),
        }))),
    }
}

fn arrived(call: &Call, content: &[u8]) -> Arrived {
    let text = std::str::from_utf8(content).ok();
    let target = call
        .parts
        .uri
        .path_and_query()
        .map_or("", http::uri::PathAndQuery::as_str);
    Arrived {
        at: rfc3339(call.now()),
        method: call.parts.method.to_string(),
        target: target.to_owned(),
        version: format!("{:?}", call.parts.version),
        origin: call.connection.peer.map(|peer| peer.ip().to_string()),
        headers: call
            .parts
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: text.filter(|text| !text.is_empty()).map(str::to_owned),
        body_base64: text.is_none().then(|| STANDARD.encode(content)),
    }
}

/// A time as `2026-11-24T08:00:00.250Z`.
fn rfc3339(time: SystemTime) -> String {
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    jiff::Timestamp::from_millisecond(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
        .map(|time| time.to_string())
        .unwrap_or_default()
}

async fn show_bin(call: &mut Call) -> Outcome {
    let id = call.path("id").to_owned();
    let place = place(call, BINS, limits::BINS, &id);
    let keep = &call.shared.keep;
    let saved = keep
        .get(place)
        .await
        .map_err(|error| refuse(&error, limits::BINS))?;
    let Some(saved) = saved else {
        return Err(missing(call, "bin", "PUT"));
    };
    let items = keep
        .items(place)
        .await
        .map_err(|error| refuse(&error, limits::BINS))?;
    let requests: Vec<Value> = items
        .into_iter()
        .filter_map(|(number, item)| {
            let mut request: Value = serde_json::from_slice(&item).ok()?;
            request["number"] = number.into();
            Some(request)
        })
        .collect();
    let reply = Reply::json(&json!({
        "id": id,
        "url": format!("{}{}", call.origin(), call.here(&format!("/bin/{id}"))),
        "answer": serde_json::from_slice::<Value>(&saved).unwrap_or_default(),
        "requests": requests,
    }));
    Ok(reply.fixed(CACHE_CONTROL, "no-store"))
}

async fn remove(call: &mut Call, kind: &'static str, most: Limit) -> Outcome {
    let id = call.path("id").to_owned();
    let was_there = call.shared.keep.remove(place(call, kind, most, &id)).await;
    if was_there.map_err(|error| refuse(&error, most))? {
        Ok(Reply::status(StatusCode::NO_CONTENT).because("It was there, and is no more."))
    } else {
        Err(missing(call, kind, "PUT"))
    }
}

async fn put_mock(call: &mut Call) -> Outcome {
    let content = call.content().await?;
    let saved = Saved::parse(if content.is_empty() { b"{}" } else { &content })?;
    let id = call.path("id").to_owned();
    let place = place(call, MOCKS, limits::MOCKS, &id);
    let keep = &call.shared.keep;
    let was_there = keep
        .get(place)
        .await
        .map_err(|error| refuse(&error, limits::MOCKS))?
        .is_some();
    let json = serde_json::to_vec(&saved).expect("it is plain data");
    keep.put(place, json, until(place.now))
        .await
        .map_err(|error| refuse(&error, limits::MOCKS))?;
    let status = if was_there {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let reply = Reply::status(status).with_json(&json!({
        "id": id,
        "url": format!("{}{}", call.origin(), call.here(&format!("/mock/{id}"))),
        "answer": saved,
        "kept_s": limits::SAVED.max,
    }));
    match HeaderValue::from_str(&call.here(&format!("/mocks/{id}"))) {
        Ok(location) if !was_there => Ok(reply.field(LOCATION, location)),
        _ => Ok(reply),
    }
}

async fn find_mock(call: &Call) -> Result<Saved, Refusal> {
    let place = place(call, MOCKS, limits::MOCKS, call.path("id"));
    let keep = &call.shared.keep;
    let found = keep
        .get(place)
        .await
        .map_err(|error| refuse(&error, limits::MOCKS))?;
    let found = found.ok_or_else(|| missing(call, "mock", "PUT"))?;
    // Its time starts anew.
    keep.put(place, found.clone(), until(place.now))
        .await
        .map_err(|error| refuse(&error, limits::MOCKS))?;
    // It was checked before it was saved.
    serde_json::from_slice(&found).map_err(|error| {
        Refusal::new(
            "internal-error",
            500,
            format!("what was saved cannot be read: {error}"),
        )
    })
}

async fn show_mock(call: &mut Call) -> Outcome {
    Ok(Reply::json(&find_mock(call).await?).fixed(CACHE_CONTROL, "no-store"))
}

async fn play_mock(call: &mut Call) -> Outcome {
    let saved = find_mock(call).await?;
    call.content().await?;
    saved.play(call).await
}
