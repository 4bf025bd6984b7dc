//! The pages of the rules.

use scraper::{Html, Selector};
use siteerror_lint::rules;

use crate::ask::{BROWSER, CURL, get};

fn texts(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector)
        .map(|element| element.text().collect())
        .collect()
}

#[test]
fn every_rule_has_a_page_in_every_format() {
    for rule in rules() {
        let page = get(&rule.href(), BROWSER);
        let html = Html::parse_document(page.text());
        assert_eq!(texts(&html, "h1"), [rule.title], "{}", rule.id);
        assert!(texts(&html, ".versus .wire").len() >= 2, "{}", rule.id);
        assert!(
            !texts(&html, ".says").is_empty(),
            "{} says nothing of its bad example",
            rule.id
        );
        assert_eq!(
            texts(&html, ".chips a").len(),
            rule.sources.len(),
            "{}",
            rule.id
        );
        let words = |rule: &str| html.root_element().text().any(|text| text.contains(rule));
        assert_eq!(words("a server may do this"), rule.heuristic, "{}", rule.id);
        assert_eq!(words("may still change"), rule.draft, "{}", rule.id);
        let json = get(&format!("{}.json", rule.href()), &[]).json();
        assert_eq!(json["rule"], rule.id);
        assert_eq!(json["severity"], rule.severity.name());
        assert_eq!(
            json["bad"]["messages"].as_array().map(Vec::len),
            Some(rule.bad.len())
        );
        assert_eq!(get(&format!("/api/v1/rules/{}", rule.id), &[]).json(), json);
        let markdown = get(&format!("{}.md", rule.href()), &[]);
        assert!(markdown.text().starts_with(&format!("# {}\n", rule.title)));
        assert_eq!(
            markdown.text().matches("\n```").count() % 2,
            0,
            "{}",
            rule.id
        );
        let text = get(&rule.href(), CURL);
        assert!(text.text().contains(rule.id));
        let width = |line: &str| line.chars().count();
        let long = text
            .text()
            .lines()
            .find(|line| width(line) > 80 && !line.contains("://"));
        assert_eq!(long, None, "{}", rule.id);
    }
}

#[test]
fn the_offending_bytes_are_marked() {
    let html = Html::parse_document(get("/rules/bare-lf", BROWSER).text());
    let marks = texts(&html, "#bad-response-0 mark");
    assert!(marks.iter().any(|mark| mark.contains("\\n")), "{marks:?}");
    assert!(texts(&html, "#good-response-0 mark").is_empty());
    let without: Vec<_> = rules()
        .iter()
        .filter(|rule| {
            let html = Html::parse_document(get(&rule.href(), BROWSER).text());
            texts(&html, "section[aria-labelledby=bad] mark").is_empty()
        })
        .map(|rule| rule.id)
        .collect();
    // What is missing has no bytes, and what two messages say together has no place.
    assert!(without.len() * 3 < rules().len(), "{without:?}");
}

#[test]
fn aliases_lead_to_their_rule() {
    for (from, to) in [
        ("/rules/405-allow", "/rules/405-without-allow"),
        ("/rules/405-allow.json", "/rules/405-without-allow.json"),
        ("/api/v1/rules/405-allow", "/api/v1/rules/405-without-allow"),
    ] {
        let answer = get(from, &[]);
        assert_eq!(
            (answer.status.as_u16(), answer.field("location")),
            (308, to)
        );
    }
    let near = get("/rules/405-no-allow", &[("accept", "application/json")]).json();
    assert_eq!(
        (near["status"].as_u64(), near["code"].as_str()),
        (Some(404), Some("not-found"))
    );
    let suggested = near["suggestions"].as_array().expect("suggestions");
    assert!(suggested.iter().all(|one| {
        one["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("/rules/"))
    }));
}

#[test]
fn the_list_can_be_filtered() {
    let count = |query: &str| {
        get(&format!("/api/v1/rules{query}"), &[])
            .json()
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(count(""), Some(rules().len()));
    assert_eq!(count("?group=cookies&severity=error&q=samesite"), Some(1));
    assert_eq!(count("?q=9110+%C2%A715.5.6+allow"), Some(2));
    assert_eq!(count("?q=xyzzy"), Some(0));
    assert_eq!(get("/rules?severity=fatal", BROWSER).status, 400);
    let html = Html::parse_document(get("/rules?q=etag&severity=warn", BROWSER).text());
    assert!(
        texts(&html, ".rulelist__id")
            .iter()
            .all(|id| !id.is_empty())
    );
    assert_eq!(texts(&html, "option[selected]"), ["warn"]);
    assert_eq!(texts(&html, "meta[name=robots]").len(), 1);
}

#[test]
fn the_search_finds_rules() {
    let hits = get("/api/v1/search?q=samesite", &[]).json();
    assert_eq!(hits[0]["id"], "cookie-samesite-none-insecure");
    assert_eq!(hits[0]["kind"], "rule");
    let answer = get("/search?q=etag-bad", BROWSER);
    assert_eq!(
        (answer.status.as_u16(), answer.field("location")),
        (303, "/rules/etag-bad")
    );
    let html = Html::parse_document(get("/search?q=allow+405", BROWSER).text());
    assert!(texts(&html, ".hit__name").contains(&"405-without-allow".to_owned()));
}
