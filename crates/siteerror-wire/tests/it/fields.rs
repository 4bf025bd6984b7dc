//! Field sections and field values.

use std::time::Duration;

use siteerror_wire::field::{
    ContentLength, DateForm, HttpDate, RetryAfter, is_token, list, parameters, unquote,
};
use siteerror_wire::{Asked, Closing, Fields, Limits, read_response};

fn fields(section: &str) -> Fields {
    let text = format!("HTTP/1.1 200 OK\r\n{section}\r\n");
    let received = read_response(
        text.as_bytes(),
        Asked::by("HEAD"),
        Limits::default(),
        Closing::Orderly,
    );
    received.response.expect("a response").head.fields().clone()
}

#[test]
fn names_are_found_in_any_case_and_lines_are_combined() {
    let fields = fields("Via: a\r\nserver: x\r\nVIA:b\r\nnonsense\r\n");
    assert_eq!(fields.len(), 4);
    assert_eq!(fields.iter().count(), 3);
    assert_eq!(fields.get("via").as_deref(), Some(&b"a"[..]));
    assert_eq!(fields.combined("vIa").as_deref(), Some(&b"a, b"[..]));
    assert_eq!(fields.combined("age"), None);
    assert!(fields.contains("Server") && !fields.contains("nonsense"));
    let line = fields.named("VIA").last().expect("two of them");
    assert_eq!(line.name(), Some(&b"VIA"[..]));
    assert_eq!(line.as_bytes(), b"VIA:b\r\n");
    assert_eq!(line.offset(), 17 + 8 + 11);
    assert_eq!(
        fields.as_bytes(),
        b"Via: a\r\nserver: x\r\nVIA:b\r\nnonsense\r\n\r\n"
    );
}

