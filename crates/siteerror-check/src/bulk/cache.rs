//! What earlier runs found good, so that it is not asked again too soon. A URL stands in the file as a hash: secrets in it are not written down.

use std::collections::HashMap;
use std::io::{BufRead, Write};

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Outgoing;
use crate::chain::shown;
use crate::report::{Recalled, Report};

/// The first half of a SHA-256: enough that no two URLs meet.
type Name = [u8; 16];

/// Good results of earlier runs.
#[derive(Debug)]
pub struct Cache {
    max_age_s: i64,
    known: HashMap<Name, Entry, RandomState>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    at: i64,
    status: u16,
    final_url: String,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    url_sha256: String,
    at: i64,
    status: u16,
    final_url: String,
}

/// Why a cache cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// Reading or writing failed.
    #[error("cannot read or write the cache")]
    Io(#[from] std::io::Error),
    /// A line is not one of a cache.
    #[error("line {line} is not one of a cache")]
    Line {
        /// Which line, from 1.
        line: usize,
    },
}

impl Cache {
    /// An empty cache whose entries hold for so many seconds.
    pub fn new(max_age_s: i64) -> Self {
        Self {
            max_age_s,
            known: HashMap::default(),
        }
    }

    /// Reads what [`Cache::write`] wrote. What is too old is left out.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is no cache.
    pub fn read(input: impl BufRead, max_age_s: i64, now_unix_s: i64) -> Result<Self, CacheError> {
        let mut cache = Self::new(max_age_s);
        for (index, line) in input.lines().enumerate() {
            let line = line?;
            let bad = || CacheError::Line {
                line: index.saturating_add(1),
            };
            let parsed: Line = serde_json::from_str(&line).map_err(|_| bad())?;
            let name = unhex(&parsed.url_sha256).ok_or_else(bad)?;
            let entry = Entry {
                at: parsed.at,
                status: parsed.status,
                final_url: parsed.final_url,
            };
            if cache.is_fresh(&entry, now_unix_s) {
                cache.known.insert(name, entry);
            }
        }
        Ok(cache)
    }

    /// Writes all entries, sorted, so that the same knowledge is the same file.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn write(&self, mut output: impl Write) -> Result<(), CacheError> {
        let mut names: Vec<&Name> = self.known.keys().collect();
        names.sort_unstable();
        for name in names {
            let Some(entry) = self.known.get(name) else {
                continue;
            };
            let line = Line {
                url_sha256: hex(name),
                at: entry.at,
                status: entry.status,
                final_url: entry.final_url.clone(),
            };
            serde_json::to_writer(&mut output, &line).map_err(std::io::Error::from)?;
            output.write_all(b"\n")?;
        }
        Ok(())
    }

    /// What is known of a URL, if it is not too old.
    pub(super) fn recall(&self, url: &str, now_unix_s: i64) -> Option<Report> {
        let entry = self.known.get(&name(url))?;
        if !self.is_fresh(entry, now_unix_s) {
            return None;
        }
        Some(Report {
            url: shown(url),
            attempts: 0,
            requests: 0,
            hops: Vec::new(),
            probes: Vec::new(),
            warnings: Vec::new(),
            failure: None,
            findings: Vec::new(),
            retry_after_s: None,
            recalled: Some(Recalled {
                status: entry.status,
                final_url: entry.final_url.clone(),
                at_unix_s: entry.at,
            }),
            now_unix_s,
        })
    }

    /// Keeps what is good; forgets what was good and is not any more.
    pub(super) fn remember(&mut self, outgoing: &Outgoing) {
        let report = &outgoing.done.report;
        let name = name(&outgoing.url);
        match report.status() {
            Some(status) if report.is_ok() => {
                let entry = Entry {
                    at: report.now_unix_s,
                    status,
                    final_url: report.final_url().to_owned(),
                };
                self.known.insert(name, entry);
            }
            _ => {
                self.known.remove(&name);
            }
        }
    }

    fn is_fresh(&self, entry: &Entry, now_unix_s: i64) -> bool {
        (0..self.max_age_s).contains(&now_unix_s.saturating_sub(entry.at))
    }
}

fn name(url: &str) -> Name {
    let hash: [u8; 32] = Sha256::digest(url).into();
    let mut name = Name::default();
    name.copy_from_slice(&hash[..16]);
    name
}

fn hex(name: &Name) -> String {
    format!("{:032x}", u128::from_be_bytes(*name))
}

fn unhex(text: &str) -> Option<Name> {
    let number = u128::from_str_radix(text, 16).ok()?;
    (text.len() == 32).then(|| number.to_be_bytes())
}
