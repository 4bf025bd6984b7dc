//! A plain search over the codes: numbers, names, fields, and the ways people say it; and over the names of lint rules.

use std::sync::LazyLock;

use serde::Serialize;
use siteerror_catalog::{Code, CodeId, Signal, Weight, catalog};
use siteerror_lint::Rule;

use crate::views::Listed;

/// Longest query that is looked at, in characters.
const MOST_QUERY: usize = 100;
/// Most words of a query that count.
const MOST_WORDS: usize = 10;
/// Most results of a search.
const MOST_HITS: usize = 18;
/// Most of them that are rules of the linter.
const MOST_RULES: usize = 6;

/// Results below this share of the best one are left out.
const WORTH_SHOWING: f32 = 0.5;
/// Below this share of a query's words, a code is no result.
const LEAST_MEAN: f32 = 0.3;
/// Words that say nothing about a code.
const SMALL_WORDS: &[&str] = &[
    "a", "an", "and", "are", "be", "but", "by", "do", "does", "error", "for", "from", "get", "how",
    "http", "i", "if", "in", "is", "it", "my", "of", "on", "or", "status", "that", "the", "this",
    "to", "was", "what", "when", "which", "why", "with", "you", "code",
];

/// A result.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    id: String,
    kind: &'static str,
    pub(crate) title: String,
    pub(crate) url: String,
    score: f32,
    #[serde(skip)]
    pub(crate) subject: Subject,
}

/// What a result is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject {
    Code(Listed),
    Signal(&'static Signal),
    Rule(&'static Rule),
}

/// The codes that fit a query, best first, and then the rules of the linter.
pub fn search(query: &str) -> Vec<Hit> {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(Entry::all);
    let query: String = query
        .trim()
        .chars()
        .take(MOST_QUERY)
        .collect::<String>()
        .to_lowercase();
    let words: Vec<&str> = query
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty() && !SMALL_WORDS.contains(word))
        .take(MOST_WORDS)
        .collect();
    if words.is_empty() && query.chars().all(|c| !c.is_alphanumeric()) {
        return Vec::new();
    }
    // For each word, how well each code has it.
    let found: Vec<Vec<f32>> = words
        .iter()
        .map(|word| ENTRIES.iter().map(|entry| entry.word(word)).collect())
        .collect();
    // A word that few codes have says more than one that many have.
    let weights: Vec<f32> = found
        .iter()
        .map(|scores| {
            let known = scores.iter().filter(|score| **score > 0.0).count();
            #[expect(
                clippy::cast_precision_loss,
                reason = "there are fewer than a million codes"
            )]
            let share = (1 + scores.len()) as f32 / (1 + known) as f32;
            1.0 + share.ln()
        })
        .collect();
    let all = weights.iter().sum::<f32>().max(1.0);
    let mut hits: Vec<(f32, &Entry)> = ENTRIES
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let sum: f32 = found
                .iter()
                .zip(&weights)
                .map(|(scores, weight)| scores[index] * weight)
                .sum();
            (entry.score(&query, sum / all), entry)
        })
        .filter(|(score, _)| *score > 0.0)
        .collect();
    // The entries stand in their order, and sorting keeps it among equals.
    hits.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = hits.first().map_or(0.0, |(score, _)| *score);
    hits.retain(|(score, _)| *score >= best * WORTH_SHOWING);
    hits.truncate(MOST_HITS - MOST_RULES);
    hits.into_iter()
        .map(|(score, entry)| entry.hit(score))
        .chain(rules_named(&query, &words, best))
        .take(MOST_HITS)
        .collect()
}

/// The rules of the linter that have all the words in their names or titles. They come after the codes, for which people come here more often.
fn rules_named(query: &str, words: &[&str], best: f32) -> impl Iterator<Item = Hit> {
    let has_all = |rule: &Rule| {
        let title = rule.title.to_lowercase();
        let names = [rule.id].into_iter().chain(rule.aliases.iter().copied());
        let names: Vec<&str> = names.collect();
        !words.is_empty()
            && words.iter().all(|word| {
                names.iter().any(|name| name.contains(word))
                    || parts(&title).any(|part| part == *word)
            })
    };
    let found: Vec<&'static Rule> = siteerror_lint::rules()
        .iter()
        .filter(|rule| has_all(rule) || rule.id == query || rule.aliases.contains(&query))
        .take(MOST_RULES)
        .collect();
    found.into_iter().map(move |rule| Hit {
        id: rule.id.to_owned(),
        kind: "rule",
        title: rule.title.to_owned(),
        url: rule.href(),
        score: if best > 0.0 {
            (best * WORTH_SHOWING * 1000.0).round() / 1000.0
        } else {
            WORTH_SHOWING
        },
        subject: Subject::Rule(rule),
    })
}

