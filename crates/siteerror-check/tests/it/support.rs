//! A checker for loopback, and servers made of a few lines.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use siteerror_check::check::Clock;
use siteerror_check::resolve::Source;
use siteerror_check::{
    Checker, Fixed, Kind, Limits, Options, Phase, Report, Resolver, Roots, Settings,
};
use siteerror_guard::{Guard, Policy, Rules};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// 24 November 2026, 12:00 UTC.
pub(crate) const NOW_UNIX_S: i64 = 1_795_521_600;

/// What a behaviour comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    Fine,
    Fails(Kind, Phase),
}

/// A hash in hexadecimal digits.
pub(crate) fn hex(bytes: [u8; 32]) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").expect("memory takes all");
    }
    text
}

/// Limits as they are, with times that a test can wait for.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.time.first_byte = Duration::from_secs(1);
    limits.time.head = Duration::from_secs(1);
    limits.time.between_reads = Duration::from_secs(1);
    limits.time.connect = Duration::from_secs(1);
    limits.time.tls = Duration::from_secs(1);
    limits.time.dns = Duration::from_secs(1);
    limits.time.total = Duration::from_secs(20);
    limits
}

pub(crate) fn settings(policy: Policy, limits: &Limits) -> Settings {
    let names = ["a.test", "b.test", "c.test"]
        .map(|name| (name.to_owned(), vec![IpAddr::from(Ipv4Addr::LOCALHOST)]));
    let names = Fixed(HashMap::from(names));
    settings_with(policy, limits, Arc::new(names))
}

pub(crate) fn settings_with(policy: Policy, limits: &Limits, source: Arc<dyn Source>) -> Settings {
    Settings {
        guard: Guard::new(Rules {
            policy,
            ..Rules::default()
        }),
        resolver: Resolver::new(source, limits.names),
        limits: *limits,
        roots: Roots::Embedded,
        proxy: None,
        clock: Clock::fixed(NOW_UNIX_S),
    }
}

pub(crate) fn checker() -> Checker {
    Checker::new(settings(Policy::Local, &limits())).expect("the roots are built in")
}

pub(crate) async fn check(url: &str) -> Report {
    checker().check(url, &Options::default(), &mut ()).await
}

/// A server that treats every connection the same way, until the test ends.
pub(crate) async fn serve<F, Fut>(handle: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(handle(stream));
        }
    });
    address
}

/// Reads a request head.
pub(crate) async fn request(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).expect("requests of ours are text")
}

/// A server that answers every request with the same bytes and closes.
pub(crate) async fn answering(bytes: impl Into<Vec<u8>>) -> SocketAddr {
    let bytes: Arc<[u8]> = bytes.into().into();
    serve(move |mut stream| {
        let bytes = Arc::clone(&bytes);
        async move {
            request(&mut stream).await;
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            // What the client still sends is read, so that no reset overtakes the answer.
            let mut rest = [0; 1024];
            while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
        }
    })
    .await
}
