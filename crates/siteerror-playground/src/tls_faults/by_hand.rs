//! What no library of TLS does: handshakes that end too soon, or that begin wrongly. Records are written by hand, by RFC 5246 §6 and §7.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::Oddity;

/// A record of the handshake (RFC 5246 §6.2.1).
const HANDSHAKE: u8 = 22;

/// The most that a record holds (RFC 8446 §5.1: at most 2^14 bytes).
const RECORD_BYTES: usize = 16 * 1024;

/// Bytes of a request that are read before it is answered.
const REQUEST_BYTES: usize = 16 * 1024;

/// How long a client gets to say what it thinks of a `ServerHello` that is wrong.
const PATIENCE: Duration = Duration::from_secs(2);

/// Descriptions of alerts (RFC 8446 §6).
const HANDSHAKE_FAILURE: u8 = 40;
const INTERNAL_ERROR: u8 = 80;

/// The protocol that nobody offers.
pub(super) const NOBODY_OFFERS: &[u8] = b"siteerror/0";

/// Suites that TLS 1.0 and 1.1 have, all with AES in CBC mode: by ECDHE with RSA or ECDSA, or by RSA alone.
const OLD_SUITES: &[u16] = &[0xc013, 0xc014, 0xc009, 0xc00a, 0x002f, 0x0035];

/// Suites of TLS 1.2, all by ECDHE and authenticated encryption.
const SUITES: &[u16] = &[0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8];

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, oddity: Oddity, config: Option<Arc<ServerConfig>>) {
    // A client that takes offence is what these are for.
    let _ = play(stream, oddity, config).await;
}

async fn play(
    mut stream: TcpStream,
    oddity: Oddity,
    config: Option<Arc<ServerConfig>>,
) -> io::Result<()> {
    if let Some(config) = config {
        return inside(stream, oddity, config).await;
    }
    let Some(hello) = client_hello(&mut stream).await? else {
        return stream.shutdown().await;
    };
    match oddity {
        Oddity::Stalls => until_closed(&mut stream).await?,
        Oddity::HandshakeFailure => stream.write_all(&alert(3, HANDSHAKE_FAILURE)).await?,
        Oddity::PlainHttp => {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 22\r\nConnection: close\r\n\r\nno TLS is spoken here\n";
            stream.write_all(answer).await?;
        }
        Oddity::OldVersion(minor) => {
            stream
                .write_all(&server_hello(&hello, minor, OLD_SUITES, None))
                .await?;
            see_what_it_says(&mut stream, minor).await?;
        }
        Oddity::UnofferedAlpn => {
            stream
                .write_all(&server_hello(&hello, 3, SUITES, Some(NOBODY_OFFERS)))
                .await?;
            see_what_it_says(&mut stream, 3).await?;
        }
        // The last two have a configuration, and are played inside of TLS.
        Oddity::ClosesAfterHello | Oddity::NoCloseNotify | Oddity::Http1AsHttp2 => {}
    }
    stream.shutdown().await?;
    until_closed(&mut stream).await
}

