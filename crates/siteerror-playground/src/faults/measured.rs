//! What real clients made of the faults and of interim responses, as `tests/clients` has measured it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The measurement. It is generated, and never edited by hand.
#[derive(Debug, Default, Deserialize)]
struct Measurement {
    measured: Option<String>,
    #[serde(default)]
    clients: Vec<Client>,
    #[serde(default)]
    faults: Found,
    #[serde(default)]
    interims: Found,
}

/// What each client made of each answer, by the names of both.
type Found = BTreeMap<String, BTreeMap<String, Finding>>;

/// A client that was asked.
#[derive(Debug, Deserialize)]
struct Client {
    id: String,
    name: String,
    version: String,
}

/// What one client made of one fault.
#[derive(Debug, Clone, Deserialize)]
struct Finding {
    verdict: String,
    status: Option<u16>,
    content_bytes: Option<u64>,
    error_kind: Option<String>,
    error_text: Option<String>,
    #[serde(default)]
    interims: Vec<u16>,
}

/// A row of the table on a fault's page.
#[derive(Debug, Serialize)]
pub(crate) struct Seen {
    /// The client's name.
    pub(crate) client: &'static str,
    pub(crate) version: &'static str,
    /// The word of the measurement.
    pub(crate) verdict: &'static str,
    /// What the word says.
    pub(crate) means: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// How much of it the caller got, decoded if the client decodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_text: Option<&'static str>,
    /// The interim responses that the caller can see.
    #[serde(skip_serializing_if = "<[u16]>::is_empty")]
    pub(crate) interims: &'static [u16],
}

impl Seen {
    /// What the caller gets, in one phrase with its numbers.
    pub(crate) fn outcome(&self) -> String {
        let bytes = self.content_bytes.map(|bytes| match bytes {
            1 => "1 byte".to_owned(),
            _ => format!("{bytes} bytes"),
        });
        match (self.status, bytes) {
            (Some(status), Some(bytes)) => format!("{} ({status}, {bytes})", self.means),
            (None, Some(bytes)) => format!("{} ({bytes})", self.means),
            (Some(status), None) => format!("{}, after the status {status}", self.means),
            (None, None) => self.means.to_owned(),
        }
    }

    /// What to say of the error beside its kind: the client's own words, unless they only repeat it. A browser shows a page and names an error elsewhere.
    pub(crate) fn words(&self) -> &'static str {
        match (self.error_kind, self.error_text) {
            (Some(_), None) if self.content_bytes.is_some() => "in its developer tools only",
            (Some(kind), Some(text)) if kind == text => "",
            (_, text) => text.unwrap_or_default(),
        }
    }
}

/// As text has it: a line for the outcome, and one for the error if there is one.
impl std::fmt::Display for Seen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let outcome = self.outcome();
        write!(formatter, "{}, {}: {outcome}", self.client, self.version)?;
        match (self.error_kind, self.words()) {
            (None, _) => Ok(()),
            (Some(kind), "") => write!(formatter, "\n    {kind}"),
            (Some(kind), words) => write!(formatter, "\n    {kind}: {words}"),
        }
    }
}

static MEASUREMENT: LazyLock<Measurement> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../content/clients.json")).unwrap_or_default()
});

/// The day of the measurement; none if there has not been one.
pub(crate) fn measured() -> Option<&'static str> {
    MEASUREMENT.measured.as_deref()
}

/// How many clients were asked.
pub(crate) fn clients() -> usize {
    MEASUREMENT.clients.len()
}

/// What each client made of a fault, in the order of the measurement. Clients that could not be asked are left out.
pub(crate) fn seen(fault: &str) -> Vec<Seen> {
    found(&MEASUREMENT.faults, fault, means)
}

/// The same of a pattern of interim responses.
pub(crate) fn seen_of_interims(pattern: &str) -> Vec<Seen> {
    found(&MEASUREMENT.interims, pattern, means_of_interims)
}

