//! A request as people would send it: for a shell, in a language, or as a file that editors send.

mod go;
mod http_file;
mod javascript;
mod python;
mod reqwest;
mod shell;

pub(crate) use shell::word as shell_word;

use super::Request;

/// A request in one language.
#[derive(Debug)]
pub(crate) struct Command {
    /// The stable word: `curl`, `httpie`, `javascript`, `python`, `go`, `rust`, `http`.
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) text: String,
}

/// For clients that can speak HTTP/2 at most inside of TLS, if at all.
const ONLY_HTTP1: &str = "This asks by HTTP/1.1, which cannot carry the answer: the playground says so. curl, Go, Python and Rust can.";

/// The request in every language.
pub(crate) fn commands(request: &Request) -> Vec<Command> {
    let command = |id, label, text| Command { id, label, text };
    vec![
        command("curl", "curl", shell::curl(request)),
        command("httpie", "HTTPie", shell::httpie(request)),
        command("javascript", "JavaScript", javascript::write(request)),
        command("python", "Python", python::write(request)),
        command("go", "Go", go::write(request)),
        command("rust", "Rust", reqwest::write(request)),
        command("http", ".http", http_file::write(request)),
    ]
}

/// A string in double quotes as JSON writes it. JavaScript, Python and Go read it the same: none of its escapes differs there.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Fields with those of one name together, for libraries that keep them in a map. RFC 9110 §5.3: joined by commas they mean the same.
fn joined(request: &Request) -> Vec<(&str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for (name, value) in &request.fields {
        let known = fields
            .iter_mut()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        match known {
            Some((_, joined)) => {
                joined.push_str(", ");
                joined.push_str(value);
            }
            None => fields.push((name, value.clone())),
        }
    }
    fields
}
