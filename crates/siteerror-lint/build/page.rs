//! One page of a rule taken apart: front matter, sections, examples.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::notation;

pub(crate) struct Mistake {
    /// From 1.
    pub(crate) line: usize,
    pub(crate) what: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Error,
    Warn,
    Info,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum Level {
    #[serde(rename = "MUST")]
    Must,
    #[serde(rename = "MUST NOT")]
    MustNot,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    #[serde(rename = "definition")]
    Definition,
    #[serde(rename = "advice")]
    Advice,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Need {
    Request,
    Content,
    Connection,
    Scheme,
    ReceivedAt,
    Url,
    Tls,
    Chain,
    Probes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    title: String,
    url: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    url: Option<String>,
    url_good: Option<String>,
    received_at: Option<String>,
    certificate: Option<String>,
    certificate_good: Option<String>,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    broken: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    severity: Severity,
    level: Level,
    #[serde(default)]
    heuristic: bool,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    needs: Vec<Need>,
    source: Vec<Source>,
    /// Other rules that the bad example breaks unavoidably.
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    example: Context,
}

/// The section titles under `## Mend` that may be used, in the order in which a page shows them.
const PLACES: &[&str] = &[
    "nginx",
    "Apache",
    "Caddy",
    "HAProxy",
    "IIS",
    "Node.js",
    "Express",
    "Django",
    "Flask",
    "FastAPI",
    "Rails",
    "Spring",
    "ASP.NET Core",
    "Go",
    "PHP",
    "Laravel",
    "axum",
    "Certbot",
    "Anywhere",
];

struct Section {
    title: String,
    line: usize,
    body: String,
}

/// The page as a row of the table of pages.
pub(crate) fn emit(path: &Path, text: &str) -> Result<String, Mistake> {
    let mistake = |line, what: String| Mistake { line, what };
    let id = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let group = path
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if id.is_empty() || !id.bytes().all(kebab) {
        return Err(mistake(
            1,
            format!("`{id}` is no name of a rule: use a-z, 0-9 and -"),
        ));
    }
    let rest = text.strip_prefix("+++\n").ok_or_else(|| {
        mistake(
            1,
            "the file begins with `+++` and TOML front matter".to_owned(),
        )
    })?;
    let end = rest
        .find("\n+++\n")
        .ok_or_else(|| mistake(1, "the front matter has no closing `+++`".to_owned()))?;
    let (matter, body) = (&rest[..=end], &rest[end + 5..]);
    let front: Front = toml::from_str(matter).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(matter, span.start)) + 1;
        mistake(line, error.message().to_owned())
    })?;
    if front.source.is_empty() {
        return Err(mistake(1, "a rule has at least one source".to_owned()));
    }
    let sections = sections(body, line_at(text, text.len() - body.len()))?;
    let why = words(&sections, "Why")?
        .ok_or_else(|| mistake(1, "there is no section `## Why`".to_owned()))?;
    let fine = words(&sections, "Fine")?;
    let bad = example(&sections, "Bad")?;
    let good = example(&sections, "Good")?;
    let mend = mend(&sections)?;
    for section in &sections {
        if !["Why", "Fine", "Bad", "Good", "Mend"].contains(&section.title.as_str()) {
            return Err(mistake(
                section.line,
                format!("nobody knows a section `## {}`", section.title),
            ));
        }
    }
    let context = &front.example;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "Page {{ id: {id:?}, group: Group::{}, title: {:?}, severity: Severity::{:?}, level: Level::{:?}, heuristic: {}, draft: {}, \
         aliases: &{:?}, needs: &[{}], sources: &[{}], also: &{:?}, why: {why:?}, fine: {fine:?}, bad: {bad}, good: {good}, \
         context: Context {{ url: {:?}, url_good: {:?}, received_at: {:?}, certificate: {:?}, certificate_good: {:?}, closed: {}, broken: {} }}, \
         mend: &[{mend}] }},",
        capital(group),
        front.title,
        front.severity,
        front.level,
        front.heuristic,
        front.draft,
        front.aliases,
        list(&front.needs, |need| format!("Need::{need:?}")),
        list(&front.source, |source| format!(
            "Source {{ title: {:?}, url: {:?} }}",
            source.title, source.url
        )),
        front.also,
        context.url,
        context.url_good,
        context.received_at,
        context.certificate,
        context.certificate_good,
        context.closed,
        context.broken,
    );
    Ok(out)
}

