//! HTTP/2 (RFC 9113): accepts the streams of a connection, runs a handler for each, and lets the connection go in good order.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use h2::server::{self, Builder, SendResponse};
use h2::{Ping, PingPong, Reason, RecvStream};
use http::Request;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep};

use crate::h2_stream::{Exchange, Link, STREAMS, Stream};
use crate::options::Limits;
use crate::outgoing::{Outgoing, Tap};

/// Content that a client may send ahead of what is read: on a stream, and on the whole connection.
const STREAM_WINDOW: u32 = 128 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;

/// Bytes of content that wait for the socket, for each stream.
const SEND_BUFFER: usize = 64 * 1024;

/// Streams that every connection may have. What it has beyond them comes out of [`Limits::streams`].
const OWN_STREAMS: usize = 8;

/// Streams that a client may reset before they are answered, beyond as many as were answered: who resets more is not after answers.
const RESETS: u64 = 200;

/// A silent client is asked for a sign of life so often, and has so long to give it.
const PULSE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(20);

/// Time that a client gets to close a connection that has said farewell and has nothing left to do.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves a connection until it ends. `run` takes a request to its end and tells whether it was answered.
///
/// `stock`: the streams that all connections share. `idle`: how long a connection without streams is kept. `stop`: when to let streams under way finish and accept no more.
pub(crate) async fn serve<T, F>(
    io: T,
    limits: &Limits,
    stock: Arc<Semaphore>,
    idle: Duration,
    mut run: impl FnMut(Request<RecvStream>, Exchange) -> F,
    stop: impl Future<Output = ()>,
) -> Result<(), h2::Error>
where
    T: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = bool> + Send + 'static,
{
    let outgoing = Arc::new(Outgoing::default());
    let tap = Tap::new(io, Arc::clone(&outgoing));
    let handshake = builder(limits).handshake(tap);
    let Ok(connection) = tokio::time::timeout(limits.head_deadline, handshake).await else {
        return Ok(());
    };
    let (farewells, mut asked) = mpsc::channel(1);
    let mut served = Served::new(connection?, Link::new(outgoing, farewells), stock);
    let mut timer = pin!(tokio::time::sleep(idle));
    let mut stop = pin!(stop);
    let ended = loop {
        let pause = if served.is_leaving { FAREWELL } else { idle };
        tokio::select! {
            arrived = served.connection.accept() => match arrived {
                None => break Ok(()),
                Some(Err(error)) => break Err(error),
                Some(Ok((request, respond))) => {
                    timer.as_mut().reset(Instant::now() + pause);
                    served.accept(request, respond, &mut run);
                }
            },
            Some(answered) = served.exchanges.join_next() => {
                timer.as_mut().reset(Instant::now() + pause);
                // A handler that panicked gave its answer too.
                served.count(answered.unwrap_or(true));
            }
            Some(code) = asked.recv() => {
                served.link.outgoing.go_away(served.last_stream, code);
                served.leave();
            }
            () = &mut stop, if !served.is_leaving => served.leave(),
            () = served.pulse.beat(), if served.is_busy() => break Ok(()),
            () = &mut timer => {
                if !served.is_busy() {
                    if served.is_leaving {
                        break Ok(());
                    }
                    served.leave();
                }
                let pause = if served.is_leaving { FAREWELL } else { idle };
                timer.as_mut().reset(Instant::now() + pause);
            }
        }
    };
    let Served {
        connection,
        mut exchanges,
        ..
    } = served;
    // Streams hear of the end, and handlers get their grace.
    drop(connection);
    while exchanges.join_next().await.is_some() {}
    ended
}

fn builder(limits: &Limits) -> Builder {
    let streams = u32::try_from(STREAMS).unwrap_or(u32::MAX);
    let fields = u32::try_from(limits.fields_bytes).unwrap_or(u32::MAX);
    let mut builder = Builder::new();
    builder
        .max_concurrent_streams(streams)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buffer_size(SEND_BUFFER)
        // Beyond the limit a request gets a 431 that explains itself; beyond twice the limit, a bare one from the library.
        .max_header_list_size(fields.saturating_mul(2));
    builder
}

