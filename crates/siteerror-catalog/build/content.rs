//! All content files, and what must hold within one and between several.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::entries::{Entries, FamilyFile, FaultFile, NumberFile, SubstatusFile, entries};
use super::example::MessageRules;
use super::front::{ClassFront, CodeFront, Level, Shelf, Standing};
use super::reader::{Mistake, Reader, Words, line_of};
use super::vendors::{VendorFile, vendor_file};
use super::words;

/// All content, in the order of the numbers.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) codes: Vec<CodeFile>,
    pub(crate) classes: Vec<ClassFile>,
    /// In the order of shelves and numbers.
    pub(crate) vendors: Vec<VendorFile>,
    pub(crate) substatus: Vec<SubstatusFile>,
    pub(crate) families: Vec<FamilyFile>,
    pub(crate) faults: Vec<FaultFile>,
    pub(crate) numbers: Vec<NumberFile>,
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
    let mut codes = files(&root.join("codes"), "md", code_file, &mut mistakes);
    let classes = files(&root.join("classes"), "md", class_file, &mut mistakes);
    let vendors = files(&root.join("vendors"), "md", vendor_file, &mut mistakes);
    let substatus = toml_files(&root.join("substatus"), &mut mistakes);
    let families = toml_files(&root.join("signals"), &mut mistakes);
    let faults = toml_files(&root.join("faults"), &mut mistakes);
    let numbers = toml_files(&root.join("numbers"), &mut mistakes);
    codes.sort_by_key(|(_, code)| code.front.code);
    mistakes.extend(between(&codes, &vendors));
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut content = Content {
        codes: bare(codes),
        classes: bare(classes),
        vendors: bare(vendors),
        substatus,
        families,
        faults,
        numbers,
    };
    content.classes.sort_by_key(|class| class.front.class);
    content
        .vendors
        .sort_by_key(|code| (code.front.shelf, code.front.code));
    content.numbers.sort_by_key(|number| number.code);
    Ok(content)
}

fn bare<File>(files: Vec<(PathBuf, File)>) -> Vec<File> {
    files.into_iter().map(|(_, file)| file).collect()
}

/// All files of a folder that end in `extension`, in the order of their paths. A folder that is not there has none.
fn files<File>(
    folder: &Path,
    extension: &str,
    parse: impl Fn(&Path, &str) -> Result<File, Mistake>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<(PathBuf, File)> {
    let mut found = Vec::new();
    for path in paths(folder, extension) {
        match fs::read_to_string(&path)
            .map_err(|error| unreadable(&path, &error))
            .and_then(|text| parse(&path, &text))
        {
            Ok(file) => found.push((path, file)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    found
}

fn toml_files<File: Entries>(folder: &Path, mistakes: &mut Vec<Mistake>) -> Vec<File> {
    bare(files(folder, "toml", entries, mistakes))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Mistake {
    Mistake {
        file: path.to_owned(),
        line: 1,
        what: format!("cannot be read: {error}"),
    }
}

fn paths(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == wanted)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What must hold between files: one file a code, links and comparisons that lead somewhere. Codes of vendors come and go shelf by shelf, so what leads to them
/// is only read here; the tests of the site follow it.
fn between(codes: &[(PathBuf, CodeFile)], vendors: &[(PathBuf, VendorFile)]) -> Vec<Mistake> {
    let known: BTreeSet<String> = codes
        .iter()
        .map(|(_, code)| code.front.code.to_string())
        .collect();
    let vendor_numbers: BTreeSet<String> = vendors
        .iter()
        .map(|(_, code)| code.front.code.to_string())
        .collect();
    let mut mistakes = Vec::new();
    let mut complain = |path: &Path, needle: &str, what: String| {
        let text = fs::read_to_string(path).unwrap_or_default();
        mistakes.push(Mistake {
            file: path.to_owned(),
            line: line_of(&text, needle),
            what,
        });
    };
    let is_page = |local: &str| {
        known.contains(local)
            || vendor_numbers.contains(local)
            || (local.contains('/') && super::emit_id(local).is_some())
            || Shelf::named(local).is_some()
            || ["signals", "faults"].iter().any(|folder| {
                let rest = local.strip_prefix(folder);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#']))
            })
    };
    for (path, code) in codes {
        for compare in &code.front.compare {
            let is_other = known.contains(&compare.id)
                || (compare.id.contains('/') && super::emit_id(&compare.id).is_some());
            if !is_other || compare.id == code.front.code.to_string() {
                complain(
                    path,
                    &format!("\"{}\"", compare.id),
                    format!("no other code `{}` to compare with", compare.id),
                );
            }
        }
    }
    let pages = codes
        .iter()
        .map(|(path, code)| (path, code.all_words().collect::<Vec<_>>()));
    let vendor_pages = vendors
        .iter()
        .map(|(path, code)| (path, code.all_words().collect::<Vec<_>>()));
    for (path, all) in pages.chain(vendor_pages) {
        for target in all.iter().flat_map(|words| words::links(&words.markdown)) {
            if let Some(local) = target.strip_prefix('/')
                && !is_page(local)
            {
                complain(
                    path,
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
    Ok(CodeFile {
        notice: notice.map(|section| file.words(&section)).transpose()?,
        summary: file.summary()?,
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
    })
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
