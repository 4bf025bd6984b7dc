//! What carried an exchange: the protocol that was agreed on, the address, and what TLS said. Facts that whoever dialled writes down; nothing here connects.

use std::net::SocketAddr;
use std::sync::Arc;

/// The scheme of the URL that was asked for: RFC 9110 §4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `http`.
    Http,
    /// `https`.
    Https,
}

/// How messages were framed on the connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.0 and HTTP/1.1: RFC 9112.
    #[default]
    Http1,
    /// HTTP/2: RFC 9113. Names are in lower case there, and there is no reason phrase.
    Http2,
}

/// What carried an exchange, as far as it is known: bytes from a file came over no connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    /// How messages were framed.
    pub protocol: Protocol,
    /// The scheme of the URL.
    pub scheme: Option<Scheme>,
    /// The address that was dialled.
    pub address: Option<SocketAddr>,
    /// What TLS said; none over plain TCP.
    pub tls: Option<Arc<Tls>>,
    /// Whether the peer said `close_notify` before it closed (RFC 8446 §6.1); none if it did not close, or spoke without TLS.
    pub close_notify: Option<bool>,
}

/// What was agreed on in a TLS handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Such as `1.3`.
    pub version: String,
    /// The cipher suite by its registered name, such as `TLS_AES_128_GCM_SHA256`.
    pub cipher: String,
    /// The protocol chosen by ALPN (RFC 7301), such as `h2`.
    pub alpn: Option<String>,
    /// What the certificate of the server says; none if it could not be read.
    pub certificate: Option<Certificate>,
    /// How many certificates came.
    pub chain_length: usize,
}

/// What a certificate says. Times are in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The subject as one line.
    pub subject: String,
    /// The issuer as one line.
    pub issuer: String,
    /// DNS names and addresses in subjectAltName, in order.
    pub names: Vec<String>,
    /// The first moment at which it is valid: RFC 5280 §4.1.2.5.
    pub not_before_unix_s: i64,
    /// The last one.
    pub not_after_unix_s: i64,
    /// What kind of key it holds.
    pub key: Key,
    /// The algorithm of its signature, such as `sha256WithRSAEncryption`.
    pub signature: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// The public key in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// RSA, and how many bits the modulus has.
    Rsa(usize),
    /// An elliptic curve by its name, and how many bits its field has.
    Ec(String, usize),
    /// Ed25519, or another by its name or object identifier.
    Other(String),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "RSA {bits}"),
            Self::Ec(curve, _) => write!(f, "EC {curve}"),
            Self::Other(name) => f.write_str(name),
        }
    }
}
