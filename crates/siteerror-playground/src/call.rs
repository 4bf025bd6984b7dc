//! A request on its way to a scenario, with everything that one may ask about it.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, HOST};
use http::request::Parts;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use sha2::{Digest as _, Sha256};
use siteerror_serve::{Connection, ContentError, Ending, Incoming, Wire};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use crate::limits::{self, Limit};
use crate::playground::Shared;
use crate::refusal::{Refusal, shown};
use crate::room::Taken;
use crate::scenario::{Kind, Parameter, Place, Scenario};
use crate::trace::{Exchange, Trace};

/// Content that takes longer than this to arrive takes one of the places for requests that wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// A request for a scenario.
pub(crate) struct Call {
    pub(crate) shared: Arc<Shared>,
    pub(crate) scenario: &'static Scenario,
    pub(crate) parts: Parts,
    /// The content, until it is read.
    pub(crate) content: Option<Incoming>,
    /// The fields that came after the content, once it is read.
    pub(crate) trailers: HeaderMap,
    /// The parts of the path that the pattern names, decoded.
    pub(crate) path: Vec<(&'static str, String)>,
    /// The query, decoded, in its order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) wire: Wire,
    pub(crate) connection: Connection,
    /// The room that its content takes.
    pub(crate) taken: Taken,
}

/// One of the places for requests that wait; given back when dropped.
#[derive(Debug)]
pub(crate) struct Hold(
    #[expect(dead_code, reason = "it is kept for its drop")] OwnedSemaphorePermit,
);

impl Hold {
    /// The same place until then at most: who takes what was sent later than that waits for nobody but themselves.
    pub(crate) fn until(self, due: tokio::time::Instant) -> HoldUntil {
        let mut holding = JoinSet::new();
        holding.spawn(async move {
            tokio::time::sleep_until(due).await;
            drop(self);
        });
        HoldUntil(holding)
    }
}

/// A place that is given back when its time is over, or when this is dropped.
#[derive(Debug)]
pub(crate) struct HoldUntil(#[expect(dead_code, reason = "it is kept for its drop")] JoinSet<()>);

impl Call {
    /// A part of the path.
    ///
    /// # Panics
    ///
    /// If the scenario's pattern has no such part.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.path
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
            .expect("the pattern names it")
    }

    /// The first value of a name in the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a name in the query.
    pub(crate) fn queries<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a field, if it is there and readable.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The value of a parameter, wherever it stands.
    pub(crate) fn value(&self, parameter: &Parameter) -> Option<&str> {
        match parameter.place {
            Place::Path => Some(self.path(parameter.name)),
            Place::Query => self.query(parameter.name),
            Place::Header => self.header(parameter.name),
        }
    }

    fn parameter(&self, name: &str) -> (&'static Parameter, Option<&str>) {
        let parameter = self
            .scenario
            .parameters
            .iter()
            .find(|parameter| parameter.name == name)
            .expect("the scenario's table names it");
        (parameter, self.value(parameter))
    }

    /// Holds every parameter against what the table says about it.
    ///
    /// # Errors
    ///
    /// For the first that does not fit.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        for parameter in self.scenario.parameters {
            match self.value(parameter) {
                Some(value) => parameter.check(value)?,
                None if parameter.required => {
                    return Err(Refusal::new(
                        "invalid-parameter",
                        400,
                        format!("`{}` is missing", parameter.name),
                    )
                    .hint(format!("for example {}", self.scenario.example)));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Keeps what passes over the wire, if the query asks for it by a name.
    pub(crate) fn trace(&self) {
        let Some(id) = self.query("trace").filter(|id| is_name(id)) else {
            return;
        };
        let Some(recording) = self.wire.recording() else {
            return;
        };
        let exchange = Exchange {
            method: self.parts.method.as_str().chars().take(40).collect(),
            target: shown(self.parts.uri.path()),
            version: if self.is_http2() {
                "HTTP/2"
            } else {
                "HTTP/1.1"
            },
            connection: self.connection.id,
            recording,
        };
        self.shared
            .traces
            .with_or(id, Instant::now(), Trace::default, |trace| {
                trace.note(exchange);
            });
    }

    /// A parameter that is a whole number.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        let (_, value) = self.parameter(name);
        value?.parse().ok()
    }

    /// A parameter that is a number of things, never below 0.
    pub(crate) fn count(&self, name: &str) -> Option<usize> {
        self.integer(name)
            .and_then(|count| usize::try_from(count).ok())
    }

    /// A parameter that is a time.
    pub(crate) fn seconds(&self, name: &str) -> Option<Duration> {
        let (_, value) = self.parameter(name);
        seconds(value?)
    }

    /// A parameter that is a share from 0 to 1.
    pub(crate) fn share(&self, name: &str) -> Option<f64> {
        let (_, value) = self.parameter(name);
        value?.parse().ok()
    }

    /// A parameter that is yes or no.
    pub(crate) fn flag(&self, name: &str) -> bool {
        let (_, value) = self.parameter(name);
        value.and_then(flag).unwrap_or(false)
    }

    /// A limit that cuts instead of refusing: what is allowed of what was asked.
    pub(crate) fn capped(&self, name: &str, limit: Limit) -> Option<usize> {
        let most = usize::try_from(limit.max).unwrap_or(usize::MAX);
        self.count(name).map(|count| count.min(most))
    }

    /// The content of the request, all of it.
    ///
    /// # Errors
    ///
    /// If it is larger than the limit, is framed wrongly, or does not arrive.
    pub(crate) async fn content(&mut self) -> Result<Bytes, Refusal> {
        let Some(content) = self.content.take() else {
            return Ok(Bytes::new());
        };
        let most = usize::try_from(limits::CONTENT.max).unwrap_or(usize::MAX);
        let announced = self
            .header(CONTENT_LENGTH.as_str())
            .and_then(|length| length.parse::<u64>().ok());
        if let Some(announced) = announced.filter(|announced| *announced > limits::CONTENT.max) {
            return Err(Refusal::limit(limits::CONTENT, announced));
        }
        if content.is_end_stream() {
            return Ok(Bytes::new());
        }
        let deadline = tokio::time::Instant::now() + Duration::from_secs(limits::CONTENT_TIME.max);
        let mut hold = None;
        let mut content = std::pin::pin!(content);
        let mut all = Vec::new();
        loop {
            let patience = if hold.is_none() {
                deadline - Duration::from_secs(limits::CONTENT_TIME.max) + PATIENCE
            } else {
                deadline
            };
            let frame = match tokio::time::timeout_at(patience, content.frame()).await {
                Ok(Some(frame)) => frame.map_err(|error| broken(&error))?,
                Ok(None) => break,
                Err(_) if hold.is_none() => {
                    hold = Some(self.hold().map_err(Refusal::close)?);
                    continue;
                }
                Err(_) => {
                    return Err(Refusal::limit(limits::CONTENT_TIME, "more").close());
                }
            };
            match frame.into_data() {
                Ok(data) => {
                    let bytes = all.len() + data.len();
                    if bytes > most {
                        return Err(Refusal::limit(limits::CONTENT, bytes as u64));
                    }
                    let widened = self.shared.room.widen(&mut self.taken, bytes);
                    widened.map_err(Refusal::close)?;
                    all.extend_from_slice(&data);
                }
                Err(frame) => self.trailers = frame.into_trailers().unwrap_or_default(),
            }
        }
        Ok(all.into())
    }

    /// A place among the requests that wait.
    ///
    /// # Errors
    ///
    /// If all are taken: then waiting ones cannot starve the others.
    pub(crate) fn hold(&self) -> Result<Hold, Refusal> {
        Arc::clone(&self.shared.held)
            .try_acquire_owned()
            .map(Hold)
            .map_err(|_| {
                Refusal::limit(limits::HELD, limits::HELD.max + 1).field(
                    http::header::RETRY_AFTER,
                    http::HeaderValue::from_static("1"),
                )
            })
    }

    /// Waits, in a place of its own.
    ///
    /// # Errors
    ///
    /// If all places are taken, or if the client leaves meanwhile: as with nginx and Go, one that closes its side has left.
    pub(crate) async fn pause(&self, time: Duration) -> Result<(), Refusal> {
        if time.is_zero() {
            return Ok(());
        }
        let _hold = self.hold()?;
        self.wait_until(tokio::time::Instant::now() + time).await
    }

    /// The same in a place that is held already.
    ///
    /// # Errors
    ///
    /// If the client leaves meanwhile.
    pub(crate) async fn wait_until(&self, due: tokio::time::Instant) -> Result<(), Refusal> {
        tokio::select! {
            () = tokio::time::sleep_until(due) => Ok(()),
            () = self.wire.hung_up() => {
                // Who has left gets no answer; where the connection is gone already, nothing is left to close.
                let _ = self.wire.close(Ending::Fin).await;
                Err(Refusal::new("client-left", 499, "the client closed the connection before the answer"))
            }
        }
    }

    /// Random numbers: the same for the same `seed` parameter, fresh ones without.
    pub(crate) fn random(&self) -> ChaCha8Rng {
        self.random_in(self.scenario.id)
    }

    /// The same for scenarios that share a series: equal seeds give equal numbers to all of one domain.
    pub(crate) fn random_in(&self, domain: &str) -> ChaCha8Rng {
        match self.query("seed") {
            Some(seed) => {
                let mut digest = Sha256::new();
                digest.update(domain);
                digest.update([0]);
                digest.update(seed);
                ChaCha8Rng::from_seed(digest.finalize().into())
            }
            None => self.shared.random(),
        }
    }

    /// The time of day.
    pub(crate) fn now(&self) -> SystemTime {
        (self.shared.options.clock)()
    }

    /// Whether this request came over HTTP/2.
    pub(crate) fn is_http2(&self) -> bool {
        self.parts.version == http::Version::HTTP_2
    }

    /// What the client called this server: `http://127.0.0.1:4040`, without the prefix.
    pub(crate) fn origin(&self) -> String {
        let scheme = if self.connection.tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.authority())
    }

    /// The host and port that the request names, empty if it names none. RFC 9112 §3.2.2: that of the target goes before Host.
    pub(crate) fn authority(&self) -> &str {
        self.parts
            .uri
            .authority()
            .map(http::uri::Authority::as_str)
            .or_else(|| self.header(HOST.as_str()))
            .unwrap_or_default()
    }

    /// A path of this server, with the prefix.
    pub(crate) fn here(&self, path: &str) -> String {
        format!("{}{path}", self.shared.options.prefix)
    }

    /// The target URI of the request, as the client would write it.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin(), self.target())
    }

