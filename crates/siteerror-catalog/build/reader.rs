//! A content file taken apart: front matter, sections, lists, questions. A mistake names its file and line.

use std::fmt;
use std::path::{Path, PathBuf};

use super::example::{MessageRules, on_the_wire};
use super::words;

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

/// The same words with and without markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) markdown: String,
    pub(crate) plain: String,
}

/// One section of a file's body.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) title: String,
    /// Of the heading, from 1.
    pub(crate) line: usize,
    pub(crate) body: String,
}

/// A content file taken apart: typed front matter, and the sections that nobody has asked for yet.
pub(crate) struct Reader<'a, Front> {
    path: &'a Path,
    text: &'a str,
    pub(crate) front: Front,
    sections: Vec<Section>,
}

impl<'a, Front: serde::de::DeserializeOwned> Reader<'a, Front> {
    pub(crate) fn new(path: &'a Path, text: &'a str) -> Result<Self, Mistake> {
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
    pub(crate) fn mistake(&self, needle: &str, what: String) -> Mistake {
        Mistake {
            file: self.path.to_owned(),
            line: line_of(self.text, needle),
            what,
        }
    }

    pub(crate) fn at(&self, section: &Section, what: String) -> Mistake {
        Mistake {
            file: self.path.to_owned(),
            line: section.line,
            what,
        }
    }

    pub(crate) fn optional(&mut self, title: &str) -> Option<Section> {
        let index = self
            .sections
            .iter()
            .position(|section| section.title == title)?;
        Some(self.sections.remove(index))
    }

    pub(crate) fn section(&mut self, title: &str) -> Result<Section, Mistake> {
        self.optional(title).ok_or_else(|| Mistake {
            file: self.path.to_owned(),
            line: 1,
            what: format!("there is no section `## {title}`"),
        })
    }

    pub(crate) fn words(&self, section: &Section) -> Result<Words, Mistake> {
        let markdown = section.body.trim().to_owned();
        let plain = words::plain(&markdown).map_err(|what| self.at(section, what))?;
        if plain.is_empty() {
            return Err(self.at(section, format!("`## {}` is empty", section.title)));
        }
        Ok(Words { markdown, plain })
    }

    pub(crate) fn words_of(&mut self, title: &str) -> Result<Words, Mistake> {
        let section = self.section(title)?;
        self.words(&section)
    }

    /// The section `Summary`, which stands where no markup can be shown.
    pub(crate) fn summary(&mut self) -> Result<Words, Mistake> {
        let summary = self.words_of("Summary")?;
        if summary.markdown == summary.plain && !summary.plain.contains('`') {
            return Ok(summary);
        }
        let what = "the summary is plain text: no code, links or emphasis".to_owned();
        Err(self.mistake("## Summary", what))
    }

    pub(crate) fn list(
        &mut self,
        title: &str,
        least: usize,
        most: usize,
    ) -> Result<Vec<Words>, Mistake> {
        let section = self.section(title)?;
        self.list_in(&section, least, most)
    }

    /// The items of a list, with `- ` or `1. ` before each.
    pub(crate) fn list_in(
        &self,
        section: &Section,
        least: usize,
        most: usize,
    ) -> Result<Vec<Words>, Mistake> {
        let title = &section.title;
        let mut items: Vec<Words> = Vec::new();
        for line in section.body.trim().lines() {
            if let Some(item) = item(line) {
                items.push(Words {
                    markdown: item.to_owned(),
                    plain: String::new(),
                });
            } else if let (Some(last), true) = (items.last_mut(), line.starts_with("  ")) {
                last.markdown.push(' ');
                last.markdown.push_str(line.trim());
            } else {
                return Err(self.at(
                    section,
                    format!("`## {title}` is a list of `- ` items, found `{line}`"),
                ));
            }
        }
        if !(least..=most).contains(&items.len()) {
            return Err(self.at(
                section,
                format!(
                    "`## {title}` has {} items, {least} to {most} are wanted",
                    items.len()
                ),
            ));
        }
        for item in &mut items {
            item.plain = words::plain(&item.markdown).map_err(|what| self.at(section, what))?;
        }
        Ok(items)
    }

    /// The parts of a section that begin with `### `, in order.
    pub(crate) fn parts(&self, section: &Section) -> Result<Vec<Section>, Mistake> {
        let mut parts: Vec<Section> = Vec::new();
        let mut fenced = false;
        for (index, line) in section.body.lines().enumerate() {
            fenced ^= line.starts_with("```");
            match (line.strip_prefix("### "), parts.last_mut()) {
                (Some(title), _) if !fenced => parts.push(Section {
                    title: title.trim().to_owned(),
                    line: section.line + index + 1,
                    body: String::new(),
                }),
                (_, Some(part)) => {
                    part.body.push_str(line);
                    part.body.push('\n');
                }
                (_, None) if line.trim().is_empty() => {}
                (_, None) => {
                    return Err(self.at(
                        section,
                        format!("`## {}` has text before its first part", section.title),
                    ));
                }
            }
        }
        Ok(parts)
    }

    pub(crate) fn questions(&mut self, least: usize) -> Result<Vec<(Words, Words)>, Mistake> {
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

    pub(crate) fn message(&mut self, title: &str, rules: &MessageRules) -> Result<String, Mistake> {
        let section = self.section(title)?;
        self.message_in(&section, rules)
    }

    pub(crate) fn message_in(
        &self,
        section: &Section,
        rules: &MessageRules,
    ) -> Result<String, Mistake> {
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
    pub(crate) fn finish(self) -> Result<Front, Mistake> {
        match self.sections.first() {
            Some(section) => Err(self.at(
                section,
                format!("nobody knows a section `## {}`", section.title),
            )),
            None => Ok(self.front),
        }
    }
}

/// What stands behind the mark of a list's item.
fn item(line: &str) -> Option<&str> {
    let numbered = || {
        let (number, item) = line.split_once(". ")?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(item)
    };
    line.strip_prefix("- ").or_else(numbered)
}

pub(crate) fn line_of(text: &str, needle: &str) -> usize {
    text.find(needle).map_or(1, |at| line_at(text, at))
}

pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}
