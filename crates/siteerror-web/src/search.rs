//! A plain search over the codes: numbers, names, fields, and the ways people say it.

use serde::Serialize;
use siteerror_catalog::{Code, Weight, catalog};

/// Longest query that is looked at, in characters.
const MOST_QUERY: usize = 100;
/// Most results of a search.
const MOST_HITS: usize = 12;

/// A result.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    id: String,
    kind: &'static str,
    pub(crate) title: String,
    pub(crate) url: String,
    score: f32,
    #[serde(skip)]
    pub(crate) code: &'static Code,
}

/// The codes that fit a query, best first.
pub fn search(query: &str) -> Vec<Hit> {
    let query: String = query
        .trim()
        .chars()
        .take(MOST_QUERY)
        .collect::<String>()
        .to_lowercase();
    let words: Vec<&str> = query
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut hits: Vec<(f32, &'static Code)> = catalog()
        .codes()
        .iter()
        .map(|code| (score(code, &query, &words), code))
        .filter(|(score, _)| *score > 0.0)
        .collect();
    hits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    hits.truncate(MOST_HITS);
    hits.into_iter()
        .map(|(score, code)| Hit {
            id: code.id.to_string(),
            kind: "code",
            title: format!("{} {}", code.id, code.title()),
            url: code.id.path(),
            score: (score * 1000.0).round() / 1000.0,
            code,
        })
        .collect()
}

/// Every word of the query must be found somewhere; where it is found says how much it counts. From 0 to 1.
fn score(code: &Code, query: &str, words: &[&str]) -> f32 {
    let number = code.id.to_string();
    if number == query {
        return 1.0;
    }
    if query == code.class().slug()
        || (query.len() < 3
            && query.bytes().all(|byte| byte.is_ascii_digit())
            && number.starts_with(query))
    {
        return 0.9 - rarity(code);
    }
    let names: Vec<String> = [Some(code.name), code.known_as]
        .into_iter()
        .flatten()
        .chain(code.former_names.iter().map(|former| former.name))
        .chain(code.said.iter().copied())
        .map(str::to_lowercase)
        .collect();
    if names.iter().any(|name| name == query) {
        return 0.95;
    }
    let names = names.join(" \n ");
    let fields = code
        .facts
        .required_fields
        .iter()
        .filter(|rule| rule.field != "Date")
        .map(|rule| rule.field.to_lowercase())
        .collect::<Vec<_>>()
        .join(" ");
    let prose = [
        code.summary,
        code.definition.plain(),
        code.plain_english.plain(),
    ]
    .join(" ")
    .to_lowercase();
    let mut sum = 0.0;
    for word in words {
        let stem = if word.len() > 4 {
            word.trim_end_matches("ing")
                .trim_end_matches("ed")
                .trim_end_matches('s')
        } else {
            word
        };
        sum += if number == **word || has_word(&names, word) {
            1.0
        } else if fields.contains(*word) {
            0.9
        } else if names.contains(stem) {
            0.7
        } else if has_word(&prose, word) {
            0.4
        } else if prose.contains(stem) {
            0.25
        } else if word.len() > 4
            && names
                .split_whitespace()
                .any(|name| strsim::damerau_levenshtein(name, word) <= word.len() / 4)
        {
            0.5
        } else if word.len() < 4 {
            0.05
        } else {
            return 0.0;
        };
    }
    #[expect(clippy::cast_precision_loss, reason = "a query has few words")]
    let mean = sum / words.len() as f32;
    if mean < 0.2 {
        0.0
    } else {
        (mean * 0.85 - rarity(code)).max(0.01)
    }
}

/// Among equals, the everyday code comes first.
fn rarity(code: &Code) -> f32 {
    match code.weight {
        Weight::Often => 0.0,
        Weight::Known => 0.02,
        _ => 0.05,
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
        .any(|part| part == word)
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
