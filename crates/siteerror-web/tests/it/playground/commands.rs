//! The request as people would send it elsewhere: each command is read by the program that it is for, with values that are hard to quote.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{json, query};

/// Everything that some quoting gets wrong: quotes of each kind, backslashes, dollars, ticks, line ends, percent signs, braces, letters beyond ASCII and beyond
/// 16 bits.
const NASTY: &str = "it's \"a\" \\ $HOME $(id) `id` !x %41 {{y}} \\n\nline two; é 🫖 \\";

fn commands(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
    let answer = json(&query(parameters));
    let commands = answer["commands"].as_array().expect("commands");
    commands
        .iter()
        .map(|command| {
            let word = |key: &str| command[key].as_str().expect("a text").to_owned();
            (word("id"), word("text"))
        })
        .collect()
}

fn command(id: &str, parameters: &[(&str, &str)]) -> String {
    let found = commands(parameters)
        .into_iter()
        .find(|(other, _)| other == id);
    found.expect("the language is there").1
}

/// Parameters with everything nasty in every place.
fn nasty() -> Vec<(&'static str, &'static str)> {
    vec![
        ("path", "/anything/o'clock \"now\" $(id) `x`?a=b c&d={e}[f]"),
        ("method", "POST"),
        (
            "field",
            "X-Nasty: it's \"a\" \\ $HOME $(id) `id` !x %41 {{y}} \\n",
        ),
        ("field", "X-At: @file"),
        ("field", "X-Equals: =5"),
        ("field", "X-Empty:"),
        ("content", NASTY),
    ]
}

/// Runs a program with a text as its input, and gives what it printed; nothing if this machine does not have it.
fn through(program: &str, args: &[&str], input: &str) -> Option<String> {
    let started = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = started.ok()?;
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "{program}: {}\n{input}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

#[test]
fn there_are_seven_languages() {
    let ids: Vec<String> = commands(&[]).into_iter().map(|(id, _)| id).collect();
    assert_eq!(
        ids,
        [
            "curl",
            "httpie",
            "javascript",
            "python",
            "go",
            "rust",
            "http"
        ]
    );
}

#[test]
fn plain_requests_have_plain_commands() {
    let check = |id: &str, parameters: &[(&str, &str)], expected: &str| {
        assert_eq!(command(id, parameters), expected);
    };
    let code = [("code", "404")];
    check(
        "curl",
        &code,
        "curl -i 'http://localhost/play/status/404'\n",
    );
    check(
        "httpie",
        &code,
        "http --ignore-stdin --print=hb GET 'http://localhost/play/status/404'\n",
    );
    check(
        "javascript",
        &code,
        "const response = await fetch(\"http://localhost/play/status/404\");\nconsole.log(response.status, response.statusText);\nconsole.log(await response.text());\n",
    );
    check(
        "http",
        &code,
        "### Ask the playground\n# @no-redirect\nGET http://localhost/play/status/404\n",
    );
    check(
        "curl",
        &[("code", "200"), ("method", "HEAD")],
        "curl -I 'http://localhost/play/status/200'\n",
    );
    check(
        "curl",
        &[("code", "302")],
        "curl -i -L 'http://localhost/play/status/302'\n",
    );
    check(
        "curl",
        &[("seq", "503*2,200"), ("id", "mine")],
        "curl -i --retry 5 'http://localhost/play/seq/mine/503*2,200'\n",
    );
    check(
        "curl",
        &[("path", "/post"), ("method", "POST"), ("content", "a=b")],
        "curl -i \\\n  -H 'Content-Type: text/plain; charset=utf-8' \\\n  --data-raw a=b \\\n  'http://localhost/play/post'\n",
    );
}

/// A shell gives curl and HTTPie exactly the words that were meant.
#[test]
fn a_shell_reads_the_words_that_were_meant() {
    for (id, name) in [("curl", "curl"), ("httpie", "http")] {
        let script = format!(
            "{name}() {{ printf '%s\\0' \"$@\"; }}\n{}",
            command(id, &nasty())
        );
        for shell in ["sh", "bash"] {
            let Some(words) = through(shell, &["-s"], &script) else {
                continue;
            };
            let words: Vec<&str> = words.trim_end_matches('\0').split('\0').collect();
            let has =
                |word: &str| assert!(words.contains(&word), "{shell} {id}: {word} in {words:#?}");
            has("X-Nasty: it's \"a\" \\ $HOME $(id) `id` !x %41 {{y}} \\n");
            has("X-At: @file");
            has("X-Equals: =5");
            has("X-Empty;");
            if id == "curl" {
                has(NASTY);
            } else {
                has(&format!("--raw={NASTY}"));
            }
            has(
                "http://localhost/play/anything/o%27clock%20%22now%22%20$(id)%20%60x%60?a=b%20c&d=%7Be%7D%5Bf%5D",
            );
        }
    }
}

/// curl sends what the builder shows: asked to print its request, it says so.
#[test]
fn curl_takes_its_words() {
    let script =
        command("curl", &nasty()).replacen("curl -i", "curl -i --disable --proto =file", 1);
    // Without any network it gets as far as the protocol, so every option was understood: exit code 1 is "unsupported protocol".
    let status = Command::new("sh")
        .args(["-c", &script])
        .stderr(Stdio::null())
        .status();
    if let Ok(status) = status {
        assert!(
            matches!(status.code(), Some(1 | 127)),
            "{status} for {script}"
        );
    }
}

#[test]
fn the_languages_read_the_strings_that_were_meant() {
    let python = command("python", &nasty()).replace("import requests\n", "");
    let stub = "import json, sys\nclass R:\n    status_code = 0; reason = ''; text = ''\nclass requests:\n    @staticmethod\n    def request(*a, **k):\n        print(json.dumps([a, k['headers'], k['data'].decode()]))\n        return R()\n";
    if let Some(out) = through("python3", &["-"], &format!("{stub}{python}")) {
        let line = out.lines().next().expect("a line");
        let read: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(read[0][0], "POST");
        assert_eq!(
            read[1]["X-Nasty"],
            "it's \"a\" \\ $HOME $(id) `id` !x %41 {{y}} \\n"
        );
        assert_eq!(read[1]["X-Empty"], "");
        assert_eq!(read[2], NASTY);
    }
    let javascript = command("javascript", &nasty());
    let stub = "globalThis.fetch = async (url, o) => { process.stdout.write(JSON.stringify([url, o]) + '\\n'); return { text: async () => '' } };\n";
    if let Some(out) = through(
        "node",
        &["--input-type=module", "-"],
        &format!("{stub}{javascript}"),
    ) {
        let line = out.lines().next().expect("a line");
        let read: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(read[1]["method"], "POST");
        assert_eq!(
            read[1]["headers"][0][1],
            "it's \"a\" \\ $HOME $(id) `id` !x %41 {{y}} \\n"
        );
        assert_eq!(read[1]["body"], NASTY);
    }
}

#[test]
fn go_is_written_as_gofmt_writes_it() {
    for parameters in [
        nasty(),
        vec![("code", "404")],
        vec![("code", "404"), ("field", "Host: example.com")],
    ] {
        let go = command("go", &parameters);
        if let Some(formatted) = through("gofmt", &[], &go) {
            assert_eq!(formatted, go);
        }
    }
    assert!(command("go", &[("field", "Host: a")]).contains("request.Host = \"a\""));
}

/// Rust reads its own notation: a string literal that holds everything nasty compiles.
#[test]
fn rust_can_be_parsed() {
    let rust = command("rust", &nasty());
    assert!(rust.contains(&format!(".body({NASTY:?})")), "{rust}");
    if Command::new("rustfmt")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        through("rustfmt", &["--emit", "stdout", "--edition", "2024"], &rust);
    }
}

