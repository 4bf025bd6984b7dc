//! The search page.

use crate::ask::{BROWSER, CURL, get};

#[test]
fn results_are_links() {
    let page = get("/search?q=page+not+found", BROWSER);
    assert_eq!(page.status, 200);
    let first = page.text().split("class=\"hit\"").nth(1).expect("a hit");
    assert!(first.starts_with("><a href=\"/404\">"), "{first:.80}");
    assert!(get("/search?q=teapot", CURL).text().contains("418"));
    assert_eq!(get("/api/v1/search?q=409", &[]).json()[0]["id"], "409");
    assert_eq!(get("/search.json?q=409", &[]).json()[0]["kind"], "code");
}

#[test]
fn a_number_or_a_name_leads_to_its_page() {
    for (query, path) in [
        ("429", "/429"),
        ("Gone", "/410"),
        ("477", "/477"),
        ("I%27m+a+teapot", "/418"),
    ] {
        let answer = get(&format!("/search?q={query}"), BROWSER);
        assert_eq!(
            (answer.status.as_u16(), answer.field("location")),
            (303, path),
            "{query}"
        );
        assert_eq!(
            get(&format!("/search?q={query}"), CURL).status,
            200,
            "{query}"
        );
    }
}

#[test]
fn what_is_typed_is_shown_as_text() {
    let page = get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22", BROWSER);
    assert_eq!(page.status, 200);
    assert!(
        !page.text().contains("<script>alert"),
        "the query is escaped"
    );
    assert!(
        get("/search", BROWSER)
            .text()
            .contains("A number, a name, a field")
    );
    assert!(
        get("/search?q=xyzzyplugh", BROWSER)
            .text()
            .contains("Nothing found")
    );
}

#[test]
fn long_queries_are_refused_with_a_reason() {
    let answer = get(
        &format!("/search?q={}", "a".repeat(3000)),
        &[("accept", "application/json")],
    );
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["code"], "invalid-query");
}
