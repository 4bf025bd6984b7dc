//! Certificates of our own: an authority that is made at start, and certificates by it, most of them with one thing wrong. Nothing is kept on disk.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType,
};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const DAY: Duration = Duration::from_hours(24);

/// An authority with one other below it, as those of the web have.
#[derive(Debug)]
pub(crate) struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    middle: CertifiedIssuer<'static, KeyPair>,
    now: SystemTime,
}

/// What a server shows, and the key to it.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    Expired,
    NotYetValid,
    /// Made for a host that nobody asks for.
    WrongHost,
    /// It names the host, and not its address.
    NoAddress,
    SelfSigned,
    /// Signed by an authority that is not the one to be trusted.
    UntrustedRoot,
    /// The certificate between it and the root is not sent.
    IncompleteChain,
    /// Certificates that have nothing to do with it are sent too.
    HugeChain,
}

impl Authority {
    /// A new one, in force from the day before `now`.
    ///
    /// # Errors
    ///
    /// If no key can be made.
    pub(crate) fn new(now: SystemTime) -> Result<Self, rcgen::Error> {
        let root = CertifiedIssuer::self_signed(
            authority_params("siteerror playground root", now, 1),
            KeyPair::generate()?,
        )?;
        let middle = CertifiedIssuer::signed_by(
            authority_params("siteerror playground intermediate", now, 0),
            KeyPair::generate()?,
            &root,
        )?;
        Ok(Self { root, middle, now })
    }

    /// The root as PEM, for clients that are to trust it.
    pub(crate) fn pem(&self) -> String {
        self.root.pem()
    }

    /// The root as what a client trusts.
    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates([self.root.der().clone()]);
        roots
    }

    /// A certificate for `localhost` and these addresses, with this wrong.
    ///
    /// # Errors
    ///
    /// If no key can be made.
    pub(crate) fn identity(
        &self,
        flaw: Flaw,
        addresses: &[IpAddr],
    ) -> Result<Identity, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = match flaw {
            Flaw::WrongHost => CertificateParams::new(["wrong.example".to_owned()])?,
            _ => CertificateParams::new(["localhost".to_owned()])?,
        };
        if !matches!(flaw, Flaw::WrongHost | Flaw::NoAddress) {
            params
                .subject_alt_names
                .extend(addresses.iter().copied().map(SanType::IpAddress));
        }
        params.distinguished_name = named("siteerror playground");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let (from, to) = match flaw {
            Flaw::Expired => (self.now - 60 * DAY, self.now - 30 * DAY),
            Flaw::NotYetValid => (self.now + 30 * DAY, self.now + 60 * DAY),
            // Clients on some systems take no certificate that is good for more than 825 days.
            _ => (self.now - DAY, self.now + 365 * DAY),
        };
        params.not_before = from.into();
        params.not_after = to.into();
        let chain = match flaw {
            Flaw::SelfSigned => vec![params.self_signed(&key)?.der().clone()],
            Flaw::UntrustedRoot => {
                let other = CertifiedIssuer::self_signed(
                    authority_params("an authority that nobody knows", self.now, 0),
                    KeyPair::generate()?,
                )?;
                vec![
                    params.signed_by(&key, &other)?.der().clone(),
                    other.der().clone(),
                ]
            }
            Flaw::IncompleteChain => vec![params.signed_by(&key, &self.middle)?.der().clone()],
            Flaw::HugeChain => {
                let mut chain = vec![
                    params.signed_by(&key, &self.middle)?.der().clone(),
                    self.middle.der().clone(),
                ];
                chain.extend(self.extraneous()?);
                chain
            }
            _ => vec![
                params.signed_by(&key, &self.middle)?.der().clone(),
                self.middle.der().clone(),
            ],
        };
        Ok(Identity {
            chain,
            key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        })
    }

    /// A certificate with which a client can show who it is.
    ///
    /// # Errors
    ///
    /// If no key can be made.
    pub(crate) fn client(&self) -> Result<(String, String), rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named("a client of the siteerror playground");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_before = (self.now - DAY).into();
        params.not_after = (self.now + 365 * DAY).into();
        // Signed by the root itself, so that one file is all that a client has to send.
        let certificate = params.signed_by(&key, &self.root)?;
        Ok((certificate.pem(), key.serialize_pem()))
    }

    /// Four certificates of about 11 KB each, with nothing in them that anybody wants.
    fn extraneous(&self) -> Result<Vec<CertificateDer<'static>>, rcgen::Error> {
        let key = KeyPair::generate()?;
        (0..4)
            .map(|number| {
                let names: Vec<String> = (0..260)
                    .map(|name| format!("name-{name:03}.of-certificate-{number}.example.invalid"))
                    .collect();
                let mut params = CertificateParams::new(names)?;
                params.distinguished_name = named("beside the point");
                Ok(params.signed_by(&key, &self.root)?.der().clone())
            })
            .collect()
    }
}

fn named(name: &str) -> rcgen::DistinguishedName {
    let mut names = rcgen::DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

fn authority_params(name: &str, now: SystemTime, below: u8) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = (now - DAY).into();
    params.not_after = (now + 3650 * DAY).into();
    params
}
