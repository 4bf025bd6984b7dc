//! One stream of an HTTP/2 connection, as its handler may bend it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use h2::Reason;
use h2::server::SendResponse;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::defect::Defect;
use crate::h2_answer::Ended;
use crate::h2_words::{self, how};
use crate::outgoing::{Left, Outgoing};
use crate::plan::{Ending, InvalidInterim, Refused};
use crate::recording::{End, Recording};

/// Streams that may be open at the same time; RFC 9113 §6.5.2 recommends no fewer than 100.
pub(crate) const STREAMS: usize = 128;

/// Time that a handler gets to notice that nobody listens.
const GRACE: Duration = Duration::from_secs(1);

/// What a stream sends in place of the response that its handler returns, or how it sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// `RST_STREAM`, and nothing before it.
    Reset(Reason),
    /// The head and so many bytes of content, then `RST_STREAM`.
    Truncate { left: usize },
    /// Content in pieces of at most so many bytes, with a pause after each.
    Throttle { bytes: usize, pause: Duration },
}

/// What streams share with their connection.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) outgoing: Arc<Outgoing>,
    /// Codes of GOAWAY frames that handlers ask for.
    farewells: mpsc::Sender<u32>,
    /// Exchanges that are under way, those that lost their client included.
    exchanges: Arc<AtomicUsize>,
}

impl Link {
    pub(crate) fn new(outgoing: Arc<Outgoing>, farewells: mpsc::Sender<u32>) -> Self {
        Self {
            outgoing,
            farewells,
            exchanges: Arc::default(),
        }
    }
}

/// A stream that has a request.
#[derive(Debug, Clone)]
pub(crate) struct Stream(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    id: u32,
    link: Link,
    /// None once the head of the response was sent, or a reset in its place.
    respond: Mutex<Option<SendResponse<Bytes>>>,
    plan: Mutex<Option<Plan>>,
    withholds_continue: AtomicBool,
    hung_up: watch::Sender<bool>,
    defect: OnceLock<Defect>,
    recording: OnceLock<Recording>,
}

impl Stream {
    pub(crate) fn new(respond: SendResponse<Bytes>, link: Link) -> Self {
        Self(Arc::new(Shared {
            id: respond.stream_id().as_u32(),
            link,
            respond: Mutex::new(Some(respond)),
            plan: Mutex::new(None),
            withholds_continue: AtomicBool::new(false),
            hung_up: watch::Sender::new(false),
            defect: OnceLock::new(),
            recording: OnceLock::new(),
        }))
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id
    }

    pub(crate) fn outgoing(&self) -> &Outgoing {
        &self.0.link.outgoing
    }

