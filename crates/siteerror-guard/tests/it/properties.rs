//! What holds for any address however it is spelled, and for any bytes.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use siteerror_guard::{Host, address};

use crate::{local, public};

/// An address in a block of the table.
fn special() -> impl Strategy<Value = IpAddr> {
    let rows: Vec<address::Row> = address::table()
        .iter()
        .filter(|row| row.reason.is_some())
        .copied()
        .collect();
    (prop::sample::select(rows), any::<u128>()).prop_map(|(row, noise)| inside(row.range, noise))
}

/// An IPv4 address in a block of the table.
fn special_v4() -> impl Strategy<Value = Ipv4Addr> {
    let rows: Vec<address::Row> = address::table()
        .iter()
        .filter(|row| row.range.base().is_ipv4())
        .copied()
        .collect();
    (prop::sample::select(rows), any::<u128>()).prop_map(|(row, noise)| {
        match inside(row.range, noise) {
            IpAddr::V4(address) => address,
            IpAddr::V6(_) => unreachable!("only rows for IPv4"),
        }
    })
}

fn inside(range: address::Range, noise: u128) -> IpAddr {
    match range.base() {
        IpAddr::V4(base) => {
            let rest = u32::MAX.checked_shr(u32::from(range.bits())).unwrap_or(0);
            let noise = u32::try_from(noise >> 96).expect("32 bits");
            Ipv4Addr::from_bits(base.to_bits() | (noise & rest)).into()
        }
        IpAddr::V6(base) => {
            let rest = u128::MAX.checked_shr(u32::from(range.bits())).unwrap_or(0);
            Ipv6Addr::from_bits(base.to_bits() | (noise & rest)).into()
        }
    }
}

/// A number as a part of an IPv4 address can be written, chosen by some noise.
fn number(value: u32, noise: u8) -> String {
    let zeros = "0".repeat(usize::from(noise >> 4));
    match noise % 5 {
        0 | 1 => value.to_string(),
        2 => format!("0x{zeros}{value:x}"),
        3 => format!("0X{zeros}{value:X}"),
        _ => format!("0{zeros}{value:o}"),
    }
}

/// All the ways to write an IPv4 address: one to four parts, each in its base, a final dot or none.
fn spelled(address: Ipv4Addr, parts: u8, noise: [u8; 4]) -> String {
    let [a, b, c, d] = address.octets().map(u32::from);
    let values = match parts % 4 {
        0 => vec![address.to_bits()],
        1 => vec![a, address.to_bits() & 0xff_ffff],
        2 => vec![a, b, c << 8 | d],
        _ => vec![a, b, c, d],
    };
    let written: Vec<String> = values
        .into_iter()
        .zip(noise)
        .map(|(value, noise)| number(value, noise))
        .collect();
    let dot = if noise[0] & 8 == 8 { "." } else { "" };
    written.join(".") + dot
}

/// Characters of a host written in other ways that the parser maps to the same: percent-encoded, full-width, mathematical, circled.
fn disguised(host: &str, noise: &[u8]) -> String {
    let mut out = String::new();
    for (c, noise) in host.chars().zip(noise.iter().cycle()) {
        let digit = c.to_digit(10);
        match (noise % 8, digit) {
            (0, _) => write!(out, "%{:02x}", u32::from(c)).expect("a string takes everything"),
            (1, Some(digit)) => out.extend(char::from_u32(0xff10 + digit)),
            (2, Some(digit)) => out.extend(char::from_u32(0x1d7ce + digit)),
            (3, Some(digit @ 1..=9)) => out.extend(char::from_u32(0x245f + digit)),
            (4, Some(digit @ 4..=9)) => out.extend(char::from_u32(0x2070 + digit)),
            (1, None) if c == '.' => out.push('\u{3002}'),
            (2, None) if c == '.' => out.push('\u{ff0e}'),
            (3, None) if c == '.' => out.push('\u{ff61}'),
            (5, None) => out.extend(c.to_uppercase()),
            _ => out.push(c),
        }
    }
    out
}

/// The forms of IPv6 that have an IPv4 address in them: mapped, NAT64, compatible, translated, local NAT64, 6to4, Teredo, ISATAP.
fn wrapped(address: Ipv4Addr, form: u8, noise: u128) -> Ipv6Addr {
    let bits = u128::from(address.to_bits());
    let teredo = u128::from(!address.to_bits());
    Ipv6Addr::from_bits(match form % 8 {
        0 => 0xffff << 32 | bits,
        1 => 0x64_ff9b << 96 | bits,
        2 => bits,
        3 => 0xffff << 48 | bits,
        4 => 0x64_ff9b_0001 << 80 | bits,
        5 => 0x2002 << 112 | bits << 80 | noise & ((1 << 80) - 1),
        6 => 0x2001_0000 << 96 | noise & (((1 << 64) - 1) << 32) | teredo,
        _ => 0x2a00 << 112 | 0x5efe << 32 | bits,
    })
}

