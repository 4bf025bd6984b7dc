//! Wrong usage and configuration: what, where, what to do; exit 2.

use std::fs;

use insta::assert_snapshot;

use crate::command::{run, siteerror, transcript};

#[test]
fn what_is_no_code_is_told_with_the_nearest() {
    assert_snapshot!(run(&["4o4"]), @"
    exit 2
    error: `4o4` is no status code: a status code is three digits, from 100 to 599; did you mean 404 Not Found?
    ");
    assert_snapshot!(run(&["44"]), @"
    exit 2
    error: `44` is no status code: a status code is three digits, from 100 to 599; did you mean 404 Not Found, or 414 URI Too Long, or 424 Failed Dependency?
    ");
    assert_snapshot!(run(&["teapod"]), @"
    exit 2
    error: `teapod` is neither a status code nor a command; did you mean 418 I'm a teapot?
    ");
    assert_snapshot!(run(&["sevre"]), @"
    exit 2
    error: `sevre` is neither a status code nor a command; did you mean siteerror serve?
    ");
    assert_snapshot!(run(&["qqqqqq"]), @"
    exit 2
    error: `qqqqqq` is neither a status code nor a command; try `siteerror search` with words, or `siteerror --help`
    ");
    assert_snapshot!(run(&["show", "nginx/477"]), @"
    exit 2
    error: there is no code `nginx/477`; siteerror list shows all
    ");
    let dotted = run(&["404.99"]);
    assert!(
        dotted.starts_with("exit 2\n")
            && dotted.contains("only codes of `iis` have a number behind the dot"),
        "{dotted}"
    );
}

#[test]
fn wrong_options_end_with_2() {
    for args in [
        &["list", "--class", "9xx"][..],
        &["list", "--nope"],
        &["show"],
        &["completions", "tcsh"],
        &["man", "nope"],
        &["404", "--color", "perhaps"],
        &["list", "--full"],
        &["show", "404", "--json", "--markdown"],
    ] {
        let text = run(args);
        assert!(text.starts_with("exit 2\n"), "{args:?}: {text}");
        assert!(text.contains("error: "), "{args:?}: {text}");
    }
}

#[test]
fn control_characters_are_not_echoed() {
    let text = run(&["4\u{1b}[31m4"]);
    assert!(
        text.starts_with("exit 2\n") && !text.contains('\u{1b}'),
        "{text:?}"
    );
}

#[test]
fn configuration_mistakes_come_together_before_a_port_is_bound() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(
        folder.path().join("siteerror.toml"),
        "# ours\nlisen = \"x\"\nlisten = \"here\"\n",
    )
    .expect("a file");
    let output = siteerror(&["serve", "--base-url", "ftp://x"])
        .current_dir(folder.path())
        .env("SITEERROR_LOG_FORMAT", "xml")
        .output()
        .expect("it ends");
    assert_snapshot!(transcript(&output), @"
    exit 2
    error: cannot read `siteerror.toml`: line 2: unknown setting `lisen`; did you mean `listen`?
    error: the setting `listen` cannot be `here` (siteerror.toml:3): an IP address and a port are needed, such as `127.0.0.1:4040`, `[::1]:4040` or `0.0.0.0:80`
    error: the setting `base_url` cannot be `ftp://x` (--base-url): an address such as `https://status.example.com` is needed, without a query
    error: the setting `log_format` cannot be `xml` (SITEERROR_LOG_FORMAT): it is `text` or `json`
    ");
    fs::write(folder.path().join("siteerror.toml"), "listen = [\n").expect("a file");
    let output = siteerror(&["serve"])
        .current_dir(folder.path())
        .output()
        .expect("it ends");
    assert_snapshot!(transcript(&output), @"
    exit 2
    error: cannot read `siteerror.toml`: line 1: unclosed array, expected `]`
    ");
    let output = siteerror(&["config", "--config", "gone.toml"])
        .current_dir(folder.path())
        .output()
        .expect("it ends");
    assert_snapshot!(transcript(&output), @"
    exit 2
    error: cannot read `gone.toml` (setting `config`): No such file or directory (os error 2)
    ");
}
