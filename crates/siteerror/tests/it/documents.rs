//! The documents tell the truth.

use std::fs;
use std::path::Path;

use crate::command::stdout;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_readme_shows_the_usage_as_it_is() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let shown = readme
        .split("```text usage\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the README shows the usage");
    assert_eq!(
        shown,
        stdout(&["--help"]),
        "copy the output of `siteerror --help` into README.md"
    );
}

#[test]
fn links_between_documents_resolve() {
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
    ] {
        let text =
            fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if !target.starts_with("http") && !target.starts_with('#') {
                let path = target.split('#').next().expect("split gives one");
                assert!(root().join(path).exists(), "{name} links to `{target}`");
            }
        }
    }
}
