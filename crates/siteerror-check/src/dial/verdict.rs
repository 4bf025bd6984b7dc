//! What a certificate that does not hold is called. webpki says what stops it; what people want to know is a little more.

use rustls::CertificateError as E;
use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::failure::{Fault, Kind, Phase};

/// A fault for what webpki said about a chain.
pub(crate) fn fault(error: &rustls::Error, chain: &[CertificateDer<'_>]) -> Fault {
    let rustls::Error::InvalidCertificate(error) = error else {
        return new(Kind::TlsBadCertificate, error.to_string());
    };
    match error {
        E::Expired | E::ExpiredContext { .. } => of(Kind::TlsExpired),
        E::NotValidYet | E::NotValidYetContext { .. } => of(Kind::TlsNotYetValid),
        E::NotValidForName => of(Kind::TlsNameMismatch),
        E::NotValidForNameContext { presented, .. } if presented.is_empty() => new(
            Kind::TlsNameMismatch,
            "the certificate names nobody".to_owned(),
        ),
        E::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().take(5).map(|name| plain(name)).collect();
            let more = match presented.len().saturating_sub(names.len()) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let names = names.join(", ");
            new(
                Kind::TlsNameMismatch,
                format!("the certificate is for {names}{more}"),
            )
        }
        E::UnknownIssuer => unknown_issuer(chain),
        E::Other(_) if is_self_signed(chain) => of(Kind::TlsSelfSigned),
        error => new(
            Kind::TlsBadCertificate,
            format!("the certificate cannot be used: {error}"),
        ),
    }
}

/// No path to a root. Why not is told by the chain.
fn unknown_issuer(chain: &[CertificateDer<'_>]) -> Fault {
    if is_self_signed(chain) {
        return of(Kind::TlsSelfSigned);
    }
    let last = chain.last().and_then(|last| parse(last));
    let text = match last {
        Some(last) if last.subject() == last.issuer() => {
            "the chain ends at a root that is not trusted"
        }
        Some(_) if chain.len() == 1 => {
            "the server sent its own certificate alone: an intermediate certificate is missing, or its issuer is not trusted"
        }
        _ => {
            "the chain leads to no trusted root: an intermediate certificate is missing, or the root is not trusted"
        }
    };
    new(Kind::TlsUntrusted, text.to_owned())
}

/// Whether the leaf signed itself.
fn is_self_signed(chain: &[CertificateDer<'_>]) -> bool {
    let Some(leaf) = chain.first().and_then(|leaf| parse(leaf)) else {
        return false;
    };
    leaf.subject() == leaf.issuer() && leaf.verify_signature(None).is_ok()
}

fn parse<'a>(der: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    X509Certificate::from_der(der)
        .ok()
        .map(|(_, parsed)| parsed)
}

/// `DnsName("example.com")` as it is presented becomes `example.com`.
fn plain(presented: &str) -> &str {
    let inner = presented
        .split_once('(')
        .and_then(|(_, inner)| inner.strip_suffix(')'));
    inner.unwrap_or(presented).trim_matches('"')
}

fn of(kind: Kind) -> Fault {
    Fault::of(kind, Phase::Tls)
}

fn new(kind: Kind, text: String) -> Fault {
    Fault::new(kind, Phase::Tls, text)
}
