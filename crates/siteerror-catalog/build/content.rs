//! All content files, and what must hold within one and between several.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::example::MessageRules;
use super::front::{ClassFront, CodeFront, Level, Standing};
use super::reader::{Mistake, Reader, Words, line_of};
use super::words;

/// All content, in the order of the numbers.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) codes: Vec<CodeFile>,
    pub(crate) classes: Vec<ClassFile>,
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
    if parsed.summary.markdown != parsed.summary.plain || parsed.summary.plain.contains('`') {
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
