//! The JSON of codes. Its keys are a promise: they never change their meaning.

mod vendor;

use serde::{Serialize, Serializer};

pub use self::vendor::VendorNumber;
use self::vendor::{ExampleJson, OwnerJson};
use crate::{
    Cache, Class, Code, CodeId, Facts, FieldRule, Fixes, Happening, Presence, Question,
    RedirectMethod, Since, Source, Standing, Text, UnassignedCode, Vendor, Wire, catalog,
};

#[derive(Serialize)]
struct CodeJson<'a, FixesJson> {
    id: CodeId,
    code: u16,
    substatus: Option<u16>,
    vendor: Option<&'static str>,
    name: &'a str,
    known_as: Option<&'a str>,
    former_names: Vec<FormerNameJson<'a>>,
    emoji: Option<&'a str>,
    class: Option<Class>,
    registered: bool,
    standing: Standing,
    url: String,
    notice: Option<Text>,
    summary: &'a str,
    meaning: Text,
    definition: Option<Text>,
    plain_english: Option<Text>,
    misinterpretation: Option<Text>,
    rfc: Option<RfcJson<'a>>,
    causes: Vec<Text>,
    fixes: FixesJson,
    example: ExampleJson<'a>,
    facts: Option<FactsJson<'a>>,
    wire: Option<Wire>,
    instead: Option<u16>,
    owners: Vec<OwnerJson<'a>>,
    namesakes: Vec<CodeId>,
    snippets: [(); 0],
    faq: &'a [Question],
    compare: Vec<CodeId>,
    playground: Option<Happening>,
    previous: Option<CodeId>,
    next: Option<CodeId>,
    sources: Vec<&'a Source>,
    updated: Option<&'a str>,
    #[serde(flatten)]
    entry: Option<EntryJson<'a>>,
}

/// What only entries of IIS have.
#[derive(Serialize)]
struct EntryJson<'a> {
    area: Option<&'a str>,
    win32: Option<&'a str>,
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
            vendor: self.id.vendor().map(Vendor::slug),
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
            emoji: Some(self.emoji),
            class: self.id.class(),
            registered: !matches!(self.standing, Standing::Vendor | Standing::Unassigned),
            standing: self.standing,
            url: self.id.path(),
            notice: self.notice,
            summary: self.summary,
            meaning: self.meaning,
            definition: Some(self.definition),
            plain_english: Some(self.plain_english),
            misinterpretation: Some(self.misinterpretation),
            rfc: Some(RfcJson {
                number: number.map_or(RfcNumber::Draft(self.rfc.document), RfcNumber::Rfc),
                section: self.rfc.section,
                title: self.rfc.title,
                url: self.rfc.url,
                quote: self.rfc.quote,
            }),
            causes: self.causes.to_vec(),
            fixes: Fixes {
                caller: self.fixes.caller,
                operator: self.fixes.operator,
            },
            example: ExampleJson::of(&self.example),
            facts: Some(FactsJson::from(&self.facts)),
            wire: None,
            instead: None,
            owners: Vec::new(),
            namesakes: catalog().namesakes(self.id),
            snippets: [],
            faq: self.faq,
            compare: self
                .compare
                .iter()
                .map(|comparison| comparison.id)
                .collect(),
            playground: Some(self.happening()),
            previous: previous.map(|code| code.id),
            next: next.map(|code| code.id),
            sources: self.sources.iter().collect(),
            updated: Some(self.updated),
            entry: None,
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
    class: Option<Class>,
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
            class: code.id.class(),
            vendor: None,
            standing: code.standing,
            summary: code.summary,
            url: code.id.path(),
        }
    }
}

impl Row {
    fn vendor(id: CodeId, name: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            code: id.number(),
            name,
            class: id.class(),
            vendor: id.vendor().map(Vendor::slug),
            standing: Standing::Vendor,
            summary,
            url: id.path(),
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
    namesakes: Vec<CodeId>,
    previous: Option<CodeId>,
    next: Option<CodeId>,
}

impl From<UnassignedCode> for UnassignedJson {
    fn from(code: UnassignedCode) -> Self {
        let (previous, next) = catalog().neighbours(code.id.number());
        Self {
            id: code.id,
            code: code.id.number(),
            substatus: None,
            vendor: None,
            name: "Unassigned",
            class: code.id.class(),
            registered: false,
            standing: Standing::Unassigned,
            url: code.id.path(),
            treat_as: code.treat_as(),
            unassigned_range: code.range(),
            namesakes: catalog().namesakes(code.id),
            previous: previous.map(|code| code.id),
            next: next.map(|code| code.id),
        }
    }
}

impl Serialize for UnassignedCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        UnassignedJson::from(*self).serialize(serializer)
    }
}
