//! Pages are written one by one: no sentence stands on two of them, and each has substance.

use std::collections::BTreeMap;

use siteerror_catalog::{Code, catalog};

/// From this length on, a sentence belongs to one page.
const LONG: usize = 10;

/// All prose of a page.
fn prose(code: &Code) -> Vec<&'static str> {
    let facts = &code.facts;
    let mut all = vec![
        code.summary,
        code.meaning.plain(),
        code.definition.plain(),
        code.plain_english.plain(),
        code.misinterpretation.plain(),
        facts.retry.plain(),
    ];
    all.extend(
        code.notice
            .iter()
            .chain(&facts.methods)
            .chain(&facts.since.note)
            .map(|text| text.plain()),
    );
    all.extend(
        code.causes
            .iter()
            .chain(code.fixes.caller)
            .chain(code.fixes.operator)
            .map(|text| text.plain()),
    );
    all.extend(
        code.faq
            .iter()
            .flat_map(|one| [one.question.plain(), one.answer.plain()]),
    );
    all.extend(code.compare.iter().map(|one| one.how.plain()));
    all.extend(
        facts
            .required_fields
            .iter()
            .chain(facts.forbidden_fields)
            .filter_map(|rule| rule.when)
            .map(siteerror_catalog::Text::plain),
    );
    all
}

/// All prose outside the registry, page by page.
fn vendor_prose() -> Vec<(String, Vec<&'static str>)> {
    let mut pages = Vec::new();
    for code in catalog().vendor_codes() {
        let mut all = vec![code.summary];
        let mut texts = vec![
            code.meaning,
            code.definition,
            code.plain_english,
            code.misinterpretation,
        ];
        texts.extend(code.fixes.caller.iter().chain(code.fixes.operator));
        texts.extend(code.faq.iter().flat_map(|one| [one.question, one.answer]));
        texts.extend(code.compare.iter().map(|one| one.how));
        for owner in code.owners {
            texts.extend([owner.seen, owner.recorded]);
            texts.extend(owner.measured.iter().chain(&owner.unverified));
            texts.extend(owner.causes.iter().chain(owner.check));
            texts.extend(owner.settings.iter().map(|setting| setting.effect));
        }
        all.extend(texts.iter().map(|text| text.plain()));
        pages.push((code.id.to_string(), all));
    }
    for entry in catalog().substatus_codes() {
        let texts = [
            Some(entry.meaning),
            Some(entry.usual),
            Some(entry.help),
            entry.note,
        ];
        let texts = texts
            .into_iter()
            .flatten()
            .map(siteerror_catalog::Text::plain);
        pages.push((entry.id.to_string(), texts.collect()));
    }
    for family in catalog().signal_families() {
        let mut texts = vec![family.place, family.read];
        for entry in family.entries {
            texts.extend([entry.meaning, entry.check]);
            texts.extend(entry.causes.iter().chain(&entry.unverified));
        }
        let texts = texts.iter().map(|text| text.plain());
        pages.push((family.path(), texts.collect()));
    }
    for fault in catalog().proxy_faults() {
        let mut texts = vec![fault.summary, fault.client, fault.tell];
        texts.extend(fault.mend);
        texts.extend(fault.cells.iter().filter_map(|cell| cell.note));
        let texts = texts.iter().map(|text| text.plain());
        pages.push((fault.href(), texts.collect()));
    }
    for number in (100..=999).filter_map(|number| catalog().meanings(number)) {
        let mut texts = vec![number.question, number.lead];
        texts.extend(number.meanings.iter().map(|one| one.answer));
        let texts = texts.iter().map(|text| text.plain());
        pages.push((format!("numbers/{}", number.number), texts.collect()));
    }
    pages
}

/// The sentences of a text, each as its words in lower case.
fn sentences(text: &str) -> Vec<Vec<String>> {
    text.split_inclusive(['.', '!', '?', ';', ':', '\n'])
        // A full stop within a number or a name ends nothing.
        .fold(Vec::<String>::new(), |mut parts, part| {
            match parts.last_mut() {
                Some(last) if !part.starts_with(char::is_whitespace) && !last.ends_with('\n') => {
                    last.push_str(part);
                }
                _ => parts.push(part.to_owned()),
            }
            parts
        })
        .iter()
        .map(|sentence| {
            sentence
                .split(|c: char| !(c.is_alphanumeric() || c == '\''))
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect()
        })
        .collect()
}

#[test]
fn no_sentence_of_ten_words_stands_twice() {
    let mut seen: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let mut count = 0;
    let pages = catalog()
        .codes()
        .iter()
        .map(|code| (code.id.to_string(), prose(code)));
    let classes = catalog().classes().iter().map(|page| {
        let advice = page.advice.iter().map(|text| text.plain());
        (
            page.class.slug().to_owned(),
            [page.summary, page.meaning.plain(), page.unknown.plain()]
                .into_iter()
                .chain(advice)
                .collect(),
        )
    });
    for (page, texts) in pages.chain(classes).chain(vendor_prose()) {
        for sentence in texts
            .into_iter()
            .flat_map(sentences)
            .filter(|sentence| sentence.len() >= LONG)
        {
            count += 1;
            let text = sentence.join(" ");
            if let Some(other) = seen
                .insert(sentence, page.clone())
                .filter(|other| *other != page)
            {
                panic!("`{text}` stands on {page} and on {other}");
            }
        }
    }
    assert!(
        count > 2000,
        "only {count} long sentences were found: the reader of sentences is broken"
    );
}

#[test]
fn sentences_are_told_apart() {
    let check = |text: &str, expected: &[&str]| {
        let found: Vec<String> = sentences(text)
            .iter()
            .map(|words| words.join(" "))
            .collect();
        assert_eq!(found, expected);
    };
    check("One two. Three!", &["one two", "three"]);
    check(
        "HTTP/1.1 has it; 404.13 too.",
        &["http 1 1 has it", "404 13 too"],
    );
}

#[test]
fn every_page_has_substance() {
    for code in catalog().codes() {
        let words: usize = prose(code)
            .iter()
            .map(|text| text.split_whitespace().count())
            .sum();
        assert!(words >= 300, "{} has only {words} words", code.id);
        assert!(
            !prose(code).iter().any(|text| text.contains('\u{2014}')),
            "{} has an em dash",
            code.id
        );
    }
}

#[test]
fn every_emoji_is_of_one_page() {
    let mut emojis = BTreeMap::new();
    for code in catalog().codes() {
        if let Some(other) = emojis.insert(code.emoji, code.id) {
            panic!("{} and {other} have the same emoji", code.id);
        }
    }
}
