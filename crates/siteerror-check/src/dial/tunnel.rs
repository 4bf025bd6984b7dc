//! A way through a proxy that the person at the terminal named: RFC 9110 §9.3.6. Strangers have none.

use siteerror_guard::Target;
use siteerror_wire::exchange::Collector;
use siteerror_wire::{Asked, RequestHead, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::failure::{Fault, Kind, Phase};
use crate::limits::Limits;
use crate::request::proxy_authorization;
use crate::timer::Timer;

/// Asks a proxy for a tunnel to a target. What it refuses, the target never saw.
pub(crate) async fn tunnel(
    tcp: &mut TcpStream,
    proxy: &Target,
    target: &Target,
    limits: &Limits,
    timer: &mut Timer,
    end: Instant,
) -> Result<(), Fault> {
    // RFC 9112 §3.2.3: the port stands there also where the scheme implies it.
    let authority = format!("{}:{}", target.host_text(), target.port());
    let credentials = proxy_authorization(proxy);
    let secret = credentials
        .as_deref()
        .map(|value| ("Proxy-Authorization", value));
    let fields = [("Host", authority.as_str())].into_iter().chain(secret);
    let head = RequestHead::of("CONNECT", &authority, Version::HTTP_11, fields);
    let deadline = (Instant::now() + limits.time.connect).min(end);
    let asked = timer.until(deadline, ask(tcp, &head, limits)).await;
    match asked {
        Ok(asked) => asked,
        Err(_) if deadline == end => Err(Fault::timeout(Phase::Total)),
        Err(_) => Err(Fault::timeout(Phase::Connect)),
    }
}

async fn ask(tcp: &mut TcpStream, head: &RequestHead, limits: &Limits) -> Result<(), Fault> {
    let failed = |text: &str| Fault::new(Kind::ConnectUnreachable, Phase::Connect, text);
    let closed = || failed("the proxy closed the connection");
    tcp.write_all(&head.to_bytes())
        .await
        .map_err(|_| closed())?;
    let mut collector = Collector::new(Asked::from(head), limits.wire);
    // The target does not speak before TLS does, so nothing of it can be among these bytes.
    let mut buffer = [0; 2048];
    loop {
        let count = tcp.read(&mut buffer).await.map_err(|_| closed())?;
        if count == 0 {
            return Err(closed());
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        let ended = collector.push(bytes, std::time::Duration::ZERO);
        let status = collector
            .so_far()
            .response
            .as_ref()
            .map(|response| response.head.status());
        match (status, ended) {
            (Some(Some(200..300)), _) => return Ok(()),
            (Some(Some(status)), _) => {
                return Err(failed(&format!("the proxy answered {status} to CONNECT")));
            }
            (_, Some(_)) => return Err(failed("the proxy did not answer in HTTP")),
            (_, None) => {}
        }
    }
}
