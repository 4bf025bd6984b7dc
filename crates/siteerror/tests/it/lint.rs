//! `siteerror lint`: files in, findings out.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::command::{siteerror, stdout, transcript};

/// RFC 9110 §15.5.6 asks for Allow, §8.8.3 for quotes around the tag.
const WRONG: &str = "HTTP/1.1 405 Method Not Allowed\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\nETag: abc\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n";
const RIGHT: &str = "HTTP/1.1 204 No Content\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\nCache-Control: no-store\r\n\r\n";

/// A run with a response on standard input.
fn lint(args: &[&str], response: &str) -> String {
    let mut child = siteerror(&[&["lint", "-"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // Wrong usage ends it before it reads.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(response.as_bytes());
    transcript(&child.wait_with_output().expect("it ends"))
}

#[test]
fn a_response_is_told_what_is_wrong_with_it() {
    assert_snapshot!(lint(&[], WRONG), @"
    exit 1
    405 in standard input                                     2 errors and 1 warning
    ────────────────────────────────────────────────────────────────────────────────
    ■ error 405-without-allow                                       RFC 9110 §15.5.6
            This 405 does not say which methods the resource does support: Allow is
            missing

    ■ error etag-bad                                                 RFC 9110 §8.8.3
            `abc` stands without quotes, which are part of an entity tag
            line 3: ETag: abc

    ▲ warn  error-without-explanation                                 RFC 9110 §15.5
            This 405 comes without a word on what went wrong and whether it will
            last
    ");
    assert_snapshot!(lint(&[], RIGHT), @"
    exit 0
    204 in standard input                                              nothing found
    ────────────────────────────────────────────────────────────────────────────────
      Nothing to find fault with.
    ");
}

#[test]
fn json_is_one_object_for_one_file_and_an_array_for_several() {
    assert_snapshot!(lint(&["--json", "--fail-on", "never"], WRONG), @r#"
    exit 0
    {
      "file": "-",
      "status": 405,
      "findings": [
        {
          "rule": "405-without-allow",
          "severity": "error",
          "hop": 0,
          "field": "allow",
          "ref": "RFC 9110 §15.5.6",
          "text": "This 405 does not say which methods the resource does support: Allow is missing",
          "bytes": null
        },
        {
          "rule": "etag-bad",
          "severity": "error",
          "hop": 0,
          "field": "etag",
          "ref": "RFC 9110 §8.8.3",
          "text": "`abc` stands without quotes, which are part of an entity tag",
          "bytes": [
            70,
            81
          ]
        },
        {
          "rule": "error-without-explanation",
          "severity": "warn",
          "hop": 0,
          "field": null,
          "ref": "RFC 9110 §15.5",
          "text": "This 405 comes without a word on what went wrong and whether it will last",
          "bytes": null
        }
      ],
      "counts": {
        "error": 2,
        "warn": 1,
        "info": 0
      }
    }
    "#);
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let (a, b) = (file("a", RIGHT), file("b", RIGHT));
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&["lint", "--json", &a, &b])).expect("JSON");
    assert_eq!(json[0]["file"], a.as_str());
    assert_eq!(json[1]["status"], 204);
}

#[test]
fn the_exit_status_is_what_fail_on_says() {
    let exit = |fail_on: &str, response: &str| {
        let text = lint(&["--fail-on", fail_on], response);
        text.lines().next().expect("a line").to_owned()
    };
    assert_eq!(exit("error", WRONG), "exit 1");
    assert_eq!(exit("never", WRONG), "exit 0");
    assert_eq!(exit("etag-bad", WRONG), "exit 1");
    assert_eq!(exit("405-allow", WRONG), "exit 1", "an alias");
    assert_eq!(exit("bare-lf,date-bad", WRONG), "exit 0");
    assert_eq!(exit("info", RIGHT), "exit 0");
    let warned = RIGHT.replace("no-store", "no-store, no-store");
    assert_eq!(exit("error", &warned), "exit 0");
    assert_eq!(exit("warn", &warned), "exit 1");
    assert_eq!(exit("info", &warned), "exit 1", "what is worse counts too");
    assert_eq!(exit("error,warn", &warned), "exit 1");
}

#[test]
fn what_else_is_known_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let request = folder.path().join("request");
    fs::write(&request, "HEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n").expect("a file");
    let request = request.to_string_lossy().into_owned();
    let response = RIGHT.replace(
        "204 No Content",
        "200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3",
    );
    assert!(lint(&[], &response).contains("content-length-mismatch"));
    assert!(!lint(&["--request", &request], &response).contains("content-length-mismatch"));
    let late = lint(&["--received-at", "Tue, 24 Nov 2026 09:00:00 GMT"], RIGHT);
    assert!(late.contains("clock-skew"), "{late}");
    let pasted = RIGHT.replace("\r\n", "\n");
    assert!(lint(&[], &pasted).contains("bare-lf"));
    assert!(lint(&["--text"], &pasted).starts_with("exit 0"));
}

#[test]
fn wrong_usage_is_told_in_a_line() {
    assert_snapshot!(lint(&[], "hello"), @"
    exit 2
    error: standard input: there is no HTTP response in it: what came does not begin like an HTTP/1 message, at byte 0 (RFC 9112 §2.1); if it was copied from a screen, try --text
    ");
    assert_snapshot!(lint(&["--fail-on", "etag-bat"], ""), @"
    exit 2
    error: --fail-on: `etag-bat` is neither a severity nor a rule; did you mean etag-bad, or etag-unstable, or etag-not-varied?
    ");
    assert_snapshot!(lint(&["--received-at", "noon"], ""), @"
    exit 2
    error: --received-at: `noon` is no date of HTTP; write it as `Tue, 24 Nov 2026 08:00:00 GMT`
    ");
    assert_snapshot!(lint(&["--request", "-"], ""), @"
    exit 2
    error: standard input can be read once
    ");
    let missing = siteerror(&["lint", "no-such-file"])
        .output()
        .expect("it runs");
    assert_eq!(missing.status.code(), Some(2));
    let none = siteerror(&["lint"]).output().expect("it runs");
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn all_rules_can_be_listed() {
    let rules: serde_json::Value =
        serde_json::from_str(&stdout(&["lint", "--rules", "--json"])).expect("JSON");
    let rules = rules.as_array().expect("an array");
    assert!(rules.len() > 200);
    let text = stdout(&["lint", "--rules"]);
    for rule in rules {
        assert!(
            text.contains(rule["rule"].as_str().expect("a name")),
            "{rule}"
        );
    }
}
