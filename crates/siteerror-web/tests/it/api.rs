//! The JSON API.

use crate::ask::get;

#[test]
fn a_code_is_the_same_bytes_everywhere() {
    for path in &crate::html::codes() {
        let page = get(&format!("{path}.json"), &[]);
        assert_eq!(
            get(&format!("/api/v1/codes{path}"), &[]).content,
            page.content,
            "{path}"
        );
        assert_eq!(
            get(&format!("/api/v1/codes{path}?utm=1"), &[]).content,
            page.content,
            "{path}"
        );
    }
}

#[test]
fn the_list_can_be_filtered() {
    let all = get("/api/v1/codes", &[]);
    let vendors = siteerror_catalog::catalog().vendor_codes().len();
    assert_eq!(all.json().as_array().map(Vec::len), Some(64 + vendors));
    let ids = |query: &str| -> Vec<String> {
        let answer = get(&format!("/api/v1/codes?{query}"), &[]);
        assert_eq!(answer.status, 200, "{query}");
        answer
            .json()
            .as_array()
            .expect("a list")
            .iter()
            .filter(|row| row["vendor"].is_null() || query.contains("vendor"))
            .filter_map(|row| row["id"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(ids("class=1xx"), ["100", "101", "102", "103", "104"]);
    assert_eq!(ids("standing=unused"), ["306", "418"]);
    // RFC 9110 §15.1, and 451 by RFC 7725.
    assert_eq!(
        ids("cacheable=yes"),
        [
            "200", "203", "204", "206", "300", "301", "308", "404", "405", "410", "414", "451",
            "501"
        ]
    );
    assert_eq!(ids("field=www-authenticate"), ["401"]);
    assert_eq!(ids("content=forbidden&class=2xx"), ["204", "205"]);
    assert!(ids("vendor=nginx").contains(&"nginx/499".to_owned()));
    assert!(ids("vendor=iis").contains(&"iis/404.13".to_owned()));
    assert!(
        ids("standing=vendor&vendor=nginx&class=5xx")
            .iter()
            .all(|id| id.starts_with("nginx/5"))
    );
    assert_eq!(ids("vendor=none").len(), 64);
    let row = &all.json()[0];
    let mut keys: Vec<&String> = row.as_object().expect("a row").keys().collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "class", "code", "id", "name", "standing", "summary", "url", "vendor"
        ]
    );
    assert!(get("/api/v1/codes?full", &[]).json()[0]["facts"].is_object());
    assert_eq!(get("/codes.json", &[]).content, all.content);
}

#[test]
fn a_wrong_filter_is_told_apart() {
    for (query, part) in [
        ("class=9xx", "class"),
        ("cacheable=perhaps", "cacheable"),
        ("content=some", "content"),
        ("vendor=apache", "vendor"),
        ("standing=up", "standing"),
    ] {
        let answer = get(&format!("/api/v1/codes?{query}"), &[]);
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.field("content-type"), "application/problem+json");
        assert!(
            answer.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(part)),
            "{query}"
        );
    }
    assert_eq!(
        get("/codes?class=%ff", &[("accept", "application/json")]).status,
        400
    );
    assert_eq!(
        get("/codes?utm_source=mail", &[("accept", "application/json")]).status,
        200
    );
}

#[test]
fn errors_of_the_api_are_problems_whoever_asks() {
    for path in [
        "/api/v1/codes/4o4",
        "/api/v1/nope",
        "/api/v1/codes/404/more",
    ] {
        let answer = get(path, crate::ask::BROWSER);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.field("content-type"),
            "application/problem+json",
            "{path}"
        );
        let problem = answer.json();
        for key in ["type", "code", "title", "status", "detail", "hint"] {
            assert!(!problem[key].is_null(), "{path} has no `{key}`");
        }
    }
}

#[test]
fn the_schema_is_published_and_holds() {
    let answer = get("/api/v1/code.schema.json", &[]);
    assert_eq!(answer.field("content-type"), "application/schema+json");
    let validator = jsonschema::validator_for(&answer.json()).expect("a schema");
    for path in [
        "/200.json",
        "/418.json",
        "/499.json",
        "/nginx/499.json",
        "/iis/404.13.json",
        "/477.json",
        "/999.json",
    ] {
        assert!(validator.is_valid(&get(path, &[]).json()), "{path}");
    }
}