fn list<T>(items: &[T], one: impl Fn(&T) -> String) -> String {
    items.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn capital(group: &str) -> String {
    let mut letters = group.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

fn sections(body: &str, first: usize) -> Result<Vec<Section>, Mistake> {
    let mut sections: Vec<Section> = Vec::new();
    let mut fenced = false;
    for (index, line) in body.lines().enumerate() {
        fenced ^= line.starts_with("```");
        match (line.strip_prefix("## "), sections.last_mut()) {
            (Some(title), _) if !fenced => sections.push(Section {
                title: title.trim().to_owned(),
                line: first + index,
                body: String::new(),
            }),
            (_, Some(section)) => {
                section.body.push_str(line);
                section.body.push('\n');
            }
            _ if line.trim().is_empty() => {}
            _ => {
                return Err(Mistake {
                    line: first + index,
                    what: "text before the first `## ` heading".to_owned(),
                });
            }
        }
    }
    Ok(sections)
}

fn find<'a>(sections: &'a [Section], title: &str) -> Option<&'a Section> {
    sections.iter().find(|section| section.title == title)
}

fn words(sections: &[Section], title: &str) -> Result<Option<String>, Mistake> {
    let Some(section) = find(sections, title) else {
        return Ok(None);
    };
    let words = section.body.trim();
    if words.is_empty() {
        return Err(Mistake {
            line: section.line,
            what: format!("`## {title}` is empty"),
        });
    }
    Ok(Some(words.to_owned()))
}

/// Blocks of a section: an optional ```http request, then ```http responses. More than one response is a chain, or a probe after what it repeats.
fn example(sections: &[Section], title: &str) -> Result<String, Mistake> {
    let section = find(sections, title).ok_or_else(|| Mistake {
        line: 1,
        what: format!("there is no section `## {title}`"),
    })?;
    let at = |what: String| Mistake {
        line: section.line,
        what,
    };
    let mut steps = String::new();
    let mut request: Option<Vec<u8>> = None;
    let mut steps_seen = 0;
    let mut rest = section.body.trim();
    while !rest.is_empty() {
        let (kind, after) = rest
            .strip_prefix("```")
            .and_then(|rest| rest.split_once('\n'))
            .ok_or_else(|| {
                at(format!(
                    "`## {title}` holds ```http blocks and nothing else"
                ))
            })?;
        let (block, after) = after
            .split_once("```")
            .ok_or_else(|| at("a block is not closed".to_owned()))?;
        let bytes = notation::read(block).map_err(at)?;
        match kind.trim() {
            "http request" if request.is_none() => request = Some(bytes),
            "http" => {
                let request = request.take().unwrap_or_default();
                let _ = write!(
                    steps,
                    "Step {{ request: &{request:?}, response: &{bytes:?} }}, "
                );
                steps_seen += 1;
            }
            other => return Err(at(format!("a block ```{other} where ```http should be"))),
        }
        rest = after.trim();
    }
    if steps_seen == 0 || request.is_some() {
        return Err(at(format!(
            "`## {title}` needs a response, and one after each request"
        )));
    }
    Ok(format!("&[{steps}]"))
}

/// `### nginx` and so on under `## Mend`.
fn mend(sections: &[Section]) -> Result<String, Mistake> {
    let Some(section) = find(sections, "Mend") else {
        return Ok(String::new());
    };
    let at = |what: String| Mistake {
        line: section.line,
        what,
    };
    let mut out = String::new();
    let mut last = None;
    let body = format!("\n{}", section.body);
    let mut parts = body.split("\n### ");
    if parts.next().is_some_and(|lead| !lead.trim().is_empty()) {
        return Err(at("text under `## Mend` before its first `### ` heading; `### Anywhere` is for what holds everywhere".to_owned()));
    }
    for part in parts {
        let (place, words) = part.split_once('\n').unwrap_or((part, ""));
        let index = PLACES
            .iter()
            .position(|known| *known == place.trim())
            .ok_or_else(|| at(format!("`### {place}` is none of {}", PLACES.join(", "))))?;
        if last.is_some_and(|last| last >= index) {
            return Err(at(format!(
                "`### {place}` comes before the one above it: the order is {}",
                PLACES.join(", ")
            )));
        }
        last = Some(index);
        if words.trim().is_empty() {
            return Err(at(format!("`### {place}` is empty")));
        }
        let _ = write!(
            out,
            "Remedy {{ place: {:?}, words: {:?} }}, ",
            place.trim(),
            words.trim()
        );
    }
    Ok(out)
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}
