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
