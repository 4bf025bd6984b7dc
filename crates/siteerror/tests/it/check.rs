//! `siteerror check`: against the playground on loopback.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use insta::assert_snapshot;
use serde_json::Value;

use crate::command::{siteerror, transcript};

/// A playground; it is stopped when dropped.
struct Playground {
    child: Child,
    address: String,
}

impl Playground {
    fn start() -> Self {
        let mut child = siteerror(&["playground", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a start line");
        let address = line.trim().rsplit("http://").next().expect("an address");
        let address = address.split('/').next().expect("an address").to_owned();
        Self { child, address }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Without what changes from run to run: the port, times, and bars as long as times.
    fn stable(&self, text: &str) -> String {
        let port = self.address.rsplit(':').next().expect("a port");
        let text = text.replace(port, "PORT");
        let mut lines = Vec::new();
        for line in text.lines() {
            if line.contains("first byte") {
                continue;
            }
            if line.trim().chars().all(|c| "░▒▓█▄".contains(c)) && !line.trim().is_empty()
            {
                continue;
            }
            let mut line = line.to_owned();
            for unit in [" ms", " s"] {
                let mut from = 0;
                while let Some(at) = line.get(from..).and_then(|rest| rest.find(unit)) {
                    let end = from + at;
                    let number = line[..end]
                        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
                        .trim_end_matches(' ')
                        .len();
                    let is_number = line[number..end].contains('.');
                    if is_number {
                        line.replace_range(number..end, " N");
                        from = number + " N".len() + unit.len();
                    } else {
                        from = end + unit.len();
                    }
                }
            }
            // What is set to the right stands further left where a number is longer.
            let lead = line.len() - line.trim_start().len();
            while let Some(at) = line[lead..].find("     ") {
                line.remove(lead + at);
            }
            lines.push(line);
        }
        lines.join("\n") + "\n"
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn check(args: &[&str]) -> Output {
    let all = [&["check"], args].concat();
    siteerror(&all).output().expect("the program runs")
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is UTF-8")
}

pub(crate) fn file(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, content).expect("a file");
    path.to_string_lossy().into_owned()
}

/// The reports of `--json`.
fn reports(output: &Output) -> Vec<Value> {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", transcript(output)))
}

/// A server that answers every connection with the same bytes.
fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(bytes);
        }
    });
    format!("http://{address}/")
}

#[test]
fn one_url_is_a_card() {
    let playground = Playground::start();
    let output = check(&[
        "--method",
        "GET",
        &playground.url("/redirect-to?url=/status/503&status_code=301"),
    ]);
    let card = text(&output);
    assert_eq!(output.status.code(), Some(1), "503 is 400 or above");
    for part in [
        "■ 503 Service Unavailable",
        "2 requests",
        "➜ 301 Moved Permanently",
        "→ http://",
        "first byte",
        "siteerror 503",
    ] {
        assert!(card.contains(part), "`{part}` in {card}");
    }
    assert!(
        card.lines().all(|line| line.chars().count() <= 80),
        "80 columns: {card}"
    );
    assert_snapshot!(playground.stable(&card));
}

#[test]
fn a_failure_says_what_it_means_and_what_to_do() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").to_string()
    };
    let output = check(&[&format!("http://{closed}/")]);
    let card = text(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(card.contains("connect-refused"), "{card}");
    assert!(card.contains("nothing listens on the port"), "{card}");
    let output = check(&["--json", &format!("http://{closed}/")]);
    assert_eq!(reports(&output)[0]["error"]["kind"], "connect-refused");
    assert_eq!(reports(&output)[0]["status"], Value::Null);
}

