//! From the templates of a row to requests and commands for this server, under the name that the client calls it by.

use std::fmt::Write as _;

use crate::call::Call;
use crate::causes::{Ask, Deed};

/// What is put in place of `{host}`, `{socket}`, `{origin}`, `{prefix}`, `{try}`, `{id}` and runs such as `{9000*a}`.
pub(crate) struct Filler {
    host: String,
    name: String,
    port: String,
    origin: String,
    prefix: String,
    path: String,
    id: String,
    /// Runs are shortened: for eyes, not for sending.
    short: bool,
}

/// Characters of a run that are shown when it is shortened.
const RUN_SHOWN: usize = 24;

impl Filler {
    /// For a code, with a name for what its requests make.
    pub(crate) fn new(call: &Call, code: u16, id: &str) -> Self {
        let asked = call.origin();
        let (scheme, authority) = asked.split_once("://").unwrap_or(("http", ""));
        // It is quoted in commands for a shell, so it has to look like an authority, whatever the request called it.
        let is_plain = !authority.is_empty()
            && authority
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
        let authority = match call.connection.local {
            _ if is_plain => authority.to_owned(),
            Some(local) => local.to_string(),
            None => "localhost".to_owned(),
        };
        let default = if scheme == "https" { "443" } else { "80" };
        let (name, port) = match authority.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port),
            _ => (authority.as_str(), default),
        };
        Self {
            name: name.trim_matches(['[', ']']).to_owned(),
            port: port.to_owned(),
            origin: format!("{scheme}://{authority}"),
            prefix: call.here(""),
            path: call.here(&format!("/cause/{code}/try")),
            id: id.to_owned(),
            host: authority,
            short: false,
        }
    }

    /// The same under a name that ends otherwise, so that nothing finds what other requests of the page left.
    pub(crate) fn beside(&self, ending: impl std::fmt::Display) -> Self {
        Self {
            host: self.host.clone(),
            name: self.name.clone(),
            port: self.port.clone(),
            origin: self.origin.clone(),
            prefix: self.prefix.clone(),
            path: self.path.clone(),
            id: format!("{}-{ending}", self.id),
            short: self.short,
        }
    }

    /// The same for eyes.
    pub(crate) fn short(mut self) -> Self {
        self.short = true;
        self
    }

    /// A template with everything in its place. Braces that name nothing stay.
    pub(crate) fn fill(&self, template: &str) -> String {
        let mut filled = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some(start) = rest.find('{') {
            filled.push_str(&rest[..start]);
            let tail = &rest[start + 1..];
            let value = tail
                .find('}')
                .and_then(|end| Some((self.value(&tail[..end])?, end)));
            if let Some((value, end)) = value {
                filled.push_str(&value);
                rest = &tail[end + 1..];
            } else {
                filled.push('{');
                rest = tail;
            }
        }
        filled.push_str(rest);
        filled
    }

    fn value(&self, key: &str) -> Option<String> {
        Some(match key {
            "host" => self.host.clone(),
            "prefix" => self.prefix.clone(),
            "socket" => self.socket(),
            "origin" => self.origin.clone(),
            "try" => self.path.clone(),
            "id" => self.id.clone(),
            _ => {
                let (count, unit) = key.split_once('*')?;
                let count: usize = count.parse().ok()?;
                if self.short && unit.ends_with('\n') {
                    format!("{unit}… ({count} such lines)\n")
                } else if self.short {
                    let shown = unit.repeat(RUN_SHOWN.min(count));
                    format!("{shown}… ({count} times `{unit}`)")
                } else {
                    unit.repeat(count)
                }
            }
        })
    }

    /// A request as bytes for the wire.
    pub(crate) fn request(&self, ask: &Ask) -> String {
        match ask {
            Ask::Raw(bytes) => self.fill(bytes),
            Ask::Plain {
                line,
                fields,
                content,
            } => {
                let content = self.fill(content);
                let mut request =
                    format!("{} HTTP/1.1\r\nHost: {}\r\n", self.fill(line), self.host);
                for field in *fields {
                    request.push_str(&self.fill(field));
                    request.push_str("\r\n");
                }
                if !fields.iter().any(|field| field.starts_with("Connection:")) {
                    request.push_str("Connection: close\r\n");
                }
                if !content.is_empty() {
                    let _ = write!(request, "Content-Length: {}\r\n", content.len());
                }
                request.push_str("\r\n");
                request.push_str(&content);
                request
            }
        }
    }

    fn is_tls(&self) -> bool {
        self.origin.starts_with("https:")
    }

    /// What sends its standard input to this server, and shows what comes back.
    fn socket(&self) -> String {
        let (name, port) = (&self.name, &self.port);
        if self.is_tls() {
            format!("openssl s_client -quiet -connect {name}:{port}")
        } else {
            format!("nc {name} {port}")
        }
    }

    /// What to type for it.
    pub(crate) fn command(&self, deed: &Deed) -> String {
        if !deed.command.is_empty() {
            return self.fill(deed.command);
        }
        let lines: Vec<String> = deed.asks.iter().map(|ask| self.line(ask)).collect();
        lines.join("\n")
    }

    fn line(&self, ask: &Ask) -> String {
        let Ask::Plain {
            line,
            fields,
            content,
        } = ask
        else {
            let bytes = printf(&self.request(ask));
            return format!("printf '{bytes}' | {}", self.socket());
        };
        let (method, target) = line.split_once(' ').unwrap_or((line, "/"));
        let mut command = "curl -i".to_owned();
        match method {
            "HEAD" => command.push_str(" -I"),
            "GET" if content.is_empty() => {}
            "POST" if !content.is_empty() => {}
            _ => {
                let _ = write!(command, " -X {method}");
            }
        }
        for field in *fields {
            let _ = write!(command, " -H {}", quoted(&self.fill(field)));
        }
        if !content.is_empty() {
            let _ = write!(command, " --data-raw {}", quoted(&self.fill(content)));
        }
        let target = self.fill(target);
        if target.starts_with("http") {
            // RFC 9112 §3.2.2: the absolute form is how a client asks a proxy; for https it would ask for a tunnel instead.
            let how = if self.is_tls() {
                format!(
                    " --http1.1 --request-target {} {}",
                    quoted(&target),
                    quoted(&format!("{}/", self.origin))
                )
            } else {
                format!(" -x {} {}", quoted(&self.origin), quoted(&target))
            };
            command.push_str(&how);
        } else {
            let _ = write!(command, " {}", quoted(&format!("{}{target}", self.origin)));
        }
        command
    }
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// As the format of `printf` between single quotes.
fn printf(bytes: &str) -> String {
    let mut format = String::with_capacity(bytes.len());
    for character in bytes.chars() {
        match character {
            '\r' => format.push_str(r"\r"),
            '\n' => format.push_str(r"\n"),
            '\0' => format.push_str(r"\000"),
            '\\' => format.push_str(r"\\"),
            '%' => format.push_str("%%"),
            '\'' => format.push_str(r"'\''"),
            other => format.push(other),
        }
    }
    format
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filler() -> Filler {
        Filler {
            host: "127.0.0.1:4040".to_owned(),
            name: "127.0.0.1".to_owned(),
            port: "4040".to_owned(),
            origin: "http://127.0.0.1:4040".to_owned(),
            prefix: "/play".to_owned(),
            path: "/play/cause/409/try".to_owned(),
            id: "readme".to_owned(),
            short: false,
        }
    }

    #[test]
    fn braces_that_name_nothing_stay() {
        let filler = filler();
        assert_eq!(
            filler.fill(r#"{"a":{"id":1}} {id}"#),
            r#"{"a":{"id":1}} readme"#
        );
        assert_eq!(filler.fill("{3*ab}{"), "ababab{");
        assert_eq!(
            filler.short().fill("{30*a}"),
            format!("{}… (30 times `a`)", "a".repeat(24))
        );
    }

    #[test]
    fn commands_say_what_the_request_says() {
        let filler = filler();
        let ask = super::super::send("PUT {try}/{id}", &["Content-Type: text/plain"], "it's");
        assert_eq!(
            filler.line(&ask),
            r"curl -i -X PUT -H 'Content-Type: text/plain' --data-raw 'it'\''s' 'http://127.0.0.1:4040/play/cause/409/try/readme'"
        );
        let ask = super::super::raw("GET {try}?a=100% HTTP/3.0\r\n\r\n");
        assert_eq!(
            filler.line(&ask),
            r"printf 'GET /play/cause/409/try?a=100%% HTTP/3.0\r\n\r\n' | nc 127.0.0.1 4040"
        );
    }
}
