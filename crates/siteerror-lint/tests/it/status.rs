//! What status codes ask for, at the borders: values from the documents that define them, and their neighbours.

use std::collections::BTreeSet;

use siteerror_lint::read;

fn found(response: &str, request: &str) -> BTreeSet<&'static str> {
    let findings = read(response.as_bytes(), request.as_bytes(), None).lint();
    findings.iter().map(|finding| finding.rule.id).collect()
}

fn head(code: &str, fields: &str) -> String {
    format!("HTTP/1.1 {code} X\r\n{fields}\r\nContent-Length: 0\r\n\r\n")
}

fn get(fields: &str) -> String {
    format!("GET /f HTTP/1.1\r\nHost: www.example.com\r\n{fields}\r\n\r\n")
}

#[track_caller]
fn says(rule: &str, expected: bool, response: &str, request: &str) {
    let found = found(response, request);
    assert_eq!(
        found.contains(rule),
        expected,
        "{rule}: {found:?}\n{response}"
    );
}

#[test]
fn challenges_are_read_to_the_letter() {
    // The first is the example of RFC 9110 §11.6.1, the second that of RFC 7616 §3.9.1.
    let fine = [
        r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v""#,
        "Negotiate",
        "Negotiate oYG2MIGzoAMKAQ==",
        r#"Negotiate, NTLM, Basic realm="a""#,
        r#"Bearer realm = "spaces around the equals sign are BWS""#,
        r#"Basic realm="a,b", charset="UTF-8""#,
        "Foo",
        "Foo a-b, Bar c==, Baz d=e",
    ];
    for value in fine {
        let response = head("401", &format!("WWW-Authenticate: {value}"));
        for rule in [
            "challenge-syntax",
            "challenge-duplicate-parameter",
            "realm-quoted",
            "basic-realm",
        ] {
            says(rule, false, &response, "");
        }
    }
    let broken = [
        r#"realm="a""#,
        r#"Basic realm="a" charset="UTF-8""#,
        r#"Basic realm="a"#,
        "Basic realm=a b",
        "Bearer error_description=The token",
        r#"Foo abc==, realm="a""#,
        r#"Bearer realm="a"; scope="b""#,
        r#""Basic" realm="a""#,
        "Basic realm=a,scope=",
    ];
    for value in broken {
        let response = head("401", &format!("WWW-Authenticate: {value}"));
        says("challenge-syntax", true, &response, "");
    }
}

