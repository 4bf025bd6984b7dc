//! `siteerror guard`: lines in, lines out.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use insta::assert_snapshot;

use crate::command::{siteerror, transcript};

/// What is said to these lines.
fn guard(args: &[&str], lines: &str) -> String {
    let mut child = siteerror(&[&["guard"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    let lines = lines.as_bytes().to_vec();
    // A thread, since the answers may fill their pipe before all is asked. It may end early: then nobody reads.
    let writer = std::thread::spawn(move || drop(input.write_all(&lines)));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("all was written");
    transcript(&output)
}

#[test]
fn a_line_is_answered_with_verdict_rule_and_reason() {
    let text = guard(
        &["--policy", "public"],
        r#"{"id":"1","url":"http://0x7f.1/"}
{"id":"2","url":"https://example.com/","dns":{"example.com":[["93.184.216.34"]]}}
{"id":"3","url":"example.com"}
{"id":4,"url":"http://169.254.169.254/latest/meta-data/"}
{"url":"ftp://example.com/"}
{"id":"6","url":"https://example.com/","method":"POST"}
{"id":"7","url":"https://example.com/","headers":[["Accept","*/*"],["X-Forwarded-For","127.0.0.1"]]}
{"id":"8","url":"https://example.com/","headers":[["X","a\r\nb"]]}
{"id":"9","url":"https://example.com/","note":"no key of ours","method":null,"headers":null,"locations":null,"dns":null}
{"id":"10","url":"https://аpple.com/","dns":{"xn--pple-43d.com":["8.8.8.8"]}}
"#,
    );
    assert!(
        text.contains(r#"{"id":"1","verdict":"blocked","rule":"S7","reason":"loopback"}"#),
        "{text}"
    );
    assert_snapshot!(text, @r#"
    exit 0
    {"id":"1","verdict":"blocked","rule":"S7","reason":"loopback"}
    {"id":"2","verdict":"allowed"}
    {"id":"3","verdict":"invalid","rule":"S1","reason":"scheme-missing"}
    {"id":4,"verdict":"blocked","rule":"S7","reason":"link-local"}
    {"verdict":"blocked","rule":"S2","reason":"scheme"}
    {"id":"6","verdict":"blocked","rule":"S10","reason":"method"}
    {"id":"7","verdict":"blocked","rule":"S10","reason":"field"}
    {"id":"8","verdict":"invalid","rule":"S10","reason":"field-value-bad"}
    {"id":"9","verdict":"allowed","reason":"dns-not-found"}
    {"id":"10","verdict":"allowed","warnings":[{"rule":"S5","reason":"host-idn-confusable","host":"xn--pple-43d.com","unicode_host":"аpple.com"}]}
    "#);
}

#[test]
fn a_chain_says_at_which_hop_it_ends() {
    let text = guard(
        &["--policy", "public"],
        r#"
{"id":"redirected inside","url":"http://a.com/","locations":["/b","http://[::ffff:7f00:1]/"],"dns":{"a.com":[["8.8.8.8"]]}}
{"id":"rebound","url":"http://a.com/","locations":["/b"],"dns":{"a.com":[["8.8.8.8"],["127.0.0.1"]]}}
{"id":"one bad answer","url":"http://a.com/","dns":{"a.com":[["8.8.8.8","10.0.0.1"]]}}
{"id":"pinned","url":"http://a.com/","dns":{"a.com":["8.8.8.8","127.0.0.1"]}}
{"id":"loop","url":"http://a.com/","locations":["/b","/c","/b#x"],"dns":{"a.com":[["8.8.8.8"]]}}
{"id":"first","url":"http://127.1/","locations":["/b"]}
{"id":"broken","url":"http://a.com/","locations":["http://"],"dns":{"a.com":[["8.8.8.8"]]}}
{"id":"fine","url":"http://A.com./","locations":["https://a.com/",null,"http://127.0.0.1/"],"dns":{"A.COM.":[["8.8.8.8"]]}}
{"id":"not found","url":"http://a.com/","locations":["//b.org/"],"dns":{"a.com":[["8.8.8.8"]]}}
{"id":"not found, and worse","url":"http://a.com/","locations":["//10.0.0.1/"]}
"#,
    );
    assert!(text.contains(r#""id":"rebound","verdict":"blocked","rule":"S7","reason":"name-to-special-address","hop":1"#), "{text}");
    assert_snapshot!(text, @r#"
    exit 0
    {"id":"redirected inside","verdict":"blocked","rule":"S7","reason":"loopback","hop":2}
    {"id":"rebound","verdict":"blocked","rule":"S7","reason":"name-to-special-address","hop":1}
    {"id":"one bad answer","verdict":"blocked","rule":"S7","reason":"name-to-special-address"}
    {"id":"pinned","verdict":"allowed"}
    {"id":"loop","verdict":"blocked","rule":"S9","reason":"redirect-loop","hop":3,"first_hop":1}
    {"id":"first","verdict":"blocked","rule":"S7","reason":"loopback","hop":0}
    {"id":"broken","verdict":"invalid","rule":"S1","reason":"host-missing","hop":1}
    {"id":"fine","verdict":"allowed"}
    {"id":"not found","verdict":"allowed","reason":"dns-not-found","hop":1}
    {"id":"not found, and worse","verdict":"blocked","rule":"S7","reason":"private-use","hop":1}
    "#);
}

#[test]
fn the_person_at_the_terminal_is_warned() {
    let text = guard(
        &["--policy", "local"],
        r#"{"id":"1","url":"http://me:pw@localhost:3000/","dns":{"localhost":[["127.0.0.1","::1"]]}}
{"id":"2","url":"http://127.0.0.1:3000/","method":"DELETE","headers":[["Host","a"],["Authorization","Basic x"]]}
{"id":"3","url":"http://127.0.0.1/","headers":[["Transfer-Encoding","chunked"]]}
{"id":"4","url":"file:///etc/passwd"}
{"id":"5","url":"http://a.com/","locations":["http://10.0.0.1/"],"dns":{"a.com":[["8.8.8.8"]]}}
"#,
    );
    assert!(!text.contains("pw"), "{text}");
    assert_snapshot!(text, @r#"
    exit 0
    {"id":"1","verdict":"allowed","warnings":[{"rule":"S3","reason":"userinfo"},{"rule":"S4","reason":"port"},{"rule":"S5","reason":"name-not-public"},{"rule":"S7","reason":"loopback"}]}
    {"id":"2","verdict":"allowed","warnings":[{"rule":"S4","reason":"port"},{"rule":"S7","reason":"loopback"}]}
    {"id":"3","verdict":"blocked","rule":"S10","reason":"field"}
    {"id":"4","verdict":"blocked","rule":"S2","reason":"scheme"}
    {"id":"5","verdict":"allowed","warnings":[{"rule":"S7","reason":"private-use","hop":1}]}
    "#);
}

#[test]
fn answers_come_from_a_file_and_those_of_the_line_come_first() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("zone.json");
    let name = file.to_str().expect("a plain name").to_owned();
    fs::write(
        &file,
        r#"{"inside.com":[["10.0.0.1"]],"Outside.com.":[["8.8.8.8"],["::1"]]}"#,
    )
    .expect("a file");
    // Each line asks from the start.
    let text = guard(
        &["--resolver", &name],
        r#"{"id":"1","url":"http://inside.com/"}
{"id":"2","url":"http://outside.com/"}
{"id":"3","url":"http://outside.com/","locations":["/2"]}
{"id":"4","url":"http://outside.com/"}
{"id":"5","url":"http://inside.com/","dns":{"inside.com":[["8.8.8.8"]]}}
"#,
    );
    assert_snapshot!(text, @r#"
    exit 0
    {"id":"1","verdict":"blocked","rule":"S7","reason":"name-to-special-address"}
    {"id":"2","verdict":"allowed"}
    {"id":"3","verdict":"blocked","rule":"S7","reason":"name-to-special-address","hop":1}
    {"id":"4","verdict":"allowed"}
    {"id":"5","verdict":"allowed"}
    "#);
    for (content, what) in [
        ("{", "EOF"),
        (r#"{"a.com":[["here"]]}"#, "`here`"),
        (r#"{"a.com":"8.8.8.8"}"#, "sequence"),
    ] {
        fs::write(&file, content).expect("a file");
        let text = guard(&["--resolver", &name], "{\"url\":\"http://a.com/\"}\n");
        assert!(
            text.starts_with("exit 2\nerror: cannot read ") && text.contains(what),
            "{text}"
        );
    }
    let text = guard(&["--resolver", "gone.json"], "");
    assert!(
        text.starts_with("exit 2\nerror: cannot read `gone.json`"),
        "{text}"
    );
}

#[test]
fn a_bad_line_is_told_and_the_others_are_answered() {
    let long = format!(
        "{{\"id\":\"long\",\"url\":\"http://a.com/{}\"}}",
        "a".repeat(8 << 20)
    );
    let lines = format!(
        "{{\"id\":\"1\",\"url\":\"http://127.1/\"}}\n{{\"id\":\n{{\"id\":\"3\"}}\n\n{{\"id\":\"5\",\"url\":5}}\n{{\"id\":\"6\",\"url\":\"http://a.com/\",\"dns\":{{\"a.com\":[[\"here\"]]}}}}\n{long}\n[]\n{{\"id\":\"9\",\"url\":\"http://127.1/\",\"url\":\"http://a.com/\"}}\n{{\"id\":\"10\",\"url\":\"http://127.1/\"}}"
    );
    let text = guard(&[], &lines);
    assert!(
        text.starts_with("exit 2\n") && text.contains(r#"{"id":"10","verdict":"blocked""#),
        "{text}"
    );
    assert_snapshot!(text, @r#"
    exit 2
    {"id":"1","verdict":"blocked","rule":"S7","reason":"loopback"}
    {"line":2,"error":"cannot read line 2: EOF while parsing a value at column 6","hint":"write an object such as {\"id\": \"1\", \"url\": \"https://example.com/\"}; siteerror guard --help has all keys"}
    {"id":"3","line":3,"error":"cannot read line 3: missing field `url` at column 10","hint":"write an object such as {\"id\": \"1\", \"url\": \"https://example.com/\"}; siteerror guard --help has all keys"}
    {"id":"5","line":5,"error":"cannot read line 5: invalid type: integer `5`, expected a string at column 17","hint":"write an object such as {\"id\": \"1\", \"url\": \"https://example.com/\"}; siteerror guard --help has all keys"}
    {"id":"6","line":6,"error":"cannot read line 6: `here`, an answer for `a.com`, is no IP address","hint":"answers are an object such as {\"a.com\": [[\"93.184.216.34\"]]}: for each name a list of queries, and for each query a list of addresses"}
    {"line":7,"error":"cannot read line 7: it is longer than 8388608 bytes","hint":"a URL has at most 8192 bytes, and a chain at most 20 redirects"}
    {"line":8,"error":"cannot read line 8: it is no JSON object","hint":"write an object such as {\"id\": \"1\", \"url\": \"https://example.com/\"}; siteerror guard --help has all keys"}
    {"id":"9","line":9,"error":"cannot read line 9: duplicate field `url` at column 37","hint":"write an object such as {\"id\": \"1\", \"url\": \"https://example.com/\"}; siteerror guard --help has all keys"}
    {"id":"10","verdict":"blocked","rule":"S7","reason":"loopback"}
    "#);
    let mut bytes = siteerror(&["guard"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    bytes
        .stdin
        .take()
        .expect("a pipe")
        .write_all(b"{\"url\":\"http://a.com/\xff\"}\n")
        .expect("it reads");
    let output = bytes.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        output.stdout.starts_with(b"{\"line\":1,\"error\":"),
        "{}",
        transcript(&output)
    );
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let mut child = siteerror(&["guard"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
    for id in 0..3 {
        writeln!(input, "{{\"id\":{id},\"url\":\"http://127.0.0.1/\"}}").expect("it reads");
        let mut answer = String::new();
        answers.read_line(&mut answer).expect("it answers");
        assert!(answer.starts_with(&format!("{{\"id\":{id},")), "{answer}");
    }
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_reader_that_went_away_has_had_enough() {
    let mut child = siteerror(&["guard"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("a pipe");
    let _ = writeln!(input, "{{\"url\":\"http://127.0.0.1/\"}}");
    drop(input);
    assert!(child.wait().expect("it ends").success());
}
