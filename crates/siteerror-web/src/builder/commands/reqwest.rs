//! Rust with reqwest, blocking.

use std::fmt::Write as _;

use super::Request;

pub(super) fn write(request: &Request) -> String {
    let mut text = format!(
        "fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    let response = reqwest::blocking::Client::new()\n        .request({:?}.parse()?, {:?})\n",
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
