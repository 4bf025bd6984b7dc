//! The description of everything by OpenAPI 3.1, made from the table that routes the requests.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::causes::{Cause, Rule, Seen, causes};
use crate::limits::Limit;
use crate::scenario::{Family, Kind, Methods, Parameter, Place, Scenario, scenarios};
use crate::vendors::Vendor;

/// Methods that OpenAPI can describe, of those that a scenario for any method takes.
const DESCRIBED: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"];

/// What counts as yes or no, whatever its case.
const FLAG: &str = "^(1|0|[tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF])?$";

/// The description of a playground below a prefix.
pub fn openapi(prefix: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for scenario in scenarios() {
        for Described { path, known, marks } in described(scenario) {
            let item = paths.entry(path.clone()).or_insert_with(|| json!({}));
            let Some(item) = item.as_object_mut() else {
                continue;
            };
            for method in methods(scenario) {
                let mut operation = operation(scenario, method, &path, &known);
                for mark in &marks {
                    operation[mark] = true.into();
                    operation[RAW_CLIENT] = true.into();
                }
                item.insert(method.to_ascii_lowercase(), operation);
            }
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "siteerror playground",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Every HTTP status code and fault, for real.",
            "description": "Made from the table that routes the requests, so it cannot disagree with them.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": if prefix.is_empty() { "/" } else { prefix } }],
        "tags": Family::ALL.iter().map(|family| json!({ "name": family.word(), "description": family.title() })).collect::<Vec<_>>(),
        "paths": paths,
        "components": { "schemas": { "Problem": problem() } },
    })
}

fn methods(scenario: &Scenario) -> &'static [&'static str] {
    match scenario.methods {
        Methods::Any | Methods::Registered | Methods::Own => DESCRIBED,
        Methods::Only(methods) => methods,
    }
}

