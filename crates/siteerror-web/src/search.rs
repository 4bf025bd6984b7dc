//! A plain search over the codes: numbers, names, fields, and the ways people say it; and over the names of lint rules.

use std::sync::LazyLock;

use serde::Serialize;
use siteerror_catalog::{Code, CodeId, Weight, catalog};
use siteerror_lint::Rule;

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
    Code(&'static Code),
    Rule(&'static Rule),
}

/// The codes that fit a query, best first, and then the rules of the linter.
pub fn search(query: &str) -> Vec<Hit> {
    static ENTRIES: LazyLock<Vec<Entry>> =
        LazyLock::new(|| catalog().codes().iter().map(Entry::new).collect());
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
    let mut hits: Vec<(f32, &'static Code)> = ENTRIES
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let sum: f32 = found
                .iter()
                .zip(&weights)
                .map(|(scores, weight)| scores[index] * weight)
                .sum();
            (entry.score(&query, sum / all), entry.code)
        })
        .filter(|(score, _)| *score > 0.0)
        .collect();
    hits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    let best = hits.first().map_or(0.0, |(score, _)| *score);
    hits.retain(|(score, _)| *score >= best * WORTH_SHOWING);
    hits.truncate(MOST_HITS - MOST_RULES);
    hits.into_iter()
        .map(|(score, code)| Hit {
            id: code.id.to_string(),
            kind: "code",
            title: format!("{} {}", code.id, code.title()),
            url: code.id.path(),
            score: (score * 1000.0).round() / 1000.0,
            subject: Subject::Code(code),
        })
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
    let number = query
        .parse::<CodeId>()
        .ok()
        .filter(|id| id.class().is_some() && id.vendor().is_none());
    let code = || catalog().named(query).map(|code| code.id);
    let rule = || siteerror_lint::rule(query).map(Rule::href);
    number.or_else(code).map(CodeId::path).or_else(rule)
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

/// A code as it is searched, in lower case.
struct Entry {
    code: &'static Code,
    number: String,
    /// Names of today and before, and the ways people say it.
    names: Vec<String>,
    fields: Vec<String>,
    prose: String,
}

impl Entry {
    fn new(code: &'static Code) -> Self {
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
            code,
            number: code.id.to_string(),
            names: names
                .chain(former)
                .chain(code.said.iter().copied())
                .map(str::to_lowercase)
                .collect(),
            fields: fields.map(|rule| rule.field.to_lowercase()).collect(),
            prose: prose.join(" ").to_lowercase(),
        }
    }

    /// From 0 to 1; `mean` is how well the query's words are found.
    fn score(&self, query: &str, mean: f32) -> f32 {
        let code = self.code;
        if self.number == query {
            return 1.0;
        }
        let is_start = query.len() < 3 && query.bytes().all(|byte| byte.is_ascii_digit());
        if query == code.class().slug() || (is_start && self.number.starts_with(query)) {
            return 0.9 - rarity(code);
        }
        if code.title().eq_ignore_ascii_case(query) {
            return 0.97;
        }
        if self.names.iter().any(|name| name == query) {
            return 0.95 - rarity(code);
        }
        if mean < LEAST_MEAN {
            0.0
        } else {
            (mean * 0.85 - rarity(code)).max(0.01)
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

/// Among equals, the everyday code comes first.
fn rarity(code: &Code) -> f32 {
    match code.weight {
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
