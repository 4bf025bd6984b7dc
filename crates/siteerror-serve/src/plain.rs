//! Plain HTTP on a port that wants TLS: the client is told so in the language that it speaks, and let go.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::defect::Defect;
use crate::options::{Options, Refusal};
use crate::refusal;

/// Time in which the rest of the head is waited for, and then the end of whatever follows it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes that are read and dropped after the answer.
const DROPPED: u64 = 1024 * 1024;

/// Answers as the gate says; without one, the connection just ends.
pub(crate) async fn refuse<T>(mut stream: T, options: &Options) -> io::Result<()>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let Some(gate) = &options.gate else {
        return Ok(());
    };
    let limits = &options.limits;
    let mut head = BytesMut::new();
    // Whatever came of it until then has to do.
    let _ = tokio::time::timeout(
        PATIENCE,
        read_head(&mut stream, &mut head, limits.head_bytes),
    )
    .await;
    let refusal = Refusal {
        defect: Defect::PlainHttpOnTls,
        head: head.freeze(),
    };
    let mut answer = BytesMut::new();
    refusal::write(&refusal, gate, &mut answer);
    let said = async {
        stream.write_all(&answer).await?;
        stream.shutdown().await
    };
    tokio::time::timeout(limits.write_deadline, said).await??;
    // RFC 9112 §9.6: a close with bytes unread can take the answer with it.
    let mut rest = stream.take(DROPPED);
    let _ =
        tokio::time::timeout(PATIENCE, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await;
    Ok(())
}

async fn read_head<T>(stream: &mut T, head: &mut BytesMut, most: usize) -> io::Result<()>
where
    T: AsyncRead + Unpin,
{
    let mut stream = stream.take(most as u64);
    loop {
        let before = head.len().saturating_sub(3);
        if stream.read_buf(head).await? == 0 {
            return Ok(());
        }
        if head[before..].windows(4).any(|end| end == b"\r\n\r\n") {
            return Ok(());
        }
    }
}