    /// Sends an interim response and waits until it has left.
    pub(crate) async fn interim(
        &self,
        status: u16,
        fields: &[(&str, &str)],
    ) -> Result<(), InvalidInterim> {
        // RFC 9113 §8.6: HTTP/2 removes support for the 101 (Switching Protocols) informational status code.
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| {
                status.is_informational() && *status != StatusCode::SWITCHING_PROTOCOLS
            })
            .ok_or(InvalidInterim::Status(status))?;
        let mut headers = HeaderMap::with_capacity(fields.len());
        for (name, value) in fields {
            let field = HeaderName::from_bytes(name.as_bytes())
                .ok()
                .filter(|name| !is_of_the_connection(name))
                .zip(HeaderValue::from_str(value).ok());
            let Some((name, value)) = field else {
                return Err(InvalidInterim::Bytes(format!("{name}: {value}")));
            };
            headers.append(name, value);
        }
        let Left { heads, content } = self.outgoing().watch(self.0.id);
        self.send_interim(status, headers)?;
        let heads = heads + 1;
        let left = self.outgoing().until(self.0.id, Left { heads, content });
        tokio::select! {
            left = left => left.map_err(|_| Refused::Gone)?,
            () = self.hung_up() => return Err(Refused::Gone.into()),
        }
        Ok(())
    }

    /// Says 100 (Continue), unless the handler does not want it said.
    pub(crate) fn say_continue(&self) {
        if !self.0.withholds_continue.load(Ordering::Acquire) {
            // A stream that is gone needs no invitation; whoever reads its content hears of it.
            let _ = self.send_interim(StatusCode::CONTINUE, HeaderMap::new());
        }
    }

    fn send_interim(&self, status: StatusCode, headers: HeaderMap) -> Result<(), Refused> {
        let mut response = Response::new(());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        let words = h2_words::response(&response);
        lock(&self.0.respond)
            .as_mut()
            .ok_or(Refused::Gone)?
            .send_informational(response)
            .map_err(|_| Refused::Gone)?;
        self.note(|| format!("sent HEADERS\n{words}"));
        Ok(())
    }

    pub(crate) fn withhold_continue(&self) {
        self.0.withholds_continue.store(true, Ordering::Release);
    }

    /// `RST_STREAM` in place of the response.
    pub(crate) fn close(&self, ending: Ending) -> Result<(), Refused> {
        self.plan(Plan::Reset(match ending {
            // A stream has no TLS of its own to end.
            Ending::Fin | Ending::BareFin => Reason::CANCEL,
            Ending::Reset => Reason::INTERNAL_ERROR,
        }))
    }

    pub(crate) fn reset_stream(&self, code: u32) -> Result<(), Refused> {
        self.plan(Plan::Reset(Reason::from(code)))
    }

    pub(crate) fn truncate(&self, content_bytes: usize) -> Result<(), Refused> {
        self.plan(Plan::Truncate {
            left: content_bytes,
        })
    }

    pub(crate) fn throttle(&self, bytes: usize, pause: Duration) -> Result<(), Refused> {
        self.plan(Plan::Throttle {
            bytes: bytes.max(1),
            pause,
        })
    }

    fn plan(&self, plan: Plan) -> Result<(), Refused> {
        if lock(&self.0.respond).is_none() || *self.0.hung_up.borrow() {
            return Err(Refused::Gone);
        }
        *lock(&self.0.plan) = Some(plan);
        Ok(())
    }

    pub(crate) fn planned(&self) -> Option<Plan> {
        *lock(&self.0.plan)
    }

    /// Notes what is wrong with the content.
    pub(crate) fn fail(&self, defect: Defect) -> Defect {
        self.0.defect.get_or_init(|| defect).clone()
    }

    pub(crate) fn defect(&self) -> Option<Defect> {
        self.0.defect.get().cloned()
    }

    /// Begins a recording.
    pub(crate) fn record(&self, head: &str) {
        let recording = Recording::new(Instant::now());
        recording.note(head);
        // A stream has one request.
        let _ = self.0.recording.set(recording);
    }

    pub(crate) fn recording(&self) -> Option<Recording> {
        self.0.recording.get().cloned()
    }

    /// Notes something if there is a recording.
    pub(crate) fn note(&self, text: impl FnOnce() -> String) {
        if let Some(recording) = self.0.recording.get() {
            recording.note(&text());
        }
    }

    /// Ends the recording, if there is one.
    pub(crate) fn end(&self, ended: &Ended) {
        let Some(recording) = self.0.recording.get() else {
            return;
        };
        recording.end(match ended {
            Ended::Whole => End::NextRequest,
            Ended::Reset(reason) => {
                recording.note(&format!("sent RST_STREAM: {reason:?}"));
                End::ResetByServer
            }
            Ended::Lost(how) => End::Lost(how.clone()),
        });
    }

    /// Asks the connection for a GOAWAY and waits until it has left.
    pub(crate) async fn go_away(&self, code: u32) -> Result<(), Refused> {
        self.0
            .link
            .farewells
            .send(code)
            .await
            .map_err(|_| Refused::Gone)?;
        self.outgoing().gone_away().await.map_err(|_| Refused::Gone)
    }

    /// Ready when nobody listens any more: the client reset the stream or left, or the exchange is over.
    pub(crate) async fn hung_up(&self) {
        let mut hung_up = self.0.hung_up.subscribe();
        // The sender lives as long as this handle.
        let _ = hung_up.wait_for(|hung_up| *hung_up).await;
    }

    /// Tells everybody who waits for it that nobody listens any more.
    pub(crate) fn hang_up(&self) {
        self.0.hung_up.send_replace(true);
    }

    /// Ready when the client reset the stream or left, as long as there is no response.
    pub(crate) fn poll_reset(&self, context: &mut Context<'_>) -> Poll<String> {
        match lock(&self.0.respond).as_mut() {
            None => Poll::Pending,
            Some(respond) => respond.poll_reset(context).map(|reset| how(&reset)),
        }
    }

    /// The right to respond, once.
    pub(crate) fn take(&self) -> Option<SendResponse<Bytes>> {
        lock(&self.0.respond).take()
    }

    /// Runs a future as long as the stream is whole, and a little longer. An error tells how the stream was lost.
    pub(crate) async fn while_whole<F: Future>(&self, future: F) -> Result<F::Output, String> {
        let mut future = pin!(future);
        let reset = tokio::select! {
            biased;
            output = &mut future => return Ok(output),
            reset = poll_fn(|context| self.poll_reset(context)) => reset,
        };
        self.hang_up();
        // A client that opens streams only to reset them must not fill the house with handlers.
        if self.0.link.exchanges.load(Ordering::Relaxed) > STREAMS {
            return Err(reset);
        }
        tokio::time::timeout(GRACE, future).await.map_err(|_| reset)
    }
}

/// The end of an exchange, however it comes: the connection forgets the stream.
#[derive(Debug)]
pub(crate) struct Exchange(Stream);

impl Exchange {
    pub(crate) fn new(stream: Stream) -> Self {
        stream.0.link.exchanges.fetch_add(1, Ordering::Relaxed);
        Self(stream)
    }

    pub(crate) fn stream(&self) -> &Stream {
        &self.0
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        // Only a handler that panicked leaves without a response. Others would hear CANCEL from the library, as if it had been their wish.
        if let Some(mut respond) = self.0.take() {
            respond.send_reset(Reason::INTERNAL_ERROR);
        }
        self.0.hang_up();
        self.0.outgoing().forget(self.0.id());
        self.0.0.link.exchanges.fetch_sub(1, Ordering::Relaxed);
    }
}

/// RFC 9113 §8.2.2: fields that HTTP/2 has no use for and that make a message malformed.
pub(crate) fn is_of_the_connection(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection" | "keep-alive" | "proxy-connection" | "te" | "transfer-encoding" | "upgrade"
    )
}

/// A panic elsewhere leaves the value whole: it is only ever replaced.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