/// Faults of the connection once the handshake is done.
async fn inside(stream: TcpStream, oddity: Oddity, config: Arc<ServerConfig>) -> io::Result<()> {
    let mut stream = TlsAcceptor::from(config).accept(stream).await?;
    let mut request = Vec::new();
    while !request.windows(4).any(|window| window == b"\r\n\r\n") && request.len() < REQUEST_BYTES {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    if oddity == Oddity::Http1AsHttp2 {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 31\r\n\r\nthis is not HTTP/2, as you see\n")
            .await?;
        stream.flush().await?;
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        return Ok(());
    }
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nthis is all, but nobody says so\n")
        .await?;
    stream.flush().await?;
    // RFC 8446 §6.1 wants close_notify before the end. The TCP connection ends in order, and says nothing inside of TLS.
    let (mut inner, _) = stream.into_inner();
    inner.shutdown().await?;
    until_closed(&mut inner).await
}

/// Waits for the client's alert. One that goes along gets an alert of ours: there is nothing that could follow.
async fn see_what_it_says(stream: &mut TcpStream, minor: u8) -> io::Result<()> {
    let mut said = [0; 64];
    match tokio::time::timeout(PATIENCE, stream.read(&mut said)).await {
        Ok(said) => said.map(|_| ()),
        Err(_) => stream.write_all(&alert(minor, INTERNAL_ERROR)).await,
    }
}

async fn until_closed(stream: &mut TcpStream) -> io::Result<()> {
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// A fatal alert (RFC 5246 §7.2).
fn alert(minor: u8, description: u8) -> [u8; 7] {
    [21, 3, minor, 0, 2, 2, description]
}

/// The first record of a client; none if it is no handshake.
async fn client_hello(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).await?;
    let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
    if head[0] != HANDSHAKE || length > RECORD_BYTES {
        return Ok(None);
    }
    let mut record = vec![0; length];
    stream.read_exact(&mut record).await?;
    Ok(Some(record))
}

/// What a `ClientHello` says that an answer depends on.
#[derive(Debug, Default)]
struct Offer {
    suites: Vec<u16>,
    /// Whether it asks for secure renegotiation, which clients insist on hearing of (RFC 5746 §3.4).
    renegotiation: bool,
}

impl Offer {
    /// Of the bytes of a record (RFC 5246 §7.4.1.2); nothing where they cannot be read.
    fn of(hello: &[u8]) -> Self {
        // A byte of type, three of length, two of version, 32 of random.
        let after_session = hello.get(38..).and_then(|rest| skip(rest, 1));
        let Some(rest) = after_session else {
            return Self::default();
        };
        let suites: Vec<u16> = vector(rest, 2)
            .unwrap_or_default()
            .chunks_exact(2)
            .map(number)
            .collect();
        let extensions = skip(rest, 2)
            .and_then(|rest| skip(rest, 1))
            .and_then(|rest| vector(rest, 2));
        let mut rest = extensions.unwrap_or_default();
        let mut renegotiation = suites.contains(&0x00ff);
        while let Some((kind, data)) = rest.split_at_checked(2) {
            renegotiation |= number(kind) == 0xff01;
            match skip(data, 2) {
                Some(others) => rest = others,
                None => break,
            }
        }
        Self {
            suites,
            renegotiation,
        }
    }
}

fn number(bytes: &[u8]) -> u16 {
    bytes
        .iter()
        .fold(0, |number, byte| (number << 8) | u16::from(*byte))
}

/// The content of a vector with a length of so many bytes in front (RFC 5246 §4.3).
fn vector(bytes: &[u8], width: usize) -> Option<&[u8]> {
    let (length, rest) = bytes.split_at_checked(width)?;
    rest.get(..usize::from(number(length)))
}

/// What follows such a vector.
fn skip(bytes: &[u8], width: usize) -> Option<&[u8]> {
    bytes.get(width + vector(bytes, width)?.len()..)
}

/// A `ServerHello` (RFC 5246 §7.4.1.3) of TLS 1.`minor - 1`, with a protocol of ALPN (RFC 7301 §3.1) if there is one.
fn server_hello(hello: &[u8], minor: u8, suites: &[u16], alpn: Option<&[u8]>) -> Vec<u8> {
    let offer = Offer::of(hello);
    let suite = suites
        .iter()
        .find(|suite| offer.suites.contains(suite))
        .unwrap_or(&suites[0]);
    let mut extensions = Vec::new();
    if offer.renegotiation {
        extensions.extend_from_slice(&[0xff, 0x01, 0, 1, 0]);
    }
    if let Some(protocol) = alpn {
        let length = u8::try_from(protocol.len()).unwrap_or(0);
        extensions.extend_from_slice(&[0, 16, 0, length + 3, 0, length + 1, length]);
        extensions.extend_from_slice(protocol);
    }
    let mut body = vec![3, minor];
    // Nothing is ever encrypted with it, so the random need not be random.
    body.extend_from_slice(&[0x5e; 32]);
    body.push(0);
    body.extend_from_slice(&suite.to_be_bytes());
    body.push(0);
    if !extensions.is_empty() {
        body.extend_from_slice(&[0, u8::try_from(extensions.len()).unwrap_or(0)]);
        body.extend_from_slice(&extensions);
    }
    let length = u8::try_from(body.len()).unwrap_or(0);
    let mut record = vec![HANDSHAKE, 3, minor, 0, length + 4, 2, 0, 0, length];
    record.extend_from_slice(&body);
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5246 §7.4.1.3: version, 32 bytes of random, an empty session, the suite, no compression.
    #[test]
    fn a_server_hello_is_laid_out_as_the_rfc_says() {
        let mut hello = vec![1, 0, 0, 0, 3, 3];
        hello.extend_from_slice(&[7; 32]);
        hello.extend_from_slice(&[2, 9, 9, 0, 4, 0x13, 0x01, 0x00, 0x35, 1, 0]);
        let record = server_hello(&hello, 1, OLD_SUITES, None);
        assert_eq!(record[..11], [22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1]);
        assert_eq!(record[43..], [0, 0x00, 0x35, 0]);
        let record = server_hello(&hello, 3, SUITES, Some(b"ab"));
        assert_eq!(
            record[43..],
            [0, 0xc0, 0x2b, 0, 0, 9, 0, 16, 0, 5, 0, 3, 2, b'a', b'b']
        );
    }

    /// RFC 5746 §3.6: an empty `renegotiation_info` for a client that has the extension or the suite that stands for it.
    #[test]
    fn renegotiation_is_spoken_of_where_the_client_did() {
        let start = [[1, 0, 0, 0, 3, 3].as_slice(), &[7; 32], &[0]].concat();
        let by_suite = [start.as_slice(), &[0, 4, 0x00, 0x35, 0x00, 0xff, 1, 0]].concat();
        let by_extension = [
            start.as_slice(),
            &[
                0, 2, 0x00, 0x35, 1, 0, 0, 9, 0, 23, 0, 0, 0xff, 0x01, 0, 1, 0,
            ],
        ]
        .concat();
        for hello in [by_suite, by_extension] {
            let record = server_hello(&hello, 2, OLD_SUITES, None);
            assert_eq!(record[43..], [0, 0x00, 0x35, 0, 0, 5, 0xff, 0x01, 0, 1, 0]);
        }
    }

    #[test]
    fn any_bytes_can_be_a_client_hello() {
        for length in 0..200 {
            for byte in [0, 1, 22, 255] {
                server_hello(&vec![byte; length], 1, OLD_SUITES, None);
            }
        }
    }
}
