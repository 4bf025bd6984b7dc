//! The address table beside the list that it was made from.

use std::net::IpAddr;

use siteerror_guard::{Range, Reason, address};

const LIST: &str = include_str!("../cases/special-addresses.csv");

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("a cell").push(c),
        }
    }
    cells
}

#[test]
fn every_row_of_the_list_is_in_the_table_and_no_other() {
    let mut listed = 0;
    for line in LIST.lines().skip(1) {
        let cells = cells(line);
        let (block, name, verdict) = (&cells[1], &cells[2], &cells[11]);
        if block == "not 2000::/3" {
            assert_eq!(address::GLOBAL_UNICAST.to_string(), "2000::/3");
            continue;
        }
        listed += 1;
        let range: Range = block
            .parse()
            .unwrap_or_else(|error| panic!("{block}: {error}"));
        let rows = || address::table().iter();
        let row = rows().find(|row| row.range.to_string() == *block || row.range == range);
        let unwraps = verdict == "unwrap";
        if unwraps && block.starts_with("::ffff") {
            let row = rows().find(|row| {
                row.reason.is_none()
                    && row
                        .range
                        .contains("::ffff:1.2.3.4".parse().expect("an address"))
            });
            assert_eq!(row.map(|row| row.range.bits()), Some(96));
            continue;
        }
        let row = row.unwrap_or_else(|| panic!("{block} is missing"));
        assert_eq!(row.name, name, "{block}");
        assert_eq!(row.reason.is_none(), unwraps, "{block}");
        assert!(!row.source.is_empty());
    }
    assert_eq!(address::table().len(), listed);
}

#[test]
fn the_first_and_the_last_address_of_every_block_are_refused() {
    for row in address::table().iter().filter(|row| row.reason.is_some()) {
        let last: IpAddr = match row.range.base() {
            IpAddr::V4(base) => {
                let rest = u32::MAX
                    .checked_shr(u32::from(row.range.bits()))
                    .unwrap_or(0);
                IpAddr::V4((base.to_bits() | rest).into())
            }
            IpAddr::V6(base) => {
                let rest = u128::MAX
                    .checked_shr(u32::from(row.range.bits()))
                    .unwrap_or(0);
                IpAddr::V6((base.to_bits() | rest).into())
            }
        };
        assert!(row.range.contains(last), "{row:?}");
        for address in [row.range.base(), last] {
            assert!(address::special(address).is_some(), "{address} of {row:?}");
        }
    }
}

#[test]
fn the_most_specific_row_gives_the_reason() {
    for (address, reason) in [
        ("192.0.0.9", Reason::Anycast),
        ("192.0.0.11", Reason::ProtocolAssignment),
        ("255.255.255.255", Reason::Broadcast),
        ("::1", Reason::Loopback),
        ("::2", Reason::Ipv4Compatible),
        ("2001::1", Reason::Teredo),
        ("2001:db8::5efe:1", Reason::Documentation),
    ] {
        assert_eq!(
            address::special(address.parse().expect("an address")),
            Some(reason),
            "{address}"
        );
    }
}

#[test]
fn ranges_are_read_and_written() {
    for (text, shown) in [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("fd00::/8", "fd00::/8"),
        ("::/0", "::/0"),
        ("2001:DB8::1", "2001:db8::1/128"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
    ] {
        assert_eq!(
            text.parse::<Range>().map(|range| range.to_string()),
            Ok(shown.to_owned()),
            "{text}"
        );
    }
    for text in [
        "",
        "10",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/",
        "10.0.0.0/+8",
        "10.0.0.0/-1",
        "fd00::/129",
        "fd00::1/8",
        "a.com",
        "10.0.0.0/8/8",
        " 10.0.0.0/8",
        "fe80::1%lo",
    ] {
        assert!(text.parse::<Range>().is_err(), "{text}");
    }
}
