//! What is shown of foreign text.

use siteerror_guard::show::{Plain, cell, is_linkable, mask_field, mask_url};

#[test]
fn credentials_in_urls_are_masked() {
    for (url, shown) in [
        ("https://a.com/b?c=d#e", "https://a.com/b?c=d#e"),
        ("https://u:p@a.com/", "https://***@a.com/"),
        ("https://u@a.com", "https://***@a.com"),
        ("https://u:p@q@a.com/x@y", "https://***@a.com/x@y"),
        ("//u:p@a.com/", "//***@a.com/"),
        ("\\\\u:p@a.com\\b", "\\\\***@a.com\\b"),
        ("http:u:p@a.com/", "http:***@a.com/"),
        ("http:////u:p@a.com/", "http:////***@a.com/"),
        ("ht\ntp://u:p@a.com/", "http://***@a.com/"),
        ("http://u\n:p@a.com/", "http://***@a.com/"),
        ("http://u:p@a b/", "http://***@a b/"),
        ("ftp://u:p@a.com/", "ftp://***@a.com/"),
        ("/a@b", "/a@b"),
        ("?a@b", "?a@b"),
        ("http://a.com?u:p@b", "http://a.com?u:p@b"),
        (
            "https://a.com/?access_token=1&b=2&TOKEN=3&%74oken=4&token",
            "https://a.com/?access_token=***&b=2&TOKEN=***&%74oken=***&token",
        ),
        (
            "https://a.com/#access_token=1&x=2",
            "https://a.com/#access_token=***&x=2",
        ),
        (
            "https://a.com/?X-Amz-Signature=ab&X-Amz-Date=1",
            "https://a.com/?X-Amz-Signature=***&X-Amz-Date=1",
        ),
        (
            "https://a.com/?tokens=1&a=token",
            "https://a.com/?tokens=1&a=token",
        ),
        ("", ""),
        ("@", "***@"),
    ] {
        assert_eq!(mask_url(url), shown, "{url:?}");
    }
}

#[test]
fn credentials_in_fields_are_masked() {
    for (name, value, shown) in [
        ("Authorization", "Bearer abc.def", "Bearer ***"),
        ("authorization", "Basic dTpw", "Basic ***"),
        ("AUTHORIZATION", "abc", "***"),
        (
            "Authorization",
            " Digest username=\"u\", response=\"x\"",
            "Digest ***",
        ),
        ("Proxy-Authorization", "Basic dTpw", "Basic ***"),
        ("Cookie", "a=1; b=2", "a=***; b=***"),
        ("Cookie", "plain", "***"),
        (
            "Set-Cookie",
            "id=1; Path=/; HttpOnly",
            "id=***; Path=/; HttpOnly",
        ),
        ("Set-Cookie", "id=", "id=***"),
        ("X-Api-Key", "k", "***"),
        (
            "Location",
            "https://u:p@a.com/?token=1",
            "https://***@a.com/?token=***",
        ),
        ("Referer", "https://u:p@a.com/", "https://***@a.com/"),
        ("Accept", "a=1; b=2", "a=1; b=2"),
        ("WWW-Authenticate", "Basic realm=\"x\"", "Basic realm=\"x\""),
    ] {
        assert_eq!(mask_field(name, value), shown, "{name}: {value}");
    }
}

#[test]
fn a_terminal_has_nothing_to_obey() {
    for (text, shown) in [
        ("plain \u{e9} \u{4f8b}", "plain \u{e9} \u{4f8b}"),
        ("\u{1b}[31mred", r"\x1B[31mred"),
        ("\u{1b}]0;title\u{7}", r"\x1B]0;title\x07"),
        ("a\r\nb\tc\u{8}", r"a\x0D\x0Ab\x09c\x08"),
        ("\u{9b}2J", r"\xC2\x9B2J"),
        ("\u{7f}\0", r"\x7F\x00"),
        ("\u{202e}gnp", r"\xE2\x80\xAEgnp"),
        ("a\u{200b}b", r"a\xE2\x80\x8Bb"),
    ] {
        assert_eq!(Plain(text).to_string(), shown);
    }
}

#[test]
fn a_spreadsheet_has_nothing_to_compute() {
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
        assert_eq!(cell(formula), format!("'{formula}"));
    }
    for text in ["", "a", "1", "a=1", " =1", "'=1", "\u{e9}"] {
        assert_eq!(cell(text), text);
    }
}

#[test]
fn links_are_http() {
    for url in ["http://a.com/", "https://127.0.0.1/", "HTTPS://a.com"] {
        assert!(is_linkable(url), "{url}");
    }
    for url in [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "/a",
        "//a.com/",
        "",
        "http://",
    ] {
        assert!(!is_linkable(url), "{url}");
    }
}
