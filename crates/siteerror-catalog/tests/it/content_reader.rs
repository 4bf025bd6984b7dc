//! A mistake in a content file is told with the file and the line.

// The reader of the build script, compiled once more to be tested.
#[expect(dead_code, reason = "the build script uses what this test does not")]
#[path = "../../build/content.rs"]
mod content;
#[path = "../../build/entries.rs"]
#[expect(dead_code, reason = "the build script uses what this test does not")]
mod entries;
#[path = "../../build/example.rs"]
mod example;
#[expect(dead_code, reason = "the build script uses what this test does not")]
#[path = "../../build/front.rs"]
mod front;
#[path = "../../build/id.rs"]
mod id;
#[path = "../../build/reader.rs"]
mod reader;
#[expect(dead_code, reason = "the build script uses what this test does not")]
#[path = "../../build/vendors.rs"]
mod vendors;
#[path = "../../build/words.rs"]
mod words;

use std::path::{Path, PathBuf};

use id::emit_id;

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

const VENDOR: &str = "\
+++
shelf = \"nginx\"
code = 497
name = \"HTTP Request Sent to HTTPS Port\"
emoji = \"🔌\"
cell = \"Plain\"
weight = \"known\"
said = [\"a\", \"b\", \"c\"]
updated = 2026-11-24

[[owners]]
vendor = \"nginx\"
title = \"NGINX\"
name = \"Plain\"
wire = \"other\"
instead = 400
seen = \"As a `400`.\"

[[owners.sources]]
title = \"The source\"
url = \"https://nginx.org/\"

[[compare]]
id = \"400\"
how = \"It is the same.\"
+++

## Summary
Plain words.

## Meaning
M.

## Definition
D, as a [400](/400).

## Plain English
P.

## Misinterpretation
I.

## Owner: NGINX

### Causes
- One.
- Two,
  in two lines.

### Check
1. First.
2. Second.

### Recorded
In the log.

### Example
```http
HTTP/1.1 400 Bad Request
Content-Length: 3

no
```

## Fixes for the caller
- A.
- B.

## Fixes for the operator
- A.
- B.

## Questions
### One?
Yes.

### Two?
No.

### Three?
Perhaps.
";

fn vendor_path() -> PathBuf {
    PathBuf::from("content/vendors/nginx/497.md")
}

#[test]
fn a_good_file_of_a_vendor_is_read() {
    let file = vendors::vendor_file(&vendor_path(), VENDOR).expect("the file is good");
    let owner = file.owners.first().expect("an owner");
    assert_eq!(owner.causes[1].plain, "Two, in two lines.");
    assert_eq!(owner.check.len(), 2);
    let vendors::Sample::Response(message) = &owner.example else {
        panic!("it is a response");
    };
    // The length that is announced says that the line end belongs to the content.
    assert_eq!(
        message,
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno\n"
    );
}

#[test]
fn mistakes_of_a_vendors_file_name_file_and_line() {
    let check = |from: &str, to: &str, line_of: &str, expected: &str| {
        assert!(VENDOR.contains(from), "`{from}` is in the good file");
        let bad = VENDOR.replacen(from, to, 1);
        let mistake = vendors::vendor_file(&vendor_path(), &bad).expect_err(expected);
        let text = mistake.to_string();
        let line = bad.lines().position(|line| line.contains(line_of));
        let line = line.map_or(1, |index| index + 1);
        let start = format!("content/vendors/nginx/497.md:{line}: ");
        assert!(text.starts_with(&start), "{text} (line {line})");
        assert!(text.contains(expected), "{text}");
    };
    check("code = 497", "code = 498", "code = 498", "called otherwise");
    check("\"nginx\"\ncode", "\"iis\"\ncode", "shelf", "folder differ");
    check("emoji =", "emojii =", "emojii", "unknown field `emojii`");
    check(
        "wire = \"other\"",
        "wire = \"sent\"",
        "NGINX",
        "`instead` goes with",
    );
    check(
        "wire = \"other\"",
        "wire = \"perhaps\"",
        "perhaps",
        "unknown variant",
    );
    check(
        "## Owner: NGINX",
        "## Owner: nginx",
        "+++",
        "no section `## Owner: NGINX`",
    );
    check(
        "### Recorded",
        "### Record",
        "### Record",
        "where `### Recorded` belongs",
    );
    check(
        "Content-Length: 3",
        "Content-Length: 9",
        "### Example",
        "the content has 2 bytes",
    );
    check("```http", "```text", "### Example", "```http or ```log");
    check(
        "\"400\"\nhow",
        "\"apache/400\"\nhow",
        "apache",
        "no identity",
    );
    check(
        "https://nginx",
        "http://nginx",
        "http://nginx",
        "not an https address",
    );
}

#[test]
fn entries_are_checked_too() {
    fn wrong<File: entries::Entries>(name: &str, text: &str, expected: &str) {
        let path = PathBuf::from(name);
        let Err(mistake) = entries::entries::<File>(&path, text) else {
            panic!("{expected}");
        };
        let mistake = mistake.to_string();
        assert!(
            mistake.starts_with(name) && mistake.contains(expected),
            "{mistake}"
        );
    }
    let substatus = |code: &str| {
        format!(
            "[[entry]]\ncode = \"{code}\"\nname = \"N\"\nmeaning = \"M\"\nusual = \"U\"\nhelp = \"H\"\nsaid = []\nsource = {{ title = \"T\", url = \"https://a.example/\" }}\n"
        )
    };
    let two = format!("{}{}", substatus("404.1"), substatus("404.1"));
    wrong::<entries::SubstatusFile>("404.toml", &substatus("405.1"), "belongs into another file");
    wrong::<entries::SubstatusFile>("404.toml", &substatus("404"), "no code with a substatus");
    wrong::<entries::SubstatusFile>("404.toml", &two, "`404.1` stands twice");
    wrong::<entries::SubstatusFile>("404.toml", "[[entry]]\ncod = 1", "unknown field `cod`");
    let number = "code = 499\nquestion = \"Q?\"\nlead = \"L.\"\n[[meaning]]\nid = \"x/499\"\nowner = \"O\"\nanswer = \"A.\"\n";
    wrong::<entries::NumberFile>("499.toml", number, "`x/499` is no identity");
    wrong::<entries::NumberFile>("498.toml", number, "file's name differ");
}
