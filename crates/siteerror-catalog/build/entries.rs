//! The short entries in TOML: substatus codes of IIS, words of logs, faults seen through proxies, numbers with several meanings.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::front::Source;
use super::reader::{Mistake, line_at, line_of};
use super::words;

/// `content/substatus/<code>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubstatusFile {
    pub(crate) entry: Vec<SubstatusEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubstatusEntry {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) area: Option<String>,
    pub(crate) meaning: String,
    pub(crate) usual: String,
    pub(crate) help: String,
    pub(crate) win32: Option<String>,
    pub(crate) said: Vec<String>,
    pub(crate) note: Option<String>,
    /// None where nothing is published; then the note says what is not known.
    pub(crate) source: Option<Source>,
}

impl SubstatusEntry {
    /// Number and substatus.
    pub(crate) fn numbers(&self) -> Option<(u16, u16)> {
        let (code, substatus) = self.code.split_once('.')?;
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if code.len() != 3 || !is_number(code) || !is_number(substatus) {
            return None;
        }
        Some((code.parse().ok()?, substatus.parse().ok()?))
    }
}

/// `content/signals/<family>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FamilyFile {
    pub(crate) family: String,
    pub(crate) title: String,
    #[serde(rename = "where")]
    pub(crate) place: String,
    pub(crate) read: String,
    pub(crate) sample: String,
    pub(crate) entry: Vec<SignalEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalEntry {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) meaning: String,
    #[serde(default)]
    pub(crate) causes: Vec<String>,
    pub(crate) check: String,
    pub(crate) said: Vec<String>,
    pub(crate) unverified: Option<String>,
    pub(crate) source: Source,
}

impl SignalEntry {
    /// The key as the name of a place on a page.
    pub(crate) fn anchor(&self) -> String {
        let keeps = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        self.key
            .chars()
            .map(|c| if keeps(c) { c } else { '_' })
            .collect()
    }
}

/// `content/faults/<slug>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultFile {
    pub(crate) slug: String,
    pub(crate) row: String,
    pub(crate) title: String,
    pub(crate) emoji: String,
    pub(crate) summary: String,
    pub(crate) client: String,
    pub(crate) tell: String,
    pub(crate) mend: Vec<String>,
    pub(crate) cell: Vec<FaultCell>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultCell {
    pub(crate) proxy: String,
    pub(crate) sent: String,
    pub(crate) logged: String,
    pub(crate) note: Option<String>,
    #[serde(default = "yes")]
    pub(crate) measured: bool,
}

fn yes() -> bool {
    true
}

/// `content/numbers/<code>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberFile {
    pub(crate) code: u16,
    pub(crate) question: String,
    pub(crate) lead: String,
    pub(crate) meaning: Vec<MeaningEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeaningEntry {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) answer: String,
}

/// A file in TOML, read and checked.
pub(crate) trait Entries: DeserializeOwned {
    /// What stands in it with markup, and is not empty. Names and lines of logs have none.
    fn phrases(&self) -> Vec<&str>;
    /// The first mistake: what stands at its place, and what is wrong.
    fn mistake(&self, stem: &str) -> Option<(String, String)>;
}

/// Reads a file.
///
/// # Errors
///
/// The first mistake.
pub(crate) fn entries<File: Entries>(path: &Path, text: &str) -> Result<File, Mistake> {
    let mistake = |line, what: String| Mistake {
        file: path.to_owned(),
        line,
        what,
    };
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        mistake(line, error.message().to_owned())
    })?;
    for phrase in file.phrases() {
        match words::plain(phrase) {
            Ok(plain) if plain.is_empty() => {
                return Err(mistake(1, "an entry has an empty text".to_owned()));
            }
            Ok(_) => {}
            Err(what) => return Err(mistake(line_of(text, phrase), what)),
        }
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    match file.mistake(stem.unwrap_or_default()) {
        Some((needle, what)) => Err(mistake(line_of(text, &needle), what)),
        None => Ok(file),
    }
}

fn source_mistake(source: &Source) -> Option<(String, String)> {
    (!source.url.starts_with("https://")).then(|| {
        (
            source.url.clone(),
            format!("`{}` is not an https address", source.url),
        )
    })
}

