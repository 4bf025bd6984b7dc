//! One spelling of each address; the others lead to it.

use crate::ask::{get, site};

fn check(from: &str, to: &str) {
    let answer = get(from, &[]);
    assert_eq!(
        (answer.status.as_u16(), answer.field("location")),
        (308, to),
        "{from}"
    );
    assert_eq!(get(to, &[("accept", "*/*")]).status, 200, "{to}");
}

#[test]
fn other_spellings_lead_to_the_page() {
    check("/not-found", "/404");
    check("/Not-Found/", "/404");
    check("/404/", "/404");
    check("/404//", "/404");
    check("/5XX", "/5xx");
    check("/CODES/", "/codes");
    check("/im-a-teapot", "/418");
    check("/%34%30%34", "/404");
    check("//404", "/404");
    check("/payload-too-large", "/413");
    check("/unprocessable-entity", "/422");
    check("/moved-temporarily", "/302");
    check("/404.JSON", "/404.json");
    check("/not-found.json", "/404.json");
    check("/index", "/");
    check("/search/?q=a%20b", "/search?q=a%20b");
    check("/codes/?class=4xx", "/codes?class=4xx");
}

#[test]
fn every_redirect_leads_to_a_page() {
    assert!(site().redirects().len() > 64);
    for (from, to) in site().redirects() {
        check(&from, &to);
    }
}

#[test]
fn no_redirect_leaves_the_site() {
    for path in [
        "//example.com/",
        "//example.com/x/",
        "/\\example.com/",
        "/%2f%2fexample.com/",
    ] {
        let answer = get(path, &[]);
        assert_eq!(
            (answer.status.as_u16(), answer.field("location")),
            (404, ""),
            "{path}"
        );
    }
}