/// The path of the page that a query names outright: a number, or the whole name of a code.
pub(crate) fn named(query: &str) -> Option<String> {
    let query = query.trim();
    let is_page = |id: &CodeId| {
        let is_plain = id.class().is_some() && id.vendor().is_none();
        is_plain
            || Listed::find(*id).is_some()
            || catalog()
                .vendor_number(id.number())
                .is_some_and(|_| id.vendor().is_none())
    };
    let id = query.parse::<CodeId>().ok().filter(is_page);
    let dotted = || {
        let id = format!("iis/{query}").parse().ok()?;
        catalog().substatus(id).map(|entry| entry.id)
    };
    let code = || catalog().named(query).map(|code| code.id);
    let signal = || {
        let keyed = || catalog().signal_keyed(query).filter(|_| query.len() > 1);
        catalog().signal(query).or_else(keyed).map(Signal::href)
    };
    let rule = || siteerror_lint::rule(query).map(Rule::href);
    id.or_else(dotted)
        .or_else(code)
        .map(CodeId::path)
        .or_else(signal)
        .or_else(rule)
}

/// The rules of the linter that somebody may have meant who typed this, the nearest first.
pub fn nearest_rules(typed: &str) -> Vec<&'static Rule> {
    let typed: String = typed
        .trim()
        .chars()
        .take(MOST_QUERY)
        .collect::<String>()
        .to_lowercase();
    let mut scored: Vec<(f64, &'static Rule)> = siteerror_lint::rules()
        .iter()
        .map(|rule| {
            let names = [rule.id].into_iter().chain(rule.aliases.iter().copied());
            let scores = names.map(|name| strsim::jaro_winkler(&typed, name));
            (scores.fold(0.0, f64::max), rule)
        })
        .filter(|(score, _)| *score > 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(b.1.id)));
    scored.into_iter().take(3).map(|(_, rule)| rule).collect()
}

/// A code or a signal as it is searched, in lower case.
struct Entry {
    subject: Subject,
    /// The whole identity.
    id: String,
    /// The number, or the word of a log.
    number: String,
    /// Names of today and before, and the ways people say it.
    names: Vec<String>,
    fields: Vec<String>,
    prose: String,
    /// Among equals, the everyday code of the registry comes first.
    rarity: f32,
}

impl Entry {
    /// All of them, the registry first.
    fn all() -> Vec<Self> {
        let catalog = catalog();
        let signals = catalog.signal_families().iter();
        let vendors = catalog.vendor_codes().iter().map(|code| {
            let owners = code.owners.iter();
            let names = owners.flat_map(|owner| [owner.name, owner.title]);
            let prose = [code.summary, code.definition.plain()];
            let listed = Listed::Vendor(code);
            let mut entry = Self::new(listed, names.chain([code.name]).collect(), &prose.join(" "));
            entry.rarity = 0.03 + rarity(code.weight);
            entry
        });
        let entries = catalog.substatus_codes().iter().map(|entry| {
            let prose = [entry.meaning.plain(), entry.usual.plain()];
            let mut found = Self::new(
                Listed::Substatus(entry),
                vec![entry.name, "iis"],
                &prose.join(" "),
            );
            found.rarity = 0.08;
            found
        });
        catalog
            .codes()
            .iter()
            .map(Self::registered)
            .chain(vendors)
            .chain(entries)
            .chain(signals.flat_map(|family| family.entries).map(Self::signal))
            .collect()
    }

