//! The table of scenarios, walked.

use std::collections::BTreeSet;

use siteerror_playground::{LIMITS, Place, scenarios};

use crate::ask::{exchange, playground};

#[test]
fn every_row_is_whole() {
    let mut ids = BTreeSet::new();
    for scenario in scenarios() {
        assert!(ids.insert(scenario.id), "`{}` stands twice", scenario.id);
        assert!(
            scenario.about.ends_with('.') && scenario.about.len() > 40,
            "`{}` says what it does",
            scenario.id
        );
        assert!(
            !scenario.title.is_empty() && !scenario.title.ends_with('.'),
            "{}",
            scenario.id
        );
        assert!(!scenario.source.is_empty(), "{}", scenario.id);
        let in_path: BTreeSet<&str> = scenario
            .path
            .split('{')
            .skip(1)
            .map(|part| {
                part.split('}')
                    .next()
                    .expect("it is closed")
                    .trim_start_matches('*')
            })
            .collect();
        let declared: BTreeSet<&str> = scenario
            .parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Path)
            .map(|parameter| parameter.name)
            .collect();
        assert_eq!(
            in_path, declared,
            "`{}` names the parts of its path",
            scenario.id
        );
        let mut names = BTreeSet::new();
        for parameter in scenario.parameters {
            assert!(
                names.insert(parameter.name),
                "`{}` has `{}` twice",
                scenario.id,
                parameter.name
            );
            assert!(
                parameter.about.ends_with('.'),
                "`{}`, `{}`",
                scenario.id,
                parameter.name
            );
        }
    }
    let names: BTreeSet<&str> = LIMITS.iter().map(|limit| limit.name).collect();
    assert_eq!(names.len(), LIMITS.len());
}

#[tokio::test]
async fn every_example_gives_what_the_table_says() {
    let playground = playground().await;
    for scenario in scenarios() {
        let method = match scenario.methods {
            siteerror_playground::Methods::Any
            | siteerror_playground::Methods::Registered
            | siteerror_playground::Methods::Own => "GET",
            siteerror_playground::Methods::Only(methods) => methods[0],
        };
        let request = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            scenario.example,
            playground.address()
        );
        let answer = exchange(&playground, request.as_bytes()).await;
        if scenario.answers.is_empty() {
            continue;
        }
        let text = String::from_utf8_lossy(&answer);
        let status = text
            .split("\r\n\r\n")
            .filter_map(|part| {
                part.strip_prefix("HTTP/1.1 ")?
                    .get(..3)?
                    .parse::<u16>()
                    .ok()
            })
            .find(|status| *status >= 200 || *status == 101);
        assert!(
            status.is_some_and(|status| scenario.answers.contains(&status)),
            "`{}`: {method} {} gave {text}",
            scenario.id,
            scenario.example
        );
    }
}

#[test]
fn the_description_marks_what_ordinary_clients_cannot_read() {
    let description = siteerror_playground::openapi("");
    let marked = |path: &str, mark: &str| {
        let operation = &description["paths"][path]["get"];
        assert!(operation.is_object(), "{path}");
        operation[mark] == true
    };
    for (path, breaks, interim) in [
        ("/fault/{name}", true, true),
        // `return 444` closes the connection; a 499 is logged for a client that has left, and seen by none.
        ("/vendor/nginx/444", true, false),
        ("/vendor/nginx/499", true, false),
        // It closes there, and is an answer elsewhere.
        ("/vendor/nginx/408", true, false),
        ("/vendor/aws-classic-elb/408", false, false),
        ("/vendor/{vendor}/{code}", false, false),
        ("/cause/103/try", false, true),
        ("/cause/{code}/try", false, false),
        ("/get", false, false),
    ] {
        assert_eq!(marked(path, "x-breaks-connection"), breaks, "{path}");
        assert_eq!(marked(path, "x-sends-interim"), interim, "{path}");
        assert_eq!(marked(path, "x-raw-client"), breaks || interim, "{path}");
    }
    let ids: Vec<&str> = description["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|item| item.as_object().expect("operations").values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len());
    let parameters = &description["paths"]["/vendor/{vendor}/{code}"]["get"]["parameters"];
    let codes = parameters[1]["schema"]["enum"].as_array().expect("words");
    assert!(codes.contains(&"521".into()) && !codes.contains(&"444".into()));
}
