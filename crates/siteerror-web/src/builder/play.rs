//! Plays a request inside the server: against the real playground, over a connection in memory. Nothing is dialled.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use siteerror_playground::Playground;
use siteerror_serve::{End as WireEnd, EventKind, Incoming, Recording, serve_stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// The playground holds an answer back for 10 s at most; a bit more shows that nothing follows.
const MOST_TIME: Duration = Duration::from_secs(12);
/// Bytes of an answer that are taken.
const MOST_BYTES: usize = 64 * 1024;
/// Bytes that lie between the two sides of the connection.
const BETWEEN: usize = 16 * 1024;

/// What came back for a request.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// What left in one go, and when, counted from the request.
    pub(crate) pieces: Vec<(Duration, Bytes)>,
    pub(crate) end: End,
    pub(crate) lasted: Duration,
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The response is complete and the connection could serve another request.
    Kept,
    /// The connection speaks another protocol from here on.
    Switched,
    /// The server closed the connection.
    Closed,
    /// The server reset the connection.
    Reset,
    /// Time was up.
    Waiting,
    /// There was more than is taken.
    TooMuch,
}

/// Sends the bytes of a request and takes what comes.
pub(crate) async fn play(playground: &Playground, message: &str) -> Exchange {
    let (mine, theirs) = tokio::io::duplex(BETWEEN);
    let (mut reader, mut writer) = tokio::io::split(mine);
    let (tell, mut told) = oneshot::channel();
    let tell = Arc::new(Mutex::new(Some(tell)));
    let recording: Arc<Mutex<Option<Recording>>> = Arc::default();
    let mut options = playground.serve_options();
    if let Some(gate) = &mut options.gate {
        // How a connection ended is known only where it was recorded.
        gate.record = Arc::new(|_| true);
    }
    let handler = {
        let recording = Arc::clone(&recording);
        let playground = playground.clone();
        move |request: http::Request<Incoming>| {
            let (playground, recording, tell) = (
                playground.clone(),
                Arc::clone(&recording),
                Arc::clone(&tell),
            );
            async move {
                *recording.lock().unwrap_or_else(PoisonError::into_inner) =
                    request.body().wire().recording();
                let response = playground.respond(request).await;
                let tell = tell.lock().unwrap_or_else(PoisonError::into_inner).take();
                response.map(|body| Told {
                    body: Box::pin(body),
                    _tell: tell,
                })
            }
        }
    };
    let began = Instant::now();
    let mut pieces: Vec<(Duration, Bytes)> = Vec::new();
    let mut taken = 0;
    let mut over = None;
    let server = Box::pin(serve_stream(theirs, handler, &options));
    let client = async {
        // A server that refuses early stops reading; what it says is still to be read.
        let _ = writer.write_all(message.as_bytes()).await;
        let mut is_told = false;
        let mut buffer = vec![0; BETWEEN];
        while taken < MOST_BYTES {
            let count = tokio::select! {
                biased;
                count = reader.read(&mut buffer) => count.unwrap_or(0),
                _ = &mut told, if !is_told => {
                    is_told = true;
                    // The response has no more to come: a client with nothing more to ask closes its side.
                    let _ = writer.shutdown().await;
                    continue;
                }
            };
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                over = Some(began.elapsed());
                // A server that has closed waits a while for its client to do the same.
                let _ = writer.shutdown().await;
                return None;
            };
            taken += count;
            pieces.push((began.elapsed(), Bytes::copy_from_slice(bytes)));
        }
        Some(End::TooMuch)
    };
    let both = async {
        tokio::pin!(server, client);
        let mut is_served = false;
        loop {
            tokio::select! {
                biased;
                end = &mut client => {
                    if end.is_none() && !is_served {
                        server.await;
                    }
                    break end;
                }
                () = &mut server, if !is_served => is_served = true,
            }
        }
    };
    let end = tokio::time::timeout(MOST_TIME, both).await;
    let recording = recording
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let end = match end {
        Err(_) => End::Waiting,
        Ok(Some(end)) => end,
        Ok(None) => ended(recording.as_ref(), &pieces),
    };
    Exchange {
        pieces,
        end,
        lasted: over.unwrap_or_else(|| began.elapsed()),
    }
}

/// Who ended it: by what was recorded, and by what the response itself announced.
fn ended(recording: Option<&Recording>, pieces: &[(Duration, Bytes)]) -> End {
    let events = recording.map(Recording::events).unwrap_or_default();
    let end = events.iter().find_map(|event| match &event.kind {
        EventKind::Ended(end) => Some(end.clone()),
        _ => None,
    });
    let announces_the_end = pieces.iter().any(|(_, bytes)| {
        let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        head.contains("\r\nconnection: close")
    });
    let is_switched = pieces
        .first()
        .is_some_and(|(_, bytes)| bytes.starts_with(b"HTTP/1.1 101 "));
    match end {
        _ if is_switched => End::Switched,
        Some(WireEnd::ResetByServer) => End::Reset,
        Some(WireEnd::ClosedByClient | WireEnd::NextRequest) if !announces_the_end => End::Kept,
        _ => End::Closed,
    }
}

/// The content of a response, which tells when it is gone: by then all of it is on its way.
struct Told {
    body: Pin<Box<siteerror_playground::Body>>,
    _tell: Option<oneshot::Sender<()>>,
}

impl http_body::Body for Told {
    type Data = Bytes;
    type Error = <siteerror_playground::Body as http_body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.body.as_mut().poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
