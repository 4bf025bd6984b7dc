//! JavaScript with `fetch`, as a module.

use std::fmt::Write as _;

use super::{ONLY_HTTP1, Request, quoted};

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
    let note = if request.is_http2 && request.is_cleartext() {
        format!("// {ONLY_HTTP1}\n")
    } else {
        String::new()
    };
    format!(
        "{note}const response = await {call};\nconsole.log(response.status, response.statusText);\nconsole.log(await response.text());\n"
    )
}
