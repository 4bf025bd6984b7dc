//! What a request may say besides its URL (S10): methods and fields. A stranger gets three methods and no field that speaks for somebody else.

use crate::guard::Guard;
use crate::verdict::{Reason, Refusal, Rule};

/// Methods that strangers may use: they ask and change nothing.
pub const METHODS: [&str; 3] = ["GET", "HEAD", "OPTIONS"];
/// Fields that a stranger may send, the bytes of one, and those of all together: as many as we take from a server.
const MOST_FIELDS: usize = 200;
const LONGEST_FIELD: usize = 16 * 1024;
const LONGEST_FIELDS: usize = 64 * 1024;
/// The longest User-Agent of a stranger.
const LONGEST_USER_AGENT: usize = 256;

/// Who may set a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setter {
    /// The one who speaks HTTP, and nobody else.
    Nobody,
    /// The person at the terminal.
    Person,
}

/// Fields of the connection, of proxies, of what stands before an application, and the keys to cloud metadata. A `*` at the end stands for any rest.
const FIELDS: &[(&str, Setter)] = &[
    ("host", Setter::Person),
    ("authorization", Setter::Person),
    ("cookie", Setter::Person),
    ("connection", Setter::Nobody),
    ("keep-alive", Setter::Nobody),
    ("proxy-*", Setter::Nobody),
    ("te", Setter::Nobody),
    ("trailer", Setter::Nobody),
    ("transfer-encoding", Setter::Nobody),
    ("content-length", Setter::Nobody),
    ("upgrade", Setter::Nobody),
    ("expect", Setter::Nobody),
    ("http2-settings", Setter::Nobody),
    ("forwarded", Setter::Nobody),
    ("via", Setter::Nobody),
    ("x-forwarded-*", Setter::Nobody),
    ("x-real-ip", Setter::Nobody),
    ("x-original-*", Setter::Nobody),
    ("x-rewrite-*", Setter::Nobody),
    ("x-aws-ec2-metadata-*", Setter::Nobody),
    ("metadata", Setter::Nobody),
    ("metadata-flavor", Setter::Nobody),
    ("x-google-metadata-request", Setter::Nobody),
];

/// Fields that never leave the origin that they were meant for (S9).
const OF_ORIGIN: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// Whether a field must be left out of the next request once a chain has left its origin.
pub fn stays_with_origin(name: &str) -> bool {
    OF_ORIGIN
        .iter()
        .any(|stays| name.eq_ignore_ascii_case(stays))
}

impl Guard {
    /// Judges the method and the fields of a request.
    ///
    /// # Errors
    ///
    /// Invalid by S10 for what is no method, field name or field value; blocked by S10 for what may not be chosen here.
    pub fn request(&self, method: &str, fields: &[(String, String)]) -> Result<(), Refusal> {
        well_formed(method, fields).map_err(|reason| Refusal::invalid(Rule::S10, reason))?;
        self.permitted(method, fields)
            .map_err(|reason| Refusal::blocked(Rule::S10, reason))
    }

    fn permitted(&self, method: &str, fields: &[(String, String)]) -> Result<(), Reason> {
        let is_local = self.is_local();
        if !is_local && !METHODS.contains(&method) {
            return Err(Reason::Method);
        }
        let sizes = fields
            .iter()
            .map(|(name, value)| name.len().saturating_add(value.len()));
        let all = sizes.clone().fold(0, usize::saturating_add);
        let longest = sizes.max().unwrap_or_default();
        if !is_local
            && (fields.len() > MOST_FIELDS || longest > LONGEST_FIELD || all > LONGEST_FIELDS)
        {
            return Err(Reason::FieldsTooLarge);
        }
        for (name, value) in fields {
            match setter(name) {
                Some(Setter::Nobody) => return Err(Reason::Field),
                Some(Setter::Person) if !is_local => return Err(Reason::FieldOfStranger),
                _ => {}
            }
            if !is_local
                && name.eq_ignore_ascii_case("user-agent")
                && value.len() > LONGEST_USER_AGENT
            {
                return Err(Reason::UserAgentTooLong);
            }
        }
        Ok(())
    }
}

/// Methods and names are tokens, values have no controls: what decides where a line ends must not be in one.
fn well_formed(method: &str, fields: &[(String, String)]) -> Result<(), Reason> {
    if !is_token(method) {
        return Err(Reason::MethodBad);
    }
    for (name, value) in fields {
        if !is_token(name) {
            return Err(Reason::FieldNameBad);
        }
        if value.chars().any(char::is_control) {
            return Err(Reason::FieldValueBad);
        }
    }
    Ok(())
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}

/// Who may set a field. An underscore counts as a hyphen, since gateways (RFC 3875 §4.1.18) make the same variable of both.
fn setter(name: &str) -> Option<Setter> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let row = FIELDS
        .iter()
        .find(|(pattern, _)| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == *pattern,
        });
    row.map(|(_, setter)| *setter)
}