    /// Path and query as they were sent.
    pub(crate) fn target(&self) -> &str {
        self.parts
            .uri
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str)
    }
}

/// Why content did not arrive whole.
fn broken(error: &ContentError) -> Refusal {
    let refusal = match error {
        ContentError::Defect(defect) => {
            let code = if defect.status() == 408 {
                "timeout"
            } else {
                "invalid-request"
            };
            Refusal::new(code, defect.status(), defect.to_string()).hint(defect.clause())
        }
        error => Refusal::new(
            "invalid-request",
            400,
            format!("the content ended early: {error}"),
        ),
    };
    refusal.close()
}

impl Parameter {
    /// # Errors
    ///
    /// If the value is none of those that work.
    pub(crate) fn check(&self, value: &str) -> Result<(), Refusal> {
        let refuse = |what: String| Err(Refusal::parameter(self.name, value, what));
        match self.kind {
            Kind::Text => Ok(()),
            Kind::Integer { min, max, limit } => {
                let Ok(number) = value.parse::<i64>() else {
                    return refuse("it is a whole number".to_owned());
                };
                if number < min {
                    return refuse(format!("it is at least {min}"));
                }
                match limit {
                    Some(limit)
                        if limit.status.is_some()
                            && number > i64::try_from(limit.max).unwrap_or(i64::MAX) =>
                    {
                        Err(Refusal::limit(limit, number))
                    }
                    None if number > max => refuse(format!("it is at most {max}")),
                    _ => Ok(()),
                }
            }
            Kind::Seconds { limit } => match seconds(value) {
                None => refuse(
                    "it is a time: a number of seconds, or one with a unit, such as 250ms"
                        .to_owned(),
                ),
                Some(time) if time > Duration::from_secs(limit.max) => {
                    Err(Refusal::limit(limit, time.as_secs_f64()))
                }
                Some(_) => Ok(()),
            },
            Kind::Share => match value.parse::<f64>() {
                Ok(share) if (0.0..=1.0).contains(&share) => Ok(()),
                _ => refuse("it is a number from 0 to 1".to_owned()),
            },
            Kind::Name => {
                if is_name(value) {
                    Ok(())
                } else {
                    refuse("it is 1 to 64 letters, digits, dots, dashes or underscores".to_owned())
                }
            }
            Kind::OneOf(words) => {
                if words.contains(&value) {
                    Ok(())
                } else {
                    refuse(format!("it is one of {}", words.join(", ")))
                }
            }
            Kind::Flag => match flag(value) {
                Some(_) => Ok(()),
                None => refuse("it is true or false".to_owned()),
            },
        }
    }
}

