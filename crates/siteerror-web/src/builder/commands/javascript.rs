//! JavaScript with `fetch`, as a module.

use std::fmt::Write as _;

use super::{ONLY_HTTP1, Request, quoted};

/// Fields that a script cannot set, of those that somebody may want to: <https://fetch.spec.whatwg.org/#forbidden-request-header>.
const FORBIDDEN: [&str; 14] = [
    "accept-charset",
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "date",
    "expect",
    "host",
    "origin",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

pub(super) fn write(request: &Request) -> String {
    let mut options = String::new();
    if request.method != "GET" {
        let _ = writeln!(options, "  method: {},", quoted(&request.method));
    }
    if !request.fields.is_empty() {
        options.push_str("  headers: [\n");
        for (name, value) in &request.fields {
            let _ = writeln!(options, "    [{}, {}],", quoted(name), quoted(value));
        }
        options.push_str("  ],\n");
    }
    if !request.content.is_empty() {
        let _ = writeln!(options, "  body: {},", quoted(&request.content));
    }
    let url = quoted(&request.url());
    let call = if options.is_empty() {
        format!("fetch({url})")
    } else {
        format!("fetch({url}, {{\n{options}}})")
    };
    let mut note = String::new();
    if request.is_http2 && request.is_cleartext() {
        let _ = writeln!(note, "// {ONLY_HTTP1}");
    }
    let forbidden: Vec<&str> = request
        .fields
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| FORBIDDEN.contains(&name.to_ascii_lowercase().as_str()))
        .collect();
    if !forbidden.is_empty() {
        let _ = writeln!(
            note,
            "// Browsers do not let a script set {}, and Node.js not all of them.",
            forbidden.join(", ")
        );
    }
    format!(
        "{note}const response = await {call};\nconsole.log(response.status, response.statusText);\nconsole.log(await response.text());\n"
    )
}
