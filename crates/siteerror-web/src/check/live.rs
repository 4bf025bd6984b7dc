//! A check as it happens: server-sent events (WHATWG HTML, section 9.2), one for each thing that is known.

use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;
use serde_json::{Value, json};
use siteerror_check::{Observer, Progress};
use tokio::sync::mpsc;

use super::{Ask, Busy, Checked, Checks};

/// More events than a check can have: 21 hops with 10 interim responses each, and five of other kinds.
const MOST_EVENTS: usize = 512;

/// Tells what it sees. Addresses are left to the report, which has been judged as a whole.
struct Teller(mpsc::Sender<Bytes>);

impl Observer for Teller {
    fn see(&mut self, progress: Progress<'_>) {
        let (event, data) = match progress {
            Progress::HopStarted { hop, url } => ("hop", json!({"hop": hop, "url": url})),
            Progress::Resolved { hop, addresses } => {
                ("dns", json!({"hop": hop, "addresses": addresses}))
            }
            Progress::Connected { hop, reused, .. } => {
                ("connected", json!({"hop": hop, "reused": reused}))
            }
            Progress::Secured { hop, tls } => (
                "tls",
                json!({"hop": hop, "version": tls.version, "alpn": tls.alpn}),
            ),
            Progress::Interim { hop, head } => {
                ("interim", json!({"hop": hop, "status": head.status()}))
            }
            Progress::Head { hop, head } => ("head", json!({"hop": hop, "status": head.status()})),
            _ => return,
        };
        // Nobody waits for a reader that is slow: the last event has everything.
        let _ = self.0.try_send(event_of(event, &data));
    }
}

fn event_of(name: &str, data: &Value) -> Bytes {
    // JSON has no line breaks in it, so that one line of data is enough.
    format!("event: {name}\ndata: {data}\n\n").into()
}

/// The events of a check. Dropping it ends the check.
pub(crate) struct Live {
    work: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    events: mpsc::Receiver<Bytes>,
}

impl Live {
    /// Begins a check. `last` makes the final event, `busy` the one in its place where there can be no check.
    pub(crate) fn new(
        checks: Checks,
        ask: Ask,
        client: Option<IpAddr>,
        last: impl FnOnce(Result<Checked, Busy>) -> (&'static str, Value) + Send + 'static,
    ) -> Self {
        let (send, events) = mpsc::channel(MOST_EVENTS);
        let work = async move {
            let mut teller = Teller(send.clone());
            let result = checks.run(&ask, client, &mut teller).await;
            let (name, data) = last(result);
            let _ = send.send(event_of(name, &data)).await;
        };
        Self {
            work: Some(Box::pin(work)),
            events,
        }
    }
}

impl Stream for Live {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(work) = &mut self.work
            && work.as_mut().poll(context).is_ready()
        {
            self.work = None;
        }
        self.events.poll_recv(context)
    }
}
