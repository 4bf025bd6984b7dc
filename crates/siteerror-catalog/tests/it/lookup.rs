//! Looking codes up, and numbers that nobody assigned.

use siteerror_catalog::{CodeId, ParseCodeIdError, catalog};

#[test]
fn identities_are_read_and_written() {
    for text in [
        "404",
        "nginx/499",
        "cloudflare/520",
        "aws-elb/460",
        "iis/404.13",
        "other/419",
    ] {
        assert_eq!(
            text.parse::<CodeId>().map(|id| id.to_string()),
            Ok(text.to_owned())
        );
    }
    let wrong = |text: &str, error| assert_eq!(text.parse::<CodeId>(), Err(error), "{text}");
    for text in [
        "",
        "4o4",
        "0404",
        "40",
        "4040",
        "099",
        "-404",
        "+404",
        " 404",
        "404 ",
        "\u{0664}04",
        "65940",
    ] {
        wrong(text, ParseCodeIdError::Number);
    }
    wrong("apache/404", ParseCodeIdError::Shelf);
    wrong("404.13", ParseCodeIdError::Substatus);
    wrong("iis/404.x", ParseCodeIdError::Substatus);
}

#[test]
fn an_unknown_code_is_treated_as_x00() {
    // RFC 9110 §15.
    let check = |number, expected: &str| {
        let code = catalog().unassigned(number).expect("it is free");
        assert_eq!(code.treat_as().to_string(), expected);
    };
    check(199, "100");
    check(299, "200");
    check(399, "300");
    check(471, "400");
    check(599, "500");
    check(600, "500");
    check(999, "500");
    assert_eq!(catalog().unassigned(404), None);
    assert_eq!(catalog().unassigned(99), None);
    assert_eq!(catalog().unassigned(1000), None);
}

#[test]
fn neighbours_skip_what_is_free() {
    let ids = |number| {
        let (before, after) = catalog().neighbours(number);
        (
            before.map(|code| code.id.number()),
            after.map(|code| code.id.number()),
        )
    };
    assert_eq!(ids(404), (Some(403), Some(405)));
    assert_eq!(ids(418), (Some(417), Some(421)));
    assert_eq!(ids(100), (None, Some(101)));
    assert_eq!(ids(511), (Some(510), None));
    assert_eq!(ids(999), (Some(511), None));
}

#[test]
fn signals_are_found_as_people_type_them() {
    let key = |typed: &str| catalog().signal(typed).map(|entry| entry.name);
    // A capital is a failure, a small letter a timeout: the case counts where both exist.
    assert_eq!(key("haproxy/sC--"), key("haproxy/sC"));
    assert_eq!(key("haproxy/SC--"), key("haproxy/SC"));
    assert_ne!(key("haproxy/sC"), key("haproxy/SC"));
    assert!(key("haproxy/sC").is_some());
    assert_eq!(key("HAProxy/sC--"), key("haproxy/sC--"));
    for typed in ["haproxy", "haproxy/", "haproxy/--x", "nobody/sC--", "/", ""] {
        assert_eq!(key(typed), None, "{typed}");
    }
}

#[test]
fn every_identity_outside_the_registry_is_found_again() {
    let catalog = catalog();
    for code in catalog.vendor_codes() {
        let id = code.id.to_string().parse().expect("an identity");
        assert_eq!(
            catalog.vendor_code(id).map(|found| found.name),
            Some(code.name)
        );
        assert!(!catalog.namesakes(id).contains(&id));
        let registered = catalog.number(id.number());
        assert_eq!(
            registered.is_none(),
            catalog.vendor_number(id.number()).is_some(),
            "{id}"
        );
        if let Some(registered) = registered {
            assert!(catalog.namesakes(registered.id).contains(&id), "{id}");
        }
    }
    for entry in catalog.substatus_codes() {
        let id = entry.id.to_string().parse().expect("an identity");
        assert_eq!(
            catalog.substatus(id).map(|found| found.name),
            Some(entry.name)
        );
    }
    for entry in catalog
        .signal_families()
        .iter()
        .flat_map(|family| family.entries)
    {
        let found = catalog.signal(&entry.id()).expect("its own identity");
        assert_eq!((found.family, found.key), (entry.family, entry.key));
    }
}