#[test]
fn what_is_in_challenges_is_judged_challenge_by_challenge() {
    let judge = |rule, expected, value: &str| {
        let response = head("407", &format!("Proxy-Authenticate: {value}"));
        says(rule, expected, &response, "");
    };
    judge(
        "challenge-duplicate-parameter",
        false,
        r#"Digest realm="a", Digest realm="b""#,
    );
    judge(
        "challenge-duplicate-parameter",
        true,
        r#"Digest realm="a", nonce=1, REALM="b""#,
    );
    judge("realm-quoted", true, r#"Basic realm="a", Bearer Realm=b"#);
    judge(
        "basic-realm",
        true,
        r#"Bearer realm="a", basic charset="UTF-8""#,
    );
    judge("basic-realm", true, "Basic abc=");
    judge(
        "basic-realm",
        false,
        r#"Bearer, Basic charset="UTF-8", realm="a""#,
    );
    judge("407-without-proxy-authenticate", true, " , ");
    judge("407-without-proxy-authenticate", false, "Negotiate");
}

#[test]
fn content_range_is_read_to_the_letter() {
    let part = |value: &str| {
        let response = format!(
            "HTTP/1.1 206 X\r\nContent-Range: {value}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        );
        let found = found(&response, "");
        [
            "content-range-syntax",
            "content-range-values",
            "content-range-form",
        ]
        .into_iter()
        .filter(|rule| found.contains(rule))
        .collect::<Vec<_>>()
    };
    // RFC 9110 §14.4 has the first five.
    for fine in [
        "bytes 42-1233/1234",
        "bytes 42-1233/*",
        "bytes 0-499/1234",
        "bytes 500-1233/1234",
        "bytes 734-1233/1234",
        "bytes 0-0/1",
        "bytes 0-99999999999999999999999/100000000000000000000000",
        "bytes 0000000000000000000000007-8/9",
        "seconds 0-9/*",
    ] {
        assert_eq!(part(fine), [""; 0], "{fine}");
    }
    for broken in [
        "",
        "bytes",
        "bytes 0-5",
        "bytes=0-5/6",
        "bytes  0-5/6",
        "bytes 0-5/6, 7-8/9",
        "bytes 0-/6",
        "bytes -5/6",
        "bytes */*",
        "bytes 0-5/",
        "0-5/6",
        "bytes +0-5/6",
        "bytes 0-5/0x10",
    ] {
        assert_eq!(part(broken), ["content-range-syntax"], "{broken}");
    }
    for impossible in [
        "bytes 6-5/10",
        "bytes 0-10/10",
        "bytes 10-9/*",
        "bytes 0-99999999999999999999999/99999999999999999999999",
    ] {
        assert_eq!(part(impossible), ["content-range-values"], "{impossible}");
    }
    assert_eq!(part("bytes */1234"), ["content-range-form"]);
    says(
        "content-range-form",
        false,
        &head("416", "Content-Range: bytes */47022"),
        "",
    );
    says(
        "content-range-meaningless",
        false,
        &head("226", "Content-Range: bytes 0-0/1\r\nIM: range, vcdiff"),
        "",
    );
}

#[test]
fn a_condition_is_whatever_is_called_if() {
    let failed = head("412", "Cache-Control: no-store");
    for fine in [
        "If-Match: *",
        "if-unmodified-since: x",
        "If: (<urn:uuid:1>)",
        "Overwrite: F",
        "If-Schedule-Tag-Match: \"a\"",
    ] {
        says("412-unasked", false, &failed, &get(fine));
    }
    for none in ["Accept: */*", "If-Range: \"a\"", "Iffy: 1"] {
        says("412-unasked", true, &failed, &get(none));
    }
    says("412-unasked", false, &failed, "");
}

#[test]
fn parts_of_a_multipart_answer_are_counted_from_one() {
    let answer = |content: &str| {
        let length = content.len();
        let text = format!(
            "HTTP/1.1 206 X\r\nContent-Type: multipart/byteranges; boundary=\"a b\"\r\nContent-Length: {length}\r\n\r\n{content}"
        );
        let findings = read(text.as_bytes(), b"", None).lint();
        findings
            .into_iter()
            .filter(|finding| finding.rule.id == "206-part-content-range")
            .map(|finding| finding.text)
            .collect::<Vec<_>>()
    };
    let part = "--a b\r\nContent-Range: bytes 0-0/9\r\n\r\nx\r\n";
    let bare = "--a b\r\n\r\nContent-Range: this is content\r\n";
    let end = "--a b--\r\nno part";
    assert_eq!(answer(&[part, part, end].concat()), [""; 0]);
    assert_eq!(
        answer(&["a preface\r\n", part, end, bare].concat()),
        [""; 0]
    );
    let told = answer(&[part, bare, part, bare].concat());
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("Part 2 ") && told[1].starts_with("Part 4 "));
    // The value of another boundary begins with ours.
    assert_eq!(answer(&[part, "--a bc\r\n\r\n", end].concat()), [""; 0]);
}

#[test]
fn who_blocks_is_a_relation_of_a_link() {
    let judge = |expected, value: &str| says("451-blocked-by", expected, &head("451", value), "");
    // The example of RFC 7725 §3.
    judge(
        false,
        "Link: <https://spqr.example.org/legislatione>; rel=\"blocked-by\"",
    );
    judge(
        false,
        "Link: </a,b;c>; rel=next, <https://isp.example/>; title=\"x>y\"; rel=\"help Blocked-By\"",
    );
    judge(
        false,
        "Link: </a>; rel=next\r\nLink: <https://isp.example/>;rel=blocked-by",
    );
    judge(
        true,
        "Link: <https://isp.example/>; title=\"rel=blocked-by\"",
    );
    judge(
        true,
        "Link: <https://isp.example/;rel=blocked-by>; rel=help",
    );
    judge(true, "Link: blocked-by");
    judge(true, "Cache-Control: no-store");
}

#[test]
fn protocols_are_compared_without_case_and_with_their_version() {
    let judge = |expected, offered: &str, chosen: &str| {
        let request = get(&format!("Connection: upgrade\r\nUpgrade: {offered}"));
        let response =
            format!("HTTP/1.1 101 X\r\nConnection: UPGRADE\r\nUpgrade: {chosen}\r\n\r\n");
        says("101-unrequested-protocol", expected, &response, &request);
    };
    judge(false, "websocket", "WebSocket");
    judge(false, "websocket, IRC/6.9, RTA/x11", "irc/6.9");
    judge(false, "TLS/1.2, HTTP/1.1", "TLS/1.2, HTTP/1.1");
    judge(true, "IRC/6.9", "IRC/7");
    says(
        "101-unrequested-protocol",
        true,
        "HTTP/1.1 101 X\r\n\r\n",
        &get("Accept: */*"),
    );
    says(
        "101-without-upgrade",
        true,
        "HTTP/1.1 101 X\r\nUpgrade: ,\r\n\r\n",
        "",
    );
    // HTTP/2 has no Upgrade: RFC 9113 §8.6.
    says("101-without-upgrade", false, "HTTP/2 101\r\n\r\n", "");
    says("426-without-upgrade", false, "HTTP/2 426\r\n\r\n", "");
}

#[test]
fn interim_responses_are_looked_at_too() {
    let after = "HTTP/1.1 199 X\r\n\r\nHTTP/1.1 204 X\r\n\r\n";
    says("status-unregistered", true, after, "");
    says(
        "status-unregistered",
        false,
        "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 204 X\r\n\r\n",
        "",
    );
    let findings = read(
        b"HTTP/1.1 100 X\r\n\r\nHTTP/1.1 100 X\r\n\r\nHTTP/1.1 204 X\r\n\r\n",
        get("Accept: */*").as_bytes(),
        None,
    )
    .lint();
    let places: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule.id == "100-unasked")
        .map(|finding| finding.place.bytes.clone())
        .collect();
    assert_eq!(places, [Some(0..16), Some(18..34)]);
    says(
        "interim-to-http10",
        true,
        "HTTP/1.1 101 X\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    );
}

#[test]
fn every_number_is_registered_unregistered_or_out_of_range() {
    for (code, rule) in [
        ("000", Some("status-out-of-range")),
        ("099", Some("status-out-of-range")),
        ("100", None),
        ("104", None),
        ("105", Some("status-unregistered")),
        ("418", Some("status-reserved")),
        ("419", Some("status-unregistered")),
        ("511", None),
        ("599", Some("status-unregistered")),
        ("600", Some("status-out-of-range")),
        ("999", Some("status-out-of-range")),
    ] {
        let found = found(
            &format!("HTTP/1.1 {code} X\r\nWWW-Authenticate: X\r\n\r\n"),
            "",
        );
        let about_codes: Vec<_> = found
            .into_iter()
            .filter(|id| id.starts_with("status-"))
            .collect();
        assert_eq!(about_codes, rule.into_iter().collect::<Vec<_>>(), "{code}");
    }
}
