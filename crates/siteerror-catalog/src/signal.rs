//! Words of logs and headers that are no status codes, and faults as proxies report them.

use serde::{Serialize, Serializer};

use crate::{Source, Text};

/// The words of one vendor: termination states, response flags, error codes.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct SignalFamily {
    /// The word in addresses, such as `haproxy`.
    #[serde(rename = "family")]
    pub slug: &'static str,
    /// What they are called.
    pub title: &'static str,
    /// In which field of a log, header or page they stand.
    #[serde(rename = "where")]
    pub place: Text,
    /// How to read them.
    pub read: Text,
    /// A line that has one.
    pub sample: &'static str,
    /// The words.
    pub entries: &'static [Signal],
}

impl SignalFamily {
    /// The path of its page.
    pub fn path(&self) -> String {
        format!("/signals/{}", self.slug)
    }
}

/// A word of a log: a short entry.
#[derive(Debug)]
#[non_exhaustive]
pub struct Signal {
    /// The word of its family in addresses.
    pub family: &'static str,
    /// As it stands in the log.
    pub key: &'static str,
    /// Its place on the family's page.
    pub anchor: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The status that it usually goes with, in words; empty where there is none.
    pub status: &'static str,
    /// What it means.
    pub meaning: Text,
    /// What really produces it.
    pub causes: &'static [Text],
    /// What to look at next.
    pub check: Text,
    /// Ways in which people search for it.
    pub said: &'static [&'static str],
    /// What is not proven.
    pub unverified: Option<Text>,
    /// Where this is written.
    pub source: Source,
}

impl Signal {
    /// Its identity, such as `haproxy/sC--`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.family, self.key)
    }

    /// The address of its entry.
    pub fn href(&self) -> String {
        format!("/signals/{}#{}", self.family, self.anchor)
    }
}

impl Serialize for Signal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Json<'a> {
            id: String,
            family: &'a str,
            key: &'a str,
            name: &'a str,
            status: Option<&'a str>,
            meaning: Text,
            causes: &'a [Text],
            check: Text,
            unverified: Option<Text>,
            url: String,
            source: &'a Source,
        }
        Json {
            id: self.id(),
            family: self.family,
            key: self.key,
            name: self.name,
            status: Some(self.status).filter(|status| !status.is_empty()),
            meaning: self.meaning,
            causes: self.causes,
            check: self.check,
            unverified: self.unverified,
            url: self.href(),
            source: &self.source,
        }
        .serialize(serializer)
    }
}

/// A fault between a proxy and what is behind or in front of it, with what each proxy makes of it.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct ProxyFault {
    /// The word in addresses.
    pub slug: &'static str,
    /// The fault as it was played when it was measured.
    pub row: &'static str,
    /// What breaks.
    pub title: &'static str,
    /// One emoji.
    pub emoji: &'static str,
    /// What breaks, in one or two sentences.
    pub summary: Text,
    /// What the client sees.
    pub client: Text,
    /// How to recognise it.
    pub tell: Text,
    /// What to do.
    pub mend: &'static [Text],
    /// What each proxy sends and writes down.
    pub cells: &'static [FaultCell],
}

impl ProxyFault {
    /// The address of its section.
    pub fn href(&self) -> String {
        format!("/faults#{}", self.slug)
    }
}

/// What one proxy makes of a fault.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct FaultCell {
    /// Name and version.
    pub proxy: &'static str,
    /// What the client gets.
    pub sent: &'static str,
    /// What the log shows.
    pub logged: &'static str,
    /// What else is worth knowing.
    pub note: Option<Text>,
    /// Whether it was measured; otherwise a document says so.
    pub measured: bool,
}
