//! Every quotation stands, word for word, in the section that it names.

use std::path::Path;

use siteerror_catalog::catalog;

/// One space for each run of white space: line breaks are not words.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_quotation_is_verbatim() {
    for code in catalog().codes() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/rfc/{}.txt", code.id));
        let file = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (head, section) = file.split_once("\n\n").expect("a head, then the section");
        let line = |key: &str| {
            head.lines()
                .find_map(|line| line.strip_prefix(key))
                .unwrap_or_default()
                .trim()
        };
        let document = match line("RFC:") {
            number if number.bytes().all(|byte| byte.is_ascii_digit()) => format!("RFC {number}"),
            draft => draft.to_owned(),
        };
        let rfc = &code.rfc;
        assert_eq!(
            (rfc.document, rfc.section, rfc.url),
            (document.as_str(), line("Section:"), line("URL:")),
            "{}",
            code.id
        );
        assert!(
            words(section).contains(&words(rfc.quote)),
            "{}: `{}` is not in {} section {}",
            code.id,
            rfc.quote,
            rfc.document,
            rfc.section
        );
        // A sentence ends where the next one begins with a capital.
        let begins = |after: &str| after.starts_with(|c: char| c.is_ascii_uppercase() || c == '[');
        let sentences = rfc
            .quote
            .match_indices(". ")
            .filter(|(at, _)| begins(&rfc.quote[at + 2..]))
            .count()
            + 1;
        assert!(
            (1..=3).contains(&sentences),
            "{}: {sentences} sentences are quoted",
            code.id
        );
    }
}
