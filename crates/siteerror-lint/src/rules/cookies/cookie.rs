//! One line of Set-Cookie taken apart as clients do it: RFC 6265 §5.2.

use siteerror_wire::message::FieldLine;
use siteerror_wire::write::Shown;

use crate::subject::Subject;

/// A cookie as a client reads it.
pub(super) struct Cookie<'a> {
    pub(super) line: FieldLine<'a>,
    /// Empty where there is no `=`.
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    /// Whether there is a `=` at all; without one, clients disagree on what is the name.
    pub(super) has_equals: bool,
    /// Names in lower case, values as sent, in order.
    pub(super) attributes: Vec<(Vec<u8>, Vec<u8>)>,
}

/// All cookies of a response.
pub(super) fn cookies<'a>(subject: &Subject<'a>) -> impl Iterator<Item = Cookie<'a>> + use<'a> {
    subject.lines("set-cookie").map(Cookie::new)
}

impl<'a> Cookie<'a> {
    fn new(line: FieldLine<'a>) -> Self {
        let text = line.value();
        let mut parts = text.split(|byte| *byte == b';').map(|part| {
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default().trim_ascii();
            (name.to_vec(), halves.next().map(<[u8]>::trim_ascii))
        });
        let (name, value) = parts.next().unwrap_or_default();
        let has_equals = value.is_some();
        let value = value.unwrap_or_default().to_vec();
        let attributes = parts
            .filter(|(name, value)| !name.is_empty() || value.is_some())
            .map(|(name, value)| {
                (
                    name.to_ascii_lowercase(),
                    value.unwrap_or_default().to_vec(),
                )
            })
            .collect();
        Self {
            line,
            name,
            value,
            has_equals,
            attributes,
        }
    }

    /// The last attribute of a name is the one that counts: RFC 6265 §5.3.
    pub(super) fn attribute(&self, name: &str) -> Option<&[u8]> {
        let found = self
            .attributes
            .iter()
            .rev()
            .find(|(found, _)| found == name.as_bytes())?;
        Some(&found.1)
    }

    pub(super) fn is_secure(&self) -> bool {
        self.attribute("secure").is_some()
    }

    /// Whether the line takes the cookie away: it has nothing to protect then.
    pub(super) fn is_removal(&self) -> bool {
        let max_age = self.attribute("max-age");
        max_age.is_some_and(|value| value.starts_with(b"-") || value == b"0")
    }

    /// The name for people.
    pub(super) fn shown(&self) -> String {
        let name = self.name.get(..40).unwrap_or(&self.name);
        format!("`{}`", Shown(name))
    }
}
