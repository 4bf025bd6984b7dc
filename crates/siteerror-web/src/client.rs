//! Who asks: the peer of the connection, or whom a reverse proxy speaks for. A proxy is believed only if the settings name it, and only as far as each hop on the
//! way is one of them: what a stranger writes into a field is never taken for an address.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use http::{HeaderMap, HeaderName, header};
use siteerror_guard::Range;
use siteerror_wire::field::{list, parameters};

/// Not in the registry of RFC 7239, and what most proxies write.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What a field says about who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// It is not there, or names trusted proxies only.
    Silent,
    /// The right-most address that is no trusted proxy.
    Address(IpAddr),
    /// Before an address came something that is none, as `unknown` (RFC 7239 §6.2) or an obfuscated identifier (§6.3).
    Hidden,
}

/// Who asks, where the peer is known. Of an untrusted peer no field counts. Forwarded comes before X-Forwarded-For; where both speak and differ, one of them was
/// written by whoever asks and passed on, nobody knows which, and the proxy itself counts as the client.
pub(crate) fn client(peer: IpAddr, fields: &HeaderMap, trusted: &[Range]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let words = (
        word(fields, &header::FORWARDED, node_of_element, trusted),
        word(fields, &X_FORWARDED_FOR, node, trusted),
    );
    match words {
        (Word::Address(address), Word::Silent) | (Word::Silent, Word::Address(address)) => address,
        (Word::Address(address), other) if other == words.0 => address,
        _ => peer,
    }
}

fn is_trusted(address: IpAddr, trusted: &[Range]) -> bool {
    trusted.iter().any(|range| range.contains(address))
}

/// The hops of all lines of a field, from the last one on: each proxy adds its peer at the end.
fn word(
    fields: &HeaderMap,
    name: &HeaderName,
    read: fn(&[u8]) -> Option<IpAddr>,
    trusted: &[Range],
) -> Word {
    let lines: Vec<_> = fields.get_all(name).iter().collect();
    for line in lines.into_iter().rev() {
        let hops: Vec<&[u8]> = list(line.as_bytes()).collect();
        for hop in hops.into_iter().rev() {
            match read(hop) {
                Some(address) if is_trusted(address, trusted) => {}
                Some(address) => return Word::Address(address),
                None => return Word::Hidden,
            }
        }
    }
    Word::Silent
}

/// The `for` of a forwarded-element: RFC 7239 §4. One that has none, or two, says nothing, and neither does one with a quotation that does not end where it should:
/// whoever asks may have opened it, so that what the proxy added stands inside.
fn node_of_element(element: &[u8]) -> Option<IpAddr> {
    let element = [b";", element].concat();
    let (_, pairs) = parameters(&element);
    let is_whole = |value: &Option<Cow<'_, [u8]>>| match value {
        Some(Cow::Borrowed(raw)) => !raw.contains(&b'"'),
        Some(Cow::Owned(_)) => true,
        None => false,
    };
    if !pairs.iter().all(|pair| is_whole(&pair.value)) {
        return None;
    }
    let mut values = pairs
        .into_iter()
        .filter(|pair| pair.name.eq_ignore_ascii_case(b"for"))
        .map(|pair| pair.value);
    match (values.next(), values.next()) {
        (Some(Some(value)), None) => node(&value),
        _ => None,
    }
}