#[test]
fn a_file_warns_of_what_it_cannot_hold() {
    let parameters = [
        ("path", "/post"),
        ("method", "POST"),
        ("content", "a\n### b\n{{c}}"),
    ];
    assert!(command("http", &parameters).contains("\n# Careful: "));
    let parameters = [
        ("path", "/post"),
        ("method", "POST"),
        ("field", "X-A: b"),
        ("content", "hello"),
    ];
    assert!(command("http", &parameters).ends_with(
        "POST http://localhost/play/post\nX-A: b\nContent-Type: text/plain; charset=utf-8\n\nhello\n"
    ));
}

/// RFC 9113 §3.3: without TLS, HTTP/2 begins with prior knowledge.
#[test]
fn what_only_http2_can_carry_is_asked_for_by_http2() {
    let of = |id: &str| command(id, &[("fault", "h2-reset"), ("error", "8")]);
    let url = "'http://localhost/play/fault/h2-reset?code=8'";
    assert_eq!(
        of("curl"),
        format!("curl -i --http2-prior-knowledge {url}\n")
    );
    assert!(of("go").contains("SetUnencryptedHTTP2(true)"));
    assert!(of("rust").contains(".http2_prior_knowledge()"));
    assert!(of("python").contains("http1=False, http2=True"));
    assert!(of("http").contains("code=8 HTTP/2 (Prior Knowledge)\n"));
    // These two cannot, and say so.
    assert!(of("httpie").starts_with("# "), "{}", of("httpie"));
    assert!(of("javascript").starts_with("// "), "{}", of("javascript"));
    let explanation = json(&query(&[("fault", "h2-reset")]))["explanation"].clone();
    let text = explanation["text"].as_str().expect("there is one");
    assert!(text.contains("Only HTTP/2 can carry it"), "{text}");
    assert_eq!(explanation["link"], "/play/faults/h2-reset");
}

/// Without `--retry-all-errors`, curl gives up at the first connection that breaks.
#[test]
fn a_sequence_with_a_fault_is_asked_again_after_errors() {
    let of = |sequence: &str| command("curl", &[("seq", sequence), ("id", "mine")]);
    assert!(of("reset-before-headers*2,200").contains("--retry 5 --retry-all-errors"));
    let plain = of("503*2,429;retry-after=1,200;body=reset");
    assert!(
        plain.contains("--retry 5 ") && !plain.contains("all-errors"),
        "{plain}"
    );
}

/// What the Fetch standard forbids is said, since the program would run without it.
#[test]
fn javascript_says_which_fields_it_cannot_send() {
    let of = |field: &str| command("javascript", &[("path", "/get"), ("field", field)]);
    assert!(of("Host: example.com").starts_with("// Browsers do not let a script set Host,"));
    assert!(of("X-Host: example.com").starts_with("const response"));
}