impl Entries for SubstatusFile {
    fn phrases(&self) -> Vec<&str> {
        self.entry
            .iter()
            .flat_map(|one| {
                [
                    Some(&one.meaning),
                    Some(&one.usual),
                    Some(&one.help),
                    one.note.as_ref(),
                ]
            })
            .flatten()
            .map(String::as_str)
            .collect()
    }

    fn mistake(&self, stem: &str) -> Option<(String, String)> {
        let mut seen = BTreeSet::new();
        self.entry.iter().find_map(|one| {
            let quoted = format!("\"{}\"", one.code);
            let Some(numbers) = one.numbers() else {
                return Some((
                    quoted,
                    format!("`{}` is no code with a substatus", one.code),
                ));
            };
            if numbers.0.to_string() != stem {
                return Some((quoted, format!("`{}` belongs into another file", one.code)));
            }
            if !seen.insert(numbers) {
                return Some((quoted, format!("`{}` stands twice", one.code)));
            }
            if one.source.is_none() && one.note.is_none() {
                let what = "an entry without a source needs a note that says so".to_owned();
                return Some((quoted, what));
            }
            one.source.as_ref().and_then(source_mistake)
        })
    }
}

impl Entries for FamilyFile {
    fn phrases(&self) -> Vec<&str> {
        let head = [&self.place, &self.read];
        let entries = self.entry.iter().flat_map(|one| {
            [
                Some(&one.meaning),
                Some(&one.check),
                one.unverified.as_ref(),
            ]
            .into_iter()
            .flatten()
            .chain(&one.causes)
        });
        head.into_iter()
            .chain(entries)
            .map(String::as_str)
            .collect()
    }

    fn mistake(&self, stem: &str) -> Option<(String, String)> {
        if self.family != stem {
            return Some((
                "family".to_owned(),
                "`family` and the file's name differ".to_owned(),
            ));
        }
        let mut seen = BTreeSet::new();
        self.entry.iter().find_map(|one| {
            let quoted = format!("\"{}\"", one.key);
            if one.key.is_empty() || one.key.contains(['/', '?', '#']) {
                return Some((quoted, format!("`{}` cannot be a key", one.key)));
            }
            if !seen.insert(one.anchor()) {
                return Some((
                    quoted,
                    format!(
                        "`{}` stands twice, or looks like another key in an address",
                        one.key
                    ),
                ));
            }
            source_mistake(&one.source)
        })
    }
}

impl Entries for FaultFile {
    fn phrases(&self) -> Vec<&str> {
        let notes = self.cell.iter().filter_map(|cell| cell.note.as_ref());
        [&self.summary, &self.client, &self.tell]
            .into_iter()
            .chain(&self.mend)
            .chain(notes)
            .map(String::as_str)
            .collect()
    }

    fn mistake(&self, stem: &str) -> Option<(String, String)> {
        if self.slug != stem {
            return Some((
                "slug".to_owned(),
                "`slug` and the file's name differ".to_owned(),
            ));
        }
        let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.slug.is_empty() || !self.slug.chars().all(is_slug) {
            return Some((
                "slug".to_owned(),
                "`slug` has letters, digits and hyphens".to_owned(),
            ));
        }
        if self.cell.is_empty() {
            return Some(("slug".to_owned(), "at least one `[[cell]]`".to_owned()));
        }
        None
    }
}

impl Entries for NumberFile {
    fn phrases(&self) -> Vec<&str> {
        let answers = self.meaning.iter().map(|meaning| &meaning.answer);
        [&self.question, &self.lead]
            .into_iter()
            .chain(answers)
            .map(String::as_str)
            .collect()
    }

    fn mistake(&self, stem: &str) -> Option<(String, String)> {
        if self.code.to_string() != stem || stem.len() != 3 {
            return Some((
                "code".to_owned(),
                "`code` and the file's name differ".to_owned(),
            ));
        }
        let wrong = self
            .meaning
            .iter()
            .find(|meaning| super::emit_id(&meaning.id).is_none())?;
        Some((
            format!("\"{}\"", wrong.id),
            format!("`{}` is no identity of a code", wrong.id),
        ))
    }
}
