//! TLS to a server. The handshake goes on past a certificate that does not hold, so that what is in it can be told; the verdict stays with the connection,
//! and what is sent over it is decided by the caller. A handshake whose signature is wrong ends.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, RootCertStore,
    SignatureScheme,
};
use siteerror_wire::Tls;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{certificate, verdict};
use crate::failure::{Fault, Kind, Phase};
use crate::limits::Limits;
use crate::timer::Timer;

/// Whom to trust.
#[derive(Debug, Clone, Default)]
pub enum Roots {
    /// The roots of Mozilla, as they were when this was built.
    #[default]
    Embedded,
    /// Those of the system, or of Mozilla where it has none that can be read. They are read when the first handshake needs them.
    System,
    /// Those in a PEM text, and no others.
    Only(Vec<u8>),
    /// Those of Mozilla, and those in a PEM text.
    EmbeddedAnd(Vec<u8>),
}

/// Why roots cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// A text is no PEM, or has no certificate in it.
    #[error("no certificate could be read")]
    NoCertificate,
    /// What is in it is no root certificate.
    #[error("a root certificate cannot be used")]
    BadCertificate(#[source] Error),
    /// TLS could not be set up.
    #[error("TLS could not be set up")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is offered by ALPN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alpn {
    Both,
    Http1,
    Http2,
}

impl Alpn {
    fn protocols(self) -> Vec<Vec<u8>> {
        match self {
            Self::Both => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Self::Http1 => vec![b"http/1.1".to_vec()],
            Self::Http2 => vec![b"h2".to_vec()],
        }
    }
}

/// Shakes hands.
#[derive(Debug)]
pub(crate) struct TlsClient {
    ready: OnceLock<Ready>,
    roots: Roots,
}

/// What a handshake needs of us.
#[derive(Debug)]
struct Ready {
    config: ClientConfig,
    verifier: Arc<WebPkiServerVerifier>,
}

/// What a handshake begins with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hello<'a> {
    /// The host of the URL: for SNI, and for the certificate.
    pub(crate) host: &'a str,
    pub(crate) alpn: Alpn,
    /// When the certificate has to be valid.
    pub(crate) now_unix_s: i64,
}

/// How a handshake went.
#[derive(Debug)]
pub(crate) struct Handshake {
    /// The stream, if it ended well; the certificate may still not hold.
    pub(crate) stream: Result<Box<TlsStream<TcpStream>>, Fault>,
    /// What was learnt.
    pub(crate) tls: Option<Tls>,
    /// Why the certificate does not hold.
    pub(crate) distrust: Option<Fault>,
}

impl Ready {
    fn new(roots: &Roots) -> Result<Self, TrustError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let store = Arc::new(store(roots)?);
        let verifier = WebPkiServerVerifier::builder_with_provider(store, Arc::clone(&provider))
            .build()
            .map_err(|error| TrustError::Setup(error.into()))?;
        let recorder = Recorder::new(&verifier, 0);
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TrustError::Setup(error.into()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(recorder))
            .with_no_client_auth();
        // A resumed session shows no certificate.
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Self { config, verifier })
    }

    /// What webpki says about the chain at a moment.
    fn judge(
        &self,
        chain: &[CertificateDer<'static>],
        name: &ServerName<'static>,
        now_unix_s: i64,
    ) -> Option<Fault> {
        let (leaf, others) = chain.split_first()?;
        let now = Duration::from_secs(u64::try_from(now_unix_s).unwrap_or_default());
        let now = UnixTime::since_unix_epoch(now);
        let verdict = self
            .verifier
            .verify_server_cert(leaf, others, name, &[], now);
        verdict.err().map(|error| verdict::fault(&error, chain))
    }
}

impl TlsClient {
    pub(crate) fn new(roots: &Roots) -> Result<Self, TrustError> {
        let ready = OnceLock::new();
        // Hundreds of files may have to be read, which a check without TLS need not wait for.
        if !matches!(roots, Roots::System) {
            let _ = ready.set(Ready::new(roots)?);
        }
        Ok(Self {
            ready,
            roots: roots.clone(),
        })
    }

    fn ready(&self) -> Result<&Ready, TrustError> {
        if let Some(ready) = self.ready.get() {
            return Ok(ready);
        }
        let ready = Ready::new(&self.roots)?;
        Ok(self.ready.get_or_init(|| ready))
    }

    pub(crate) async fn handshake(
        &self,
        tcp: TcpStream,
        hello: Hello<'_>,
        limits: &Limits,
        timer: &mut Timer,
        end: Instant,
    ) -> Handshake {
        let failed = |fault| Handshake {
            stream: Err(fault),
            tls: None,
            distrust: None,
        };
        let bare = hello.host.trim_start_matches('[').trim_end_matches(']');
        let Ok(name) = ServerName::try_from(bare.to_owned()) else {
            let text = "the host is no name that TLS could ask for";
            return failed(Fault::new(Kind::TlsHandshake, Phase::Tls, text));
        };
        let ready = match self.ready() {
            Ok(ready) => ready,
            Err(error) => {
                let text = error.to_string();
                return failed(Fault::new(Kind::TlsHandshake, Phase::Tls, text));
            }
        };
        let recorder = Arc::new(Recorder::new(&ready.verifier, limits.certificates));
        let mut config = ready.config.clone();
        config.alpn_protocols = hello.alpn.protocols();
        config
            .dangerous()
            .set_certificate_verifier(Arc::clone(&recorder) as Arc<dyn ServerCertVerifier>);
        let connector = TlsConnector::from(Arc::new(config));

        let deadline = (Instant::now() + limits.time.tls).min(end);
        let shaken = timer
            .until(deadline, connector.connect(name.clone(), tcp))
            .await;
        let chain = recorder.chain.get().map_or(&[][..], Vec::as_slice);
        let mut tls = chain.first().map(|leaf| Tls {
            version: String::new(),
            cipher: String::new(),
            alpn: None,
            certificate: certificate::facts(leaf),
            chain_length: chain.len(),
        });
        let distrust = ready.judge(chain, &name, hello.now_unix_s);
        let stream = match shaken {
            Ok(Ok(stream)) => {
                if let Some(tls) = &mut tls {
                    describe(&stream, tls);
                }
                Ok(Box::new(stream))
            }
            Ok(Err(error)) => Err(fault_of(&error, Phase::Tls)),
            Err(_) if deadline == end => Err(Fault::timeout(Phase::Total)),
            Err(_) => Err(Fault::timeout(Phase::Tls)),
        };
        Handshake {
            stream,
            tls,
            distrust,
        }
    }
}

