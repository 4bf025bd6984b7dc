//! The race of addresses: RFC 8305, "Happy Eyeballs". The families take turns, and each next address starts when the ones before have failed or had their
//! head start.

use std::io;
use std::net::SocketAddr;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use siteerror_guard::JudgedAddr;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, sleep_until};

use crate::failure::{Fault, Kind, Phase};
use crate::limits::Deadlines;
use crate::timer::Timer;

/// Connects to the first address that answers.
pub(crate) async fn connect(
    addresses: &[JudgedAddr],
    limits: &Deadlines,
    timer: &mut Timer,
    end: Instant,
) -> Result<(TcpStream, SocketAddr), Fault> {
    let now = Instant::now();
    let deadline = (now + limits.connect).min(end);
    let race = race(addresses, limits);
    match timer.until(deadline, race).await {
        Ok(won) => won,
        Err(_) if deadline == end => Err(Fault::timeout(Phase::Total)),
        Err(_) => Err(Fault::timeout(Phase::Connect)),
    }
}

async fn race(
    addresses: &[JudgedAddr],
    limits: &Deadlines,
) -> Result<(TcpStream, SocketAddr), Fault> {
    if let [only] = addresses {
        return attempt(*only).await;
    }
    let mut waiting = in_turn(addresses).into_iter();
    let mut running = FuturesUnordered::new();
    let mut failed = None;
    running.extend(waiting.next().map(attempt));
    let mut next_at = Instant::now() + limits.next_address;
    loop {
        let more = !waiting.as_slice().is_empty();
        tokio::select! {
            biased;
            Some(ended) = running.next() => match ended {
                Ok(won) => return Ok(won),
                Err(fault) => {
                    // The first address is the one that was meant.
                    failed.get_or_insert(fault);
                    running.extend(waiting.next().map(attempt));
                    next_at = Instant::now() + limits.next_address;
                }
            },
            () = sleep_until(next_at), if more => {
                running.extend(waiting.next().map(attempt));
                next_at = Instant::now() + limits.next_address;
            }
            else => break,
        }
    }
    Err(failed.unwrap_or_else(|| Fault::of(Kind::DnsNotFound, Phase::Dns)))
}

/// RFC 8305 §4: the families take turns, in the order of the answer, IPv6 first.
fn in_turn(addresses: &[JudgedAddr]) -> Vec<JudgedAddr> {
    let (six, four): (Vec<JudgedAddr>, Vec<_>) = addresses
        .iter()
        .partition(|address| address.socket().is_ipv6());
    let mut turns = Vec::with_capacity(addresses.len());
    let (mut six, mut four) = (six.into_iter(), four.into_iter());
    while turns.len() < addresses.len() {
        turns.extend(six.next());
        turns.extend(four.next());
    }
    turns
}

async fn attempt(address: JudgedAddr) -> Result<(TcpStream, SocketAddr), Fault> {
    try_one(address).await.map_err(|error| fault_of(&error))
}

async fn try_one(judged: JudgedAddr) -> io::Result<(TcpStream, SocketAddr)> {
    let address = judged.socket();
    let socket = if address.is_ipv6() {
        TcpSocket::new_v6()?
    } else {
        TcpSocket::new_v4()?
    };
    socket.set_nodelay(true)?;
    let stream = socket.connect(address).await?;
    // What was judged is where we are, or we are not there.
    if !judged.is_peer(stream.peer_addr()?) {
        return Err(io::Error::other(
            "the peer is not the address that was judged",
        ));
    }
    Ok((stream, address))
}

fn fault_of(error: &io::Error) -> Fault {
    let kind = match error.kind() {
        io::ErrorKind::ConnectionRefused => Kind::ConnectRefused,
        io::ErrorKind::ConnectionReset => Kind::ConnectionReset,
        io::ErrorKind::TimedOut => return Fault::timeout(Phase::Connect),
        _ => Kind::ConnectUnreachable,
    };
    Fault::new(kind, Phase::Connect, format!("{}: {error}", kind.text()))
}
