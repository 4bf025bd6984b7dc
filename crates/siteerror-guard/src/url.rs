//! From text to a parsed URL, once (S1). What the parser of browsers would mend in silence is refused before it, so that no two layers can see two URLs.

use url::{ParseError, Url};

use crate::name;
use crate::target::Host;
use crate::verdict::{Reason, Refusal, Rule};

/// The longest text that is taken for a URL; RFC 9110 §4.1 asks for 8,000 at least.
pub(crate) const LONGEST: usize = 8192;

const fn invalid(reason: Reason) -> Refusal {
    Refusal::invalid(Rule::S1, reason)
}

/// The text without whitespace and controls at its ends; an error if it is too long, no text, or has a control character inside.
pub(crate) fn clean(input: &[u8]) -> Result<&str, Refusal> {
    if input.len() > LONGEST {
        return Err(invalid(Reason::UrlTooLong));
    }
    let text = std::str::from_utf8(input).map_err(|_| invalid(Reason::NotUtf8))?;
    let text = text.trim_matches(|c| c <= ' ');
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(invalid(Reason::ControlCharacter));
    }
    Ok(text)
}

/// Parses text that stands alone.
pub(crate) fn parse(input: &[u8]) -> Result<Url, Refusal> {
    Url::parse(clean(input)?).map_err(refusal)
}

/// Resolves a reference against the URL that it came from, which lends it its fragment if it has none (RFC 9110 §10.2.2).
pub(crate) fn join(from: &Url, reference: &str) -> Result<Url, Refusal> {
    let mut url = from.join(reference).map_err(refusal)?;
    if url.fragment().is_none() {
        url.set_fragment(from.fragment());
    }
    Ok(url)
}

fn refusal(error: ParseError) -> Refusal {
    invalid(match error {
        ParseError::EmptyHost => Reason::HostMissing,
        ParseError::IdnaError | ParseError::InvalidDomainCharacter => Reason::HostBad,
        ParseError::InvalidIpv4Address | ParseError::InvalidIpv6Address => Reason::AddressBad,
        ParseError::InvalidPort => Reason::PortBad,
        ParseError::RelativeUrlWithoutBase => Reason::SchemeMissing,
        _ => Reason::UrlBad,
    })
}

/// The host, and the URL with it: a name loses its final dot, so that the connection, Host and SNI all have the same name.
pub(crate) fn settle(url: &mut Url) -> Result<Host, Refusal> {
    let name = match url.host() {
        None => return Err(invalid(Reason::HostMissing)),
        Some(url::Host::Ipv4(address)) => return Ok(Host::Address(address.into())),
        Some(url::Host::Ipv6(address)) => return Ok(Host::Address(address.into())),
        Some(url::Host::Domain(name)) => name.to_owned(),
    };
    let settled = name.strip_suffix('.').unwrap_or(&name);
    name::check(settled).map_err(invalid)?;
    if settled.len() < name.len() {
        url.set_host(Some(settled)).map_err(refusal)?;
    }
    // Without its dot a name must still be that name, and nothing that reads as an address.
    if url.host() == Some(url::Host::Domain(settled)) {
        Ok(Host::Name(settled.to_owned()))
    } else {
        Err(invalid(Reason::HostBad))
    }
}
