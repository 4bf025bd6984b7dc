//! A code's page.

use std::fmt::Write as _;

use askama::Template;
use siteerror_catalog::{Cache, Code, FieldRule, Level, Presence, RedirectMethod, Text, catalog};

use super::{Frame, View, hue, pretty};
use crate::markdown::{SafeHtml, blocks, inline};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet, shape};

/// How much of a code a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What somebody with a number in front of them needs now.
    Card,
    /// Everything.
    Whole,
}

/// A registered code.
#[derive(Debug)]
pub struct CodeView(pub &'static Code);

/// A fact with its word, for chips, Markdown and terminal alike.
pub(crate) struct Fact {
    pub(crate) word: &'static str,
    pub(crate) value: String,
    pub(crate) source: String,
    pub(crate) url: Option<String>,
}

impl Fact {
    fn new(word: &'static str, value: impl Into<String>, source: &str) -> Self {
        let (source, url) = clause(source);
        Self {
            word,
            value: value.into(),
            source,
            url,
        }
    }
}

/// The first clause of a list of sources, and its address: `RFC 9110 §15.1, §15.6.2` leads to section 15.1.
fn clause(source: &str) -> (String, Option<String>) {
    let first = source
        .split([',', ';', '('])
        .next()
        .unwrap_or(source)
        .trim();
    let (document, place) = if let Some((document, section)) = first.split_once(" §") {
        (document, Some(format!("#section-{section}")))
    } else if let Some((document, appendix)) = first.split_once(" Appendix ") {
        (document, Some(format!("#appendix-{appendix}")))
    } else {
        (first, None)
    };
    let page = match document.strip_prefix("RFC ") {
        Some(number) => Some(format!("https://www.rfc-editor.org/rfc/rfc{number}")),
        None if document.starts_with("draft-") => {
            Some(format!("https://datatracker.ietf.org/doc/html/{document}"))
        }
        None => None,
    };
    let url = page.map(|page| page + &place.unwrap_or_default());
    (first.to_owned(), url)
}

/// The word between a keyword and its condition: "MUST, when the upload has a limit", but "MUST, always".
fn joint(when: Text) -> &'static str {
    let complete = ["always", "if ", "unless "];
    if complete.iter().any(|start| when.plain().starts_with(start)) {
        ""
    } else {
        "when "
    }
}

/// What caches may do, in a few words.
pub(crate) const fn cache_words(cache: Cache) -> &'static str {
    match cache {
        Cache::Heuristic => "By default, for a guessed time",
        Cache::ExplicitOnly => "Only if the response says so",
        Cache::MustNotStore => "Must not be stored",
        Cache::Never => "Never: it is no final response",
        Cache::Special => "It renews what is stored",
        _ => "See the clause",
    }
}

const fn content_words(content: Presence) -> &'static str {
    match content {
        Presence::Forbidden => "None allowed",
        Presence::Optional => "Optional",
        Presence::Expected => "Expected",
    }
}

const fn redirect_words(method: RedirectMethod) -> &'static str {
    match method {
        RedirectMethod::Preserve => "Method and content stay",
        RedirectMethod::MayChangeToGet => "POST may become GET",
        RedirectMethod::ToGet => "Becomes GET, HEAD stays",
    }
}

