//! A response on its way through a stream of HTTP/2: with back-pressure, trailers, and the plan that the handler made.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use h2::{Reason, SendStream};
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode, response};
use http_body::Body;

use crate::h2_stream::{Plan, Stream, is_of_the_connection};
use crate::h2_words::{self, how, listed};
use crate::outgoing::Left;

/// Time that a client gets to look at content before a reset follows: clients that find both at once tend to throw the content away.
const BEFORE_RESET: Duration = Duration::from_millis(200);

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// To the last byte.
    Whole,
    /// By `RST_STREAM` of ours.
    Reset(Reason),
    /// By the client, or with the connection.
    Lost(String),
}

/// Sends the response to a request with this method.
pub(crate) async fn send<B>(
    response: Response<B>,
    stream: &Stream,
    method: &Method,
    date: HeaderValue,
    write_deadline: Duration,
) -> Ended
where
    B: Body<Data = Bytes>,
{
    let Some(mut respond) = stream.take() else {
        return Ended::Lost("the stream is closed".to_owned());
    };
    let plan = stream.planned();
    if let Some(Plan::Reset(reason)) = plan {
        respond.send_reset(reason);
        return Ended::Reset(reason);
    }
    let (mut head, body) = response.into_parts();
    let is_bodiless = prepare(&mut head, &body, method, date);
    let is_last = is_bodiless || body.is_end_stream();
    let before = match plan {
        Some(Plan::Truncate { .. }) => stream.outgoing().watch(stream.id()),
        _ => Left::default(),
    };
    let head = Response::from_parts(head, ());
    stream.note(|| format!("sent HEADERS\n{}", h2_words::response(&head)));
    match respond.send_response(head, is_last) {
        Err(error) => Ended::Lost(error.to_string()),
        Ok(_) if is_last => Ended::Whole,
        Ok(sending) => {
            let answer = Answer {
                sending,
                stream,
                write_deadline,
                plan,
                before,
                sent: 0,
            };
            answer.send(body).await
        }
    }
}

/// Brings a head into the form that HTTP/2 wants, and tells whether no content may follow.
fn prepare<B: Body>(
    head: &mut response::Parts,
    body: &B,
    method: &Method,
    date: HeaderValue,
) -> bool {
    if head.status.is_informational() {
        // No final response: what comes after it would never end.
        tracing::error!(
            "a handler returned {} as its response",
            head.status.as_u16()
        );
        head.status = StatusCode::INTERNAL_SERVER_ERROR;
        head.headers.clear();
        head.headers.insert(DATE, date);
        return true;
    }
    drop_connection_fields(&mut head.headers);
    head.headers.entry(DATE).or_insert(date);
    let is_tunnel = method == Method::CONNECT && head.status.is_success();
    if is_tunnel || head.status == StatusCode::NO_CONTENT {
        // RFC 9110 §8.6: no Content-Length in a response with status 204, nor in a 2xx to CONNECT.
        head.headers.remove(CONTENT_LENGTH);
        return !is_tunnel;
    }
    if head.status == StatusCode::NOT_MODIFIED {
        return true;
    }
    let is_head = method == Method::HEAD;
    if let Some(exact) = body.size_hint().exact()
        && !(is_head && exact == 0)
    {
        head.headers
            .entry(CONTENT_LENGTH)
            .or_insert_with(|| HeaderValue::from(exact));
    }
    is_head
}

/// RFC 9113 §8.2.2, and RFC 9110 §7.6.1 for the fields that Connection names.
fn drop_connection_fields(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    let dropped: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_of_the_connection(name))
        .cloned()
        .collect();
    for name in dropped {
        headers.remove(name);
    }
}

/// Content on its way.
struct Answer<'a> {
    sending: SendStream<Bytes>,
    stream: &'a Stream,
    write_deadline: Duration,
    plan: Option<Plan>,
    /// What had left of the stream before the head.
    before: Left,
    sent: usize,
}

