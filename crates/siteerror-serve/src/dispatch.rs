//! From hyper to the handler and back: what a request is told about its connection, and what its response means for it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::Either;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HeaderValue};
use http::{Method, Request, Response, StatusCode, Version};
use http_body::Body;

use crate::connection::Connection;
use crate::incoming::Incoming;
use crate::plan::Plans;
use crate::recording::{End, Recording};
use crate::shared::{Shared, flag, wake_all};

/// Calls the handler with a request of hyper's, and waits for its response.
pub(crate) fn dispatch<H, F, B>(
    handler: &H,
    request: Request<hyper::body::Incoming>,
    shared: &Arc<Shared>,
    connection: &Arc<Connection>,
) -> impl Future<Output = Result<Response<B>, Infallible>> + Send + use<H, F, B>
where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body + Send + 'static,
{
    let index = shared.begin();
    let turn = take_turn(shared, index);
    // The interim response 100 can be told apart only at the head of what leaves.
    let asks = !request.body().is_end_stream() && request.headers().contains_key(EXPECT);
    let is_connect = request.method() == Method::CONNECT;
    let version = request.version();
    let unbegun = (asks && version > Version::HTTP_10).then(Arc::<AtomicBool>::default);
    let plans = Plans::new(Arc::clone(shared), index, version, turn.recording.clone());
    let later = (asks || turn.waits).then(|| plans.clone());
    let request = request.map(|content| {
        Incoming::http1(
            content,
            unbegun.clone(),
            plans,
            Arc::clone(connection),
            index,
        )
    });
    let answer = match later {
        None => Either::Left(handler(request)),
        Some(plans) => {
            let (handler, shared) = (handler.clone(), Arc::clone(shared));
            let after_the_others = async move {
                // A connection that is gone takes this future with it.
                let _ = plans.barrier().await;
                if turn.waits {
                    hand_over(&shared, turn.recording);
                }
                handler(request).await
            };
            Either::Right(Box::pin(after_the_others) as Later<Response<B>>)
        }
    };
    let shared = Arc::clone(shared);
    answer.map(move |mut response| {
        let is_unread = unbegun.is_some_and(|begun| !begun.load(Ordering::Acquire));
        if is_unread || (version == Version::HTTP_10 && is_endless(&response)) {
            close(&mut response);
        }
        conclude(&shared, index, is_connect, &mut response);
        if version == Version::HTTP_10 && says_close(&response) {
            // To a client that asked for it, hyper says `keep-alive` beside the `close` of a response that is not of its version.
            *response.version_mut() = Version::HTTP_10;
        }
        Ok(response)
    })
}

/// A response after everything before has left.
type Later<R> = Pin<Box<dyn Future<Output = R> + Send>>;

/// What a request begins with.
struct Turn {
    recording: Option<Recording>,
    /// Whether the request before is recorded, and may still be leaving.
    waits: bool,
}

fn take_turn(shared: &Shared, index: u64) -> Turn {
    let mut turn = Turn {
        recording: None,
        waits: false,
    };
    if !shared.has(flag::RECORD | flag::RECORD_NEXT | flag::WATCH | flag::WITHHOLD) {
        return turn;
    }
    shared.clear(flag::WATCH | flag::WITHHOLD);
    let mut state = shared.lock();
    wake_all(&mut state.watching);
    if state.to_come.front().is_some_and(|(of, _)| *of == index) {
        turn.recording = state.to_come.pop_front().map(|(_, recording)| recording);
    }
    if state.to_come.is_empty() {
        shared.clear(flag::RECORD_NEXT);
    }
    turn.waits = shared.has(flag::RECORD);
    drop(state);
    if !turn.waits {
        hand_over(shared, turn.recording.clone());
    }
    turn
}

/// From now on, what leaves belongs to this recording.
fn hand_over(shared: &Shared, recording: Option<Recording>) {
    if recording.is_some() {
        shared.set(flag::RECORD);
    } else {
        shared.clear(flag::RECORD);
    }
    if let Some(before) = std::mem::replace(&mut shared.lock().recording, recording) {
        before.end(End::NextRequest);
    }
}

/// Whether only the end of the connection tells where a response to HTTP/1.0 ends. Such an answer must not say `keep-alive`, as hyper would.
fn is_endless<B: Body>(response: &Response<B>) -> bool {
    response.body().size_hint().exact().is_none()
        && !response.headers().contains_key(CONTENT_LENGTH)
}

/// Says that the connection ends with this response.
///
/// RFC 9110 §10.1.1: who answers a client that waits with its content before having read it SHOULD tell whether the connection goes on; hyper ends it.
fn close<B>(response: &mut Response<B>) {
    if !says_close(response) {
        // Beside what Connection says already, such as Upgrade.
        response
            .headers_mut()
            .append(CONNECTION, HeaderValue::from_static("close"));
    }
}

/// Whether `close` is among what Connection says.
fn says_close<B>(response: &Response<B>) -> bool {
    response.headers().get_all(CONNECTION).iter().any(|line| {
        let mut items = line.as_bytes().split(|byte| *byte == b',');
        items.any(|item| item.trim_ascii().eq_ignore_ascii_case(b"close"))
    })
}

/// Draws what follows for the connection from a response.
fn conclude<B>(shared: &Shared, index: u64, is_connect: bool, response: &mut Response<B>) {
    // A plan holds for the rest of the connection, and content with a defect has no end, so no other response may follow.
    if shared.has(flag::PLAN | flag::FAILED) {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    // RFC 9110 §9.3.6: any 2xx to CONNECT makes a tunnel.
    if response.status() == StatusCode::SWITCHING_PROTOCOLS
        || (is_connect && response.status().is_success())
    {
        shared.set(flag::SWITCHED);
    }
    if shared.has(flag::UNDECIDED) && shared.lock().undecided == index {
        shared.clear(flag::UNDECIDED);
    }
}
