//! Bundles the style sheets, names every asset by its content, and writes the table of assets.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Style sheets in the order of the cascade.
const STYLES: [&str; 8] = [
    "tokens", "base", "head", "table", "code", "lists", "search", "print",
];

/// Style sheets of single pages, with their files: too much for the first view of the others.
const PAGE_STYLES: [(&str, &[&str]); 4] = [
    ("check", &["slot", "check"]),
    ("lint", &["lint"]),
    ("playground", &["slot", "playground"]),
    ("vendor", &["vendor"]),
];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    for watched in ["assets", "templates"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let styles = root.join("assets/css");
    let used: BTreeSet<&str> = PAGE_STYLES
        .iter()
        .flat_map(|(_, files)| *files)
        .chain(&STYLES)
        .copied()
        .collect();
    assert_eq!(
        files(&styles).len(),
        used.len(),
        "every file of assets/css stands in STYLES or PAGE_STYLES"
    );
    let mut assets = vec![("site.css".to_owned(), bundle(&styles, &STYLES).into_bytes())];
    for (page, files) in PAGE_STYLES {
        assets.push((format!("{page}.css"), bundle(&styles, files).into_bytes()));
    }
    for folder in ["js", "img"] {
        for path in files(&root.join("assets").join(folder)) {
            let name = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            assets.push((name, fs::read(&path).expect("an asset can be read")));
        }
    }
    let mut table = String::from("pub(crate) static ASSETS: &[Asset] = &[\n");
    for (name, bytes) in &assets {
        let (stem, extension) = name.rsplit_once('.').expect("an asset has an extension");
        let named = format!("{stem}-{:016x}.{extension}", hash(bytes));
        fs::write(out.join(&named), bytes).expect("OUT_DIR can be written");
        let _ = writeln!(
            table,
            "Asset {{ name: {name:?}, path: \"/assets/{named}\", media_type: {:?}, bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{named}\")) }},",
            match extension {
                "css" => "text/css; charset=utf-8",
                "js" => "text/javascript; charset=utf-8",
                "svg" => "image/svg+xml",
                other => panic!("no media type is known for .{other}"),
            },
        );
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table).expect("OUT_DIR can be written");
}

/// Style sheets one after the other, without comments and indentation.
fn bundle(folder: &Path, names: &[&str]) -> String {
    let mut css = String::new();
    for name in names {
        let text = fs::read_to_string(folder.join(format!("{name}.css")))
            .expect("a style sheet can be read");
        let mut rest = text.as_str();
        let mut bare = String::new();
        while let Some((before, after)) = rest.split_once("/*") {
            bare.push_str(before);
            rest = after.split_once("*/").expect("a comment is closed").1;
        }
        bare.push_str(rest);
        for line in bare.lines().map(str::trim).filter(|line| !line.is_empty()) {
            css.push_str(line);
            css.push('\n');
        }
    }
    css
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
