//! Fields of the client's own, sent and shown.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderName, StatusCode};
use serde_json::{Map, Value};

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{JSON, Reply, field_name};
use crate::scenario::Outcome;
use crate::scenarios::redirects::checked_field;

pub(super) fn response_headers(call: &mut Call) -> Outcome {
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
    let media_type = typed.unwrap_or_else(|| {
        object.insert("Content-Type".to_owned(), JSON.into());
        HeaderValue::from_static(JSON)
    });
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
