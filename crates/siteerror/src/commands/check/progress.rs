//! How far a run is: one line on standard error, where that is a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use super::input::Places;
use super::sink::Sink;
use crate::output::report::Totals;

/// Drawn so often at most.
const EVERY: Duration = Duration::from_millis(100);
/// Nothing is drawn for what is over at once.
const FROM: Duration = Duration::from_millis(300);

/// The line.
#[derive(Debug)]
pub(super) struct Bar {
    places: Places,
    is_on: bool,
    /// Whether results go to the same screen, so that the line must make way for them.
    is_shared: bool,
    is_drawn: bool,
    begun: Instant,
    drawn: Instant,
}

impl Bar {
    pub(super) fn new(quiet: bool, sink: &Sink, places: Places) -> Self {
        let now = Instant::now();
        Self {
            places,
            is_on: !quiet && io::stderr().is_terminal(),
            is_shared: sink.is_standard() && io::stdout().is_terminal(),
            is_drawn: false,
            begun: now,
            drawn: now,
        }
    }

    /// Makes way for a result, if it would stand in the way.
    pub(super) fn make_way(&mut self) {
        if self.is_shared {
            self.clear();
        }
    }

    /// Takes it away.
    pub(super) fn clear(&mut self) {
        if self.is_drawn {
            self.is_drawn = false;
            let _ = write!(io::stderr(), "\r\u{1b}[2K");
        }
    }

    /// Draws it, if it is time.
    pub(super) fn show(&mut self, totals: &Totals) {
        let now = Instant::now();
        let due = self.drawn + EVERY <= now && self.begun + FROM <= now;
        if !self.is_on || (!due && (self.is_drawn || !self.is_shared)) || self.begun + FROM > now {
            return;
        }
        self.drawn = now;
        self.is_drawn = true;
        let line = line(totals, self.places.total(), now - self.begun);
        let width = terminal_size::terminal_size_of(io::stderr())
            .map_or(80, |(width, _)| usize::from(width.0));
        let line: String = line.chars().take(width.saturating_sub(1)).collect();
        let mut err = io::stderr().lock();
        let _ = write!(err, "\r\u{1b}[2K{line}");
        let _ = err.flush();
    }
}

/// `[████░░░░]  1200 of 4000  240 a second  12 s left  1190 2xx  10 4xx`.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a progress bar is no bookkeeping"
)]
fn line(totals: &Totals, total: Option<u64>, elapsed: Duration) -> String {
    const COLUMNS: usize = 20;
    let rate = totals.checked as f64 / elapsed.as_secs_f64().max(0.001);
    let mut parts = Vec::new();
    match total {
        Some(total) => {
            let part = totals.checked as f64 / total.max(1) as f64;
            let full = ((part.clamp(0.0, 1.0) * COLUMNS as f64) as usize).min(COLUMNS);
            let bar = "█".repeat(full) + &"░".repeat(COLUMNS - full);
            parts.push(format!("{bar} {} of {total}", totals.checked));
        }
        None => parts.push(format!("{} checked", totals.checked)),
    }
    parts.push(format!("{rate:.0} a second"));
    if let Some(total) = total
        && rate > 0.0
    {
        let left = total.saturating_sub(totals.checked) as f64 / rate;
        parts.push(if left < 90.0 {
            format!("{left:.0} s left")
        } else {
            format!("{:.0} min left", left / 60.0)
        });
    }
    let classes = (1..=5).zip(totals.classes).filter(|(_, count)| *count > 0);
    parts.extend(classes.map(|(class, count)| format!("{count} {class}xx")));
    if totals.failures > 0 {
        parts.push(format!("{} failed", totals.failures));
    }
    parts.join("  ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::line;
    use crate::output::report::Totals;

    #[test]
    fn it_tells_rate_remaining_time_and_classes() {
        let totals = Totals {
            checked: 1200,
            classes: [0, 1190, 0, 10, 0],
            ..Totals::default()
        };
        assert_eq!(
            line(&totals, Some(4800), Duration::from_secs(5)),
            "█████░░░░░░░░░░░░░░░ 1200 of 4800  240 a second  15 s left  1190 2xx  10 4xx"
        );
        assert_eq!(
            line(&totals, None, Duration::from_secs(5)),
            "1200 checked  240 a second  1190 2xx  10 4xx"
        );
    }
}