#[test]
fn wrong_use_ends_with_2_and_a_line() {
    let mistake = |args: &[&str], parts: &[&str]| {
        let output = check(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
        assert!(output.stdout.is_empty(), "{args:?}");
        for part in parts {
            assert!(said.contains(part), "`{part}` in {said}");
        }
    };
    mistake(&[], &["nothing to check", "--from-file"]);
    mistake(&["example.com"], &["did you mean https://example.com"]);
    mistake(
        &["localhost:3000/a"],
        &["did you mean http://localhost:3000/a"],
    );
    mistake(&["me:pw@example.com/?token=abc", "--json"], &["***"]);
    mistake(
        &["http://x/", "--fail-on", "timeot"],
        &["`timeot`", "did you mean `timeout`?"],
    );
    mistake(
        &["http://x/", "--max-redirects", "21"],
        &["21", "20 is the most"],
    );
    mistake(
        &["http://x/", "--timeout", "0"],
        &["`--timeout`", "seconds"],
    );
    mistake(&["http://x/", "--rate", "-1"], &["--rate"]);
    mistake(&["http://x/", "--concurrency", "0"], &["`--concurrency`"]);
    mistake(&["http://x/", "-H", "nocolon"], &["colon", "Name: value"]);
    mistake(&["http://x/", "-H", "a b: c"], &["cannot be sent"]);
    mistake(
        &["http://x/", "--policy", "public", "--method", "POST"],
        &["cannot be sent"],
    );
    mistake(&["http://x/", "--json", "--format", "csv"], &["--json"]);
    mistake(&["http://x/", "--http1.1", "--http2"], &["--http2"]);
    mistake(&["http://x/", "--proxy", "socks5://x"], &["is no proxy"]);
    mistake(
        &["http://x/", "--cacert", "/nowhere.pem"],
        &["/nowhere.pem", "PEM"],
    );
    mistake(&["--from-file", "/nowhere.txt"], &["/nowhere.txt"]);
    mistake(
        &["http://x/", "--output", "/nowhere/x.json"],
        &["/nowhere/x.json"],
    );
    mistake(
        &["http://x/", "--config", "/nowhere.toml"],
        &["/nowhere.toml"],
    );
}

#[test]
fn fail_on_decides_between_0_and_1() {
    let playground = Playground::start();
    let exit = |path: &str, fail_on: &str| {
        let output = check(&["--quiet", "--fail-on", fail_on, &playground.url(path)]);
        output.status.code()
    };
    assert_eq!(exit("/status/404", "default"), Some(1));
    assert_eq!(exit("/status/404", "5xx"), Some(0));
    assert_eq!(exit("/status/404", "5xx,404"), Some(1));
    assert_eq!(exit("/status/404", "never"), Some(0));
    assert_eq!(exit("/redirect/3", "default,redirect-loop"), Some(0));
    assert_eq!(exit("/fault/length-too-long", "failure"), Some(1));
    assert_eq!(exit("/fault/length-too-long", "body-truncated"), Some(1));
    assert_eq!(exit("/fault/length-too-long", "timeout"), Some(0));
}

#[test]
fn json_and_jsonl_are_the_same_reports() {
    let playground = Playground::start();
    let (first, second) = (playground.url("/status/200"), playground.url("/redirect/1"));
    let array = check(&["--json", "--ordered", &first, &second]);
    assert_eq!(array.status.code(), Some(0), "{}", transcript(&array));
    let array = reports(&array);
    assert_eq!(array[0]["explanation"]["title"], "OK");
    assert_eq!(array[1]["hops"].as_array().expect("hops").len(), 2);
    let lines = check(&["--jsonl", "--ordered", &first, &second]);
    let lines: Vec<Value> = text(&lines)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    for (one, other) in array.iter().zip(&lines) {
        for key in [
            "url",
            "final_url",
            "status",
            "ok",
            "requests",
            "explanation",
            "error",
        ] {
            assert_eq!(one[key], other[key], "{key}");
        }
    }
    // What one run writes, another reads.
    let folder = tempfile::tempdir().expect("a folder");
    let list = file(
        folder.path(),
        "again.jsonl",
        &lines
            .iter()
            .map(Value::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
    );
    let again = check(&["--jsonl", "--from-file", &list]);
    assert_eq!(text(&again).lines().count(), 2);
}

#[test]
fn csv_cells_are_no_formulas() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let list = file(
        folder.path(),
        "list.txt",
        &format!("=cmd|' /C calc'!A0\n{}\n", playground.url("/status/200")),
    );
    let output = check(&["--format", "csv", "--ordered", "--from-file", &list]);
    let text = text(&output);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().expect("a head").clone();
    assert_eq!(head.get(0), Some("url"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(&rows[0][0], "'=cmd|' /C calc'!A0");
    assert_eq!(&rows[0][4], "invalid-url");
    assert_eq!((&rows[1][2], &rows[1][3]), ("200", "true"));
    for row in &rows {
        for cell in row {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell}"
            );
        }
    }
}

#[test]
fn junit_counts_and_escapes() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let list = file(
        folder.path(),
        "list.txt",
        &format!(
            "{}\n# a comment\n\n{}\n",
            playground.url("/status/200?a=1&b=<2>"),
            playground.url("/status/404")
        ),
    );
    let output = check(&["--format", "junit", "--ordered", "--from-file", &list]);
    assert_eq!(output.status.code(), Some(1));
    let xml = text(&output);
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut cases, mut failures, mut depth) = (Vec::new(), Vec::new(), 0_i32);
    loop {
        use quick_xml::events::Event;
        let event = reader.read_event().expect("it is XML");
        let tag = match &event {
            Event::Eof => break,
            Event::Start(tag) => {
                depth += 1;
                tag
            }
            Event::Empty(tag) => tag,
            Event::End(_) => {
                depth -= 1;
                continue;
            }
            _ => continue,
        };
        let value = |name: &str| {
            let found = tag.attributes().map(|found| found.expect("an attribute"));
            let mut named = found.filter(|found| found.key.as_ref() == name);
            let value = named.next().expect(name).value.into_owned();
            quick_xml::escape::unescape(&value)
                .expect("escaped")
                .into_owned()
        };
        match tag.name().as_ref() {
            "testsuite" => assert_eq!(
                (value("tests"), value("failures")),
                ("2".to_owned(), "1".to_owned())
            ),
            "testcase" => cases.push((value("name"), value("line"))),
            "failure" => failures.push(value("type")),
            other => panic!("{other}"),
        }
    }
    assert_eq!(depth, 0, "every element is closed");
    assert_eq!(cases[0].1, "1");
    assert_eq!(cases[1], (playground.url("/status/404"), "4".to_owned()));
    assert!(cases[0].0.contains("a=1&b="), "{cases:?}");
    assert_eq!(failures, ["404"]);
}

