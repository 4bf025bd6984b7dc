//! The connection under a request, whatever version of HTTP it speaks: what a handler may ask of it.

use std::time::Duration;

use http::Version;

use crate::defect::Defect;
use crate::h2_stream::Stream;
use crate::plan::{Ending, InvalidInterim, Plans, Refused};
use crate::recording::Recording;

/// The connection under a request: [`Incoming::wire`](crate::Incoming::wire).
///
/// On HTTP/1.1, everything asked for begins once all earlier responses of the connection have left, so that none of them is touched; and where it is
/// more than an interim response, the connection ends with this one, so that no later one is. On HTTP/2, all of it concerns the stream of
/// this request and no other, but for [`Wire::go_away`].
#[derive(Debug, Clone)]
pub struct Wire(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Http1(Plans),
    Http2(Stream),
}

impl From<Plans> for Wire {
    fn from(plans: Plans) -> Self {
        Self(Kind::Http1(plans))
    }
}

impl From<Stream> for Wire {
    fn from(stream: Stream) -> Self {
        Self(Kind::Http2(stream))
    }
}

impl Wire {
    /// The version of HTTP that this request came in.
    pub fn version(&self) -> Version {
        match &self.0 {
            Kind::Http1(plans) => plans.version(),
            Kind::Http2(_) => Version::HTTP_2,
        }
    }

    /// Sends an interim response and waits until it has left. HTTP/2 has no reason phrases, and names are in lower case there.
    ///
    /// # Errors
    ///
    /// If the status is not from 100 to 199, if a text cannot stand in a message, or if the connection is gone. HTTP/1.0 has no interim responses
    /// (RFC 9110 §15.2); HTTP/2 has all but 101 (RFC 9113 §8.6), and none with a field about the connection (RFC 9113 §8.2.2).
    pub async fn interim(
        &self,
        status: u16,
        reason: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), InvalidInterim> {
        match &self.0 {
            Kind::Http1(plans) => plans.interim(status, reason, fields).await,
            Kind::Http2(stream) => stream.interim(status, fields).await,
        }
    }

    /// Sends bytes as they are, and waits until they have left.
    ///
    /// # Errors
    ///
    /// If the connection is gone, or speaks HTTP/2: bytes between its frames would concern all streams.
    pub async fn raw(&self, bytes: &[u8]) -> Result<(), Refused> {
        match &self.0 {
            Kind::Http1(plans) => plans.raw(bytes).await,
            Kind::Http2(_) => Err(Refused::Version),
        }
    }

    /// Ends the connection in place of the response. On HTTP/2 it is the stream that ends, by a reset with `INTERNAL_ERROR` for
    /// [`Ending::Reset`] and `CANCEL` for the others (RFC 9113 §7).
    ///
    /// # Errors
    ///
    /// If the connection is gone already.
    pub async fn close(&self, ending: Ending) -> Result<(), Refused> {
        match &self.0 {
            Kind::Http1(plans) => plans.close(ending).await,
            Kind::Http2(stream) => stream.close(ending),
        }
    }

    /// Lets the head and `content_bytes` of what follows it out, then ends the connection; on HTTP/2 the stream, by a reset with `INTERNAL_ERROR`.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn truncate(&self, content_bytes: usize, ending: Ending) -> Result<(), Refused> {
        match &self.0 {
            Kind::Http1(plans) => plans.truncate(content_bytes, ending).await,
            Kind::Http2(stream) => stream.truncate(content_bytes),
        }
    }

    /// Lets at most `bytes` out at a time, with a pause after each; on HTTP/2 it is content that is counted, without the head.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn throttle(&self, bytes: usize, pause: Duration) -> Result<(), Refused> {
        match &self.0 {
            Kind::Http1(plans) => plans.throttle(bytes, pause).await,
            Kind::Http2(stream) => stream.throttle(bytes, pause),
        }
    }

    /// Resets the stream of this request in place of the response, with an error code of HTTP/2 (RFC 9113 §7).
    ///
    /// # Errors
    ///
    /// If the stream is gone, or the connection speaks HTTP/1.1, which has no streams.
    #[expect(
        clippy::unused_async,
        reason = "the other requests to a connection wait, and callers need not know which ones do not"
    )]
    pub async fn reset_stream(&self, code: u32) -> Result<(), Refused> {
        match &self.0 {
            Kind::Http1(_) => Err(Refused::Version),
            Kind::Http2(stream) => stream.reset_stream(code),
        }
    }

    /// Says that no further streams are taken, with an error code of HTTP/2, and waits until that has left (RFC 9113 §6.8).
    ///
    /// Streams that have begun finish, this one among them. A connection says it once: the first code counts.
    ///
    /// # Errors
    ///
    /// If the connection is gone, or speaks HTTP/1.1.
    pub async fn go_away(&self, code: u32) -> Result<(), Refused> {
        match &self.0 {
            Kind::Http1(_) => Err(Refused::Version),
            Kind::Http2(stream) => stream.go_away(code).await,
        }
    }

    /// Keeps the interim response 100 back that is sent when somebody begins to read content that the client asks about (RFC 9110 §10.1.1).
    ///
    /// It holds for this request. One sent by [`Wire::interim`] leaves all the same.
    pub fn withhold_continue(&self) {
        match &self.0 {
            Kind::Http1(plans) => plans.withhold_continue(),
            Kind::Http2(stream) => stream.withhold_continue(),
        }
    }

    /// Waits until the client has closed its side or reset the stream, the connection broke, or this request is over.
    ///
    /// On HTTP/1.1, a client that closes its side may still be listening (RFC 9112 §9.6). On HTTP/2 it is not, and a handler that does not return
    /// within a second from here is dropped.
    pub async fn hung_up(&self) {
        match &self.0 {
            Kind::Http1(plans) => plans.hung_up().await,
            Kind::Http2(stream) => stream.hung_up().await,
        }
    }

    /// What was wrong with the content of this request, as far as it was read.
    pub fn defect(&self) -> Option<Defect> {
        match &self.0 {
            Kind::Http1(plans) => plans.defect(),
            Kind::Http2(stream) => stream.defect(),
        }
    }

    /// What passes over the connection for this request, if the gate wanted it recorded. On HTTP/2 it is told in words, and of this stream alone.
    pub fn recording(&self) -> Option<Recording> {
        match &self.0 {
            Kind::Http1(plans) => plans.recording(),
            Kind::Http2(stream) => stream.recording(),
        }
    }
}
