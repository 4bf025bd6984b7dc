//! The JSON of codes outside the registry: the keys of a registered code, with nothing where a vendor has nothing.

use serde::{Serialize, Serializer};

use super::{CodeJson, EntryJson, FactsJson, Row, UnassignedJson};
use crate::{
    CodeId, Fixes, Happening, Meaning, Owner, Sample, Source, Standing, Substatus, Text,
    UnassignedCode, Vendor, VendorCode, catalog,
};

/// What an owner says, in the JSON of its code.
#[derive(Serialize)]
pub(super) struct OwnerJson<'a> {
    vendor: &'a str,
    title: &'a str,
    name: &'a str,
    wire: &'a str,
    instead: Option<u16>,
    seen: Text,
    measured: Option<Text>,
    unverified: Option<Text>,
    causes: &'a [Text],
    check: &'a [Text],
    recorded: Text,
    example: ExampleJson<'a>,
    settings: &'a [crate::Setting],
    sources: &'a [Source],
}

#[derive(Serialize)]
pub(super) struct ExampleJson<'a> {
    request: Option<&'a str>,
    response: Option<&'a str>,
    final_response: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<&'a str>,
}

impl<'a> ExampleJson<'a> {
    pub(super) const fn of(example: &'a crate::Example) -> Self {
        Self {
            request: Some(example.request),
            response: Some(example.response),
            final_response: example.final_response,
            log: None,
        }
    }

    const fn sample(sample: Option<Sample>) -> Self {
        Self {
            request: None,
            response: match sample {
                Some(sample) => sample.response(),
                None => None,
            },
            final_response: None,
            log: match sample {
                Some(sample) => sample.log(),
                None => None,
            },
        }
    }
}

impl<'a> From<&'a Owner> for OwnerJson<'a> {
    fn from(owner: &'a Owner) -> Self {
        Self {
            vendor: owner.vendor,
            title: owner.title,
            name: owner.name,
            wire: owner.wire.word(),
            instead: owner.wire.instead(),
            seen: owner.seen,
            measured: owner.measured,
            unverified: owner.unverified,
            causes: owner.causes,
            check: owner.check,
            recorded: owner.recorded,
            example: ExampleJson::sample(Some(owner.example)),
            settings: owner.settings,
            sources: owner.sources,
        }
    }
}

impl VendorCode {
    /// How it is made to happen, if a client can ever receive it.
    pub fn happening(&self) -> Option<Happening> {
        let owner = self
            .owners
            .iter()
            .find(|owner| owner.wire == crate::Wire::Sent)?;
        let number = self.id.number();
        Some(Happening {
            path: format!("/play/status/{number}"),
            builder: format!("/playground?code={number}"),
            seen: owner.seen,
        })
    }

    /// The documents of all owners, each once.
    pub fn sources(&self) -> Vec<&'static Source> {
        let mut sources: Vec<&'static Source> = Vec::new();
        for source in self.owners.iter().flat_map(|owner| owner.sources) {
            if sources.iter().all(|other| other.url != source.url) {
                sources.push(source);
            }
        }
        sources
    }
}

impl Serialize for VendorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (previous, next) = catalog().shelf_neighbours(self.id);
        let wire = self.wire();
        // A registered number keeps the facts of its registration, whoever sends it.
        let facts = catalog()
            .number(self.id.number())
            .filter(|_| wire == crate::Wire::Sent)
            .map(|code| FactsJson::from(&code.facts));
        let shown = self
            .owners
            .iter()
            .find(|owner| owner.wire == wire)
            .map(|owner| owner.example);
        CodeJson {
            id: self.id,
            code: self.id.number(),
            substatus: None,
            vendor: self.id.vendor().map(Vendor::slug),
            name: self.name,
            known_as: None,
            former_names: Vec::new(),
            emoji: Some(self.emoji),
            class: self.class(),
            registered: false,
            standing: Standing::Vendor,
            url: self.id.path(),
            notice: None,
            summary: self.summary,
            meaning: self.meaning,
            definition: Some(self.definition),
            plain_english: Some(self.plain_english),
            misinterpretation: Some(self.misinterpretation),
            rfc: None,
            causes: self
                .owners
                .iter()
                .flat_map(|owner| owner.causes)
                .copied()
                .collect(),
            fixes: Fixes {
                caller: self.fixes.caller,
                operator: self.fixes.operator,
            },
            example: ExampleJson::sample(shown),
            facts,
            wire: Some(wire),
            instead: wire.instead(),
            owners: self.owners.iter().map(OwnerJson::from).collect(),
            namesakes: catalog().namesakes(self.id),
            snippets: [],
            faq: self.faq,
            compare: self.compare.iter().map(|one| one.id).collect(),
            playground: self.happening(),
            previous: previous.map(|code| code.id),
            next: next.map(|code| code.id),
            sources: self.sources(),
            updated: Some(self.updated),
            entry: None,
        }
        .serialize(serializer)
    }
}

