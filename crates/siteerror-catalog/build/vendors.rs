//! `content/vendors/<shelf>/<code>.md`: a code that vendors use, with a part for each of its owners.

use std::path::Path;

use super::example::vendor_message;
use super::front::{Shelf, VendorFront, WireWord};
use super::reader::{Mistake, Reader, Section, Words};
use super::words;

/// A file, read.
#[derive(Debug)]
pub(crate) struct VendorFile {
    pub(crate) front: VendorFront,
    pub(crate) summary: Words,
    pub(crate) meaning: Words,
    pub(crate) definition: Words,
    pub(crate) plain_english: Words,
    pub(crate) misinterpretation: Words,
    /// In the order of the front matter.
    pub(crate) owners: Vec<OwnerPart>,
    pub(crate) caller: Vec<Words>,
    pub(crate) operator: Vec<Words>,
    pub(crate) questions: Vec<(Words, Words)>,
}

/// What the body says of an owner.
#[derive(Debug)]
pub(crate) struct OwnerPart {
    pub(crate) causes: Vec<Words>,
    pub(crate) check: Vec<Words>,
    pub(crate) recorded: Words,
    pub(crate) example: Sample,
}

/// What an owner's example shows.
#[derive(Debug)]
pub(crate) enum Sample {
    /// A raw response, to the byte.
    Response(String),
    /// Lines of a log.
    Log(String),
}

/// Reads a file.
///
/// # Errors
///
/// The first mistake.
pub(crate) fn vendor_file(path: &Path, text: &str) -> Result<VendorFile, Mistake> {
    let mut file: Reader<VendorFront> = Reader::new(path, text)?;
    let place: Vec<&str> = path
        .iter()
        .rev()
        .take(2)
        .filter_map(|part| part.to_str())
        .collect();
    let (code, shelf) = (file.front.code, file.front.shelf);
    if place.first().copied() != Some(&format!("{code}.md")) {
        return Err(file.mistake(
            "code",
            format!("`code` is {code}, the file is called otherwise"),
        ));
    }
    if place.get(1).and_then(|folder| Shelf::named(folder)) != Some(shelf) {
        return Err(file.mistake("shelf", "`shelf` and the folder differ".to_owned()));
    }
    check_front(&file)?;
    let titles: Vec<String> = file
        .front
        .owners
        .iter()
        .map(|owner| owner.title.clone())
        .collect();
    let mut owners = Vec::new();
    for title in titles {
        let section = file.section(&format!("Owner: {title}"))?;
        owners.push(owner(&file, &section)?);
    }
    Ok(VendorFile {
        summary: file.summary()?,
        meaning: file.words_of("Meaning")?,
        definition: file.words_of("Definition")?,
        plain_english: file.words_of("Plain English")?,
        misinterpretation: file.words_of("Misinterpretation")?,
        owners,
        caller: file.list("Fixes for the caller", 2, 7)?,
        operator: file.list("Fixes for the operator", 2, 7)?,
        questions: file.questions(3)?,
        front: file.finish()?,
    })
}

fn owner(file: &Reader<'_, VendorFront>, section: &Section) -> Result<OwnerPart, Mistake> {
    let parts = file.parts(section)?;
    let [causes, check, recorded, example] = parts.as_slice() else {
        return Err(file.at(
            section,
            format!(
                "`## {}` has the parts `Causes`, `Check`, `Recorded` and `Example`",
                section.title
            ),
        ));
    };
    for (part, title) in parts.iter().zip(["Causes", "Check", "Recorded", "Example"]) {
        if part.title != title {
            return Err(file.at(
                part,
                format!("`### {}` stands where `### {title}` belongs", part.title),
            ));
        }
    }
    Ok(OwnerPart {
        causes: file.list_in(causes, 2, 9)?,
        check: file.list_in(check, 2, 9)?,
        recorded: file.words(recorded)?,
        example: sample(file, example)?,
    })
}

