//! What is outside the registry: every identity of the content is reached by address, as JSON and by search.

use siteerror_catalog::catalog;

use crate::ask::{BROWSER, CURL, get, site};

#[test]
fn every_code_of_a_vendor_is_reached() {
    let pages = site().pages();
    let codes = catalog().vendor_codes().iter().map(|code| code.id);
    let entries = catalog().substatus_codes().iter().map(|entry| entry.id);
    for id in codes.chain(entries) {
        let path = id.path();
        assert!(pages.contains(&path), "{path}");
        let json = get(&format!("{path}.json"), &[]);
        assert_eq!(json.json()["id"], id.to_string());
        assert_eq!(
            get(&format!("/api/v1/codes{path}"), &[]).content,
            json.content
        );
        let hits = get(&format!("/api/v1/search?q={id}"), &[]).json();
        assert_eq!(
            (&hits[0]["id"], &hits[0]["kind"]),
            (&json.json()["id"], &"code".into())
        );
        // What the shelf and the number say of it leads there.
        let shelf = id.vendor().expect("a vendor").slug();
        let list = get(&format!("/api/v1/codes?vendor={shelf}"), &[]);
        assert!(list.text().contains(&format!("\"{id}\"")), "{id}");
        let number = get(&format!("/{}", id.number()), BROWSER);
        let parent = format!("/iis/{}", id.number());
        let target = if id.substatus().is_some() {
            &parent
        } else {
            &path
        };
        assert_eq!(number.status, 200, "{id}");
        assert!(number.text().contains(&format!("href=\"{target}")), "{id}");
        if id.substatus().is_some() {
            let parent = get(&parent, BROWSER);
            assert!(parent.text().contains(&format!("href=\"{path}\"")), "{id}");
        }
    }
}

#[test]
fn every_signal_is_reached() {
    for entry in catalog()
        .signal_families()
        .iter()
        .flat_map(|family| family.entries)
    {
        let id = entry.id();
        let encoded: String = percent(&id);
        let page = get(&format!("/{encoded}"), &[]);
        assert_eq!(
            (page.status.as_u16(), page.field("location")),
            (308, entry.href().as_str()),
            "{id}"
        );
        let json = get(&format!("/api/v1/signals/{encoded}"), &[]);
        assert_eq!(json.json()["id"], id);
        let hits = get(&format!("/api/v1/search?q={encoded}"), &[]).json();
        assert!(
            hits.as_array()
                .expect("a list")
                .iter()
                .any(|hit| hit["id"] == id && hit["kind"] == "signal"),
            "{id}: {hits}"
        );
    }
    assert_eq!(get("/haproxy", &[]).field("location"), "/signals/haproxy");
    let page = get("/signals/haproxy", BROWSER);
    for entry in catalog()
        .signal_family("haproxy")
        .expect("it is there")
        .entries
    {
        assert!(
            page.text().contains(&format!("id=\"{}\"", entry.anchor)),
            "{}",
            entry.key
        );
    }
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = std::fmt::Write::write_fmt(&mut out, format_args!("%{byte:02X}"));
        }
    }
    out
}

#[test]
fn a_vendors_page_says_whether_its_code_travels() {
    let page = get("/nginx/499", BROWSER);
    for part in [
        "log only",
        "Client Closed Request",
        "What to check, in order",
        "proxy_ignore_client_abort",
        "499 in the log of NGINX",
    ] {
        assert!(page.text().contains(part), "`{part}`");
    }
    assert!(
        !page.text().contains("Compose a 499"),
        "nobody can receive it"
    );
    let text = get("/nginx/499", CURL);
    assert!(
        text.text()
            .starts_with("\u{2b21} nginx/499 Client Closed Request"),
        "{}",
        text.text()
    );
    assert!(get("/nginx/499.md", &[]).text().contains("(log only)"));
}

#[test]
fn a_number_of_vendors_lists_every_meaning() {
    for number in (100..=999).filter_map(|number| catalog().vendor_number(number)) {
        let id = number.unassigned().id();
        let page = get(&id.path(), BROWSER);
        assert_eq!(page.status, 200, "{id}");
        for owner in number.codes().flat_map(|code| code.owners) {
            let shown = owner.title.replace('&', "&#38;");
            assert!(page.text().contains(&shown), "{id}: {}", owner.title);
        }
        let json = get(&format!("{}.json", id.path()), &[]).json();
        assert_eq!(json["standing"], "unassigned");
        assert!(
            json["meanings"]
                .as_array()
                .is_some_and(|all| !all.is_empty()),
            "{id}"
        );
    }
    assert!(
        get("/499.json", &[]).json()["namesakes"]
            .to_string()
            .contains("nginx/499")
    );
}

#[test]
fn faults_are_one_matrix() {
    let page = get("/faults", BROWSER);
    assert_eq!(page.status, 200);
    for fault in catalog().proxy_faults() {
        for part in [
            format!("id=\"{}\"", fault.slug),
            format!("href=\"#{}\"", fault.slug),
        ] {
            assert!(page.text().contains(&part), "{part}");
        }
    }
    let json = get("/faults.json", &[]);
    assert_eq!(
        json.json().as_array().map(Vec::len),
        Some(catalog().proxy_faults().len())
    );
    assert_eq!(get("/api/v1/faults", &[]).content, json.content);
}

#[test]
fn responses_of_vendors_pass_the_linter() {
    for code in catalog().vendor_codes() {
        for owner in code.owners {
            let Some(response) = owner.example.response() else {
                continue;
            };
            let sample = siteerror_web::Sample {
                response: response.as_bytes().to_vec(),
                request: Vec::new(),
                url: None,
                received_at_unix_s: None,
            };
            let linted = sample.lint().expect("a response");
            let errors: Vec<&str> = linted
                .findings
                .iter()
                .filter(|finding| finding.rule.severity == siteerror_lint::Severity::Error)
                .map(|finding| finding.rule.id)
                // From 600 on there is no valid status code, and that is what the page says.
                .filter(|rule| code.class().is_some() || *rule != "status-out-of-range")
                .collect();
            assert!(
                errors.is_empty(),
                "{} of {}: {errors:?}",
                code.id,
                owner.title
            );
        }
    }
}
