//! One timer for everything that a task waits for. Moving its deadline forward costs nothing: the timer of the runtime is armed once, and moved when it
//! fires too early.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// The deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Elapsed;

#[derive(Debug)]
pub(crate) struct Timer {
    sleep: Pin<Box<Sleep>>,
    /// Whether the sleep was polled to its end, so that it must be set anew.
    spent: bool,
}

impl Timer {
    pub(crate) fn new() -> Self {
        // Far away: whoever waits says until when.
        let far = Instant::now() + Duration::from_hours(1);
        Self {
            sleep: Box::pin(sleep_until(far)),
            spent: false,
        }
    }

    /// Waits for a future, but not beyond a deadline. What is ready at once costs no look at the clock.
    pub(crate) async fn until<F: Future>(
        &mut self,
        deadline: Instant,
        future: F,
    ) -> Result<F::Output, Elapsed> {
        let mut future = pin!(future);
        let mut armed = false;
        poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            loop {
                // A sleep that ends before the deadline is left alone until it fires: most exchanges are over by then.
                if self.spent || (!armed && self.sleep.deadline() > deadline) {
                    self.sleep.as_mut().reset(deadline);
                    self.spent = false;
                }
                armed = true;
                match self.sleep.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(()) => {
                        self.spent = true;
                        if Instant::now() >= deadline {
                            return Poll::Ready(Err(Elapsed));
                        }
                    }
                }
            }
        })
        .await
    }
}