/// A path of a scenario, as it is described.
struct Described {
    path: String,
    /// For parts of the path whose words another table has: all that work.
    known: Vec<(&'static str, Value)>,
    marks: Vec<&'static str>,
}

/// Where an answer may be none: the connection closes, is reset, or carries what is no HTTP.
const BREAKS_CONNECTION: &str = "x-breaks-connection";
/// Where interim responses come before the final one, which some clients take for the final one.
const SENDS_INTERIM: &str = "x-sends-interim";

/// Both together: clients that do not read the wire by themselves may leave these out.
const RAW_CLIENT: &str = "x-raw-client";

/// The paths of a scenario. What some values of a part do to the connection is marked on paths of their own, which OpenAPI matches before the one with the part.
fn described(scenario: &Scenario) -> Vec<Described> {
    let plain = Described {
        path: scenario.path.replace("{*", "{"),
        known: Vec::new(),
        marks: Vec::new(),
    };
    match scenario.id {
        "fault" => vec![Described {
            marks: vec![BREAKS_CONNECTION, SENDS_INTERIM],
            ..plain
        }],
        "vendor" => of_vendors(&plain),
        "cause-try" | "cause-try-item" => of_causes(plain),
        _ => vec![plain],
    }
}

fn of_vendors(plain: &Described) -> Vec<Described> {
    let codes = || {
        Vendor::ALL
            .iter()
            .flat_map(|vendor| vendor.codes().iter().map(move |code| (vendor, code)))
    };
    let breaking: BTreeSet<&str> = codes()
        .filter(|(_, code)| code.breaks_connection())
        .map(|(_, code)| code.code)
        .collect();
    let calm: BTreeSet<&str> = codes()
        .map(|(_, code)| code.code)
        .filter(|code| !breaking.contains(code))
        .collect();
    let apart = codes()
        .filter(|(_, code)| breaking.contains(code.code))
        .map(|(vendor, code)| Described {
            path: plain
                .path
                .replace("{vendor}", vendor.word())
                .replace("{code}", code.code),
            known: Vec::new(),
            marks: code
                .breaks_connection()
                .then_some(BREAKS_CONNECTION)
                .into_iter()
                .collect(),
        })
        .collect::<Vec<_>>();
    let known = vec![("code", json!({ "type": "string", "enum": calm }))];
    std::iter::once(Described {
        path: plain.path.clone(),
        known,
        marks: plain.marks.clone(),
    })
    .chain(apart)
    .collect()
}

fn of_causes(plain: Described) -> Vec<Described> {
    let (interim, calm): (Vec<&Cause>, Vec<&Cause>) = causes()
        .into_iter()
        .filter(|cause| !matches!(cause.play, Rule::None))
        .partition(|cause| cause.seen == Seen::Interim);
    let calm: Vec<u16> = calm.iter().map(|cause| cause.code).collect();
    let apart: Vec<Described> = interim
        .iter()
        .map(|cause| Described {
            path: plain.path.replace("{code}", &cause.code.to_string()),
            known: Vec::new(),
            marks: vec![SENDS_INTERIM],
        })
        .collect();
    let known = vec![("code", json!({ "type": "integer", "enum": calm }))];
    std::iter::once(Described { known, ..plain })
        .chain(apart)
        .collect()
}

fn operation(scenario: &Scenario, method: &str, path: &str, known: &[(&str, Value)]) -> Value {
    // Ids are unique: a path apart has its words in it.
    let apart = scenario.path.replace("{*", "{") != path;
    let words = path.replace(['{', '}'], "").replace('/', "-");
    let operation_id = if apart {
        format!("{}{words}-{}", scenario.id, method.to_ascii_lowercase())
    } else {
        format!("{}-{}", scenario.id, method.to_ascii_lowercase())
    };
    let mut responses = Map::new();
    for status in scenario.answers {
        let name = siteerror_catalog::catalog()
            .number(*status)
            .map_or("As asked", siteerror_catalog::Code::title);
        let mut response = json!({ "description": name });
        if !scenario.media_type.is_empty()
            && *status < 400
            && !matches!(status, 101 | 204 | 205 | 304)
        {
            let types = media_types(scenario).map(|media_type| (media_type.to_owned(), json!({})));
            response["content"] = types.collect::<Map<_, _>>().into();
        } else if *status >= 400 {
            response["content"] = refusals();
        }
        responses.insert(status.to_string(), response);
    }
    if scenario.answers.is_empty() {
        responses.insert(
            "default".to_owned(),
            json!({ "description": "Whatever was asked for" }),
        );
    }
    let mut refused = refusals();
    if scenario.answers.is_empty() {
        // Where the status is asked for, errors come in the usual form of the scenario too.
        for media_type in media_types(scenario) {
            refused[media_type] = json!({});
        }
    }
    for (range, about) in [
        ("4XX", "The request was turned down"),
        ("5XX", "The playground is full, or broke"),
    ] {
        responses.insert(
            range.to_owned(),
            json!({ "description": about, "content": refused }),
        );
    }
    let parameters: Vec<Value> = scenario
        .parameters
        .iter()
        .filter(|parameter| {
            parameter.place != Place::Path || path.contains(&format!("{{{}}}", parameter.name))
        })
        .map(|one| {
            let mut one_described = parameter(one);
            if let Some((_, schema)) = known.iter().find(|(name, _)| *name == one.name) {
                one_described["schema"] = schema.clone();
            }
            one_described
        })
        .collect();
    let mut operation = json!({
        "operationId": operation_id,
        "summary": scenario.title,
        "description": format!("{} Source: {}.", scenario.about, scenario.source),
        "tags": [scenario.family.word()],
        "parameters": parameters,
        "responses": responses,
    });
    if matches!(method, "POST" | "PUT" | "PATCH") {
        operation["requestBody"] = json!({ "required": false, "content": { "application/octet-stream": {}, "text/plain": {} } });
    }
    operation
}

/// The media types of a scenario's normal answer.
fn media_types(scenario: &Scenario) -> impl Iterator<Item = &'static str> + use<> {
    let types = scenario.media_type.split(", ");
    types.filter(|media_type| !media_type.is_empty())
}

fn refusals() -> Value {
    let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    // As plain JSON, some scenarios answer in a form of their own.
    json!({ "application/problem+json": schema, "application/json": {}, "text/html": {}, "text/plain": {} })
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.about,
        "schema": schema(parameter),
    })
}

fn schema(parameter: &Parameter) -> Value {
    let most = |limit: Limit| json!(limit.max);
    match parameter.kind {
        // An empty segment is no segment.
        Kind::Text if parameter.place == Place::Path => json!({ "type": "string", "minLength": 1 }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Integer { min, max, limit } => match limit {
            Some(limit) if limit.status.is_some() => {
                json!({ "type": "integer", "minimum": min, "maximum": most(limit) })
            }
            Some(_) => json!({ "type": "integer", "minimum": min }),
            None => json!({ "type": "integer", "minimum": min, "maximum": max }),
        },
        Kind::Seconds { limit } => {
            json!({ "type": "number", "minimum": 0, "maximum": most(limit) })
        }
        Kind::Share => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Kind::Name => json!({ "type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$" }),
        Kind::OneOf(words) => json!({ "type": "string", "enum": words }),
        Kind::Flag => json!({ "type": "string", "pattern": FLAG }),
    }
}

/// RFC 9457, with the members of ours.
fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "status"],
        "properties": {
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "Why this answer was sent." },
            "code": { "type": "string", "description": "A stable word for what was wrong." },
            "hint": { "type": "string" },
            "limit": { "type": "string", "description": "Name of the limit that was passed, as in /limits." },
            "max": { "type": "integer" },
            "asked": {},
            "meaning": { "type": "string" },
            "retry": { "type": "string" },
            "cache": { "type": "string" },
        },
    })
}
