//! Redirects at the borders: what is a URI, what is the same one, what a page does by itself.

use siteerror_lint::read;

#[track_caller]
fn says(rule: &str, expected: bool, response: &[u8], request: &str, url: Option<&str>) {
    let findings = read(response, request.as_bytes(), url).lint();
    let found: Vec<_> = findings.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(
        found.contains(&rule),
        expected,
        "{rule}: {found:?}\n{}",
        String::from_utf8_lossy(response)
    );
}

fn redirect(location: &[u8]) -> Vec<u8> {
    [
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ".as_slice(),
        location,
        b"\r\n\r\n",
    ]
    .concat()
}

#[test]
fn a_location_is_any_reference_of_rfc_3986() {
    // RFC 3986 §1.1.2 and §5.4 have most of these.
    for fine in [
        "http://www.ietf.org/rfc/rfc2396.txt",
        "ldap://[2001:db8::7]/c=GB?objectClass?one",
        "mailto:John.Doe@example.com",
        "//g",
        "?y",
        "#s",
        "../../../g",
        ";x=1/../y",
        "/People.html#tim",
        "/a,b",
        "/%7Euser/",
    ] {
        says(
            "location-bad-uri",
            false,
            &redirect(fine.as_bytes()),
            "",
            None,
        );
    }
    for broken in [
        "/a b",
        "/a|b",
        "/a\\b",
        "/100%",
        "/%zz",
        "http://[::1",
        "http://example.com:port/",
        "/a\"b",
        "<https://example.com/>",
        "1http://a/",
    ] {
        says(
            "location-bad-uri",
            true,
            &redirect(broken.as_bytes()),
            "",
            None,
        );
    }
    let raw = redirect(b"/st\xC3\xA4dte");
    says("location-bad-uri", false, &raw, "", None);
    says("location-not-ascii", true, &raw, "", None);
    let both = redirect(b"/st\xC3\xA4 dte");
    says("location-bad-uri", true, &both, "", None);
}

#[test]
fn an_address_is_the_same_in_any_spelling() {
    let judge = |expected, asked: &str, location: &str| {
        let request = format!("GET {asked} HTTP/1.1\r\nHost: www.example.com\r\n\r\n");
        says(
            "redirect-to-self",
            expected,
            &redirect(location.as_bytes()),
            &request,
            Some("https://www.example.com/"),
        );
    };
    judge(true, "/~a", "https://www.example.com/~a");
    judge(true, "/~a", "/%7Ea");
    judge(true, "/~a", "HTTPS://WWW.Example.com:443/~a#top");
    judge(true, "/a/b", "./b");
    judge(true, "/", "https://www.example.com");
    judge(true, "/?q", "https://www.example.com?q");
    judge(true, "/a?x=1", "?x=1");
    judge(false, "/~a", "http://www.example.com/~a");
    judge(false, "/a", "/a/");
    judge(false, "/a", "/A");
    judge(false, "/a?x=1", "/a");
    judge(false, "/a", "https://example.com/a");
    judge(false, "/a", "https://www.example.com:8443/a");
    let post = "POST /a HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    says("redirect-to-self", false, &redirect(b"/a"), post, None);
    let with_cookie = redirect(b"/a\r\nSet-Cookie: a=1");
    let get = "GET /a HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    says("redirect-to-self", true, &redirect(b"/a"), get, None);
    says("redirect-to-self", false, &with_cookie, get, None);
}

#[test]
fn a_password_is_found_and_never_shown() {
    let judge = |expected, location: &str| {
        says(
            "redirect-userinfo",
            expected,
            &redirect(location.as_bytes()),
            "",
            None,
        );
    };
    judge(true, "https://joe@example.com/");
    judge(true, "//joe:pw@example.com");
    judge(true, "https://joe:p%40ss w@example.com/a b");
    judge(false, "https://example.com/@joe");
    judge(false, "https://example.com?mail=joe@example.com");
    judge(false, "/a//joe@example.com/");
    judge(false, "mailto:joe@example.com");
    let findings = read(&redirect(b"https://joe:hunter2@example.com/"), b"", None).lint();
    let finding = findings
        .iter()
        .find(|finding| finding.rule.id == "redirect-userinfo");
    assert!(finding.is_some_and(|finding| !finding.text.contains("hunter2")));
}

