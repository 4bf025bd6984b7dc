//! Help, completions, manual pages and settings.

use std::fs;

use insta::assert_snapshot;

use crate::command::{run, siteerror, stdout, transcript};

#[test]
fn help_lists_commands_and_exit_codes() {
    assert_snapshot!(stdout(&["--help"]), @"
    The guide to HTTP status codes that you run yourself

    Usage: siteerror [OPTIONS] [CODE]...
           siteerror <COMMAND>

    Commands:
      show         Show everything about a code
      list         List the codes, all or those that a filter leaves
      search       Find codes by name, field, or in your own words
      lint         Say what the RFCs say about raw responses
      check        Check URLs: redirects, status, timings, certificate, and what is wrong there
      serve        Serve the site
      playground   Serve the playground alone, at the root: every code and fault, for testing clients
      guard        Say whether URLs may be visited, without visiting them: JSON lines in, JSON lines out
      config       Print the settings in force, and where each came from
      completions  Print completions for a shell
      man          Print the manual page, of the program or of a command: `siteerror man | man -l -`
      help         Print this message or the help of the given subcommand(s)

    Arguments:
      [CODE]...  A status code, or its name: `404`, `not found`

    Options:
          --json          Print JSON
          --color <WHEN>  Colours: `auto` means on a terminal, and never against `NO_COLOR` [default:
                          auto] [possible values: auto, always, never]
      -h, --help          Print help
      -V, --version       Print version

    Examples:
      siteerror 404                   what it means and what to do, on one card
      siteerror show 429 --json       everything about it, for a program
      siteerror list --field Location the codes that come with a field
      siteerror search rate limited   in your own words
      siteerror lint response.http    what the RFCs say about a response in a file
      siteerror check https://x.org   where it leads, what came, and what is wrong with it
      siteerror serve                 the site, on http://127.0.0.1:4040
      siteerror playground            every code and fault for testing clients, in place of httpbin

    Exit status:
      0  fine
      1  nothing was found, or what was checked is not fine
      2  wrong usage or configuration
      3  stopped early, with partial results written
    ");
}

#[test]
fn completions_are_there_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&["completions", shell]);
        assert!(
            script.contains("siteerror") && script.contains("base-url"),
            "{shell}"
        );
    }
}

#[test]
fn manual_pages_are_roff() {
    let page = stdout(&["man"]);
    assert!(page.contains(".TH siteerror 1"), "{page:.200}");
    assert!(
        page.contains(".SH \"EXIT STATUS\""),
        "exit codes are in the manual"
    );
    assert!(
        stdout(&["man", "serve"]).contains("siteerror\\-serve"),
        "{}",
        stdout(&["man", "serve"])
    );
}

#[test]
fn config_tells_where_each_value_came_from() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(
        folder.path().join("siteerror.toml"),
        "site_name = \"Codes\"\nlog = \"warn\"\n",
    )
    .expect("a file");
    let output = siteerror(&["config", "--listen", "127.0.0.1:0"])
        .current_dir(folder.path())
        .env("SITEERROR_LOG", "error")
        .output()
        .expect("it ends");
    assert_snapshot!(transcript(&output), @r#"
    exit 0
    # --listen
    listen = "127.0.0.1:0"
    # siteerror.toml:1
    site_name = "Codes"
    # default
    tagline = "Every number a server can say, and what to do about it."
    # default
    base_url = ""
    # default
    playground = "on"
    # default
    playground_listen = ""
    # default
    prefix = ""
    # default
    redirect_origins = ""
    # default
    tls_faults = ""
    # default
    check = "on"
    # default
    check_allow_range = ""
    # default
    check_ports = ""
    # default
    check_user_agent_url = ""
    # default
    trusted_proxies = ""
    # default
    data = ""
    # SITEERROR_LOG
    log = "error"
    # default
    log_format = "text"
    "#);
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&["config", "--json"])).expect("it is JSON");
    assert_eq!(json[0]["key"], "listen");
    assert_eq!(json[0]["origin"], "default");
}

#[test]
fn without_arguments_it_shows_the_table() {
    let text = run(&[]);
    assert!(text.starts_with("exit 0\nHTTP status codes"), "{text}");
    assert!(text.contains("siteerror --help"));
}
