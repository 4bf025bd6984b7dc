//! Example messages: a block of a content file as bytes, and what must be right about them.

use std::collections::BTreeMap;

use super::front::{CodeFront, FieldRule, Level, Presence};

/// A block of a content file as the bytes of a message: every line end is CRLF, an empty line ends the head, and the last line end of
/// the block belongs to the fence, not to the content.
pub(crate) fn on_the_wire(block: &str) -> String {
    let (head, content) = block.split_once("\n\n").unwrap_or((block, ""));
    let head = head.trim_end_matches('\n').replace('\n', "\r\n");
    let content = content
        .strip_suffix('\n')
        .unwrap_or(content)
        .replace('\n', "\r\n");
    format!("{head}\r\n\r\n{content}")
}

/// A response as a vendor sends it: line ends of the head are CRLF, those of the content are as written, and the content ends in a line end if the length that
/// it announces says so.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn vendor_message(block: &str) -> Result<String, String> {
    let (head, written) = block.split_once("\n\n").unwrap_or((block, ""));
    let head = head.trim_end_matches('\n').replace('\n', "\r\n");
    let bare = written.strip_suffix('\n').unwrap_or(written);
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    if !first.starts_with("HTTP/1.") {
        return Err(format!("`{first}` does not begin a response"));
    }
    let mut length = None;
    for line in lines {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("`{line}` is no field line"))?;
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().to_owned());
        }
    }
    let content = match length {
        Some(length) if length == bare.len().to_string() => bare,
        Some(length) if length == written.len().to_string() => written,
        Some(length) => {
            return Err(format!(
                "`Content-Length: {length}`, but the content has {} bytes",
                bare.len()
            ));
        }
        None => bare,
    };
    Ok(format!("{head}\r\n\r\n{content}"))
}

/// What an example message must be like.
pub(crate) struct MessageRules {
    /// The whole first line, where only one is right.
    first_line: Option<String>,
    is_response: bool,
    no_content: bool,
    fields: Vec<String>,
    /// A 304 may tell the length that a 200 would have had.
    length_is_of_content: bool,
}

impl MessageRules {
    pub(crate) fn request() -> Self {
        Self {
            first_line: None,
            is_response: false,
            no_content: false,
            fields: vec!["host".to_owned()],
            length_is_of_content: true,
        }
    }

    pub(crate) fn any_response() -> Self {
        Self {
            first_line: None,
            is_response: true,
            no_content: false,
            fields: vec![],
            length_is_of_content: true,
        }
    }

    pub(crate) fn response(front: &CodeFront) -> Self {
        let phrase = front.known_as.as_ref().unwrap_or(&front.name);
        let always = |rule: &&FieldRule| {
            rule.level == Level::Must
                && rule.when.as_deref().is_none_or(|when| {
                    when.starts_with("always") || when == "the origin server has a clock"
                })
        };
        Self {
            first_line: Some(format!("HTTP/1.1 {} {phrase}", front.code)),
            is_response: true,
            no_content: front.facts.content == Presence::Forbidden,
            fields: front
                .facts
                .required_fields
                .iter()
                .filter(always)
                .map(|rule| rule.field.to_lowercase())
                .collect(),
            length_is_of_content: front.code != 304,
        }
    }

    pub(crate) fn check(&self, message: &str) -> Result<(), String> {
        let (head, content) = message
            .split_once("\r\n\r\n")
            .expect("`on_the_wire` ends every head");
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        if let Some(wanted) = &self.first_line
            && first != wanted
        {
            return Err(format!("the first line is `{first}`, not `{wanted}`"));
        }
        if self.is_response != first.starts_with("HTTP/1.1 ") {
            return Err(format!("`{first}` does not begin this kind of message"));
        }
        let mut fields = BTreeMap::new();
        for line in lines {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| format!("`{line}` is no field line"))?;
            if name.is_empty()
                || !name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
            {
                return Err(format!("`{name}` is no field name"));
            }
            fields.insert(name.to_lowercase(), value.trim());
        }
        if let Some(missing) = self
            .fields
            .iter()
            .find(|field| !fields.contains_key(*field))
        {
            return Err(format!("the field `{missing}` is missing"));
        }
        if self.no_content && !content.is_empty() {
            return Err("this code forbids content".to_owned());
        }
        match fields.get("content-length") {
            Some(length) if self.length_is_of_content && *length != content.len().to_string() => {
                Err(format!(
                    "`Content-Length: {length}`, but the content has {} bytes",
                    content.len()
                ))
            }
            None if !content.is_empty() && !fields.contains_key("transfer-encoding") => {
                Err("content without `Content-Length`".to_owned())
            }
            _ => Ok(()),
        }
    }
}
