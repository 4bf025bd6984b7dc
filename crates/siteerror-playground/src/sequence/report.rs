//! The report card: what a client did between the answers of a sequence, judged by what the RFCs and good manners ask.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::{Attempt, Script, Sequence};

/// Clocks and networks need this much.
const TOLERANCE: Duration = Duration::from_millis(30);

/// Anything shorter is no pause at all.
const NO_PAUSE: Duration = Duration::from_millis(20);

/// How a client did.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) id: String,
    pub(crate) script: String,
    /// Requests that came.
    pub(crate) count: usize,
    /// The step that the next request gets, and what it is.
    next: usize,
    pub(crate) next_step: String,
    pub(crate) attempts: Vec<Shown>,
    pub(crate) checks: Vec<Check>,
}

/// An attempt as it is shown.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    /// Since the first.
    at_ms: u64,
    /// Since the one before.
    pub(crate) gap_ms: Option<u64>,
    pub(crate) method: String,
    pub(crate) answer: String,
    pub(crate) retry_after_s: Option<u64>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) connection: u64,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    /// A stable name.
    #[serde(rename = "check")]
    pub(crate) name: &'static str,
    pub(crate) verdict: Verdict,
    /// What was seen.
    pub(crate) text: String,
    pub(crate) source: &'static str,
}

/// How it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// Well.
    Good,
    /// Not well.
    Bad,
    /// It cannot be told from what came.
    Open,
}

impl Verdict {
    /// As people read it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "BAD",
            Self::Open => "open",
        }
    }
}

impl Report {
    /// Of what is remembered.
    pub(crate) fn new(id: &str, sequence: &Sequence) -> Self {
        let first = sequence.attempts.first().map(|attempt| attempt.at);
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let mut attempts = Vec::with_capacity(sequence.attempts.len());
        for (index, attempt) in sequence.attempts.iter().enumerate() {
            let before = index
                .checked_sub(1)
                .and_then(|index| sequence.attempts.get(index));
            attempts.push(Shown {
                at_ms: first.map_or(0, |first| {
                    milliseconds(attempt.at.saturating_duration_since(first))
                }),
                gap_ms: before
                    .map(|before| milliseconds(attempt.at.saturating_duration_since(before.at))),
                method: attempt.method.clone(),
                answer: step_name(&sequence.script, attempt.step),
                retry_after_s: attempt.retry_after_s,
                idempotency_key: attempt.idempotency_key.clone(),
                connection: attempt.connection,
            });
        }
        Self {
            id: id.to_owned(),
            script: sequence.source.clone(),
            count: sequence.count,
            next: sequence.next(),
            next_step: step_name(&sequence.script, sequence.next()),
            attempts,
            checks: judge(&sequence.script, &sequence.attempts),
        }
    }

    /// For a terminal.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("Report card of {}: {}\n\n", self.id, self.script);
        for (number, attempt) in self.attempts.iter().enumerate() {
            let gap = attempt.gap_ms.map_or(String::new(), |gap| {
                format!("  {gap} ms after the one before")
            });
            let _ = writeln!(
                text,
                "{:>3}. {:>7} ms  {} -> {}{gap}",
                number + 1,
                attempt.at_ms,
                attempt.method,
                attempt.answer
            );
        }
        text.push('\n');
        for check in &self.checks {
            let mark = check.verdict.word();
            let _ = writeln!(
                text,
                "{mark:<4}  {}: {} ({})",
                check.name, check.text, check.source
            );
        }
        text
    }
}

fn step_name(script: &Script, index: usize) -> String {
    script
        .steps
        .get(index)
        .map(|step| step.name())
        .unwrap_or_default()
}

/// Judges the attempts at a script.
pub(crate) fn judge(script: &Script, attempts: &[Attempt]) -> Vec<Check> {
    vec![
        came_back(script, attempts),
        waited(attempts),
        backed_off(script, attempts),
        stopped(script, attempts),
        repeatable(attempts),
        same_content(attempts),
    ]
}

fn check(
    name: &'static str,
    source: &'static str,
    verdict: Verdict,
    text: impl Into<String>,
) -> Check {
    Check {
        name,
        verdict,
        text: text.into(),
        source,
    }
}

/// Pairs of an attempt and the next one, with the time between.
fn gaps(attempts: &[Attempt]) -> impl Iterator<Item = (&Attempt, &Attempt, Duration)> {
    attempts.windows(2).filter_map(|pair| match pair {
        [before, after] => Some((before, after, after.at.saturating_duration_since(before.at))),
        _ => None,
    })
}