/// Pieces of URLs in any order: random characters alone are hardly ever one.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        20 => prop::sample::select(vec![
            "http:", "https:", "HTTP:", "ftp:", "//", "/", "\\", "@", ":", "?", "#", ".", "..", "a.com", "b.org", "localhost", "127.0.0.1", "0x7f", "1", "[::1]",
            "[", "]", "::", "%", "%2e", "%00", "\u{ff11}", "\u{3002}", "\u{ad}", "\u{430}", "\u{fc}", "xn--", "xn--pple-43d", "80", "8080", "0", "99999", "\t", "\n", "\0", " ",
            "a b", "\u{202e}", "internal", "u:p",
        ]).prop_map(|piece: &str| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop_oneof![
        3 => prop::collection::vec(piece.clone(), 0..10).prop_map(|pieces| pieces.concat()),
        3 => prop::collection::vec(piece, 0..10).prop_map(|pieces| [b"http://".to_vec(), pieces.concat()].concat()),
        1 => prop::collection::vec(any::<u8>(), 0..100),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_address_of_the_table_is_allowed(address in special()) {
        prop_assert!(address::special(address).is_some());
        let host = match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        let url = format!("https://{host}/");
        prop_assert!(public().url(&url).is_err(), "{}", url);
        let target = public().url("http://a.com/").expect("it is allowed");
        prop_assert!(public().answers(&target, &["8.8.8.8".parse().expect("an address"), address]).is_err());
    }

    #[test]
    fn however_it_is_spelled(address in special_v4(), parts in any::<u8>(), noise in any::<[u8; 4]>(), disguise in prop::collection::vec(any::<u8>(), 1..20)) {
        let plain = spelled(address, parts, noise);
        for host in [plain.clone(), disguised(&plain, &disguise)] {
            let url = format!("http://{host}/");
            let target = local().url(&url);
            prop_assert_eq!(target.as_ref().map(|target| target.host().clone()), Ok(Host::Address(address.into())), "{}", &url);
            prop_assert!(public().url(&url).is_err(), "{}", &url);
            let from = public().url("http://a.com/").expect("it is allowed");
            let location = format!("//{host}/");
            prop_assert!(public().location(&from, location.as_bytes()).is_err(), "{}", &location);
        }
    }

    #[test]
    fn however_it_is_wrapped(address in special_v4(), form in any::<u8>(), noise in any::<u128>()) {
        let outer = wrapped(address, form, noise);
        prop_assert!(address::special(outer.into()).is_some(), "{}", outer);
        let segments = outer.segments();
        let upper: Vec<String> = segments.iter().map(|segment| format!("{segment:04X}")).collect();
        let lower: Vec<String> = segments[..6].iter().map(|segment| format!("{segment:x}")).collect();
        let inner = Ipv4Addr::from_bits(u32::try_from(outer.to_bits() & 0xffff_ffff).expect("32 bits"));
        let long = format!("http://[{}]/", upper.join(":"));
        let mixed = format!("http://[{}:{inner}]/", lower.join(":"));
        for url in [format!("http://[{outer}]/"), long, mixed] {
            prop_assert!(public().url(&url).is_err(), "{}", &url);
            prop_assert_eq!(local().url(&url).map(|target| target.judged().is_some_and(|judged| judged.warning().is_some())), Ok(true), "{}", &url);
        }
    }

    #[test]
    fn every_other_address_is_allowed(bits in any::<u32>()) {
        let address = IpAddr::V4(bits.into());
        let inside = address::table().iter().any(|row| row.range.contains(address));
        let url = format!("http://{address}/");
        prop_assert_eq!(public().url(&url).is_ok(), !inside, "{}", url);
    }

    #[test]
    fn what_is_allowed_reads_the_same_again(bytes in soup()) {
        for guard in [public(), local()] {
            let Ok(target) = guard.url(&bytes) else { continue };
            let again = guard.url(target.url().as_str());
            let again = again.unwrap_or_else(|refusal| panic!("{}: {refusal}", target.url()));
            prop_assert_eq!(again.url(), target.url());
            prop_assert_eq!(again.host(), target.host());
            prop_assert_eq!(again.port(), target.port());
            prop_assert!(!target.url().as_str().bytes().any(|byte| byte.is_ascii_control()));
            prop_assert!(target.url().username().is_empty() && target.url().password().is_none());
        }
    }

    #[test]
    fn a_redirect_leads_nowhere_that_a_url_may_not(bytes in soup()) {
        let from = public().url("https://u.com/x/y?z#f").expect("it is allowed");
        if let Ok(target) = public().location(&from, &bytes) {
            prop_assert_eq!(public().url(target.url().as_str()).map(|again| again.url().clone()), Ok(target.url().clone()));
        }
    }

    #[test]
    fn a_browser_would_see_the_same_url_or_none(bytes in soup()) {
        // The parser on the text as it came, with all that it mends.
        let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(()) };
        let Ok(target) = public().url(text) else { return Ok(()) };
        let mut browser = siteerror_guard::Url::parse(text).expect("what the guard takes is a URL");
        let _ = browser.set_username("");
        let _ = browser.set_password(None);
        let host = browser.host_str().expect("a host").trim_end_matches('.');
        prop_assert_eq!(host, target.host_text());
        prop_assert_eq!(browser.path(), target.url().path());
    }

    #[test]
    fn masking_hides_every_password(bytes in soup(), text in "\\PC{0,60}") {
        let _ = siteerror_guard::show::mask_url(&text);
        let text = String::from_utf8_lossy(&bytes);
        let masked = siteerror_guard::show::mask_url(&text);
        // Where a browser finds user name or password in the masked text, it finds the mask.
        if let Ok(url) = siteerror_guard::Url::parse(&masked) {
            prop_assert!(url.host_str().is_none() || matches!(url.username(), "" | "***"), "{} {}", text, masked);
            prop_assert!(url.host_str().is_none() || url.password().is_none(), "{} {}", text, masked);
        }
        let plain = siteerror_guard::show::Plain(&text).to_string();
        prop_assert!(!plain.chars().any(char::is_control));
    }

    #[test]
    fn options_never_end_the_program(method in "\\PC{0,8}", name in "[ -~\u{e9}]{0,10}", value in any::<String>()) {
        for guard in [public(), local()] {
            if guard.request(&method, &[(name.clone(), value.clone())]).is_ok() {
                prop_assert!(!value.contains(['\r', '\n', '\0']) && !name.contains([' ', ':']));
            }
        }
    }
}
