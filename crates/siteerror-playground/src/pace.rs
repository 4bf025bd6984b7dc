//! The pace of an answer in pieces: what it waits for before it begins, and how its pieces are spread over a time.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use http::Method;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use tokio::time::Instant;

use crate::call::{Call, Hold};
use crate::limits;
use crate::refusal::Refusal;

/// When the pieces of an answer leave. It has one of the places for requests that wait, if it waits at all.
pub(crate) struct Pace {
    delay: Duration,
    duration: Duration,
    jitter: f64,
    random: ChaCha8Rng,
    hold: Option<Hold>,
}

impl Pace {
    /// First `delay`, then `duration` from the first piece to the last. A HEAD request waits for neither: it gets no pieces.
    ///
    /// # Errors
    ///
    /// If they are more than the limit together, or all places are taken.
    pub(crate) fn new(call: &Call, delay: Duration, duration: Duration) -> Result<Self, Refusal> {
        let together = delay.saturating_add(duration);
        if together > Duration::from_secs(limits::DELAY.max) {
            return Err(Refusal::limit(limits::DELAY, together.as_secs_f64()));
        }
        let waits = !together.is_zero() && call.parts.method != Method::HEAD;
        let (delay, duration) = if waits {
            (delay, duration)
        } else {
            (Duration::ZERO, Duration::ZERO)
        };
        Ok(Self {
            delay,
            duration,
            jitter: 0.0,
            random: call.random(),
            hold: waits.then(|| call.hold()).transpose()?,
        })
    }

    /// The same, but pieces leave up to this share of a step early or late. The first and the last keep their times.
    pub(crate) fn jitter(mut self, share: f64) -> Self {
        self.jitter = share;
        self
    }

    /// Whether all pieces may leave at once.
    pub(crate) fn is_instant(&self) -> bool {
        self.duration.is_zero()
    }

    /// Waits for what stands before the first piece.
    ///
    /// # Errors
    ///
    /// If the client leaves meanwhile.
    pub(crate) async fn begin(&self, call: &Call) -> Result<(), Refusal> {
        if self.delay.is_zero() {
            return Ok(());
        }
        call.wait_until(Instant::now() + self.delay).await
    }

    /// So many pieces, each made when its time has come. The place is given back when the last one is due, however slowly the client takes them.
    pub(crate) fn spread(
        self,
        count: usize,
        make: impl FnMut(usize) -> Bytes + Send + 'static,
    ) -> impl Stream<Item = Bytes> + Send + 'static {
        stream::unfold(
            (self, make, 0, None),
            move |(mut pace, mut make, index, start)| async move {
                if index >= count {
                    return None;
                }
                let (start, hold) = start.unwrap_or_else(|| {
                    let start = Instant::now();
                    let hold = pace.hold.take();
                    (start, hold.map(|hold| hold.until(start + pace.duration)))
                });
                let due = pace.due(index, count);
                if !due.is_zero() {
                    tokio::time::sleep_until(start + due).await;
                }
                let piece = make(index);
                Some((piece, (pace, make, index + 1, Some((start, hold)))))
            },
        )
    }

    /// When a piece leaves, counted from the first.
    fn due(&mut self, index: usize, count: usize) -> Duration {
        if self.duration.is_zero() || index == 0 {
            return Duration::ZERO;
        }
        let steps = u32::try_from(count.saturating_sub(1))
            .unwrap_or(u32::MAX)
            .max(1);
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let mut step = f64::from(index);
        if self.jitter > 0.0 && index < steps {
            step += self.jitter * (self.random.random::<f64>() * 2.0 - 1.0);
        }
        self.duration
            .mul_f64((step / f64::from(steps)).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;
    use proptest::prelude::*;
    use rand_chacha::rand_core::SeedableRng as _;

    use super::*;

    fn pace(milliseconds: u64, jitter: f64) -> Pace {
        Pace {
            delay: Duration::ZERO,
            duration: Duration::from_millis(milliseconds),
            jitter,
            random: ChaCha8Rng::from_seed([7; 32]),
            hold: None,
        }
    }

    proptest! {
        #[test]
        fn the_first_and_the_last_keep_their_times(milliseconds in 0_u64..10_000, jitter in 0.0_f64..=1.0, count in 2_usize..2000) {
            let mut pace = pace(milliseconds, jitter);
            prop_assert_eq!(pace.due(0, count), Duration::ZERO);
            prop_assert_eq!(pace.due(count - 1, count), Duration::from_millis(milliseconds));
            for index in 0..count {
                prop_assert!(pace.due(index, count) <= Duration::from_millis(milliseconds));
            }
        }
    }

    /// The clock stands still but for waiting, so the time that passes is the time that was waited.
    #[tokio::test(start_paused = true)]
    async fn pieces_fill_the_time_and_come_in_order() {
        for count in [2, 3, 10, 1000] {
            let begin = Instant::now();
            let pieces = pace(2000, 1.0).spread(count, |index| index.to_string().into());
            let pieces: Vec<Bytes> = pieces.collect().await;
            let expected: Vec<Bytes> = (0..count).map(|index| index.to_string().into()).collect();
            assert_eq!(pieces, expected);
            assert_eq!(begin.elapsed().as_millis() / 10, 200, "{count}");
        }
        let begin = Instant::now();
        assert_eq!(pace(2000, 0.0).spread(1, |_| Bytes::new()).count().await, 1);
        assert_eq!(pace(2000, 0.0).spread(0, |_| Bytes::new()).count().await, 0);
        assert_eq!(pace(0, 1.0).spread(9, |_| Bytes::new()).count().await, 9);
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }
}