/// An address, with or without a port: RFC 7239 §6. IPv6 stands in brackets there, and often without them in X-Forwarded-For.
fn node(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let address = if let Ok(address) = text.parse::<IpAddr>() {
        address
    } else if let Some(bare) = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    {
        bare.parse::<Ipv6Addr>().ok()?.into()
    } else if text.starts_with('[') {
        let address = text.parse::<SocketAddrV6>().ok()?;
        // A zone means something on one machine only.
        (*address.ip()).into()
    } else {
        (*text.parse::<SocketAddrV4>().ok()?.ip()).into()
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With proxies at `10.0.0.0/8` and `2001:db8:aa::/48`.
    fn check(peer: &str, fields: &[(&str, &str)], expected: &str) {
        let trusted = [
            Range::new(IpAddr::from([10, 0, 0, 0]), 8),
            Range::new("2001:db8:aa::".parse().expect("an address"), 48),
        ];
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            let name: HeaderName = name.parse().expect("a name");
            map.append(name, value.parse().expect("a value"));
        }
        let peer: IpAddr = peer.parse().expect("an address");
        let expected: IpAddr = expected.parse().expect("an address");
        assert_eq!(client(peer, &map, &trusted), expected, "{peer} {fields:?}");
    }

    #[test]
    fn a_peer_that_nobody_trusts_speaks_for_itself() {
        let said = [
            ("forwarded", "for=198.51.100.1"),
            ("x-forwarded-for", "198.51.100.1"),
        ];
        check("203.0.113.9", &said, "203.0.113.9");
        check("::ffff:203.0.113.9", &said, "203.0.113.9");
        check("2001:db8:ab::1", &said, "2001:db8:ab::1");
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_counts() {
        let check = |value: &str, expected: &str| {
            check("10.1.1.1", &[("x-forwarded-for", value)], expected);
        };
        check("203.0.113.9", "203.0.113.9");
        check("198.51.100.1, 203.0.113.9", "203.0.113.9");
        check(
            "198.51.100.1, 203.0.113.9,10.2.2.2 , 10.3.3.3",
            "203.0.113.9",
        );
        check("203.0.113.9:4711, 10.2.2.2:80", "203.0.113.9");
        check("2001:db8::1", "2001:db8::1");
        check("[2001:db8::1], [2001:db8:aa::7]:443", "2001:db8::1");
        check("::ffff:203.0.113.9", "203.0.113.9");
        // Nothing but proxies, nothing at all, and what is no address: the peer.
        for value in [
            "10.2.2.2",
            "",
            "unknown",
            "203.0.113.9, unknown",
            "203.0.113.9, _x",
            "203.0.113.9:99999",
            "[fe80::1%eth0]",
        ] {
            check(value, "10.1.1.1");
        }
    }

    #[test]
    fn forwarded_is_read_as_rfc_7239_has_it() {
        let check =
            |value: &str, expected: &str| check("10.1.1.1", &[("forwarded", value)], expected);
        // The examples of §4.
        check("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17");
        check("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60");
        check("for=192.0.2.43, for=198.51.100.17", "198.51.100.17");
        check("for=\"_gazonk\"", "10.1.1.1");
        check("for=unknown", "10.1.1.1");
        check("for=198.51.100.1, for=unknown", "10.1.1.1");
        check(
            "for=203.0.113.9;host=\"a;for=1.2.3.4,b\", for=\"10.2.2.2:80\"",
            "203.0.113.9",
        );
        check("proto=https", "10.1.1.1");
        check("for=203.0.113.9;for=198.51.100.1", "10.1.1.1");
        check("for", "10.1.1.1");
        // A quotation that whoever asks left open does not hide what the proxy added behind an address of their choice.
        check("for=\"198.51.100.1, for=203.0.113.9", "10.1.1.1");
        check("for=198.51.100.1;x=\", for=\"203.0.113.9\"", "10.1.1.1");
        check(
            "for=198.51.100.1;x=\", for=203.0.113.9;proto=http",
            "10.1.1.1",
        );
    }

    #[test]
    fn lines_are_read_in_order_and_fields_that_differ_say_nothing() {
        let xff = |value| ("x-forwarded-for", value);
        let forwarded = |value| ("forwarded", value);
        check(
            "10.1.1.1",
            &[xff("198.51.100.1"), xff("203.0.113.9")],
            "203.0.113.9",
        );
        check(
            "10.1.1.1",
            &[xff("203.0.113.9"), xff("10.2.2.2")],
            "203.0.113.9",
        );
        check(
            "10.1.1.1",
            &[forwarded("for=203.0.113.9"), xff("203.0.113.9")],
            "203.0.113.9",
        );
        check(
            "10.1.1.1",
            &[forwarded("for=10.2.2.2"), xff("203.0.113.9")],
            "203.0.113.9",
        );
        // Whoever asks writes one of them, and the proxy the other.
        check(
            "10.1.1.1",
            &[forwarded("for=198.51.100.1"), xff("203.0.113.9")],
            "10.1.1.1",
        );
        check(
            "10.1.1.1",
            &[forwarded("for=unknown"), xff("203.0.113.9")],
            "10.1.1.1",
        );
        check(
            "10.1.1.1",
            &[forwarded("for=203.0.113.9"), xff("unknown")],
            "10.1.1.1",
        );
    }
}
