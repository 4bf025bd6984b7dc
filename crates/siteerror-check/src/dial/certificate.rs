//! What a certificate says, taken apart for people. Nothing here decides whether it holds.

use std::net::IpAddr;

use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use siteerror_wire::{Certificate, Key};
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::{Oid, OidRegistry};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

/// Names of a certificate that are kept: what the largest shared ones have.
const NAMES: usize = 200;

/// What a certificate says; none if it cannot be read.
pub(crate) fn facts(der: &CertificateDer<'_>) -> Option<Certificate> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let names = parsed
        .subject_alternative_name()
        .ok()
        .flatten()
        .map(|names| {
            names
                .value
                .general_names
                .iter()
                .filter_map(name)
                .take(NAMES)
                .collect()
        })
        .unwrap_or_default();
    Some(Certificate {
        subject: parsed.subject().to_string(),
        issuer: parsed.issuer().to_string(),
        names,
        not_before_unix_s: parsed.validity().not_before.timestamp(),
        not_after_unix_s: parsed.validity().not_after.timestamp(),
        key: key(&parsed),
        signature: oid_name(&parsed.signature_algorithm.algorithm),
        sha256: Sha256::digest(der).into(),
    })
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let address = match bytes.len() {
                4 => IpAddr::from(<[u8; 4]>::try_from(*bytes).ok()?),
                16 => IpAddr::from(<[u8; 16]>::try_from(*bytes).ok()?),
                _ => return None,
            };
            Some(address.to_string())
        }
        _ => None,
    }
}

fn key(parsed: &X509Certificate<'_>) -> Key {
    let spki = parsed.public_key();
    let algorithm = &spki.algorithm;
    match spki.parsed() {
        Ok(PublicKey::RSA(rsa)) => Key::Rsa(rsa.key_size()),
        Ok(PublicKey::EC(point)) => {
            let curve = algorithm
                .parameters
                .as_ref()
                .and_then(|any| any.as_oid().ok());
            let (name, bits) = match curve.as_ref().map(Oid::to_id_string).as_deref() {
                Some("1.2.840.10045.3.1.7") => ("P-256".to_owned(), 256),
                Some("1.3.132.0.34") => ("P-384".to_owned(), 384),
                Some("1.3.132.0.35") => ("P-521".to_owned(), 521),
                Some(other) => (other.to_owned(), point.key_size()),
                None => ("unnamed".to_owned(), point.key_size()),
            };
            Key::Ec(name, bits)
        }
        _ => match algorithm.algorithm.to_id_string().as_str() {
            "1.3.101.112" => Key::Other("Ed25519".to_owned()),
            "1.3.101.113" => Key::Other("Ed448".to_owned()),
            other => Key::Other(other.to_owned()),
        },
    }
}

fn oid_name(oid: &Oid<'_>) -> String {
    // RFC 8410 §3 names these two; the registry below does not.
    match oid.to_id_string().as_str() {
        "1.3.101.112" => return "Ed25519".to_owned(),
        "1.3.101.113" => return "Ed448".to_owned(),
        _ => {}
    }
    let registry = OidRegistry::default().with_pkcs1().with_x962();
    registry
        .get(oid)
        .map_or_else(|| oid.to_id_string(), |entry| entry.sn().to_owned())
}