#[test]
fn sarif_points_into_the_list() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let list = file(
        folder.path(),
        "list.txt",
        &format!("\n{}\n", playground.url("/status/404")),
    );
    let output = check(&["--format", "sarif", "--from-file", &list]);
    let sarif: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().expect("results");
    let status = results
        .iter()
        .find(|result| result["ruleId"] == "status-404")
        .expect("the status");
    assert_eq!(status["level"], "error");
    assert_eq!(
        status["locations"][0]["physicalLocation"]["region"]["startLine"],
        2
    );
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        assert!(
            rules.iter().any(|rule| rule["id"] == result["ruleId"]),
            "{result}"
        );
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
    }
}

#[test]
fn github_annotates_the_line() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let list = file(
        folder.path(),
        "a,b.txt",
        &format!("{}\n", playground.url("/status/404?x=100%25")),
    );
    let output = check(&["--format", "github", "--from-file", &list]);
    let text = text(&output);
    let line = text
        .lines()
        .find(|line| line.starts_with("::error "))
        .expect("an error");
    assert!(line.contains("a%2Cb.txt,line=1,"), "{line}");
    assert!(line.contains("100%2525"), "{line}");
    assert!(line.contains("404 Not Found"), "{line}");
}

#[test]
fn markdown_and_html_escape_what_is_foreign() {
    let playground = Playground::start();
    let hostile = "http://127.0.0.1:1/<script>alert(1)</script>|a|[x](javascript:1)";
    let good = playground.url("/status/200");
    let output = check(&["--format", "html", hostile, &good]);
    let page = text(&output);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("default-src 'none'"), "nothing is loaded");
    assert!(page.contains("rel=\"nofollow noopener noreferrer ugc\""));
    assert!(
        page.contains("<h1>2 checked: 1 2xx, 1 failed</h1>"),
        "{page}"
    );
    let output = check(&["--format", "markdown", hostile, &good]);
    let table = text(&output);
    assert!(!table.contains("<script"), "{table}");
    let row = table
        .lines()
        .find(|line| line.contains("alert"))
        .expect("the row");
    let bars = row.replace("\\|", "").matches('|').count();
    assert_eq!(bars, 5, "four cells: {row}");
}

