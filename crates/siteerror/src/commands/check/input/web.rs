//! Lists on the web: they are got as whatever is checked, so that the same rules say where to go.

use std::time::Duration;

use siteerror_check::{Checker, Fetched, Options};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::read::{MOST, UNPACKED_TOO_LARGE};
use super::{Enough, Out};
use crate::output::report::named;

/// Gets lists, one at a time.
pub(in crate::commands::check) struct Web {
    checker: Checker,
    options: Options,
    runtime: Handle,
    /// The time to the next one.
    gap: Duration,
    /// Whether there was one before.
    begun: bool,
}

impl Web {
    /// With the options of all checks, and their pace at a host.
    pub(in crate::commands::check) fn new(
        checker: Checker,
        options: Options,
        a_second: Option<f64>,
    ) -> Self {
        let gap = a_second.and_then(|rate| Duration::try_from_secs_f64(rate.recip()).ok());
        Self {
            checker,
            options,
            runtime: Handle::current(),
            gap: gap.unwrap_or_default(),
            begun: false,
        }
    }

    /// Where a list is behind all redirects and what is in it, or why there is none. The runtime does it, and this thread waits.
    pub(super) fn get(
        &mut self,
        url: &str,
        out: &Out,
    ) -> Result<Result<(String, Vec<u8>), String>, Enough> {
        let (checker, options) = (self.checker.clone(), self.options.clone());
        let gap = if self.begun { self.gap } else { Duration::ZERO };
        self.begun = true;
        let (send, receive) = oneshot::channel();
        let (url, wanted) = (url.to_owned(), out.send.clone());
        self.runtime.spawn(async move {
            let getting = async {
                tokio::time::sleep(gap).await;
                checker.fetch(&url, &options, MOST).await
            };
            tokio::select! {
                () = wanted.closed() => {}
                fetched = getting => { let _ = send.send(fetched); }
            }
        });
        let fetched = receive.blocking_recv().map_err(|_| Enough)?;
        Ok(judged(fetched))
    }
}

fn judged(fetched: Fetched) -> Result<(String, Vec<u8>), String> {
    if let Some(failure) = fetched.failure {
        return Err(format!("{}: {}", failure.kind, failure.text));
    }
    match fetched.status {
        Some(200..300) => {}
        Some(status) => return Err(format!("it answers {}", named(status))),
        None => return Err("there is no answer".to_owned()),
    }
    if let Some(coding) = fetched.codings.iter().find(|coding| **coding != "gzip") {
        return Err(format!(
            "it comes with the content coding {coding}, which nobody asked for"
        ));
    }
    if fetched.truncated {
        return Err(UNPACKED_TOO_LARGE.to_owned());
    }
    Ok((fetched.url, fetched.content))
}
