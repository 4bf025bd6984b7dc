//! Writes down what is outside the registry: codes of vendors, substatus codes, signals, faults, and numbers with several meanings.

use std::fmt::Write as _;

use crate::content::Content;
use crate::emit::{comparison, list, option, phrase, question, source, text};
use crate::entries::{FamilyFile, FaultFile, NumberFile, SubstatusEntry};
use crate::front::{OwnerFront, WireWord};
use crate::vendors::{OwnerPart, Sample, VendorFile};

/// The static values.
pub(crate) fn all(content: &Content) -> String {
    let mut substatus: Vec<&SubstatusEntry> = content
        .substatus
        .iter()
        .flat_map(|file| &file.entry)
        .collect();
    substatus.sort_by_key(|entry| entry.numbers());
    let mut out = String::new();
    let mut table = |name: &str, kind: &str, rows: String| {
        let _ = writeln!(out, "pub(crate) static {name}: &[{kind}] = &[{rows}];");
    };
    table("VENDOR_CODES", "VendorCode", list(&content.vendors, vendor));
    table(
        "SUBSTATUS",
        "Substatus",
        list(&substatus, |entry| entry_of_iis(entry)),
    );
    table("SIGNALS", "SignalFamily", list(&content.families, family));
    table("FAULTS", "ProxyFault", list(&content.faults, fault));
    table("MEANINGS", "Meanings", list(&content.numbers, meanings));
    out
}

fn vendor(file: &VendorFile) -> String {
    let front = &file.front;
    let owners: Vec<(&OwnerFront, &OwnerPart)> = front.owners.iter().zip(&file.owners).collect();
    format!(
        "VendorCode {{ id: CodeId::of({}, Some(Vendor::{:?}), None), name: {:?}, emoji: {:?}, cell: {:?}, weight: Weight::{:?}, said: &{:?}, updated: {:?}, \
         owners: &[{}], summary: {:?}, meaning: {}, definition: {}, plain_english: {}, misinterpretation: {}, \
         fixes: Fixes {{ caller: &[{}], operator: &[{}] }}, faq: &[{}], compare: &[{}] }}\n",
        front.code,
        front.shelf,
        front.name,
        front.emoji,
        front.cell,
        front.weight,
        front.said,
        front.updated.to_string(),
        list(&owners, |(front, part)| owner(front, part)),
        file.summary.plain,
        text(&file.meaning),
        text(&file.definition),
        text(&file.plain_english),
        text(&file.misinterpretation),
        list(&file.caller, text),
        list(&file.operator, text),
        list(&file.questions, question),
        list(&front.compare, comparison),
    )
}

fn owner(front: &OwnerFront, part: &OwnerPart) -> String {
    let wire = match (front.wire, front.instead) {
        (WireWord::Other, Some(instead)) => format!("crate::Wire::Other({instead})"),
        (word, _) => format!("crate::Wire::{word:?}"),
    };
    let example = match &part.example {
        Sample::Response(message) => format!("crate::Sample::Response({message:?})"),
        Sample::Log(lines) => format!("crate::Sample::Log({lines:?})"),
    };
    format!(
        "crate::Owner {{ vendor: {:?}, title: {:?}, name: {:?}, wire: {wire}, seen: {}, measured: {}, unverified: {}, settings: &[{}], sources: &[{}], \
         causes: &[{}], check: &[{}], recorded: {}, example: {example} }}",
        front.vendor,
        front.title,
        front.name,
        phrase(&front.seen),
        option(front.measured.as_deref(), phrase),
        option(front.unverified.as_deref(), phrase),
        list(&front.settings, |setting| format!(
            "crate::Setting {{ name: {:?}, default: {:?}, effect: {}, as_of: {:?}, source: {:?} }}",
            setting.name,
            setting.default,
            phrase(&setting.effect),
            setting.as_of,
            setting.source
        )),
        list(&front.sources, source),
        list(&part.causes, text),
        list(&part.check, text),
        text(&part.recorded),
    )
}

fn option_of<T>(value: Option<&T>, write: impl Fn(&T) -> String) -> String {
    value.map_or_else(
        || "None".to_owned(),
        |value| format!("Some({})", write(value)),
    )
}

fn entry_of_iis(entry: &SubstatusEntry) -> String {
    let (number, substatus) = entry.numbers().unwrap_or_default();
    format!(
        "Substatus {{ id: CodeId::of({number}, Some(Vendor::Iis), Some({substatus})), name: {:?}, area: {:?}, meaning: {}, usual: {}, help: {}, win32: {:?}, \
         said: &{:?}, note: {}, source: {} }}\n",
        entry.name,
        entry.area,
        phrase(&entry.meaning),
        phrase(&entry.usual),
        phrase(&entry.help),
        entry.win32,
        entry.said,
        option(entry.note.as_deref(), phrase),
        option_of(entry.source.as_ref(), source),
    )
}

fn family(file: &FamilyFile) -> String {
    format!(
        "SignalFamily {{ slug: {:?}, title: {:?}, place: {}, read: {}, sample: {:?}, entries: &[{}] }}\n",
        file.family,
        file.title,
        phrase(&file.place),
        phrase(&file.read),
        file.sample.trim_end(),
        list(&file.entry, |entry| format!(
            "crate::Signal {{ family: {:?}, key: {:?}, anchor: {:?}, name: {:?}, status: {:?}, meaning: {}, causes: &[{}], check: {}, said: &{:?}, unverified: {}, \
             source: {} }}\n",
            file.family,
            entry.key,
            entry.anchor(),
            entry.name,
            entry.status,
            phrase(&entry.meaning),
            list(&entry.causes, |cause| phrase(cause)),
            phrase(&entry.check),
            entry.said,
            option(entry.unverified.as_deref(), phrase),
            source(&entry.source),
        )),
    )
}

fn fault(file: &FaultFile) -> String {
    format!(
        "ProxyFault {{ slug: {:?}, row: {:?}, title: {:?}, emoji: {:?}, summary: {}, client: {}, tell: {}, mend: &[{}], cells: &[{}] }}\n",
        file.slug,
        file.row,
        file.title,
        file.emoji,
        phrase(&file.summary),
        phrase(&file.client),
        phrase(&file.tell),
        list(&file.mend, |mend| phrase(mend)),
        list(&file.cell, |cell| format!(
            "crate::FaultCell {{ proxy: {:?}, sent: {:?}, logged: {:?}, note: {}, measured: {} }}",
            cell.proxy,
            cell.sent,
            cell.logged,
            option(cell.note.as_deref(), phrase),
            cell.measured
        )),
    )
}

fn meanings(file: &NumberFile) -> String {
    format!(
        "Meanings {{ number: {}, question: {}, lead: {}, meanings: &[{}] }}\n",
        file.code,
        phrase(&file.question),
        phrase(&file.lead),
        list(&file.meaning, |meaning| format!(
            "crate::Meaning {{ id: {}, owner: {:?}, answer: {} }}",
            crate::emit_id(&meaning.id).unwrap_or_default(),
            meaning.owner,
            phrase(&meaning.answer)
        )),
    )
}
