//! The address table (S7): which addresses are never a web site, told by comparing prefixes of integers. It knows no operator; that is the guard's part.

mod table;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

pub use table::{Row, table};

use crate::verdict::Reason;

/// Bits of an IPv4 address.
const V4_BITS: u8 = 32;
/// Bits of an IPv6 address.
const V6_BITS: u8 = 128;

/// A range of addresses: all that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    base: IpAddr,
    bits: u8,
}

impl Range {
    /// The addresses that share the first `bits` bits with `base`. More bits than an address has are all of them.
    pub const fn new(base: IpAddr, bits: u8) -> Self {
        let most = match base {
            IpAddr::V4(_) => V4_BITS,
            IpAddr::V6(_) => V6_BITS,
        };
        let bits = if bits > most { most } else { bits };
        let base = match base {
            IpAddr::V4(base) => IpAddr::V4(Ipv4Addr::from_bits(base.to_bits() & mask_v4(bits))),
            IpAddr::V6(base) => IpAddr::V6(Ipv6Addr::from_bits(base.to_bits() & mask_v6(bits))),
        };
        Self { base, bits }
    }

    /// Whether an address is inside. An IPv4 address is in no IPv6 range, nor the other way round: unwrapping comes first.
    pub const fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                address.to_bits() & mask_v4(self.bits) == base.to_bits()
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                address.to_bits() & mask_v6(self.bits) == base.to_bits()
            }
            _ => false,
        }
    }

    /// The first address.
    pub const fn base(&self) -> IpAddr {
        self.base
    }

    /// How many leading bits are fixed.
    pub const fn bits(&self) -> u8 {
        self.bits
    }
}

/// The leading bits of an IPv4 address.
const fn mask_v4(bits: u8) -> u32 {
    match u32::MAX.checked_shl(V4_BITS.saturating_sub(bits) as u32) {
        Some(mask) => mask,
        None => 0,
    }
}

/// The leading bits of an IPv6 address.
const fn mask_v6(bits: u8) -> u128 {
    match u128::MAX.checked_shl(V6_BITS.saturating_sub(bits) as u32) {
        Some(mask) => mask,
        None => 0,
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

/// What a range must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotARange;

impl fmt::Display for NotARange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a range is an address, or an address with a number of bits and zeros behind them, such as `10.0.0.0/8` or `fd00::/8`")
    }
}

impl std::error::Error for NotARange {}

impl FromStr for Range {
    type Err = NotARange;

    /// Reads `10.0.0.0/8` or a single address. Bits set behind the prefix are refused: one of the two numbers is a mistake then.
    /// A range of IPv4-mapped addresses becomes the range of IPv4 addresses that it means.
    fn from_str(text: &str) -> Result<Self, NotARange> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotARange)?;
        let most = if address.is_ipv4() { V4_BITS } else { V6_BITS };
        let bits = match bits {
            None => most,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_| NotARange)?
            }
            Some(_) => return Err(NotARange),
        };
        let range = Self::new(address, bits);
        if bits > most || range.base != address {
            return Err(NotARange);
        }
        Ok(
            match (canonical(address), bits.checked_sub(V6_BITS - V4_BITS)) {
                (IpAddr::V4(base), Some(bits)) if address.is_ipv6() => {
                    Self::new(IpAddr::V4(base), bits)
                }
                _ => range,
            },
        )
    }
}

/// An IPv4-mapped address as the IPv4 address that it is on the wire; any other as it is.
pub const fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// The address that decides: the IPv4 address inside an IPv4-mapped or a NAT64 address (the rows that say `unwrap`), or the address itself.
pub fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(wrapped) = address else {
        return address;
    };
    let mut rows = table().iter().filter(|row| row.reason.is_none());
    if rows.any(|row| row.range.contains(address)) {
        let [.., a, b, c, d] = wrapped.octets();
        return IpAddr::V4(Ipv4Addr::new(a, b, c, d));
    }
    address
}

/// What the table says about an address: nothing, or the reason for which it is never a web site.
///
/// Of several rows the most specific names the reason. No row opens what another one closes.
pub fn special(address: IpAddr) -> Option<Reason> {
    let address = unwrapped(address);
    let mut found: Option<(u8, Reason)> = None;
    // No early end: every address costs the whole table.
    for row in table() {
        if let Some(reason) = row.reason
            && row.range.contains(address)
            && found.is_none_or(|(bits, _)| row.range.bits() > bits)
        {
            found = Some((row.range.bits(), reason));
        }
    }
    let reason = found.map(|(_, reason)| reason);
    match address {
        IpAddr::V4(_) => reason,
        IpAddr::V6(address) => reason
            .or_else(|| is_isatap(address).then_some(Reason::Isatap))
            .or_else(|| {
                (!GLOBAL_UNICAST.contains(IpAddr::V6(address))).then_some(Reason::NotGlobalUnicast)
            }),
    }
}

/// Everything that IANA has given out for global unicast; the default is that nothing else is allowed.
pub const GLOBAL_UNICAST: Range =
    Range::new(IpAddr::V6(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0)), 3);

/// RFC 5214 §6.1: the interface identifier is `0000:5efe` or `0200:5efe`, then the IPv4 address.
const fn is_isatap(address: Ipv6Addr) -> bool {
    let [_, _, _, _, universal, marker, _, _] = address.segments();
    (universal == 0 || universal == 0x0200) && marker == 0x5efe
}
