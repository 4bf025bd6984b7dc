//! How long caches may use a response again: RFC 9111.

use siteerror_lint::{By, Given, Reuse, Subject, Why, freshness, read};

/// Tue, 24 Nov 2026 08:00:00 GMT, in seconds since 1970.
const CAME: i64 = 1_795_507_200;
const HOUR: u64 = 3600;

fn both(status: &str, fields: &str, request: &str) -> (Reuse, Reuse) {
    let response = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n{fields}\r\n");
    let text = read(response.as_bytes(), request.as_bytes(), None);
    let given = Given {
        received_at_unix_s: Some(CAME),
        ..text.given()
    };
    let found = freshness(&Subject::new(given).expect("a response"));
    (found.private, found.shared)
}

fn of(fields: &str) -> (Reuse, Reuse) {
    both(
        "200 OK",
        &format!("Date: Tue, 24 Nov 2026 08:00:00 GMT\r\n{fields}"),
        "",
    )
}

const fn lasts(seconds: u64, by: By) -> Reuse {
    Reuse::For { seconds, by }
}

#[test]
fn explicit_times_in_their_order() {
    // RFC 9111 §4.2.1: s-maxage for shared caches, then max-age, then Expires minus Date.
    let max_age = lasts(HOUR, By::MaxAge);
    assert_eq!(of("Cache-Control: max-age=3600\r\n"), (max_age, max_age));
    assert_eq!(
        of("Cache-Control: max-age=3600, s-maxage=60\r\n"),
        (max_age, lasts(60, By::SharedMaxAge))
    );
    let expires = lasts(HOUR, By::Expires);
    assert_eq!(
        of("Expires: Tue, 24 Nov 2026 09:00:00 GMT\r\n"),
        (expires, expires)
    );
    assert_eq!(
        of("Expires: Tue, 24 Nov 2026 09:00:00 GMT\r\nCache-Control: max-age=3600\r\n"),
        (max_age, max_age)
    );
    // §5.3: "especially including the value 0, as representing a time in the past".
    let stale = lasts(0, By::Expires);
    assert_eq!(of("Expires: 0\r\n"), (stale, stale));
    // §4.2.1: the first of several, and what cannot be read is stale.
    assert_eq!(of("Cache-Control: max-age=3600, max-age=60\r\n").0, max_age);
    assert_eq!(
        of("Cache-Control: max-age=soon\r\n").0,
        lasts(0, By::MaxAge)
    );
    // RFC 9111 §1.2.2: more than fits is as good as the largest.
    let (private, _) = of("Cache-Control: max-age=99999999999999999999999\r\n");
    assert_eq!(private, lasts(u64::MAX, By::MaxAge));
}

#[test]
fn age_is_taken_off() {
    // §4.2.3: what Age says, or what Date shows, whichever is more.
    let (_, shared) = of("Cache-Control: max-age=3600\r\nAge: 600\r\n");
    assert_eq!(shared, lasts(3000, By::MaxAge));
    let old = "Date: Tue, 24 Nov 2026 07:30:00 GMT\r\nCache-Control: max-age=3600\r\nAge: 600\r\n";
    assert_eq!(both("200 OK", old, "").0, lasts(1800, By::MaxAge));
}

#[test]
fn what_must_not_be_kept_or_used() {
    let never = |why| (Reuse::Never(why), Reuse::Never(why));
    assert_eq!(
        of("Cache-Control: no-store, max-age=60\r\n"),
        never(Why::NoStore)
    );
    // §5.2.2.3: who knows the code and its rules does not mind no-store.
    assert_eq!(
        of("Cache-Control: must-understand, no-store, max-age=60\r\n").0,
        lasts(60, By::MaxAge)
    );
    assert_eq!(
        of("Cache-Control: private, max-age=60\r\n"),
        (lasts(60, By::MaxAge), Reuse::Never(Why::Private))
    );
    // §5.2.2.7: with field names it is about these fields alone.
    assert_eq!(
        of("Cache-Control: private=\"set-cookie\", max-age=60\r\n").1,
        lasts(60, By::MaxAge)
    );
    assert_eq!(
        of("Cache-Control: no-cache, max-age=60\r\n"),
        (Reuse::AfterAsking, Reuse::AfterAsking)
    );
    assert_eq!(
        of("Vary: *\r\nCache-Control: max-age=60\r\n"),
        never(Why::Varies)
    );
    let post = "POST / HTTP/1.1\r\nHost: www.example.com\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(both("200 OK", "", post), never(Why::Method));
    let secret = "GET / HTTP/1.1\r\nHost: www.example.com\r\nAuthorization: Basic eA==\r\n\r\n";
    let kept = "Cache-Control: max-age=60\r\n";
    assert_eq!(
        both("200 OK", kept, secret).1,
        Reuse::Never(Why::Authorization)
    );
    let public = "Cache-Control: public, max-age=60\r\n";
    assert_eq!(both("200 OK", public, secret).1, lasts(60, By::MaxAge));
    // RFC 6585 §4: "MUST NOT be stored by a cache".
    assert_eq!(both("429 Too Many Requests", kept, ""), never(Why::NoStore));
}

#[test]
fn without_a_time_some_codes_may_be_guessed() {
    // RFC 9110 §15.1 has the list: 302 is not on it, 404 is.
    assert_eq!(
        both("302 Found", "Location: /\r\n", "").0,
        Reuse::Never(Why::Status)
    );
    assert_eq!(
        both("404 Not Found", "", "").0,
        Reuse::Guess { seconds: None }
    );
    // RFC 9111 §4.2.2: "A typical setting of this fraction might be 10%."
    let ten_days = "Last-Modified: Sat, 14 Nov 2026 08:00:00 GMT\r\n";
    assert_eq!(
        of(ten_days).0,
        Reuse::Guess {
            seconds: Some(24 * HOUR)
        }
    );
}
