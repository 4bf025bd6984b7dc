//! The list of codes and their names are those of the IANA registry.

use siteerror_catalog::catalog;

const REGISTRY: &str = include_str!("../../registry/http-status-codes.csv");

/// Value and description of each row.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    REGISTRY.lines().skip(1).map(|line| {
        let (value, rest) = line.split_once(',').expect("a row has columns");
        let description = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().expect("split gives one"),
            None => rest.split(',').next().expect("split gives one"),
        };
        (value, description)
    })
}

#[test]
fn every_registered_code_is_here_with_its_name() {
    let registered: Vec<(u16, &str)> = rows()
        .filter(|(_, description)| *description != "Unassigned")
        .map(|(value, description)| {
            // What stands in brackets behind a name is its standing, but "(Unused)" is all that some have.
            let name = description.split(" (").next().expect("split gives one");
            (value.parse().expect("a number"), name)
        })
        .collect();
    assert_eq!(registered.len(), 64);
    let ours: Vec<(u16, &str)> = catalog()
        .codes()
        .iter()
        .map(|code| (code.id.number(), code.name))
        .collect();
    assert_eq!(ours, registered);
}

#[test]
fn unassigned_ranges_are_those_of_the_registry() {
    let mut ranges = 0;
    for (value, description) in rows() {
        if description != "Unassigned" {
            continue;
        }
        ranges += 1;
        let (first, last) = value.split_once('-').unwrap_or((value, value));
        let (first, last): (u16, u16) = (
            first.parse().expect("a number"),
            last.parse().expect("a number"),
        );
        for number in first..=last {
            let code = catalog()
                .unassigned(number)
                .unwrap_or_else(|| panic!("{number} is free"));
            assert_eq!(code.range(), (first, last), "{number}");
        }
    }
    assert_eq!(ranges, 11);
}
