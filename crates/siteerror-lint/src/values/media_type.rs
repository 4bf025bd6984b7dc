//! Media types: RFC 9110 §8.3.1.

use siteerror_wire::field::{is_token, unquote};

/// A media type as the grammar has it.
#[derive(Debug, Clone)]
pub(crate) struct MediaType {
    /// `type/subtype` in lower case.
    pub(crate) essence: String,
    /// Names in lower case, values without quotes.
    pub(crate) parameters: Vec<(String, String)>,
}

impl MediaType {
    /// None if the value is none. Empty parameters, as after a semicolon at the end, are allowed: RFC 9110 §5.6.6.
    pub(crate) fn parse(value: &[u8]) -> Option<Self> {
        let mut parts = Parts(Some(value));
        let essence = parts.next()?;
        let slash = essence.iter().position(|byte| *byte == b'/')?;
        let (kind, sub) = (essence.get(..slash)?, essence.get(slash + 1..)?);
        (is_token(kind) && is_token(sub)).then_some(())?;
        let mut parameters = Vec::new();
        for part in parts.filter(|part| !part.is_empty()) {
            let equals = part.iter().position(|byte| *byte == b'=')?;
            let (name, value) = (part.get(..equals)?, part.get(equals + 1..)?);
            is_token(name).then_some(())?;
            let value = if is_token(value) {
                text(value)
            } else {
                text(&unquote(value)?)
            };
            parameters.push((lower(name), value));
        }
        Some(Self {
            essence: lower(essence),
            parameters,
        })
    }

    /// The value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(found, _)| found == name)?;
        Some(&found.1)
    }

    /// Whether it is JSON by its name: RFC 6839 §3.1 for the suffix.
    pub(crate) fn is_json(&self) -> bool {
        self.essence == "application/json" || self.essence.ends_with("+json")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn lower(bytes: &[u8]) -> String {
    let mut text = text(bytes);
    text.make_ascii_lowercase();
    text
}

/// What stands between semicolons, without whitespace around it.
struct Parts<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.0?;
        let (part, after) = rest.split_at_checked(end_of_part(rest))?;
        self.0 = after.get(1..).filter(|rest| !rest.is_empty());
        Some(part.trim_ascii())
    }
}

/// Where the part ends that begins here: at a semicolon outside quotes.
fn end_of_part(bytes: &[u8]) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => return index,
            _ => {}
        }
    }
    bytes.len()
}