/// The examples of RFC 9110 §5.6.1.2.
#[test]
fn lists() {
    let check = |value: &str, elements: &[&str]| {
        let found: Vec<_> = list(value.as_bytes())
            .map(|element| std::str::from_utf8(element).expect("text"))
            .collect();
        assert_eq!(found, elements, "{value}");
    };
    check("foo,bar", &["foo", "bar"]);
    check("foo ,bar,", &["foo", "bar"]);
    check("foo , ,bar,charlie", &["foo", "bar", "charlie"]);
    check("", &[]);
    check(",", &[]);
    check(",   ,", &[]);
    // RFC 9110 §5.5.
    check(
        r#""http://example.com/a.html,foo", "http://without-a-comma.example.com/""#,
        &[
            r#""http://example.com/a.html,foo""#,
            r#""http://without-a-comma.example.com/""#,
        ],
    );
    check(r#"a="\",",b"#, &[r#"a="\",""#, "b"]);
    check(r#"a,"b,c"#, &["a", r#""b,c"#]);
}

/// RFC 9110 §8.3.1 calls these four equivalent; a fifth has an empty parameter.
#[test]
fn parameters_are_read_in_every_spelling() {
    for value in [
        "text/html;charset=utf-8",
        "Text/HTML;Charset=\"utf-8\"",
        "text/html; charset=\"utf-8\"",
        "text/html;charset=utf-8",
        "text/html;; charset=utf-8 ;",
    ] {
        let (first, parameters) = parameters(value.as_bytes());
        assert!(first.eq_ignore_ascii_case(b"text/html"), "{value}");
        let [parameter] = &parameters[..] else {
            panic!("{value}");
        };
        assert!(parameter.name.eq_ignore_ascii_case(b"charset"), "{value}");
        assert_eq!(parameter.value.as_deref(), Some(&b"utf-8"[..]), "{value}");
    }
    let (_, parameters) = parameters(b"a;b;c=\"x;y\"");
    assert_eq!(parameters[0].value, None);
    assert_eq!(parameters[1].value.as_deref(), Some(&b"x;y"[..]));
}

#[test]
fn quoted_strings() {
    assert_eq!(unquote(br#""a\"b\\""#).as_deref(), Some(&br#"a"b\"#[..]));
    assert_eq!(unquote(b"\"\"").as_deref(), Some(&b""[..]));
    for broken in [&b""[..], b"\"", b"a", b"\"a\"b\"", b"\"\\\"", b"\"\0\""] {
        assert_eq!(unquote(broken), None, "{broken:?}");
    }
}

#[test]
fn tokens() {
    assert!(is_token(b"!#$%&'*+-.^_`|~09AZaz"));
    for not in [&b""[..], b"a b", b"(", b"a,", b"/", b"\xe9", b"\x7f", b"\""] {
        assert!(!is_token(not), "{not:?}");
    }
}

#[test]
fn content_lengths() {
    let check = |section: &str, expected| {
        assert_eq!(ContentLength::of(&fields(section)), expected, "{section}");
    };
    check("", ContentLength::Absent);
    check("Content-Length: 3495\r\n", ContentLength::Once(3495));
    check("Content-Length: 007\r\n", ContentLength::Once(7));
    check("Content-Length: 42, 42\r\n", ContentLength::Repeated(42));
    check(
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        ContentLength::Differing,
    );
    check(
        "Content-Length: 1\r\nContent-Length: x\r\n",
        ContentLength::Bad,
    );
    // Larger than any integer, and still not the same.
    check(
        "Content-Length: 99999999999999999999998, 99999999999999999999999\r\n",
        ContentLength::Differing,
    );
    check(
        "Content-Length: 99999999999999999999999\r\n",
        ContentLength::Once(u64::MAX),
    );
}

/// `date -u -d '1994-11-06 08:49:37' +%s`
const EXAMPLE: i64 = 784_111_777;
/// 24 November 2026.
const NOW: i64 = 1_795_478_400;

/// The three forms of RFC 9110 §5.6.7.
#[test]
fn dates() {
    let check = |value: &str, unix_s: i64, form| {
        let date = HttpDate::parse(value.as_bytes(), NOW).unwrap_or_else(|| panic!("{value}"));
        assert_eq!((date.unix_s(), date.form()), (unix_s, form), "{value}");
    };
    check("Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE, DateForm::Imf);
    check("Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE, DateForm::Rfc850);
    check("Sun Nov  6 08:49:37 1994", EXAMPLE, DateForm::Asctime);
    check("Thu, 01 Jan 1970 00:00:00 GMT", 0, DateForm::Imf);
    check("Wed, 31 Dec 1969 23:59:59 GMT", -1, DateForm::Imf);
    check(
        "Thu, 29 Feb 2024 12:00:00 GMT",
        1_709_208_000,
        DateForm::Imf,
    );
    check(
        "Sat, 31 Dec 2016 23:59:60 GMT",
        1_483_228_800,
        DateForm::Imf,
    );
    check(
        "Fri, 31 Dec 9999 23:59:59 GMT",
        253_402_300_799,
        DateForm::Imf,
    );
}

/// "MUST interpret a timestamp that appears to be more than 50 years in the future as representing the most recent year in the past that had the same
/// last two digits": from November 2026, '70 is ahead and '77 is past.
#[test]
fn two_digit_years() {
    let year = |value: &str| HttpDate::parse(value.as_bytes(), NOW).map(HttpDate::unix_s);
    assert_eq!(
        year("Wednesday, 01-Jan-70 00:00:00 GMT"),
        Some(3_155_760_000)
    );
    assert_eq!(year("Saturday, 01-Jan-77 00:00:00 GMT"), Some(220_924_800));
    // The weekday of the other century.
    assert_eq!(year("Thursday, 01-Jan-70 00:00:00 GMT"), None);
}

#[test]
fn what_is_no_date() {
    for value in [
        "",
        "0",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Wed, 30 Feb 2022 00:00:00 GMT",
        "Wed, 00 Feb 2022 00:00:00 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
    ] {
        assert_eq!(HttpDate::parse(value.as_bytes(), NOW), None, "{value}");
    }
}

/// RFC 9110 §10.2.3, with its two examples.
#[test]
fn retry_after() {
    let parse = |value: &str| RetryAfter::parse(value.as_bytes(), NOW);
    let two_minutes = Duration::from_mins(2);
    assert_eq!(parse("120"), Some(RetryAfter::Delay(two_minutes)));
    assert_eq!(
        parse("0").map(|after| after.wait(NOW)),
        Some(Duration::ZERO)
    );
    let date = parse("Fri, 31 Dec 1999 23:59:59 GMT").expect("a date");
    assert_eq!(date.wait(946_684_799 - 120), two_minutes);
    assert_eq!(date.wait(NOW), Duration::ZERO);
    for bad in ["", "-1", "1.5", "soon", "120 "] {
        assert_eq!(parse(bad), None, "{bad}");
    }
    let largest = parse("99999999999999999999999").expect("seconds");
    assert_eq!(largest.wait(NOW), Duration::from_secs(u64::MAX));
}
