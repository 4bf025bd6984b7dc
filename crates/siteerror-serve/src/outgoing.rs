//! What leaves an HTTP/2 connection: the layer between the h2 library and the stream.
//!
//! It lets bytes through and follows the frames in them. So a handler can wait until its interim response or its content has left, which the library
//! does not tell; and a GOAWAY with a code of the handler's choice can slip in between two frames, which the library offers only together
//! with the end of all streams.

use std::collections::BTreeMap;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

use crate::frames::{Follower, GO_AWAY_BYTES, Kind, go_away, is_quiet_go_away};

/// What has left of a stream since somebody began to watch it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// Frames of type HEADERS.
    pub(crate) heads: usize,
    /// Bytes of content.
    pub(crate) content: usize,
}

/// Shared by the connection and its streams.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    /// Whether any stream is watched.
    is_watching: AtomicBool,
    /// Whether a GOAWAY of our own was asked for.
    is_going_away: AtomicBool,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    watched: BTreeMap<u32, Left>,
    /// The frame to slip in.
    go_away: Option<[u8; GO_AWAY_BYTES]>,
    has_gone_away: bool,
    gone: bool,
}

/// The connection is gone, and what was waited for will not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

impl Outgoing {
    /// Counts from now on what leaves of a stream.
    pub(crate) fn watch(&self, stream: u32) -> Left {
        let left = *self.lock().watched.entry(stream).or_default();
        self.is_watching.store(true, Ordering::Release);
        left
    }

    /// The stream is over.
    pub(crate) fn forget(&self, stream: u32) {
        if self.is_watching.load(Ordering::Acquire) {
            let mut state = self.lock();
            state.watched.remove(&stream);
            self.is_watching
                .store(!state.watched.is_empty(), Ordering::Release);
        }
    }

    /// Waits until so much has left of a stream that is watched.
    pub(crate) async fn until(&self, stream: u32, least: Left) -> Result<(), Broken> {
        self.wait(|state| {
            let left = state.watched.get(&stream).copied().unwrap_or_default();
            left.heads >= least.heads && left.content >= least.content
        })
        .await
    }

    /// Asks for a GOAWAY frame ahead of the next frame. Only the first one counts; the library's own farewells are held back from then on.
    pub(crate) fn go_away(&self, last_stream: u32, code: u32) {
        let mut state = self.lock();
        if !self.is_going_away.swap(true, Ordering::AcqRel) {
            state.go_away = Some(go_away(last_stream, code));
        }
    }

    /// Waits until the GOAWAY frame has left.
    pub(crate) async fn gone_away(&self) -> Result<(), Broken> {
        self.wait(|state| state.has_gone_away).await
    }

    pub(crate) fn is_going_away(&self) -> bool {
        self.is_going_away.load(Ordering::Acquire)
    }

    async fn wait(&self, is_done: impl Fn(&State) -> bool) -> Result<(), Broken> {
        loop {
            let mut changed = pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            {
                let state = self.lock();
                if is_done(&state) {
                    return Ok(());
                }
                if state.gone {
                    return Err(Broken);
                }
            }
            changed.await;
        }
    }

