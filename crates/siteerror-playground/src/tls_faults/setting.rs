//! A fault with its certificate and its settings, and how a listener is served with them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Deed, Demand, Oddity, TlsFault, by_hand, client, listener};
use crate::certificates::{Authority, Flaw, Identity};
use crate::playground::Playground;

/// A fault with everything that it needs.
pub(super) enum Setting {
    Serve(Arc<ServerConfig>),
    Client(Demand, Arc<ServerConfig>, Arc<dyn ClientCertVerifier>),
    ByHand(Oddity, Option<Arc<ServerConfig>>),
}

impl Setting {
    /// # Errors
    ///
    /// If no certificate can be made.
    pub(super) fn new(fault: &TlsFault, authority: &Authority, own: IpAddr) -> io::Result<Self> {
        let mut addresses = vec![
            IpAddr::from(Ipv4Addr::LOCALHOST),
            IpAddr::from(Ipv6Addr::LOCALHOST),
        ];
        if !own.is_unspecified() && !addresses.contains(&own) {
            addresses.push(own);
        }
        let identity = |flaw| {
            authority
                .identity(flaw, &addresses)
                .map_err(io::Error::other)
        };
        let plain = |alpn| config(rustls::ALL_VERSIONS, identity(Flaw::None)?, alpn, None);
        match fault.deed {
            Deed::Serve(flaw, versions, alpn) => {
                Ok(Self::Serve(config(versions, identity(flaw)?, alpn, None)?))
            }
            Deed::Client(demand) => {
                let roots = Arc::new(authority.roots());
                let provider = Arc::new(rustls::crypto::ring::default_provider());
                let strict: Arc<dyn ClientCertVerifier> =
                    WebPkiClientVerifier::builder_with_provider(roots, provider)
                        .build()
                        .map_err(io::Error::other)?;
                let asked: Arc<dyn ClientCertVerifier> = match demand {
                    Demand::Required => Arc::clone(&strict),
                    Demand::Optional | Demand::AsNginx => Arc::new(client::Anyone::new()),
                };
                let config = config(
                    rustls::ALL_VERSIONS,
                    identity(Flaw::None)?,
                    &[b"http/1.1"],
                    Some(asked),
                )?;
                Ok(Self::Client(demand, config, strict))
            }
            Deed::ByHand(oddity) => {
                let config = match oddity {
                    Oddity::NoCloseNotify => Some(plain(&[b"http/1.1"])?),
                    Oddity::Http1AsHttp2 => Some(plain(&[b"h2"])?),
                    _ => None,
                };
                Ok(Self::ByHand(oddity, config))
            }
        }
    }

    /// Serves a listener until told to stop.
    pub(super) async fn run(
        self,
        listener: TcpListener,
        playground: Playground,
        mut stop: watch::Receiver<()>,
    ) {
        let stopped = async move {
            // The sender never sends: it goes when it is time to stop.
            let _ = stop.changed().await;
        };
        match self {
            Self::Serve(config) => {
                let mut options = playground.serve_options();
                options.tls = Some(config);
                let handler = move |request| {
                    let playground = playground.clone();
                    async move { playground.respond(request).await }
                };
                siteerror_serve::serve(listener, handler, options, stopped).await;
            }
            Self::Client(demand, config, strict) => {
                listener::accept(listener, stopped, move |stream| {
                    client::serve(
                        stream,
                        demand,
                        Arc::clone(&config),
                        Arc::clone(&strict),
                        playground.clone(),
                    )
                })
                .await;
            }
            Self::ByHand(oddity, config) => {
                listener::accept(listener, stopped, move |stream| {
                    by_hand::serve(stream, oddity, config.clone())
                })
                .await;
            }
        }
    }
}

/// How a server shakes hands.
fn config(
    versions: &[&'static SupportedProtocolVersion],
    identity: Identity,
    alpn: &[&[u8]],
    asks: Option<Arc<dyn ClientCertVerifier>>,
) -> io::Result<Arc<ServerConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(io::Error::other)?;
    let builder = match asks {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder
        .with_single_cert(identity.chain, identity.key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    Ok(Arc::new(config))
}
