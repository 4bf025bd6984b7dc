//! The waterfall: where the time of a chain went, as bars on one scale for all hops.

use std::time::Duration;

use siteerror_check::Hop;

use super::words::ms;

/// The width that the time of a chain is drawn on.
const WIDTH: f64 = 1000.0;
/// A bar that is thinner cannot be seen.
const THINNEST: f64 = 3.0;

/// A phase of a hop.
#[derive(Debug)]
pub(in crate::views) struct Bar {
    /// `dns`, `connect`, `tls`, `wait`, `receive`.
    pub(in crate::views) phase: &'static str,
    pub(in crate::views) label: &'static str,
    pub(in crate::views) ms: String,
    pub(in crate::views) x: f64,
    pub(in crate::views) width: f64,
    pub(in crate::views) y: u8,
    pub(in crate::views) height: u8,
}

/// The bars of a hop.
#[derive(Debug)]
pub(in crate::views) struct Fall {
    pub(in crate::views) bars: Vec<Bar>,
    pub(in crate::views) total: String,
    /// The picture in words.
    pub(in crate::views) label: String,
}

/// One scale for all hops.
#[derive(Debug)]
pub(in crate::views) struct Scale {
    total: Duration,
    /// Where the lines are.
    pub(in crate::views) lines: Vec<f64>,
    /// What lies between two of them.
    pub(in crate::views) step: String,
}

impl Scale {
    pub(super) fn of(hops: &[Hop]) -> Self {
        let total = hops.iter().map(|hop| hop.timings.total).sum::<Duration>();
        let total = total.max(Duration::from_micros(100));
        // 1, 2 or 5 of something, so that there are at most ten lines.
        let mut step = Duration::from_micros(10);
        for factor in [2.0, 2.5, 2.0].iter().cycle().take(24) {
            if total.as_secs_f64() / step.as_secs_f64() <= 10.0 {
                break;
            }
            step = step.mul_f64(*factor);
        }
        let mut lines = Vec::new();
        let mut at = step;
        while at < total && lines.len() < 10 {
            lines.push(round(at.as_secs_f64() / total.as_secs_f64() * WIDTH));
            at += step;
        }
        let step = if step < Duration::from_secs(1) {
            format!("{} ms", ms(step).trim_end_matches(".0"))
        } else {
            format!("{} s", step.as_secs())
        };
        Self { total, lines, step }
    }

    fn at(&self, time: Duration) -> f64 {
        round(time.as_secs_f64() / self.total.as_secs_f64() * WIDTH)
    }

    /// The bars of a hop that began so long after the first.
    pub(super) fn fall(&self, hop: &Hop, number: usize, began: Duration) -> Fall {
        let timings = &hop.timings;
        let mut at = Duration::ZERO;
        let mut bars = Vec::new();
        let mut add = |phase, label, length: Duration, y, height| {
            bars.push(Bar {
                phase,
                label,
                ms: ms(length),
                x: self.at(began + at).min(WIDTH - THINNEST),
                width: self.at(length).max(THINNEST),
                y,
                height,
            });
            at += length;
        };
        for (phase, label, time, y, height) in [
            ("dns", "DNS", timings.dns, 10, 4),
            ("connect", "Connect", timings.connect, 7, 10),
            ("tls", "TLS", timings.tls, 4, 16),
        ] {
            if let Some(time) = time {
                add(phase, label, time, y, height);
            }
        }
        let before = [timings.dns, timings.connect, timings.tls]
            .into_iter()
            .flatten()
            .sum::<Duration>();
        if let Some(first) = timings.first_byte {
            add("wait", "First byte", first.saturating_sub(before), 8, 8);
            add(
                "receive",
                "Content",
                timings.total.saturating_sub(first),
                0,
                24,
            );
        } else if timings.total > before {
            // Nothing came in the time that is left, or nobody was there to ask.
            add(
                "wait",
                "Until it ended",
                timings.total.saturating_sub(before),
                8,
                8,
            );
        }
        Fall {
            bars,
            total: ms(timings.total),
            label: format!(
                "Request {number}: begins after {} ms, takes {} ms",
                ms(began),
                ms(timings.total)
            ),
        }
    }
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
