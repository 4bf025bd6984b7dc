//! Where a request may go: a URL that was judged. It is made by the guard alone, and everything about the request comes from it.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use url::{Origin, Url};

use crate::answers::JudgedAddr;
use crate::name;
use crate::verdict::{Reason, Rule, Warning};

/// The host of a URL after parsing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name in lower-case A-labels, without its final dot.
    Name(String),
    /// An address, however it was spelled.
    Address(IpAddr),
}

/// User name and password from a URL, percent-decoded. They are for their own origin only, and `Debug` does not print them.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    user: Vec<u8>,
    password: Vec<u8>,
}

impl Credentials {
    /// The user name.
    pub fn user(&self) -> &[u8] {
        &self.user
    }

    /// The password; empty if there is none.
    pub fn password(&self) -> &[u8] {
        &self.password
    }

    /// Takes them out of a URL; none if both are empty, which is the same URL.
    pub(crate) fn take(url: &mut Url) -> Option<Self> {
        let decode = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
        let found = Self {
            user: decode(url.username()),
            password: url.password().map(decode).unwrap_or_default(),
        };
        // Both can only fail for URLs that cannot have userinfo, and those have none.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        (!found.user.is_empty() || !found.password.is_empty()).then_some(found)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

/// A URL that we may visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
    host: Host,
    port: u16,
    unicode: Option<String>,
    credentials: Option<Credentials>,
    judged: Option<JudgedAddr>,
    warnings: Vec<Warning>,
}

impl Target {
    pub(crate) fn new(
        url: Url,
        host: Host,
        port: u16,
        credentials: Option<Credentials>,
        judged: Option<JudgedAddr>,
        mut warnings: Vec<Warning>,
    ) -> Self {
        let unicode = match &host {
            Host::Name(name) => name::unicode(name),
            Host::Address(_) => None,
        };
        if unicode.as_deref().is_some_and(name::mixes_scripts) {
            warnings.push(Warning {
                rule: Rule::S5,
                reason: Reason::HostIdnConfusable,
            });
        }
        Self {
            url,
            host,
            port,
            unicode,
            credentials,
            judged,
            warnings,
        }
    }

    /// The URL, without user name and password: fit to be shown, and the one to take everything from.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// The host.
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The host as it stands in the URL: A-labels, or an address, IPv6 in brackets.
    pub fn host_text(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The host as people write it, where that differs from its A-labels: to show next to them, never in their place.
    pub fn unicode_host(&self) -> Option<&str> {
        self.unicode.as_deref()
    }

    /// The port, the scheme's own if the URL names none.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Scheme, host and port: what credentials must not leave (RFC 9110 §4.3.1).
    pub fn origin(&self) -> Origin {
        self.url.origin()
    }

    /// User name and password, which only the local policy lets through.
    pub const fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// What is worth knowing although the target is allowed.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Whether the host is a name, which has to be asked for. Ask for it with its final dot: no search list, no hosts file (S6).
    pub const fn needs_lookup(&self) -> bool {
        matches!(self.host, Host::Name(_))
    }

    /// The name to look up.
    pub fn name(&self) -> Option<&str> {
        match &self.host {
            Host::Name(name) => Some(name),
            Host::Address(_) => None,
        }
    }

    /// Where to connect if the host is an address.
    pub const fn judged(&self) -> Option<JudgedAddr> {
        self.judged
    }

    pub(crate) fn lend_credentials(&mut self, from: &Self) {
        if self.credentials.is_none() && self.origin() == from.origin() {
            self.credentials.clone_from(&from.credentials);
        }
    }
}
