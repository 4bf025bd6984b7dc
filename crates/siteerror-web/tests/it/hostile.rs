//! Whatever comes in, the answer is clear and never a 500.

use http::{HeaderName, HeaderValue, Request};
use proptest::prelude::*;

use crate::ask::{get, request};

fn check(target: &str, fields: &[(HeaderName, HeaderValue)]) -> Result<(), TestCaseError> {
    let Ok(mut asked) = Request::builder().uri(target).body(()) else {
        return Ok(());
    };
    asked
        .headers_mut()
        .insert("host", HeaderValue::from_static("localhost"));
    for (name, value) in fields {
        asked.headers_mut().append(name, value.clone());
    }
    let answer = request(asked);
    prop_assert!(answer.status.as_u16() < 500, "{} {}", target, answer.status);
    prop_assert!(answer.status == 304 || answer.status == 204 || !answer.content.is_empty());
    prop_assert_eq!(answer.field("x-content-type-options"), "nosniff");
    if answer.status != 304 && answer.status != 204 {
        prop_assert_eq!(
            answer.field("content-length"),
            answer.content.len().to_string()
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_path_has_an_answer(path in "/[!-~]{0,60}") {
        check(&path, &[])?;
    }

    #[test]
    fn near_misses_have_an_answer(path in "/(404|4xx|codes|search|index|api/v1/codes|nginx)[./%?&=a-z0-9]{0,20}") {
        check(&path, &[])?;
    }

    #[test]
    fn any_query_has_an_answer(page in "/(search|codes|api/v1/codes|api/v1/search)", query in "(q|class|field|cacheable|content|standing)=[!-~]{0,80}") {
        check(&format!("{page}?{query}"), &[])?;
    }

    #[test]
    fn any_field_value_has_an_answer(name in "(accept|accept-encoding|if-none-match|if-match|if-modified-since|if-unmodified-since|user-agent|range)", value in proptest::collection::vec(any::<u8>(), 0..80)) {
        let Ok(value) = HeaderValue::from_bytes(&value) else { return Ok(()) };
        check("/404", &[(name.parse().expect("a name"), value)])?;
    }

    #[test]
    fn any_list_of_types_has_an_answer(accept in "[a-z*/;=q0-9., ]{0,60}", coding in "[a-z*;=q0-9., ]{0,40}") {
        let value = |text: &str| HeaderValue::from_str(text).expect("printable");
        check("/404", &[(http::header::ACCEPT, value(&accept)), (http::header::ACCEPT_ENCODING, value(&coding))])?;
    }
}

#[test]
fn foreign_words_are_words_in_every_format() {
    for target in [
        "/search.txt?q=%1b%5b31mred%07",
        "/codes.txt?class=%1b%5b31m%07",
        "/search.md?q=%c2%9b31m%e2%80%ae",
    ] {
        let answer = get(target, &[]);
        assert!(
            !answer
                .text()
                .contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']),
            "{:?}",
            answer.text()
        );
    }
    let markdown = get("/search.md?q=%3Cscript%3E%5Bx%5D(http://example.com)", &[]);
    assert!(
        !markdown.text().contains("<script>") && !markdown.text().contains("[x]("),
        "{}",
        markdown.text()
    );
}

#[test]
fn control_characters_do_not_reach_a_terminal() {
    let answer = get("/%1b%5b31m%00%0d%0a", &[("user-agent", "curl/8")]);
    assert_eq!(answer.status, 404);
    assert!(
        !answer.text().trim_end().contains(char::is_control),
        "{:?}",
        answer.text()
    );
}