fn sample(file: &Reader<'_, VendorFront>, section: &Section) -> Result<Sample, Mistake> {
    let block = section.body.trim();
    let fence = |kind: &str| {
        block
            .strip_prefix(kind)
            .and_then(|rest| rest.strip_suffix("```"))
            .filter(|inner| !inner.contains("```"))
    };
    if let Some(inner) = fence("```http\n") {
        let message = vendor_message(inner).map_err(|what| file.at(section, what))?;
        return Ok(Sample::Response(message));
    }
    match fence("```log\n").map(str::trim_end) {
        Some(log) if !log.is_empty() => Ok(Sample::Log(log.to_owned())),
        _ => Err(file.at(
            section,
            "`### Example` is one block of ```http or ```log".to_owned(),
        )),
    }
}

fn check_front(file: &Reader<'_, VendorFront>) -> Result<(), Mistake> {
    let front = &file.front;
    if !(100..=999).contains(&front.code) {
        return Err(file.mistake("code", "`code` is no three-digit number".to_owned()));
    }
    if front.owners.is_empty() {
        return Err(file.mistake("code", "at least one `[[owners]]` block".to_owned()));
    }
    let texts = [
        ("name", front.name.as_str()),
        ("emoji", &front.emoji),
        ("cell", &front.cell),
    ];
    if let Some((key, _)) = texts.iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(file.mistake(key, format!("`{key}` is empty")));
    }
    if front.said.len() < 3 {
        return Err(file.mistake(
            "said",
            "`said` lists at least three ways people say it".to_owned(),
        ));
    }
    for (index, owner) in front.owners.iter().enumerate() {
        let twin = |other: &super::front::OwnerFront| other.title == owner.title;
        if front.owners[..index].iter().any(twin) {
            return Err(file.mistake(
                &owner.title,
                format!("two owners are called `{}`", owner.title),
            ));
        }
        if (owner.wire == WireWord::Other) != owner.instead.is_some() {
            return Err(file.mistake(
                &owner.title,
                format!("`{}`: `instead` goes with `wire = \"other\"`", owner.title),
            ));
        }
        if owner.sources.is_empty() {
            return Err(file.mistake(
                &owner.title,
                format!("`{}` has no `[[owners.sources]]`", owner.title),
            ));
        }
        let links = owner.sources.iter().map(|source| &source.url);
        let settings = owner.settings.iter().map(|setting| &setting.source);
        if let Some(url) = links
            .chain(settings)
            .find(|url| !url.starts_with("https://"))
        {
            return Err(file.mistake(url, format!("`{url}` is not an https address")));
        }
        let phrases = [
            Some(&owner.seen),
            owner.measured.as_ref(),
            owner.unverified.as_ref(),
        ];
        let effects = owner.settings.iter().map(|setting| &setting.effect);
        for phrase in phrases.into_iter().flatten().chain(effects) {
            words::plain(phrase).map_err(|what| file.mistake(phrase, what))?;
        }
    }
    for compare in &front.compare {
        words::plain(&compare.how).map_err(|what| file.mistake(&compare.how, what))?;
        if super::emit_id(&compare.id).is_none() {
            return Err(file.mistake(
                &format!("\"{}\"", compare.id),
                format!("`{}` is no identity of a code", compare.id),
            ));
        }
    }
    Ok(())
}

impl VendorFile {
    /// All words with links.
    pub(crate) fn all_words(&self) -> impl Iterator<Item = &Words> {
        [
            &self.summary,
            &self.meaning,
            &self.definition,
            &self.plain_english,
            &self.misinterpretation,
        ]
        .into_iter()
        .chain(&self.caller)
        .chain(&self.operator)
        .chain(self.owners.iter().flat_map(|owner| {
            owner
                .causes
                .iter()
                .chain(&owner.check)
                .chain([&owner.recorded])
        }))
        .chain(
            self.questions
                .iter()
                .flat_map(|(question, answer)| [question, answer]),
        )
    }
}
