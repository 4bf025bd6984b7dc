//! The cookies of one check: RFC 6265, for one host each, with what is rarely needed left out. The jar is dropped at the end.

use siteerror_guard::Target;
use siteerror_wire::Fields;
use siteerror_wire::field::HttpDate;

use crate::limits::Cookies as Limits;

#[derive(Debug)]
pub(super) struct Jar {
    limits: Limits,
    cookies: Vec<Cookie>,
}

#[derive(Debug)]
struct Cookie {
    host: String,
    path: String,
    secure: bool,
    name: String,
    value: String,
    /// RFC 6265 §5.3: none lasts as long as the session.
    until_unix_s: Option<i64>,
}

impl Jar {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            cookies: Vec::new(),
        }
    }

    /// RFC 6265 §5.4: the Cookie field for a target; none if there are none for it.
    pub(super) fn field(&self, target: &Target, now_unix_s: i64) -> Option<String> {
        let mut fitting: Vec<&Cookie> = self
            .cookies
            .iter()
            .filter(|cookie| {
                cookie.host == target.host_text()
                    && (!cookie.secure || target.scheme() == "https")
                    && path_matches(target.url().path(), &cookie.path)
                    && cookie.until_unix_s.is_none_or(|until| now_unix_s < until)
            })
            .collect();
        // "Cookies with longer paths are listed before cookies with shorter paths."
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = fitting
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// RFC 6265 §5.3: takes what a response sets.
    pub(super) fn take(&mut self, target: &Target, fields: &Fields, now_unix_s: i64) {
        for line in fields.named("set-cookie") {
            let value = line.value();
            let Ok(text) = std::str::from_utf8(&value) else {
                continue;
            };
            let Some(cookie) = parse(text, target, now_unix_s) else {
                continue;
            };
            if cookie.name.len().saturating_add(cookie.value.len()) > self.limits.bytes {
                continue;
            }
            // "Browsers" do not let clear text set what is to be secret: RFC 6265bis §5.7.
            if cookie.secure && target.scheme() != "https" {
                continue;
            }
            self.cookies.retain(|old| {
                (&old.host, &old.path, &old.name) != (&cookie.host, &cookie.path, &cookie.name)
            });
            let gone = cookie.until_unix_s.is_some_and(|until| until <= now_unix_s);
            if !gone && self.cookies.len() < self.limits.count {
                self.cookies.push(cookie);
            }
        }
    }
}

/// RFC 6265 §5.2.
fn parse(text: &str, target: &Target, now_unix_s: i64) -> Option<Cookie> {
    let mut parts = text.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let bad = |text: &str| text.chars().any(char::is_control);
    if name.is_empty() || bad(name) || bad(value) {
        return None;
    }
    let mut cookie = Cookie {
        host: target.host_text().to_owned(),
        path: default_path(target.url().path()),
        secure: false,
        name: name.to_owned(),
        value: value.to_owned(),
        until_unix_s: None,
    };
    let mut by_age = false;
    for part in parts {
        let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match attribute.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.secure = true,
            "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
            "max-age" => {
                if let Ok(seconds) = value.parse::<i64>() {
                    cookie.until_unix_s = Some(now_unix_s.saturating_add(seconds));
                    by_age = true;
                }
            }
            // "If a cookie has both the Max-Age and the Expires attribute, the Max-Age attribute has precedence".
            "expires" if !by_age => {
                let date = HttpDate::parse(value.as_bytes(), now_unix_s);
                cookie.until_unix_s = date.map(HttpDate::unix_s);
            }
            _ => {}
        }
    }
    Some(cookie)
}

/// RFC 6265 §5.1.4.
fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => path.get(..end).unwrap_or("/").to_owned(),
    }
}

/// RFC 6265 §5.1.4.
fn path_matches(path: &str, cookie: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{default_path, path_matches};

    #[test]
    fn paths_match_as_in_rfc_6265() {
        assert!(path_matches("/docs/a", "/docs"));
        assert!(path_matches("/docs", "/docs"));
        assert!(path_matches("/docs/a", "/"));
        assert!(!path_matches("/docsets", "/docs"));
        assert_eq!(default_path("/a/b/c"), "/a/b");
        assert_eq!(default_path("/a"), "/");
    }
}
