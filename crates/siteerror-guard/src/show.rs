//! What may be shown of foreign text (S14): credentials masked, and nothing that a terminal or a spreadsheet would obey. Markup is escaped by templates.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

/// What stands in the place of a credential.
pub const MASK: &str = "***";

/// Fields whose whole value is a credential.
const SECRET_FIELDS: &[&str] = &[
    "api-key",
    "apikey",
    "ocp-apim-subscription-key",
    "private-token",
    "x-access-token",
    "x-amz-security-token",
    "x-api-key",
    "x-auth-token",
    "x-csrf-token",
    "x-functions-key",
    "x-goog-api-key",
    "x-vault-token",
    "x-xsrf-token",
];

/// Parameters of queries and fragments whose value is a credential: OAuth, signed addresses of clouds, and what people call them.
const SECRET_PARAMETERS: &[&str] = &[
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "auth_token",
    "awsaccesskeyid",
    "client_secret",
    "id_token",
    "jwt",
    "pass",
    "passwd",
    "password",
    "pwd",
    "refresh_token",
    "secret",
    "session_id",
    "sessionid",
    "sig",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
];

/// A URL or a reference with its credentials masked: user name and password, and parameters known to be secrets.
///
/// It reads text that no parser takes, too, since that is what error messages and logs are about, and would rather mask too much.
///
/// ```
/// use siteerror_guard::show::mask_url;
///
/// assert_eq!(mask_url("https://me:pw@example.com/a?token=1&b=2"), "https://***@example.com/a?token=***&b=2");
/// ```
pub fn mask_url(text: &str) -> String {
    // As a browser reads it: without these anywhere, a user name can stand in several pieces.
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\t' | '\r' | '\n'))
        .collect();
    let (before, fragment) = split(&text, '#');
    let (front, query) = split(before, '?');
    let mut masked = mask_userinfo(front);
    for (mark, parameters) in [('?', query), ('#', fragment)] {
        if let Some(parameters) = parameters {
            masked.push(mark);
            masked.push_str(&mask_parameters(parameters));
        }
    }
    masked
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Everything between the slashes and the last `@` of an authority. Browsers take a URL with any number of slashes, also none, and backslashes.
fn mask_userinfo(front: &str) -> String {
    let is_slash = |c: char| matches!(c, '/' | '\\');
    let scheme = match front.split_once(':') {
        Some((scheme, _)) if !scheme.contains(is_slash) && !scheme.contains('@') => {
            scheme.len().saturating_add(1)
        }
        _ => 0,
    };
    let (scheme, rest) = front.split_at_checked(scheme).unwrap_or((front, ""));
    let after_slashes = rest.trim_start_matches(is_slash);
    let slashes = rest.strip_suffix(after_slashes).unwrap_or_default();
    // One slash and no scheme is a path, which has no authority.
    if scheme.is_empty() && slashes.len() == 1 {
        return front.to_owned();
    }
    let end = after_slashes.find(is_slash).unwrap_or(after_slashes.len());
    let (authority, path) = after_slashes
        .split_at_checked(end)
        .unwrap_or((after_slashes, ""));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}{slashes}{MASK}@{host}{path}"),
        None => front.to_owned(),
    }
}

fn mask_parameters(parameters: &str) -> String {
    let mut masked = String::with_capacity(parameters.len());
    for (index, parameter) in parameters.split('&').enumerate() {
        if index > 0 {
            masked.push('&');
        }
        match parameter.split_once('=') {
            Some((name, _)) if is_secret_parameter(name) => {
                masked.push_str(name);
                masked.push('=');
                masked.push_str(MASK);
            }
            _ => masked.push_str(parameter),
        }
    }
    masked
}

fn is_secret_parameter(name: &str) -> bool {
    let name = percent_decode_str(name).decode_utf8_lossy();
    SECRET_PARAMETERS
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// A field value with its credentials masked. The scheme of Authorization stays, and so do the names and attributes of cookies; Location,
/// Content-Location and Referer are masked as URLs.
///
/// ```
/// use siteerror_guard::show::mask_field;
///
/// assert_eq!(mask_field("Authorization", "Bearer abc"), "Bearer ***");
/// assert_eq!(mask_field("Set-Cookie", "id=1; Path=/; Secure"), "id=***; Path=/; Secure");
/// ```
pub fn mask_field<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "authorization" | "proxy-authorization" => match value.trim_start().split_once(' ') {
            Some((scheme, _)) => format!("{scheme} {MASK}").into(),
            None => MASK.into(),
        },
        "cookie" => {
            let pairs: Vec<String> = value.split(';').map(mask_cookie).collect();
            pairs.join(";").into()
        }
        "set-cookie" => {
            let (pair, attributes) = split(value, ';');
            let attributes = attributes
                .map(|attributes| format!(";{attributes}"))
                .unwrap_or_default();
            format!("{}{attributes}", mask_cookie(pair)).into()
        }
        "location" | "content-location" | "referer" => mask_url(value).into(),
        name if SECRET_FIELDS.contains(&name) => MASK.into(),
        _ => Cow::Borrowed(value),
    }
}

/// A cookie without `=` is all value.
fn mask_cookie(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{name}={MASK}"),
        None => MASK.to_owned(),
    }
}

/// Text for a terminal: in one line, and nothing in it that the terminal would obey or that would hide or turn the text around it. Each byte of what is left
/// out appears as `\xNN`.
///
/// ```
/// use siteerror_guard::show::Plain;
///
/// assert_eq!(Plain("a\u{1b}[31mb").to_string(), r"a\x1B[31mb");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a>(pub &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if character.is_control() || is_unseen(character) {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    write!(f, "\\x{byte:02X}")?;
                }
            } else {
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

/// Line separators, marks of direction, zero widths, tags: characters that change how other characters look.
const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    )
}

/// Text for a cell of CSV: what a spreadsheet would take for a formula begins with an apostrophe. Quoting is the writer's part, and comes after.
///
/// ```
/// assert_eq!(siteerror_guard::show::cell("=1+1"), "'=1+1");
/// ```
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// Whether a page may make a link of a URL: http and https, never `javascript:` and the like. Such a link still needs `rel="nofollow noopener noreferrer ugc"`.
pub fn is_linkable(url: &str) -> bool {
    crate::url::parse(url.as_bytes()).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
