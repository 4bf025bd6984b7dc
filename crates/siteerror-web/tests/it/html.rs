//! What must hold for the HTML of every page, besides what the validator in the browser tests says.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{Html, Selector};

use crate::ask::{BROWSER, get, site};

/// All kinds of pages, errors among them.
pub(crate) fn addresses() -> Vec<String> {
    let mut all = site().pages();
    all.extend(
        [
            "/477",
            "/799",
            "/nonsense",
            "/4o4",
            "/search",
            "/search?q=too+many",
            "/search?q=xyzzyplugh",
            "/codes?class=4xx&cacheable=yes",
            "/codes?field=none",
            "/codes?class=9xx",
            "/codes?vendor=iis",
            "/search?q=client+closed",
            "/search?q=haproxy+connect+timeout",
            "/check",
            "/check?url=http://10.0.0.1/&probes=on",
            "/check?url=example.com",
            "/check?url=ftp://a.example/&also_method=HEAD",
            "/playground",
            "/playground?code=503&header=Retry-After:%202&interim=103@0&run",
            "/playground?fault=length-too-long",
            "/playground?seq=length-too-long,200&run",
            "/playground?path=/get&method=a+b",
            "/rules?q=etag&severity=warn",
            "/rules?q=nothing-of-the-kind",
            "/rules/405-no-allow",
            "/lint",
            "/lint?example=405-without-allow",
            "/playground?path=/anything&method=POST&field=X-A:+b&content=c&run=1",
        ]
        .map(str::to_owned),
    );
    all
}

/// The pages of registered codes.
pub(crate) fn codes() -> Vec<String> {
    let codes = siteerror_catalog::catalog().codes().iter();
    codes.map(|code| code.id.path()).collect()
}

fn select(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector)
        .map(|element| element.html())
        .collect()
}

#[test]
fn every_page_has_one_heading_and_its_order() {
    for path in addresses() {
        let html = Html::parse_document(get(&path, BROWSER).text());
        assert_eq!(select(&html, "h1").len(), 1, "{path}");
        assert_eq!(select(&html, "main").len(), 1, "{path}");
        assert_eq!(select(&html, "html[lang=en]").len(), 1, "{path}");
        assert_eq!(select(&html, "meta[name=description]").len(), 1, "{path}");
        assert!(
            select(&html, "[style], style, script:not([src]), [onclick]").is_empty(),
            "{path} has inline style or script"
        );
        let headings = Selector::parse("main h1, main h2, main h3, main h4").expect("a selector");
        let mut level = 0;
        for heading in html.select(&headings) {
            let now = heading.value().name().as_bytes()[1] - b'0';
            assert!(now <= level + 1, "{path}: h{now} after h{level}");
            level = now;
        }
        let named = Selector::parse("input, select, textarea").expect("a selector");
        for control in html.select(&named) {
            let by_id = control
                .attr("id")
                .is_some_and(|id| !select(&html, &format!("label[for='{id}']")).is_empty());
            let labelled = by_id
                || control.attr("aria-label").is_some()
                || control
                    .ancestors()
                    .filter_map(scraper::ElementRef::wrap)
                    .any(|parent| parent.value().name() == "label");
            assert!(labelled, "{path}: {}", control.html());
        }
        let mut ids = BTreeSet::new();
        for element in html.select(&Selector::parse("[id]").expect("a selector")) {
            assert!(
                ids.insert(element.attr("id")),
                "{path}: id {:?} twice",
                element.attr("id")
            );
        }
    }
}

#[test]
fn titles_and_descriptions_are_of_one_page() {
    let mut titles = BTreeSet::new();
    let mut descriptions = BTreeSet::new();
    for path in site().pages() {
        let html = Html::parse_document(get(&path, BROWSER).text());
        assert!(
            titles.insert(select(&html, "title")),
            "{path}: a title stands twice"
        );
        assert!(
            descriptions.insert(select(&html, "meta[name=description]")),
            "{path}: a description stands twice"
        );
    }
}

/// The texts of the smallest blocks of a page's own words; raw messages are no words.
fn blocks(html: &Html) -> Vec<String> {
    let selector = Selector::parse(
        "main p, main li, main dd, main dt, main td, main h2, main h3, main summary",
    )
    .expect("a selector");
    let inner = Selector::parse("p, li, pre").expect("a selector");
    // The title of a document is the same wherever it is named.
    let is_source = |element: &scraper::ElementRef| {
        let classes = |element: scraper::ElementRef| {
            let mut classes = element.value().classes();
            classes.any(|class| class == "sources")
        };
        let around = element.ancestors().filter_map(scraper::ElementRef::wrap);
        classes(*element) || around.into_iter().any(classes)
    };
    html.select(&selector)
        .filter(|block| !is_source(block))
        .filter(|block| block.select(&inner).next().is_none())
        .map(|block| {
            // A command is no sentence.
            let html = block.html();
            let mut parts = html.split("<code>");
            let first = parts.next().unwrap_or_default().to_owned();
            let bare = parts.fold(first, |all, part| {
                let (code, after) = part.split_once("</code>").unwrap_or((part, ""));
                let is_name = code.split_whitespace().count() < 3;
                all + if is_name { code } else { "" } + after
            });
            let fragment = Html::parse_fragment(&bare);
            fragment.root_element().text().collect()
        })
        .collect()
}

/// What stands on two pages was written for neither.
#[test]
fn no_sentence_of_ten_words_stands_on_two_pages() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for path in site().pages() {
        let html = Html::parse_document(get(&path, BROWSER).text());
        for block in blocks(&html) {
            for sentence in block.split(['.', '!', '?', ';', ':', '\u{b7}']) {
                let words: Vec<String> = sentence
                    .split(|c: char| !(c.is_alphanumeric() || c == '\u{2019}'))
                    .filter(|word| !word.is_empty())
                    .map(str::to_lowercase)
                    .collect();
                if words.len() < 10 {
                    continue;
                }
                let text = words.join(" ");
                let other = seen.insert(text.clone(), path.clone());
                assert!(
                    other.is_none() || other.as_deref() == Some(&path),
                    "`{text}` stands on {path} and {other:?}"
                );
            }
        }
    }
    assert!(
        seen.len() > 2000,
        "only {} long sentences were found",
        seen.len()
    );
}

#[test]
fn every_code_page_has_every_part() {
    let parts = [
        "causes",
        "meaning",
        "definition",
        "rfc",
        "plain",
        "misread",
        "fix",
        "fields",
        "exchange",
        "happen",
        "faq",
        "compare",
        "sources",
    ];
    for path in &codes() {
        let html = Html::parse_document(get(path, BROWSER).text());
        for part in parts {
            let body = Selector::parse(&format!("#{part} > .part__body")).expect("a selector");
            let words = html
                .select(&body)
                .next()
                .map(|body| body.text().collect::<String>())
                .unwrap_or_default();
            assert!(words.trim().len() > 10, "{path} has no `{part}`");
            assert_eq!(
                select(&html, &format!("nav a[href='#{part}']")).len(),
                1,
                "{path}: contents lead to {part}"
            );
        }
        assert!(select(&html, ".crumbs li").len() == 4, "{path}");
        assert!(select(&html, ".chips__one").len() >= 4, "{path}");
        assert!(select(&html, ".wire").len() >= 2, "{path}");
        assert!(select(&html, ".hero__emoji").len() == 1, "{path}");
        assert!(select(&html, ".faq").len() >= 4, "{path}");
    }
}
