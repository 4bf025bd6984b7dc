//! An answer that somebody wrote down as JSON, for a mock or a bin to give.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::call::{Call, seconds};
use crate::faults;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{Content, Reply, field_name, field_value};
use crate::scenario::Outcome;
use crate::scenarios::checked_field;

/// A saved answer. Everything may be left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saved {
    /// 200 to 999.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// A value, or a list of them, by field name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, Values>,
    /// The content as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The content as Base64, in place of `body`.
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
    /// How long the answer is held back, such as `250ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<String>,
    /// The name of a fault that is played in place of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Many(Vec<String>),
}

impl Values {
    fn list(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

impl Saved {
    /// Reads one, and makes sure that it can be played.
    ///
    /// # Errors
    ///
    /// With the member that is wrong.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Refusal> {
        let saved: Self = serde_json::from_slice(json).map_err(|error| {
            Refusal::new("invalid-content", 400, format!("the content is no saved answer: {error}"))
                .hint("such as {\"status\": 503, \"headers\": {\"Retry-After\": \"2\"}, \"body\": \"back soon\", \"delay\": \"250ms\"}")
        })?;
        saved.reply()?;
        saved.delay()?;
        if let Some(name) = &saved.fault
            && faults::find(name).is_none()
        {
            return Err(Refusal::parameter(
                "fault",
                name,
                "there is no fault of this name (see /faults)",
            ));
        }
        Ok(saved)
    }

    fn delay(&self) -> Result<Duration, Refusal> {
        let Some(text) = &self.delay else {
            return Ok(Duration::ZERO);
        };
        let delay = seconds(text)
            .ok_or_else(|| Refusal::parameter("delay", text, "it is a time, such as 250ms"))?;
        if delay > Duration::from_secs(limits::DELAY.max) {
            return Err(Refusal::limit(limits::DELAY, delay.as_secs_f64()));
        }
        Ok(delay)
    }

    fn reply(&self) -> Outcome {
        let status = self.status.unwrap_or(200);
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| !status.is_informational())
            .ok_or_else(|| {
                Refusal::parameter(
                    "status",
                    &status.to_string(),
                    "it is a status code from 200 to 999",
                )
            })?;
        let mut reply = Reply::status(status);
        if let Some(reason) = &self.reason {
            reply.reason = Some(
                hyper::ext::ReasonPhrase::try_from(reason.as_bytes()).map_err(|_| {
                    Refusal::parameter(
                        "reason",
                        reason,
                        "a reason phrase has no control characters",
                    )
                })?,
            );
        }
        let content = match (&self.body, &self.body_base64) {
            (Some(_), Some(_)) => {
                return Err(Refusal::parameter(
                    "body_base64",
                    "…",
                    "there is a `body` already",
                ));
            }
            (Some(text), None) => Some(text.clone().into_bytes()),
            (None, Some(text)) => Some(STANDARD.decode(text).map_err(|_| {
                Refusal::parameter("body_base64", text, "it is no Base64 (RFC 4648 section 4)")
            })?),
            (None, None) => None,
        };
        if let Some(content) = content {
            if matches!(status.as_u16(), 204 | 304) && !content.is_empty() {
                return Err(Refusal::parameter(
                    "body",
                    "…",
                    format!("a response with {status} has no content"),
                ));
            }
            reply.content = Content::Whole(content.into());
        }
        let most = usize::try_from(limits::FIELDS_ASKED.max).unwrap_or(usize::MAX);
        let count = self
            .headers
            .values()
            .map(|values| values.list().len())
            .sum::<usize>();
        if count > most {
            return Err(Refusal::limit(limits::FIELDS_ASKED, count));
        }
        for (name, values) in &self.headers {
            let name = field_name(name)?;
            for value in values.list() {
                reply
                    .headers
                    .append(name.clone(), field_value(name.as_str(), value)?);
            }
        }
        Ok(reply)
    }

    /// Gives the answer.
    pub(crate) async fn play(&self, call: &mut Call) -> Outcome {
        call.pause(self.delay()?).await?;
        if let Some(fault) = self.fault.as_deref().and_then(faults::find) {
            return faults::play(fault, call).await;
        }
        let mut reply = self.reply()?;
        for (name, value) in &mut reply.headers {
            *value = checked_field(call, name, &String::from_utf8_lossy(value.as_bytes()))?;
        }
        Ok(reply)
    }
}
