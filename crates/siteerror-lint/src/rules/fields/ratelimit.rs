//! `RateLimit` and `RateLimit-Policy`, as the draft of the HTTPAPI working group has them.

use sfv::{BareItem, Item, List, ListEntry, Parameters, Parser};
use siteerror_wire::field::RetryAfter;

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

pub(super) fn limit(subject: &Subject<'_>, findings: &mut Findings) {
    judge(subject, "ratelimit", "RateLimit", limit_fault, findings);
}

pub(super) fn policy(subject: &Subject<'_>, findings: &mut Findings) {
    judge(
        subject,
        "ratelimit-policy",
        "RateLimit-Policy",
        policy_fault,
        findings,
    );
}

fn judge(
    subject: &Subject<'_>,
    field: &'static str,
    name: &str,
    fault: fn(&Item) -> Option<&'static str>,
    findings: &mut Findings,
) {
    for line in subject.lines(field) {
        let value = line.value();
        let list: Result<List, _> = Parser::new(value.as_ref()).parse();
        let why = match list {
            Err(error) => Some(error.to_string()),
            Ok(list) => list.iter().find_map(|entry| {
                let why = match entry {
                    ListEntry::InnerList(_) => Some("a member is a list"),
                    ListEntry::Item(item) if item.bare_item.as_string().is_none() => {
                        Some("the name of a policy stands in quotes")
                    }
                    ListEntry::Item(item) => fault(item),
                };
                why.map(ToOwned::to_owned)
            }),
        };
        if let Some(why) = why {
            let value = Quoted(&value);
            findings.line(
                line,
                format!("{name} says {value}, which clients cannot use: {why}"),
            );
        }
    }
}

fn limit_fault(item: &Item) -> Option<&'static str> {
    if whole(&item.params, "r").is_none() {
        return Some("`r`, what is left of the quota, is a whole number and has to be there");
    }
    let reset = parameter(&item.params, "t");
    if reset.is_some() && whole(&item.params, "t").is_none() {
        return Some("`t`, the seconds until more is there, is a whole number");
    }
    not_bytes(&item.params)
}

fn policy_fault(item: &Item) -> Option<&'static str> {
    if whole(&item.params, "q").is_none() {
        return Some("`q`, the quota, is a whole number and has to be there");
    }
    let window = parameter(&item.params, "w");
    if window.is_some() && whole(&item.params, "w").is_none_or(|window| window == 0) {
        return Some("`w`, the seconds of the window, is a whole number above 0");
    }
    not_bytes(&item.params)
}

fn not_bytes(parameters: &Parameters) -> Option<&'static str> {
    let key = parameter(parameters, "pk")?;
    key.as_byte_sequence()
        .is_none()
        .then_some("`pk`, the partition key, is a byte sequence between colons")
}

fn parameter<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a BareItem> {
    let mut found = parameters.iter();
    found
        .find(|(key, _)| key.as_str() == name)
        .map(|(_, value)| value)
}

/// A whole number that is not below zero.
fn whole(parameters: &Parameters, name: &str) -> Option<u64> {
    let number = parameter(parameters, name)?.as_integer()?;
    u64::try_from(i64::from(number)).ok()
}

pub(super) fn retry_after(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some(line), Some(now)) = (subject.lines("retry-after").next(), subject.now()) else {
        return;
    };
    let Some(retry) = RetryAfter::parse(&line.value(), now) else {
        return;
    };
    let value = subject.value("ratelimit").unwrap_or_default();
    let list: List = Parser::new(value.as_ref()).parse().unwrap_or_default();
    let resets = |used_up: bool| {
        list.iter().filter_map(move |entry| match entry {
            ListEntry::Item(item) if (whole(&item.params, "r") == Some(0)) == used_up => {
                whole(&item.params, "t")
            }
            _ => None,
        })
    };
    // Of the quotas that are used up, the last to be filled again is what counts. Where none is, the first: no policy asks to wait for less.
    let (reset, why) = match resets(true).max() {
        Some(reset) => (Some(reset), "has nothing left for another"),
        None => (resets(false).min(), "is renewed only after"),
    };
    if let Some(reset) = reset
        && retry.wait(now).as_secs() < reset
    {
        let value = line.value();
        let value = Quoted(&value);
        findings.line(
            line,
            format!("Retry-After says {value}, and RateLimit {why} {reset} seconds"),
        );
    }
}