    fn new(listed: Listed, names: Vec<&'static str>, prose: &str) -> Self {
        let id = listed.id().to_string();
        let said = listed.said().iter().copied();
        Self {
            number: id.rsplit('/').next().unwrap_or_default().to_owned(),
            id,
            names: names
                .into_iter()
                .chain(said)
                .map(str::to_lowercase)
                .collect(),
            fields: Vec::new(),
            prose: prose.to_lowercase(),
            rarity: 0.0,
            subject: Subject::Code(listed),
        }
    }

    fn registered(code: &'static Code) -> Self {
        let names = [Some(code.name), code.known_as].into_iter().flatten();
        let former = code.former_names.iter().map(|former| former.name);
        let fields = code
            .facts
            .required_fields
            .iter()
            .filter(|rule| rule.field != "Date");
        let prose = [
            code.summary,
            code.definition.plain(),
            code.plain_english.plain(),
        ];
        Self {
            fields: fields.map(|rule| rule.field.to_lowercase()).collect(),
            rarity: rarity(code.weight),
            ..Self::new(
                Listed::Code(code),
                names.chain(former).collect(),
                &prose.join(" "),
            )
        }
    }

    fn signal(signal: &'static Signal) -> Self {
        let names = [signal.key, signal.name, signal.family];
        let prose = [signal.meaning.plain(), signal.check.plain()];
        Self {
            subject: Subject::Signal(signal),
            id: signal.id().to_lowercase(),
            number: signal.key.to_lowercase(),
            names: names
                .into_iter()
                .chain(signal.said.iter().copied())
                .map(str::to_lowercase)
                .collect(),
            fields: Vec::new(),
            prose: prose.join(" ").to_lowercase(),
            rarity: 0.08,
        }
    }

    /// As a result.
    fn hit(&self, score: f32) -> Hit {
        let (id, kind, title, url) = match self.subject {
            Subject::Code(listed) => (
                self.id.clone(),
                "code",
                format!("{} {}", listed.id(), listed.title()),
                listed.id().path(),
            ),
            Subject::Signal(signal) => (
                signal.id(),
                "signal",
                format!("{} {}", signal.id(), signal.name),
                signal.href(),
            ),
            Subject::Rule(rule) => (
                rule.id.to_owned(),
                "rule",
                rule.title.to_owned(),
                rule.href(),
            ),
        };
        Hit {
            id,
            kind,
            title,
            url,
            score: (score * 1000.0).round() / 1000.0,
            subject: self.subject,
        }
    }

    /// From 0 to 1; `mean` is how well the query's words are found.
    fn score(&self, query: &str, mean: f32) -> f32 {
        if self.id == query {
            return 1.0;
        }
        if self.number == query || self.number.trim_end_matches('-') == query {
            return 0.99 - self.rarity;
        }
        if let Subject::Code(Listed::Code(code)) = self.subject {
            let is_start = query.len() < 3 && query.bytes().all(|byte| byte.is_ascii_digit());
            if query == code.class().slug() || (is_start && self.number.starts_with(query)) {
                return 0.9 - self.rarity;
            }
            if code.title().eq_ignore_ascii_case(query) {
                return 0.97;
            }
        }
        if self.names.iter().any(|name| name == query) {
            return 0.95 - self.rarity;
        }
        if mean < LEAST_MEAN {
            0.0
        } else {
            // Words alone rather mean the registry than one of its many neighbours.
            let share = match self.subject {
                Subject::Code(Listed::Code(_)) => 0.85,
                Subject::Code(Listed::Vendor(_)) => 0.75,
                _ => 0.65,
            };
            (mean * share - self.rarity).max(0.01)
        }
    }

    /// Where a word is found says how much it counts.
    fn word(&self, word: &str) -> f32 {
        let stem = stem(word);
        let in_names =
            |fits: &dyn Fn(&str) -> bool| self.names.iter().any(|name| parts(name).any(fits));
        if self.number == word || in_names(&|part| part == word) {
            1.0
        } else if self.fields.iter().any(|field| field.contains(word)) {
            0.9
        } else if stem.len() > 2 && in_names(&|part| part.starts_with(stem)) {
            0.7
        } else if parts(&self.prose).any(|part| part == word) {
            0.4
        } else if stem.len() > 2 && parts(&self.prose).any(|part| part.starts_with(stem)) {
            0.25
        } else if word.len() > 4
            && in_names(&|part| strsim::damerau_levenshtein(part, word) <= word.len() / 4)
        {
            0.5
        } else {
            0.0
        }
    }
}

