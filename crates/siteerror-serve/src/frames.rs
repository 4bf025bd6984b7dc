//! The outer form of HTTP/2 frames, as far as one has to know it to find where a frame ends (RFC 9113 §4.1).

/// Bytes of the part that every frame begins with.
const HEADER_BYTES: usize = 9;

/// Bytes of a GOAWAY frame without debug data (RFC 9113 §6.8).
pub(crate) const GO_AWAY_BYTES: usize = HEADER_BYTES + 8;

const GO_AWAY: u8 = 0x07;

/// Types of frames that matter here (RFC 9113 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Data,
    Headers,
    Other,
}

/// Follows frames through bytes that come in pieces.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    header: [u8; HEADER_BYTES],
    /// How much of the header was seen.
    seen: usize,
    /// How much of the payload was not.
    left: usize,
}

impl Follower {
    /// Whether the last frame is complete and the next one has not begun.
    pub(crate) fn is_between(&self) -> bool {
        self.seen == 0
    }

    /// Takes the next bytes, and tells type, stream and payload bytes of each frame that they complete.
    pub(crate) fn pass(&mut self, mut bytes: &[u8], mut frame: impl FnMut(Kind, u32, usize)) {
        while !bytes.is_empty() {
            if self.seen < HEADER_BYTES {
                let (of_header, rest) = bytes.split_at(bytes.len().min(HEADER_BYTES - self.seen));
                self.header[self.seen..self.seen + of_header.len()].copy_from_slice(of_header);
                self.seen += of_header.len();
                bytes = rest;
                if self.seen < HEADER_BYTES {
                    return;
                }
                self.left = length(&self.header);
            }
            let of_payload = bytes.len().min(self.left);
            self.left -= of_payload;
            bytes = &bytes[of_payload..];
            if self.left == 0 {
                self.seen = 0;
                let [_, _, _, kind, _, id @ ..] = self.header;
                let kind = match kind {
                    0x00 => Kind::Data,
                    0x01 => Kind::Headers,
                    _ => Kind::Other,
                };
                frame(
                    kind,
                    u32::from_be_bytes(id) & !(1 << 31),
                    length(&self.header),
                );
            }
        }
    }

    /// How many of these bytes belong to the frame that is under way or begins with them.
    pub(crate) fn rest(&self, bytes: &[u8]) -> usize {
        let rest = if self.seen == HEADER_BYTES {
            self.left
        } else if let (0, Some(header)) = (self.seen, bytes.first_chunk()) {
            HEADER_BYTES + length(header)
        } else {
            HEADER_BYTES - self.seen
        };
        rest.min(bytes.len())
    }
}

fn length(header: &[u8; HEADER_BYTES]) -> usize {
    header[..3]
        .iter()
        .fold(0, |length, byte| (length << 8) | usize::from(*byte))
}

/// A GOAWAY frame: the last stream that is served, and why (RFC 9113 §6.8).
pub(crate) fn go_away(last_stream: u32, code: u32) -> [u8; GO_AWAY_BYTES] {
    let mut frame = [0; GO_AWAY_BYTES];
    frame[2] = 8;
    frame[3] = GO_AWAY;
    frame[9..13].copy_from_slice(&last_stream.to_be_bytes());
    frame[13..].copy_from_slice(&code.to_be_bytes());
    frame
}

/// Whether these bytes are a GOAWAY frame that only says farewell: code `NO_ERROR` and no debug data.
pub(crate) fn is_quiet_go_away(frame: &[u8]) -> bool {
    frame.len() == GO_AWAY_BYTES && frame[..4] == [0, 0, 8, GO_AWAY] && frame[13..] == [0; 4]
}
