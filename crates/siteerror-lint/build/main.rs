//! Reads the words of all rules, `src/rules/<group>/<rule>.md`, checks them, and writes them down as static Rust values.
//!
//! A mistake in a file ends the build with the file, the line and what to do.

#![expect(
    clippy::print_stdout,
    reason = "a build script speaks to cargo on standard output"
)]

#[path = "../src/notation.rs"]
mod notation;
mod page;

use std::path::{Path, PathBuf};
use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/notation.rs");
    let mut rules = String::from("pub(crate) static PAGES: &[Page] = &[\n");
    let mut mistakes = Vec::new();
    for path in pages(&root) {
        println!("cargo::rerun-if-changed={}", path.display());
        let read = fs::read_to_string(&path).map_err(|error| page::Mistake {
            line: 1,
            what: format!("cannot be read: {error}"),
        });
        match read.and_then(|text| page::emit(&path, &text)) {
            Ok(row) => rules.push_str(&row),
            Err(mistake) => mistakes.push(format!(
                "{}:{}: {}",
                path.display(),
                mistake.line,
                mistake.what
            )),
        }
    }
    rules.push_str("];\n");
    if mistakes.is_empty() {
        let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        fs::write(out.join("pages.rs"), rules).expect("cargo gives a directory to write in");
        return ExitCode::SUCCESS;
    }
    for mistake in mistakes {
        println!("cargo::error={mistake}");
    }
    ExitCode::FAILURE
}

/// All pages, sorted by the name of their rule. The folders are watched too, so that a new file is seen.
fn pages(root: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| {
        fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    println!("cargo::rerun-if-changed={}", root.display());
    for folder in entries(root).into_iter().filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", folder.display());
        let markdown = |path: &PathBuf| path.extension().is_some_and(|ext| ext == "md");
        found.extend(entries(&folder).into_iter().filter(markdown));
    }
    found.sort_by_key(|path| path.file_stem().map(ToOwned::to_owned));
    found
}
