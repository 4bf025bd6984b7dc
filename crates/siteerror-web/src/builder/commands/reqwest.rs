//! Rust with reqwest, blocking.

use std::fmt::Write as _;

use super::Request;

pub(super) fn write(request: &Request) -> String {
    let client = if request.is_http2 && request.is_cleartext() {
        "Client::builder()\n        .http2_prior_knowledge()\n        .build()?"
    } else {
        "Client::new()"
    };
    let mut text = format!(
        "fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    let response = reqwest::blocking::{client}\n        .request({:?}.parse()?, {:?})\n",
        request.method,
        request.url()
    );
    for (name, value) in &request.fields {
        let _ = writeln!(text, "        .header({name:?}, {value:?})");
    }
    if !request.content.is_empty() {
        let _ = writeln!(text, "        .body({:?})", request.content);
    }
    text.push_str("        .send()?;\n    println!(\"{}\", response.status());\n    println!(\"{}\", response.text()?);\n    Ok(())\n}\n");
    text
}
