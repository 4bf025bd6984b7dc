//! The words of the faults: whole, each said once, and in every form.

use std::collections::BTreeSet;

use siteerror_playground::{Versions, faults};

use crate::ask::{get, playground, send};

#[test]
fn every_fault_has_its_words_and_no_sentence_stands_twice() {
    let mut names = BTreeSet::new();
    let mut sentences = BTreeSet::new();
    for fault in faults() {
        assert!(names.insert(fault.name), "`{}` stands twice", fault.name);
        assert!(
            fault
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{}",
            fault.name
        );
        assert!(!fault.title.ends_with('.'), "{}", fault.title);
        assert!(sentences.insert(fault.title), "{}", fault.title);
        for text in [fault.about, fault.rule, fault.client] {
            assert!(text.ends_with('.'), "`{}`: {text}", fault.name);
            for sentence in text.split_inclusive(". ") {
                assert!(
                    sentences.insert(sentence.trim()),
                    "`{}`: {sentence}",
                    fault.name
                );
            }
        }
        // RFC 9110 §9.1, and a section of an RFC each.
        assert!(fault.source.starts_with("RFC "), "{}", fault.source);
        assert!(fault.source.contains('§'), "{}", fault.source);
    }
    assert!(names.len() >= 40);
}

#[tokio::test]
async fn the_list_has_every_fault_as_the_measurement_wants_it() {
    let playground = playground().await;
    let answer = get(&playground, "/faults").await;
    assert_eq!(answer.field("content-type"), "application/json");
    let list = answer.json();
    let rows = list["faults"].as_array().expect("it is a list");
    assert_eq!(rows.len(), faults().count());
    for (row, fault) in rows.iter().zip(faults()) {
        assert_eq!(row["name"], fault.name);
        assert_eq!(row["path"], format!("/fault/{}", fault.name));
        assert_eq!(row["method"], fault.method);
        let right = row["right"].as_str().expect("it is a word");
        assert!(["refuse", "accept", "either"].contains(&right));
        for word in [
            "title", "about", "rule", "source", "client", "versions", "group",
        ] {
            assert!(
                row[word].as_str().is_some_and(|text| !text.is_empty()),
                "{word}"
            );
        }
        assert_eq!(row["http2"] == true, fault.versions == Versions::Two);
        assert_eq!(row["tls"] == true, fault.versions == Versions::OneWithTls);
    }
}

#[tokio::test]
async fn lists_and_faults_come_in_the_form_that_is_asked_for() {
    let playground = playground().await;
    for (target, html, text) in [
        ("/faults", "<a href=\"/faults/obs-fold\">", "obs-fold"),
        (
            "/faults/obs-fold",
            "<h1>A field value that goes on in the next line</h1>",
            "Try: GET /fault/obs-fold",
        ),
    ] {
        let page = send(
            &playground,
            &format!("GET {target}"),
            &["Accept: text/html"],
            &[],
        )
        .await;
        assert_eq!(page.field("content-type"), "text/html; charset=utf-8");
        assert!(page.text().contains(html), "{}", page.text());
        let plain = send(
            &playground,
            &format!("GET {target}"),
            &["Accept: text/plain"],
            &[],
        )
        .await;
        assert_eq!(plain.field("content-type"), "text/plain; charset=utf-8");
        assert!(plain.text().contains(text), "{}", plain.text());
        assert_eq!(plain.field("vary"), "Accept");
    }
    let json = get(&playground, "/faults/obs-fold").await.json();
    assert_eq!(json["name"], "obs-fold");
    assert_eq!(json["right"], "accept");
    assert!(json["clients"].is_array());
}

#[tokio::test]
async fn an_unknown_name_is_answered_with_those_that_are_alike() {
    let playground = playground().await;
    for (asked, meant) in [
        ("length-to-long", "length-too-long"),
        ("chunk-size", "chunk-size-too-large"),
        ("RESET", "reset-before-headers"),
    ] {
        for shelf in ["fault", "faults"] {
            let answer = get(&playground, &format!("/{shelf}/{asked}")).await;
            assert_eq!(answer.status, 404, "{asked}");
            let problem = answer.json();
            let hint = problem["hint"].as_str().expect("there is one");
            assert!(hint.contains(meant), "{asked}: {hint}");
        }
    }
    let problem = get(&playground, "/fault/zzzz").await.json();
    assert_eq!(problem["hint"], "/faults lists all that there are");
}

#[tokio::test]
async fn what_cannot_be_played_is_refused_and_told() {
    let playground = playground().await;
    for (target, status, code) in [
        ("/fault/h2-reset", 400, "version-not-possible"),
        (
            "/fault/end-without-close-notify",
            400,
            "version-not-possible",
        ),
        ("/fault/reset-in-content?after=-1", 400, "invalid-parameter"),
        (
            "/fault/reset-in-content?after=9999999",
            400,
            "limit-exceeded",
        ),
        ("/fault/h2-reset?code=4294967296", 400, "invalid-parameter"),
        ("/fault/stall-in-head?pause=11s", 400, "limit-exceeded"),
        ("/fault/drip-head?pause=1s", 400, "limit-exceeded"),
        (
            "/seq/faults-words/reset-in-content?after=x",
            400,
            "invalid-parameter",
        ),
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.status, status, "{target}");
        assert_eq!(answer.json()["code"], code, "{target}");
    }
}
