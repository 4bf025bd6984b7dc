//! For a POSIX shell: curl and HTTPie.

use super::{ONLY_HTTP1, Request};
use crate::builder::Again;

/// A word that the shell takes as it is.
pub(crate) fn word(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._/:=@%,".contains(&byte));
    if is_plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

pub(super) fn curl(request: &Request) -> String {
    let has_content = !request.content.is_empty();
    let mut start = match request.method.as_str() {
        // With -X HEAD, curl would wait for content.
        "HEAD" => "curl -I".to_owned(),
        "GET" if !has_content => "curl -i".to_owned(),
        "POST" if has_content => "curl -i".to_owned(),
        method => format!("curl -i -X {}", word(method)),
    };
    if request.is_http2 {
        start.push_str(if request.is_cleartext() {
            " --http2-prior-knowledge"
        } else {
            " --http2"
        });
    }
    if request.redirects {
        start.push_str(" -L");
    }
    start.push_str(match request.again {
        Again::No => "",
        Again::AfterResponses => " --retry 5",
        Again::AfterErrors => " --retry 5 --retry-all-errors",
    });
    let mut parts = vec![start];
    for (name, value) in &request.fields {
        // A colon without a value would take the field away; a semicolon sends it empty.
        let field = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        parts.push(format!("-H {}", word(&field)));
    }
    if has_content {
        parts.push(format!("--data-raw {}", word(&request.content)));
    }
    parts.push(format!("'{}'", request.url().replace('\'', r"'\''")));
    lines(&parts)
}

pub(super) fn httpie(request: &Request) -> String {
    let follow = if request.redirects { " --follow" } else { "" };
    let mut parts = vec![format!("http --ignore-stdin --print=hb{follow}")];
    if !request.content.is_empty() {
        parts.push(format!("--raw={}", word(&request.content)));
    }
    parts.push(format!(
        "{} '{}'",
        word(&request.method),
        request.url().replace('\'', r"'\''")
    ));
    if !request.content.is_empty() && request.field("accept").is_none() {
        // With content, HTTPie asks for JSON unless it is told otherwise; the others take anything.
        parts.push("'Accept: */*'".to_owned());
    }
    for (name, value) in &request.fields {
        // The space keeps `:=` and `:@` apart, which mean something else; HTTPie takes it off again.
        let field = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        parts.push(word(&field));
    }
    let note = if request.is_http2 {
        format!("# {ONLY_HTTP1}\n")
    } else {
        String::new()
    };
    note + &lines(&parts)
}

/// One line, or several that a backslash joins.
fn lines(parts: &[String]) -> String {
    let joint = if parts.len() > 2 { " \\\n  " } else { " " };
    parts.join(joint) + "\n"
}
