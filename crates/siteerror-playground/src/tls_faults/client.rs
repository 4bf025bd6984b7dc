//! Client certificates: asked for, looked at, and shown back.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Request, StatusCode};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use siteerror_serve::Incoming;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::Demand;
use crate::playground::Playground;
use crate::reply::Reply;

/// Takes every certificate in the handshake, if the client has the key to it: whether it is a right one is said afterwards.
#[derive(Debug)]
pub(super) struct Anyone(WebPkiSupportedAlgorithms);

impl Anyone {
    pub(super) fn new() -> Self {
        Self(rustls::crypto::ring::default_provider().signature_verification_algorithms)
    }
}

impl ClientCertVerifier for Anyone {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// What a client showed.
#[derive(Debug, Clone, Serialize)]
struct Shown {
    /// The certificates, that of the client itself first.
    certificates: Vec<ShownCertificate>,
    /// Whether they lead to the playground's authority.
    verified: bool,
    /// Why not, where they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct ShownCertificate {
    sha256: String,
    bytes: usize,
    pem: String,
}

/// Shakes hands, and answers every request with what was shown.
pub(super) async fn serve(
    stream: TcpStream,
    demand: Demand,
    config: Arc<ServerConfig>,
    strict: Arc<dyn ClientCertVerifier>,
    playground: Playground,
) {
    // The client has been told by an alert, and there is nobody else to tell.
    let Ok(stream) = TlsAcceptor::from(config).accept(stream).await else {
        return;
    };
    let now = playground
        .now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let given = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let shown = Arc::new(Shown::new(
        given,
        strict.as_ref(),
        UnixTime::since_unix_epoch(now),
    ));
    let options = playground.serve_options();
    let handler = move |request: Request<Incoming>| {
        let reply = shown.reply(demand);
        let (parts, _) = request.into_parts();
        std::future::ready(playground.finish_for(&parts, Ok(reply)))
    };
    siteerror_serve::serve_stream(stream, handler, &options).await;
}

impl Shown {
    fn new(given: &[CertificateDer<'_>], strict: &dyn ClientCertVerifier, now: UnixTime) -> Self {
        let why = match given {
            [] => Some("no certificate was shown".to_owned()),
            [own, others @ ..] => strict
                .verify_client_cert(own, others, now)
                .err()
                .map(|error| error.to_string()),
        };
        Self {
            certificates: given.iter().map(ShownCertificate::new).collect(),
            verified: why.is_none(),
            why,
        }
    }

    fn reply(&self, demand: Demand) -> Reply {
        let is_wrong = demand == Demand::AsNginx && !self.verified;
        if !is_wrong {
            return Reply::json(self)
                .because("The handshake was done, and this is what your client showed in it.");
        }
        let (code, because) = if self.certificates.is_empty() {
            (
                "496",
                "Your client showed no certificate, and one is demanded",
            )
        } else {
            (
                "495",
                "The certificate that your client showed does not verify",
            )
        };
        let because = format!("{because}: nginx knows this as {code}, and sends 400.");
        Reply::status(StatusCode::BAD_REQUEST).because(because)
    }
}

impl ShownCertificate {
    fn new(certificate: &CertificateDer<'_>) -> Self {
        let text = STANDARD.encode(certificate);
        let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
        for line in text.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem.push_str("-----END CERTIFICATE-----\n");
        let digest = Sha256::digest(certificate);
        Self {
            sha256: hex(&digest),
            bytes: certificate.len(),
            pem,
        }
    }
}

/// Two digits for each byte.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