/// As [`Fixes`], of what is not static.
#[derive(Serialize)]
struct EntryFixes<'a> {
    caller: &'a [Text],
    operator: &'a [Text],
}

impl Serialize for Substatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = catalog().substatus_codes();
        let at = all.partition_point(|other| other.id < self.id);
        let caller: &'static [Text] = &[];
        let fixes = [self.help];
        CodeJson {
            id: self.id,
            code: self.id.number(),
            substatus: self.id.substatus(),
            vendor: self.id.vendor().map(Vendor::slug),
            name: self.name,
            known_as: None,
            former_names: Vec::new(),
            emoji: None,
            class: self.id.class(),
            registered: false,
            standing: Standing::Vendor,
            url: self.id.path(),
            notice: self.note,
            summary: self.meaning.plain(),
            meaning: self.meaning,
            definition: None,
            plain_english: None,
            misinterpretation: None,
            rfc: None,
            causes: vec![self.usual],
            fixes: EntryFixes {
                caller,
                operator: &fixes,
            },
            example: ExampleJson::sample(None),
            facts: None,
            // RFC 9110 §15: a status code has three digits; what stands behind the dot stays in the log and on local error pages.
            wire: Some(crate::Wire::Other(self.id.number())),
            instead: Some(self.id.number()),
            owners: Vec::new(),
            namesakes: catalog().namesakes(self.id),
            snippets: [],
            faq: &[],
            compare: Vec::new(),
            playground: None,
            previous: at.checked_sub(1).map(|index| all[index].id),
            next: all.get(at + 1).map(|entry| entry.id),
            sources: self.source.iter().collect(),
            updated: None,
            entry: Some(EntryJson {
                area: self.area,
                win32: self.win32,
            }),
        }
        .serialize(serializer)
    }
}

/// A number that only vendors use: no registration, and one meaning or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VendorNumber {
    pub(crate) code: UnassignedCode,
}

impl VendorNumber {
    /// The number, as the registry sees it.
    pub const fn unassigned(self) -> UnassignedCode {
        self.code
    }

    /// What vendors use it for.
    pub fn codes(self) -> impl Iterator<Item = &'static VendorCode> {
        catalog().vendor_codes_of(self.code.id.number())
    }
}

impl Serialize for VendorNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json {
            #[serde(flatten)]
            number: UnassignedJson,
            question: Option<Text>,
            lead: Option<Text>,
            meanings: Vec<MeaningJson>,
        }
        let told = catalog().meanings(self.code.id.number());
        let owners = self
            .codes()
            .flat_map(|code| code.owners.iter().map(move |owner| (code.id, owner)));
        Json {
            number: UnassignedJson::from(self.code),
            question: told.map(|told| told.question),
            lead: told.map(|told| told.lead),
            meanings: owners
                .map(|(id, owner)| MeaningJson {
                    id,
                    owner: owner.title,
                    name: owner.name,
                    wire: owner.wire.word(),
                    instead: owner.wire.instead(),
                    answer: told
                        .and_then(|told| told.of(id, owner))
                        .map(|one| one.answer),
                })
                .collect(),
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct MeaningJson {
    id: CodeId,
    owner: &'static str,
    name: &'static str,
    wire: &'static str,
    instead: Option<u16>,
    answer: Option<Text>,
}

impl crate::Meanings {
    /// What tells an owner's meaning of the number from the others: by the owner's name, or because its code has no other.
    pub fn of(&self, id: CodeId, owner: &Owner) -> Option<&'static Meaning> {
        let mut same = self.meanings.iter().filter(|one| one.id == id);
        let named = same
            .clone()
            .find(|one| one.owner == owner.title || one.owner == owner.vendor);
        let only = same.next().filter(|_| same.next().is_none());
        named.or(only)
    }
}

impl From<&'static VendorCode> for Row {
    fn from(code: &'static VendorCode) -> Self {
        Self::vendor(code.id, code.name, code.summary)
    }
}

impl From<&'static Substatus> for Row {
    fn from(entry: &'static Substatus) -> Self {
        Self::vendor(entry.id, entry.name, entry.meaning.plain())
    }
}
