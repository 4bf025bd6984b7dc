//! Markdown as written in a content file, and the same words without markup.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The words of a Markdown text without its markup, but for the ticks around code. Paragraphs are kept apart by an empty line, list items by a line end.
///
/// # Errors
///
/// Says what stands in the text that a page of the catalog may not have: HTML, images, headings or tables.
pub(crate) fn plain(markdown: &str) -> Result<String, String> {
    let mut out = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) => out.push_str(&text),
            // Without its ticks, code within a sentence cannot be told from the sentence.
            Event::Code(code) => {
                out.push('`');
                out.push_str(&code);
                out.push('`');
            }
            Event::SoftBreak => out.push(' '),
            Event::HardBreak | Event::End(TagEnd::Item) => out.push('\n'),
            Event::End(TagEnd::Paragraph) => out.push_str("\n\n"),
            Event::Start(
                Tag::Paragraph
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Link { .. }
                | Tag::List(_)
                | Tag::Item,
            )
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::List(_)) => {}
            other => {
                return Err(format!(
                    "only paragraphs, lists, emphasis, code and links are possible here, found {other:?}"
                ));
            }
        }
    }
    Ok(out.trim().to_owned())
}

/// The targets of all links of a Markdown text.
pub(crate) fn links(markdown: &str) -> Vec<String> {
    Parser::new(markdown)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
            _ => None,
        })
        .collect()
}
