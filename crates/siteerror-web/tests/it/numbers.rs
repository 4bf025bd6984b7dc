//! Numbers that nobody assigned, and what is no number.

use crate::ask::{BROWSER, CURL, get};

#[test]
fn an_unassigned_number_is_a_404_that_explains() {
    let page = get("/477", BROWSER);
    assert_eq!(page.status, 404);
    for part in [
        "477",
        "Not assigned",
        "x00 status code of that class",
        "href=\"/451\"",
        "href=\"/500\"",
        "452 to 499",
    ] {
        assert!(page.text().contains(part), "`{part}`");
    }
    assert!(page.text().contains("content=\"noindex\""));
    let json = get("/477.json", &[]);
    assert_eq!(json.status, 404);
    assert_eq!(json.json()["standing"], "unassigned");
    assert_eq!(json.json()["treat_as"], "400");
    assert_eq!(get("/api/v1/codes/477", &[]).content, json.content);
    assert!(get("/477", CURL).text().contains("like 400 Bad Request"));
}

#[test]
fn beyond_599_is_invalid() {
    let page = get("/799", BROWSER);
    assert_eq!(page.status, 404);
    assert!(page.text().contains("HTTP ends at 599"));
    assert_eq!(get("/799.json", &[]).json()["treat_as"], "500");
}

#[test]
fn every_number_has_an_answer() {
    for number in 100..=999 {
        for (suffix, fields) in [
            ("", BROWSER),
            ("", CURL),
            (".json", &[]),
            (".md", &[]),
            (".txt", &[]),
        ] {
            let answer = get(&format!("/{number}{suffix}"), fields);
            assert!(
                answer.status == 200 || answer.status == 404,
                "{number}{suffix}: {}",
                answer.status
            );
            assert!(
                answer.text().contains(&number.to_string()),
                "{number}{suffix}"
            );
        }
    }
}

#[test]
fn a_number_deeper_in_an_address_is_no_code() {
    for path in ["/nginx/477", "/foo/404", "/4xx/404"] {
        let problem = get(path, &[("accept", "application/json")]).json();
        assert_eq!(problem["code"], "not-found", "{path}");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains("there is no page")),
            "{path}"
        );
    }
}

#[test]
fn what_is_no_code_is_told_what_may_be_meant() {
    let answer = get("/4o4", &[("accept", "application/json")]);
    assert_eq!(answer.status, 404);
    assert_eq!(answer.field("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], "invalid-status-code");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["suggestions"][0]["url"], "/404");
    for path in ["/99", "/4044", "/1000"] {
        assert_eq!(
            get(path, &[("accept", "application/json")]).json()["code"],
            "invalid-status-code",
            "{path}"
        );
    }
    let page = get("/teapod", BROWSER);
    assert!(page.text().contains("href=\"/418\""), "{}", page.text());
    let line = get("/nothing-like-it", CURL);
    assert_eq!(
        line.text(),
        "error: there is no page `/nothing-like-it`; see /codes for all codes\n"
    );
}
