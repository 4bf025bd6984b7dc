//! A mistake in a content file is told with the file and the line.

// The reader of the build script, compiled once more to be tested.
#[expect(dead_code, reason = "the build script uses what this test does not")]
#[path = "../../build/content.rs"]
mod content;
#[path = "../../build/example.rs"]
mod example;
#[expect(dead_code, reason = "the build script uses what this test does not")]
#[path = "../../build/front.rs"]
mod front;
#[path = "../../build/reader.rs"]
mod reader;
#[path = "../../build/words.rs"]
mod words;

use std::path::{Path, PathBuf};

const GOOD: &str = include_str!("../../content/codes/5xx/501.md");

fn path() -> PathBuf {
    PathBuf::from("content/codes/5xx/501.md")
}

/// The mistake that follows from replacing a part of a good file.
fn check(from: &str, to: &str, line_of: &str, expected: &str) {
    assert!(GOOD.contains(from), "`{from}` is in the good file");
    let bad = GOOD.replacen(from, to, 1);
    let mistake = content::code_file(&path(), &bad).expect_err(expected);
    let text = mistake.to_string();
    let line = bad
        .lines()
        .position(|line| line.contains(line_of))
        .map_or(1, |index| index + 1);
    assert!(
        text.starts_with(&format!("content/codes/5xx/501.md:{line}: ")),
        "{text} (line {line})"
    );
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_good_file_is_read() {
    let file = content::code_file(&path(), GOOD).expect("the file is good");
    assert_eq!(file.front.code, 501);
    assert!(
        file.response
            .starts_with("HTTP/1.1 501 Not Implemented\r\nDate: ")
    );
}

#[test]
fn mistakes_name_file_and_line() {
    check("emoji =", "emojii =", "emojii", "unknown field `emojii`");
    check(
        "cache = \"heuristic\"",
        "cache = \"perhaps\"",
        "perhaps",
        "unknown variant `perhaps`",
    );
    check(
        "code = 501",
        "code = 502",
        "code = 502",
        "the file is named `501`",
    );
    check(
        "retry = \"",
        "retry = \"Not as it is, and certainly not in a loop, because nothing will have changed; ",
        "retry = ",
        "more than 72",
    );
    check("## Meaning", "## Meening", "+++", "no section `## Meaning`");
    check(
        "## Summary\n",
        "## Extra\nWords.\n\n## Summary\n",
        "## Extra",
        "nobody knows",
    );
    check(
        "Content-Length: 95",
        "Content-Length: 96",
        "## Example response",
        "the content has 95 bytes",
    );
    check(
        "HTTP/1.1 501 Not Implemented",
        "HTTP/1.1 501 Nope",
        "## Example response",
        "not `HTTP/1.1 501 Not Implemented`",
    );
    check(
        "field = \"Date\"\nlevel = \"MAY\"\nwhen = \"always allowed for this class\"",
        "field = \"Allow\"\nlevel = \"MUST\"\nwhen = \"always\"",
        "## Example response",
        "`allow` is missing",
    );
    check(
        "Host: static.example.com\n",
        "",
        "## Example request",
        "`host` is missing",
    );
    check(
        "### Is it 501 or 405?",
        "### Is it 501 or 405",
        "### Is it 501 or 405",
        "is no question",
    );
    check(
        "The server has no code",
        "The `server` has no code",
        "## Summary",
        "plain text",
    );
    check(
        "You ordered",
        "<b>You</b> ordered",
        "## Meaning",
        "only paragraphs",
    );
    check(
        "url = \"https://www.rfc-editor.org/rfc/rfc9112",
        "url = \"http://www.rfc-editor.org/rfc/rfc9112",
        "http://www",
        "not an https address",
    );
    check(
        "## Summary\n",
        "## Notice\nIt is fine.\n\n## Summary\n",
        "standing",
        "`## Notice`",
    );
    check("- The method's case", "FILL", "FILL", "left to be written");
    check("+++\n", "---\n", "---", "begins with `+++`");
}

#[test]
fn links_and_comparisons_must_lead_somewhere() {
    let root = std::env::temp_dir().join(format!("siteerror-content-{}", std::process::id()));
    let folder = root.join("codes/5xx");
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(folder.join("501.md"), GOOD).expect("a temporary file");
    let mistakes = content::read(Path::new(&root)).expect_err("405, 500 and 503 are missing");
    std::fs::remove_dir_all(&root).expect("the folder is ours");
    let text: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(
        text.iter()
            .any(|line| line.contains("no other code `405` to compare with")),
        "{text:?}"
    );
    assert!(
        text.iter().any(|line| line.contains("link to `/405`")),
        "{text:?}"
    );
}
