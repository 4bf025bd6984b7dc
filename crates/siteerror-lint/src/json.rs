//! The JSON of findings, which is a promise: names of keys never change, new ones may be added.

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use crate::finding::Finding;
use crate::rule::Rule;

impl Serialize for Finding {
    /// `rule`, `severity`, `hop`, `field`, `ref` (the first source), `text`, `bytes` (where it stands in what was received, from the first byte to the one after
    /// the last).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("Finding", 7)?;
        row.serialize_field("rule", self.rule.id)?;
        row.serialize_field("severity", self.rule.severity.name())?;
        row.serialize_field("hop", &self.hop)?;
        row.serialize_field("field", &self.place.field)?;
        row.serialize_field("ref", &self.rule.sources.first().map(|source| source.title))?;
        row.serialize_field("text", &self.text)?;
        let bytes = self.place.bytes.as_ref();
        row.serialize_field("bytes", &bytes.map(|bytes| (bytes.start, bytes.end)))?;
        row.end()
    }
}

impl Serialize for Rule {
    /// `rule`, `href`, `title`, `group`, `severity`, `level`, `heuristic`, `draft`, `aliases`, `sources` (`title`, `url`).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Source {
            title: &'static str,
            url: &'static str,
        }
        let sources: Vec<Source> = self
            .sources
            .iter()
            .map(|source| Source {
                title: source.title,
                url: source.url,
            })
            .collect();
        let mut row = serializer.serialize_struct("Rule", 10)?;
        row.serialize_field("rule", self.id)?;
        row.serialize_field("href", &self.href())?;
        row.serialize_field("title", self.title)?;
        row.serialize_field("group", self.group.name())?;
        row.serialize_field("severity", self.severity.name())?;
        row.serialize_field("level", self.level.name())?;
        row.serialize_field("heuristic", &self.heuristic)?;
        row.serialize_field("draft", &self.draft)?;
        row.serialize_field("aliases", self.aliases)?;
        row.serialize_field("sources", &sources)?;
        row.end()
    }
}