/// Whether the client kept on until an answer that was meant to stay.
fn came_back(script: &Script, attempts: &[Attempt]) -> Check {
    let made = |verdict, text: String| check("came-back", "RFC 9110 §15.6.4", verdict, text);
    let Some(last) = attempts.last() else {
        return made(Verdict::Open, "Nobody came yet.".to_owned());
    };
    let is_for_now = script
        .steps
        .get(last.step)
        .is_some_and(|step| step.is_for_now());
    let is_last = last.step + 1 >= script.steps.len();
    if !is_for_now {
        made(
            Verdict::Good,
            format!("It got its final answer on attempt {}.", attempts.len()),
        )
    } else if is_last {
        made(
            Verdict::Open,
            "The script ends with an answer for the time being, so there is nothing to reach."
                .to_owned(),
        )
    } else {
        made(
            Verdict::Bad,
            format!(
                "It has not come back after attempt {}; {} steps were still to come.",
                attempts.len(),
                script.steps.len() - last.step - 1
            ),
        )
    }
}

/// Whether `Retry-After` was heeded.
fn waited(attempts: &[Attempt]) -> Check {
    let made = |verdict, text: String| check("retry-after", "RFC 9110 §10.2.3", verdict, text);
    let mut heeded = 0;
    for (before, _, gap) in gaps(attempts) {
        let Some(asked) = before.retry_after_s else {
            continue;
        };
        if gap + TOLERANCE < Duration::from_secs(asked) {
            return made(
                Verdict::Bad,
                format!(
                    "Asked to wait {asked} s, it came back after {} ms.",
                    gap.as_millis()
                ),
            );
        }
        heeded += 1;
    }
    if heeded == 0 {
        made(
            Verdict::Open,
            "No answer with Retry-After was followed by another attempt.".to_owned(),
        )
    } else {
        made(
            Verdict::Good,
            format!("It waited as long as it was asked to, {heeded} of {heeded} times."),
        )
    }
}

/// Whether the pauses grew where nobody said how long to wait.
fn backed_off(script: &Script, attempts: &[Attempt]) -> Check {
    let made =
        |verdict, text: String| check("backoff", "good manners: pauses that grow", verdict, text);
    let own: Vec<Duration> = gaps(attempts)
        .filter(|(before, _, _)| {
            before.retry_after_s.is_none()
                && script
                    .steps
                    .get(before.step)
                    .is_some_and(|step| step.is_for_now())
        })
        .map(|(_, _, gap)| gap)
        .collect();
    let shown = own
        .iter()
        .map(|gap| gap.as_millis().to_string())
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(hasty) = own.iter().find(|gap| **gap < NO_PAUSE) {
        return made(
            Verdict::Bad,
            format!(
                "It came back after {} ms, which is no pause at all.",
                hasty.as_millis()
            ),
        );
    }
    match own.as_slice() {
        [] => made(
            Verdict::Open,
            "There was no retry that it had to time itself.".to_owned(),
        ),
        [only] => made(
            Verdict::Open,
            format!(
                "One pause of {} ms: a second would tell whether they grow.",
                only.as_millis()
            ),
        ),
        [first, .., last] if last.as_secs_f64() >= first.as_secs_f64() * 1.25 => {
            made(Verdict::Good, format!("Its pauses grew: {shown} ms."))
        }
        _ => made(
            Verdict::Bad,
            format!(
                "Its pauses did not grow: {shown} ms. Many clients at one pace keep a server down."
            ),
        ),
    }
}

/// Whether it stopped once it had its answer.
fn stopped(script: &Script, attempts: &[Attempt]) -> Check {
    let made = |verdict, text: String| check("stopped", "RFC 9110 §15", verdict, text);
    let again = gaps(attempts).find(|(before, _, _)| {
        !script
            .steps
            .get(before.step)
            .is_some_and(|step| step.is_for_now())
    });
    match again {
        Some((before, _, gap)) => made(
            Verdict::Bad,
            format!(
                "It had {} already and asked again after {} ms.",
                step_name(script, before.step),
                gap.as_millis()
            ),
        ),
        None if attempts.is_empty() => made(Verdict::Open, "Nobody came yet.".to_owned()),
        None => made(
            Verdict::Good,
            "It asked no more once it had a final answer.".to_owned(),
        ),
    }
}

