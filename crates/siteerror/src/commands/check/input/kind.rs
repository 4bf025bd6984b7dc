//! Which format a list is in: by its name, or by how it begins.

use std::path::Path;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A URL a line; lines that begin with `#` are comments.
    Text,
    /// A string or an object with `url` a line.
    JsonLines,
    /// A column of a table.
    Csv,
    /// A sitemap, or an index of sitemaps.
    Sitemap,
    Markdown,
    Html,
}

impl Kind {
    pub(super) fn of(name: &str, beginning: &[u8]) -> Self {
        let name = name.strip_suffix(".gz").unwrap_or(name);
        let extension = Path::new(name)
            .extension()
            .map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("xml") => return Self::Sitemap,
            Some("md" | "markdown") => return Self::Markdown,
            Some("html" | "htm" | "xhtml") => return Self::Html,
            Some("csv") => return Self::Csv,
            Some("jsonl" | "ndjson") => return Self::JsonLines,
            Some("txt") => return Self::Text,
            _ => {}
        }
        let text = beginning
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(beginning)
            .trim_ascii_start();
        let begins = |word: &[u8]| {
            text.get(..word.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
        };
        if begins(b"<!doctype html") || begins(b"<html") {
            Self::Html
        } else if begins(b"<") {
            Self::Sitemap
        } else if begins(b"{") || begins(b"\"") {
            Self::JsonLines
        } else if begins(b"url,") || begins(b"\"url\",") {
            Self::Csv
        } else {
            Self::Text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn names_come_first_then_beginnings() {
        let check = |name: &str, beginning: &str, kind: Kind| {
            assert_eq!(
                Kind::of(name, beginning.as_bytes()),
                kind,
                "{name} {beginning}"
            );
        };
        check("a.csv", "<html>", Kind::Csv);
        check("README.md", "", Kind::Markdown);
        check("sitemap.xml.gz", "", Kind::Sitemap);
        check("-", "https://example.com/", Kind::Text);
        check("-", "{\"url\":", Kind::JsonLines);
        check("-", "<?xml version=\"1.0\"?><urlset>", Kind::Sitemap);
        check("-", "\u{feff}\n<!DOCTYPE HTML>", Kind::Html);
        check("-", "url,name\n", Kind::Csv);
    }
}