impl CodeView {
    /// The facts at a glance, in the order of the page.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let facts = &self.0.facts;
        let mut list = vec![
            Fact::new("Cacheable", cache_words(facts.cache), facts.cache_source),
            Fact::new("Retry", facts.retry.plain(), facts.retry_source),
            Fact::new(
                "Content",
                content_words(facts.content),
                facts.content_source,
            ),
        ];
        if let (Some(method), Some(source)) = (facts.redirect_method, facts.redirect_method_source)
        {
            list.push(Fact::new("On redirect", redirect_words(method), source));
        }
        if let (Some(methods), Some(source)) = (facts.methods, facts.methods_source) {
            list.push(Fact::new("Answers", methods.plain(), source));
        }
        let since = &facts.since;
        list.push(Fact::new("Since", since.year.to_string(), since.rfc));
        list
    }

    /// Fields that people must think of: all but `Date`, which goes with everything.
    fn fields(&self) -> impl Iterator<Item = &'static FieldRule> {
        let facts = &self.0.facts;
        facts
            .required_fields
            .iter()
            .filter(|rule| rule.field != "Date")
            .chain(facts.forbidden_fields)
    }

    /// The text, at one of two depths.
    pub fn text_at(&self, paint: Paint, depth: Depth) -> String {
        let code = self.0;
        let whole = depth == Depth::Whole;
        let mut sheet = Sheet::new(paint, Some(code.class()));
        self.write_head(&mut sheet);
        sheet.heading("Common causes");
        sheet.items(code.causes);
        if whole {
            self.write_meaning(&mut sheet);
        }
        sheet.heading("If you call the server");
        sheet.items(code.fixes.caller);
        sheet.heading("If you run the server");
        sheet.items(code.fixes.operator);
        self.write_facts(&mut sheet);
        if whole {
            self.write_exchange_and_questions(&mut sheet);
        }
        self.write_comparisons(&mut sheet);
        if whole {
            sheet.heading("Sources");
            for source in code.sources {
                sheet.paragraph(source.title);
                let url = sheet.paint.dim(source.url);
                sheet.line(&format!("  {url}"));
            }
        }
        sheet.finish()
    }

    fn write_head(&self, sheet: &mut Sheet) {
        let code = self.0;
        let class = code.class();
        let paint = sheet.paint;
        let number = paint.hue(Some(class), &format!("{} {}", shape(Some(class)), code.id));
        sheet.ends(
            &format!("{number} {}", paint.bold(code.title())),
            &paint.dim(&class.to_string()),
        );
        sheet.rule();
        if let Some(notice) = code.notice {
            sheet.text(notice);
            sheet.gap();
        }
        sheet.paragraph(code.summary);
        sheet.gap();
        sheet.wire(code.example.response);
    }

    fn write_meaning(&self, sheet: &mut Sheet) {
        let code = self.0;
        sheet.heading("What it means");
        sheet.text(code.meaning);
        sheet.heading("Definition");
        sheet.text(code.definition);
        sheet.heading(&format!(
            "{} section {} says",
            code.rfc.document, code.rfc.section
        ));
        sheet.wrapped(&format!("\"{}\"", code.rfc.quote), "  > ", "  > ");
        let url = sheet.paint.dim(code.rfc.url);
        sheet.line(&format!("  {url}"));
        sheet.heading("In plain English");
        sheet.text(code.plain_english);
        sheet.heading("Often misread");
        sheet.text(code.misinterpretation);
    }

    fn write_facts(&self, sheet: &mut Sheet) {
        let code = self.0;
        let paint = sheet.paint;
        sheet.heading("Facts");
        let mut fact = |word: &str, words: &str| {
            sheet.wrapped(words, &format!("  {word:<13}"), &" ".repeat(15));
        };
        for one in self.facts() {
            fact(
                one.word,
                &format!("{} {}", one.value, paint.dim(&format!("({})", one.source))),
            );
        }
        for rule in self.fields() {
            let when = rule
                .when
                .map(|when| format!(", {}{}", joint(when), when.plain()))
                .unwrap_or_default();
            let source = paint.dim(&format!("({})", rule.source));
            fact(
                "Field",
                &format!(
                    "{} {}{when} {source}",
                    rule.level.keyword(),
                    paint.code(rule.field)
                ),
            );
        }
        for former in code.former_names {
            fact(
                "Once called",
                &format!("{} ({})", former.name, former.used_in),
            );
        }
    }

    fn write_exchange_and_questions(&self, sheet: &mut Sheet) {
        let code = self.0;
        sheet.heading("Example request");
        sheet.wire(code.example.request);
        if let Some(response) = code.example.final_response {
            sheet.heading("The final response that follows");
            sheet.wire(response);
        }
        sheet.heading("Questions people ask");
        for (index, question) in code.faq.iter().enumerate() {
            if index > 0 {
                sheet.gap();
            }
            let title = sheet.paint.bold(question.question.plain());
            sheet.paragraph(&title);
            sheet.text(question.answer);
        }
    }

    fn write_comparisons(&self, sheet: &mut Sheet) {
        sheet.heading("Easily confused with");
        for (other, how) in self.comparisons() {
            let class = Some(other.class());
            let mark = sheet
                .paint
                .hue(class, &format!("{} {}", shape(class), other.id));
            sheet.wrapped(
                &format!("{}: {}", other.title(), how.plain()),
                &format!("  {mark} "),
                "        ",
            );
        }
    }

    /// The codes it is mistaken for, with how to tell them apart.
    fn comparisons(&self) -> impl Iterator<Item = (&'static Code, Text)> {
        self.0
            .compare
            .iter()
            .filter_map(|one| Some((catalog().get(one.id)?, one.how)))
    }
}

