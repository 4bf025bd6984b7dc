//! Writes the content down as Rust source: static values of the types in `src/`. Enums of both sides have the same variants, so their `Debug` is
//! their name.

use std::fmt::Write as _;

use crate::content::{ClassFile, CodeFile, Content};
use crate::emit_vendors;
use crate::front::{Compare, FieldRule, Source};
use crate::reader::Words;
use crate::words;

/// The source of `content.rs`, which `src/catalog.rs` includes.
pub(crate) fn content(content: &Content) -> String {
    let mut out = String::from("pub(crate) static CODES: &[Code] = &[\n");
    for file in &content.codes {
        out.push_str(&code(file));
    }
    out.push_str("];\npub(crate) static CLASSES: &[ClassPage] = &[\n");
    for file in &content.classes {
        out.push_str(&class(file));
    }
    out.push_str("];\n");
    out.push_str(&emit_vendors::all(content));
    out
}

fn code(file: &CodeFile) -> String {
    let front = &file.front;
    let facts = &front.facts;
    let mut out = String::new();
    let _ = write!(
        out,
        "Code {{ id: CodeId::registered({}), name: {:?}, known_as: {:?}, standing: Standing::{:?}, emoji: {:?}, cell: {:?}, weight: Weight::{:?}, \
         said: &{:?}, updated: {:?}, ",
        front.code,
        front.name,
        front.known_as,
        front.standing,
        front.emoji,
        front.cell,
        front.weight,
        front.said,
        front.updated.to_string(),
    );
    let _ = write!(
        out,
        "former_names: &[{}], ",
        list(&front.former_names, |former| format!(
            "FormerName {{ name: {:?}, used_in: {:?} }}",
            former.name, former.used_in
        ))
    );
    let _ = write!(
        out,
        "rfc: Quotation {{ document: {:?}, section: {:?}, title: {:?}, url: {:?}, quote: {:?} }}, ",
        front.rfc.document, front.rfc.section, front.rfc.title, front.rfc.url, front.rfc.quote
    );
    let _ = write!(
        out,
        "facts: Facts {{ heuristically_cacheable: {}, cache: Cache::{:?}, cache_source: {:?}, content: Presence::{:?}, content_source: {:?}, \
         retry: {}, retry_source: {:?}, methods: {}, methods_source: {:?}, redirect_method: {}, redirect_method_source: {:?}, \
         since: Since {{ year: {}, rfc: {:?}, note: {} }}, required_fields: &[{}], forbidden_fields: &[{}] }}, ",
        facts.heuristically_cacheable,
        facts.cache,
        facts.cache_source,
        facts.content,
        facts.content_source,
        phrase(&facts.retry),
        facts.retry_source,
        option(facts.methods.as_deref(), phrase),
        facts.methods_source,
        option(facts.redirect_method, |method| format!(
            "RedirectMethod::{method:?}"
        )),
        facts.redirect_method_source,
        facts.since.year,
        facts.since.rfc,
        option(facts.since.note.as_deref(), phrase),
        list(&facts.required_fields, field_rule),
        list(&facts.forbidden_fields, field_rule),
    );
    let _ = write!(
        out,
        "notice: {}, summary: {:?}, meaning: {}, definition: {}, plain_english: {}, misinterpretation: {}, causes: &[{}], \
         fixes: Fixes {{ caller: &[{}], operator: &[{}] }}, example: Example {{ request: {:?}, response: {:?}, final_response: {:?} }}, ",
        option(file.notice.as_ref(), text),
        file.summary.plain,
        text(&file.meaning),
        text(&file.definition),
        text(&file.plain_english),
        text(&file.misinterpretation),
        list(&file.causes, text),
        list(&file.caller, text),
        list(&file.operator, text),
        file.request,
        file.response,
        file.final_response,
    );
    let _ = writeln!(
        out,
        "faq: &[{}], compare: &[{}], sources: &[{}] }},",
        list(&file.questions, question),
        list(&front.compare, comparison),
        list(&front.sources, source),
    );
    out
}

pub(crate) fn question((question, answer): &(Words, Words)) -> String {
    format!(
        "Question {{ question: {}, answer: {} }}",
        text(question),
        text(answer)
    )
}

pub(crate) fn comparison(compare: &Compare) -> String {
    format!(
        "Comparison {{ id: {}, how: {} }}",
        crate::emit_id(&compare.id).unwrap_or_default(),
        phrase(&compare.how)
    )
}

pub(crate) fn source(source: &Source) -> String {
    format!(
        "Source {{ title: {:?}, url: {:?} }}",
        source.title, source.url
    )
}

fn class(file: &ClassFile) -> String {
    format!(
        "ClassPage {{ class: Class::ALL[{}], summary: {:?}, meaning: {}, unknown: {}, advice: &[{}], rfc_section: {:?}, updated: {:?} }},\n",
        file.front.class - 1,
        file.summary.plain,
        text(&file.meaning),
        text(&file.unknown),
        list(&file.advice, text),
        file.front.rfc_section,
        file.front.updated.to_string(),
    )
}

fn field_rule(rule: &FieldRule) -> String {
    format!(
        "FieldRule {{ field: {:?}, level: Level::{:?}, normative_keyword: {}, when: {}, source: {:?} }}",
        rule.field,
        rule.level,
        rule.normative_keyword,
        option(rule.when.as_deref(), phrase),
        rule.source
    )
}

pub(crate) fn text(words: &Words) -> String {
    format!(
        "Text {{ markdown: {:?}, plain: {:?} }}",
        words.markdown, words.plain
    )
}

/// A line of the front matter that may hold inline markup.
pub(crate) fn phrase(markdown: &str) -> String {
    let plain = words::plain(markdown).unwrap_or_else(|_| markdown.to_owned());
    text(&Words {
        markdown: markdown.to_owned(),
        plain,
    })
}

pub(crate) fn option<T>(value: Option<T>, write: impl FnOnce(T) -> String) -> String {
    value.map_or_else(
        || "None".to_owned(),
        |value| format!("Some({})", write(value)),
    )
}

pub(crate) fn list<T>(values: &[T], write: impl Fn(&T) -> String) -> String {
    values.iter().map(write).collect::<Vec<_>>().join(", ")
}
