//! The request, as an object that an answer shows.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::refusal::Refusal;

/// What arrived before the content: the query, the fields, the method, the client's address, the URL. Keys are sorted.
pub(super) fn echoed(call: &Call) -> Map<String, Value> {
    let mut echo = Map::new();
    echo.insert(
        "args".to_owned(),
        grouped(
            call.query
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        ),
    );
    let fields = call.parts.headers.iter();
    let fields = fields.map(|(name, value)| (title_case(name.as_str()), text(value.as_bytes())));
    echo.insert("headers".to_owned(), grouped(fields));
    echo.insert("method".to_owned(), call.parts.method.as_str().into());
    echo.insert("origin".to_owned(), origin(call).into());
    echo.insert("url".to_owned(), call.url().into());
    echo
}

/// The same with the content.
///
/// # Errors
///
/// If the content is larger than the limit, is framed wrongly, or does not arrive.
pub(super) async fn echoed_whole(call: &mut Call) -> Result<Map<String, Value>, Refusal> {
    let content = call.content().await?;
    let mut echo = echoed(call);
    let media_type = call.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let is_form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let (data, form) = if is_form {
        let form = form_urlencoded::parse(&content).into_owned();
        (String::new(), grouped(form))
    } else {
        let data = match std::str::from_utf8(&content) {
            Ok(text) => text.to_owned(),
            Err(_) => format!(
                "data:application/octet-stream;base64,{}",
                BASE64_STANDARD.encode(&content)
            ),
        };
        (data, json!({}))
    };
    echo.insert("data".to_owned(), data.into());
    echo.insert("files".to_owned(), json!({}));
    echo.insert("form".to_owned(), form);
    let parsed = serde_json::from_slice(&content).unwrap_or(Value::Null);
    echo.insert("json".to_owned(), parsed);
    echo.sort_keys();
    Ok(echo)
}

/// Values by name: a string, or a list where a name is repeated.
fn grouped(pairs: impl IntoIterator<Item = (String, String)>) -> Value {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        groups.entry(name).or_default().push(value);
    }
    let object = groups.into_iter().map(|(name, mut values)| {
        let value = match values.as_mut_slice() {
            [only] => Value::String(std::mem::take(only)),
            _ => values.into(),
        };
        (name, value)
    });
    Value::Object(object.collect())
}

/// `x-my-header` as `X-My-Header`.
fn title_case(name: &str) -> String {
    let mut begins = true;
    name.chars()
        .map(|c| {
            let cased = if begins { c.to_ascii_uppercase() } else { c };
            begins = c == '-';
            cased
        })
        .collect()
}

fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The address of the client, or the one that a proxy names first. It is shown and never trusted.
fn origin(call: &Call) -> String {
    let forwarded = call
        .header("x-forwarded-for")
        .and_then(|value| value.split(',').next())
        .map(|first| first.trim().to_owned());
    forwarded.unwrap_or_else(|| {
        let peer = call.connection.peer;
        peer.map_or_else(String::new, |peer| peer.ip().to_string())
    })
}
