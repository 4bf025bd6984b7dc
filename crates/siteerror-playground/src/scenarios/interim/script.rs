//! The script of interim responses that stands in a URL.

use std::time::Duration;

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{field_name, field_value};

/// Interim responses in the order in which they leave.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
}

/// One of them.
#[derive(Debug)]
pub(in crate::scenarios) struct Step {
    pub(in crate::scenarios) status: u16,
    /// When it leaves, counted from the start.
    pub(in crate::scenarios) at: Duration,
    pub(super) fields: Vec<(String, String)>,
}

impl Script {
    /// Reads the path for codes and times, and the query for fields.
    ///
    /// # Errors
    ///
    /// If a code, a time or a field cannot be, or there are more than the limits allow.
    pub(super) fn parse(call: &Call) -> Result<Self, Refusal> {
        let text = call.path("script");
        let count = text.split(',').count();
        if count > most(limits::INTERIMS) {
            return Err(Refusal::limit(limits::INTERIMS, count));
        }
        let mut steps = steps(text).map_err(|what| Refusal::parameter("script", text, what))?;
        for link in call.queries("link") {
            add(&mut steps, None, "Link", link)?;
        }
        for field in call.queries("header") {
            let (name, value) = split("header", field)?;
            add(&mut steps, None, name, value)?;
        }
        for (key, field) in &call.query {
            let Some(index) = key.strip_prefix("field.") else {
                continue;
            };
            let (name, value) = split(key, field)?;
            let index = index
                .parse::<usize>()
                .ok()
                .filter(|index| *index < steps.len())
                .ok_or_else(|| {
                    Refusal::parameter(
                        key,
                        field,
                        format!("there are {count} interim responses, counted from 0"),
                    )
                })?;
            add(&mut steps, Some(index), name, value)?;
        }
        Ok(Self { steps })
    }

    /// The time of the last one.
    pub(super) fn lasts(&self) -> Duration {
        self.steps.last().map(|step| step.at).unwrap_or_default()
    }
}

fn most(limit: limits::Limit) -> usize {
    usize::try_from(limit.max).unwrap_or(usize::MAX)
}

/// Codes and times; an error is what is wrong.
pub(in crate::scenarios) fn steps(text: &str) -> Result<Vec<Step>, &'static str> {
    let mut steps: Vec<Step> = Vec::new();
    let mut now = Duration::ZERO;
    for part in text.split(',') {
        let (code, at) = match part.split_once('@') {
            Some((code, at)) => (code, Some(at)),
            None => (part, None),
        };
        let status = digits(code)
            .and_then(|code| u16::try_from(code).ok())
            .filter(|status| code.len() == 3 && (100..200).contains(status))
            .ok_or("an interim response has a code from 100 to 199")?;
        if status == 101 {
            return Err("101 is followed by another protocol, so nothing else can come after it");
        }
        if let Some(at) = at {
            let at = digits(at).ok_or("a time is a whole number of milliseconds")?;
            let at = Duration::from_millis(at);
            if at < now {
                return Err(
                    "times are counted from the start, so none is earlier than the one before",
                );
            }
            now = at;
        }
        steps.push(Step {
            status,
            at: now,
            fields: Vec::new(),
        });
    }
    Ok(steps)
}

fn digits(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn split<'a>(parameter: &str, field: &'a str) -> Result<(&'a str, &'a str), Refusal> {
    let (name, value) = field.split_once(':').ok_or_else(|| {
        Refusal::parameter(parameter, field, "a field is written as `Name: value`")
    })?;
    Ok((name.trim(), value.trim()))
}

/// Adds a field to one interim response, or to all.
fn add(steps: &mut [Step], index: Option<usize>, name: &str, value: &str) -> Result<(), Refusal> {
    field_name(name)?;
    field_value(name, value)?;
    // Interim responses are written by hand, and in ASCII: a byte above 127 would be two of them.
    if !value.is_ascii() {
        return Err(Refusal::parameter(
            name,
            value,
            "a field of an interim response is ASCII here",
        ));
    }
    for (place, step) in steps.iter_mut().enumerate() {
        if index.is_none_or(|index| index == place) {
            if step.fields.len() >= most(limits::FIELDS_ASKED) {
                return Err(Refusal::limit(limits::FIELDS_ASKED, step.fields.len() + 1));
            }
            step.fields.push((name.to_owned(), value.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_times_in_order() {
        let read: Vec<(u16, u64)> = steps("103@0,102@400,103,199@800")
            .expect("it is a script")
            .into_iter()
            .map(|step| {
                (
                    step.status,
                    u64::try_from(step.at.as_millis()).expect("it is short"),
                )
            })
            .collect();
        assert_eq!(read, [(103, 0), (102, 400), (103, 400), (199, 800)]);
    }

    #[test]
    fn what_cannot_be_sent_is_told() {
        for wrong in [
            "",
            ",",
            "103,",
            "200@0",
            "99@0",
            "0103@0",
            "101@0",
            "103@",
            "103@-1",
            "103@+1",
            "103@1.5",
            "103@99999999999999999999",
            "103@400,102@399",
            "early@0",
        ] {
            assert!(steps(wrong).is_err(), "{wrong:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "[0-9@,. ]{0,40}|.{0,40}") {
            if let Ok(steps) = steps(&text) {
                proptest::prop_assert!(steps.iter().all(|step| (100..200).contains(&step.status) && step.status != 101));
                proptest::prop_assert!(steps.is_sorted_by_key(|step| step.at));
            }
        }
    }
}
