//! The description of everything by OpenAPI 3.1, made from the table that routes the requests.

use serde_json::{Map, Value, json};

use crate::limits::Limit;
use crate::scenario::{Family, Kind, Methods, Parameter, Place, Scenario, scenarios};

/// Methods that OpenAPI can describe, of those that a scenario for any method takes.
const DESCRIBED: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"];

/// What counts as yes or no, whatever its case.
const FLAG: &str = "^(1|0|[tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF])?$";

/// The description of a playground below a prefix.
pub fn openapi(prefix: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for scenario in scenarios() {
        let path = scenario.path.replace("{*", "{");
        let methods = match scenario.methods {
            Methods::Any | Methods::Registered | Methods::Own => DESCRIBED,
            Methods::Only(methods) => methods,
        };
        let item = paths.entry(path).or_insert_with(|| json!({}));
        for method in methods {
            if let Some(item) = item.as_object_mut() {
                item.insert(method.to_ascii_lowercase(), operation(scenario, method));
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

fn operation(scenario: &Scenario, method: &str) -> Value {
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
            let types = scenario
                .media_type
                .split(", ")
                .map(|media_type| (media_type.to_owned(), json!({})));
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
    for (range, about) in [
        ("4XX", "The request was turned down"),
        ("5XX", "The playground is full, or broke"),
    ] {
        responses.insert(
            range.to_owned(),
            json!({ "description": about, "content": refusals() }),
        );
    }
    let mut operation = json!({
        "operationId": format!("{}-{}", scenario.id, method.to_ascii_lowercase()),
        "summary": scenario.title,
        "description": format!("{} Source: {}.", scenario.about, scenario.source),
        "tags": [scenario.family.word()],
        "parameters": scenario.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "responses": responses,
    });
    if matches!(method, "POST" | "PUT" | "PATCH") {
        operation["requestBody"] = json!({ "required": false, "content": { "application/octet-stream": {}, "text/plain": {} } });
    }
    operation
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
