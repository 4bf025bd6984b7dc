//! Markdown of the catalog as HTML, and as words for a terminal.

use std::fmt;

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};
use siteerror_catalog::Text;

use crate::terminal::Paint;

/// HTML that may go into a page as it is. Only this module makes it, from Markdown of the catalog.
#[derive(Debug, Clone)]
pub(crate) struct SafeHtml(String);

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for SafeHtml {}

/// Words of ours, with what HTML would take for markup escaped.
pub(crate) fn escaped(words: &str) -> SafeHtml {
    let mut out = String::with_capacity(words.len());
    html::push_html(&mut out, std::iter::once(Event::Text(words.into())));
    SafeHtml(out)
}

/// Foreign words within Markdown: what could be markup is escaped.
pub(crate) fn escaped_markdown(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '-' | '/' | '?' | ':' | ';' | '\'')
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Paragraphs and lists.
pub(crate) fn blocks(text: Text) -> SafeHtml {
    render(text.markdown(), false)
}

/// One paragraph without its `<p>`.
pub(crate) fn inline(text: Text) -> SafeHtml {
    render(text.markdown(), true)
}

/// The first paragraph of a rule's words, without its `<p>`.
pub(crate) fn rule_line(words: &'static str) -> SafeHtml {
    render(first_paragraph(words), true)
}

/// What stands before the first empty line.
pub(crate) fn first_paragraph(words: &'static str) -> &'static str {
    words.split("\n\n").next().unwrap_or_default()
}

fn render(markdown: &str, inline: bool) -> SafeHtml {
    let events = Parser::new(markdown).filter_map(|event| match event {
        Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) if inline => None,
        // The catalog's build refuses HTML; should any pass, it is shown as text.
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Text(text) => Some(Event::Text(typographic(text))),
        other => Some(other),
    });
    let mut out = String::with_capacity(markdown.len() * 5 / 4);
    html::push_html(&mut out, events);
    out.truncate(out.trim_end().len());
    SafeHtml(out)
}

/// Straight quotes as written become the ones that are read.
fn typographic(text: CowStr<'_>) -> CowStr<'_> {
    if text.contains(['\'', '"']) {
        quotes(&text).into()
    } else {
        text
    }
}

/// Curly quotes in running text.
pub(crate) fn quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        let opens = before.is_whitespace() || matches!(before, '(' | '[' | '\u{201c}');
        out.push(match (c, opens) {
            ('\'', true) => '\u{2018}',
            ('\'', false) => '\u{2019}',
            ('"', true) => '\u{201c}',
            ('"', false) => '\u{201d}',
            (other, _) => other,
        });
        before = c;
    }
    out
}

/// The paragraphs of a text for a terminal: code in backticks, or in a style of its own where there is colour; links as their words.
pub(crate) fn terminal(text: Text, paint: Paint) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for event in Parser::new(text.markdown()) {
        let last = paragraphs
            .last_mut()
            .expect("it begins with one and only grows");
        match event {
            Event::Text(words) => last.push_str(&words),
            Event::Code(code) => last.push_str(&paint.code(&code)),
            Event::SoftBreak | Event::HardBreak => last.push(' '),
            Event::Start(Tag::Item) => last.push_str("* "),
            Event::End(TagEnd::Paragraph | TagEnd::Item) => paragraphs.push(String::new()),
            _ => {}
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}