/// What was agreed on, in words.
fn describe(stream: &TlsStream<TcpStream>, tls: &mut Tls) {
    let (_, session) = stream.get_ref();
    tls.version = match session.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_3) => "1.3".to_owned(),
        Some(rustls::ProtocolVersion::TLSv1_2) => "1.2".to_owned(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    if let Some(suite) = session.negotiated_cipher_suite() {
        // The registered names say TLS; rustls calls those of TLS 1.3 after the version.
        tls.cipher = format!("{:?}", suite.suite()).replacen("TLS13_", "TLS_", 1);
    }
    tls.alpn = session
        .alpn_protocol()
        .map(|alpn| String::from_utf8_lossy(alpn).into_owned());
}

fn store(roots: &Roots) -> Result<RootCertStore, TrustError> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::Embedded => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Roots::System => {
            let found = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(found.certs);
            if store.is_empty() {
                store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
        }
        Roots::Only(pem) => add(&mut store, pem)?,
        Roots::EmbeddedAnd(pem) => {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            add(&mut store, pem)?;
        }
    }
    Ok(store)
}

fn add(store: &mut RootCertStore, pem: &[u8]) -> Result<(), TrustError> {
    let mut any = false;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| TrustError::NoCertificate)?;
        store.add(certificate).map_err(TrustError::BadCertificate)?;
        any = true;
    }
    any.then_some(()).ok_or(TrustError::NoCertificate)
}

/// Keeps the chain and lets the handshake go on; signatures are checked.
#[derive(Debug)]
struct Recorder {
    chain: OnceLock<Vec<CertificateDer<'static>>>,
    verifier: Arc<WebPkiServerVerifier>,
    certificates: usize,
}

impl Recorder {
    fn new(verifier: &Arc<WebPkiServerVerifier>, certificates: usize) -> Self {
        Self {
            chain: OnceLock::new(),
            verifier: Arc::clone(verifier),
            certificates,
        }
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(leaf).chain(others);
        let chain = chain
            .take(self.certificates)
            .map(|one| one.clone().into_owned());
        // The first handshake of a connection is the only one.
        let _ = self.chain.set(chain.collect());
        if others.len() >= self.certificates {
            return Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            ));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, leaf, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, leaf, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// A fault for what TLS or the connection under it said.
pub(crate) fn fault_of(error: &io::Error, phase: Phase) -> Fault {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>());
    let Some(inner) = inner else {
        return match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                Fault::of(Kind::ConnectionReset, phase)
            }
            io::ErrorKind::UnexpectedEof => {
                let text = "the connection was closed inside the TLS handshake";
                Fault::new(Kind::TlsHandshake, Phase::Tls, text)
            }
            _ => Fault::new(Kind::TlsHandshake, Phase::Tls, error.to_string()),
        };
    };
    let (kind, text) = match inner {
        Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure) => (
            Kind::TlsBadCertificate,
            "the server sent more certificates than the limit allows".to_owned(),
        ),
        Error::InvalidCertificate(_) | Error::NoCertificatesPresented => (
            Kind::TlsBadCertificate,
            format!("the certificate cannot be used: {inner}"),
        ),
        Error::InvalidMessage(
            InvalidMessage::CertificatePayloadTooLarge | InvalidMessage::HandshakePayloadTooLarge,
        ) => (
            Kind::TlsBadCertificate,
            "the certificates are larger than 64 KiB".to_owned(),
        ),
        Error::InvalidMessage(_) => (
            Kind::TlsHandshake,
            "what came is not TLS, or broken TLS".to_owned(),
        ),
        Error::AlertReceived(alert) => {
            let alert = words(&format!("{alert:?}"));
            (
                Kind::TlsHandshake,
                format!("the server sent the TLS alert `{alert}`"),
            )
        }
        Error::PeerIncompatible(reason) => {
            let reason = words(&format!("{reason:?}"));
            (
                Kind::TlsHandshake,
                format!("the server speaks no TLS that we speak: {reason}"),
            )
        }
        other => (Kind::TlsHandshake, other.to_string()),
    };
    Fault::new(kind, Phase::Tls, text)
}

/// `ProtocolVersion` as words: `protocol version`.
fn words(name: &str) -> String {
    let mut text = String::with_capacity(name.len().saturating_add(4));
    for (index, character) in name.chars().enumerate() {
        if character.is_ascii_uppercase() && index > 0 {
            text.push(' ');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}
