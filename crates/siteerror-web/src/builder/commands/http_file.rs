//! A `.http` file, as the HTTP clients inside of editors send it.

use std::fmt::Write as _;

use super::Request;

pub(super) fn write(request: &Request) -> String {
    let mut text = String::from("### Ask the playground\n");
    let is_content_safe = !request
        .content
        .lines()
        .any(|line| line.starts_with("###") || line.starts_with("< "))
        && !request.content.contains("{{");
    if !is_content_safe {
        text.push_str("# Careful: the content has ###, < or {{, which mean something in this format and cannot be escaped.\n");
    }
    if !request.redirects {
        text.push_str("# @no-redirect\n");
    }
    let version = match (request.is_http2, request.is_cleartext()) {
        (true, true) => " HTTP/2 (Prior Knowledge)",
        (true, false) => " HTTP/2",
        _ => "",
    };
    let _ = writeln!(text, "{} {}{version}", request.method, request.url());
    for (name, value) in &request.fields {
        let _ = writeln!(text, "{name}: {value}");
    }
    if !request.content.is_empty() {
        let _ = write!(text, "\n{}", request.content);
        if !request.content.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}
