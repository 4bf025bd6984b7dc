//! What TLS said, in the JSON of a hop.

use jiff::Timestamp;
use serde::Serialize;
use siteerror_wire::{Certificate, Tls};

use super::Hex;

#[derive(Serialize)]
pub(super) struct TlsView<'a> {
    version: Option<&'a str>,
    cipher: Option<&'a str>,
    alpn: Option<&'a str>,
    certificate: Option<CertificateView<'a>>,
    chain_length: usize,
}

impl<'a> TlsView<'a> {
    pub(super) fn of(tls: &'a Tls, now_unix_s: i64) -> Self {
        // Empty where the handshake did not come so far.
        let said = |text: &'a str| (!text.is_empty()).then_some(text);
        Self {
            version: said(&tls.version),
            cipher: said(&tls.cipher),
            alpn: tls.alpn.as_deref(),
            certificate: tls
                .certificate
                .as_ref()
                .map(|one| CertificateView::of(one, now_unix_s)),
            chain_length: tls.chain_length,
        }
    }
}

#[derive(Serialize)]
struct CertificateView<'a> {
    subject: &'a str,
    issuer: &'a str,
    names: &'a [String],
    not_before: Option<Timestamp>,
    not_after: Option<Timestamp>,
    days_left: i64,
    key: String,
    signature: &'a str,
    sha256: Hex,
}

impl<'a> CertificateView<'a> {
    fn of(certificate: &'a Certificate, now_unix_s: i64) -> Self {
        let left = certificate.not_after_unix_s.saturating_sub(now_unix_s);
        Self {
            subject: &certificate.subject,
            issuer: &certificate.issuer,
            names: &certificate.names,
            not_before: Timestamp::from_second(certificate.not_before_unix_s).ok(),
            not_after: Timestamp::from_second(certificate.not_after_unix_s).ok(),
            days_left: left.div_euclid(24 * 60 * 60),
            key: certificate.key.to_string(),
            signature: &certificate.signature,
            sha256: Hex(certificate.sha256),
        }
    }
}
