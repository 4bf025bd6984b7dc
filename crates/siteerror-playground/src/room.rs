//! Room for contents: what is large takes of a room that everybody shares, for as long as any byte of it is in memory.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;
use http::header::RETRY_AFTER;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits;
use crate::refusal::Refusal;

/// Contents of so many bytes need no room: as many of them as there may be connections do no harm.
const SMALL: usize = 16 * 1024;

/// Room is given in pieces of so many bytes.
const PIECE: usize = 1024;

/// The room that all large contents share.
#[derive(Debug)]
pub(crate) struct Room(Arc<Semaphore>);

/// A part of the room; given back when dropped.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    permit: Option<OwnedSemaphorePermit>,
    bytes: usize,
}

/// Content with the room that it takes.
struct Housed {
    content: Bytes,
    #[expect(dead_code, reason = "it is kept for its drop")]
    taken: Taken,
}

impl AsRef<[u8]> for Housed {
    fn as_ref(&self) -> &[u8] {
        &self.content
    }
}

impl Room {
    pub(crate) fn new() -> Self {
        let bytes = usize::try_from(limits::ROOM.max).unwrap_or(usize::MAX);
        Self(Arc::new(Semaphore::new(bytes / PIECE)))
    }

    /// Widens a part of the room until it is enough for so many bytes.
    ///
    /// # Errors
    ///
    /// If there is no room left.
    pub(crate) fn widen(&self, taken: &mut Taken, bytes: usize) -> Result<(), Refusal> {
        if bytes <= SMALL.max(taken.bytes) {
            return Ok(());
        }
        // Twice as much each time, as a buffer grows.
        let bytes = bytes.max(taken.bytes * 2).next_multiple_of(PIECE);
        let more = u32::try_from((bytes - taken.bytes) / PIECE).unwrap_or(u32::MAX);
        let Ok(more) = Arc::clone(&self.0).try_acquire_many_owned(more) else {
            return Err(Refusal::limit(limits::ROOM, limits::ROOM.max + 1)
                .field(RETRY_AFTER, HeaderValue::from_static("1")));
        };
        match &mut taken.permit {
            Some(permit) => permit.merge(more),
            permit => *permit = Some(more),
        }
        taken.bytes = bytes;
        Ok(())
    }

    /// Whether there is room for so many bytes at present: asked before they are made, since making them costs as much as sending them.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(crate) fn ask(&self, bytes: usize) -> Result<(), Refusal> {
        self.widen(&mut Taken::default(), bytes)
    }

    /// The same content, which gives its room back with its last byte: when it was sent, or when nobody wants it any more.
    ///
    /// # Errors
    ///
    /// If there is no room left.
    pub(crate) fn house(&self, content: Bytes) -> Result<Bytes, Refusal> {
        if content.len() <= SMALL {
            return Ok(content);
        }
        let mut taken = Taken::default();
        self.widen(&mut taken, content.len())?;
        Ok(Bytes::from_owner(Housed { content, taken }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_comes_back_with_the_last_byte() {
        let room = Room::new();
        let half = usize::try_from(limits::ROOM.max / 2).expect("it fits");
        let large = Bytes::from(vec![0; half]);
        let mut one = room.house(large.clone()).expect("there is room");
        let two = room.house(large.clone()).expect("there is room");
        let refused = room.house(Bytes::from(vec![0; SMALL + 1]));
        assert_eq!(refused.expect_err("there is none").status, 503);
        assert_eq!(
            room.house(Bytes::from(vec![0; SMALL]))
                .expect("it is small")
                .len(),
            SMALL
        );
        drop(two);
        // A piece that waits for its reader keeps the room of the whole, which is in memory as long.
        drop(one.split_off(1));
        let two = room.house(large.clone()).expect("there is room");
        room.house(large.clone()).expect_err("there is none");
        drop((one, two));
        assert_eq!(room.house(large.clone()).expect("there is room"), large);
    }

    #[test]
    fn what_grows_takes_room_as_it_grows() {
        let room = Room::new();
        let most = usize::try_from(limits::ROOM.max).expect("it fits");
        let mut taken = Taken::default();
        room.widen(&mut taken, SMALL).expect("it is small");
        assert_eq!(taken.bytes, 0);
        for bytes in [SMALL + 1, SMALL + 2, most / 2 + 1] {
            room.widen(&mut taken, bytes).expect("there is room");
            assert!(taken.bytes >= bytes);
        }
        room.widen(&mut taken, most + 1).expect_err("there is none");
        drop(taken);
        room.widen(&mut Taken::default(), most)
            .expect("there is room again");
    }
}
