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
