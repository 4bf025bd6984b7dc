//! The language of sequences: `503*2,429;retry-after=1,200`.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};

use crate::call::seconds;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{field_name, field_value};

/// Answers, one after the other. There is at least one.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    /// A step that is repeated stands there once, however often it comes.
    pub(crate) steps: Vec<Arc<Step>>,
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) play: Play,
    pub(crate) fields: Vec<(HeaderName, HeaderValue)>,
    pub(crate) reason: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) delay: Duration,
    /// `Retry-After` in seconds, and whether it goes out as a date.
    pub(crate) retry_after: Option<(u64, bool)>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Play {
    /// It answers with a code.
    Status(StatusCode),
    /// It breaks the wire by name.
    Fault(String),
}

impl Step {
    /// The code, or the name of the fault.
    pub(crate) fn name(&self) -> String {
        match &self.play {
            Play::Status(status) => status.as_str().to_owned(),
            Play::Fault(name) => name.clone(),
        }
    }

    /// What it takes of the memory besides its texts, roughly.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>() + self.fields.capacity() * size_of::<(HeaderName, HeaderValue)>()
    }

    /// Whether a client that got it should come again: RFC 9110 §15.5.9, §15.6.4, RFC 6585 §4, RFC 8470 §5.2, and a connection that broke.
    pub(crate) fn is_for_now(&self) -> bool {
        match &self.play {
            Play::Status(status) => {
                matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502..=504 | 520..=524)
            }
            Play::Fault(_) => true,
        }
    }
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    ///
    /// With the part that cannot be read, and why.
    pub(crate) fn parse(text: &str, is_fault: impl Fn(&str) -> bool) -> Result<Self, Refusal> {
        let most = usize::try_from(limits::STEPS.max).unwrap_or(usize::MAX);
        let mut steps = Vec::new();
        for item in text.split(',') {
            let refuse = |what: &str| {
                Refusal::parameter("script", item, what).hint("such as 503*2,429;retry-after=1,200")
            };
            let mut parts = item.split(';');
            let head = parts.next().unwrap_or_default();
            let (name, times) = head.split_once('*').unwrap_or((head, "1"));
            let times = times
                .parse::<usize>()
                .ok()
                .filter(|times| *times > 0)
                .ok_or_else(|| refuse("after the star stands how often, at least 1"))?;
            if steps.len().saturating_add(times) > most {
                return Err(Refusal::limit(
                    limits::STEPS,
                    steps.len().saturating_add(times),
                ));
            }
            let play = if name.bytes().all(|byte| byte.is_ascii_digit()) {
                let status = (name.len() == 3)
                    .then(|| name.parse::<u16>().ok())
                    .flatten()
                    .filter(|status| *status >= 200)
                    .and_then(|status| StatusCode::from_u16(status).ok());
                Play::Status(status.ok_or_else(|| {
                    refuse("a step is a status code from 200 to 999, or the name of a fault")
                })?)
            } else if is_fault(name) {
                Play::Fault(name.to_owned())
            } else {
                return Err(refuse(
                    "a step is a status code from 200 to 999, or the name of a fault (see /faults)",
                ));
            };
            let mut step = Step {
                play,
                fields: Vec::new(),
                reason: None,
                body: None,
                delay: Duration::ZERO,
                retry_after: None,
            };
            for part in parts {
                let (name, value) = part
                    .split_once('=')
                    .ok_or_else(|| refuse("after a semicolon stands name=value"))?;
                step.set(name, value)?;
            }
            steps.extend(std::iter::repeat_n(Arc::new(step), times));
        }
        Ok(Self { steps })
    }
}

impl Step {
    fn set(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let most = usize::try_from(limits::FIELDS_ASKED.max).unwrap_or(usize::MAX);
        match name.to_ascii_lowercase().as_str() {
            "delay" => {
                let delay = seconds(value).ok_or_else(|| {
                    Refusal::parameter("delay", value, "it is a time, such as 250ms")
                })?;
                if delay > Duration::from_secs(limits::DELAY.max) {
                    return Err(Refusal::limit(limits::DELAY, delay.as_secs_f64()));
                }
                self.delay = delay;
            }
            "reason" => {
                field_value("reason", value)?;
                self.reason = Some(value.to_owned());
            }
            "body" => self.body = Some(value.to_owned()),
            "retry-after" => {
                let (is_date, text) = value
                    .strip_prefix('@')
                    .map_or((false, value), |text| (true, text));
                let seconds = text
                    .parse::<u64>()
                    .ok()
                    .filter(|seconds| *seconds <= 86_400)
                    .ok_or_else(|| Refusal::parameter("retry-after", value, "it is a number of seconds up to a day; with @ in front it goes out as a date"))?;
                self.retry_after = Some((seconds, is_date));
            }
            _ => {
                if self.fields.len() >= most {
                    return Err(Refusal::limit(limits::FIELDS_ASKED, self.fields.len() + 1));
                }
                self.fields
                    .push((field_name(name)?, field_value(name, value)?));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let script = Script::parse(text, |name| name == "reset").expect("it can be read");
        script.steps.iter().map(|step| step.name()).collect()
    }

    #[test]
    fn steps_repeat_and_the_order_is_kept() {
        assert_eq!(
            names("503*2,429;retry-after=1,200"),
            ["503", "503", "429", "200"]
        );
        assert_eq!(names("200"), ["200"]);
        assert_eq!(
            names("reset*2,200;x-a=b;delay=10ms"),
            ["reset", "reset", "200"]
        );
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for wrong in [
            "",
            ",",
            "503,",
            "abc",
            "99",
            "100",
            "1000",
            "503*0",
            "503*x",
            "503*101",
            "503*18446744073709551615,200",
            "200;x",
            "200;content-length=5",
            "200;retry-after=soon",
            "200;delay=60s",
            "200;a=b\r\nc:d",
            "+200",
            "200;retry-after=99999999999",
        ] {
            assert!(Script::parse(wrong, |_| false).is_err(), "{wrong:?}");
        }
    }
}
