//! The steps of a judgement, in order: parse, scheme, userinfo, port, name or address. What comes out is a [`Target`] or a [`Refusal`].

use std::net::{IpAddr, SocketAddr};

use url::Url;

use crate::address::{self, Range, canonical, unwrapped};
use crate::answers::JudgedAddr;
use crate::name::{self, Name};
use crate::target::{Credentials, Host, Target};
use crate::url as parsing;
use crate::verdict::{Reason, Refusal, Rule, Warning};

/// The ports of web servers. Any other would make us a port scanner.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// A resolved reference may be longer than the reference itself; this ends chains that grow.
const LONGEST_RESOLVED: usize = 65_536;

/// Who chooses the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// A stranger: everything applies.
    Public,
    /// The person at the terminal: userinfo, ports, names and addresses only give warnings.
    Local,
}

/// What a guard goes by. The default is what strangers get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Who chooses the URL.
    pub policy: Policy,
    /// Ports besides 80, 443, 8080 and 8443. Port 0 is never one.
    pub ports: Vec<u16>,
    /// Names that the operator closes, with everything below them.
    pub names: Vec<Name>,
    /// Addresses that the operator closes.
    pub ranges: Vec<Range>,
    /// Addresses that the operator opens although the table closes them. They open neither [`ranges`](Self::ranges) nor [`own_sockets`](Self::own_sockets).
    pub allow: Vec<Range>,
    /// The addresses of our own interfaces: closed at every port.
    pub own_addresses: Vec<IpAddr>,
    /// Where we listen, as others see it: closed at that port.
    pub own_sockets: Vec<SocketAddr>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            policy: Policy::Public,
            ports: Vec::new(),
            names: Vec::new(),
            ranges: Vec::new(),
            allow: Vec::new(),
            own_addresses: Vec::new(),
            own_sockets: Vec::new(),
        }
    }
}

/// Judges URLs, redirects, answers of lookups, and what a request may say.
#[derive(Debug, Clone)]
pub struct Guard {
    rules: Rules,
}

impl Guard {
    /// A guard that goes by these rules.
    pub const fn new(rules: Rules) -> Self {
        Self { rules }
    }

    /// Who chooses the URLs.
    pub const fn policy(&self) -> Policy {
        self.rules.policy
    }

    pub(crate) const fn is_local(&self) -> bool {
        matches!(self.rules.policy, Policy::Local)
    }

    /// Judges a URL: text or bytes, at most 8,192 of them.
    ///
    /// # Errors
    ///
    /// Invalid by S1, blocked by S2 to S5, or by S7 where the host is an address. Of several rules the first one is named.
    pub fn url(&self, input: impl AsRef<[u8]>) -> Result<Target, Refusal> {
        self.judge(parsing::parse(input.as_ref())?)
    }

    /// Judges a redirect: the value of Location as it came, against the target that answered it.
    ///
    /// The fragment of the old URL goes with it if the new one has none. User name and password go with it within their origin.
    ///
    /// # Errors
    ///
    /// Invalid by S9 if Location is empty or longer than 8,192 bytes; otherwise as [`Guard::url`].
    pub fn location(&self, from: &Target, location: &[u8]) -> Result<Target, Refusal> {
        if location.len() > parsing::LONGEST {
            return Err(Refusal::invalid(Rule::S9, Reason::RedirectUrlTooLong));
        }
        let reference = parsing::clean(location)?;
        if reference.is_empty() {
            return Err(Refusal::invalid(Rule::S9, Reason::LocationEmpty));
        }
        let url = parsing::join(from.url(), reference)?;
        if url.as_str().len() > LONGEST_RESOLVED {
            return Err(Refusal::invalid(Rule::S9, Reason::RedirectUrlTooLong));
        }
        let mut target = self.judge(url)?;
        target.lend_credentials(from);
        Ok(target)
    }

    /// From S2 on. Every rule is asked before the first refusal is given back, so that all of them take the same time.
    fn judge(&self, mut url: Url) -> Result<Target, Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::blocked(Rule::S2, Reason::Scheme));
        }
        let host = parsing::settle(&mut url)?;
        let credentials = Credentials::take(&mut url);
        let port = url.port_or_known_default().unwrap_or_default();
        let place = match &host {
            Host::Name(name) => (Rule::S5, name::judge(name, &self.rules.names)),
            Host::Address(address) => (Rule::S7, self.address(*address, port)),
        };
        let found = [
            (Rule::S3, credentials.is_some().then_some(Reason::Userinfo)),
            (Rule::S4, (!self.is_open(port)).then_some(Reason::Port)),
            place,
        ];
        let warnings: Vec<Warning> = found
            .into_iter()
            .filter_map(|(rule, reason)| reason.map(|reason| Warning { rule, reason }))
            .collect();
        if let (Policy::Public, Some(first)) = (self.rules.policy, warnings.first()) {
            return Err(Refusal::blocked(first.rule, first.reason));
        }
        let judged = match &host {
            Host::Name(_) => None,
            Host::Address(address) => {
                let warning = warnings.iter().find(|warning| warning.rule == Rule::S7);
                Some(JudgedAddr::new(*address, port, warning.copied()))
            }
        };
        Ok(Target::new(url, host, port, credentials, judged, warnings))
    }

    fn is_open(&self, port: u16) -> bool {
        port != 0 && (PORTS.contains(&port) || self.rules.ports.contains(&port))
    }

    /// Why an address is not visited (S7): the operator's ranges and our own sockets first, then what the operator opened, then the table.
    pub(crate) fn address(&self, given: IpAddr, port: u16) -> Option<Reason> {
        let rules = &self.rules;
        let inner = unwrapped(given);
        let is_in = |ranges: &[Range]| {
            ranges
                .iter()
                .filter(|range| range.contains(inner) || range.contains(given))
                .count()
                > 0
        };
        let is_ours =
            |ours: IpAddr| canonical(ours) == inner || canonical(ours) == canonical(given);
        let closed = is_in(&rules.ranges);
        let listening = rules
            .own_sockets
            .iter()
            .filter(|own| own.port() == port && is_ours(own.ip()))
            .count()
            > 0;
        let interface = rules
            .own_addresses
            .iter()
            .filter(|own| is_ours(**own))
            .count()
            > 0;
        let opened = rules
            .allow
            .iter()
            .filter(|range| range.contains(inner))
            .count()
            > 0;
        let special = address::special(given);
        if closed {
            Some(Reason::RangeOfOperator)
        } else if listening {
            Some(Reason::OwnAddress)
        } else if opened {
            None
        } else {
            special.or(interface.then_some(Reason::OwnAddress))
        }
    }
}