#[test]
fn only_the_way_down_is_a_downgrade() {
    let judge = |expected, url, location: &str| {
        says(
            "redirect-downgrade",
            expected,
            &redirect(location.as_bytes()),
            "",
            Some(url),
        );
    };
    judge(true, "https://example.com/", "HTTP://example.com/a");
    judge(false, "http://example.com/", "http://example.com/a");
    judge(false, "https://example.com/", "https://example.com/a");
    judge(false, "https://example.com/", "//example.com/a");
    judge(false, "https://example.com/", "/http:");
}

#[test]
fn retry_after_has_two_forms() {
    let judge = |expected, value: &str| {
        let response =
            format!("HTTP/1.1 503 X\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n");
        says("retry-after-bad", expected, response.as_bytes(), "", None);
    };
    // The first two are those of RFC 9110 §10.2.3.
    for fine in [
        "Fri, 31 Dec 1999 23:59:59 GMT",
        "120",
        "0",
        "99999999999999999999999",
    ] {
        judge(false, fine);
    }
    for bad in [
        "",
        "-1",
        "1.5",
        "+5",
        "120s",
        "1, 2",
        "1999-12-31T23:59:59Z",
        "Sat, 31 Dec 1999 23:59:59 GMT",
        "Fri, 31 Dec 1999 23:59:59 CET",
    ] {
        judge(true, bad);
    }
}

#[test]
fn refresh_leads_somewhere_only_with_an_address() {
    let judge = |expected, value: &str| {
        let response = format!("HTTP/1.1 200 OK\r\nRefresh: {value}\r\nContent-Length: 0\r\n\r\n");
        says("refresh-header", expected, response.as_bytes(), "", None);
    };
    for leads in [
        "0; url=/a",
        "5;URL='/a'",
        "0,/a",
        " .5 ; url = \"/a\"",
        "0 /a",
        "0;url",
    ] {
        judge(true, leads);
    }
    for stays in [
        "5",
        "5;",
        "5; url=",
        "5; url=''",
        "url=/a",
        "5url=/a",
        "-1; url=/a",
        "",
    ] {
        judge(false, stays);
    }
}

#[test]
fn a_meta_element_counts_where_a_browser_would_see_it() {
    let judge = |expected, page: &str| {
        let length = page.len();
        let whole = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n{page}"
        );
        says("meta-refresh", expected, whole.as_bytes(), "", None);
        // The same in chunks of seven bytes.
        let mut chunked =
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
                .to_vec();
        for chunk in page.as_bytes().chunks(7) {
            chunked.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            chunked.extend_from_slice(chunk);
            chunked.extend_from_slice(b"\r\n");
        }
        chunked.extend_from_slice(b"0\r\n\r\n");
        says("meta-refresh", expected, &chunked, "", None);
    };
    let element = r#"<meta http-equiv="refresh" content="0; url=/a">"#;
    judge(true, element);
    judge(
        true,
        "<!doctype html><HTML><META content=0;/a HTTP-EQUIV=Refresh />",
    );
    judge(true, &format!("<script>if (a < b) {{}}</SCRIPT>{element}"));
    judge(
        true,
        &format!("<meta charset=utf-8><!-- --><title>a</title>{element}"),
    );
    judge(true, "<meta\nhttp-equiv='refresh'\ncontent='3;url=/a'");
    judge(false, r#"<meta http-equiv="refresh" content="300">"#);
    judge(false, r#"<meta name="refresh" content="0; url=/a">"#);
    judge(
        false,
        r#"<meta http-equiv="x" http-equiv="refresh" content="0; url=/a">"#,
    );
    judge(false, &format!("<!-- {element} -->"));
    judge(false, &format!("<script>'{element}'</script>"));
    judge(false, &format!("<title>{element}</title>"));
    judge(false, &format!("<noscript>{element}</noscript>"));
    judge(false, &format!("<body>{element}"));
    judge(false, "<metadata http-equiv=refresh content='0;/a'>");
    judge(false, "<");
    judge(false, "<meta http-equiv");
    let portal = format!(
        "HTTP/1.1 511 X\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{element}",
        element.len()
    );
    says("meta-refresh", false, portal.as_bytes(), "", None);
}