    fn pass(&self, kind: Kind, stream: u32, content: usize) {
        if !self.is_watching.load(Ordering::Acquire) {
            return;
        }
        let mut state = self.lock();
        let Some(left) = state.watched.get_mut(&stream) else {
            return;
        };
        match kind {
            Kind::Headers => left.heads += 1,
            Kind::Data => left.content += content,
            Kind::Other => return,
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// A panic elsewhere leaves the state whole: it is only ever changed in single steps.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream under the h2 library.
#[derive(Debug)]
pub(crate) struct Tap<T> {
    inner: T,
    outgoing: Arc<Outgoing>,
    follower: Follower,
    /// The GOAWAY frame that is being slipped in, and how much of it has left.
    slipping: Option<([u8; GO_AWAY_BYTES], usize)>,
}

impl<T> Tap<T> {
    pub(crate) fn new(inner: T, outgoing: Arc<Outgoing>) -> Self {
        Self {
            inner,
            outgoing,
            follower: Follower::default(),
            slipping: None,
        }
    }
}

impl<T> Drop for Tap<T> {
    fn drop(&mut self) {
        self.outgoing.lock().gone = true;
        self.outgoing.changed.notify_waiters();
    }
}

impl<T: AsyncWrite + Unpin> Tap<T> {
    fn follow(&mut self, bytes: &[u8]) {
        let outgoing = &self.outgoing;
        self.follower.pass(bytes, |kind, stream, length| {
            outgoing.pass(kind, stream, length);
        });
    }

    /// Writes at most to the end of a frame, with our GOAWAY before it and the library's own held back.
    fn poll_careful(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.follower.is_between() {
            ready!(self.poll_slip(context))?;
            if let Some(frame) = bytes.get(..GO_AWAY_BYTES)
                && is_quiet_go_away(frame)
            {
                return Poll::Ready(Ok(frame.len()));
            }
        }
        let bytes = &bytes[..self.follower.rest(bytes)];
        let written = ready!(Pin::new(&mut self.inner).poll_write(context, bytes))?;
        self.follow(&bytes[..written]);
        Poll::Ready(Ok(written))
    }

    /// Writes our own GOAWAY, if there is one. To be called between two frames.
    fn poll_slip(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.slipping.is_none() {
            self.slipping = self.outgoing.lock().go_away.take().map(|frame| (frame, 0));
        }
        while let Some((frame, written)) = &mut self.slipping {
            let Some(rest) = frame.get(*written..).filter(|rest| !rest.is_empty()) else {
                self.slipping = None;
                self.outgoing.lock().has_gone_away = true;
                self.outgoing.changed.notify_waiters();
                break;
            };
            let more = ready!(Pin::new(&mut self.inner).poll_write(context, rest))?;
            if more == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            *written += more;
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Tap<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Tap<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.outgoing.is_going_away() {
            return self.poll_careful(context, bytes);
        }
        let written = ready!(Pin::new(&mut self.inner).poll_write(context, bytes))?;
        self.follow(&bytes[..written]);
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.outgoing.is_going_away() {
            let first = slices.iter().find(|slice| !slice.is_empty());
            return self.poll_write(context, first.map_or(&[], |slice| slice));
        }
        let written = ready!(Pin::new(&mut self.inner).poll_write_vectored(context, slices))?;
        let mut left = written;
        for slice in slices {
            let of_this = slice.len().min(left);
            self.follow(&slice[..of_this]);
            left -= of_this;
        }
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.outgoing.is_going_away() && self.follower.is_between() {
            ready!(self.poll_slip(context))?;
        }
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// A frame as RFC 9113 §4.1 draws it.
    fn frame(kind: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).expect("short");
        let mut frame = length.to_be_bytes()[1..].to_vec();
        frame.extend([kind, 0]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        frame
    }

    #[tokio::test]
    async fn a_goaway_slips_in_between_two_frames_wherever_the_writes_are_cut() {
        let data = frame(0, 5, b"0123456789");
        let farewell = frame(7, 0, &[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        let ours = frame(7, 0, &[0, 0, 0, 5, 0, 0, 0, 11]);
        for cut in 1..data.len() {
            let (stream, mut peer) = tokio::io::duplex(1 << 10);
            let outgoing = Arc::new(Outgoing::default());
            let mut tap = Tap::new(stream, Arc::clone(&outgoing));
            tap.write_all(&data[..cut]).await.expect("it is taken");
            outgoing.go_away(5, 11);
            outgoing.go_away(1, 2);
            let rest = [&data[cut..], &farewell[..], &data[..]].concat();
            tap.write_all(&rest).await.expect("it is taken");
            tap.flush().await.expect("it is taken");
            outgoing.gone_away().await.expect("it has left");
            drop(tap);
            let mut read = Vec::new();
            peer.read_to_end(&mut read).await.expect("it arrives");
            assert_eq!(
                read,
                [&data[..], &ours[..], &data[..]].concat(),
                "cut at {cut}"
            );
        }
    }

    #[tokio::test]
    async fn it_is_known_what_has_left() {
        let (stream, _peer) = tokio::io::duplex(1 << 10);
        let outgoing = Arc::new(Outgoing::default());
        let mut tap = Tap::new(stream, Arc::clone(&outgoing));
        outgoing.watch(3);
        let all = [
            frame(1, 3, b"h"),
            frame(0, 3, b"content"),
            frame(0, 5, b"other"),
        ]
        .concat();
        tap.write_all(&all).await.expect("it is taken");
        let (heads, content) = (1, 7);
        assert_eq!(outgoing.until(3, Left { heads, content }).await, Ok(()));
        drop(tap);
        let more = Left { heads: 2, content };
        assert_eq!(outgoing.until(3, more).await, Err(Broken));
    }
}