/// Whether only requests were repeated that may be.
fn repeatable(attempts: &[Attempt]) -> Check {
    let made = |verdict, text: String| check("idempotency", "RFC 9110 §9.2.2", verdict, text);
    let is_idempotent = |method: &str| {
        matches!(
            method,
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" | "QUERY"
        )
    };
    let mut repeated = 0;
    for (before, after, _) in gaps(attempts) {
        repeated += 1;
        if is_idempotent(&after.method) {
            continue;
        }
        match (&before.idempotency_key, &after.idempotency_key) {
            (Some(one), Some(other)) if one == other => {}
            (Some(_), Some(_)) => {
                return made(
                    Verdict::Bad,
                    format!(
                        "It repeated {} with a new Idempotency-Key each time, so nobody can tell that it is the same.",
                        after.method
                    ),
                );
            }
            _ => {
                return made(
                    Verdict::Bad,
                    format!(
                        "It repeated {} without an Idempotency-Key: done twice, it may count twice.",
                        after.method
                    ),
                );
            }
        }
    }
    if repeated == 0 {
        made(Verdict::Open, "Nothing was repeated.".to_owned())
    } else {
        made(
            Verdict::Good,
            format!("What it repeated, {repeated} times, may be repeated."),
        )
    }
}

/// Whether every attempt had the same content.
fn same_content(attempts: &[Attempt]) -> Check {
    let made = |verdict, text: &str| check("content", "RFC 9110 §9.2.2", verdict, text);
    if attempts.iter().all(|attempt| attempt.content.is_none()) || attempts.len() < 2 {
        return made(Verdict::Open, "No content was sent twice.");
    }
    let is_same = gaps(attempts)
        .all(|(before, after, _)| before.content == after.content && before.method == after.method);
    if is_same {
        made(
            Verdict::Good,
            "Every attempt had the same method and the same content.",
        )
    } else {
        made(
            Verdict::Bad,
            "Attempts differ in method or content. A body read once from a stream is empty the second time.",
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn attempts(script: &str, list: &[(u64, &str, Option<u64>)]) -> (Script, Vec<Attempt>) {
        let script = Script::parse(script, |_| false).expect("it can be read");
        let start = Instant::now();
        let final_step = script.steps.len() - 1;
        let attempts = list
            .iter()
            .enumerate()
            .map(|(index, (at, method, retry_after_s))| Attempt {
                at: start + Duration::from_millis(*at),
                method: (*method).to_owned(),
                step: index.min(final_step),
                retry_after_s: *retry_after_s,
                idempotency_key: None,
                content: None,
                connection: 0,
            })
            .collect();
        (script, attempts)
    }

    fn verdict(script: &str, list: &[(u64, &str, Option<u64>)], name: &str) -> Verdict {
        let (script, attempts) = attempts(script, list);
        judge(&script, &attempts)
            .into_iter()
            .find(|check| check.name == name)
            .expect("it is judged")
            .verdict
    }

    #[test]
    fn a_client_is_judged_by_what_it_did() {
        use Verdict::{Bad, Good, Open};
        let script = "503*3,200";
        let patient = [
            (0, "GET", None),
            (100, "GET", None),
            (300, "GET", None),
            (700, "GET", None),
        ];
        let steady = [
            (0, "GET", None),
            (100, "GET", None),
            (200, "GET", None),
            (300, "GET", None),
        ];
        let hasty = [(0, "GET", None), (1, "GET", None), (2, "GET", None)];
        let posted = [(0, "POST", None), (100, "POST", None)];
        for (list, name, expected) in [
            (&patient[..], "backoff", Good),
            (&patient[..], "came-back", Good),
            (&patient[..], "stopped", Good),
            (&patient[..], "idempotency", Good),
            (&steady[..], "backoff", Bad),
            (&hasty[..], "backoff", Bad),
            (&hasty[..], "came-back", Bad),
            (&posted[..], "idempotency", Bad),
            (&posted[..], "backoff", Open),
            (&[], "came-back", Open),
        ] {
            assert_eq!(verdict(script, list, name), expected, "{name} of {list:?}");
        }
        let early = [(0, "GET", Some(1)), (500, "GET", None)];
        let late = [(0, "GET", Some(1)), (1001, "GET", None)];
        assert_eq!(verdict("429,200", &early, "retry-after"), Bad);
        assert_eq!(verdict("429,200", &late, "retry-after"), Good);
        let again = [(0, "GET", None), (500, "GET", None)];
        assert_eq!(verdict("200", &again, "stopped"), Bad);
        assert_eq!(verdict("404,200", &again, "stopped"), Bad);
    }
}
