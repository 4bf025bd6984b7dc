//! Every link to an address of ours leads to one, and to the part that it names.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{Html, Selector};

use crate::ask::{BROWSER, get};
use crate::html::addresses;

#[test]
fn every_internal_link_resolves_on_every_page() {
    let any = Selector::parse("[href], [src], [action]").expect("a selector");
    let mut wanted: BTreeMap<String, (BTreeSet<String>, String)> = BTreeMap::new();
    for page in addresses() {
        let html = Html::parse_document(get(&page, BROWSER).text());
        for element in html.select(&any) {
            for target in ["href", "src", "action"]
                .iter()
                .filter_map(|name| element.attr(name))
            {
                if target.starts_with("https://")
                    || (target.starts_with('#') && element.value().name() == "use")
                {
                    continue;
                }
                // Those of the playground are asked in its own tests.
                if target.starts_with("/play/") {
                    continue;
                }
                let target = if target.starts_with('#') {
                    format!("{page}{target}")
                } else {
                    target.to_owned()
                };
                assert!(target.starts_with('/'), "{page} links to `{target}`");
                let (path, fragment) = target.split_once('#').unwrap_or((&target, ""));
                let entry = wanted
                    .entry(path.to_owned())
                    .or_insert_with(|| (BTreeSet::new(), page.clone()));
                if !fragment.is_empty() {
                    entry.0.insert(fragment.to_owned());
                }
            }
        }
    }
    assert!(
        wanted.len() > 80,
        "only {} addresses are linked",
        wanted.len()
    );
    for (path, (fragments, from)) in wanted {
        let answer = get(&path, BROWSER);
        let is_error_page = addresses().contains(&path);
        assert!(
            answer.status == 200 || is_error_page,
            "{from} links to {path}: {}",
            answer.status
        );
        if !fragments.is_empty() {
            let html = Html::parse_document(answer.text());
            for fragment in fragments {
                let id = Selector::parse(&format!("[id='{fragment}']")).expect("a selector");
                assert!(
                    html.select(&id).next().is_some(),
                    "{from} links to {path}#{fragment}"
                );
            }
        }
    }
}

#[test]
fn markdown_and_alternates_lead_somewhere() {
    for path in ["/404", "/", "/4xx", "/codes"] {
        let answer = get(path, BROWSER);
        for link in answer.field("link").split(", ") {
            let target = link
                .trim_start_matches('<')
                .split('>')
                .next()
                .expect("split gives one");
            assert_eq!(
                get(target, &[]).status,
                200,
                "{path} has the alternate {target}"
            );
        }
    }
    for path in ["/404.md", "/index.md", "/4xx.md", "/codes.md"] {
        let text = get(path, &[]);
        for target in text
            .text()
            .split("](/")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            assert_eq!(
                get(&format!("/{target}"), &[]).status,
                200,
                "{path} links to /{target}"
            );
        }
    }
}