fn found(table: &'static Found, name: &str, means: fn(&Finding) -> &'static str) -> Vec<Seen> {
    let Some(found) = table.get(name) else {
        return Vec::new();
    };
    MEASUREMENT
        .clients
        .iter()
        .filter_map(|client| {
            let finding = found.get(&client.id)?;
            Some(Seen {
                client: &client.name,
                version: &client.version,
                verdict: &finding.verdict,
                means: means(finding),
                status: finding.status,
                content_bytes: finding.content_bytes,
                error_kind: finding.error_kind.as_deref(),
                error_text: finding.error_text.as_deref(),
                interims: &finding.interims,
            })
        })
        .collect()
}

/// What a finding about a fault says, for readers.
fn means(finding: &Finding) -> &'static str {
    match (finding.verdict.as_str(), finding.error_kind.as_deref()) {
        // node:http ends an upgrade that nobody listens for like this.
        ("refused", Some("close")) => "nothing: the request just ends",
        ("refused", _) => "an error",
        ("accepted", _) => "a whole response, without a word about the fault",
        ("accepted-cut", _) => "the part that came, and no error",
        ("undecoded", _) => "the bytes as sent: it leaves codings to its caller",
        ("misread", _) => "an interim response, as if it were the final one",
        ("timeout", _) => "no end within 5 seconds",
        ("correct", _) => "a whole response, as is right",
        _ => "not the same each time",
    }
}

/// What a finding about interim responses says.
fn means_of_interims(finding: &Finding) -> &'static str {
    match finding.verdict.as_str() {
        "shown" => "every interim response, and then the final one",
        "shown-part" => "some of the interim responses, and the final one",
        "hidden" => "the final response alone",
        _ => means(finding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(verdict: &str, error_kind: Option<&str>) -> Finding {
        Finding {
            verdict: verdict.to_owned(),
            status: None,
            content_bytes: None,
            error_kind: error_kind.map(str::to_owned),
            error_text: None,
            interims: Vec::new(),
        }
    }

    #[test]
    fn an_outcome_is_said_with_what_is_known_of_it() {
        let seen = |verdict: &'static str, status, content_bytes, error_kind, error_text| Seen {
            client: "a client",
            version: "1",
            verdict,
            means: means(&finding(verdict, error_kind)),
            status,
            content_bytes,
            error_kind,
            error_text,
            interims: &[],
        };
        for (seen, expected) in [
            (
                seen("refused", None, None, Some("Bad"), Some("no")),
                "an error\n    Bad: no",
            ),
            (
                seen("refused", Some(200), None, Some("Bad"), Some("Bad")),
                "an error, after the status 200\n    Bad",
            ),
            (
                seen("accepted-cut", Some(200), Some(1), Some("Bad"), None),
                "the part that came, and no error (200, 1 byte)\n    Bad: in its developer tools only",
            ),
            (
                seen("correct", Some(204), Some(0), None, None),
                "a whole response, as is right (204, 0 bytes)",
            ),
            (
                seen(
                    "refused",
                    None,
                    None,
                    Some("close"),
                    Some("closed, without"),
                ),
                "nothing: the request just ends\n    close: closed, without",
            ),
            (
                seen("timeout", None, None, None, None),
                "no end within 5 seconds",
            ),
        ] {
            assert_eq!(seen.to_string(), format!("a client, 1: {expected}"));
        }
    }

    #[test]
    fn each_verdict_has_words_of_its_own() {
        let words = [
            "refused",
            "accepted",
            "accepted-cut",
            "undecoded",
            "misread",
            "timeout",
            "correct",
            "varies",
        ];
        let said: std::collections::BTreeSet<&str> = words
            .into_iter()
            .map(|word| means(&finding(word, None)))
            .collect();
        assert_eq!(said.len(), words.len());
        for word in ["shown", "shown-part", "hidden"] {
            let of_interims = means_of_interims(&finding(word, None));
            assert!(!said.contains(of_interims), "{word}");
        }
    }
}
