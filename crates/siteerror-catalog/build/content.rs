//! One content file -> one value, and what must hold between files. A mistake names its file and line.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::words;

/// All content, in the order of the numbers.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) codes: Vec<CodeFile>,
    pub(crate) classes: Vec<ClassFile>,
}

/// A mistake in a content file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) file: PathBuf,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.what)
    }
}

/// `content/codes/<class>/<code>.md`.
#[derive(Debug)]
pub(crate) struct CodeFile {
    pub(crate) front: CodeFront,
    pub(crate) notice: Option<Words>,
    pub(crate) summary: Words,
    pub(crate) meaning: Words,
    pub(crate) definition: Words,
    pub(crate) plain_english: Words,
    pub(crate) misinterpretation: Words,
    pub(crate) causes: Vec<Words>,
    pub(crate) caller: Vec<Words>,
    pub(crate) operator: Vec<Words>,
    pub(crate) request: String,
    pub(crate) response: String,
    pub(crate) final_response: Option<String>,
    pub(crate) questions: Vec<(Words, Words)>,
}

/// `content/classes/<class>.md`.
#[derive(Debug)]
pub(crate) struct ClassFile {
    pub(crate) front: ClassFront,
    pub(crate) summary: Words,
    pub(crate) meaning: Words,
    pub(crate) unknown: Words,
    pub(crate) advice: Vec<Words>,
}

