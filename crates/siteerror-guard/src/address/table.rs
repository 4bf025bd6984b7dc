//! The table itself: the special-purpose registries of IANA for IPv4 and IPv6, and what they lack. Rows say what a block is for and who says so.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Range;
use crate::verdict::Reason;

/// A block of addresses with a purpose of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The addresses.
    pub range: Range,
    /// What they are called there.
    pub name: &'static str,
    /// The document that says so.
    pub source: &'static str,
    /// Where the row stands.
    pub registry: Registry,
    /// Why it is refused; none if the IPv4 address inside is judged in its place.
    pub reason: Option<Reason>,
}

/// Where a row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registry {
    /// IANA's special-purpose address registries.
    Iana,
    /// Not in those: registries of their own, blocks that were given back, and a cloud's platform address.
    Extra,
}

/// Every row. Rows that IANA calls globally reachable are in it too: they are infrastructure that is near everybody, or identifiers, and never a web site.
pub const fn table() -> &'static [Row] {
    TABLE
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Range {
    Range::new(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits)
}

const fn v6(segments: [u16; 8], bits: u8) -> Range {
    Range::new(IpAddr::V6(Ipv6Addr::from_segments(segments)), bits)
}

const fn row(
    range: Range,
    name: &'static str,
    source: &'static str,
    registry: Registry,
    reason: Option<Reason>,
) -> Row {
    Row {
        range,
        name,
        source,
        registry,
        reason,
    }
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(v4(0, 0, 0, 0, 8), "This network", "RFC 791 §3.2", Registry::Iana, Some(Reason::ThisNetwork)),
    row(v4(0, 0, 0, 0, 32), "This host on this network", "RFC 1122 §3.2.1.3", Registry::Iana, Some(Reason::ThisNetwork)),
    row(v4(10, 0, 0, 0, 8), "Private-Use", "RFC 1918", Registry::Iana, Some(Reason::PrivateUse)),
    row(v4(100, 64, 0, 0, 10), "Shared Address Space", "RFC 6598", Registry::Iana, Some(Reason::SharedAddressSpace)),
    row(v4(127, 0, 0, 0, 8), "Loopback", "RFC 1122 §3.2.1.3", Registry::Iana, Some(Reason::Loopback)),
    row(v4(169, 254, 0, 0, 16), "Link Local", "RFC 3927", Registry::Iana, Some(Reason::LinkLocal)),
    row(v4(172, 16, 0, 0, 12), "Private-Use", "RFC 1918", Registry::Iana, Some(Reason::PrivateUse)),
    row(v4(192, 0, 0, 0, 24), "IETF Protocol Assignments", "RFC 6890 §2.1", Registry::Iana, Some(Reason::ProtocolAssignment)),
    row(v4(192, 0, 0, 0, 29), "IPv4 Service Continuity Prefix", "RFC 7335", Registry::Iana, Some(Reason::ProtocolAssignment)),
    row(v4(192, 0, 0, 8, 32), "IPv4 dummy address", "RFC 7600", Registry::Iana, Some(Reason::ProtocolAssignment)),
    row(v4(192, 0, 0, 9, 32), "Port Control Protocol Anycast", "RFC 7723", Registry::Iana, Some(Reason::Anycast)),
    row(v4(192, 0, 0, 10, 32), "Traversal Using Relays around NAT Anycast", "RFC 8155", Registry::Iana, Some(Reason::Anycast)),
    row(v4(192, 0, 0, 170, 32), "NAT64/DNS64 Discovery", "RFC 8880; RFC 7050 §2.2", Registry::Iana, Some(Reason::Nat64Discovery)),
    row(v4(192, 0, 0, 171, 32), "NAT64/DNS64 Discovery", "RFC 8880; RFC 7050 §2.2", Registry::Iana, Some(Reason::Nat64Discovery)),
    row(v4(192, 0, 2, 0, 24), "Documentation (TEST-NET-1)", "RFC 5737", Registry::Iana, Some(Reason::Documentation)),
    row(v4(192, 31, 196, 0, 24), "AS112-v4", "RFC 7535", Registry::Iana, Some(Reason::As112)),
    row(v4(192, 52, 193, 0, 24), "AMT", "RFC 7450", Registry::Iana, Some(Reason::Amt)),
    row(v4(192, 88, 99, 0, 24), "Deprecated (6to4 Relay Anycast)", "RFC 7526", Registry::Iana, Some(Reason::SixToFourRelay)),
    row(v4(192, 88, 99, 2, 32), "6a44-relay anycast address", "RFC 6751", Registry::Iana, Some(Reason::SixToFourRelay)),
    row(v4(192, 168, 0, 0, 16), "Private-Use", "RFC 1918", Registry::Iana, Some(Reason::PrivateUse)),
    row(v4(192, 175, 48, 0, 24), "Direct Delegation AS112 Service", "RFC 7534", Registry::Iana, Some(Reason::As112)),
    row(v4(198, 18, 0, 0, 15), "Benchmarking", "RFC 2544", Registry::Iana, Some(Reason::Benchmarking)),
    row(v4(198, 51, 100, 0, 24), "Documentation (TEST-NET-2)", "RFC 5737", Registry::Iana, Some(Reason::Documentation)),
    row(v4(203, 0, 113, 0, 24), "Documentation (TEST-NET-3)", "RFC 5737", Registry::Iana, Some(Reason::Documentation)),
    row(v4(240, 0, 0, 0, 4), "Reserved", "RFC 1112 §4", Registry::Iana, Some(Reason::Reserved)),
    row(v4(255, 255, 255, 255, 32), "Limited Broadcast", "RFC 8190; RFC 919 §7", Registry::Iana, Some(Reason::Broadcast)),
    row(v4(224, 0, 0, 0, 4), "Multicast", "RFC 5771", Registry::Extra, Some(Reason::Multicast)),
    row(v4(168, 63, 129, 16, 32), "Azure platform address (WireServer)", "https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16", Registry::Extra, Some(Reason::CloudPlatform)),
    row(v6([0, 0, 0, 0, 0, 0, 0, 0x1], 128), "Loopback Address", "RFC 4291", Registry::Iana, Some(Reason::Loopback)),
    row(v6([0, 0, 0, 0, 0, 0, 0, 0], 128), "Unspecified Address", "RFC 4291", Registry::Iana, Some(Reason::Unspecified)),
    row(v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), "IPv4-mapped Address", "RFC 4291", Registry::Iana, None),
    row(v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96), "IPv4-IPv6 Translation", "RFC 6052", Registry::Iana, None),
    row(v6([0x64, 0xff9b, 0x1, 0, 0, 0, 0, 0], 48), "IPv4-IPv6 Translation (local use)", "RFC 8215", Registry::Iana, Some(Reason::LocalNat64)),
    row(v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64), "Discard-Only Address Block", "RFC 6666", Registry::Iana, Some(Reason::DiscardOnly)),
    row(v6([0x100, 0, 0, 0x1, 0, 0, 0, 0], 64), "Dummy IPv6 Prefix", "RFC 9780", Registry::Iana, Some(Reason::DummyPrefix)),
    row(v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), "IETF Protocol Assignments", "RFC 2928", Registry::Iana, Some(Reason::ProtocolAssignment)),
    row(v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), "TEREDO", "RFC 4380; RFC 8190", Registry::Iana, Some(Reason::Teredo)),
    row(v6([0x2001, 0x1, 0, 0, 0, 0, 0, 0x1], 128), "Port Control Protocol Anycast", "RFC 7723", Registry::Iana, Some(Reason::Anycast)),
    row(v6([0x2001, 0x1, 0, 0, 0, 0, 0, 0x2], 128), "Traversal Using Relays around NAT Anycast", "RFC 8155", Registry::Iana, Some(Reason::Anycast)),
    row(v6([0x2001, 0x1, 0, 0, 0, 0, 0, 0x3], 128), "DNS-SD Service Registration Protocol Anycast", "RFC 9665", Registry::Iana, Some(Reason::Anycast)),
    row(v6([0x2001, 0x2, 0, 0, 0, 0, 0, 0], 48), "Benchmarking", "RFC 5180; Errata 1752", Registry::Iana, Some(Reason::Benchmarking)),
    row(v6([0x2001, 0x3, 0, 0, 0, 0, 0, 0], 32), "AMT", "RFC 7450", Registry::Iana, Some(Reason::Amt)),
    row(v6([0x2001, 0x4, 0x112, 0, 0, 0, 0, 0], 48), "AS112-v6", "RFC 7535", Registry::Iana, Some(Reason::As112)),
    row(v6([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28), "Deprecated (previously ORCHID)", "RFC 4843", Registry::Iana, Some(Reason::Orchid)),
    row(v6([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28), "ORCHIDv2", "RFC 7343", Registry::Iana, Some(Reason::Orchid)),
    row(v6([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28), "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "RFC 9374", Registry::Iana, Some(Reason::DroneTag)),
    row(v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), "Documentation", "RFC 3849", Registry::Iana, Some(Reason::Documentation)),
    row(v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), "6to4", "RFC 3056", Registry::Iana, Some(Reason::SixToFour)),
    row(v6([0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0], 48), "Direct Delegation AS112 Service", "RFC 7534", Registry::Iana, Some(Reason::As112)),
    row(v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), "Documentation", "RFC 9637", Registry::Iana, Some(Reason::Documentation)),
    row(v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16), "Segment Routing (SRv6) SIDs", "RFC 9602", Registry::Iana, Some(Reason::SegmentRouting)),
    row(v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "Unique-Local", "RFC 4193; RFC 8190", Registry::Iana, Some(Reason::UniqueLocal)),
    row(v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), "Link-Local Unicast", "RFC 4291", Registry::Iana, Some(Reason::LinkLocal)),
    row(v6([0, 0, 0, 0, 0, 0, 0, 0], 96), "IPv4-compatible (deprecated)", "RFC 4291 §2.5.5.1", Registry::Extra, Some(Reason::Ipv4Compatible)),
    row(v6([0, 0, 0, 0, 0xffff, 0, 0, 0], 96), "IPv4-translated (SIIT)", "RFC 2765; RFC 7915", Registry::Extra, Some(Reason::Ipv4Translated)),
    row(v6([0x3ffe, 0, 0, 0, 0, 0, 0, 0], 16), "Returned 6bone space", "RFC 3701", Registry::Extra, Some(Reason::Returned)),
    row(v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), "Site-Local (deprecated)", "RFC 3879", Registry::Extra, Some(Reason::SiteLocal)),
    row(v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), "Multicast", "RFC 4291 §2.7", Registry::Extra, Some(Reason::Multicast)),
];
