//! Cookies that a chain sets, without their values.

use siteerror_check::Hop;
use siteerror_guard::show::Plain;

/// Cookies that are listed; a head can hold more than anybody reads.
const MOST: usize = 30;

/// A cookie.
#[derive(Debug)]
pub(in crate::views) struct Cookie {
    pub(in crate::views) hop: usize,
    pub(in crate::views) name: String,
    /// Its attributes in words.
    pub(in crate::views) says: String,
}

pub(super) fn of(hops: &[Hop]) -> Vec<Cookie> {
    let mut cookies = Vec::new();
    for (index, hop) in hops.iter().enumerate() {
        let Some(head) = hop.head() else { continue };
        for line in head.fields().named("set-cookie").take(MOST) {
            let value = line.value();
            let text = String::from_utf8_lossy(&value);
            let (pair, attributes) = text.split_once(';').unwrap_or((&text, ""));
            let name = pair
                .split_once('=')
                .map_or("(no name)", |(name, _)| name.trim());
            let mut says: Vec<String> = attributes
                .split(';')
                .map(str::trim)
                .filter(|attribute| !attribute.is_empty())
                .map(|attribute| Plain(attribute).to_string())
                .collect();
            let lasts = says.iter().any(|attribute| {
                let attribute = attribute.to_ascii_lowercase();
                attribute.starts_with("max-age") || attribute.starts_with("expires")
            });
            if !lasts {
                // RFC 6265 §5.3: without both it ends with the session.
                says.push("until the session ends".to_owned());
            }
            cookies.push(Cookie {
                hop: index + 1,
                name: Plain(name).to_string(),
                says: says.join(", "),
            });
        }
    }
    cookies.truncate(MOST);
    cookies
}