/// A word without its ending.
fn stem(word: &str) -> &str {
    let cut = word
        .strip_suffix("ing")
        .or_else(|| word.strip_suffix("ed"))
        .or_else(|| word.strip_suffix('s'));
    cut.filter(|cut| cut.len() > 3).unwrap_or(word)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
}

fn rarity(weight: Weight) -> f32 {
    match weight {
        Weight::Often => 0.0,
        Weight::Known => 0.02,
        _ => 0.05,
    }
}

/// The codes that somebody may have meant who typed this, the nearest first.
pub fn nearest(typed: &str) -> Vec<&'static Code> {
    let typed: String = typed
        .trim()
        .chars()
        .take(MOST_QUERY)
        .collect::<String>()
        .to_lowercase();
    // Letters that look like digits, and digits that hands confuse.
    let digits: String = typed
        .chars()
        .filter_map(|c| match c {
            'o' => Some('0'),
            'l' | 'i' => Some('1'),
            's' => Some('5'),
            'b' => Some('8'),
            c if c.is_ascii_digit() => Some(c),
            _ => None,
        })
        .collect();
    let looks_like_number = typed.contains(|c: char| c.is_ascii_digit())
        && digits.len() * 4 >= typed.chars().count() * 3;
    let mut scored: Vec<(f64, &'static Code)> = catalog()
        .codes()
        .iter()
        .map(|code| {
            let number = code.id.to_string();
            let by_number = if looks_like_number {
                closeness(&digits, &number)
            } else {
                0.0
            };
            let by_name = code
                .slugs()
                .map(|slug| likeness(&typed.replace(' ', "-"), &slug))
                .fold(0.0, f64::max);
            (
                by_number.max(if looks_like_number { 0.0 } else { by_name }),
                code,
            )
        })
        .filter(|(score, _)| *score > if looks_like_number { 0.59 } else { 0.8 })
        .collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then((a.1.weight as u8).cmp(&(b.1.weight as u8)))
            .then(a.1.id.cmp(&b.1.id))
    });
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored
        .into_iter()
        .take_while(|(score, _)| *score >= best * 0.8)
        .take(3)
        .map(|(_, code)| code)
        .collect()
}

/// How alike a text is to a name or, a little less, to one of its longer words.
fn likeness(typed: &str, slug: &str) -> f64 {
    let words = slug.split('-').filter(|word| word.len() > 4);
    words
        .map(|word| strsim::jaro_winkler(typed, word) * 0.95)
        .fold(strsim::jaro_winkler(typed, slug), f64::max)
}

/// How alike two numbers are written, from 0 to 1.
fn closeness(typed: &str, number: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(typed, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_code_comes_first() {
        let check = |query: &str, expected: &str| {
            let hits = search(query);
            assert_eq!(
                hits.first().map(|hit| hit.id.as_str()),
                Some(expected),
                "{query}: {:?}",
                hits.iter().map(|hit| &hit.id).collect::<Vec<_>>()
            );
        };
        check("404", "404");
        check("not found", "404");
        check("Payload Too Large", "413");
        check("teapot", "418");
        check("retry-after", "429");
        check("40", "400");
        check("forbiden", "403");
        check("unprocessable entity", "422");
        check("rate limited", "429");
        check("logged in but not allowed", "403");
        check("upload too big", "413");
        check("temporary redirect", "307");
        check("backend took too long", "504");
    }

    #[test]
    fn nonsense_finds_nothing() {
        for query in ["", "   ", "xyzzyplugh", "!!!", "\u{0}", &"a".repeat(10_000)] {
            assert!(search(query).is_empty(), "{query:.20}");
        }
    }

    #[test]
    fn the_nearest_codes_are_what_was_meant() {
        let check = |typed: &str, expected: u16| {
            assert_eq!(
                nearest(typed).first().map(|code| code.id.number()),
                Some(expected),
                "{typed}"
            );
        };
        check("4o4", 404);
        check("5oo", 500);
        check("44", 404);
        check("not-fond", 404);
        check("teapot", 418);
    }
}