impl Answer<'_> {
    async fn send<B: Body<Data = Bytes>>(mut self, body: B) -> Ended {
        let mut body = pin!(body);
        loop {
            let next = poll_fn(|context| {
                if let Poll::Ready(frame) = body.as_mut().poll_frame(context) {
                    return Poll::Ready(Ok(frame));
                }
                self.sending
                    .poll_reset(context)
                    .map(|reset| Err(Ended::Lost(how(&reset))))
            });
            let frame = match next.await {
                Err(lost) => return lost,
                Ok(None) => return self.end(),
                Ok(Some(Err(_))) => return self.reset(Reason::INTERNAL_ERROR),
                Ok(Some(Ok(frame))) => frame,
            };
            let frame = match frame.into_data() {
                Ok(data) => {
                    if let Err(ended) = self.content(data, body.is_end_stream()).await {
                        return ended;
                    }
                    continue;
                }
                Err(frame) => frame,
            };
            if let Ok(mut trailers) = frame.into_trailers() {
                drop_connection_fields(&mut trailers);
                self.stream
                    .note(|| format!("sent HEADERS (trailers)\n{}", listed(&trailers)));
                return match self.sending.send_trailers(trailers) {
                    Ok(()) => Ended::Whole,
                    Err(error) => Ended::Lost(error.to_string()),
                };
            }
        }
    }

    /// Sends some content as the windows of the client allow; `is_end` if it is the last. An error is the end of the answer, a good one or a bad one.
    async fn content(&mut self, mut data: Bytes, is_end: bool) -> Result<(), Ended> {
        while !data.is_empty() {
            let most = match self.plan {
                Some(Plan::Truncate { left }) if left <= self.sent => return Err(self.cut().await),
                Some(Plan::Truncate { left }) => left - self.sent,
                Some(Plan::Throttle { bytes, .. }) => bytes,
                _ => usize::MAX,
            };
            let granted = self.window(data.len().min(most)).await?;
            let piece = data.split_to(granted);
            self.sent += granted;
            let is_last = data.is_empty() && is_end;
            self.stream.note(|| format!("sent DATA: {granted} bytes"));
            self.sending
                .send_data(piece, is_last)
                .map_err(|error| Ended::Lost(error.to_string()))?;
            if is_last {
                return Err(Ended::Whole);
            }
            if let Some(Plan::Throttle { pause, .. }) = self.plan {
                self.pause(pause).await?;
            }
        }
        Ok(())
    }

    /// Waits until at least a byte may be sent, and tells how many of `wanted` may.
    async fn window(&mut self, wanted: usize) -> Result<usize, Ended> {
        self.sending.reserve_capacity(wanted);
        let sending = &mut self.sending;
        let granted = poll_fn(|context| {
            loop {
                let capacity = sending.capacity();
                if capacity > 0 {
                    return Poll::Ready(Ok(capacity));
                }
                match ready!(sending.poll_capacity(context)) {
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Poll::Ready(Err(error.to_string())),
                    None => return Poll::Ready(Err("the client reset the stream".to_owned())),
                }
            }
        });
        match tokio::time::timeout(self.write_deadline, granted).await {
            Ok(Ok(capacity)) => Ok(capacity.min(wanted)),
            Ok(Err(lost)) => Err(Ended::Lost(lost)),
            Err(_) => Err(self.reset(Reason::CANCEL)),
        }
    }

    async fn pause(&mut self, pause: Duration) -> Result<(), Ended> {
        let reset = poll_fn(|context| self.sending.poll_reset(context));
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            reset = reset => Err(Ended::Lost(how(&reset))),
        }
    }

    /// Breaks off, once what was sent so far has left: a reset makes the library forget what it still holds.
    async fn cut(&mut self) -> Ended {
        let heads = self.before.heads + 1;
        let content = self.before.content + self.sent;
        let left = Left { heads, content };
        let left = self.stream.outgoing().until(self.stream.id(), left);
        let reset = poll_fn(|context| self.sending.poll_reset(context));
        // Whoever takes too long gets the reset without the rest.
        let seen = async {
            let _ = tokio::time::timeout(self.write_deadline, left).await;
            tokio::time::sleep(BEFORE_RESET).await;
        };
        tokio::select! {
            () = seen => {}
            reset = reset => return Ended::Lost(how(&reset)),
        }
        self.reset(Reason::INTERNAL_ERROR)
    }

    fn end(&mut self) -> Ended {
        match self.sending.send_data(Bytes::new(), true) {
            Ok(()) => Ended::Whole,
            Err(error) => Ended::Lost(error.to_string()),
        }
    }

    fn reset(&mut self, reason: Reason) -> Ended {
        self.sending.send_reset(reason);
        Ended::Reset(reason)
    }
}