/// The same words with and without markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) markdown: String,
    pub(crate) plain: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeFront {
    pub(crate) code: u16,
    pub(crate) name: String,
    pub(crate) known_as: Option<String>,
    pub(crate) standing: Standing,
    pub(crate) emoji: String,
    pub(crate) cell: String,
    pub(crate) weight: Weight,
    pub(crate) said: Vec<String>,
    pub(crate) updated: toml::value::Datetime,
    #[serde(default)]
    pub(crate) former_names: Vec<FormerName>,
    pub(crate) rfc: Quotation,
    pub(crate) facts: Facts,
    pub(crate) compare: Vec<Compare>,
    pub(crate) sources: Vec<Source>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassFront {
    pub(crate) class: u16,
    pub(crate) rfc_section: String,
    pub(crate) updated: toml::value::Datetime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    Registered,
    Temporary,
    Deprecated,
    Unused,
    Obsoleted,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Weight {
    Often,
    Known,
    Rare,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormerName {
    pub(crate) name: String,
    pub(crate) used_in: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quotation {
    pub(crate) document: String,
    pub(crate) section: String,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) quote: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    pub(crate) heuristically_cacheable: bool,
    pub(crate) cache: Cache,
    pub(crate) cache_source: String,
    pub(crate) content: Presence,
    pub(crate) content_source: String,
    pub(crate) retry: String,
    pub(crate) retry_source: String,
    pub(crate) methods: Option<String>,
    pub(crate) methods_source: Option<String>,
    pub(crate) redirect_method: Option<RedirectMethod>,
    pub(crate) redirect_method_source: Option<String>,
    pub(crate) since: Since,
    #[serde(default)]
    pub(crate) required_fields: Vec<FieldRule>,
    #[serde(default)]
    pub(crate) forbidden_fields: Vec<FieldRule>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cache {
    Heuristic,
    ExplicitOnly,
    MustNotStore,
    Never,
    Special,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Presence {
    Forbidden,
    Optional,
    Expected,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RedirectMethod {
    Preserve,
    MayChangeToGet,
    ToGet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    pub(crate) year: u16,
    pub(crate) rfc: String,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldRule {
    pub(crate) field: String,
    pub(crate) level: Level,
    #[serde(default = "yes")]
    pub(crate) normative_keyword: bool,
    pub(crate) when: Option<String>,
    pub(crate) source: String,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Level {
    #[serde(rename = "MUST")]
    Must,
    #[serde(rename = "MUST NOT")]
    MustNot,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    #[serde(rename = "MAY")]
    May,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compare {
    pub(crate) id: String,
    pub(crate) how: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) title: String,
    pub(crate) url: String,
}

/// Reads a whole content folder.
///
/// # Errors
///
/// All mistakes of all files.
pub(crate) fn read(root: &Path) -> Result<Content, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut codes = Vec::new();
    for path in markdown_files(&root.join("codes")) {
        match fs::read_to_string(&path)
            .map_err(|error| unreadable(&path, &error))
            .and_then(|text| code_file(&path, &text))
        {
            Ok(code) => codes.push((path, code)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let mut classes = Vec::new();
    for path in markdown_files(&root.join("classes")) {
        match fs::read_to_string(&path)
            .map_err(|error| unreadable(&path, &error))
            .and_then(|text| class_file(&path, &text))
        {
            Ok(class) => classes.push(class),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    codes.sort_by_key(|(_, code)| code.front.code);
    classes.sort_by_key(|class| class.front.class);
    mistakes.extend(between(&codes));
    if mistakes.is_empty() {
        Ok(Content {
            codes: codes.into_iter().map(|(_, code)| code).collect(),
            classes,
        })
    } else {
        Err(mistakes)
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Mistake {
    Mistake {
        file: path.to_owned(),
        line: 1,
        what: format!("cannot be read: {error}"),
    }
}

fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What must hold between files: one file a code, links and comparisons that lead somewhere.
fn between(codes: &[(PathBuf, CodeFile)]) -> Vec<Mistake> {
    let known: BTreeMap<String, &Path> = codes
        .iter()
        .map(|(path, code)| (code.front.code.to_string(), path.as_path()))
        .collect();
    let mut mistakes = Vec::new();
    for (path, code) in codes {
        let mut complain = |needle: &str, what: String| {
            let text = fs::read_to_string(path).unwrap_or_default();
            mistakes.push(Mistake {
                file: path.clone(),
                line: line_of(&text, needle),
                what,
            });
        };
        for compare in &code.front.compare {
            if !known.contains_key(&compare.id) || compare.id == code.front.code.to_string() {
                complain(
                    &format!("\"{}\"", compare.id),
                    format!("no other code `{}` to compare with", compare.id),
                );
            }
        }
        for target in code
            .all_words()
            .flat_map(|words| words::links(&words.markdown))
        {
            if let Some(local) = target.strip_prefix('/')
                && !known.contains_key(local)
            {
                complain(
                    &target,
                    format!("link to `{target}`, which is no code of the catalog"),
                );
            }
        }
    }
    mistakes
}

fn line_of(text: &str, needle: &str) -> usize {
    text.find(needle).map_or(1, |at| line_at(text, at))
}

fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

impl CodeFile {
    fn all_words(&self) -> impl Iterator<Item = &Words> {
        [
            &self.summary,
            &self.meaning,
            &self.definition,
            &self.plain_english,
            &self.misinterpretation,
        ]
        .into_iter()
        .chain(&self.notice)
        .chain(&self.causes)
        .chain(&self.caller)
        .chain(&self.operator)
        .chain(
            self.questions
                .iter()
                .flat_map(|(question, answer)| [question, answer]),
        )
    }
}

/// Reads a code's file.
///
/// # Errors
///
/// The first mistake.
pub(crate) fn code_file(path: &Path, text: &str) -> Result<CodeFile, Mistake> {
    let mut file: Reader<CodeFront> = Reader::new(path, text)?;
    let code = file.front.code;
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    if stem != code.to_string() {
        return Err(file.mistake(
            "code",
            format!("`code` is {code}, the file is named `{stem}`"),
        ));
    }
    let folder = path
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if folder != format!("{}xx", code / 100) {
        return Err(file.mistake(
            "code",
            format!(
                "{code} belongs into the folder `{}xx`, not `{folder}`",
                code / 100
            ),
        ));
    }
    check_front(&file)?;
    let notice = file.optional("Notice");
    if notice.is_some() == (file.front.standing == Standing::Registered) {
        return Err(file.mistake(
            "standing",
            "a section `## Notice` stands where, and only where, `standing` is not \"registered\""
                .to_owned(),
        ));
    }
    let parsed = CodeFile {
        notice: notice.map(|section| file.words(&section)).transpose()?,
        summary: file.words_of("Summary")?,
        meaning: file.words_of("Meaning")?,
        definition: file.words_of("Definition")?,
        plain_english: file.words_of("Plain English")?,
        misinterpretation: file.words_of("Misinterpretation")?,
        causes: file.list("Causes", 3, 7)?,
        caller: file.list("Fixes for the caller", 2, 7)?,
        operator: file.list("Fixes for the operator", 2, 7)?,
        request: file.message("Example request", &MessageRules::request())?,
        response: file.message("Example response", &MessageRules::response(&file.front))?,
        final_response: match file.optional("Example final response") {
            Some(section) => Some(file.message_in(&section, &MessageRules::any_response())?),
            None => None,
        },
        questions: file.questions(4)?,
        front: file.finish()?,
    };
    if parsed.summary.markdown != parsed.summary.plain {
        return Err(Mistake {
            file: path.to_owned(),
            line: line_of(text, "## Summary"),
            what: "the summary is plain text: no code, links or emphasis".to_owned(),
        });
    }
    Ok(parsed)
}

fn check_front(file: &Reader<'_, CodeFront>) -> Result<(), Mistake> {
    let front = &file.front;
    let texts = [
        ("name", front.name.as_str()),
        ("emoji", &front.emoji),
        ("cell", &front.cell),
        ("quote", &front.rfc.quote),
        ("title", &front.rfc.title),
        ("retry", &front.facts.retry),
        ("cache_source", &front.facts.cache_source),
        ("content_source", &front.facts.content_source),
        ("retry_source", &front.facts.retry_source),
    ];
    for (key, text) in texts {
        if text.trim().is_empty() {
            return Err(file.mistake(key, format!("`{key}` is empty")));
        }
    }
    if front.facts.retry.chars().count() > 72 {
        return Err(file.mistake("retry", "`retry` has more than 72 characters".to_owned()));
    }
    if front.said.len() < 4 {
        return Err(file.mistake(
            "said",
            "`said` lists at least four ways people say it".to_owned(),
        ));
    }
    if front.compare.len() < 2 {
        return Err(file.mistake(
            "[[compare]]",
            "at least two `[[compare]]` blocks".to_owned(),
        ));
    }
    if front.sources.is_empty() {
        return Err(file.mistake("[[sources]]", "at least one `[[sources]]` block".to_owned()));
    }
    if front.facts.methods.is_some() != front.facts.methods_source.is_some() {
        return Err(file.mistake(
            "methods",
            "`methods` and `methods_source` go together".to_owned(),
        ));
    }
    if front.facts.redirect_method.is_some() != front.facts.redirect_method_source.is_some() {
        return Err(file.mistake(
            "redirect_method",
            "`redirect_method` and `redirect_method_source` go together".to_owned(),
        ));
    }
    for rule in &front.facts.required_fields {
        if matches!(rule.level, Level::MustNot | Level::ShouldNot) {
            return Err(file.mistake(
                &rule.field,
                format!("`{}` stands under required_fields with a NOT", rule.field),
            ));
        }
    }
    for rule in &front.facts.forbidden_fields {
        if !matches!(rule.level, Level::MustNot | Level::ShouldNot) {
            return Err(file.mistake(
                &rule.field,
                format!(
                    "`{}` stands under forbidden_fields without a NOT",
                    rule.field
                ),
            ));
        }
    }
    for url in front
        .sources
        .iter()
        .map(|source| &source.url)
        .chain([&front.rfc.url])
    {
        if !url.starts_with("https://") {
            return Err(file.mistake(url, format!("`{url}` is not an https address")));
        }
    }
    Ok(())
}

/// Reads a class's file.
///
/// # Errors
///
/// The first mistake.
pub(crate) fn class_file(path: &Path, text: &str) -> Result<ClassFile, Mistake> {
    let mut file: Reader<ClassFront> = Reader::new(path, text)?;
    if path.file_stem().and_then(|stem| stem.to_str()) != Some(&format!("{}xx", file.front.class)) {
        return Err(file.mistake("class", "`class` and the file's name differ".to_owned()));
    }
    Ok(ClassFile {
        summary: file.words_of("Summary")?,
        meaning: file.words_of("Meaning")?,
        unknown: file.words_of("An unknown code")?,
        advice: file.list("Good to know", 3, 7)?,
        front: file.finish()?,
    })
}

/// One section of a file's body.
#[derive(Debug, Clone)]
struct Section {
    title: String,
    /// Of the heading, from 1.
    line: usize,
    body: String,
}

/// A content file taken apart: typed front matter, and the sections that nobody has asked for yet.
struct Reader<'a, Front> {
    path: &'a Path,
    text: &'a str,
    front: Front,
    sections: Vec<Section>,
}

impl<'a, Front: serde::de::DeserializeOwned> Reader<'a, Front> {
    fn new(path: &'a Path, text: &'a str) -> Result<Self, Mistake> {
        let mistake = |line, what: String| Mistake {
            file: path.to_owned(),
            line,
            what,
        };
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
        if let Some(at) = text.find("FILL") {
            return Err(mistake(
                line_at(text, at),
                "a `FILL` is left to be written".to_owned(),
            ));
        }
        let front = toml::from_str(matter).map_err(|error| {
            let line = error.span().map_or(1, |span| line_at(matter, span.start)) + 1;
            mistake(line, error.message().to_owned())
        })?;
        let first = line_at(text, text.len() - body.len());
        let mut sections: Vec<Section> = Vec::new();
        let mut fenced = false;
        for (index, line) in body.lines().enumerate() {
            fenced ^= line.starts_with("```");
            match line.strip_prefix("## ") {
                Some(title) if !fenced => sections.push(Section {
                    title: title.trim().to_owned(),
                    line: first + index,
                    body: String::new(),
                }),
                _ => match sections.last_mut() {
                    Some(section) => {
                        section.body.push_str(line);
                        section.body.push('\n');
                    }
                    None if line.trim().is_empty() => {}
                    None => {
                        return Err(mistake(
                            first + index,
                            "text before the first `## ` heading".to_owned(),
                        ));
                    }
                },
            }
        }
        Ok(Self {
            path,
            text,
            front,
            sections,
        })
    }
}

impl<Front> Reader<'_, Front> {
    /// A mistake at the first place where `needle` stands.
    fn mistake(&self, needle: &str, what: String) -> Mistake {
        Mistake {
            file: self.path.to_owned(),
            line: line_of(self.text, needle),
            what,
        }
    }

    fn at(&self, section: &Section, what: String) -> Mistake {
        Mistake {
            file: self.path.to_owned(),
            line: section.line,
            what,
        }
    }

    fn optional(&mut self, title: &str) -> Option<Section> {
        let index = self
            .sections
            .iter()
            .position(|section| section.title == title)?;
        Some(self.sections.remove(index))
    }

    fn section(&mut self, title: &str) -> Result<Section, Mistake> {
        self.optional(title).ok_or_else(|| Mistake {
            file: self.path.to_owned(),
            line: 1,
            what: format!("there is no section `## {title}`"),
        })
    }

    fn words(&self, section: &Section) -> Result<Words, Mistake> {
        let markdown = section.body.trim().to_owned();
        let plain = words::plain(&markdown).map_err(|what| self.at(section, what))?;
        if plain.is_empty() {
            return Err(self.at(section, format!("`## {}` is empty", section.title)));
        }
        Ok(Words { markdown, plain })
    }

    fn words_of(&mut self, title: &str) -> Result<Words, Mistake> {
        let section = self.section(title)?;
        self.words(&section)
    }

    fn list(&mut self, title: &str, least: usize, most: usize) -> Result<Vec<Words>, Mistake> {
        let section = self.section(title)?;
        let mut items: Vec<Words> = Vec::new();
        for line in section.body.trim().lines() {
            if let Some(item) = line.strip_prefix("- ") {
                items.push(Words {
                    markdown: item.to_owned(),
                    plain: String::new(),
                });
            } else if let (Some(last), true) = (items.last_mut(), line.starts_with("  ")) {
                last.markdown.push(' ');
                last.markdown.push_str(line.trim());
            } else {
                return Err(self.at(
                    &section,
                    format!("`## {title}` is a list of `- ` items, found `{line}`"),
                ));
            }
        }
        if !(least..=most).contains(&items.len()) {
            return Err(self.at(
                &section,
                format!(
                    "`## {title}` has {} items, {least} to {most} are wanted",
                    items.len()
                ),
            ));
        }
        for item in &mut items {
            item.plain = words::plain(&item.markdown).map_err(|what| self.at(&section, what))?;
        }
        Ok(items)
    }

    fn questions(&mut self, least: usize) -> Result<Vec<(Words, Words)>, Mistake> {
        let section = self.section("Questions")?;
        let mut found = Vec::new();
        for part in format!("\n{}", section.body).split("\n### ").skip(1) {
            let (question, answer) = part.split_once('\n').unwrap_or((part, ""));
            let question = Section {
                title: "Questions".to_owned(),
                line: section.line,
                body: question.to_owned(),
            };
            let answer = Section {
                body: answer.to_owned(),
                ..question.clone()
            };
            let question = self.words(&question)?;
            if !question.plain.ends_with('?') {
                return Err(self.mistake(
                    &question.markdown,
                    format!("`{}` is no question", question.plain),
                ));
            }
            found.push((question, self.words(&answer)?));
        }
        if found.len() < least {
            return Err(self.at(
                &section,
                format!("{} questions, at least {least} are wanted", found.len()),
            ));
        }
        Ok(found)
    }

    fn message(&mut self, title: &str, rules: &MessageRules) -> Result<String, Mistake> {
        let section = self.section(title)?;
        self.message_in(&section, rules)
    }

    fn message_in(&self, section: &Section, rules: &MessageRules) -> Result<String, Mistake> {
        let block = section
            .body
            .trim()
            .strip_prefix("```http\n")
            .and_then(|rest| rest.strip_suffix("```"))
            .filter(|block| !block.contains("```"))
            .ok_or_else(|| {
                self.at(
                    section,
                    format!("`## {}` is one ```http block", section.title),
                )
            })?;
        let message = on_the_wire(block);
        rules
            .check(&message)
            .map_err(|what| self.at(section, what))?;
        Ok(message)
    }

    /// The front matter, if every section was asked for.
    fn finish(self) -> Result<Front, Mistake> {
        match self.sections.first() {
            Some(section) => Err(self.at(
                section,
                format!("nobody knows a section `## {}`", section.title),
            )),
            None => Ok(self.front),
        }
    }
}

/// A block of a content file as the bytes of a message: every line end is CRLF, an empty line ends the head, and the last line end of
/// the block belongs to the fence, not to the content.
fn on_the_wire(block: &str) -> String {
    let (head, content) = block.split_once("\n\n").unwrap_or((block, ""));
    let head = head.trim_end_matches('\n').replace('\n', "\r\n");
    let content = content
        .strip_suffix('\n')
        .unwrap_or(content)
        .replace('\n', "\r\n");
    format!("{head}\r\n\r\n{content}")
}

/// What an example message must be like.
struct MessageRules {
    /// The whole first line, where only one is right.
    first_line: Option<String>,
    is_response: bool,
    no_content: bool,
    fields: Vec<String>,
    /// A 304 may tell the length that a 200 would have had.
    length_is_of_content: bool,
}

impl MessageRules {
    fn request() -> Self {
        Self {
            first_line: None,
            is_response: false,
            no_content: false,
            fields: vec!["host".to_owned()],
            length_is_of_content: true,
        }
    }

    fn any_response() -> Self {
        Self {
            first_line: None,
            is_response: true,
            no_content: false,
            fields: vec![],
            length_is_of_content: true,
        }
    }

    fn response(front: &CodeFront) -> Self {
        let phrase = front.known_as.as_ref().unwrap_or(&front.name);
        let always = |rule: &&FieldRule| {
            rule.level == Level::Must
                && rule.when.as_deref().is_none_or(|when| {
                    when.starts_with("always") || when == "the origin server has a clock"
                })
        };
        Self {
            first_line: Some(format!("HTTP/1.1 {} {phrase}", front.code)),
            is_response: true,
            no_content: front.facts.content == Presence::Forbidden,
            fields: front
                .facts
                .required_fields
                .iter()
                .filter(always)
                .map(|rule| rule.field.to_lowercase())
                .collect(),
            length_is_of_content: front.code != 304,
        }
    }

    fn check(&self, message: &str) -> Result<(), String> {
        let (head, content) = message
            .split_once("\r\n\r\n")
            .expect("`on_the_wire` ends every head");
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        if let Some(wanted) = &self.first_line
            && first != wanted
        {
            return Err(format!("the first line is `{first}`, not `{wanted}`"));
        }
        if self.is_response != first.starts_with("HTTP/1.1 ") {
            return Err(format!("`{first}` does not begin this kind of message"));
        }
        let mut fields = BTreeMap::new();
        for line in lines {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| format!("`{line}` is no field line"))?;
            if name.is_empty()
                || !name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
            {
                return Err(format!("`{name}` is no field name"));
            }
            fields.insert(name.to_lowercase(), value.trim());
        }
        if let Some(missing) = self
            .fields
            .iter()
            .find(|field| !fields.contains_key(*field))
        {
            return Err(format!("the field `{missing}` is missing"));
        }
        if self.no_content && !content.is_empty() {
            return Err("this code forbids content".to_owned());
        }
        match fields.get("content-length") {
            Some(length) if self.length_is_of_content && *length != content.len().to_string() => {
                Err(format!(
                    "`Content-Length: {length}`, but the content has {} bytes",
                    content.len()
                ))
            }
            None if !content.is_empty() && !fields.contains_key("transfer-encoding") => {
                Err("content without `Content-Length`".to_owned())
            }
            _ => Ok(()),
        }
    }
}
