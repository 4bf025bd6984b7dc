//! A raw message as a card.

use siteerror_catalog::{Code, Level};

/// A raw message as a card.
pub(crate) struct Wire {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) first: String,
    /// Name, value, and whether the code cannot do without it.
    pub(crate) fields: Vec<(String, String, bool)>,
    pub(crate) content: String,
}

impl Wire {
    pub(crate) fn new(id: &str, label: &str, message: &str, code: &Code) -> Self {
        let required = |name: &str| {
            id == "response"
                && code.facts.required_fields.iter().any(|rule| {
                    rule.field.eq_ignore_ascii_case(name)
                        && rule.field != "Date"
                        && matches!(rule.level, Level::Must | Level::Should)
                })
        };
        Self::marked(id, label, message, required)
    }

    /// A message in which nothing is marked. What has no head, such as lines of a log, is all content.
    pub(crate) fn bare(id: &str, label: &str, message: &str) -> Self {
        if message.starts_with("HTTP/") {
            return Self::marked(id, label, message, |_| false);
        }
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            first: String::new(),
            fields: Vec::new(),
            content: message.to_owned(),
        }
    }

    fn marked(id: &str, label: &str, message: &str, required: impl Fn(&str) -> bool) -> Self {
        let (head, content) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
        let mut lines = head.split("\r\n");
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            first: lines.next().unwrap_or_default().to_owned(),
            fields: lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_owned(), value.to_owned(), required(name)))
                .collect(),
            content: content.replace("\r\n", "\n"),
        }
    }
}