#[test]
fn lists_come_in_many_formats() {
    let playground = Playground::start();
    let (one, two) = (playground.url("/status/200"), playground.url("/status/204"));
    let folder = tempfile::tempdir().expect("a folder");
    let lists = [
        (
            "plain.txt",
            format!("\u{feff}# ours\n{one}\r\n\n  {two}\n"),
            [2, 4],
        ),
        (
            "lines.jsonl",
            format!("\"{one}\"\n{{\"url\":\"{two}\",\"more\":1}}\n"),
            [1, 2],
        ),
        (
            "map.xml",
            format!(
                "<?xml version=\"1.0\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n<url><loc>{one}</loc></url>\n<url><loc>\n{two}</loc></url></urlset>"
            ),
            [3, 4],
        ),
        (
            "page.md",
            format!(
                "# A\n\n[one]({one}) and [here](/relative)\n\n```\nhttp://not.a.link/\n```\n\n<{two}>\n"
            ),
            [3, 9],
        ),
        (
            "page.html",
            format!(
                "<html><script>var a = '<a href=\"http://no/\">';</script>\n<a href=\"{one}\">x</a>\n<base href=\"{}\"><img src=status/204></html>",
                playground.url("/")
            ),
            [2, 3],
        ),
        (
            "table.csv",
            format!("name,URL\na,{one}\n\"b\nc\",{two}\n"),
            [2, 3],
        ),
        ("headless.csv", format!("a,{one}\nb,{two}\n"), [1, 2]),
    ];
    for (name, content, lines) in lists {
        let list = file(folder.path(), name, &content);
        let output = check(&["--format", "junit", "--ordered", "--from-file", &list]);
        let xml = text(&output);
        let found: Vec<(&str, u64)> = xml
            .lines()
            .filter(|line| line.starts_with("<testcase"))
            .map(|line| {
                let part = |name: &str| {
                    line.split(&format!(" {name}=\""))
                        .nth(1)
                        .and_then(|rest| rest.split('"').next())
                        .expect("an attribute")
                };
                (part("name"), part("line").parse().expect("a number"))
            })
            .collect();
        assert_eq!(
            found,
            [(one.as_str(), lines[0]), (two.as_str(), lines[1])],
            "{name}: {}",
            transcript(&output)
        );
        assert_eq!(output.status.code(), Some(0), "{name}");
    }
}

#[test]
fn a_bad_line_is_told_and_the_others_are_checked() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let url = playground.url("/status/200");
    let list = file(
        folder.path(),
        "list.jsonl",
        &format!("{{\"ur\":1}}\n\"{url}\"\n"),
    );
    let output = check(&["--jsonl", "--from-file", &list]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output).lines().count(), 1);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("line 1: it is neither a string nor an object with `url`"),
        "{said}"
    );
}

#[test]
fn standard_input_is_a_list_too() {
    let playground = Playground::start();
    let mut child = siteerror(&["check", "--from-file", "-", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    writeln!(input, "{}", playground.url("/status/200")).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output).lines().count(), 1);
}

#[test]
fn an_interrupt_writes_what_is_known() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    for signal in ["-INT", "-TERM"] {
        let out = folder.path().join(format!("out{signal}.json"));
        let mut child = siteerror(&[
            "check",
            "--json",
            "--output",
            &out.to_string_lossy(),
            "--from-file",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        writeln!(
            input,
            "{}\n{}",
            playground.url("/status/200"),
            playground.url("/delay/10")
        )
        .expect("it reads");
        // By then the program listens to signals; how far it is does not matter.
        std::thread::sleep(std::time::Duration::from_millis(700));
        let id = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .expect("kill runs")
                .success()
        );
        assert_eq!(child.wait().expect("it ends").code(), Some(3), "{signal}");
        drop(input);
        let known: Vec<Value> =
            serde_json::from_slice(&fs::read(&out).expect("it was written")).expect("it is JSON");
        assert!(
            known.iter().all(|report| report["status"] == 200),
            "{known:?}"
        );
    }
}