impl View for CodeView {
    fn html(&self, chrome: &Chrome) -> String {
        let code = self.0;
        let (previous, next) = catalog().neighbours(code.id.number());
        let page = CodePage {
            frame: Frame {
                chrome,
                title: format!("{} {}: what it means and what to do", code.id, code.title()),
                description: format!("{} {}: {}", code.id, code.title(), code.summary),
                path: Some(code.id.path()),
                hue: hue(code.class()),
                listed: true,
            },
            code,
            facts: self.facts(),
            fields: self.fields().collect(),
            wire: Wire::new(
                "response",
                &format!("A {} as it travels", code.id),
                code.example.response,
                code,
            ),
            request: Wire::new(
                "request",
                "The request that led to it",
                code.example.request,
                code,
            ),
            final_response: code.example.final_response.map(|message| {
                Wire::new("final", "The final response that follows", message, code)
            }),
            compare: self
                .comparisons()
                .map(|(other, how)| (other, inline(how)))
                .collect(),
            previous,
            next,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(self.0)
    }

    fn markdown(&self) -> String {
        let code = self.0;
        let mut out = format!("# {} {} {}\n\n", code.emoji, code.id, code.title());
        if let Some(notice) = code.notice {
            let _ = writeln!(out, "> {}\n", notice.markdown().replace('\n', "\n> "));
        }
        let _ = writeln!(
            out,
            "{}\n\n```http\n{}\n```\n",
            code.summary,
            unix(code.example.response)
        );
        list(&mut out, "Common causes", code.causes);
        part(&mut out, "What it means", code.meaning);
        part(&mut out, "Definition", code.definition);
        let _ = writeln!(
            out,
            "## What the RFC says\n\n> {}\n\nVerbatim from [{}, section {}]({}).\n",
            code.rfc.quote, code.rfc.document, code.rfc.section, code.rfc.url
        );
        part(&mut out, "In plain English", code.plain_english);
        part(&mut out, "Often misread", code.misinterpretation);
        list(&mut out, "If you call the server", code.fixes.caller);
        list(&mut out, "If you run the server", code.fixes.operator);
        out.push_str("## Facts\n\n| fact | value | source |\n| --- | --- | --- |\n");
        for fact in self.facts() {
            let _ = writeln!(out, "| {} | {} | {} |", fact.word, fact.value, fact.source);
        }
        for rule in self.fields() {
            let when = rule
                .when
                .map(|when| format!(", {}{}", joint(when), when.markdown()))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "| Field | {} `{}`{when} | {} |",
                rule.level.keyword(),
                rule.field,
                rule.source
            );
        }
        for former in code.former_names {
            let _ = writeln!(
                out,
                "| Once called | {} | {} |",
                former.name, former.used_in
            );
        }
        let _ = writeln!(
            out,
            "\n## Example request\n\n```http\n{}\n```\n",
            unix(code.example.request)
        );
        if let Some(response) = code.example.final_response {
            let _ = writeln!(
                out,
                "## The final response that follows\n\n```http\n{}\n```\n",
                unix(response)
            );
        }
        out.push_str("## Questions people ask\n\n");
        for question in code.faq {
            let _ = writeln!(
                out,
                "### {}\n\n{}\n",
                question.question.markdown(),
                question.answer.markdown()
            );
        }
        out.push_str("## Easily confused with\n\n");
        for (other, how) in self.comparisons() {
            let _ = writeln!(
                out,
                "- [{} {}]({}): {}",
                other.id,
                other.title(),
                other.id.path(),
                how.markdown()
            );
        }
        out.push_str(
            "
## Sources\n\n",
        );
        for source in code.sources {
            let _ = writeln!(out, "- [{}]({})", source.title, source.url);
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        self.text_at(paint, Depth::Whole)
    }
}

fn part(out: &mut String, title: &str, text: Text) {
    let _ = writeln!(out, "## {title}\n\n{}\n", text.markdown());
}

fn list(out: &mut String, title: &str, items: &[Text]) {
    let _ = writeln!(out, "## {title}\n");
    for item in items {
        let _ = writeln!(out, "- {}", item.markdown());
    }
    out.push('\n');
}

/// A message with plain line ends, without the empty line where nothing follows it.
fn unix(message: &str) -> String {
    message
        .replace("\r\n", "\n")
        .trim_end_matches('\n')
        .to_owned()
}

/// A raw message as a card.
pub(crate) struct Wire {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    pub(crate) first: String,
    /// Name, value, and whether the code cannot do without it.
    pub(crate) fields: Vec<(String, String, bool)>,
    pub(crate) content: String,
}

impl Wire {
    fn new(id: &'static str, label: &str, message: &str, code: &Code) -> Self {
        let (head, content) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
        let mut lines = head.split("\r\n");
        let required = |name: &str| {
            id == "response"
                && code.facts.required_fields.iter().any(|rule| {
                    rule.field.eq_ignore_ascii_case(name)
                        && rule.field != "Date"
                        && matches!(rule.level, Level::Must | Level::Should)
                })
        };
        Self {
            id,
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

#[derive(Template)]
#[template(path = "pages/code.html")]
struct CodePage<'a> {
    frame: Frame<'a>,
    code: &'static Code,
    facts: Vec<Fact>,
    fields: Vec<&'static FieldRule>,
    wire: Wire,
    request: Wire,
    final_response: Option<Wire>,
    compare: Vec<(&'static Code, SafeHtml)>,
    previous: Option<&'static Code>,
    next: Option<&'static Code>,
}

impl CodePage<'_> {
    fn blocks(&self, text: &Text) -> SafeHtml {
        blocks(*text)
    }

    fn inline(&self, text: &Text) -> SafeHtml {
        inline(*text)
    }

    fn joint(&self, when: &Text) -> &'static str {
        joint(*when)
    }

    fn summary(&self) -> String {
        crate::markdown::quotes(self.code.summary)
    }
}

#[cfg(test)]
mod tests {
    use super::clause;

    #[test]
    fn a_clause_leads_to_its_section() {
        let check = |source, words: &str, url: &str| {
            let (found, address) = clause(source);
            assert_eq!(
                (found.as_str(), address.as_deref().unwrap_or_default()),
                (words, url)
            );
        };
        check(
            "RFC 9110 §15.1, §15.6.2",
            "RFC 9110 §15.1",
            "https://www.rfc-editor.org/rfc/rfc9110#section-15.1",
        );
        check(
            "RFC 9111 §3 (not a final response)",
            "RFC 9111 §3",
            "https://www.rfc-editor.org/rfc/rfc9111#section-3",
        );
        check(
            "RFC 9110 Appendix B.3",
            "RFC 9110 Appendix B.3",
            "https://www.rfc-editor.org/rfc/rfc9110#appendix-B.3",
        );
        check("IANA registry", "IANA registry", "");
        check(
            "RFC 1945",
            "RFC 1945",
            "https://www.rfc-editor.org/rfc/rfc1945",
        );
        check(
            "draft-ietf-httpbis-resumable-upload-11 §4.2.2, §4.4",
            "draft-ietf-httpbis-resumable-upload-11 §4.2.2",
            "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-resumable-upload-11#section-4.2.2",
        );
    }
}
