//! One exchange on HTTP/2: the request, its handler, the response.

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use h2::RecvStream;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;

use crate::connection::Connection;
use crate::h2_answer::{Ended, send};
use crate::h2_content::Content;
use crate::h2_request::{judge, target};
use crate::h2_stream::Exchange;
use crate::h2_words;
use crate::incoming::Incoming;
use crate::options::{Options, Refusal};
use crate::refusal::date;

/// Takes a request to its end, and tells whether it was answered.
pub(crate) async fn run<H, F, B>(
    request: Request<RecvStream>,
    exchange: Exchange,
    handler: H,
    (connection, index): (Arc<Connection>, u64),
    options: Arc<Options>,
) -> bool
where
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<B>>,
    B: Body<Data = Bytes>,
{
    let stream = exchange.stream();
    let method = request.method().clone();
    let limits = &options.limits;
    if let Some(gate) = &options.gate
        && (gate.record)(target(&request).as_bytes())
    {
        stream.record(&format!(
            "received HEADERS\n{}",
            h2_words::request(&request)
        ));
    }
    let mut request = Content::new(request, stream.clone(), limits.content_deadline);
    let refused = examine(&mut request, &options, connection.tls.is_some());
    let ended = if let Some(refused) = refused {
        let refused = refused.map(Full::new);
        send(refused, stream, &method, date(), limits.write_deadline).await
    } else {
        let request =
            request.map(|content| Incoming::http2(content, stream.clone(), connection, index));
        match stream.while_whole(handler(request)).await {
            Ok(response) => send(response, stream, &method, date(), limits.write_deadline).await,
            Err(lost) => Ended::Lost(lost),
        }
    };
    stream.end(&ended);
    !matches!(ended, Ended::Lost(_))
}

/// Looks at a request if there is a gate, and makes the response if it is to be refused.
fn examine(
    request: &mut Request<Content>,
    options: &Options,
    is_tls: bool,
) -> Option<Response<Bytes>> {
    let gate = options.gate.as_ref()?;
    let defect = judge(request, &options.limits, is_tls).err()?;
    let mut head = h2_words::request(request).into_bytes();
    head.truncate(options.limits.head_bytes);
    let head = head.into();
    Some((gate.refuse)(&Refusal { defect, head }))
}
