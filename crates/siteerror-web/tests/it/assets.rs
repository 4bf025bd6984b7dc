//! Style sheet, scripts and pictures.

use std::collections::BTreeSet;
use std::path::Path;

use crate::ask::{BROWSER, get, site};

#[test]
fn assets_are_named_by_content_and_kept_for_ever() {
    let assets: Vec<String> = site()
        .addresses()
        .into_iter()
        .filter(|path| path.starts_with("/assets/"))
        .collect();
    assert!(assets.len() >= 5);
    for path in &assets {
        let answer = get(path, &[]);
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.field("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.field("vary"), "Accept-Encoding");
        let etag = answer.field("etag").to_owned();
        assert_eq!(get(path, &[("if-none-match", &etag)]).status, 304);
    }
    assert_eq!(get("/assets/site-0000000000000000.css", &[]).status, 404);
}

#[test]
fn every_file_is_used_and_every_class_is_styled() {
    let judged = crate::lint::judged();
    let refused = crate::lint::refused();
    let pages: String = crate::html::addresses()
        .iter()
        .map(|path| get(path, BROWSER).text().to_owned())
        .chain([judged.text().to_owned(), refused.text().to_owned()])
        .chain(crate::check::pages())
        .collect();
    for path in site()
        .addresses()
        .iter()
        .filter(|path| path.starts_with("/assets/"))
    {
        assert!(pages.contains(path.as_str()), "no page uses {path}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let read = |kind: &str| -> String {
        let files = std::fs::read_dir(folder.join(kind)).expect("the folder is there");
        files
            .flatten()
            .map(|file| std::fs::read_to_string(file.path()).expect("a text"))
            .collect()
    };
    let styles = read("css");
    let scripts = read("js");
    // What these pages show depends on the content: not every code is doubted.
    let templates = folder.with_file_name("templates").join("pages");
    let vendors: String = ["vendor", "family", "faults", "shelf", "number"]
        .iter()
        .map(|page| templates.join(format!("{page}.html")))
        .map(|file| std::fs::read_to_string(file).expect("a text"))
        .collect();
    let used: BTreeSet<&str> = pages
        .split("class=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .flat_map(str::split_whitespace)
        .collect();
    let defined: BTreeSet<String> = styles
        .split('.')
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                .collect::<String>()
        })
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect();
    for name in &defined {
        assert!(
            used.contains(name.as_str())
                || scripts.contains(name.as_str())
                || vendors.contains(name.as_str()),
            "`.{name}` is styled and not used"
        );
    }
    for name in used.iter().filter(|name| name.contains("--")) {
        assert!(defined.contains(*name), "`.{name}` is used and not styled");
    }
}
