//! Frames, byte by byte.

use tokio::io::AsyncReadExt as _;

/// A frame as RFC 9113 §4.1 draws it.
pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short");
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
pub(super) const END_STREAM_AND_HEADERS: u8 = 0x05;

/// A field without use of the dynamic table (RFC 7541 §6.2.2).
pub(super) fn field(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).expect("short");
    let mut field = vec![0, length(name)];
    field.extend(name.as_bytes());
    field.push(length(value));
    field.extend(value.as_bytes());
    field
}

pub(super) fn fields(fields: &[(&str, &str)]) -> Vec<u8> {
    fields
        .iter()
        .flat_map(|(name, value)| field(name, value))
        .collect()
}

/// Frames until one of the type, as (type, stream, payload).
pub(super) async fn until(
    stream: &mut (impl tokio::io::AsyncRead + Unpin),
    kind: u8,
) -> Vec<(u8, u32, Vec<u8>)> {
    let mut frames = Vec::new();
    loop {
        let frame = next(stream).await;
        let seen = frame.0;
        frames.push(frame);
        if seen == kind {
            return frames;
        }
    }
}

/// The next frame, as (type, stream, payload).
pub(super) async fn next(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> (u8, u32, Vec<u8>) {
    let mut header = [0; 9];
    stream.read_exact(&mut header).await.expect("a frame");
    let [a, b, c, kind, _, id @ ..] = header;
    let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
    stream.read_exact(&mut payload).await.expect("its payload");
    (kind, u32::from_be_bytes(id), payload)
}

pub(super) fn get(path: &str) -> Vec<u8> {
    fields(&[
        (":method", "GET"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "example.test"),
    ])
}
