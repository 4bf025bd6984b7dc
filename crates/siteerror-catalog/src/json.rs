//! The JSON of codes. Its keys are a promise: they never change their meaning.

use serde::{Serialize, Serializer};

use crate::{
    Cache, Class, Code, CodeId, Example, Facts, FieldRule, Fixes, Happening, Presence, Question,
    RedirectMethod, Since, Source, Standing, Text, UnassignedCode, catalog,
};

#[derive(Serialize)]
struct CodeJson<'a> {
    id: CodeId,
    code: u16,
    substatus: Option<u16>,
    vendor: Option<&'static str>,
    name: &'a str,
    known_as: Option<&'a str>,
    former_names: Vec<FormerNameJson<'a>>,
    emoji: &'a str,
    class: Class,
    registered: bool,
    standing: Standing,
    url: String,
    notice: Option<Text>,
    summary: &'a str,
    meaning: Text,
    definition: Text,
    plain_english: Text,
    misinterpretation: Text,
    rfc: RfcJson<'a>,
    causes: &'a [Text],
    fixes: &'a Fixes,
    example: &'a Example,
    facts: FactsJson<'a>,
    wire: Option<()>,
    namesakes: [CodeId; 0],
    snippets: [(); 0],
    faq: &'a [Question],
    compare: Vec<CodeId>,
    playground: Happening,
    previous: Option<CodeId>,
    next: Option<CodeId>,
    sources: &'a [Source],
    updated: &'a str,
}

#[derive(Serialize)]
struct FormerNameJson<'a> {
    name: &'a str,
    until: &'a str,
}

#[derive(Serialize)]
struct RfcJson<'a> {
    number: RfcNumber<'a>,
    section: &'a str,
    title: &'a str,
    url: &'a str,
    quote: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RfcNumber<'a> {
    Rfc(u32),
    Draft(&'a str),
}

#[derive(Serialize)]
struct FactsJson<'a> {
    heuristically_cacheable: bool,
    cache: Cache,
    cache_source: &'a str,
    content: Presence,
    content_source: &'a str,
    required_fields: &'a [FieldRule],
    forbidden_fields: &'a [FieldRule],
    retry: Text,
    retry_source: &'a str,
    methods: Option<Text>,
    methods_source: Option<&'a str>,
    redirect_method: Option<RedirectMethod>,
    redirect_method_source: Option<&'a str>,
    since: &'a Since,
}

impl<'a> From<&'a Facts> for FactsJson<'a> {
    fn from(facts: &'a Facts) -> Self {
        Self {
            heuristically_cacheable: facts.heuristically_cacheable,
            cache: facts.cache,
            cache_source: facts.cache_source,
            content: facts.content,
            content_source: facts.content_source,
            required_fields: facts.required_fields,
            forbidden_fields: facts.forbidden_fields,
            retry: facts.retry,
            retry_source: facts.retry_source,
            methods: facts.methods,
            methods_source: facts.methods_source,
            redirect_method: facts.redirect_method,
            redirect_method_source: facts.redirect_method_source,
            since: &facts.since,
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (previous, next) = catalog().neighbours(self.id.number());
        let number = self
            .rfc
            .document
            .strip_prefix("RFC ")
            .and_then(|number| number.parse().ok());
        CodeJson {
            id: self.id,
            code: self.id.number(),
            substatus: self.id.substatus(),
            vendor: self.id.vendor().map(crate::Vendor::slug),
            name: self.name,
            known_as: self.known_as,
            former_names: self
                .former_names
                .iter()
                .map(|former| FormerNameJson {
                    name: former.name,
                    until: former.used_in,
                })
                .collect(),
            emoji: self.emoji,
            class: self.class(),
            registered: !matches!(self.standing, Standing::Vendor | Standing::Unassigned),
            standing: self.standing,
            url: self.id.path(),
            notice: self.notice,
            summary: self.summary,
            meaning: self.meaning,
            definition: self.definition,
            plain_english: self.plain_english,
            misinterpretation: self.misinterpretation,
            rfc: RfcJson {
                number: number.map_or(RfcNumber::Draft(self.rfc.document), RfcNumber::Rfc),
                section: self.rfc.section,
                title: self.rfc.title,
                url: self.rfc.url,
                quote: self.rfc.quote,
            },
            causes: self.causes,
            fixes: &self.fixes,
            example: &self.example,
            facts: FactsJson::from(&self.facts),
            wire: None,
            namesakes: [],
            snippets: [],
            faq: self.faq,
            compare: self
                .compare
                .iter()
                .map(|comparison| comparison.id)
                .collect(),
            playground: self.happening(),
            previous: previous.map(|code| code.id),
            next: next.map(|code| code.id),
            sources: self.sources,
            updated: self.updated,
        }
        .serialize(serializer)
    }
}

/// What lists say of a code: `{id, code, name, class, vendor, standing, summary, url}`.
#[derive(Debug, Serialize)]
pub struct Row {
    id: CodeId,
    code: u16,
    name: &'static str,
    class: Class,
    vendor: Option<&'static str>,
    standing: Standing,
    summary: &'static str,
    url: String,
}

impl From<&'static Code> for Row {
    fn from(code: &'static Code) -> Self {
        Self {
            id: code.id,
            code: code.id.number(),
            name: code.name,
            class: code.class(),
            vendor: code.id.vendor().map(crate::Vendor::slug),
            standing: code.standing,
            summary: code.summary,
            url: code.id.path(),
        }
    }
}

#[derive(Serialize)]
struct UnassignedJson {
    id: CodeId,
    code: u16,
    substatus: Option<u16>,
    vendor: Option<&'static str>,
    name: &'static str,
    class: Option<Class>,
    registered: bool,
    standing: Standing,
    url: String,
    treat_as: CodeId,
    unassigned_range: (u16, u16),
    previous: Option<CodeId>,
    next: Option<CodeId>,
}

impl Serialize for UnassignedCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (previous, next) = catalog().neighbours(self.id.number());
        UnassignedJson {
            id: self.id,
            code: self.id.number(),
            substatus: None,
            vendor: None,
            name: "Unassigned",
            class: self.id.class(),
            registered: false,
            standing: Standing::Unassigned,
            url: self.id.path(),
            treat_as: self.treat_as(),
            unassigned_range: self.range(),
            previous: previous.map(|code| code.id),
            next: next.map(|code| code.id),
        }
        .serialize(serializer)
    }
}
