//! Interim responses ahead of a composed answer: `interim=103@0,102@400`.

use std::time::Duration;

use tokio::time::Instant;

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;

/// Sends those that the query asks for at their times, and keeps the final response back until the later of `delay` and the last of them.
///
/// # Errors
///
/// If the script cannot be read or lasts too long, if the connection cannot carry interim responses, or if all places to wait are taken.
pub(super) async fn send(call: &Call, script: &str, delay: Duration) -> Result<(), Refusal> {
    let steps = steps(script)?;
    let lasts = steps.last().map_or(delay, |(_, at)| delay.max(*at));
    if lasts > Duration::from_secs(limits::DELAY.max) {
        return Err(Refusal::limit(limits::DELAY, lasts.as_secs_f64()));
    }
    let start = Instant::now();
    for (code, at) in steps {
        call.pause((start + at).saturating_duration_since(Instant::now()))
            .await?;
        super::send_interim(call, code).await?;
    }
    call.pause((start + lasts).saturating_duration_since(Instant::now()))
        .await
}

/// Codes with their times, counted from the start.
fn steps(script: &str) -> Result<Vec<(u16, Duration)>, Refusal> {
    let refuse = |what: &str| {
        Refusal::parameter("interim", script, what)
            .hint("such as 103@0,102@400, with times in milliseconds from the start")
    };
    let count = script.split(',').count();
    if count > usize::try_from(limits::INTERIMS.max).unwrap_or(usize::MAX) {
        return Err(Refusal::limit(limits::INTERIMS, count));
    }
    let mut now = Duration::ZERO;
    let mut steps = Vec::with_capacity(count);
    for part in script.split(',') {
        let (code, at) = part.split_once('@').unwrap_or((part, ""));
        let code = (code.len() == 3)
            .then(|| digits(code))
            .flatten()
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| (100..200).contains(code))
            .ok_or_else(|| refuse("an interim response has a code from 100 to 199"))?;
        if code == 101 {
            return Err(refuse(
                "101 is followed by another protocol, so no answer can come after it",
            ));
        }
        if part.contains('@') {
            let at = digits(at)
                .map(Duration::from_millis)
                .ok_or_else(|| refuse("a time is a whole number of milliseconds"))?;
            if at < now {
                return Err(refuse("no time is earlier than the one before it"));
            }
            now = at;
        }
        steps.push((code, now));
    }
    Ok(steps)
}

fn digits(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_times_that_do_not_go_back() {
        let read = steps("103@0,102@400,103").expect("it can be read");
        let ms = |count| Duration::from_millis(count);
        assert_eq!(read, [(103, ms(0)), (102, ms(400)), (103, ms(400))]);
        for wrong in [
            "",
            ",",
            "103,",
            "200@0",
            "99",
            "0103",
            "101@0",
            "103@",
            "103@-1",
            "103@1.5",
            "103@2,103@1",
            "103@99999999999999999999999",
        ] {
            assert!(steps(wrong).is_err(), "{wrong:?}");
        }
    }
}