#[test]
fn a_reader_that_went_away_has_had_enough() {
    let playground = Playground::start();
    let url = playground.url("/status/404");
    let mut child = siteerror(&["check", "--jsonl", &url, &url])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn nothing_that_a_server_sends_reaches_the_terminal_raw() {
    let url = answering(b"HTTP/1.1 200 \x1b]0;owned\x07\r\nX-Evil: \x1b[2J\x9b31m\r\nLocation: http://a/\x1b[31m\r\nContent-Length: 0\r\nContent-Type: te\x1b[0mxt/html\r\nConnection: close\r\n\r\n");
    for format in [
        "text", "json", "jsonl", "csv", "junit", "sarif", "markdown", "github", "html",
    ] {
        for more in [&["--verbose"][..], &["--quiet"], &[]] {
            let output = check(
                &[
                    &[url.as_str(), "--format", format, "--fail-on", "info"],
                    more,
                ]
                .concat(),
            );
            let raw = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\n' | b'\r')) || *byte == 0x7f;
            let said = [output.stdout.clone(), output.stderr.clone()].concat();
            assert!(
                !said.iter().any(raw),
                "{format} {more:?}: {:?}",
                String::from_utf8_lossy(&said)
            );
            assert!(
                std::str::from_utf8(&said).is_ok_and(|text| !text.contains('\u{9b}')),
                "{format}"
            );
        }
    }
    let output = check(&[&url, "--verbose"]);
    assert!(text(&output).contains(r"\x1B[2J"), "{}", text(&output));
}

#[test]
fn credentials_are_masked_everywhere() {
    let playground = Playground::start();
    let url = format!(
        "http://user:hunter2@{}/cookies/set?session=hunter2&token=hunter2",
        playground.address
    );
    for format in [
        "text", "json", "jsonl", "csv", "junit", "sarif", "markdown", "github", "html",
    ] {
        let output = check(&[
            &url,
            "--format",
            format,
            "--verbose",
            "--cookies",
            "-H",
            "Authorization: Bearer hunter2",
            "--fail-on",
            "2xx,info",
        ]);
        let said = transcript(&output);
        let without_echo = said.replace("session=hunter2", "");
        assert!(!without_echo.contains("hunter2"), "{format}: {said}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (cache, baseline) = (folder.path().join("cache"), folder.path().join("baseline"));
    let plain = format!(
        "http://user:hunter2@{}/status/404?token=hunter2",
        playground.address
    );
    let good = format!(
        "http://user:hunter2@{}/status/200?token=hunter2",
        playground.address
    );
    check(&[
        &plain,
        &good,
        "--cache",
        &cache.to_string_lossy(),
        "--baseline",
        &baseline.to_string_lossy(),
    ]);
    for path in [cache, baseline] {
        let kept = fs::read_to_string(&path).expect("it was written");
        assert!(!kept.is_empty() && !kept.contains("hunter2"), "{kept}");
    }
}

#[test]
fn a_baseline_lets_only_what_is_new_fail() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let known = folder.path().join("known.jsonl");
    let known = known.to_string_lossy();
    let (old, new) = (playground.url("/status/404"), playground.url("/status/500"));
    let first = check(&[&old, "--baseline", &known]);
    assert_eq!(first.status.code(), Some(0), "it is written down");
    let second = check(&[&old, "--baseline", &known]);
    assert_eq!(second.status.code(), Some(0), "it is known");
    let third = check(&[&old, &new, "--baseline", &known]);
    assert_eq!(third.status.code(), Some(1), "{}", transcript(&third));
}

#[test]
fn a_cache_saves_requests() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let cache = folder.path().join("cache");
    let cache = cache.to_string_lossy();
    let url = playground.url("/status/200");
    let requests = || reports(&check(&["--json", &url, "--cache", &cache]))[0]["requests"].clone();
    assert_eq!(requests(), 1);
    assert_eq!(requests(), 0);
}

#[test]
fn robots_txt_is_kept_to_when_asked() {
    let url = answering(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\nConnection: close\r\n\r\nUser-agent: *\nDisallow: /\n");
    let closed = check(&["--json", "--robots", &url]);
    assert_eq!(reports(&closed)[0]["error"]["kind"], "blocked");
    let open = check(&["--json", &url]);
    assert_eq!(reports(&open)[0]["status"], 200);
}

#[test]
fn the_settings_file_fills_what_was_not_typed() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    let url = playground.url("/status/404");
    let run = |settings: &str, args: &[&str]| {
        fs::write(folder.path().join("siteerror.toml"), settings).expect("a file");
        let all = [&["check", url.as_str()], args].concat();
        siteerror(&all)
            .current_dir(folder.path())
            .output()
            .expect("it ends")
    };
    let output = run(
        "site_name = \"x\"\n[check]\nformat = \"jsonl\"\nfail_on = [\"5xx\"]\n",
        &[],
    );
    assert_eq!(output.status.code(), Some(0), "{}", transcript(&output));
    assert!(text(&output).starts_with("{\"url\":"));
    let output = run(
        "[check]\nformat = \"jsonl\"\nfail_on = [\"5xx\"]\n",
        &["--fail-on", "404", "--format", "csv"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).starts_with("url,"));
    let output = run("[check]\nformt = \"jsonl\"\n", &[]);
    let said = transcript(&output);
    assert!(
        said.starts_with("exit 2\n") && said.contains("line 2") && said.contains("formt"),
        "{said}"
    );
}

#[test]
fn many_are_a_line_each_with_a_summary() {
    let playground = Playground::start();
    let folder = tempfile::tempdir().expect("a folder");
    file(
        folder.path(),
        "list.txt",
        &format!(
            "{}\n{}\n{}\nnothing\n",
            playground.url("/status/200"),
            playground.url("/redirect/1"),
            playground.url("/status/500")
        ),
    );
    let output = siteerror(&["check", "--ordered", "--from-file", "list.txt"])
        .current_dir(folder.path())
        .output()
        .expect("it ends");
    let table = text(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        table.contains("4 checked: 2 2xx, 1 5xx, 1 failed"),
        "{table}"
    );
    assert!(table.contains("list.txt:3"), "{table}");
    assert_snapshot!(playground.stable(&table));
}

#[test]
fn what_caches_may_do_is_said_as_rfc_9111_has_it() {
    let said = |fields: &str| {
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n{fields}\r\n");
        let url = answering(Box::leak(head.into_boxed_str()).as_bytes());
        let card = text(&check(&[&url]));
        let words: Vec<&str> = card
            .lines()
            .skip_while(|line| *line != "CACHING")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .map(str::trim)
            .collect();
        words.join(" ")
    };
    // §5.2.2.5.
    assert!(
        said("Cache-Control: max-age=60, no-store\r\n")
            .starts_with("Caches must not reuse it or keep it")
    );
    // §5.2.2.7: the sentence of the page.
    assert_eq!(
        said("Cache-Control: private, max-age=10800\r\n"),
        "A browser may reuse it for 3 hours (max-age); a shared cache must not reuse it (private)."
    );
    // §5.2.2.10: s-maxage wins over max-age in a shared cache.
    assert_eq!(
        said("Cache-Control: max-age=60, s-maxage=\"600\"\r\n"),
        "A browser may reuse it for 1 minute (max-age); a shared cache may reuse it for 10 minutes (s-maxage)."
    );
    // §5.2.2.1: max-age wins over Expires.
    assert_eq!(
        said("Cache-Control: max-age=60\r\nExpires: 0\r\n"),
        "Caches may reuse it for 1 minute (max-age)."
    );
    // §5.3: Expires counts from Date; §4.2.3: and what has passed since then is gone.
    assert_eq!(
        said("Date: Fri, 01 Jan 2100 08:00:00 GMT\r\nExpires: Fri, 01 Jan 2100 10:00:00 GMT\r\n"),
        "Caches may reuse it for 2 hours (Expires)."
    );
    assert!(
        said("Date: Sun, 06 Nov 1994 08:00:00 GMT\r\nExpires: Sun, 06 Nov 1994 10:00:00 GMT\r\n")
            .contains("stale on arrival (Expires)")
    );
    assert_eq!(
        said("Cache-Control: max-age=100\r\nAge: 40\r\n"),
        "Caches may reuse it for 1 minute (max-age)."
    );
    // §5.2.2.4.
    assert!(
        said("Cache-Control: no-cache\r\nETag: \"a\"\r\n").contains("must ask before each use")
    );
    // §4.1.
    assert!(said("Vary: *\r\nCache-Control: max-age=60\r\n").contains("(Vary: *)"));
    // §4.2.2: 200 is among the codes that caches may keep by their own judgement.
    assert!(
        said("Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT\r\n").contains("may guess how long")
    );
}
