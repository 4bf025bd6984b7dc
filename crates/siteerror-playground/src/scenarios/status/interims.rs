//! Interim responses ahead of a composed answer: `interim=103@0,102@400`.

use std::time::Duration;

use tokio::time::Instant;

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::scenarios::interim::script::steps;

/// Sends those that the query asks for at their times, and keeps the final response back until the later of `delay` and the last of them.
///
/// # Errors
///
/// If the script cannot be read or lasts too long, if the connection cannot carry interim responses, or if all places to wait are taken.
pub(super) async fn send(call: &Call, script: &str, delay: Duration) -> Result<(), Refusal> {
    let count = script.split(',').count();
    if count > usize::try_from(limits::INTERIMS.max).unwrap_or(usize::MAX) {
        return Err(Refusal::limit(limits::INTERIMS, count));
    }
    let steps = steps(script).map_err(|what| {
        Refusal::parameter("interim", script, what)
            .hint("such as 103@0,102@400, with times in milliseconds from the start")
    })?;
    let lasts = steps.last().map_or(delay, |step| delay.max(step.at));
    if lasts > Duration::from_secs(limits::DELAY.max) {
        return Err(Refusal::limit(limits::DELAY, lasts.as_secs_f64()));
    }
    let start = Instant::now();
    for step in steps {
        call.pause((start + step.at).saturating_duration_since(Instant::now()))
            .await?;
        super::send_interim(call, step.status).await?;
    }
    call.pause((start + lasts).saturating_duration_since(Instant::now()))
        .await
}
