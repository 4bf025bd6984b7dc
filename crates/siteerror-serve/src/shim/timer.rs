//! One timer for whatever the next bytes of the client are.
//!
//! It is set anew for every request and hardly ever runs out. So what is set is a note of the time, and the timer of the runtime stays where it is:
//! if it rings before that time, it is moved then.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::time::{Instant, Sleep};

/// What the timer runs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timed {
    Nothing,
    Idle,
    Head,
    Content,
}

#[derive(Debug)]
pub(super) struct Timer {
    pub(super) timed: Timed,
    /// When the time is over.
    pub(super) due: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
    /// Who is woken when it rings.
    waker: Waker,
}

impl Timer {
    pub(super) fn new() -> Self {
        Self {
            timed: Timed::Nothing,
            due: Instant::now(),
            sleep: None,
            waker: Waker::noop().clone(),
        }
    }

    /// Ready when the time is over.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let due = self.due;
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        if sleep.deadline() > due {
            sleep.as_mut().reset(due);
        } else if !sleep.is_elapsed() && self.waker.will_wake(context.waker()) {
            return Poll::Pending;
        }
        loop {
            self.waker.clone_from(context.waker());
            ready!(sleep.as_mut().poll(context));
            if sleep.deadline() >= due {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(due);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::time::Duration;

    /// Waits until the timer rings; gives how many seconds it took.
    async fn ring(timer: &mut Timer) -> u64 {
        let started = Instant::now();
        poll_fn(|context| timer.poll(context)).await;
        started.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn it_rings_when_it_was_last_told_to() {
        let mut timer = Timer::new();
        timer.due = Instant::now() + Duration::from_secs(30);
        let early = tokio::time::timeout(Duration::from_secs(20), ring(&mut timer)).await;
        assert!(early.is_err());
        // Later than before, and then earlier.
        timer.due = Instant::now() + Duration::from_secs(30);
        assert_eq!(ring(&mut timer).await, 30);
        timer.due = Instant::now() + Duration::from_secs(30);
        let early = tokio::time::timeout(Duration::from_secs(20), ring(&mut timer)).await;
        assert!(early.is_err());
        timer.due = Instant::now() + Duration::from_secs(5);
        assert_eq!(ring(&mut timer).await, 5);
    }
}