/// A connection and what goes on in it.
struct Served<T> {
    connection: server::Connection<Tap<T>, Bytes>,
    link: Link,
    exchanges: JoinSet<bool>,
    stock: Arc<Semaphore>,
    pulse: Pulse,
    last_stream: u32,
    is_leaving: bool,
    answered: u64,
    lost: u64,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Served<T> {
    fn new(
        mut connection: server::Connection<Tap<T>, Bytes>,
        link: Link,
        stock: Arc<Semaphore>,
    ) -> Self {
        Self {
            pulse: Pulse::new(connection.ping_pong()),
            connection,
            link,
            exchanges: JoinSet::new(),
            stock,
            last_stream: 0,
            is_leaving: false,
            answered: 0,
            lost: 0,
        }
    }

    fn accept<F>(
        &mut self,
        request: Request<RecvStream>,
        mut respond: SendResponse<Bytes>,
        run: &mut impl FnMut(Request<RecvStream>, Exchange) -> F,
    ) where
        F: Future<Output = bool> + Send + 'static,
    {
        // RFC 9113 §6.8: streams above the one that GOAWAY names are not processed, and the client knows.
        if self.link.outgoing.is_going_away() {
            respond.send_reset(Reason::REFUSED_STREAM);
            return;
        }
        let place = if self.exchanges.len() < OWN_STREAMS {
            None
        } else if let Ok(place) = Arc::clone(&self.stock).try_acquire_owned() {
            Some(place)
        } else {
            // RFC 9113 §8.7: it was not processed, so the client may try again.
            respond.send_reset(Reason::REFUSED_STREAM);
            return;
        };
        self.last_stream = respond.stream_id().as_u32();
        let exchange = Exchange::new(Stream::new(respond, self.link.clone()));
        let answered = run(request, exchange);
        self.exchanges.spawn(async move {
            let _place = place;
            answered.await
        });
    }

    fn count(&mut self, answered: bool) {
        if answered {
            self.answered += 1;
        } else {
            self.lost += 1;
        }
        if self.lost > self.answered + RESETS {
            self.connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
        }
    }

    fn leave(&mut self) {
        if !self.is_leaving {
            self.is_leaving = true;
            self.connection.graceful_shutdown();
        }
    }

    fn is_busy(&self) -> bool {
        !self.exchanges.is_empty() || self.connection.has_streams()
    }
}

/// Asks a client for signs of life.
struct Pulse {
    pings: Option<PingPong>,
    timer: Pin<Box<Sleep>>,
    is_waiting: bool,
}

impl Pulse {
    fn new(pings: Option<PingPong>) -> Self {
        Self {
            pings,
            timer: Box::pin(tokio::time::sleep(PULSE)),
            is_waiting: false,
        }
    }

    /// Ready when the client is dead. May be dropped and called again.
    async fn beat(&mut self) {
        poll_fn(|context| self.poll_beat(context)).await;
    }

    fn poll_beat(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(pings) = &mut self.pings else {
            return Poll::Pending;
        };
        loop {
            if self.is_waiting {
                match pings.poll_pong(context) {
                    Poll::Ready(Ok(_)) => {
                        self.is_waiting = false;
                        self.timer.as_mut().reset(Instant::now() + PULSE);
                    }
                    Poll::Ready(Err(_)) => return Poll::Ready(()),
                    Poll::Pending => {}
                }
            }
            ready!(self.timer.as_mut().poll(context));
            if self.is_waiting || pings.send_ping(Ping::opaque()).is_err() {
                return Poll::Ready(());
            }
            self.is_waiting = true;
            self.timer.as_mut().reset(Instant::now() + PATIENCE);
        }
    }
}