/// A name that a client chose for something of its own.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn flag(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "" | "1" | "t" | "true" | "yes" | "on" => Some(true),
        "0" | "f" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// A time as `1.5`, `1e-1`, `250ms`, or `1m30s`; none if it is no time, is negative, or is beyond all measure.
pub(crate) fn seconds(text: &str) -> Option<Duration> {
    let is_number = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let number = |text: &str| is_number(text).then(|| text.parse::<f64>().ok()).flatten();
    if let Some(seconds) = number(text) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    if let Some((base, exponent)) = text.split_once(['e', 'E']) {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let is_exponent = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !(is_number(base) && is_exponent) {
            return None;
        }
        return Duration::try_from_secs_f64(text.parse().ok()?).ok();
    }
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let unit = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (count, tail) = rest.split_at(unit);
        let end = tail
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let size = match unit {
            "us" => 0.000_001,
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total += number(count)? * size;
        rest = tail;
    }
    (!text.is_empty()).then(|| Duration::try_from_secs_f64(total).ok())?
}

impl std::fmt::Debug for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} {}",
            self.parts.method,
            shown(self.parts.uri.path())
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_with_or_without_a_unit() {
        for (text, milliseconds) in [
            ("1", 1000),
            ("0", 0),
            ("1.5", 1500),
            ("250ms", 250),
            ("1m30s", 90_000),
            ("1s500ms", 1500),
            ("1e-1", 100),
            ("2.5E0", 2500),
            ("1e+1", 10_000),
        ] {
            assert_eq!(
                seconds(text),
                Some(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        for text in [
            "",
            "nan",
            "inf",
            "-1",
            "1e",
            "e1",
            "1e1s",
            "1e--1",
            "1e999",
            "abc",
            "1d",
            "s",
            "1.2.3",
            "1 s",
            "99999999999999999999999999999999",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
