//! The table of defects.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use siteerror_wire::{Asked, Closing, DefectKind, Limits, read_response};

#[test]
fn codes_are_unique_and_kebab_case() {
    let codes: BTreeSet<&str> = DefectKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), DefectKind::ALL.len());
    for code in codes {
        assert!(
            code.split('-').all(|word| !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())),
            "{code}"
        );
    }
}

#[test]
fn every_defect_has_words_and_a_clause() {
    for kind in DefectKind::ALL {
        let (rfc, section) = kind
            .clause()
            .strip_prefix("RFC ")
            .and_then(|clause| clause.split_once(" §"))
            .unwrap_or_else(|| panic!("{kind:?}"));
        assert!(rfc.parse::<u16>().is_ok(), "{kind:?}");
        assert!(
            section.split('.').all(|part| part.parse::<u8>().is_ok()),
            "{kind:?}"
        );
        assert!(
            !kind.text().ends_with('.') && kind.text().len() > 10,
            "{kind:?}"
        );
    }
}

/// Limits have their own tests; everything else is seen in a case.
#[test]
fn every_defect_is_seen_in_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut seen = fs::read_to_string(folder.join("it/limits.rs")).expect("the limits are there");
    for entry in fs::read_dir(folder.join("cases")).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "expected")
        {
            seen.push_str(&fs::read_to_string(path).expect("the result is there"));
        }
    }
    for kind in DefectKind::ALL {
        let (code, name) = (format!("defect: {} ", kind.code()), format!("D::{kind:?}"));
        assert!(seen.contains(&code) || seen.contains(&name), "{kind:?}");
    }
}

#[test]
fn a_thousand_defects_are_counted_and_few_are_kept() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    bytes.extend(b"1\na\r\n".repeat(1000));
    bytes.extend_from_slice(b"nonsense\r\n");
    let received = read_response(
        &bytes,
        Asked::by("GET"),
        Limits::default(),
        Closing::Orderly,
    );
    let defects = received.defects;
    assert_eq!(defects.times(DefectKind::BareLf), 1000);
    assert_eq!(defects.iter().count(), 9);
    let gravest = defects.gravest().expect("something is wrong");
    assert_eq!(gravest.kind, DefectKind::ChunkSizeBad);
    assert_eq!(
        gravest.to_string(),
        "a chunk size that is no hexadecimal number, at byte 5047 (RFC 9112 §7.1)"
    );
}
