//! The front matter of a content file: facts and sources, as TOML.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeFront {
    pub(crate) code: u16,
    pub(crate) name: String,
    pub(crate) known_as: Option<String>,
    pub(crate) standing: Standing,
    pub(crate) emoji: String,
    pub(crate) cell: String,
    pub(crate) weight: Weight,
    pub(crate) said: Vec<String>,
    pub(crate) updated: toml::value::Datetime,
    #[serde(default)]
    pub(crate) former_names: Vec<FormerName>,
    pub(crate) rfc: Quotation,
    pub(crate) facts: Facts,
    pub(crate) compare: Vec<Compare>,
    pub(crate) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassFront {
    pub(crate) class: u16,
    pub(crate) rfc_section: String,
    pub(crate) updated: toml::value::Datetime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    Registered,
    Temporary,
    Deprecated,
    Unused,
    Obsoleted,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Weight {
    Often,
    Known,
    Rare,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormerName {
    pub(crate) name: String,
    pub(crate) used_in: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quotation {
    pub(crate) document: String,
    pub(crate) section: String,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) quote: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    pub(crate) heuristically_cacheable: bool,
    pub(crate) cache: Cache,
    pub(crate) cache_source: String,
    pub(crate) content: Presence,
    pub(crate) content_source: String,
    pub(crate) retry: String,
    pub(crate) retry_source: String,
    pub(crate) methods: Option<String>,
    pub(crate) methods_source: Option<String>,
    pub(crate) redirect_method: Option<RedirectMethod>,
    pub(crate) redirect_method_source: Option<String>,
    pub(crate) since: Since,
    #[serde(default)]
    pub(crate) required_fields: Vec<FieldRule>,
    #[serde(default)]
    pub(crate) forbidden_fields: Vec<FieldRule>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cache {
    Heuristic,
    ExplicitOnly,
    MustNotStore,
    Never,
    Special,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Presence {
    Forbidden,
    Optional,
    Expected,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RedirectMethod {
    Preserve,
    MayChangeToGet,
    ToGet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    pub(crate) year: u16,
    pub(crate) rfc: String,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldRule {
    pub(crate) field: String,
    pub(crate) level: Level,
    #[serde(default = "yes")]
    pub(crate) normative_keyword: bool,
    pub(crate) when: Option<String>,
    pub(crate) source: String,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Level {
    #[serde(rename = "MUST")]
    Must,
    #[serde(rename = "MUST NOT")]
    MustNot,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    #[serde(rename = "MAY")]
    May,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compare {
    pub(crate) id: String,
    pub(crate) how: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) title: String,
    pub(crate) url: String,
}

/// The front matter of `content/vendors/<shelf>/<code>.md`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VendorFront {
    pub(crate) shelf: Shelf,
    pub(crate) code: u16,
    pub(crate) name: String,
    pub(crate) emoji: String,
    pub(crate) cell: String,
    pub(crate) weight: Weight,
    pub(crate) said: Vec<String>,
    pub(crate) updated: toml::value::Datetime,
    pub(crate) owners: Vec<OwnerFront>,
    pub(crate) compare: Vec<Compare>,
}

/// The shelves; their `Debug` is the name of the variant in `src/id.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shelf {
    Nginx,
    Cloudflare,
    AwsElb,
    Iis,
    Other,
}

impl Shelf {
    pub(crate) const ALL: [(Self, &'static str); 5] = [
        (Self::Nginx, "nginx"),
        (Self::Cloudflare, "cloudflare"),
        (Self::AwsElb, "aws-elb"),
        (Self::Iis, "iis"),
        (Self::Other, "other"),
    ];

    pub(crate) fn named(slug: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name)| *name == slug);
        found.map(|(shelf, _)| *shelf)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnerFront {
    pub(crate) vendor: String,
    pub(crate) title: String,
    pub(crate) name: String,
    pub(crate) wire: WireWord,
    pub(crate) instead: Option<u16>,
    pub(crate) seen: String,
    pub(crate) measured: Option<String>,
    pub(crate) unverified: Option<String>,
    #[serde(default)]
    pub(crate) settings: Vec<Setting>,
    pub(crate) sources: Vec<Source>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WireWord {
    Sent,
    LogOnly,
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) default: String,
    pub(crate) effect: String,
    pub(crate) as_of: String,
    pub(crate) source: String,
}
