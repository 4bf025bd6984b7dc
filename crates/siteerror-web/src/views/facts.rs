//! Facts of a code in words, for chips, tables and terminals alike.

use siteerror_catalog::{Cache, Code, FieldRule, Level, Presence, RedirectMethod, Text};

use crate::markdown::{SafeHtml, escaped, inline};

/// A fact with its word, for chips, Markdown and terminal alike.
pub(crate) struct Fact {
    pub(crate) word: &'static str,
    pub(crate) value: Value,
    pub(crate) source: String,
    pub(crate) url: Option<String>,
}

/// What is so, in words of ours or of the catalog.
pub(crate) enum Value {
    Words(String),
    Text(Text),
}

impl Value {
    pub(crate) fn html(&self) -> SafeHtml {
        match self {
            Self::Words(words) => escaped(words),
            Self::Text(text) => inline(*text),
        }
    }

    /// Plain text, which is Markdown too.
    pub(crate) fn plain(&self) -> &str {
        match self {
            Self::Words(words) => words,
            Self::Text(text) => text.plain(),
        }
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl Fact {
    fn new(word: &'static str, value: impl Into<Value>, source: &str) -> Self {
        let (source, url) = clause(source);
        Self {
            word,
            value: value.into(),
            source,
            url,
        }
    }
}

/// Whether a response cannot do without the field, whatever the case.
fn is_always(rule: &FieldRule) -> bool {
    let always = rule
        .when
        .is_none_or(|when| when.plain().starts_with("always"));
    rule.level == Level::Must && always && rule.field != "Date"
}

/// The section that defines the code.
fn own_clause(code: &Code) -> String {
    format!("{} §{}", code.rfc.document, code.rfc.section)
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
pub(crate) fn joint(when: Text) -> &'static str {
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
        Cache::Heuristic => "By default, heuristically",
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

/// The facts at a glance, in the order of the page.
pub(crate) fn facts(code: &Code) -> Vec<Fact> {
    let facts = &code.facts;
    let mut list = vec![
        Fact::new("Cacheable", cache_words(facts.cache), facts.cache_source),
        Fact::new("Retry", facts.retry, facts.retry_source),
        Fact::new(
            "Content",
            content_words(facts.content),
            facts.content_source,
        ),
    ];
    let must: Vec<_> = facts
        .required_fields
        .iter()
        .filter(|rule| is_always(rule))
        .collect();
    match must.as_slice() {
        [] => list.push(Fact::new(
            "Must carry",
            "No field of its own",
            &own_clause(code),
        )),
        [first, ..] => {
            let names: Vec<_> = must.iter().map(|rule| rule.field).collect();
            list.push(Fact::new(
                "Must carry",
                names.join(", ").as_str(),
                first.source,
            ));
        }
    }
    if let (Some(method), Some(source)) = (facts.redirect_method, facts.redirect_method_source) {
        list.push(Fact::new("On redirect", redirect_words(method), source));
    }
    if let (Some(methods), Some(source)) = (facts.methods, facts.methods_source) {
        list.push(Fact::new("Answers", methods, source));
    }
    let since = &facts.since;
    list.push(Fact::new(
        "Since",
        since.year.to_string().as_str(),
        since.rfc,
    ));
    list
}

/// Fields that people must think of: all but `Date`, which goes with everything.
pub(crate) fn fields(code: &'static Code) -> impl Iterator<Item = &'static FieldRule> {
    let facts = &code.facts;
    facts
        .required_fields
        .iter()
        .filter(|rule| rule.field != "Date")
        .chain(facts.forbidden_fields)
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
