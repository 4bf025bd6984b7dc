//! A client that is not ours, where there is one.

use std::process::{Command, Output};

/// What curl says about some addresses, if there is one that speaks HTTP/2.
pub(crate) async fn curl(options: &'static [&str], urls: Vec<String>) -> Option<Output> {
    let asked = tokio::task::spawn_blocking(move || run(options, &urls));
    let output = asked.await.expect("no panic");
    if output.is_none() {
        skip();
    }
    output
}

fn run(options: &[&str], urls: &[String]) -> Option<Output> {
    let version = Command::new("curl").arg("--version").output().ok()?;
    if !String::from_utf8_lossy(&version.stdout).contains("HTTP2") {
        return None;
    }
    Command::new("curl")
        .args(["--silent", "--show-error", "--include", "--noproxy", "*"])
        .args(options)
        .args(urls)
        .output()
        .ok()
}

#[expect(
    clippy::print_stderr,
    reason = "a test that did not run must not look like one that did"
)]
fn skip() {
    eprintln!("SKIPPED: no curl here speaks HTTP/2");
}
